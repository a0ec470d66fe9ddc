/*
 * quire_kernels_baseline.c - the reduction kernels with what every machine of the architecture has:
 * SSE2, NEON.
 */
#define KERNEL(name) name##_baseline
#define VERSION
#define VECTOR 16

#if defined(__x86_64__)
#include <emmintrin.h>
#define LESSER(a, b) ((vector)_mm_min_pd((__m128d)(a), (__m128d)(b)))
#define GREATER(a, b) ((vector)_mm_max_pd((__m128d)(a), (__m128d)(b)))
#define UNORDERED(a, b) ((bits)_mm_cmpunord_pd((__m128d)(a), (__m128d)(b)))
#define LESSER_FLOATS(a, b) ((float_vector)_mm_min_ps((__m128)(a), (__m128)(b)))
#define GREATER_FLOATS(a, b) ((float_vector)_mm_max_ps((__m128)(a), (__m128)(b)))
#define UNORDERED_FLOATS(a, b) ((words)_mm_cmpunord_ps((__m128)(a), (__m128)(b)))
#define LOWER_PRODUCTS(a, b) ((unsigned_bits)_mm_mul_epu32((__m128i)(a), (__m128i)(b)))
#define AS_DOUBLES(floats) ((vector)_mm_cvtps_pd((__m128){(floats)[0], (floats)[1]}))
#define ONE_LONG_AT_ONCE
#elif defined(__aarch64__)
#include <arm_neon.h>
#define LESSER(a, b) ((vector)vminq_f64((float64x2_t)(a), (float64x2_t)(b)))
#define GREATER(a, b) ((vector)vmaxq_f64((float64x2_t)(a), (float64x2_t)(b)))
#define LESSER_FLOATS(a, b) ((float_vector)vminq_f32((float32x4_t)(a), (float32x4_t)(b)))
#define GREATER_FLOATS(a, b) ((float_vector)vmaxq_f32((float32x4_t)(a), (float32x4_t)(b)))
#define LOWER_PRODUCTS(a, b) \
    ((unsigned_bits)vmull_u32(vmovn_u64((uint64x2_t)(a)), vmovn_u64((uint64x2_t)(b))))
#define WIDENED(halves) ((floats)vcvt_f32_f16((float16x4_t)(halves)))
#else
#define CHOSEN(type, mask, a, b) (((type)(a) & (mask)) | ((type)(b) & ~(mask)))
#define LESSER(a, b) ((vector)CHOSEN(bits, (a) < (b), a, b))
#define GREATER(a, b) ((vector)CHOSEN(bits, (a) > (b), a, b))
#define LESSER_FLOATS(a, b) ((float_vector)CHOSEN(words, (a) < (b), a, b))
#define GREATER_FLOATS(a, b) ((float_vector)CHOSEN(words, (a) > (b), a, b))
#endif

#include "quire_kernels.h"

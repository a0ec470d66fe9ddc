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
#elif defined(__aarch64__)
#include <arm_neon.h>
#define LESSER(a, b) ((vector)vminq_f64((float64x2_t)(a), (float64x2_t)(b)))
#define GREATER(a, b) ((vector)vmaxq_f64((float64x2_t)(a), (float64x2_t)(b)))
#define WIDENED(halves) ((floats)vcvt_f32_f16((float16x4_t)(halves)))
#else
#define CHOSEN(mask, a, b) ((vector)(((bits)(a) & (mask)) | ((bits)(b) & ~(mask))))
#define LESSER(a, b) CHOSEN((a) < (b), a, b)
#define GREATER(a, b) CHOSEN((a) > (b), a, b)
#endif

#include "quire_kernels.h"

/*
 * quire_kernels_avx2.c - the reduction kernels for x86-64 processors with AVX2 and F16C.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#define KERNEL(name) name##_avx2
#define VERSION __attribute__((target("avx2,f16c")))
#define VECTOR 32
#define LESSER(a, b) ((vector)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#define GREATER(a, b) ((vector)_mm256_max_pd((__m256d)(a), (__m256d)(b)))
#define UNORDERED(a, b) ((bits)_mm256_cmp_pd((__m256d)(a), (__m256d)(b), _CMP_UNORD_Q))
#define LESSER_FLOATS(a, b) ((float_vector)_mm256_min_ps((__m256)(a), (__m256)(b)))
#define GREATER_FLOATS(a, b) ((float_vector)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define UNORDERED_FLOATS(a, b) \
    ((words)_mm256_cmp_ps((__m256)(a), (__m256)(b), _CMP_UNORD_Q))
#define LOWER_PRODUCTS(a, b) ((unsigned_bits)_mm256_mul_epu32((__m256i)(a), (__m256i)(b)))
#define AS_DOUBLES(floats) ((vector)_mm256_cvtps_pd((__m128)(floats)))
#define WIDENED(halves) ((floats)_mm256_cvtph_ps((__m128i)(halves)))

#include "quire_kernels.h"

#else

#include "quire_reduce.h"

const kernels qi_kernels_avx2 = {{NULL}};

#endif

/*
 * quire_kernels_avx2.c - the reduction kernels for x86-64 processors with AVX2.
 */
#if defined(__x86_64__)

#include <immintrin.h>

#define KERNEL(name) name##_avx2
#define VERSION __attribute__((target("avx2")))
#define VECTOR 32
#define LESSER(a, b) ((vector)_mm256_min_pd((__m256d)(a), (__m256d)(b)))
#define GREATER(a, b) ((vector)_mm256_max_pd((__m256d)(a), (__m256d)(b)))

#include "quire_kernels.h"

#else

#include "quire_reduce.h"

const kernels kernels_avx2 = {{NULL}};

#endif

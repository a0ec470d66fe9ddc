/*
 * quire_kernels_avx512.c - the reduction kernels for x86-64 processors with AVX-512. Clang's
 * releases differ in what attributes they want for vectors of 512 bits: what it compiles goes on
 * with AVX2.
 */
#if defined(__x86_64__) && !defined(__clang__)

#include <immintrin.h>

#define KERNEL(name) name##_avx512
#define VERSION \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#define VECTOR 64
#define LESSER(a, b) ((vector)_mm512_min_pd((__m512d)(a), (__m512d)(b)))
#define GREATER(a, b) ((vector)_mm512_max_pd((__m512d)(a), (__m512d)(b)))
#define UNORDERED(a, b) \
    ((bits)_mm512_movm_epi64(_mm512_cmp_pd_mask((__m512d)(a), (__m512d)(b), _CMP_UNORD_Q)))
#define LESSER_FLOATS(a, b) ((float_vector)_mm512_min_ps((__m512)(a), (__m512)(b)))
#define GREATER_FLOATS(a, b) ((float_vector)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define UNORDERED_FLOATS(a, b) \
    ((words)_mm512_movm_epi32(_mm512_cmp_ps_mask((__m512)(a), (__m512)(b), _CMP_UNORD_Q)))
#define LESSER_LONGS(a, b) ((bits)_mm512_min_epi64((__m512i)(a), (__m512i)(b)))
#define GREATER_LONGS(a, b) ((bits)_mm512_max_epi64((__m512i)(a), (__m512i)(b)))
#define LOWER_PRODUCTS(a, b) ((unsigned_bits)_mm512_mul_epu32((__m512i)(a), (__m512i)(b)))
#define AS_DOUBLES(floats) ((vector)_mm512_cvtps_pd((__m256)(floats)))
#define WIDENED(halves) ((floats)_mm512_cvtph_ps((__m256i)(halves)))

#include "quire_kernels.h"

#else

#include "quire_reduce.h"

const kernels qi_kernels_avx512 = {{NULL}};

#endif

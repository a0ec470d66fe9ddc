/*
 * quire_kernels_halves.h - the part of quire_kernels.h for floating-point elements of 2 bytes: a chunk of them
 * becomes floats, which is exact, and goes on as one of floats.
 */

typedef unsigned short mapped_halves __attribute__((vector_size(VECTOR / 2), aligned(1), may_alias));
typedef const volatile unsigned short __attribute__((aligned(1), may_alias)) mapped_half;
typedef float floats __attribute__((vector_size(VECTOR), aligned(1), may_alias));

#if !defined(WIDENED)

typedef int32_t words __attribute__((vector_size(VECTOR)));

/* Of a float, and what a half's exponent lacks to be one's. */
#define EXPONENT_ONE 0x00800000
#define EXPONENT_LACKS (112 * EXPONENT_ONE)

/* Without instructions for it. An exponent of ones becomes one of ones. One of zeroes becomes that of the
   smallest half with a leading one, and the one that is then too much is taken away: no float here has an
   exponent of zeroes, which processors are slow with or take for nothing. */
ALWAYS_INLINE floats widened(words half) {
    words sign = (half & 0x8000) << 16;
    words magnitude = (half & 0x7FFF) << 13;
    words is_last = magnitude >= 31 * EXPONENT_ONE;
    words is_first = magnitude < EXPONENT_ONE;
    words raised = magnitude + EXPONENT_LACKS + (is_last & EXPONENT_LACKS) + (is_first & EXPONENT_ONE);
    floats value = (floats)raised - (floats)(is_first & (EXPONENT_LACKS + EXPONENT_ONE));
    return (floats)((words)value | sign);
}

#define WIDENED(halves) widened(__builtin_convertvector(halves, words))

#endif

/* A whole chunk as floats. */
ALWAYS_INLINE void widen_halves(const char *from, float *to) {
    for (int i = 0; i < CHUNK; i += VECTOR / 4) {
        mapped_halves halves = *(const mapped_halves *)(from + (long long)i * 2);
        *(floats *)(to + i) = WIDENED(halves);
    }
}

/* What widen_rest does, for halves. */
ALWAYS_INLINE void widen_rest_halves(const char *from, int count, double *to) {
    unsigned short halves[CHUNK];
    float wider[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
        if (i >= count) {
            halves[i] = 0;
        } else {
            halves[i] = ((mapped_half *)from)[i];
        }
    }
    widen_halves((const char *)halves, wider);
    for (int i = 0; i < CHUNK; i++) {
        to[i] = wider[i];
    }
}

/*
 * quire_kernels_halves.h - the part of quire_kernels.h for floating-point elements of 2 bytes: a
 * chunk of them becomes floats, which is exact, and goes on as one of floats.
 */

typedef unsigned short mapped_halves __attribute__((vector_size(VECTOR / 2), aligned(1),
                                                    may_alias));
typedef float floats __attribute__((vector_size(VECTOR), aligned(1), may_alias));

#if !defined(WIDENED)

/* Of a float, and what a half's exponent lacks to be one's. */
#define EXPONENT_ONE 0x00800000
#define EXPONENT_LACKS (112 * EXPONENT_ONE)

/* Without instructions for it. An exponent of ones becomes one of ones. One of zeroes becomes that
   of the smallest half with a leading one, and the one that is then too much is taken away: no
   float here has an exponent of zeroes, which processors are slow with or take for nothing. */
ALWAYS_INLINE floats widened(words half) {
    words sign = (half & 0x8000) << 16;
    words magnitude = (half & 0x7FFF) << 13;
    words is_last = magnitude >= 31 * EXPONENT_ONE;
    words is_first = magnitude < EXPONENT_ONE;
    words raised =
        magnitude + EXPONENT_LACKS + (is_last & EXPONENT_LACKS) + (is_first & EXPONENT_ONE);
    floats value = (floats)raised - (floats)(is_first & (EXPONENT_LACKS + EXPONENT_ONE));
    return (floats)((words)value | sign);
}

#define WIDENED(halves) widened(__builtin_convertvector(halves, words))

#endif

#define WIDENED_BRAINS(halves) ((floats)(__builtin_convertvector(halves, words) << 16))

/* At most a chunk as floats; zeroes behind it. */
ALWAYS_INLINE void widen_halves(const char *from, int count, int is_brain, float *to) {
    unsigned short rest[VECTOR / 4];
    for (int i = 0; i < CHUNK; i += VECTOR / 4) {
        const char *at = from + (long long)i * 2;
        if (count - i < VECTOR / 4) {
            for (int k = 0; k < VECTOR / 4; k++) {
                rest[k] = 0;
                if (i + k < count) {
                    rest[k] = ((mapped_half *)at)[k];
                }
            }
            at = (const char *)rest;
        }
        mapped_halves some = *(const mapped_halves *)at;
        *(floats *)(to + i) = is_brain ? WIDENED_BRAINS(some) : WIDENED(some);
    }
}

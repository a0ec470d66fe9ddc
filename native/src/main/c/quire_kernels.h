/*
 * quire_kernels.h - the reduction kernels, once for every version of the instruction set.
 *
 * The files quire_kernels_*.c include this with these macros defined, and become one version each:
 *
 *   KERNEL(name)      the function's name in this version
 *   VERSION           what goes in front of every function: the instructions that it may use
 *   VECTOR            bytes of a vector: 16, 32 or 64
 *   LESSER, GREATER   minimum and maximum of two vectors of doubles, whatever they make of zeroes and NaN
 *   UNORDERED         bits where one of two vectors of doubles has NaN, if there is an instruction
 *   WIDENED           a vector of floats of one of halves that is half as long, if there is an instruction
 *
 * The order of operations is the one that the class comment of dev.quire.internal.Moments writes down: every
 * version gives the same bits. Nothing is fused (-ffp-contract=off), nothing is added in another order than
 * it is written.
 *
 * Mapped bytes are read here and nowhere else, with no call in between: the guard knows a fault by the
 * program counter, which has to lie in the kernels' section.
 */
#include "quire_reduce.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline)) VERSION
#define IN_KERNELS __attribute__((noinline)) __attribute__((IN_KERNELS_SECTION)) VERSION

#if defined(__clang__)
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif
/* With short vectors the loop gets so long that the registers do not do. */
#if VECTOR == 16
#define UNROLLED_IF_WIDE
#else
#define UNROLLED_IF_WIDE UNROLLED
#endif

/* The rows of a chunk are read side by side, which the processor does not foresee: it is told of the lines
   in their order, a chunk at a time, four chunks of doubles before (2 KiB and 4 are slower, 16 no faster; for sums
   alone READ_NEAR says otherwise). Extremes are read in the order of the memory, and told of as they are
   read: more at once than the processor has places for makes it wait. Behind the end that does no harm. */
#define AHEAD_BYTES 8192
#define NEAR_BYTES 4096
#define IN_ORDER_BYTES 2048
#define LINE_BYTES 64

/* As many doubles as a vector has, the chunk's rows, lanes and sums in vectors. */
#define WIDTH (VECTOR / 8)
#define ROW (LANES / WIDTH)
#define SUMS (8 / WIDTH)

typedef double vector __attribute__((vector_size(VECTOR)));
typedef long long bits __attribute__((vector_size(VECTOR)));
typedef double mapped_doubles __attribute__((vector_size(VECTOR), aligned(1), may_alias));
typedef float mapped_floats __attribute__((vector_size(VECTOR / 2), aligned(1), may_alias));
typedef const volatile double __attribute__((aligned(1), may_alias)) mapped_double;
typedef const volatile float __attribute__((aligned(1), may_alias)) mapped_float;

/* Of floating-point elements: what a vector's minimum and maximum do not tell is whether a zero has a
   sign. */
typedef struct extremes {
    vector min[2];
    vector max[2];
    bits any;       /* a bit is set if it is in any element */
    bits all;       /* if it is in all of them */
    bits unordered; /* if there was NaN */
} extremes;

#if !defined(UNORDERED)
#define UNORDERED(a, b) ((bits)((a) != (a)) | (bits)((b) != (b)))
#endif

ALWAYS_INLINE void fetch_ahead(const char *from, int ahead, int bytes) {
    for (int i = 0; i < bytes; i += LINE_BYTES) {
        __builtin_prefetch((const char *)((uintptr_t)from + (uintptr_t)(ahead + i)));
    }
}

/* The i-th vector of elements, widened. */
ALWAYS_INLINE vector load(const char *from, int i, int32_t is_wide) {
    if (is_wide) {
        return *(const mapped_doubles *)(from + (long long)i * VECTOR);
    }
    return __builtin_convertvector(*(const mapped_floats *)(from + (long long)i * (VECTOR / 2)), vector);
}

#include "quire_kernels_halves.h"

ALWAYS_INLINE vector all_of(double value) {
    return value - (vector){0};
}

ALWAYS_INLINE void compare(extremes *found, int k, vector x) {
    found->min[k] = LESSER(x, found->min[k]);
    found->max[k] = GREATER(x, found->max[k]);
    found->any |= (bits)x;
    found->all &= (bits)x;
}

/* A whole chunk's extremes, in the order of the memory. What is ahead of origin, which may be from, is fetched. */
ALWAYS_INLINE void compare_chunk(const char *from, int32_t is_wide, const char *origin, int step, extremes *found) {
    for (int i = 0; i < 4 * ROW; i += 8) {
        int read = i * step / (4 * ROW);
        fetch_ahead(origin + read, IN_ORDER_BYTES, 8 * step / (4 * ROW));
        UNROLLED
        for (int k = 0; k < 2; k++) {
            vector a = load(from, i + 4 * k, is_wide);
            vector b = load(from, i + 4 * k + 1, is_wide);
            vector c = load(from, i + 4 * k + 2, is_wide);
            vector d = load(from, i + 4 * k + 3, is_wide);
            found->min[k] = LESSER(LESSER(LESSER(a, b), LESSER(c, d)), found->min[k]);
            found->max[k] = GREATER(GREATER(GREATER(a, b), GREATER(c, d)), found->max[k]);
            found->any |= ((bits)a | (bits)b) | ((bits)c | (bits)d);
            found->all &= ((bits)a & (bits)b) & ((bits)c & (bits)d);
            found->unordered |= UNORDERED(a, b) | UNORDERED(c, d);
        }
    }
}

/* Eight sums become one. */
ALWAYS_INLINE double joined(const vector *sums) {
    double s[8];
    for (int i = 0; i < 8; i++) {
        s[i] = sums[i / WIDTH][i % WIDTH];
    }
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

/* A whole chunk's sum; its extremes too if there is a place for them. */
ALWAYS_INLINE double sum_chunk(const char *from, int32_t is_wide, extremes *found) {
    vector sums[SUMS] = {{0}};
    UNROLLED_IF_WIDE
    for (int i = 0; i < ROW; i += SUMS) {
        UNROLLED
        for (int s = 0; s < SUMS; s++) {
            vector a = load(from, i + s, is_wide);
            vector b = load(from, ROW + i + s, is_wide);
            vector c = load(from, 2 * ROW + i + s, is_wide);
            vector d = load(from, 3 * ROW + i + s, is_wide);
            sums[s] += (a + b) + (c + d);
            if (found != NULL) {
                compare(found, 0, a);
                compare(found, 1, b);
                compare(found, 0, c);
                compare(found, 1, d);
            }
        }
    }
    return joined(sums);
}

/* Adds the squared deviations of a whole chunk to the lanes. */
ALWAYS_INLINE void add_squares(const char *from, int32_t is_wide, double mean, vector *lanes) {
    vector around = all_of(mean);
    for (int i = 0; i < ROW; i++) {
        vector a = load(from, i, is_wide) - around;
        vector b = load(from, ROW + i, is_wide) - around;
        vector c = load(from, 2 * ROW + i, is_wide) - around;
        vector d = load(from, 3 * ROW + i, is_wide) - around;
        lanes[i] += (a * a + b * b) + (c * c + d * d);
    }
}

/* Empties the lanes into the total. */
ALWAYS_INLINE double empty_lanes(vector *lanes) {
    vector sums[SUMS] = {{0}};
    for (int i = 0; i < ROW; i++) {
        sums[i % SUMS] += lanes[i];
        lanes[i] = (vector){0};
    }
    return joined(sums);
}

/* Adds a chunk's sum and keeps what the addition lost (Neumaier 1974). */
ALWAYS_INLINE void keep(quire_reduction *total, double chunk) {
    double sum = total->sum + chunk;
    double lost = __builtin_fabs(total->sum) >= __builtin_fabs(chunk) ? (total->sum - sum) + chunk
                                                                      : (chunk - sum) + total->sum;
    total->lost += lost;
    total->sum = sum;
}

/* Adds a chunk whose squared deviations are in the lanes (Chan, Golub, LeVeque 1983). */
ALWAYS_INLINE void merge(quire_reduction *total, long long length, double mean) {
    long long all = total->count + length;
    double delta = mean - total->mean;
    double share = (double)length / (double)all;
    total->deviations += delta * delta * ((double)total->count * share);
    total->mean += delta * share;
    total->count = all;
}

ALWAYS_INLINE void find_nan(extremes *found, const char *from, int32_t is_wide) {
    for (int i = 0; i < 4 * ROW; i += 2) {
        found->unordered |= UNORDERED(load(from, i, is_wide), load(from, i + 1, is_wide));
    }
}

/* The extremes of what was compared, and of the elements behind it. */
ALWAYS_INLINE void finish(const extremes *found, const double *rest, int count, quire_reduction *total) {
    double min = __builtin_inf(), max = -__builtin_inf();
    long long any = 0, all = -1;
    int has_nan = 0;
    for (int i = 0; i < 2 * WIDTH; i++) {
        double least = found->min[i / WIDTH][i % WIDTH], most = found->max[i / WIDTH][i % WIDTH];
        min = least < min ? least : min;
        max = most > max ? most : max;
        any |= found->any[i % WIDTH];
        all &= found->all[i % WIDTH];
        has_nan |= found->unordered[i % WIDTH] != 0;
    }
    for (int i = 0; i < count; i++) {
        union {
            double value;
            long long bits;
        } x = {rest[i]};
        min = x.value < min ? x.value : min;
        max = x.value > max ? x.value : max;
        has_nan |= x.value != x.value;
        any |= x.bits;
        all &= x.bits;
    }
    /* No element is below a minimum of zero: one with a sign is a zero itself. Likewise above a maximum. */
    total->min = has_nan ? __builtin_nan("") : min == 0 ? (any < 0 ? -0.0 : 0.0) : min;
    total->max = has_nan ? __builtin_nan("") : max == 0 ? (all < 0 ? -0.0 : 0.0) : max;
}

/* The elements of a chunk that is not whole, widened and filled up. Volatile: the compiler must not call
   memcpy for it. */
ALWAYS_INLINE void widen_rest(const char *from, int32_t bytes, int count, double *to) {
    if (bytes == 2) {
        widen_rest_halves(from, count, to);
        return;
    }
    for (int i = 0; i < CHUNK; i++) {
        if (i >= count) {
            to[i] = 0;
        } else if (bytes == 8) {
            to[i] = ((mapped_double *)from)[i];
        } else {
            to[i] = ((mapped_float *)from)[i];
        }
    }
}

ALWAYS_INLINE void reduce_rest(const double *rest, double *filled, int count, int32_t what, int is_round,
                               vector *lanes, quire_reduction *total) {
    double chunk = sum_chunk((const char *)rest, 1, NULL);
    keep(total, chunk);
    if (what == QUIRE_REDUCE_ALL) {
        double mean = chunk / count;
        for (int i = 0; i < CHUNK; i++) {
            filled[i] = i < count ? rest[i] : mean;
        }
        add_squares((const char *)filled, 1, mean, lanes);
        if (is_round) {
            total->deviations += empty_lanes(lanes);
        }
        merge(total, count, mean);
    }
}

/* A whole chunk where load can take it. */
ALWAYS_INLINE const char *staged(const char *from, int32_t bytes, float *to) {
    if (bytes != 2) {
        return from;
    }
    widen_halves(from, to);
    return (const char *)to;
}

ALWAYS_INLINE extremes no_extremes(void) {
    vector highest = all_of(__builtin_inf()), lowest = all_of(-__builtin_inf());
    return (extremes){{highest, highest}, {lowest, lowest}, {0}, ~(bits){0}, {0}};
}

/* Minimum and maximum alone. */
ALWAYS_INLINE void reduce_extremes(const char *from, long long count, int32_t bytes, quire_reduction *total) {
    const int step = CHUNK * bytes;
    double rest[CHUNK];
    float stage[CHUNK];
    int behind = (int)(count % CHUNK);
    extremes found = no_extremes();
    for (long long i = 0; i < count / CHUNK; i++) {
        compare_chunk(staged(from, bytes, stage), bytes == 8, from, step, &found);
        from += step;
    }
    if (behind > 0) {
        widen_rest(from, bytes, behind, rest);
    }
    total->count += count;
    finish(&found, rest, behind, total);
}

/* The sum, or the sum and all that goes with it. */
ALWAYS_INLINE void reduce_floats(const char *from, long long count, int32_t bytes, int32_t what, int ahead,
                                 quire_reduction *total) {
    const int step = CHUNK * bytes;
    const int32_t is_wide = bytes == 8;
    long long whole = count / CHUNK;
    int behind = (int)(count % CHUNK);
    double rest[CHUNK], filled[CHUNK];
    float stage[2][CHUNK];
    vector lanes[ROW] = {{0}};
    extremes found = no_extremes();
    extremes *wanted = what == QUIRE_REDUCE_SUM ? NULL : &found;
    quire_reduction own = *total;
    const char *at = whole > 0 ? staged(from, bytes, stage[0]) : from;
    double chunk = whole > 0 ? sum_chunk(at, is_wide, wanted) : 0;
    for (long long i = 0; i < whole; i++) {
        /* The next chunk's sum first: the processor has it ready when its mean is needed. */
        fetch_ahead(from, ahead, step);
        from += step;
        const char *next_at = i + 1 < whole ? staged(from, bytes, stage[(i + 1) % 2]) : from;
        double next = i + 1 < whole ? sum_chunk(next_at, is_wide, wanted) : 0;
        if (wanted != NULL && chunk != chunk) {
            find_nan(&found, at, is_wide);
        }
        keep(&own, chunk);
        if (what == QUIRE_REDUCE_ALL) {
            double mean = chunk / CHUNK;
            add_squares(at, is_wide, mean, lanes);
            if ((i + 1) % ROUND == 0) {
                own.deviations += empty_lanes(lanes);
            }
            merge(&own, CHUNK, mean);
        }
        chunk = next;
        at = next_at;
    }
    if (behind > 0) {
        widen_rest(from, bytes, behind, rest);
        reduce_rest(rest, filled, behind, what, (whole + 1) % ROUND == 0, lanes, &own);
    }
    own.deviations += empty_lanes(lanes);
    own.count = total->count + count;
    finish(&found, rest, behind, &own);
    *total = own;
}

/* One function a purpose, so that each has only what it needs. */
#define FLOATS(name, bytes) \
    IN_KERNELS static void KERNEL(name)(const char *from, long long count, int32_t what, \
                                        quire_reduction *total) { \
        if (what == QUIRE_REDUCE_SUM || what == (QUIRE_REDUCE_SUM | READ_NEAR)) { \
            int ahead = what == QUIRE_REDUCE_SUM ? AHEAD_BYTES : NEAR_BYTES; \
            reduce_floats(from, count, bytes, QUIRE_REDUCE_SUM, ahead, total); \
        } else if (what == QUIRE_REDUCE_EXTREMES) { \
            reduce_extremes(from, count, bytes, total); \
        } else { \
            reduce_floats(from, count, bytes, QUIRE_REDUCE_ALL, AHEAD_BYTES, total); \
        } \
    }

FLOATS(f2, 2)
FLOATS(f4, 4)
FLOATS(f8, 8)

#include "quire_kernels_integers.h"

const kernels KERNEL(kernels) = {{
    [QUIRE_F4] = KERNEL(f4),
    [QUIRE_F8] = KERNEL(f8),
    [QUIRE_I1] = KERNEL(i1),
    [QUIRE_I2] = KERNEL(i2),
    [QUIRE_I4] = KERNEL(i4),
    [QUIRE_I8] = KERNEL(i8),
    [QUIRE_U1] = KERNEL(u1),
    [QUIRE_U2] = KERNEL(u2),
    [QUIRE_U4] = KERNEL(u4),
    [QUIRE_U8] = KERNEL(u8),
    [QUIRE_F2] = KERNEL(f2),
    [QUIRE_B1] = KERNEL(b1),
}};

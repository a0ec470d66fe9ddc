/*
 * quire_kernels.h - the reduction kernels, once for every version of the instruction set.
 *
 * The files quire_kernels_*.c include this with these macros defined, and become one version each:
 *
 *   KERNEL(name)      the function's name in this version
 *   VERSION           what goes in front of every function: the instructions that it may use
 *   VECTOR            bytes of a vector: 16, 32 or 64
 *   LESSER, GREATER   minimum and maximum of two vectors of doubles, whatever they make of zeroes
 *   and NaN UNORDERED         bits where one of two vectors of doubles has NaN, if there is an
 *   instruction WIDENED           a vector of floats of one of halves that is half as long, if
 *   there is an instruction
 *
 * The order of operations is in quire.h: every version gives the same bits. Nothing is fused
 * (-ffp-contract=off).
 *
 * Mapped bytes are read here and nowhere else, with no call in between that leaves the kernels'
 * section: the guard recognises a fault by its program counter. Memory is read in its own order,
 * without prefetch instructions: those gained on one maker's processors and lost on another's.
 */
#include "quire_reduce.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline)) VERSION
#define IN_KERNELS __attribute__((noinline)) __attribute__((IN_KERNELS_SECTION)) VERSION

#if defined(__clang__)
#define UNROLLED _Pragma("unroll")
#else
#define UNROLLED _Pragma("GCC unroll 16")
#endif

/* As many doubles as a vector has, the lanes in vectors, and as many of those as are at work at
   once where a chunk is in the cache: registers do for two sets of them. */
#define WIDTH (VECTOR / 8)
#define SUMS (LANES / WIDTH)
#define GROUP 4

typedef double vector __attribute__((vector_size(VECTOR)));
typedef long long bits __attribute__((vector_size(VECTOR)));
typedef double mapped_doubles __attribute__((vector_size(VECTOR), aligned(1), may_alias));
typedef float mapped_floats __attribute__((vector_size(VECTOR / 2), aligned(1), may_alias));
typedef const volatile double __attribute__((aligned(1), may_alias)) mapped_double;
typedef const volatile float __attribute__((aligned(1), may_alias)) mapped_float;
typedef const volatile unsigned short __attribute__((aligned(1), may_alias)) mapped_half;

#if !defined(UNORDERED)
#define UNORDERED(a, b) ((bits)((a) != (a)) | (bits)((b) != (b)))
#endif

/* The i-th vector of elements, widened. */
ALWAYS_INLINE vector load(const char *from, int i, int32_t is_wide) {
    if (is_wide) {
        return *(const mapped_doubles *)(from + (long long)i * VECTOR);
    }
    return __builtin_convertvector(*(const mapped_floats *)(from + (long long)i * (VECTOR / 2)),
                                   vector);
}

ALWAYS_INLINE double load_one(const char *from, int32_t is_wide) {
    return is_wide ? *(mapped_double *)from : (double)*(mapped_float *)from;
}

ALWAYS_INLINE vector all_of(double value) {
    return value - (vector){0};
}

/* ---- where the elements are ---- */

/* The next element of a sequence. */
typedef struct cursor {
    const quire_lines *lines;
    const char *group;
    const char *line;
    const char *at;
    long long lines_left;
    long long left; /* elements of the line */
} cursor;

ALWAYS_INLINE cursor begin(const char *from, const quire_lines *lines, long long first) {
    long long line = lines->length > 0 ? first / lines->length : 0;
    long long group = lines->lines > 0 ? line / lines->lines : 0;
    cursor c = {.lines = lines};
    line -= group * lines->lines;
    first -= (group * lines->lines + line) * lines->length;
    c.group = from + group * lines->group_stride;
    c.line = c.group + line * lines->line_stride;
    c.at = c.line + first * lines->stride;
    c.lines_left = lines->lines - line;
    c.left = lines->length - first;
    return c;
}

/* Behind the last element of a line. */
ALWAYS_INLINE void next_line(cursor *c) {
    if (--c->lines_left == 0) {
        c->lines_left = c->lines->lines;
        c->group = c->group + c->lines->group_stride;
        c->line = c->group;
    } else {
        c->line = c->line + c->lines->line_stride;
    }
    c->at = c->line;
    c->left = c->lines->length;
}

/* Over elements of the line. */
ALWAYS_INLINE void skip(cursor *c, long long count) {
    c->at += count * c->lines->stride;
    c->left -= count;
    if (c->left == 0) {
        next_line(c);
    }
}

/* Copies elements as they are. */
ALWAYS_INLINE void copy_elements(const char *from, long long stride, int count, int32_t bytes,
                                 char *to) {
    typedef unsigned long long __attribute__((may_alias)) eight;
    typedef unsigned int __attribute__((may_alias)) four;
    typedef unsigned short __attribute__((may_alias)) two;
    typedef unsigned long long __attribute__((aligned(1), may_alias)) eight_anywhere;
    typedef unsigned int __attribute__((aligned(1), may_alias)) four_anywhere;
    typedef unsigned short __attribute__((aligned(1), may_alias)) two_anywhere;
    for (int i = 0; i < count; i++, from += stride) {
        if (bytes == 8) {
            ((eight *)to)[i] = *(const volatile eight_anywhere *)from;
        } else if (bytes == 4) {
            ((four *)to)[i] = *(const volatile four_anywhere *)from;
        } else if (bytes == 2) {
            ((two *)to)[i] = *(const volatile two_anywhere *)from;
        } else {
            to[i] = *(const volatile char *)from;
        }
    }
}

/* The next elements side by side: where they are, or gathered in the stage. */
ALWAYS_INLINE const char *next_elements(cursor *c, int count, int32_t bytes, char *stage) {
    const char *at = c->at;
    if (c->left >= count && c->lines->stride == bytes) {
        skip(c, count);
        return at;
    }
    for (int filled = 0; filled < count;) {
        int some = c->left < count - filled ? (int)c->left : count - filled;
        copy_elements(c->at, c->lines->stride, some, bytes, stage + (long long)filled * bytes);
        filled += some;
        skip(c, some);
    }
    return stage;
}

/* ---- a chunk ---- */

/* Adds the upper half of the first 2 * half to the lower one, if there are so many. Written out:
   compilers unroll no loop whose length is halved. */
#define FOLD(all, count, half) \
    UNROLLED \
    for (int k = 0; k < (half) && 2 * (half) <= (count); k++) { \
        (all)[k] += (all)[k + (half)]; \
    }

/* Lanes become one number. */
ALWAYS_INLINE double joined(vector *lanes) {
    FOLD(lanes, SUMS, 8)
    FOLD(lanes, SUMS, 4)
    FOLD(lanes, SUMS, 2)
    FOLD(lanes, SUMS, 1)
    /* Through memory: done in registers it is over sooner, the processor asks for the next chunk
       sooner, and its own fetching ahead does worse: 1 GiB took 49 ms instead of 42 on an AMD EPYC
       (Zen 4) with AVX-512. */
    double one[WIDTH];
    vector last = lanes[0];
    for (int i = 0; i < WIDTH; i++) {
        one[i] = last[i];
    }
    for (int s = WIDTH / 2; s >= 1; s /= 2) {
        for (int i = 0; i < s; i++) {
            one[i] += one[i + s];
        }
    }
    return one[0];
}

/* A chunk: whole rows of lanes, and what is left of a last one, filled up, or null. */
ALWAYS_INLINE double sum_chunk(const char *rows, int count, const double *rest, int32_t is_wide) {
    vector lanes[SUMS] = {{0}};
    for (int r = 0; r < count; r++) {
        UNROLLED
        for (int k = 0; k < SUMS; k++) {
            lanes[k] += load(rows, r * SUMS + k, is_wide);
        }
    }
    if (rest != NULL) {
        UNROLLED
        for (int k = 0; k < SUMS; k++) {
            lanes[k] += load((const char *)rest, k, 1);
        }
    }
    return joined(lanes);
}

/* A chunk's pivot, and what its elements are away from it. */
typedef struct chunk_moments {
    double pivot;
    double residue;
    double squares;
} chunk_moments;

/* The chunk is in the cache: the lanes are taken in groups, so that the registers suffice. The rest
   is less the pivot already. */
ALWAYS_INLINE chunk_moments deviate(const char *rows, int count, const double *rest,
                                    int32_t is_wide, double pivot) {
    vector residues[SUMS], squares[SUMS], around = all_of(pivot);
    UNROLLED
    for (int g = 0; g < SUMS; g += GROUP) {
        vector r[GROUP] = {{0}}, q[GROUP] = {{0}};
        for (int row = 0; row < count; row++) {
            UNROLLED
            for (int k = 0; k < GROUP; k++) {
                vector d = load(rows, row * SUMS + g + k, is_wide) - around;
                r[k] += d;
                q[k] += d * d;
            }
        }
        UNROLLED
        for (int k = 0; k < GROUP; k++) {
            vector d = rest != NULL ? load((const char *)rest, g + k, 1) : (vector){0};
            residues[g + k] = r[k] + d;
            squares[g + k] = q[k] + d * d;
        }
    }
    return (chunk_moments){pivot, joined(residues), joined(squares)};
}

/* Of floating-point elements: what a vector's minimum and maximum do not tell is whether a zero has
   a sign. */
typedef struct extremes {
    vector min;
    vector max;
    bits any;       /* a bit is set if it is in any element */
    bits all;       /* if it is in all of them */
    bits unordered; /* if there was NaN */
} extremes;

ALWAYS_INLINE extremes no_extremes(void) {
    return (extremes){all_of(__builtin_inf()), all_of(-__builtin_inf()), {0}, ~(bits){0}, {0}};
}

ALWAYS_INLINE void compare_four(extremes *found, vector a, vector b, vector c, vector d) {
    found->min = LESSER(LESSER(LESSER(a, b), LESSER(c, d)), found->min);
    found->max = GREATER(GREATER(GREATER(a, b), GREATER(c, d)), found->max);
    found->any |= ((bits)a | (bits)b) | ((bits)c | (bits)d);
    found->all &= ((bits)a & (bits)b) & ((bits)c & (bits)d);
    found->unordered |= UNORDERED(a, b) | UNORDERED(c, d);
}

ALWAYS_INLINE void compare_chunk(const char *rows, int count, const double *rest, int32_t is_wide,
                                 extremes *found) {
    for (int r = 0; r < count; r++) {
        UNROLLED
        for (int k = 0; k < SUMS; k += 4) {
            int i = r * SUMS + k;
            compare_four(found, load(rows, i, is_wide), load(rows, i + 1, is_wide),
                         load(rows, i + 2, is_wide), load(rows, i + 3, is_wide));
        }
    }
    for (int k = 0; rest != NULL && k < SUMS; k += 4) {
        const char *from = (const char *)rest;
        compare_four(found, load(from, k, 1), load(from, k + 1, 1), load(from, k + 2, 1),
                     load(from, k + 3, 1));
    }
}

/* No element is below a minimum of zero: one with a sign is a zero itself. Likewise above a
   maximum. */
ALWAYS_INLINE void set_extremes(double min, double max, long long any, long long all, int has_nan,
                                double *to) {
    to[0] = has_nan ? __builtin_nan("") : min == 0 ? (any < 0 ? -0.0 : 0.0) : min;
    to[1] = has_nan ? __builtin_nan("") : max == 0 ? (all < 0 ? -0.0 : 0.0) : max;
}

ALWAYS_INLINE void join_extremes(const extremes *found, double *to) {
    double min = __builtin_inf(), max = -__builtin_inf();
    long long any = 0, all = -1;
    int has_nan = 0;
    for (int i = 0; i < WIDTH; i++) {
        min = found->min[i] < min ? found->min[i] : min;
        max = found->max[i] > max ? found->max[i] : max;
        any |= found->any[i];
        all &= found->all[i];
        has_nan |= found->unordered[i] != 0;
    }
    set_extremes(min, max, any, all, has_nan, to);
}

/* ---- joining chunks ---- */

/* Adds a chunk's sum and keeps what the addition lost (Neumaier 1974). */
ALWAYS_INLINE void keep(double chunk, double *sum, double *lost) {
    double total = *sum + chunk;
    *lost += __builtin_fabs(*sum) >= __builtin_fabs(chunk) ? (*sum - total) + chunk
        : (chunk - total) + *sum;
    *sum = total;
}

/* Behind an infinity or NaN the lost parts mean nothing. */
ALWAYS_INLINE double completed(double sum, double lost) {
    return sum - sum == 0 ? sum + lost : sum;
}

/* Adds and keeps what the addition lost (Knuth 1969). */
ALWAYS_INLINE void add_exactly(double value, double *sum, double *lost) {
    double total = *sum + value;
    double added = total - *sum;
    *lost += (*sum - (total - added)) + (value - added);
    *sum = total;
}

/* Adds a chunk of so many elements (Chan, Golub, LeVeque 1983). */
ALWAYS_INLINE void merge(quire_reduction *total, const chunk_moments *chunk, int length) {
    double correction = chunk->residue / length;
    double own = chunk->squares - chunk->residue * chunk->residue / length;
    own = own < 0 ? 0 : own;
    if (total->count == 0) {
        total->mean = chunk->pivot;
        total->mean_low = correction;
        total->deviations = own;
    } else {
        double delta = (chunk->pivot - total->mean) + (correction - total->mean_low);
        double share = (double)length / (double)(total->count + length);
        double between = (delta * ((double)total->count * share)) * delta;
        add_exactly(own + between, &total->deviations, &total->deviations_lost);
        add_exactly(delta * share, &total->mean, &total->mean_low);
    }
    total->count += length;
}

/* ---- sequences of floating-point elements ---- */

#include "quire_kernels_halves.h"

/* Of a number that is not finite: what it makes the sum, as bits of quire_reduction's special. */
ALWAYS_INLINE long long kind_of(double x) {
    return x > 0 ? QUIRE_SPECIAL_POSITIVE : x < 0 ? QUIRE_SPECIAL_NEGATIVE : QUIRE_SPECIAL_NAN;
}

/* Whether a chunk must be searched: a sum that is not finite may come of finite elements, but none
   of its elements can add anything to what is known. */
ALWAYS_INLINE int is_open(double sum, long long special) {
    return sum - sum != 0 && (special & kind_of(sum)) != kind_of(sum);
}

/* The sum of all elements, where some are special. */
ALWAYS_INLINE double sum_with(long long special, double sum) {
    return special == 0                         ? sum
           : special == QUIRE_SPECIAL_POSITIVE  ? __builtin_inf()
           : special == QUIRE_SPECIAL_NEGATIVE  ? -__builtin_inf()
                                                : __builtin_nan("");
}

/* What a chunk's infinite and NaN elements make the sum. A function of its own: it is seldom
   called. */
IN_KERNELS static long long KERNEL(find_special)(const char *rows, int count, const double *rest,
                                                 int32_t is_wide) {
    const int step = is_wide ? 8 : 4;
    long long special = 0;
    for (int i = 0; i < count * LANES && special != QUIRE_SPECIAL_NAN; i++) {
        double x = load_one(rows + (long long)i * step, is_wide);
        special |= x - x != 0 ? kind_of(x) : 0;
    }
    for (int i = 0; rest != NULL && i < LANES; i++) {
        special |= rest[i] - rest[i] != 0 ? kind_of(rest[i]) : 0;
    }
    return special;
}

/* The empty statement keeps the compiler from calling memset. */
ALWAYS_INLINE void fill_up(double *rest, int behind, double value) {
    for (int i = behind; rest != NULL && i < LANES; i++) {
        rest[i] = value;
        __asm__ volatile("");
    }
}

/* Adds a chunk of floats or doubles. Remaining elements are padded here, in place. */
ALWAYS_INLINE void add_chunk(const char *rows, int count, double *rest, int behind,
    int32_t is_wide, int32_t what, quire_reduction *total, extremes *found) {
    int length = count * LANES + behind;
    if (what != QUIRE_REDUCE_EXTREMES) {
        fill_up(rest, behind, 0);
        double sum = sum_chunk(rows, count, rest, is_wide);
        keep(sum, &total->sum, &total->lost);
        if (__builtin_expect(sum - sum != 0, 0) && is_open(sum, total->special)) {
            total->special |= KERNEL(find_special)(rows, count, rest, is_wide);
        }
        if (what == QUIRE_REDUCE_SUM) {
            total->count += length;
            return;
        }
        double pivot = sum / length;
        if (what == QUIRE_REDUCE_ALL) {
            /* In between, while the processor waits for the pivot. */
            fill_up(rest, behind, rest != NULL ? rest[0] : 0);
            compare_chunk(rows, count, rest, is_wide, found);
        }
        for (int i = 0; i < behind; i++) {
            rest[i] -= pivot;
        }
        fill_up(rest, behind, 0);
        chunk_moments chunk = deviate(rows, count, rest, is_wide, pivot);
        merge(total, &chunk, length);
        return;
    }
    fill_up(rest, behind, rest != NULL ? rest[0] : 0);
    compare_chunk(rows, count, rest, is_wide, found);
    total->count += length;
}

ALWAYS_INLINE void reduce_sequence(cursor *c, long long count, int32_t bytes, int32_t what,
                                   quire_reduction *total) {
    const int32_t is_wide = bytes == 8;
    double stage[CHUNK], rest[LANES];
    float floats[CHUNK];
    extremes found = no_extremes();
    quire_reduction own = *total;
    while (count > 0) {
        int length = count < CHUNK ? (int)count : CHUNK;
        int whole = length / LANES, behind = length % LANES;
        if (what == QUIRE_REDUCE_SUM && bytes != 2 && length == CHUNK
            && c->lines->stride == bytes) {
            /* A loop of its own: what else there is to do for a chunk takes a tenth of the time. */
            long long most = (c->left < count ? c->left : count) / CHUNK;
            for (long long i = 0; i < most; i++) {
                add_chunk(c->at + i * CHUNK * bytes, CHUNK / LANES, NULL, 0, is_wide, what, &own,
                          &found);
            }
            if (most > 0) {
                skip(c, most * CHUNK);
                count -= most * CHUNK;
                continue;
            }
        }
        const char *at = next_elements(c, length, bytes, (char *)stage);
        if (bytes == 2) {
            widen_halves(at, length, floats);
            at = (const char *)floats;
        }
        for (int i = 0; i < behind; i++) {
            rest[i] = load_one(at + (long long)(whole * LANES + i) * (is_wide ? 8 : 4), is_wide);
        }
        add_chunk(at, whole, behind > 0 ? rest : NULL, behind, is_wide, what, &own, &found);
        count -= length;
    }
    double both[2];
    join_extremes(&found, both);
    own.min = both[0];
    own.max = both[1];
    own.sum = sum_with(own.special, own.sum);
    *total = own;
}

/* A line's result; what is no extremes. */
ALWAYS_INLINE void set_result(double sum, double lost, int is_special, double *to,
                              quire_line_results *each) {
    *to = completed(sum, lost);
    each->overflowed += *to - *to != 0 && !is_special;
}

#include "quire_kernels_across.h"

typedef void sequence_kernel(cursor *c, long long count, quire_reduction *total);

/* Every line for itself, one after the other. */
ALWAYS_INLINE void reduce_along(const char *from, const reduction_job *job, int32_t what,
                                sequence_kernel *reduce) {
    const quire_lines *lines = job->lines;
    double *to = (double *)(uintptr_t)job->each->address;
    cursor c = {.lines = lines, .group = from, .line = from, .at = from,
                .lines_left = lines->lines};
    for (long long i = 0; i < lines->groups * lines->lines; i++) {
        quire_reduction own = {0};
        c.left = lines->length;
        reduce(&c, lines->length, &own);
        if (what == QUIRE_REDUCE_EXTREMES) {
            to[0] = own.min;
            to[1] = own.max;
            to += 2;
        } else if (what == QUIRE_REDUCE_SUM) {
            set_result(own.sum, own.lost, own.special != 0, to++, job->each);
        } else {
            set_result(own.deviations, own.deviations_lost, own.special != 0, to++, job->each);
        }
    }
}

/* One function for each purpose and length. */
#define SEQUENCE(name, bytes, what) \
    IN_KERNELS static void KERNEL(name)(cursor * c, long long count, quire_reduction *total) { \
        reduce_sequence(c, count, bytes, what, total); \
    }

#define FLOATS(name, bytes) \
    SEQUENCE(name##_sum, bytes, QUIRE_REDUCE_SUM) \
    SEQUENCE(name##_extremes, bytes, QUIRE_REDUCE_EXTREMES) \
    SEQUENCE(name##_all, bytes, QUIRE_REDUCE_ALL) \
    SEQUENCE(name##_deviations, bytes, QUIRE_REDUCE_DEVIATIONS) \
    IN_KERNELS static void KERNEL(name)(const char *from, long long count, int32_t what, \
                                              quire_reduction *total) { \
        reduction_job *job = (reduction_job *)total; \
        sequence_kernel *reduce = \
            what == QUIRE_REDUCE_SUM        ? KERNEL(name##_sum) \
            : what == QUIRE_REDUCE_EXTREMES ? KERNEL(name##_extremes) \
            : what == QUIRE_REDUCE_ALL      ? KERNEL(name##_all) \
                                            : KERNEL(name##_deviations); \
        if (job->each == NULL) { \
            cursor c = begin(from, job->lines, job->first); \
            reduce(&c, count, total); \
        } else if (bytes != 2 && is_across(job->lines)) { \
            reduce_across(from, job, bytes, what); \
        } else { \
            reduce_along(from, job, what, reduce); \
        } \
    }

FLOATS(f2, 2)
FLOATS(f4, 4)
FLOATS(f8, 8)

#include "quire_kernels_integers.h"

const kernels KERNEL(qi_kernels) = {{
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

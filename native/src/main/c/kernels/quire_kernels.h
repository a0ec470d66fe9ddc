/*
 * quire_kernels.h - the reduction kernels, once for every version of the instruction set.
 *
 * The files quire_kernels_*.c include this with these macros defined, and become one version each:
 *
 *   KERNEL(name)      the function's name in this version
 *   VERSION           what goes in front of every function: the instructions that it may use
 *   VECTOR            bytes of a vector: 16, 32 or 64
 *   LESSER, GREATER   minimum and maximum of two vectors of doubles, whatever they make of zeroes
 *                     and NaN; LESSER_FLOATS and GREATER_FLOATS of floats
 *   UNORDERED         bits where one of two vectors of doubles has NaN, if there is an instruction;
 *                     UNORDERED_FLOATS of floats
 *   AS_DOUBLES        a vector of doubles of one of floats that is half as long, if the compiler
 *                     takes more than an instruction
 *   WIDENED           a vector of floats of one of halves that is half as long, if there is an
 *                     instruction
 *   LESSER_LONGS, GREATER_LONGS   of signed integers of 64 bits, if there is an instruction
 *   LOWER_PRODUCTS    of the lower halves of integers of 64 bits, if there is an instruction
 *   ONE_LONG_AT_ONCE  where vectors of such integers cannot be compared
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
typedef float float_vector __attribute__((vector_size(VECTOR)));
typedef int32_t words __attribute__((vector_size(VECTOR)));
typedef float mapped_float_vector __attribute__((vector_size(VECTOR), aligned(1), may_alias));
typedef const volatile double __attribute__((aligned(1), may_alias)) mapped_double;
typedef const volatile float __attribute__((aligned(1), may_alias)) mapped_float;
typedef const volatile int32_t __attribute__((aligned(1), may_alias)) mapped_int;
typedef const volatile unsigned short __attribute__((aligned(1), may_alias)) mapped_half;

#if !defined(UNORDERED)
#define UNORDERED(a, b) ((bits)((a) != (a)) | (bits)((b) != (b)))
#endif
#if !defined(UNORDERED_FLOATS)
#define UNORDERED_FLOATS(a, b) ((words)((a) != (a)) | (words)((b) != (b)))
#endif

#if !defined(AS_DOUBLES)
#define AS_DOUBLES(floats) __builtin_convertvector(floats, vector)
#endif

/* What floating-point elements are in memory. */
enum form { FLOATS, DOUBLES };

#define BYTES_OF(form) ((form) == DOUBLES ? 8 : 4)

/* The i-th vector of elements, widened. */
ALWAYS_INLINE vector load(const char *from, int i, enum form form) {
    const char *at = from + (long long)i * WIDTH * BYTES_OF(form);
    if (form == DOUBLES) {
        return *(const mapped_doubles *)at;
    }
    return AS_DOUBLES(*(const mapped_floats *)at);
}

ALWAYS_INLINE double load_one(const char *from, enum form form) {
    return form == DOUBLES ? *(mapped_double *)from : (double)*(mapped_float *)from;
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

/* A chunk: whole rows of lanes, and what is left of a last one, filled up, or null. Where the rows
   go as doubles, if they are wanted again: to widen costs more than to store. */
ALWAYS_INLINE double sum_chunk(const char *rows, int count, const double *rest, enum form form,
                               double *widened) {
    vector lanes[SUMS] = {{0}};
    for (int r = 0; r < count; r++) {
        UNROLLED
        for (int k = 0; k < SUMS; k++) {
            vector x = load(rows, r * SUMS + k, form);
            if (widened != NULL) {
                *(mapped_doubles *)(widened + (ptrdiff_t)(r * SUMS + k) * WIDTH) = x;
            }
            lanes[k] += x;
        }
    }
    if (rest != NULL) {
        UNROLLED
        for (int k = 0; k < SUMS; k++) {
            lanes[k] += load((const char *)rest, k, DOUBLES);
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
                                    enum form form, double pivot) {
    vector residues[SUMS], squares[SUMS], around = all_of(pivot);
    UNROLLED
    for (int g = 0; g < SUMS; g += GROUP) {
        vector r[GROUP] = {{0}}, q[GROUP] = {{0}};
        for (int row = 0; row < count; row++) {
            UNROLLED
            for (int k = 0; k < GROUP; k++) {
                vector d = load(rows, row * SUMS + g + k, form) - around;
                r[k] += d;
                q[k] += d * d;
            }
        }
        UNROLLED
        for (int k = 0; k < GROUP; k++) {
            vector d = rest != NULL ? load((const char *)rest, g + k, DOUBLES) : (vector){0};
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

/* Floats are compared as they are: a vector has twice as many. */
typedef struct float_extremes {
    float_vector min;
    float_vector max;
    words any;
    words all;
    words unordered;
} float_extremes;

typedef struct all_extremes {
    extremes wide;
    float_extremes narrow;
} all_extremes;

ALWAYS_INLINE extremes no_extremes(void) {
    return (extremes){all_of(__builtin_inf()), all_of(-__builtin_inf()), {0}, ~(bits){0}, {0}};
}

ALWAYS_INLINE float_extremes no_float_extremes(void) {
    float_vector none = {0};
    return (float_extremes){__builtin_inff() - none, -__builtin_inff() - none, {0},
                            ~(words){0}, {0}};
}

ALWAYS_INLINE void compare_four(extremes *found, vector a, vector b, vector c, vector d) {
    found->min = LESSER(LESSER(LESSER(a, b), LESSER(c, d)), found->min);
    found->max = GREATER(GREATER(GREATER(a, b), GREATER(c, d)), found->max);
    found->any |= ((bits)a | (bits)b) | ((bits)c | (bits)d);
    found->all &= ((bits)a & (bits)b) & ((bits)c & (bits)d);
    found->unordered |= UNORDERED(a, b) | UNORDERED(c, d);
}

ALWAYS_INLINE void compare_floats(float_extremes *found, float_vector a, float_vector b) {
    found->min = LESSER_FLOATS(LESSER_FLOATS(a, b), found->min);
    found->max = GREATER_FLOATS(GREATER_FLOATS(a, b), found->max);
    found->any |= (words)a | (words)b;
    found->all &= (words)a & (words)b;
    found->unordered |= UNORDERED_FLOATS(a, b);
}

ALWAYS_INLINE void compare_rows_of_floats(const char *rows, int count, float_extremes *found) {
    for (int i = 0; i < count * LANES * 4; i += 2 * VECTOR) {
        compare_floats(found, *(const mapped_float_vector *)(rows + i),
                       *(const mapped_float_vector *)(rows + i + VECTOR));
    }
}

ALWAYS_INLINE void compare_rows_of_doubles(const char *rows, int count, extremes *found) {
    for (int r = 0; r < count; r++) {
        UNROLLED
        for (int k = 0; k < SUMS; k += 4) {
            int i = r * SUMS + k;
            compare_four(found, load(rows, i, DOUBLES), load(rows, i + 1, DOUBLES),
                         load(rows, i + 2, DOUBLES), load(rows, i + 3, DOUBLES));
        }
    }
}

ALWAYS_INLINE void compare_chunk(const char *rows, int count, const double *rest, enum form form,
                                 all_extremes *found) {
    if (form == DOUBLES) {
        compare_rows_of_doubles(rows, count, &found->wide);
    } else {
        compare_rows_of_floats(rows, count, &found->narrow);
    }
    if (rest != NULL) {
        compare_rows_of_doubles((const char *)rest, 1, &found->wide);
    }
}

/* No element is below a minimum of zero: one with a sign is a zero itself. Likewise above a
   maximum. */
ALWAYS_INLINE void set_extremes(double min, double max, long long any, long long all, int has_nan,
                                double *to) {
    to[0] = has_nan ? __builtin_nan("") : min == 0 ? (any < 0 ? -0.0 : 0.0) : min;
    to[1] = has_nan ? __builtin_nan("") : max == 0 ? (all < 0 ? -0.0 : 0.0) : max;
}

ALWAYS_INLINE void join_extremes(const all_extremes *found, enum form form, double *to) {
    double min = __builtin_inf(), max = -__builtin_inf();
    long long any = 0, all = -1;
    int has_nan = 0;
    for (int i = 0; i < WIDTH; i++) {
        min = found->wide.min[i] < min ? found->wide.min[i] : min;
        max = found->wide.max[i] > max ? found->wide.max[i] : max;
        any |= found->wide.any[i];
        all &= found->wide.all[i];
        has_nan |= found->wide.unordered[i] != 0;
    }
    for (int i = 0; form != DOUBLES && i < 2 * WIDTH; i++) {
        min = found->narrow.min[i] < min ? found->narrow.min[i] : min;
        max = found->narrow.max[i] > max ? found->narrow.max[i] : max;
        any |= found->narrow.any[i];
        all &= found->narrow.all[i];
        has_nan |= found->narrow.unordered[i] != 0;
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

/* Adds the deviations of so many elements; their mean is the pivot and its correction (Chan, Golub,
   LeVeque 1983). */
ALWAYS_INLINE void merge_deviations(quire_reduction *total, double pivot, double correction,
                                    double own, int length) {
    if (total->moments != 0) {
        double *to = (double *)(uintptr_t)total->moments + total->count / CHUNK * 3;
        to[0] = pivot;
        to[1] = correction;
        to[2] = own;
    } else if (total->count == 0) {
        total->mean = pivot;
        total->mean_low = correction;
        total->deviations = own;
    } else {
        double delta = (pivot - total->mean) + (correction - total->mean_low);
        double share = (double)length / (double)(total->count + length);
        double between = (delta * ((double)total->count * share)) * delta;
        add_exactly(own + between, &total->deviations, &total->deviations_lost);
        add_exactly(delta * share, &total->mean, &total->mean_low);
    }
    total->count += length;
}

/* Adds a chunk of so many elements. */
ALWAYS_INLINE void merge(quire_reduction *total, const chunk_moments *chunk, int length) {
    double own = chunk->squares - chunk->residue * chunk->residue / length;
    merge_deviations(total, chunk->pivot, chunk->residue / length, own < 0 ? 0 : own, length);
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
                                                 enum form form) {
    const int step = BYTES_OF(form);
    long long special = 0;
    for (int i = 0; i < count * LANES && special != QUIRE_SPECIAL_NAN; i++) {
        double x = load_one(rows + (long long)i * step, form);
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

/* A chunk of floats or doubles: whole rows of lanes, and how many elements are left of a last one.
   These lie in the rest, or it is null. */
typedef struct chunk {
    const char *rows;
    int count;
    double *rest;
    int behind;
} chunk;

ALWAYS_INLINE int length_of(chunk c) {
    return c.count * LANES + c.behind;
}

/* Adds a chunk to the sum; its mean. The rows go to widened as doubles, unless it is null. */
ALWAYS_INLINE double add_to_sum(chunk c, enum form form, double *widened, quire_reduction *total) {
    fill_up(c.rest, c.behind, 0);
    double sum = sum_chunk(c.rows, c.count, c.rest, form, widened);
    if (total->sums != 0) {
        *(double *)(uintptr_t)total->sums = sum;
        total->sums += (long long)sizeof sum;
    } else {
        keep(sum, &total->sum, &total->lost);
    }
    if (__builtin_expect(sum - sum != 0, 0) && is_open(sum, total->special)) {
        total->special |= KERNEL(find_special)(c.rows, c.count, c.rest, form);
    }
    return sum / length_of(c);
}

ALWAYS_INLINE void add_to_extremes(chunk c, enum form form, all_extremes *found) {
    fill_up(c.rest, c.behind, c.rest != NULL ? c.rest[0] : 0);
    compare_chunk(c.rows, c.count, c.rest, form, found);
}

/* Adds a chunk to the deviations. The rest is changed. */
ALWAYS_INLINE void add_to_deviations(chunk c, enum form form, const double *widened, double mean,
                                     quire_reduction *total) {
    for (int i = 0; i < c.behind; i++) {
        c.rest[i] -= mean;
    }
    fill_up(c.rest, c.behind, 0);
    chunk_moments moments = widened != NULL
        ? deviate((const char *)widened, c.count, c.rest, DOUBLES, mean)
        : deviate(c.rows, c.count, c.rest, form, mean);
    merge(total, &moments, length_of(c));
}

/* Whole chunks that lie side by side; a loop of its own: what else there is to do for a chunk takes
   a tenth of the time. The next chunk's sum comes first: the processor has it when its mean is
   needed. */
ALWAYS_INLINE void add_whole_chunks(const char *at, long long count, int32_t bytes,
                                    int is_brain, int32_t what, quire_reduction *total,
                                    all_extremes *found) {
    const enum form form = bytes == 8 ? DOUBLES : FLOATS;
    const int has_deviations = what == QUIRE_REDUCE_ALL || what == QUIRE_REDUCE_DEVIATIONS;
    const int is_widened = has_deviations && form != DOUBLES;
    float floats[2][CHUNK];
    double widened[2][CHUNK], mean = 0;
    chunk before = {0};
    for (long long i = 0; i <= count; i++) {
        chunk now = {at + i * CHUNK * bytes, CHUNK / LANES, NULL, 0};
        double next = 0;
        if (i < count) {
            if (bytes == 2) {
                widen_halves(now.rows, CHUNK, is_brain, floats[i & 1]);
                now.rows = (const char *)floats[i & 1];
            }
            if (what != QUIRE_REDUCE_EXTREMES) {
                next = add_to_sum(now, form, is_widened ? widened[i & 1] : NULL, total);
            }
            if (what == QUIRE_REDUCE_EXTREMES || what == QUIRE_REDUCE_ALL) {
                add_to_extremes(now, form, found);
            }
        }
        if (i > 0 && has_deviations) {
            before.count = CHUNK / LANES;
            add_to_deviations(before, form, is_widened ? widened[~i & 1] : NULL, mean, total);
        }
        before = now;
        mean = next;
    }
    total->count += has_deviations ? 0 : count * CHUNK;
}

/* The next elements, a chunk at most: gathered if they are apart; how many. */
ALWAYS_INLINE int add_part(cursor *c, long long count, int32_t bytes, int is_brain, int32_t what,
                           quire_reduction *total, all_extremes *found) {
    const enum form form = bytes == 8 ? DOUBLES : FLOATS;
    double stage[CHUNK], rest[LANES];
    float floats[CHUNK];
    int length = count < CHUNK ? (int)count : CHUNK;
    int whole = length / LANES, behind = length % LANES;
    const char *at = next_elements(c, length, bytes, (char *)stage);
    if (bytes == 2) {
        widen_halves(at, length, is_brain, floats);
        at = (const char *)floats;
    }
    for (int i = 0; i < behind; i++) {
        rest[i] = load_one(at + (long long)(whole * LANES + i) * BYTES_OF(form), form);
    }
    chunk part = {at, whole, behind > 0 ? rest : NULL, behind};
    double mean = 0;
    if (what != QUIRE_REDUCE_EXTREMES) {
        mean = add_to_sum(part, form, NULL, total);
    }
    if (what == QUIRE_REDUCE_EXTREMES || what == QUIRE_REDUCE_ALL) {
        add_to_extremes(part, form, found);
    }
    if (what == QUIRE_REDUCE_ALL || what == QUIRE_REDUCE_DEVIATIONS) {
        add_to_deviations(part, form, NULL, mean, total);
    } else {
        total->count += length;
    }
    return length;
}

ALWAYS_INLINE void reduce_sequence(cursor *c, long long count, int32_t bytes, int is_brain,
                                   int32_t what, quire_reduction *total) {
    all_extremes found = {no_extremes(), no_float_extremes()};
    quire_reduction own = *total;
    while (count > 0) {
        long long here = c->left < count ? c->left : count;
        long long whole = c->lines->stride == bytes ? here / CHUNK : 0;
        if (whole > 0) {
            add_whole_chunks(c->at, whole, bytes, is_brain, what, &own, &found);
            skip(c, whole * CHUNK);
            count -= whole * CHUNK;
        } else {
            count -= add_part(c, count, bytes, is_brain, what, &own, &found);
        }
    }
    double both[2];
    join_extremes(&found, bytes == 8 ? DOUBLES : FLOATS, both);
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
#define SEQUENCE(name, bytes, is_brain, what) \
    IN_KERNELS static void KERNEL(name)(cursor * c, long long count, quire_reduction *total) { \
        reduce_sequence(c, count, bytes, is_brain, what, total); \
    }

#define FLOATS(name, bytes, is_brain) \
    SEQUENCE(name##_sum, bytes, is_brain, QUIRE_REDUCE_SUM) \
    SEQUENCE(name##_extremes, bytes, is_brain, QUIRE_REDUCE_EXTREMES) \
    SEQUENCE(name##_all, bytes, is_brain, QUIRE_REDUCE_ALL) \
    SEQUENCE(name##_deviations, bytes, is_brain, QUIRE_REDUCE_DEVIATIONS) \
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

FLOATS(f2, 2, 0)
FLOATS(bf2, 2, 1)
FLOATS(f4, 4, 0)
FLOATS(f8, 8, 0)

#include "quire_kernels_integers.h"

const kernels KERNEL(qi_kernels) = {{
    [QUIRE_F2] = KERNEL(f2),
    [QUIRE_BF2] = KERNEL(bf2),
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
    [QUIRE_B1] = KERNEL(b1),
}};

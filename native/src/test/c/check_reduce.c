/* check_reduce.c - the reduction kernels: every version gives the bits of the order of quire.h,
 * written down here once more, whatever the strides, and a fault is an answer. */
#include "check.h"

#include <limits.h>
#include <math.h>

#if !defined(_WIN32)
#include <pthread.h>
#endif

#define FILE_NAME "check_reduce.bin"
#define CHUNK 256
#define LANES 32
/* Whole chunks and a part of one, at an offset that no vector likes. */
#define ELEMENTS (45 * CHUNK + 77)
#define OFFSET 3
#define FIRST_ELEMENTS (17 * CHUNK)

static const struct {
    int32_t element;
    int32_t bytes;
    int32_t is_floating;
    int32_t is_signed;
} kinds[] = {{QUIRE_F4, 4, 1, 1}, {QUIRE_F8, 8, 1, 1}, {QUIRE_I1, 1, 0, 1}, {QUIRE_I2, 2, 0, 1},
             {QUIRE_I4, 4, 0, 1}, {QUIRE_I8, 8, 0, 1}, {QUIRE_U1, 1, 0, 0}, {QUIRE_U2, 2, 0, 0},
             {QUIRE_U4, 4, 0, 0}, {QUIRE_U8, 8, 0, 0}, {QUIRE_F2, 2, 1, 1}, {QUIRE_B1, 1, 0, 0},
             {QUIRE_BF2, 2, 1, 1}};
#define KINDS_OF_ELEMENTS ((int)(sizeof kinds / sizeof kinds[0]))
#define VERSIONS 3

static quire_region region;

/* Elements of that kind, side by side. */
static int32_t reduce_in(const quire_region *in, long long offset, long long length, int kind,
                         int32_t what, int32_t version, quire_reduction *result, quire_error *why) {
    int32_t bytes = kinds[kind].bytes;
    quire_lines lines = {offset, 1, 0, 1, 0, length / bytes, bytes};
    return quire_reduce(in, &lines, 0, length / bytes, kinds[kind].element, what, version, result,
                        why);
}

static int32_t reduce(long long offset, long long length, int kind, int32_t what, int32_t version,
                      quire_reduction *result) {
    return reduce_in(&region, offset, length, kind, what, version, result, &error);
}

static int has(int32_t version) {
    return quire_kernel_versions() >> version & 1;
}

/* The macros of mingw narrow to float. */
static int is_nan(double value) {
    return value != value;
}

static int is_negative(double value) {
    return __builtin_signbit(value) != 0;
}

/* ---- the order of operations, as plainly as it can be said ---- */

/* The volatile stores keep the compiler from fusing, whatever its flags. */
static double added(const double *x) {
    volatile double lanes[LANES] = {0};
    for (int i = 0; i < CHUNK; i++) {
        lanes[i % LANES] = lanes[i % LANES] + x[i];
    }
    for (int half = LANES / 2; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
            lanes[i] = lanes[i] + lanes[i + half];
        }
    }
    return lanes[0];
}

/* By the definition of IEEE 754, in steps that lose nothing. */
static double half_value(unsigned half) {
    int exponent = (int)(half >> 10 & 31);
    double value = (half & 1023) + (exponent > 0 ? 1024.0 : 0.0);
    for (int i = exponent > 0 ? exponent : 1; i < 25; i++) {
        value /= 2;
    }
    for (int i = exponent; i > 25; i--) {
        value *= 2;
    }
    if (exponent == 31) {
        value = (half & 1023) != 0 ? (double)NAN : (double)INFINITY;
    }
    return (half & 0x8000) != 0 ? -value : value;
}

/* Of an element of two bytes. */
static double short_value(unsigned code, int kind) {
    if (kinds[kind].element == QUIRE_F2) {
        return half_value(code);
    }
    uint32_t bits = (uint32_t)code << 16;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static double floating_at(const unsigned char *at, int kind) {
    double wide;
    float narrow;
    uint16_t half;
    switch (kinds[kind].element) {
    case QUIRE_F8:
        memcpy(&wide, at, sizeof wide);
        return wide;
    case QUIRE_F4:
        memcpy(&narrow, at, sizeof narrow);
        return narrow;
    default:
        memcpy(&half, at, sizeof half);
        return short_value(half, kind);
    }
}

static uint64_t integer_at(const unsigned char *at, int kind) {
    if (kinds[kind].element == QUIRE_B1) {
        return *at != 0;
    }
    uint64_t value = 0;
    for (int i = kinds[kind].bytes - 1; i >= 0; i--) {
        value = value << 8 | at[i];
    }
    int unused = 64 - 8 * kinds[kind].bytes;
    return kinds[kind].is_signed ? (uint64_t)((int64_t)(value << unused) >> unused) : value;
}

/* The element as a double; its halves are added to the sum, and it is compared. */
static double element_at(const unsigned char *at, int kind, quire_reduction *of) {
    if (kinds[kind].is_floating) {
        double value = floating_at(at, kind);
        int is_less = value < of->min
            || (value == of->min && is_negative(value) > is_negative(of->min));
        int is_more = value > of->max
            || (value == of->max && is_negative(value) < is_negative(of->max));
        of->min = is_nan(value) || is_nan(of->min) ? (double)NAN : is_less ? value : of->min;
        of->max = is_nan(value) || is_nan(of->max) ? (double)NAN : is_more ? value : of->max;
        return value;
    }
    uint64_t bits = integer_at(at, kind);
    int is_u8 = kinds[kind].element == QUIRE_U8;
    int64_t ordered = (int64_t)(is_u8 ? bits ^ (uint64_t)1 << 63 : bits);
    of->high += is_u8 ? (long long)(bits >> 32) : (long long)((int64_t)bits >> 32);
    of->low += (long long)(bits & 0xFFFFFFFF);
    of->smallest = ordered < of->smallest ? ordered : of->smallest;
    of->largest = ordered > of->largest ? ordered : of->largest;
    return is_u8 ? (double)bits : (double)(int64_t)bits;
}

static void keep(quire_reduction *of, double chunk) {
    volatile double sum = of->sum + chunk;
    of->lost += fabs(of->sum) >= fabs(chunk) ? (of->sum - sum) + chunk : (chunk - sum) + of->sum;
    of->sum = sum;
}

static void add_exactly(double value, double *sum, double *lost) {
    volatile double total = *sum + value, part = total - *sum, back = total - part;
    volatile double first = *sum - back, second = value - part;
    *lost += first + second;
    *sum = total;
}

static void merge(quire_reduction *of, int length, double pivot, double correction, double own) {
    if (of->count == 0) {
        of->mean = pivot;
        of->mean_low = correction;
        of->deviations = own;
    } else {
        volatile double delta = (pivot - of->mean) + (correction - of->mean_low);
        volatile double share = (double)length / (double)(of->count + length),
            weight = (double)of->count * share;
        volatile double scaled = delta * weight, between = scaled * delta, step = delta * share;
        add_exactly(own + between, &of->deviations, &of->deviations_lost);
        add_exactly(step, &of->mean, &of->mean_low);
    }
    of->count += length;
}

/* The deviations of integers of up to 4 bytes, from exact sums. */
static double exact_deviations(const unsigned char *from, long long stride, int kind, int length,
                               long long sum) {
    __int128 squares = 0;
    for (int i = 0; i < length; i++) {
        long long x = (long long)integer_at(from + i * stride, kind);
        squares += (__int128)x * x;
    }
    __int128 all = length * squares - (__int128)sum * sum;
    double upper = (double)(long long)(all >> 64) * 0x1p64;
    volatile double lower = (double)(unsigned long long)all;
    return (upper + lower) / length;
}

/* Adds a chunk; element i is stride bytes behind element i - 1. */
static void add_chunk(const unsigned char *from, long long stride, int kind, int length,
                      quire_reduction *of) {
    double x[CHUNK] = {0}, d[CHUNK] = {0}, q[CHUNK] = {0};
    long long high = of->high, low = of->low;
    for (int i = 0; i < length; i++) {
        x[i] = element_at(from + i * stride, kind, of);
        if (kinds[kind].is_floating && x[i] - x[i] != 0) {
            of->special |= x[i] > 0 ? QUIRE_SPECIAL_POSITIVE : x[i] < 0 ? QUIRE_SPECIAL_NEGATIVE
                : QUIRE_SPECIAL_NAN;
        }
    }
    double chunk = added(x);
    if (kinds[kind].is_floating) {
        keep(of, chunk);
    } else {
        chunk = (double)(of->high - high) * 0x1p32 + (double)(of->low - low);
    }
    double pivot = chunk / length;
    if (!kinds[kind].is_floating && kinds[kind].bytes <= 4) {
        long long sum = (of->high - high) * (1LL << 32) + (of->low - low);
        merge(of, length, (double)(sum / length), (double)(sum % length) / length,
              exact_deviations(from, stride, kind, length, sum));
        return;
    }
    for (int i = 0; i < length; i++) {
        volatile double deviation = x[i] - pivot, square = deviation * deviation;
        d[i] = deviation;
        q[i] = square;
    }
    volatile double residue = added(d), square = residue * residue,
        own = added(q) - square / length;
    merge(of, length, pivot, residue / length, own < 0 ? 0 : own);
}

static quire_reduction expected_of(const unsigned char *from, long long stride, int kind,
                                   int count) {
    quire_reduction of = {.min = INFINITY, .max = -INFINITY, .smallest = INT64_MAX,
                          .largest = INT64_MIN};
    for (int i = 0; i < count; i += CHUNK) {
        add_chunk(from + i * stride, stride, kind, count - i < CHUNK ? count - i : CHUNK, &of);
    }
    if (of.special != 0) {
        static const double sums[] = {0, INFINITY, -INFINITY, NAN};
        of.sum = sums[of.special];
    }
    return of;
}

static quire_reduction expected(const unsigned char *from, int kind, int count) {
    return expected_of(from, kinds[kind].bytes, kind, count);
}

/* ---- comparing ---- */

/* Bit for bit; one NaN is as good as another. */
static int same(double a, double b) {
    return memcmp(&a, &b, sizeof a) == 0 || (is_nan(a) && is_nan(b));
}

static void check_all(const quire_reduction *is, const quire_reduction *should, int kind) {
    CHECK_EQUAL(is->count, should->count);
    CHECK_EQUAL(is->special, should->special);
    CHECK(same(is->mean, should->mean));
    CHECK(same(is->mean_low, should->mean_low));
    CHECK(same(is->deviations, should->deviations));
    CHECK(same(is->deviations_lost, should->deviations_lost));
    if (kinds[kind].is_floating) {
        CHECK(same(is->sum, should->sum));
        CHECK(same(is->lost, should->lost));
        CHECK(same(is->min, should->min));
        CHECK(same(is->max, should->max));
    } else {
        CHECK(is->high + (is->low >> 32) == should->high + (should->low >> 32));
        CHECK((is->low & 0xFFFFFFFF) == (should->low & 0xFFFFFFFF));
        CHECK_EQUAL(is->smallest, should->smallest);
        CHECK_EQUAL(is->largest, should->largest);
    }
}

static void check_kind(int kind, int count, int offset) {
    quire_reduction should = expected(bytes(&region) + offset, kind, count);
    long long length = (long long)count * kinds[kind].bytes;
    for (int32_t version = 0; version < VERSIONS; version++) {
        if (!has(version)) {
            continue;
        }
        quire_reduction is = {0};
        CHECK_OK(reduce(offset, length, kind, QUIRE_REDUCE_ALL, version, &is));
        check_all(&is, &should, kind);
        if (kinds[kind].is_floating) {
            quire_reduction part = {0};
            CHECK_OK(reduce(offset, length, kind, QUIRE_REDUCE_SUM, version, &part));
            CHECK(same(part.sum, should.sum) && same(part.lost, should.lost)
                  && part.count == count);
            part = (quire_reduction){0};
            CHECK_OK(reduce(offset, length, kind, QUIRE_REDUCE_EXTREMES, version, &part));
            CHECK(same(part.min, should.min) && same(part.max, should.max) && part.count == count);
            part = (quire_reduction){0};
            CHECK_OK(reduce(offset, length, kind, QUIRE_REDUCE_DEVIATIONS, version, &part));
            CHECK(same(part.sum, should.sum) && same(part.deviations, should.deviations));
        }
    }
}

/* In two calls it is the same, if the first takes whole chunks. */
static void check_two_calls(int kind) {
    quire_reduction should = expected(bytes(&region) + OFFSET, kind, ELEMENTS);
    for (int32_t version = 0; version < VERSIONS; version++) {
        if (has(version)) {
            quire_reduction is = {0};
            long long first = (long long)FIRST_ELEMENTS * kinds[kind].bytes;
            long long rest = (long long)(ELEMENTS - FIRST_ELEMENTS) * kinds[kind].bytes;
            CHECK_OK(reduce(OFFSET, first, kind, QUIRE_REDUCE_ALL, version, &is));
            long long high = is.high, low = is.low, smallest = is.smallest, largest = is.largest;
            double min = is.min, max = is.max;
            CHECK_OK(reduce(OFFSET + first, rest, kind, QUIRE_REDUCE_ALL, version, &is));
            is.high += high;
            is.low += low;
            is.smallest = smallest < is.smallest ? smallest : is.smallest;
            is.largest = largest > is.largest ? largest : is.largest;
            is.min = min < is.min || is_nan(min) ? min : is.min;
            is.max = max > is.max || is_nan(max) ? max : is.max;
            check_all(&is, &should, kind);
        }
    }
}

/* Chunks that are stored, and merged in sequence by the caller, come to the same. */
static void check_stored_chunks(int kind) {
    enum { MOST = ELEMENTS / CHUNK + 1 };
    quire_reduction should = expected(bytes(&region) + OFFSET, kind, ELEMENTS);
    long long length = (long long)ELEMENTS * kinds[kind].bytes;
    for (int32_t version = 0; version < VERSIONS; version++) {
        if (!has(version)) {
            continue;
        }
        double sums[MOST + 1], moments[MOST + 1][3];
        sums[MOST] = moments[MOST][0] = 77;
        quire_reduction is = {.sums = (long long)(uintptr_t)sums,
                              .moments = (long long)(uintptr_t)moments};
        CHECK_OK(reduce(OFFSET, length, kind, QUIRE_REDUCE_ALL, version, &is));
        CHECK(is.mean == 0 && is.deviations == 0 && is.lost == 0);
        CHECK(sums[MOST] == 77 && moments[MOST][0] == 77);
        is.count = 0;
        is.sum = 0;
        for (int i = 0; i * CHUNK < ELEMENTS; i++) {
            int some = ELEMENTS - i * CHUNK < CHUNK ? ELEMENTS - i * CHUNK : CHUNK;
            if (kinds[kind].is_floating) {
                keep(&is, sums[i]);
            }
            merge(&is, some, moments[i][0], moments[i][1], moments[i][2]);
        }
        check_all(&is, &should, kind);
    }
}

/* ---- what the bytes are ---- */

static uint64_t next_random(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* The largest element of two bytes that is not above the value, by its distance from zero. */
static uint16_t short_of(double value, int kind) {
    uint16_t half = 0;
    for (unsigned bit = 0x4000; bit > 0; bit >>= 1) {
        if (short_value(half | bit, kind) <= fabs(value)) {
            half = (uint16_t)(half | bit);
        }
    }
    half = is_nan(value) ? 0x7FC1 : half;
    return is_negative(value) ? half | 0x8000 : half;
}

static void store(int kind, int i, double value) {
    float narrow = (float)value;
    uint16_t half = short_of(value, kind);
    const void *from = kinds[kind].bytes == 8   ? (const void *)&value
                       : kinds[kind].bytes == 4 ? (const void *)&narrow
                                                : (const void *)&half;
    memcpy(bytes(&region) + OFFSET + (size_t)i * (size_t)kinds[kind].bytes, from,
           (size_t)kinds[kind].bytes);
}

/* Any bits of integers, as many of a bool as not; floating-point numbers of one order, but any
   finite half. */
static void fill_numbers(int kind) {
    size_t length = (size_t)kinds[kind].bytes;
    for (int i = 0; i < ELEMENTS; i++) {
        uint64_t random = next_random();
        if (kinds[kind].element == QUIRE_B1 && random >> 63 != 0) {
            random = 0;
        } else if (kinds[kind].element == QUIRE_F2 && (random & 0x7C00) == 0x7C00) {
            random ^= 0x4000;
        } else if (kinds[kind].element == QUIRE_BF2) {
            random = (random & 0x83FF) | 0x3C00; /* exponents from 120 to 127 */
        }
        if (kinds[kind].is_floating && length > 2) {
            store(kind, i, (double)(int64_t)random * 0x1p-40);
        } else {
            memcpy(bytes(&region) + OFFSET + (size_t)i * length, &random, length);
        }
    }
}

/* Zeroes with and without a sign, infinities and NaN, in whole chunks and behind them. */
static void check_special(int kind) {
    static const double values[][3] = {{0.0, -0.0, 0.0}, {-0.0, -0.0, -0.0}, {0.0, 0.0, 0.0},
                                       {0.0, -0.0, 1.0}, {-1.0, 0.0, -0.0}, {INFINITY, 1.0, 2.0},
                                       {-INFINITY, 1, 2}, {NAN, 1.0, 2.0},
                                       {INFINITY, -INFINITY, 0.0}, {-NAN, 1.0, 1.0},
                                       {1e300, -1e300, 1e-300}, {1.7e308, 1.7e308, -1e308},
                                       {-INFINITY, 1e308, 1e308}, {INFINITY, 1, -1e308},
                                           {NAN, 1e308, 1e308},
                                       {INFINITY, -INFINITY, 1e308}};
    static const int counts[] = {1, 2, 3, 63, 255, 256, 257, 511, 512, 513, 1000};
    for (size_t v = 0; v < sizeof values / sizeof values[0]; v++) {
        for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
            for (int place = 0; place < 3; place++) {
                for (int i = 0; i < counts[c]; i++) {
                    store(kind, i, values[v][2]);
                }
                store(kind, place * (counts[c] - 1) / 2, values[v][0]);
                store(kind, (place * (counts[c] - 1) / 2 + 1) % counts[c], values[v][1]);
                check_kind(kind, counts[c], OFFSET);
            }
        }
    }
}

/* Each of them among zeroes, and alone. */
static void check_every_half(int kind) {
    for (unsigned half = 0; half <= 0xFFFF; half++) {
        int offset = (int)(half & 1);
        uint16_t value = (uint16_t)half;
        memset(bytes(&region), 0, CHUNK * sizeof value + 1);
        memcpy(bytes(&region) + offset + half / 2 % CHUNK * sizeof value, &value, sizeof value);
        check_kind(kind, CHUNK, offset);
        memcpy(bytes(&region) + offset, &value, sizeof value);
        check_kind(kind, 1, offset);
    }
}

/* Every count up to more than two chunks, wherever a vector may begin. */
static void check_tails(int kind) {
    fill_numbers(kind);
    for (int count = 0; count < 2 * CHUNK + 3; count++) {
        for (int offset = 0; offset < 4; offset++) {
            check_kind(kind, count, OFFSET + offset * kinds[kind].bytes);
            check_kind(kind, count, OFFSET + 1 + offset * kinds[kind].bytes);
        }
    }
}

/* ---- lines ---- */

/* Elements of the lines in their order, side by side. */
static void copy_lines(const quire_lines *l, int kind, unsigned char *to) {
    size_t length = (size_t)kinds[kind].bytes;
    for (long long i = 0; i < l->groups * l->lines * l->length; i++, to += length) {
        long long at = l->offset + i / l->length / l->lines * l->group_stride
                       + i / l->length % l->lines * l->line_stride + i % l->length * l->stride;
        memcpy(to, bytes(&region) + at, length);
    }
}

/* One sequence, in a call and in two, comes to what its copy comes to. */
static void check_sequence(const quire_lines *l, int kind, int32_t version,
                           const unsigned char *copy) {
    int count = (int)(l->groups * l->lines * l->length), first = count / 2 / CHUNK * CHUNK;
    quire_reduction should = expected(copy, kind, count), is = {0};
    int32_t element = kinds[kind].element;
    CHECK_OK(quire_reduce(&region, l, 0, count, element, QUIRE_REDUCE_ALL, version, &is, &error));
    check_all(&is, &should, kind);
    is = (quire_reduction){0};
    CHECK_OK(quire_reduce(&region, l, 0, first, element, QUIRE_REDUCE_ALL, version, &is, &error));
    CHECK_OK(quire_reduce(&region, l, first, count - first, element, QUIRE_REDUCE_ALL, version,
                          &is, &error));
    CHECK(same(is.mean, should.mean) && same(is.deviations, should.deviations)
          && is.count == should.count);
    CHECK(same(is.sum, should.sum) || !kinds[kind].is_floating);
}

static double completed(double sum, double lost) {
    return sum - sum == 0 ? sum + lost : sum;
}

/* Each line comes to what its copy comes to. */
static void check_each(const quire_lines *l, int kind, int32_t version, const unsigned char *copy) {
    int count = (int)(l->groups * l->lines), length = (int)l->length;
    double *is[3], overflowed[3] = {0};
    for (int i = 0; i < 3; i++) {
        static const int32_t whats[] = {QUIRE_REDUCE_SUM, QUIRE_REDUCE_EXTREMES,
                                        QUIRE_REDUCE_DEVIATIONS};
        is[i] = malloc(2 * sizeof(double) * (size_t)count);
        quire_line_results results = {(long long)(uintptr_t)is[i], -1};
        CHECK_OK(quire_reduce_lines(&region, l, kinds[kind].element, whats[i], version, &results,
                                    &error));
        overflowed[i] = (double)results.overflowed;
    }
    for (int i = 0; i < count; i++) {
        quire_reduction should = expected(copy + (size_t)i * (size_t)(length * kinds[kind].bytes),
                                          kind, length);
        double sum = completed(should.sum, should.lost);
        double deviations = completed(should.deviations, should.deviations_lost);
        CHECK(same(is[0][i], sum) && same(is[2][i], deviations));
        CHECK(same(is[1][2 * i], should.min) && same(is[1][2 * i + 1], should.max));
        overflowed[0] -= sum - sum != 0 && !should.special;
        overflowed[2] -= deviations - deviations != 0 && !should.special;
    }
    CHECK(overflowed[0] == 0 && overflowed[2] == 0);
    for (int i = 0; i < 3; i++) {
        free(is[i]);
    }
}

static void check_lines(const quire_lines *l, int kind) {
    size_t count = (size_t)(l->groups * l->lines * l->length);
    unsigned char *copy = malloc(count * (size_t)kinds[kind].bytes + 1);
    copy_lines(l, kind, copy);
    for (int32_t version = 0; version < VERSIONS; version++) {
        if (has(version)) {
            check_sequence(l, kind, version, copy);
            if (kinds[kind].is_floating) {
                check_each(l, kind, version, copy);
            }
        }
    }
    free(copy);
}

/* Rows and columns of a block of elements, all of them and every other one, backwards, and in
   groups. */
static void check_shapes(int kind) {
    static const int shapes[][2] = {{3, 700}, {700, 3}, {300, 37}, {37, 300}, {1, 1}, {2, 5000},
                                    {513, 20}};
    long long b = kinds[kind].bytes;
    fill_numbers(kind);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        long long rows = shapes[i][0], columns = shapes[i][1], row = columns * b,
            end = OFFSET + rows * row - b;
        const quire_lines all[] = {{OFFSET, 1, 0, rows, row, columns, b},
                                   {OFFSET, 1, 0, columns, b, rows, row},
                                   {end, 1, 0, rows, -row, columns, -b},
                                   {end, 1, 0, columns, -b, rows, -row},
                                   {OFFSET, 1, 0, (rows + 1) / 2, 2 * row, (columns + 1) / 2,
                                    2 * b},
                                   {OFFSET, 1, 0, (columns + 1) / 2, 2 * b, (rows + 1) / 2,
                                    2 * row},
                                   {OFFSET, rows, row, columns / 3, 3 * b, 3, b},
                                   {OFFSET, rows, row, 3, b, columns / 3, 3 * b},
                                   {OFFSET, 2, 0, columns, b, rows, row}};
        for (size_t k = 0; k < sizeof all / sizeof all[0]; k++) {
            check_lines(&all[k], kind);
        }
    }
}

/* Columns with an infinity, NaN and sums that are too large, beside others. */
static void check_special_columns(int kind) {
    const int columns = 40, rows = 260;
    fill_numbers(kind);
    for (int i = 0; i < 8 * columns; i++) {
        int is_large = i % columns == 7 && kinds[kind].bytes == 8;
        store(kind, i + 37 * columns, is_large ? 1.7e308 : i % 2 == 0 ? 0.0 : -0.0);
    }
    store(kind, 258 * columns + 3, NAN);
    store(kind, 201 * columns + 4, -INFINITY);
    store(kind, 202 * columns + 39, INFINITY);
    for (int i = 0; i < rows; i++) { /* columns whose lanes overflow the other way */
        store(kind, i * columns + 11, i == 150 ? -INFINITY : kinds[kind].bytes == 8 ? 1e308 : 1);
        store(kind, i * columns + 38, i == 150 ? INFINITY : kinds[kind].bytes == 8 ? -1e308 : 1);
    }
    quire_lines l = {OFFSET, 1, 0, columns, kinds[kind].bytes, rows, columns * kinds[kind].bytes};
    check_lines(&l, kind);
}

static void check_numbers(void) {
    static const int counts[] = {0, 1, 2, 7, 31, 32, 33, 64, 255, 256, 257, 1023, ELEMENTS};
    long long length = (long long)ELEMENTS * 8 + OFFSET;
    CHECK_OK(quire_map_anonymous(length, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    for (int kind = 0; kind < KINDS_OF_ELEMENTS; kind++) {
        fill_numbers(kind);
        for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
            check_kind(kind, counts[i], OFFSET);
        }
        check_two_calls(kind);
        check_stored_chunks(kind);
        check_shapes(kind);
        if (kinds[kind].is_floating) {
            check_special(kind);
            check_special_columns(kind);
        }
        if (kinds[kind].bytes < 4 && (kinds[kind].is_floating || kinds[kind].element == QUIRE_B1)) {
            check_tails(kind);
        }
        if (kinds[kind].is_floating && kinds[kind].bytes == 2) {
            check_every_half(kind);
        }
    }
    unmap(&region);
}

static void check_arguments(void) {
    quire_reduction result = {0};
    CHECK(quire_kernel_versions() > 0 && has(QUIRE_KERNELS_BASELINE));
    CHECK(*quire_kernels_name(QUIRE_KERNELS_BASELINE) != '\0' && *quire_kernels_name(-1) == '\0');
    CHECK_OK(quire_map_anonymous(4096, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    quire_lines one = {0, 1, 0, 1, 0, 1, 8}, lines = one;
    quire_line_results results = {(long long)(uintptr_t)&result, 0};
    CHECK_CODE(quire_reduce(&region, &one, 0, 1, 13, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, 0, 1, -1, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, 0, 1, QUIRE_F8, 4, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, 0, 2, QUIRE_F8, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, 2, 0, QUIRE_F8, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, -1, 1, QUIRE_F8, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce(&region, &one, 0, 1, QUIRE_F8, 0, 31, &result, &error),
               QUIRE_E_UNSUPPORTED);
    CHECK_CODE(quire_reduce(&region, &one, 0, 1, QUIRE_F8, 0, -1, &result, &error),
               QUIRE_E_UNSUPPORTED);
    CHECK_CODE(quire_reduce_lines(&region, &one, QUIRE_F8, 2, 0, &results, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reduce_lines(&region, &one, QUIRE_I4, 0, 0, &results, &error),
               QUIRE_E_INVALID_ARGUMENT);
    static const quire_lines outside[] = {
        {4089, 1, 0, 1, 0, 1, 8},  {-8, 1, 0, 1, 0, 1, 8},         {0, 2, 4089, 1, 0, 1, 8},
            {0, 2, -1, 1, 0, 1, 8},
        {0, 1, 0, 2, 4089, 1, 8},  {0, 1, 0, 1, 0, 513, 8},        {8, 1, 0, 1, 0, 3, -8},
        {0, 1, 0, 1, 0, 3, 1LL << 62}, {8, 1, 0, 3, -(1LL << 62), 1, 8}};
    for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
        CHECK_CODE(quire_reduce(&region, &outside[i], 0, 1, QUIRE_F8, 0, 0, &result, &error),
                   QUIRE_E_OUT_OF_RANGE);
        CHECK_CODE(quire_reduce_lines(&region, &outside[i], QUIRE_F8, 0, 0, &results, &error),
                   QUIRE_E_OUT_OF_RANGE);
    }
    lines.length = -1;
    CHECK_CODE(quire_reduce(&region, &lines, 0, 0, QUIRE_F8, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    lines = (quire_lines){0, 1LL << 31, 0, 1LL << 31, 0, 2, 0};
    CHECK_CODE(quire_reduce(&region, &lines, 0, 0, QUIRE_F8, 0, 0, &result, &error),
               QUIRE_E_INVALID_ARGUMENT);
    unmap(&region);
}

/* Nothing is at the places and strides that lead to no element: the sanitizers see if a pointer
   goes there all the same. */
static void check_unused_numbers(void) {
    static const quire_lines unused[] = {
        {LLONG_MAX, 1, 0, 1, 0, 0, 8},
        {LLONG_MIN, 0, LLONG_MAX, 0, LLONG_MIN, 5, LLONG_MAX},
        {0, 3, LLONG_MAX, 2, LLONG_MIN, 0, LLONG_MAX},
        {8, 1, LLONG_MAX, 1, LLONG_MIN, 1, LLONG_MAX}};
    double sums[6] = {1, 1, 1, 1, 1, 1};
    quire_line_results results = {(long long)(uintptr_t)sums, 0};
    CHECK_OK(quire_map_anonymous(4096, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    for (size_t i = 0; i < sizeof unused / sizeof unused[0]; i++) {
        quire_reduction result = {0};
        long long count = unused[i].groups * unused[i].lines * unused[i].length;
        CHECK_OK(quire_reduce(&region, &unused[i], 0, count, QUIRE_F8, 0, 0, &result, &error));
        CHECK(result.count == count && result.sum == 0);
        CHECK_OK(quire_reduce_lines(&region, &unused[i], QUIRE_F8, 0, 0, &results, &error));
    }
    CHECK(sums[0] == 0 && sums[5] == 0);
    unmap(&region);
}

/* ---- faults ---- */

#if !defined(_WIN32)

#define KEPT_LENGTH 65536
#define LOST_LENGTH (3 * KEPT_LENGTH)

static void check_fault(const quire_region *gone) {
    for (int32_t version = 0; version < VERSIONS; version++) {
        for (int kind = 0; kind < KINDS_OF_ELEMENTS && has(version); kind++) {
            for (int32_t what = QUIRE_REDUCE_SUM; what <= QUIRE_REDUCE_ALL; what++) {
                quire_error own;
                quire_reduction result = {0};
                int32_t code = reduce_in(gone, 0, gone->length, kind, what, version, &result, &own);
                CHECK_EQUAL(code, QUIRE_E_FAULT);
                long long rest = gone->length % (CHUNK * 8) + 8;
                code = reduce_in(gone, gone->length - rest, rest, kind, what, version, &result,
                                 &own);
                CHECK_EQUAL(code, QUIRE_E_FAULT);
            }
        }
    }
}

static void *fault_often(void *gone) {
    for (int i = 0; i < 20; i++) {
        check_fault(gone);
    }
    return NULL;
}

/* Zeroes are no numbers: neither when this call is the first to meet them nor when they were there
   before. */
static void check_first_fault(int32_t version) {
    quire_reduction result = {0};
    for (int kind = 0; kind < KINDS_OF_ELEMENTS && has(version); kind++) {
        write_file(FILE_NAME, LOST_LENGTH);
        CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &region, &error));
        CHECK_OK(reduce(0, LOST_LENGTH, kind, QUIRE_REDUCE_ALL, version, &result));
        CHECK(truncate(FILE_NAME, KEPT_LENGTH) == 0);
        CHECK_CODE(reduce(0, LOST_LENGTH, kind, QUIRE_REDUCE_ALL, version, &result), QUIRE_E_FAULT);
        CHECK_OK(reduce(0, KEPT_LENGTH, kind, QUIRE_REDUCE_ALL, version, &result));
        unmap(&region);
        CHECK(remove(FILE_NAME) == 0);
    }
}

static void check_faults(void) {
    for (int32_t version = 0; version < VERSIONS; version++) {
        check_first_fault(version);
    }
    write_file(FILE_NAME, LOST_LENGTH);
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &region, &error));
    CHECK(truncate(FILE_NAME, KEPT_LENGTH) == 0);
    check_fault(&region);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, fault_often, &region) == 0);
    }
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    unmap(&region);
    CHECK(remove(FILE_NAME) == 0);
}

/* Before anything is healed no kernel may run into a fault. */
static void check_unhealed(void) {
    quire_reduction result = {0};
    CHECK_OK(quire_map_anonymous(4096, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_CODE(reduce(0, 8, 1, 0, 0, &result), QUIRE_E_UNSUPPORTED);
    CHECK_EQUAL(region.record, 0);
    unmap(&region);
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
}

#else

/* Windows truncates no mapped file; a page that cannot be read is as good. */
static void check_unhealed(void) {
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_UNAVAILABLE);
}

static void check_faults(void) {
    CHECK_OK(quire_map_anonymous(3 * 65536, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_OK(quire_protect(&region, 65536, 65536, QUIRE_ACCESS_NONE, &error));
    for (int32_t version = 0; version < VERSIONS; version++) {
        for (int kind = 0; kind < KINDS_OF_ELEMENTS && has(version); kind++) {
            for (int32_t what = QUIRE_REDUCE_SUM; what <= QUIRE_REDUCE_ALL; what++) {
                quire_reduction result = {0};
                CHECK_CODE(reduce(0, region.length, kind, what, version, &result), QUIRE_E_FAULT);
                CHECK_OK(reduce(0, 65536, kind, what, version, &result));
            }
        }
    }
    unmap(&region);
}

#endif

int main(void) {
    check_unhealed();
    check_arguments();
    check_unused_numbers();
    check_numbers();
    check_faults();
    for (int32_t version = 0; version < VERSIONS; version++) {
        if (!has(version) && *quire_kernels_name(version) != '\0') {
            printf("skip: this machine has no %s\n", quire_kernels_name(version));
        }
    }
    return summary("check_reduce");
}

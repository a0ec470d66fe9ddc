/*
 * quire_kernels_integers.h - the part of quire_kernels.h for integers: their sum is exact. So
 * are a chunk's deviations for elements of up to 4 bytes; those of 8 bytes become doubles.
 */

/* What a chunk of integers comes to exactly, and the extremes until now. */
typedef struct integers {
    long long high; /* the sum is high * 2^32 + low */
    long long low;
    long long smallest;
    long long largest;
} integers;

ALWAYS_INLINE int has_moments(int32_t what) {
    return what == QUIRE_REDUCE_ALL || what == QUIRE_REDUCE_DEVIATIONS;
}

ALWAYS_INLINE int has_extremes(int32_t what) {
    return what == QUIRE_REDUCE_ALL || what == QUIRE_REDUCE_EXTREMES;
}

/* Elements of up to 4 bytes: sum_type holds a chunk's sum. The loops stay apart because compilers
   make vector code of each, and of no mixture. */
#define NARROW(name, type, sum_type) \
    typedef type __attribute__((aligned(1), may_alias)) mapped_##name; \
    ALWAYS_INLINE void add_##name(const char *from, int count, int32_t what, integers *to) { \
        const mapped_##name *x = (const mapped_##name *)from; \
        sum_type sum = 0; \
        for (int i = 0; i < count; i++) { \
            sum += (sum_type)x[i]; \
        } \
        to->high = 0; \
        to->low = sum; \
        if (has_extremes(what)) { \
            type min = x[0], max = x[0]; \
            for (int i = 0; i < count; i++) { \
                min = x[i] < min ? x[i] : min; \
                max = x[i] > max ? x[i] : max; \
            } \
            to->smallest = min < to->smallest ? min : to->smallest; \
            to->largest = max > to->largest ? max : to->largest; \
        } \
    }

NARROW(i1, signed char, int32_t)
NARROW(i2, short, int32_t)
NARROW(i4, int32_t, long long)
NARROW(u1, unsigned char, int32_t)
NARROW(u2, unsigned short, int32_t)
NARROW(u4, uint32_t, long long)

typedef unsigned __int128 squares_sum;

/* The squares of a chunk's elements, added up. Those of 2 bytes have 32 bits: their halves are
   added apart. */
#define SQUARES_OF_1(name) \
    ALWAYS_INLINE squares_sum squares_##name(const char *from, int count) { \
        const mapped_##name *x = (const mapped_##name *)from; \
        int32_t sum = 0; \
        for (int i = 0; i < count; i++) { \
            sum += x[i] * x[i]; \
        } \
        return (squares_sum)sum; \
    }

#define SQUARES_OF_2(name, type) \
    ALWAYS_INLINE squares_sum squares_##name(const char *from, int count) { \
        const mapped_##name *x = (const mapped_##name *)from; \
        uint32_t upper = 0, lower = 0; \
        for (int i = 0; i < count; i++) { \
            uint32_t square = (uint32_t)(type)x[i] * (uint32_t)(type)x[i]; \
            upper += square >> 16; \
            lower += square & 0xFFFF; \
        } \
        return ((squares_sum)upper << 16) + lower; \
    }

SQUARES_OF_1(i1)
SQUARES_OF_1(u1)
SQUARES_OF_2(i2, int32_t)
SQUARES_OF_2(u2, uint32_t)

/* Bytes of which any but 0 is 1. */
ALWAYS_INLINE void add_b1(const char *from, int count, int32_t what, integers *to) {
    const mapped_u1 *x = (const mapped_u1 *)from;
    int32_t sum = 0;
    for (int i = 0; i < count; i++) {
        sum += x[i] != 0;
    }
    to->high = 0;
    to->low = sum;
    if (has_extremes(what)) {
        long long least = sum == count, most = sum > 0;
        to->smallest = least < to->smallest ? least : to->smallest;
        to->largest = most > to->largest ? most : to->largest;
    }
}

typedef unsigned long long unsigned_bits __attribute__((vector_size(VECTOR)));
typedef unsigned long long mapped_longs __attribute__((vector_size(VECTOR), aligned(1), may_alias));
typedef const volatile unsigned long long __attribute__((aligned(1), may_alias)) mapped_long;

#define HALF 0xFFFFFFFFULL
#define SIGN 0x8000000000000000ULL
/* The bits of 2^84 with a number below 2^32 in units of 2^32, and of 2^52 with one in units of
   1. */
#define HIGH_UNITS 0x4530000000000000ULL
#define LOW_UNITS 0x4330000000000000ULL

/* Adds a chunk's deviations from its exact sums. Its mean is a whole number and a correction. */
ALWAYS_INLINE void merge_exactly(quire_reduction *total, long long sum, squares_sum squares,
                                 int length) {
    squares_sum all = (squares_sum)length * squares - (squares_sum)((__int128)sum * sum);
    double upper = (double)(long long)(all >> 64) * 0x1p64;
    double lower = (double)(long long)(all >> 32 & HALF) * 0x1p32 + (double)(long long)(all & HALF);
    long long whole = sum / length;
    merge_deviations(total, (double)whole, (double)(sum % length) / length,
                     (upper + lower) / length, length);
}

/* The products of the lower halves of integers of 64 bits. */
#if !defined(LOWER_PRODUCTS)
#define LOWER_PRODUCTS(a, b) (((a) & HALF) * ((b) & HALF))
#endif

typedef uint32_t unsigned_words __attribute__((vector_size(VECTOR)));
typedef int32_t mapped_words __attribute__((vector_size(VECTOR), aligned(1), may_alias));

/* The squares of elements of 4 bytes. The upper halves of the squares are added up, and the squares
   themselves without what overflows: that leaves open no more than the lower halves' sum, which
   cannot overflow. */
ALWAYS_INLINE squares_sum squares_of_4(const char *from, int count, int is_signed) {
    unsigned_bits sums = {0}, uppers = {0};
    int i = 0;
    for (; i + 2 * WIDTH <= count; i += 2 * WIDTH) {
        words x = *(const mapped_words *)(from + (long long)i * 4);
        unsigned_words sign = (unsigned_words)(x >> 31), bits_of_x = (unsigned_words)x;
        unsigned_bits a = (unsigned_bits)(is_signed ? (bits_of_x ^ sign) - sign : bits_of_x);
        unsigned_bits even = LOWER_PRODUCTS(a, a), odd = LOWER_PRODUCTS(a >> 32, a >> 32);
        sums += even + odd;
        uppers += (even >> 32) + (odd >> 32);
    }
    unsigned long long sum = 0, upper = 0;
    for (int k = 0; k < WIDTH; k++) {
        sum += sums[k];
        upper += uppers[k];
    }
    for (; i < count; i++) {
        int32_t x = ((mapped_int *)from)[i];
        unsigned long long size = is_signed && x < 0 ? 0 - (uint32_t)x : (uint32_t)x;
        sum += size * size;
        upper += size * size >> 32;
    }
    return ((squares_sum)upper << 32) + (sum - (upper << 32));
}

ALWAYS_INLINE squares_sum squares_i4(const char *from, int count) {
    return squares_of_4(from, count, 1);
}

ALWAYS_INLINE squares_sum squares_u4(const char *from, int count) {
    return squares_of_4(from, count, 0);
}

#if !defined(LESSER_LONGS)
#define CHOSEN_LONGS(mask, a, b) (((a) & (mask)) | ((b) & ~(mask)))
#define LESSER_LONGS(a, b) CHOSEN_LONGS((a) < (b), a, b)
#define GREATER_LONGS(a, b) CHOSEN_LONGS((a) > (b), a, b)
#endif

/* The extremes of a chunk's elements of 8 bytes less 2^63, which have an order of signed ones. */
ALWAYS_INLINE void compare_wide(const char *from, int count, unsigned long long flip,
                                integers *to) {
    int i = 0;
#if !defined(ONE_LONG_AT_ONCE)
    bits min = (bits)(to->smallest - (bits){0}), max = (bits)(to->largest - (bits){0});
    for (; i + 2 * WIDTH <= count; i += 2 * WIDTH) {
        const char *at = from + (long long)i * 8;
        bits a = (bits)(*(const mapped_longs *)at ^ flip ^ SIGN);
        bits b = (bits)(*(const mapped_longs *)(at + VECTOR) ^ flip ^ SIGN);
        min = LESSER_LONGS(LESSER_LONGS(a, b), min);
        max = GREATER_LONGS(GREATER_LONGS(a, b), max);
    }
    for (int k = 0; k < WIDTH; k++) {
        to->smallest = min[k] < to->smallest ? min[k] : to->smallest;
        to->largest = max[k] > to->largest ? max[k] : to->largest;
    }
#endif
    for (; i < count; i++) {
        long long x = (long long)(((mapped_long *)from)[i] ^ flip ^ SIGN);
        to->smallest = x < to->smallest ? x : to->smallest;
        to->largest = x > to->largest ? x : to->largest;
    }
}

/* Adds the halves of a chunk's elements apart. Signed ones (flip is the sign then, else 0) get 2^63
   more, so that all are unsigned; the upper half of each then has 2^31 too much. */
ALWAYS_INLINE void sum_wide(const char *from, int count, unsigned long long flip, integers *to) {
    unsigned_bits high = {0}, low = {0};
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
        unsigned_bits biased = *(const mapped_longs *)(from + (long long)i * 8) ^ flip;
        high += biased >> 32;
        low += biased & HALF;
    }
    to->high = -(long long)(flip >> 32) * count;
    to->low = 0;
    for (; i < count; i++) {
        unsigned long long biased = ((mapped_long *)from)[i] ^ flip;
        to->high += (long long)(biased >> 32);
        to->low += (long long)(biased & HALF);
    }
    for (int k = 0; k < WIDTH; k++) {
        to->high += (long long)high[k];
        to->low += (long long)low[k];
    }
}

/* A chunk's elements of 8 bytes as doubles: each half becomes one by its place in one; the only
   rounding is that of the last addition. */
ALWAYS_INLINE void widen_wide(const char *from, int count, unsigned long long flip, double *to) {
    const double shift = flip == 0 ? 0x1p84 + 0x1p52 : 0x1p84 + 0x1p63 + 0x1p52;
    int i = 0;
    for (; i + WIDTH <= count; i += WIDTH) {
        unsigned_bits biased = *(const mapped_longs *)(from + (long long)i * 8) ^ flip;
        unsigned_bits upper = biased >> 32, lower = biased & HALF;
        *(mapped_doubles *)(to + i) =
            ((vector)(upper | HIGH_UNITS) - shift) + (vector)(lower | LOW_UNITS);
    }
    for (; i < count; i++) {
        unsigned long long biased = ((mapped_long *)from)[i] ^ flip;
        to[i] = (double)((long long)(biased >> 32) - (long long)(flip >> 32)) * 0x1p32
            + (double)(long long)(biased & HALF);
    }
}

ALWAYS_INLINE void add_wide(const char *from, int count, unsigned long long flip, int32_t what,
                            integers *to) {
    sum_wide(from, count, flip, to);
    if (has_extremes(what)) {
        compare_wide(from, count, flip, to);
    }
}

ALWAYS_INLINE void add_i8(const char *from, int count, int32_t what, integers *to) {
    add_wide(from, count, SIGN, what, to);
}

ALWAYS_INLINE void add_u8(const char *from, int count, int32_t what, integers *to) {
    add_wide(from, count, 0, what, to);
}

/* The deviations of a chunk of doubles; what fills it up deviates by nothing. A function of its
   own, which types of integers share. */
IN_KERNELS static void KERNEL(deviate_staged)(double *values, int length, double pivot,
                                              quire_reduction *total) {
    for (int i = length; i < CHUNK; i++) {
        values[i] = pivot;
    }
    chunk_moments moments = deviate((const char *)values, CHUNK / LANES, NULL, DOUBLES, pivot);
    merge(total, &moments, length);
}

/* Element types by how their deviations come about. */
#define EXACT(name) \
    ALWAYS_INLINE void deviate_##name(const char *from, int length, integers *chunk, \
                                      quire_reduction *total) { \
        merge_exactly(total, chunk->low, squares_##name(from, length), length); \
    }

#define ROUNDED(name, flip) \
    ALWAYS_INLINE void deviate_##name(const char *from, int length, integers *chunk, \
                                      quire_reduction *total) { \
        double values[CHUNK]; \
        widen_wide(from, length, flip, values); \
        KERNEL(deviate_staged)(values, length, \
            ((double)chunk->high * 0x1p32 + (double)chunk->low) / length, total); \
    }

EXACT(i1)
EXACT(i2)
EXACT(u1)
EXACT(u2)
EXACT(i4)
EXACT(u4)
ROUNDED(i8, SIGN)
ROUNDED(u8, 0)

/* The square of 1 is 1. */
ALWAYS_INLINE void deviate_b1(const char *from, int length, integers *chunk,
                              quire_reduction *total) {
    (void)from;
    merge_exactly(total, chunk->low, (squares_sum)chunk->low, length);
}

#define INTEGERS(name, bytes) \
    ALWAYS_INLINE void add_chunk_##name(const char *at, int length, int32_t what, integers *chunk, \
                                        quire_reduction *total) { \
        add_##name(at, length, what, chunk); \
        total->high += chunk->high; \
        total->low += chunk->low; \
        if (has_moments(what)) { \
            deviate_##name(at, length, chunk, total); \
        } else { \
            total->count += length; \
        } \
    } \
    IN_KERNELS static void KERNEL(name)(const char *from, long long count, int32_t what, \
                                        quire_reduction *total) { \
        const reduction_job *job = (const reduction_job *)total; \
        cursor c = begin(from, job->lines, job->first); \
        integers chunk = {.smallest = total->smallest, .largest = total->largest}; \
        char stage[CHUNK * (bytes)]; \
        quire_reduction own = *total; \
        for (; count >= CHUNK; count -= CHUNK) { \
            add_chunk_##name(next_elements(&c, CHUNK, bytes, stage), CHUNK, what, &chunk, &own); \
        } \
        if (count > 0) { \
            const char *at = next_elements(&c, (int)count, bytes, stage); \
            add_chunk_##name(at, (int)count, what, &chunk, &own); \
        } \
        own.smallest = chunk.smallest; \
        own.largest = chunk.largest; \
        *total = own; \
    }

INTEGERS(i1, 1)
INTEGERS(i2, 2)
INTEGERS(i4, 4)
INTEGERS(i8, 8)
INTEGERS(u1, 1)
INTEGERS(u2, 2)
INTEGERS(u4, 4)
INTEGERS(u8, 8)
INTEGERS(b1, 1)

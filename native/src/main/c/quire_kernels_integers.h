/*
 * quire_kernels_integers.h - the part of quire_kernels.h for integers: their sum is exact, and their
 * deviations are those of the doubles they become.
 */

/* A chunk of integers as doubles, what they come to exactly, and their extremes until now. */
typedef struct integers {
    double values[CHUNK];
    long long high; /* the sum is high * 2^32 + low */
    long long low;
    long long smallest;
    long long largest;
} integers;

/* Elements of up to 4 bytes: sum_type holds a chunk's sum, AS_DOUBLE(x) is exact. The loops stay apart
   because compilers make vector code of each, and of no mixture. */
#define NARROW(name, type, sum_type, AS_DOUBLE) \
    typedef type __attribute__((aligned(1), may_alias)) mapped_##name; \
    ALWAYS_INLINE void stage_##name(const char *from, integers *to) { \
        const mapped_##name *x = (const mapped_##name *)from; \
        sum_type sum = 0; \
        type min = x[0], max = x[0]; \
        for (int i = 0; i < CHUNK; i++) { \
            sum += (sum_type)x[i]; \
        } \
        for (int i = 0; i < CHUNK; i++) { \
            min = x[i] < min ? x[i] : min; \
            max = x[i] > max ? x[i] : max; \
        } \
        for (int i = 0; i < CHUNK; i++) { \
            to->values[i] = AS_DOUBLE(x[i]); \
        } \
        to->high = 0; \
        to->low = sum; \
        to->smallest = min < to->smallest ? min : to->smallest; \
        to->largest = max > to->largest ? max : to->largest; \
    } \
    ALWAYS_INLINE void stage_rest_##name(const char *from, int count, integers *to) { \
        const volatile mapped_##name *x = (const volatile mapped_##name *)from; \
        to->high = to->low = 0; \
        for (int i = 0; i < count; i++) { \
            type value = x[i]; \
            to->low += value; \
            to->smallest = value < to->smallest ? value : to->smallest; \
            to->largest = value > to->largest ? value : to->largest; \
            to->values[i] = (double)value; \
        } \
    }

#define DIRECTLY(x) ((double)(x))
/* There are instructions for signed integers everywhere. */
#define FROM_SIGNED(x) ((double)(int32_t)((x) ^ 0x80000000U) + 0x1p31)

NARROW(i1, signed char, int32_t, DIRECTLY)
NARROW(i2, short, int32_t, DIRECTLY)
NARROW(i4, int32_t, long long, DIRECTLY)
NARROW(u1, unsigned char, int32_t, DIRECTLY)
NARROW(u2, unsigned short, int32_t, DIRECTLY)
NARROW(u4, uint32_t, long long, FROM_SIGNED)

/* Bytes of which any but 0 is 1. */
ALWAYS_INLINE void stage_b1(const char *from, integers *to) {
    const mapped_u1 *x = (const mapped_u1 *)from;
    mapped_u1 truths[CHUNK];
    for (int i = 0; i < CHUNK; i++) {
        truths[i] = x[i] != 0;
    }
    stage_u1((const char *)truths, to);
}

ALWAYS_INLINE void stage_rest_b1(const char *from, int count, integers *to) {
    const volatile mapped_u1 *x = (const volatile mapped_u1 *)from;
    mapped_u1 truths[CHUNK];
    for (int i = 0; i < count; i++) {
        truths[i] = x[i] != 0;
    }
    stage_rest_u1((const char *)truths, count, to);
}

typedef unsigned long long unsigned_bits __attribute__((vector_size(VECTOR)));
typedef unsigned long long mapped_longs __attribute__((vector_size(VECTOR), aligned(1), may_alias));
typedef const volatile unsigned long long __attribute__((aligned(1), may_alias)) mapped_long;

#define HALF 0xFFFFFFFFULL
#define SIGN 0x8000000000000000ULL
/* The bits of 2^84 with a number below 2^32 in units of 2^32, and of 2^52 with one in units of 1. */
#define HIGH_UNITS 0x4530000000000000ULL
#define LOW_UNITS 0x4330000000000000ULL

/* Elements of 8 bytes. Signed ones (flip is the sign then, else 0) get 2^63 more, so that all are
   unsigned; the upper half of each then has 2^31 too much. Each half becomes a double by its place in one;
   the only rounding is that of the last addition. Extremes are compared less 2^63. */
ALWAYS_INLINE void stage_wide(const char *from, unsigned long long flip, integers *to) {
    const double shift = flip == 0 ? 0x1p84 + 0x1p52 : 0x1p84 + 0x1p63 + 0x1p52;
    unsigned_bits high = {0}, low = {0};
    bits min = (bits)(to->smallest - (bits){0}), max = (bits)(to->largest - (bits){0});
    for (int i = 0; i < CHUNK / WIDTH; i++) {
        unsigned_bits biased = *(const mapped_longs *)(from + (long long)i * VECTOR) ^ flip;
        unsigned_bits upper = biased >> 32, lower = biased & HALF;
        bits x = (bits)(biased ^ SIGN);
        bits is_less = x < min, is_more = x > max;
        min = (x & is_less) | (min & ~is_less);
        max = (x & is_more) | (max & ~is_more);
        high += upper;
        low += lower;
        vector value = ((vector)(upper | HIGH_UNITS) - shift) + (vector)(lower | LOW_UNITS);
        for (int k = 0; k < WIDTH; k++) {
            to->values[i * WIDTH + k] = value[k];
        }
    }
    to->high = -(long long)(flip >> 32) * CHUNK;
    to->low = 0;
    for (int k = 0; k < WIDTH; k++) {
        to->high += (long long)high[k];
        to->low += (long long)low[k];
        to->smallest = min[k] < to->smallest ? min[k] : to->smallest;
        to->largest = max[k] > to->largest ? max[k] : to->largest;
    }
}

ALWAYS_INLINE void stage_rest_wide(const char *from, unsigned long long flip, int count, integers *to) {
    to->high = to->low = 0;
    for (int i = 0; i < count; i++) {
        unsigned long long biased = ((mapped_long *)from)[i] ^ flip;
        long long x = (long long)(biased ^ SIGN);
        long long upper = (long long)(biased >> 32) - (long long)(flip >> 32);
        long long lower = (long long)(biased & HALF);
        to->high += upper;
        to->low += lower;
        to->smallest = x < to->smallest ? x : to->smallest;
        to->largest = x > to->largest ? x : to->largest;
        to->values[i] = (double)upper * 0x1p32 + (double)lower;
    }
}

ALWAYS_INLINE void stage_i8(const char *from, integers *to) {
    stage_wide(from, SIGN, to);
}

ALWAYS_INLINE void stage_rest_i8(const char *from, int count, integers *to) {
    stage_rest_wide(from, SIGN, count, to);
}

ALWAYS_INLINE void stage_u8(const char *from, integers *to) {
    stage_wide(from, 0, to);
}

ALWAYS_INLINE void stage_rest_u8(const char *from, int count, integers *to) {
    stage_rest_wide(from, 0, count, to);
}

/* The deviations of a staged chunk; what fills it up deviates by nothing. A function of its own, which all types
   of integers share. */
IN_KERNELS static void KERNEL(deviate_staged)(integers *staged, int length, quire_reduction *total) {
    double pivot = ((double)staged->high * 0x1p32 + (double)staged->low) / length;
    for (int i = length; i < CHUNK; i++) {
        staged->values[i] = pivot;
    }
    chunk_moments chunk = deviate((const char *)staged->values, CHUNK / LANES, NULL, 1, pivot);
    merge(total, &chunk, length);
}

ALWAYS_INLINE void add_staged(integers *staged, int length, int32_t what, quire_reduction *total) {
    total->high += staged->high;
    total->low += staged->low;
    if (what == QUIRE_REDUCE_ALL || what == QUIRE_REDUCE_DEVIATIONS) {
        KERNEL(deviate_staged)(staged, length, total);
    } else {
        total->count += length;
    }
}

#define INTEGERS(name, bytes) \
    IN_KERNELS static void KERNEL(name)(const char *from, long long count, int32_t what, quire_reduction *total) { \
        const reduction_job *job = (const reduction_job *)total; \
        cursor c = begin(from, job->lines, job->first); \
        integers staged = {.smallest = total->smallest, .largest = total->largest}; \
        char stage[CHUNK * (bytes)]; \
        quire_reduction own = *total; \
        for (; count >= CHUNK; count -= CHUNK) { \
            stage_##name(next_elements(&c, CHUNK, bytes, stage), &staged); \
            add_staged(&staged, CHUNK, what, &own); \
        } \
        if (count > 0) { \
            stage_rest_##name(next_elements(&c, (int)count, bytes, stage), (int)count, &staged); \
            add_staged(&staged, (int)count, what, &own); \
        } \
        own.smallest = staged.smallest; \
        own.largest = staged.largest; \
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

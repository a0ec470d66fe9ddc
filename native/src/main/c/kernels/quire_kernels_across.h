/*
 * quire_kernels_across.h - the part of quire_kernels.h for lines whose neighbours are closer in
 * memory than their own elements: many lines at once, a vector of neighbours at a time, in the
 * order of each.
 */

/* Lines at work at once: their lanes stay in the cache of the second level, and the stretches of
   memory are long enough for the processor to fetch ahead. 20,000 x 5,000 doubles on an AMD EPYC
   (Zen 4): blocks of 256 took 64 ms, of 512 51, of 1024 43. Deviations go over 256 rows of a block
   three times. */
#define BLOCK 1024
#define DEVIATION_BLOCK 256

/* So few lines side by side are better reduced one after the other. */
#define FEW_LINES 16

/* Rows that extremes take at once. */
#define ROWS 8

ALWAYS_INLINE int is_across(const quire_lines *lines) {
    long long apart = lines->line_stride < 0 ? -lines->line_stride : lines->line_stride;
    long long step = lines->stride < 0 ? -lines->stride : lines->stride;
    return lines->lines >= FEW_LINES && apart < step;
}

/* What a pass over a chunk adds to the lanes. */
enum term { VALUES, RESIDUES, SQUARES };

/* Elements of a chunk of neighbouring lines. */
typedef struct rows {
    const char *from;   /* the first element of the first line */
    long long step;     /* to the next element of a line */
    long long apart;    /* to the next line */
    int count;          /* elements of the chunk */
    int width;          /* lines */
    const double *pivots;
} rows;

/* As many neighbours as a vector has. */
ALWAYS_INLINE vector load_neighbours(const char *at, long long apart, int32_t is_packed,
                                     enum form form) {
    if (is_packed) {
        return load(at, 0, form);
    }
    vector x;
    UNROLLED
    for (int i = 0; i < WIDTH; i++) {
        x[i] = load_one(at + i * apart, form);
    }
    return x;
}

#define TERM(x, pivot) \
    (term == VALUES ? (x) : term == RESIDUES ? (x) - (pivot) : ((x) - (pivot)) * ((x) - (pivot)))

/* Lane l and lane l + 16 of every line, and their sum. */
ALWAYS_INLINE void sum_two_lanes(const rows *in, int l, int32_t is_packed, enum form form,
                                 enum term term, double *to) {
    const long long next = in->step * LANES, half = in->step * (LANES / 2);
    const int first = (in->count - l + LANES - 1) / LANES,
        second = (in->count - l + LANES / 2 - 1) / LANES;
    const char *at = in->from + l * in->step;
    int i = 0;
    for (; i + WIDTH <= in->width; i += WIDTH) {
        const char *x = at + i * in->apart;
        vector pivot = term == VALUES ? (vector){0}
            : load((const char *)(in->pivots + i), 0, DOUBLES);
        vector a = {0}, b = {0};
        if (is_packed && first == CHUNK / LANES && second == CHUNK / LANES) {
            UNROLLED
            for (int r = 0; r < CHUNK / LANES; r++) {
                a += TERM(load(x + r * next, 0, form), pivot);
                b += TERM(load(x + half + r * next, 0, form), pivot);
            }
        } else {
            for (int r = 0; r < first; r++) {
                a += TERM(load_neighbours(x + r * next, in->apart, is_packed, form), pivot);
            }
            for (int r = 0; r < second; r++) {
                b += TERM(load_neighbours(x + half + r * next, in->apart, is_packed, form),
                          pivot);
            }
        }
        *(mapped_doubles *)(to + i) = a + b;
    }
    for (; i < in->width; i++) {
        const char *x = at + i * in->apart;
        double pivot = term == VALUES ? 0 : in->pivots[i], a = 0, b = 0;
        for (int r = 0; r < first; r++) {
            a += TERM(load_one(x + r * next, form), pivot);
        }
        for (int r = 0; r < second; r++) {
            b += TERM(load_one(x + half + r * next, form), pivot);
        }
        to[i] = a + b;
    }
}

ALWAYS_INLINE void add_to(double *to, const double *from, int width) {
    for (int i = 0; i < width; i++) {
        to[i] += from[i];
    }
}

/* The sums of a term over a chunk of each line. Pairs of lanes come in an order that completes the
   tree's branches early: each level keeps one branch until its other half is there. Lanes without
   elements are left out, as adding zeroes changes nothing. */
ALWAYS_INLINE const double *sum_rows(const rows *in, int32_t is_packed, enum form form,
                                     enum term term, double *places, int block) {
    const ptrdiff_t apart = block;
    double *level[5] = {places, places + apart, places + 2 * apart, places + 3 * apart,
                        places + 4 * apart};
    int present[5] = {0};
    for (int s = 0; s < LANES / 2; s++) {
        int l = (s & 1) << 3 | (s & 2) << 1 | (s & 4) >> 1 | (s & 8) >> 3;
        int top = 0, is_there = l < in->count;
        double *own = level[4];
        if (is_there) {
            sum_two_lanes(in, l, is_packed, form, term, own);
        }
        for (; (s >> top & 1) != 0; top++) {
            if (present[top] && is_there) {
                add_to(own, level[top], in->width);
            } else if (present[top]) {
                double *other = own;
                own = level[top];
                level[top] = other;
                is_there = 1;
            }
            present[top] = 0;
        }
        level[4] = level[top];
        level[top] = own;
        present[top] = is_there;
    }
    return level[4];
}

/* The chunk's infinities and NaN, where its sum tells of them. */
ALWAYS_INLINE void find_special(const rows *in, const double *sums, enum form form,
                                char *special) {
    for (int i = 0; i < in->width; i++) {
        for (int r = 0; r < in->count && is_open(sums[i], special[i]); r++) {
            double x = load_one(in->from + i * in->apart + r * in->step, form);
            special[i] = (char)(special[i] | (x - x != 0 ? kind_of(x) : 0));
        }
    }
}

ALWAYS_INLINE void sum_across(rows in, long long length, int32_t is_packed, enum form form,
                              quire_line_results *each, double *to) {
    double places[5 * BLOCK], sum[BLOCK], lost[BLOCK];
    char special[BLOCK];
    for (int i = 0; i < in.width; i++) {
        sum[i] = lost[i] = 0;
        special[i] = 0;
        __asm__ volatile(""); /* or the compiler calls memset */
    }
    for (; length > 0; length -= in.count, in.from += in.count * in.step) {
        in.count = length < CHUNK ? (int)length : CHUNK;
        const double *chunk = sum_rows(&in, is_packed, form, VALUES, places, BLOCK);
        double finite = 0;
        for (int i = 0; i < in.width; i++) {
            keep(chunk[i], &sum[i], &lost[i]);
            finite += chunk[i] - chunk[i];
        }
        if (finite != 0) {
            find_special(&in, chunk, form, special);
        }
    }
    for (int i = 0; i < in.width; i++) {
        set_result(sum_with(special[i], sum[i]), lost[i], special[i] != 0, &to[i], each);
    }
}

ALWAYS_INLINE void deviations_across(rows in, long long length, int32_t is_packed, enum form form,
                                     quire_line_results *each, double *to) {
    double places[2][5 * DEVIATION_BLOCK], pivots[DEVIATION_BLOCK];
    quire_reduction own[DEVIATION_BLOCK];
    char special[DEVIATION_BLOCK];
    for (int i = 0; i < in.width; i++) {
        own[i] = (quire_reduction){0};
        special[i] = 0;
        __asm__ volatile("");
    }
    in.pivots = pivots;
    for (; length > 0; length -= in.count, in.from += in.count * in.step) {
        in.count = length < CHUNK ? (int)length : CHUNK;
        const double *sums = sum_rows(&in, is_packed, form, VALUES, places[0], DEVIATION_BLOCK);
        find_special(&in, sums, form, special);
        for (int i = 0; i < in.width; i++) {
            pivots[i] = sums[i] / in.count;
        }
        const double *residues = sum_rows(&in, is_packed, form, RESIDUES, places[0],
                                          DEVIATION_BLOCK);
        const double *squares = sum_rows(&in, is_packed, form, SQUARES, places[1],
                                         DEVIATION_BLOCK);
        for (int i = 0; i < in.width; i++) {
            chunk_moments chunk = {pivots[i], residues[i], squares[i]};
            merge(&own[i], &chunk, in.count);
        }
    }
    for (int i = 0; i < in.width; i++) {
        set_result(own[i].deviations, own[i].deviations_lost, special[i] != 0, &to[i], each);
    }
}

/* A vector's worth of lines; their extremes are in no order. */
ALWAYS_INLINE void compare_rows(const rows *in, long long step, int i, int32_t is_packed,
                                enum form form, extremes *found) {
    const char *x = in->from + i * in->apart;
    vector row[ROWS];
    UNROLLED
    for (int r = 0; r < ROWS; r++) {
        row[r] = load_neighbours(x + (r < in->count ? r * step : 0), in->apart, is_packed, form);
    }
    compare_four(found, row[0], row[1], row[2], row[3]);
    compare_four(found, row[4], row[5], row[6], row[7]);
}

ALWAYS_INLINE void extremes_across(rows in, long long length, int32_t is_packed, enum form form,
                                   double *to) {
    extremes found[BLOCK / WIDTH];
    int whole = in.width / WIDTH;
    for (int i = 0; i < whole; i++) {
        found[i] = no_extremes();
    }
    for (long long i = (long long)whole * WIDTH; i < in.width; i++) {
        double min = __builtin_inf(), max = -__builtin_inf();
        long long any = 0, all = -1;
        int has_nan = 0;
        for (long long r = 0; r < length; r++) {
            union {
                double value;
                long long bits;
            } x = {load_one(in.from + i * in.apart + r * in.step, form)};
            min = x.value < min ? x.value : min;
            max = x.value > max ? x.value : max;
            has_nan |= x.value != x.value;
            any |= x.bits;
            all &= x.bits;
        }
        set_extremes(min, max, any, all, has_nan, &to[2 * i]);
    }
    for (; length > 0; length -= in.count, in.from += in.count * in.step) {
        in.count = length < ROWS ? (int)length : ROWS;
        for (int i = 0; i < whole; i++) {
            compare_rows(&in, in.step, i * WIDTH, is_packed, form, &found[i]);
        }
    }
    for (int i = 0; i < whole * WIDTH; i++) {
        const extremes *e = &found[i / WIDTH];
        int k = i % WIDTH;
        set_extremes(e->min[k], e->max[k], e->any[k], e->all[k], e->unordered[k] != 0,
                     &to[2LL * i]);
    }
}

/* Every line for itself, a block of them at once. */
ALWAYS_INLINE void reduce_blocks(const char *from, const reduction_job *job, int32_t is_packed,
                                 enum form form, int32_t what) {
    const quire_lines *lines = job->lines;
    const int block = what == QUIRE_REDUCE_DEVIATIONS ? DEVIATION_BLOCK : BLOCK;
    double *to = (double *)(uintptr_t)job->each->address;
    for (long long g = 0; g < lines->groups; g++) {
        for (long long i = 0; i < lines->lines; i += block) {
            rows in = {.from = from + g * lines->group_stride + i * lines->line_stride,
                       .step = lines->stride,
                       .apart = lines->line_stride,
                       .width = lines->lines - i < block ? (int)(lines->lines - i) : block};
            if (what == QUIRE_REDUCE_SUM) {
                sum_across(in, lines->length, is_packed, form, job->each, to);
            } else if (what == QUIRE_REDUCE_EXTREMES) {
                extremes_across(in, lines->length, is_packed, form, to);
            } else {
                deviations_across(in, lines->length, is_packed, form, job->each, to);
            }
            to += what == QUIRE_REDUCE_EXTREMES ? 2 * in.width : in.width;
        }
    }
}

/* One function for each purpose, length, and whether neighbours are side by side. */
#define ACROSS(name, is_packed, form, what) \
    IN_KERNELS static void KERNEL(name)(const char *from, const reduction_job *job) { \
        reduce_blocks(from, job, is_packed, form, what); \
    }

ACROSS(sum_across_packed_f4, 1, FLOATS, QUIRE_REDUCE_SUM)
ACROSS(sum_across_packed_f8, 1, DOUBLES, QUIRE_REDUCE_SUM)
ACROSS(sum_across_f4, 0, FLOATS, QUIRE_REDUCE_SUM)
ACROSS(sum_across_f8, 0, DOUBLES, QUIRE_REDUCE_SUM)
ACROSS(extremes_across_packed_f4, 1, FLOATS, QUIRE_REDUCE_EXTREMES)
ACROSS(extremes_across_packed_f8, 1, DOUBLES, QUIRE_REDUCE_EXTREMES)
ACROSS(extremes_across_f4, 0, FLOATS, QUIRE_REDUCE_EXTREMES)
ACROSS(extremes_across_f8, 0, DOUBLES, QUIRE_REDUCE_EXTREMES)
ACROSS(deviations_across_packed_f4, 1, FLOATS, QUIRE_REDUCE_DEVIATIONS)
ACROSS(deviations_across_packed_f8, 1, DOUBLES, QUIRE_REDUCE_DEVIATIONS)
ACROSS(deviations_across_f4, 0, FLOATS, QUIRE_REDUCE_DEVIATIONS)
ACROSS(deviations_across_f8, 0, DOUBLES, QUIRE_REDUCE_DEVIATIONS)

/* By purpose, whether neighbours are side by side, and whether they are doubles. */
static void (*const KERNEL(across)[3][2][2])(const char *, const reduction_job *) = {
    {{KERNEL(sum_across_f4), KERNEL(sum_across_f8)},
     {KERNEL(sum_across_packed_f4), KERNEL(sum_across_packed_f8)}},
    {{KERNEL(extremes_across_f4), KERNEL(extremes_across_f8)},
     {KERNEL(extremes_across_packed_f4), KERNEL(extremes_across_packed_f8)}},
    {{KERNEL(deviations_across_f4), KERNEL(deviations_across_f8)},
     {KERNEL(deviations_across_packed_f4), KERNEL(deviations_across_packed_f8)}},
};

ALWAYS_INLINE void reduce_across(const char *from, const reduction_job *job, int bytes,
                                 int32_t what) {
    int purpose = what == QUIRE_REDUCE_DEVIATIONS ? 2 : what;
    KERNEL(across)[purpose][job->lines->line_stride == bytes][bytes == 8](from, job);
}

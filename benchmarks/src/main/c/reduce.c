/* Reductions as a C programmer writes them; the compiler turns them into vector code (-O3
   -march=native -ffast-math). */
#include <math.h>
#include <pthread.h>

double sum_doubles(const double *values, long long count) {
    double sum = 0;
    for (long long i = 0; i < count; i++) sum += values[i];
    return sum;
}

struct part {
    const double *values;
    long long count;
    double sum;
};

static void *sum_part(void *argument) {
    struct part *part = argument;
    part->sum = sum_doubles(part->values, part->count);
    return argument;
}

/* By so many threads, 64 at most; the caller is one of them. */
double sum_doubles_by(const double *values, long long count, int threads) {
    struct part parts[64];
    pthread_t others[64];
    double sum = 0;
    for (int i = 0; i < threads; i++) {
        long long from = count / threads * i;
        long long to = i + 1 < threads ? count / threads * (i + 1) : count;
        parts[i] = (struct part){values + from, to - from, 0};
        if (i > 0) pthread_create(&others[i], 0, sum_part, &parts[i]);
    }
    sum_part(&parts[0]);
    for (int i = 0; i < threads; i++) {
        if (i > 0) pthread_join(others[i], 0);
        sum += parts[i].sum;
    }
    return sum;
}

double min_doubles(const double *values, long long count) {
    double min = INFINITY;
    for (long long i = 0; i < count; i++) min = values[i] < min ? values[i] : min;
    return min;
}

double max_doubles(const double *values, long long count) {
    double max = -INFINITY;
    for (long long i = 0; i < count; i++) max = values[i] > max ? values[i] : max;
    return max;
}

/* Sum, standard deviation, minimum and maximum in one pass; the standard deviation is returned. */
double summary_doubles(const double *values, long long count, double *sum_out, double *min_out,
                       double *max_out) {
    double sum = 0, squares = 0, min = INFINITY, max = -INFINITY, pivot = values[0];
    for (long long i = 0; i < count; i++) {
        double value = values[i], delta = value - pivot;
        sum += value;
        squares += delta * delta;
        min = value < min ? value : min;
        max = value > max ? value : max;
    }
    double shift = sum / (double)count - pivot;
    *sum_out = sum;
    *min_out = min;
    *max_out = max;
    return sqrt(squares / (double)count - shift * shift);
}

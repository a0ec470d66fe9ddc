/*
 * quire_reduce.c - which kernel reduces what.
 */
#include "quire_reduce.h"

#include <limits.h>
#if defined(__x86_64__)
#include <cpuid.h>
#include <stdatomic.h>
#endif
#if defined(__APPLE__)
#include <sys/sysctl.h>
#endif

static const char element_bytes[ELEMENTS] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 1, 2};

static const kernels *const versions[] = {&qi_kernels_baseline, &qi_kernels_avx2,
                                          &qi_kernels_avx512};

#if defined(__x86_64__)
/* Not every compiler's table of features has this one. Asked once: in a virtual machine it takes
   microseconds. */
static int32_t has_f16c(void) {
    static atomic_int answer = -1;
    int32_t known = atomic_load_explicit(&answer, memory_order_relaxed);
    if (known < 0) {
        unsigned a, b, c = 0, d;
        known = __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
        atomic_store_explicit(&answer, known, memory_order_relaxed);
    }
    return known;
}
#endif

#if defined(__x86_64__) && defined(__APPLE__)
static int32_t has_avx2(void) {
    int32_t has = 0;
    size_t size = sizeof has;
    return sysctlbyname("hw.optional.avx2_0", &has, &size, NULL, 0) == 0 && has != 0 && has_f16c();
}

static int32_t has_avx512(void) {
    return 0; /* the macOS compilers build no such version */
}
#elif defined(__x86_64__)
static int32_t has_avx2(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") != 0 && has_f16c();
}

static int32_t has_avx512(void) {
    __builtin_cpu_init();
    return qi_kernels_avx512.of[0] != NULL && __builtin_cpu_supports("avx512f") != 0
           && __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512dq") != 0
           && __builtin_cpu_supports("avx512vl") != 0;
}
#else
static int32_t has_avx2(void) {
    return 0;
}

static int32_t has_avx512(void) {
    return 0;
}
#endif

int32_t quire_kernel_versions(void) {
    return 1 << QUIRE_KERNELS_BASELINE | has_avx2() << QUIRE_KERNELS_AVX2
           | has_avx512() << QUIRE_KERNELS_AVX512;
}

const char *quire_kernels_name(int32_t kernels) {
    switch (kernels) {
    case QUIRE_KERNELS_BASELINE:
#if defined(__x86_64__)
        return "sse2";
#elif defined(__aarch64__)
        return "neon";
#else
        return "portable";
#endif
    case QUIRE_KERNELS_AVX2:
        return "avx2";
    case QUIRE_KERNELS_AVX512:
        return "avx512";
    default:
        return "";
    }
}

static int32_t is_offered(int32_t version) {
    return version >= 0 && version <= QUIRE_KERNELS_AVX512
           && (quire_kernel_versions() >> version & 1) != 0;
}

/* Widens the bounds, in bytes from the first element, by a step so many times; 0 if that leaves all
   memory. */
static int32_t reach(long long count, long long stride, long long *low, long long *high) {
    long long far;
    return !__builtin_mul_overflow(count - 1, stride, &far)
           && !__builtin_add_overflow(far < 0 ? *low : *high, far, far < 0 ? low : high);
}

/* Whether all elements are in the region; says how many there are, and between which bytes. */
static int32_t check_lines(const quire_region *region, const quire_lines *lines, int32_t bytes,
                           long long *count, quire_range *touched, quire_error *error) {
    long long low = lines->offset, high = lines->offset;
    if (lines->groups < 0 || lines->lines < 0 || lines->length < 0
        || __builtin_mul_overflow(lines->groups, lines->lines, count)
        || __builtin_mul_overflow(*count, lines->length, count)) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    if (*count == 0) {
        return QUIRE_OK;
    }
    if (!reach(lines->groups, lines->group_stride, &low, &high)
        || !reach(lines->lines, lines->line_stride, &low, &high)
        || !reach(lines->length, lines->stride, &low, &high) || low < 0 || high > region->length) {
        return qi_fail(error, QUIRE_E_OUT_OF_RANGE, CALL_NONE, 0, -1);
    }
    *touched = (quire_range){low, high - low + bytes};
    return qi_check_range(region, low, high - low + bytes, error);
}

/* The strides that lead to an element: those of one step or none may be any number, and no pointer
   is moved by them. */
static quire_lines used_strides(const quire_lines *lines, long long elements) {
    quire_lines used = *lines;
    used.group_stride = elements > 0 && lines->groups > 1 ? lines->group_stride : 0;
    used.line_stride = elements > 0 && lines->lines > 1 ? lines->line_stride : 0;
    used.stride = elements > 0 && lines->length > 1 ? lines->stride : 0;
    return used;
}

/* The one place that runs a kernel. Lines without elements may begin anywhere. */
static int32_t run(const quire_region *region, reduction_job *job, quire_range touched,
    long long count, int32_t element, int32_t what, int32_t version, quire_error *error) {
    if (!is_offered(version)) {
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
    }
    static const char nothing[1];
    const char *from = nothing;
    if (touched.length > 0) {
        from = (const char *)(uintptr_t)(region->address + job->lines->offset);
    }
    long long since = qi_loss_count(region);
    int32_t code = os_run_kernel(region, versions[version]->of[element], from, count, what,
                                 &job->total);
    if (code == QUIRE_OK && qi_meets_loss(region, touched.offset, touched.length, since)) {
        code = QUIRE_E_FAULT;
    }
    return code == QUIRE_OK ? QUIRE_OK : qi_fail(error, code, CALL_NONE, 0, -1);
}

int32_t quire_reduce(const quire_region *region, const quire_lines *lines, long long first,
    long long count, int32_t element, int32_t what, int32_t kernels, quire_reduction *reduction,
        quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
    if (element < 0 || element >= ELEMENTS || what < QUIRE_REDUCE_SUM
        || what > QUIRE_REDUCE_DEVIATIONS) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    long long all = 0;
    quire_range touched = {0, 0};
    int32_t code = check_lines(region, lines, element_bytes[element], &all, &touched, error);
    if (code != QUIRE_OK) {
        return code;
    }
    if (first < 0 || count < 0 || first > all || count > all - first) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    quire_lines used = used_strides(lines, all);
    reduction_job job = {.total = *reduction, .lines = &used, .first = first};
    job.total.high = job.total.low = 0;
    job.total.smallest = LLONG_MAX;
    job.total.largest = LLONG_MIN;
    code = run(region, &job, touched, count, element, what, kernels, error);
    *reduction = job.total;
    return code;
}

int32_t quire_reduce_lines(const quire_region *region, const quire_lines *lines, int32_t element,
    int32_t what, int32_t kernels, quire_line_results *results, quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
    int32_t is_floating = element == QUIRE_F2 || element == QUIRE_F4 || element == QUIRE_F8
        || element == QUIRE_BF2;
    int32_t has_results = what == QUIRE_REDUCE_SUM || what == QUIRE_REDUCE_EXTREMES
        || what == QUIRE_REDUCE_DEVIATIONS;
    if (!is_floating || !has_results) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    long long all = 0;
    quire_range touched = {0, 0};
    int32_t code = check_lines(region, lines, element_bytes[element], &all, &touched, error);
    if (code != QUIRE_OK) {
        return code;
    }
    results->overflowed = 0;
    quire_lines used = used_strides(lines, all);
    reduction_job job = {.lines = &used, .each = results};
    return run(region, &job, touched, all, element, what, kernels, error);
}

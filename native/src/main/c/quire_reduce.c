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

static const char element_bytes[ELEMENTS] = {4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 1};

static const kernels *const versions[] = {&kernels_baseline, &kernels_avx2, &kernels_avx512};

#if defined(__x86_64__)
/* Asked once: in a virtual machine it takes microseconds. */
static int32_t ask_once(atomic_int *answer, int32_t (*ask)(void)) {
    int32_t known = atomic_load_explicit(answer, memory_order_relaxed);
    if (known < 0) {
        known = ask();
        atomic_store_explicit(answer, known, memory_order_relaxed);
    }
    return known;
}

/* Not every compiler's table of features has this one. */
static int32_t ask_f16c(void) {
    unsigned a, b, c = 0, d;
    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}

static int32_t has_f16c(void) {
    static atomic_int answer = -1;
    return ask_once(&answer, ask_f16c);
}

static int32_t ask_intel(void) {
    unsigned a, b = 0, c, d;
    return __get_cpuid(0, &a, &b, &c, &d) != 0 && b == signature_INTEL_ebx;
}

/* Sapphire Rapids sums a tenth faster that way, AMD's EPYC slower. */
static int32_t reads_near(void) {
    static atomic_int answer = -1;
    return ask_once(&answer, ask_intel);
}
#else
static int32_t reads_near(void) {
    return 0;
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
    return kernels_avx512.of[0] != NULL && __builtin_cpu_supports("avx512f") != 0
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
    return 1 << QUIRE_KERNELS_BASELINE | has_avx2() << QUIRE_KERNELS_AVX2 | has_avx512() << QUIRE_KERNELS_AVX512;
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
    return version >= 0 && version <= QUIRE_KERNELS_AVX512 && (quire_kernel_versions() >> version & 1) != 0;
}

int32_t quire_reduce(const quire_region *region, long long offset, long long length, int32_t element,
                     int32_t what, int32_t kernels, quire_reduction *reduction, quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
    if (element < 0 || element >= ELEMENTS || what < QUIRE_REDUCE_SUM || what > QUIRE_REDUCE_ALL
        || length % element_bytes[element] != 0) {
        return fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    int32_t code = check_range(region, offset, length, error);
    if (code != QUIRE_OK) {
        return code;
    }
    if (!is_offered(kernels)) {
        return fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
    }
    reduction->high = reduction->low = 0;
    reduction->smallest = LLONG_MAX;
    reduction->largest = LLONG_MIN;
    const char *from = (const char *)(uintptr_t)(region->address + offset);
    long long count = length / element_bytes[element];
    if (what == QUIRE_REDUCE_SUM && reads_near()) {
        what |= READ_NEAR;
    }
    long long since = loss_count(region);
    code = os_run_kernel(region, versions[kernels]->of[element], from, count, what, reduction);
    if (code == QUIRE_OK && meets_loss(region, offset, length, since)) {
        code = QUIRE_E_FAULT;
    }
    return code == QUIRE_OK ? QUIRE_OK : fail(error, code, CALL_NONE, 0, -1);
}

/* check_wait.c - sleeping until another process changes a shared word, and being woken. */
#include "check.h"

#if !defined(_WIN32)
#include <time.h>
#endif

static quire_region region;
static long long page;

enum { KINDS_SHARED = 2 };

/* A word is the same one for all, whichever way they came to the memory. */
static int map_shared(int kind) {
    return CHECK_OK(kind == 0 ? quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region,
        &error) : quire_shared_create(segment_name(), page, 0, &region, &error));
}

static void unmap_shared(int kind) {
    if (kind == 1 && !is_windows()) {
        CHECK_OK(quire_shared_unlink(segment_name(), &error));
    }
    unmap(&region);
}

/* ---- arguments: the same everywhere ---- */

static void check_arguments(void) {
    static const long long outside[] = {-1, -4, INT64_MIN, INT64_MAX, INT64_MAX - 3};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        CHECK_CODE(quire_wait(&region, outside[i], 0, 0, &error), QUIRE_E_OUT_OF_RANGE);
        CHECK_CODE(quire_wake(&region, outside[i], 1, &error), QUIRE_E_OUT_OF_RANGE);
    }
    for (long long offset = page - 3; offset <= page + 1; offset++) {
        CHECK_CODE(quire_wait(&region, offset, 0, 0, &error), QUIRE_E_OUT_OF_RANGE);
        CHECK_CODE(quire_wake(&region, offset, 1, &error), QUIRE_E_OUT_OF_RANGE);
    }
    for (long long offset = 1; offset < 4; offset++) {
        CHECK_CODE(quire_wait(&region, offset, 0, 0, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_wake(&region, offset, 1, &error), QUIRE_E_INVALID_ARGUMENT);
    }
    CHECK_CODE(quire_wait(&region, 0, 0, -1, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_wake(&region, 0, 0, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_wake(&region, 0, -1, &error), QUIRE_E_INVALID_ARGUMENT);
}

static void check_unsupported(void) {
    CHECK_CODE(quire_wait(&region, 0, 0, 0, &error), QUIRE_E_UNSUPPORTED);
    CHECK_CODE(quire_wake(&region, page - 4, 1, &error), QUIRE_E_UNSUPPORTED);
}

/* ---- waiting ---- */

#if !defined(_WIN32)

/* Beyond what a test may take: a wait that ends by this has failed. */
#define LONG_NANOS 60000000000LL
#define SHORT_NANOS 2000000LL

static int32_t *word_at(long long offset) {
    return (int32_t *)(bytes(&region) + offset);
}

static long long now_nanos(void) {
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    return (long long)now.tv_sec * 1000000000LL + (long long)now.tv_nsec;
}

static void check_alone(long long offset) {
    *word_at(offset) = 7;
    CHECK_OK(quire_wait(&region, offset, 8, LONG_NANOS, &error));
    CHECK_CODE(quire_wait(&region, offset, 7, 0, &error), QUIRE_E_TIMED_OUT);
    long long before = now_nanos();
    CHECK_CODE(quire_wait(&region, offset, 7, SHORT_NANOS, &error), QUIRE_E_TIMED_OUT);
    CHECK(now_nanos() - before >= SHORT_NANOS);
    CHECK_OK(quire_wake(&region, offset, 1, &error));
    CHECK_EQUAL(*word_at(offset), 7);
    *word_at(offset) = -1;
    CHECK_CODE(quire_wait(&region, offset, -1, 0, &error), QUIRE_E_TIMED_OUT);
    CHECK_OK(quire_wait(&region, offset, 0, INT64_MAX, &error));
}

enum { CHILDREN = 3, AT_WORD = 64, AT_SLEEPERS = 128 };

/* The word's change may come before the sleep: then the wait does not begin. */
static void child_that_sleeps(void) {
    __atomic_fetch_add(word_at(AT_SLEEPERS), 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(word_at(AT_WORD), __ATOMIC_ACQUIRE) == 0) {
        CHECK_OK(quire_wait(&region, AT_WORD, 0, LONG_NANOS, &error));
    }
    _exit(checks_failed == 0 ? 0 : 1);
}

static void check_woken(void) {
    pid_t children[CHILDREN];
    *word_at(AT_WORD) = *word_at(AT_SLEEPERS) = 0;
    fflush(stdout);
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            child_that_sleeps();
        }
    }
    while (__atomic_load_n(word_at(AT_SLEEPERS), __ATOMIC_ACQUIRE) < CHILDREN) {
        CHECK_CODE(quire_wait(&region, 0, 0, SHORT_NANOS, &error), QUIRE_E_TIMED_OUT);
    }
    long long before = now_nanos();
    __atomic_store_n(word_at(AT_WORD), 1, __ATOMIC_RELEASE);
    CHECK_OK(quire_wake(&region, AT_WORD, INT32_MAX, &error));
    for (int i = 0; i < CHILDREN; i++) {
        int status = -1;
        CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
    }
    CHECK(now_nanos() - before < LONG_NANOS);
}

/* Who can only read the memory can wait too. */
static void check_reader(void) {
    quire_region reader;
    CHECK_OK(quire_shared_open(segment_name(), QUIRE_READ_ONLY, 0, &reader, &error));
    *word_at(0) = 3;
    CHECK_CODE(quire_wait(&reader, 0, 3, SHORT_NANOS, &error), QUIRE_E_TIMED_OUT);
    CHECK_OK(quire_wait(&reader, 0, 4, LONG_NANOS, &error));
    unmap(&reader);
}

/* The kernel reads the word: where there is none, it says so instead of ending the process. */
static void check_fault(void) {
    static const char path[] = "check_wait.bin";
    write_file(path, 2 * page);
    CHECK_OK(map_file(path, 0, -1, QUIRE_READ_WRITE, 0, &region, &error));
    CHECK(truncate(path, (off_t)page) == 0);
    CHECK_CODE(quire_wait(&region, page, 0, 0, &error), QUIRE_E_FAULT);
    CHECK_CODE(quire_wake(&region, page, 1, &error), QUIRE_E_FAULT);
    unmap(&region);
    CHECK(remove(path) == 0);
}

static void check_supported(int kind) {
    *word_at(0) = 0;
    check_alone(0);
    check_alone(page - 4);
    *word_at(0) = 0;
    check_woken();
    if (kind == 1) {
        check_reader();
    }
}

#else

static void check_supported(int kind) {
    CHECK(kind < 0);
}

static void check_fault(void) {
    CHECK(!can(QUIRE_CAN_WAIT));
}

#endif

int main(void) {
    page = system_now().page_size;
    quire_shared_unlink(segment_name(), &error);
    for (int kind = 0; kind < KINDS_SHARED; kind++) {
        if (!map_shared(kind)) {
            continue;
        }
        check_arguments();
        if (can(QUIRE_CAN_WAIT)) {
            check_supported(kind);
        } else {
            check_unsupported();
        }
        unmap_shared(kind);
    }
    if (can(QUIRE_CAN_WAIT)) {
        check_fault();
    } else {
        skip("processes cannot wait for a shared word here");
    }
    return summary("check_wait");
}

/* check_heal.c - faults in mappings are healed: zeroes instead of a signal, a record of what is
 * lost, and nobody else's memory or signal is touched. */
#include "check.h"

#if !defined(_WIN32)

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#if defined(__linux__)
#include <sys/mount.h>
#include <sys/syscall.h>
#endif

#define FILE_NAME "check_heal.bin"
#define OTHER_NAME "check_heal.other"
#define DISK "check_heal.disk"

/* Codes of SIGBUS: a misaligned access, and memory that fails now or later (Linux). */
enum { MISALIGNED = 1, NO_SUCH_PLACE = 2, POISONED = 4, WILL_FAIL = 5 };

static quire_region region;
static quire_ranges returned;
static quire_outcome outcome;
static long long page;

/* ---- what the library does, seen from below ---- */

/* Pages of zeroes that were put over others, and how long each takes. The library's mmap is this
   one. */
#if defined(__linux__)
static atomic_llong overlays;
static atomic_int stalled;
#endif
static atomic_int stall_milliseconds;

static void sleep_milliseconds(int count) {
    struct timespec time = {count / 1000, count % 1000 * 1000000L};
    nanosleep(&time, NULL);
}

#if defined(__linux__)
__attribute__((visibility("default"))) void *mmap(void *start, size_t length, int access,
                                                  int flags, int descriptor, off_t offset) {
    if ((flags & MAP_FIXED) != 0 && (flags & MAP_ANONYMOUS) != 0) {
        overlays++;
        if (stall_milliseconds > 0) {
            stalled++;
            sleep_milliseconds(stall_milliseconds);
        }
    }
    long mapped = syscall(SYS_mmap, start, length, access, flags, descriptor, offset);
    return mapped == -1 ? MAP_FAILED : (void *)mapped;
}
#endif

/* qemu takes every advice, does not copy mappings, and dies of signals that only look like
   faults. */
static int is_emulated(void) {
#if defined(__linux__)
    const int no_advice = 9999;
    return madvise(NULL, 0, no_advice) == 0;
#else
    return 0;
#endif
}

static const quire_record *record(const quire_region *of) {
    return (const quire_record *)(uintptr_t)of->record;
}

static int is_lost(const quire_region *of, long long offset) {
    const quire_record *own = record(of);
    long long at = of->address - of->base + offset;
    for (long long i = 0; i < own->ranges; i++) {
        if (own->lost[i].offset <= at && at < own->lost[i].offset + own->lost[i].length) {
            return 1;
        }
    }
    return 0;
}

/* Exactly these bytes from the region's base on are lost. */
static int is_all_lost(const quire_region *of, long long from, long long to) {
    const quire_record *own = record(of);
    int is_right = own->ranges == 1 && own->lost[0].offset == from
        && own->lost[0].length == to - from;
    if (!is_right) {
        printf("%lld ranges, the first %lld + %lld: ", own->ranges, own->lost[0].offset,
               own->lost[0].length);
    }
    return is_right && (own->count & 1) == 1 && (own->sequence & 1) == 0;
}

static int is_whole(const quire_region *of) {
    return record(of)->ranges == 0 && (record(of)->count & 1) == 0
           && (record(of)->sequence & 1) == 0;
}

#if defined(__linux__)
/* Lines of /proc/self/maps that meet the region; -1 where there is no such file. */
static long long areas(const quire_region *of) {
    char line[4400];
    unsigned long long start, end;
    long long count = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    if (maps == NULL) {
        return -1;
    }
    while (fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%llx-%llx", &start, &end) == 2) {
            count += (long long)start < of->base + of->base_length && (long long)end > of->base;
        }
    }
    fclose(maps);
    return count;
}
#endif

/* The compiler thinks that no access changes the number of the last error. */
static int number_after(volatile unsigned char *byte) {
    errno = 42;
    __asm__ volatile("" : : : "memory");
    (void)*byte;
    __asm__ volatile("" : : : "memory");
    int *place = &errno;
    __asm__ volatile("" : "+r"(place) : : "memory");
    return *place;
}

static volatile unsigned char *byte_at(long long offset) {
    return bytes(&region) + offset;
}

#if defined(__linux__)
static uint64_t next_random(void) {
    static uint64_t state = 88172645463325252;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}
#endif

static int32_t map(const char *path, int32_t mode, int32_t flags) {
    return map_file(path, 0, -1, mode, flags, &region, &error);
}

/* A mapping of the file, so long, of which everything from there on is lost but nobody has seen it
   yet. */
static void map_cut(int32_t mode, int32_t flags, long long length, long long kept) {
    write_file(FILE_NAME, length);
    CHECK_OK(map(FILE_NAME, mode, flags));
    CHECK(truncate(FILE_NAME, kept) == 0);
}

static void drop(void) {
    unmap(&region);
    CHECK(unlink(FILE_NAME) == 0);
}

static int32_t restore(const char *path) {
    return quire_restore(&region, path, &returned, &error);
}

static int is_returned(long long from, long long to) {
    return returned.count == 1 && returned.range[0].offset == from
           && returned.range[0].length == to - from;
}

/* The status of a process that runs this and then ends well. */
static int status_of(void (*checks)(void)) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(20);
        checks_failed = 0;
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        signal(SIGSEGV, SIG_DFL); /* sanitizers have a handler of their own */
        checks();
        fflush(stdout);
        _exit(checks_failed == 0 ? 0 : 1);
    }
    int status = -1;
    return child > 0 && waitpid(child, &status, 0) == child ? status : -1;
}

static int dies_by_bus_error(void (*what)(void)) {
    int status = status_of(what);
    int is_so = WIFSIGNALED(status) && WTERMSIG(status) == SIGBUS;
    if (!is_so) {
        printf("status %#x: ", (unsigned int)status);
    }
    return is_so;
}
#define CHECK_DIES(what) CHECK(dies_by_bus_error(what))

/* ---- truncated files ---- */

static void check_calls_on_lost(int is_shared) {
    long long end = region.length;
    if (can(QUIRE_CAN_POPULATE)) {
        CHECK_CODE(quire_populate(&region, 12 * page, page, 0, &outcome, &error), QUIRE_E_FAULT);
        CHECK_OK(quire_populate(&region, 0, 10 * page, 0, &outcome, &error));
    }
    CHECK_CODE(quire_lock(&region, 12 * page, page, 0, &error), QUIRE_E_FAULT);
    CHECK_CODE(quire_wait(&region, 12 * page, 0, 1, &error), QUIRE_E_FAULT);
    if (region.mode != QUIRE_READ_ONLY) {
        CHECK_CODE(quire_discard(&region, FILE_NAME, 0, end, &outcome, &error), QUIRE_E_FAULT);
        CHECK_EQUAL(outcome.bytes, 0);
    }
    for (int32_t how = QUIRE_FLUSH_CACHE; how <= QUIRE_FLUSH_DEVICE && is_shared; how++) {
        CHECK_CODE(quire_flush(&region, FILE_NAME, 0, end, how, &error), QUIRE_E_FILE_TRUNCATED);
        CHECK_OK(quire_flush(&region, FILE_NAME, 0, 10 * page, how, &error));
        /* its size is right again, what was stored is gone all the same */
        CHECK(truncate(FILE_NAME, end) == 0);
        CHECK_CODE(quire_flush(&region, FILE_NAME, 0, end, how, &error), QUIRE_E_FAULT);
        CHECK(truncate(FILE_NAME, 10 * page + 7) == 0);
    }
}

static void check_truncated(void) {
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        map_cut(mode, 0, 64 * page + 5, 10 * page + 7);
        CHECK(region.record != 0 && is_whole(&region));
        long long count = record(&region)->count;
        CHECK(holds_pattern(&region, 0, 10 * page + 7));
        /* by the kernel: no fault, nothing is lost */
        CHECK(is_zero(&region, 10 * page + 7, 11 * page));
        CHECK(is_whole(&region) && record(&region)->count == count);
        CHECK_EQUAL(number_after(byte_at(11 * page)), 42);
        CHECK(is_all_lost(&region, 11 * page, 65 * page));
        CHECK(record(&region)->count > count);
        CHECK(is_zero(&region, 11 * page, region.length));
        CHECK(holds_pattern(&region, 0, 10 * page + 7));
        if (mode != QUIRE_READ_ONLY) {
            *byte_at(20 * page) = 99;
            CHECK(*byte_at(20 * page) == 99 && *byte_at(20 * page + 1) == 0);
        }
        check_calls_on_lost(mode == QUIRE_READ_WRITE);
        CHECK(is_all_lost(&region, 11 * page, 65 * page));
        unmap(&region);
        CHECK(file_length(FILE_NAME) == 10 * page + 7 && truncate(FILE_NAME, 21 * page) == 0);
        CHECK_EQUAL(byte_in_file(FILE_NAME, 20 * page), 0);
        CHECK(unlink(FILE_NAME) == 0);
    }
}

/* Nobody has touched what is lost, and nobody can tell the file's size. */
static void check_flush_of_renamed(void) {
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, 20 * page);
    CHECK(rename(FILE_NAME, OTHER_NAME) == 0 && truncate(OTHER_NAME, page) == 0);
    CHECK_CODE(quire_flush(&region, FILE_NAME, 0, 20 * page, QUIRE_FLUSH_DEVICE, &error),
               QUIRE_E_FILE_TRUNCATED);
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, page, QUIRE_FLUSH_DEVICE, &error));
    CHECK(*byte_at(5 * page) == 0);
    CHECK_CODE(quire_flush(&region, FILE_NAME, 0, 20 * page, QUIRE_FLUSH_DEVICE, &error),
               QUIRE_E_FAULT);
    unmap(&region);
    CHECK(unlink(OTHER_NAME) == 0);
}

#if defined(__linux__)
/* Accesses anywhere, of any order, need few faults and no more areas than there are parts. */
static void check_large(long long length, int32_t mode) {
    write_file(FILE_NAME, page);
    if (truncate(FILE_NAME, length) != 0 || map(FILE_NAME, mode, 0) != QUIRE_OK) {
        skip("no file, or no mapping, is that long here");
        CHECK(unlink(FILE_NAME) == 0);
        return;
    }
    CHECK(truncate(FILE_NAME, page) == 0);
    long long before = overlays;
    long long sum = 0;
    for (int i = 0; i < 20000; i++) {
        sum += *byte_at((long long)(next_random() % (uint64_t)(length - page)) + page);
    }
    CHECK_EQUAL(sum, 0);
    CHECK(overlays - before < 40 && overlays > before);
    CHECK(areas(&region) < 5);
    CHECK(holds_pattern(&region, 0, page));
    drop();
}
#endif

/* The kernel itself drops private changes behind the new end of a file; those before it stay. */
/* Anybody can ask of any bytes of the process, whose ever they are. */
static void check_whose_ever(void) {
    const volatile long long *losses = (const long long *)(uintptr_t)quire_losses();
    write_file(FILE_NAME, 8 * page);
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_READ_WRITE, 0, &region, &error));
    quire_region own = region;
    long long before = *losses;
    CHECK_EQUAL(quire_is_lost(own.address, own.length), 0);
    CHECK(truncate(FILE_NAME, 2 * page) == 0);
    CHECK_EQUAL(*(volatile unsigned char *)&bytes(&region)[5 * page], 0);
    CHECK(*losses != before);
    CHECK_EQUAL(quire_is_lost(own.address, own.length), 1);
    CHECK_EQUAL(quire_is_lost(own.address + 5 * page, 1), 1);
    CHECK_EQUAL(quire_is_lost(own.address, 2 * page), 0);
    CHECK_EQUAL(quire_is_lost(own.address + own.length, page), 0);
    unmap(&region);
    CHECK_EQUAL(quire_is_lost(own.address, own.length), 0);
    CHECK(unlink(FILE_NAME) == 0);
}

static void check_private_changes(void) {
    map_cut(QUIRE_COPY_ON_WRITE, 0, 60 * page, 60 * page);
    for (long long i = 0; i < 60; i += 3) {
        *byte_at(i * page + 1) = 77;
    }
    CHECK(truncate(FILE_NAME, 10 * page) == 0);
    for (long long i = 59; i >= 0; i--) {
        CHECK_EQUAL(*byte_at(i * page + 1), i >= 10 ? 0 : i % 3 == 0 ? 77 : pattern(i * page + 1));
        CHECK_EQUAL(is_lost(&region, i * page), i >= 10);
    }
    CHECK(truncate(FILE_NAME, 60 * page) == 0);
    CHECK_OK(restore(FILE_NAME));
    CHECK(is_returned(10 * page, 60 * page) && is_whole(&region));
    for (long long i = 0; i < 10; i += 3) {
        CHECK(*byte_at(i * page) == pattern(i * page) && *byte_at(i * page + 1) == 77);
    }
    drop();
}

/* ---- what returns ---- */

static void grow_back(const char *path, long long length) {
    unsigned char block[4096];
    int file = open(path, O_RDWR);
    CHECK(file >= 0);
    for (long long at = 0; at < length; at += (long long)sizeof block) {
        for (size_t i = 0; i < sizeof block; i++) {
            block[i] = pattern(at + (long long)i);
        }
        size_t part = (size_t)(length - at) < sizeof block ? (size_t)(length - at) : sizeof block;
        CHECK(pwrite(file, block, part, (off_t)at) == (ssize_t)part);
    }
    CHECK(close(file) == 0);
}

static void check_restored(int32_t mode, int32_t flags) {
    const int is_kept = (flags & QUIRE_KEEP_FILE) != 0;
    map_cut(mode, flags, 20 * page + 9, 3 * page);
    CHECK_OK(restore(FILE_NAME));
    CHECK_EQUAL(returned.count, 0);
    CHECK(*byte_at(3 * page) == 0 && is_all_lost(&region, 3 * page, 21 * page));
    long long count = record(&region)->count;
    CHECK_OK(restore(FILE_NAME));
    CHECK(returned.count == 0 && record(&region)->count == count);
    if (mode != QUIRE_READ_ONLY) {
        *byte_at(8 * page) = 99;
        *byte_at(15 * page) = 98;
    }
    grow_back(FILE_NAME, 10 * page + 1);
    CHECK(*byte_at(7 * page) == 0);
    CHECK_OK(restore(FILE_NAME));
    CHECK(is_returned(3 * page, 11 * page) && is_all_lost(&region, 11 * page, 21 * page));
    CHECK(record(&region)->count > count && record(&region)->restored == record(&region)->count);
    CHECK(holds_pattern(&region, 0, 10 * page + 1));
    CHECK(mode == QUIRE_READ_ONLY || *byte_at(15 * page) == 98);
    count = record(&region)->count;
    grow_back(FILE_NAME, region.length);
    CHECK_OK(restore(is_kept ? "" : FILE_NAME));
    CHECK(is_returned(11 * page, region.length) && is_whole(&region)
          && record(&region)->count > count);
    CHECK(holds_pattern(&region, 0, region.length));
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, region.length, QUIRE_FLUSH_CACHE, &error));
    CHECK_OK(restore(FILE_NAME));
    CHECK_EQUAL(returned.count, 0);
    if (mode == QUIRE_READ_WRITE) {
        *byte_at(20 * page) = 55;
        CHECK_EQUAL(byte_in_file(FILE_NAME, 20 * page), 55);
    }
    CHECK(truncate(FILE_NAME, page) == 0 && *byte_at(19 * page) == 0); /* and once more */
    CHECK(is_all_lost(&region, 19 * page, 21 * page));
    drop();
}

/* The name is another's, or nobody's, but a page of the file is still mapped. */
static void check_restored_without_name(int is_replaced, int32_t mode) {
    map_cut(mode, 0, 20 * page, 20 * page);
    CHECK(rename(FILE_NAME, OTHER_NAME) == 0);
    if (is_replaced) {
        write_file(FILE_NAME, 30 * page);
    }
    const int32_t reason = is_replaced ? QUIRE_E_FILE_REPLACED : QUIRE_E_NOT_FOUND;
    CHECK(truncate(OTHER_NAME, 2 * page) == 0 && *byte_at(2 * page) == 0
          && is_all_lost(&region, 2 * page, 20 * page));
    grow_back(OTHER_NAME, 11 * page);
#if defined(__linux__)
    if (mode != QUIRE_COPY_ON_WRITE && !is_emulated()) {
        CHECK_OK(restore(FILE_NAME));
        CHECK(is_returned(2 * page, 11 * page) && is_all_lost(&region, 11 * page, 20 * page));
        CHECK(holds_pattern(&region, 0, 11 * page) && is_zero(&region, 11 * page, 20 * page));
        CHECK(areas(&region) < 4);
        grow_back(OTHER_NAME, 20 * page);
        CHECK_OK(restore(""));
        CHECK(is_returned(11 * page, 20 * page) && is_whole(&region)
              && holds_pattern(&region, 0, 20 * page));
    } else
#endif
    {
        CHECK_CODE(restore(FILE_NAME), reason);
        CHECK(returned.count == 0 && is_all_lost(&region, 2 * page, 20 * page));
    }
    CHECK(truncate(OTHER_NAME, 0) == 0 && *byte_at(0) == 0);
    grow_back(OTHER_NAME, 20 * page);
    CHECK_CODE(restore(FILE_NAME), reason);
    CHECK(returned.count == 0 && is_zero(&region, 0, page) && is_lost(&region, 0));
    CHECK(rename(OTHER_NAME, FILE_NAME) == 0);
    CHECK_OK(restore(FILE_NAME));
    CHECK(is_whole(&region) && holds_pattern(&region, 0, 20 * page));
    drop();
}

static atomic_int is_over;

static void *read_all(void *unused) {
    (void)unused;
    long long wrong = 0;
    while (!is_over) {
        for (long long i = 0; i < region.length; i += 512) {
            unsigned char byte = *byte_at(i);
            wrong += byte != 0 && byte != pattern(i);
        }
    }
    CHECK_EQUAL(wrong, 0);
    return NULL;
}

/* A reader sees the file or zeroes, and no signal. */
static void check_restored_beside_readers(int32_t mode, const char *name) {
    pthread_t threads[3];
    is_over = 0;
    map_cut(mode, 0, 64 * page, 64 * page);
    CHECK(strcmp(name, FILE_NAME) == 0 || rename(FILE_NAME, name) == 0);
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, read_all, NULL) == 0);
    }
    for (int i = 0; i < 60; i++) {
        CHECK(truncate(name, (1 + i % 40) * page) == 0);
        sched_yield();
        *byte_at(60 * page);
        grow_back(name, (20 + i % 45) * page);
        CHECK_OK(restore(FILE_NAME));
        grow_back(name, 64 * page);
        CHECK_OK(restore(FILE_NAME));
        CHECK(is_whole(&region));
    }
    is_over = 1;
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(holds_pattern(&region, 0, 64 * page));
    unmap(&region);
    CHECK(unlink(name) == 0);
}

/* ---- other changes of damaged mappings ---- */

static void check_resized(void) {
    static const long long lengths[] = {8, 4, 40, 100, 3, 0, 12};
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, 5 * page);
    CHECK(*byte_at(5 * page) == 0 && is_all_lost(&region, 5 * page, 20 * page));
    CHECK_CODE(quire_resize(&region, FILE_NAME, 30 * page, 0, &error), QUIRE_E_FILE_TRUNCATED);
    CHECK(region.length == 20 * page && is_all_lost(&region, 5 * page, 20 * page));
    CHECK(*byte_at(19 * page) == 0 && holds_pattern(&region, 0, 5 * page));
    grow_back(FILE_NAME, 20 * page);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        long long kept = region.length < lengths[i] * page ? region.length : lengths[i] * page;
        int was_longer = region.length > lengths[i] * page;
        int was_lost = region.length > 5 * page && is_lost(&region, 5 * page);
        CHECK_OK(quire_resize(&region, FILE_NAME, lengths[i] * page, QUIRE_SPARSE, &error));
        if (was_lost && was_longer && kept > 5 * page) {
            CHECK(is_all_lost(&region, 5 * page, kept) && is_zero(&region, 5 * page, kept));
            CHECK(holds_pattern(&region, 0, 5 * page));
        } else {
            CHECK(is_whole(&region) && holds_pattern(&region, 0, kept)
                  && is_zero(&region, kept, region.length));
            fill(&region);
        }
    }
    CHECK(truncate(FILE_NAME, page) == 0 && *byte_at(11 * page) == 0
          && is_all_lost(&region, 11 * page, 12 * page));
    grow_back(FILE_NAME, 12 * page);
    CHECK_OK(quire_resize(&region, FILE_NAME, 50 * page, 0, &error)); /* maps it anew */
    CHECK(is_whole(&region) && holds_pattern(&region, 0, 12 * page));
    CHECK(truncate(FILE_NAME, page) == 0 && *byte_at(49 * page) == 0
          && is_lost(&region, 49 * page));
    drop();
}

static void write_one(void) {
    *byte_at(12 * page) = 1;
}

static void check_protected(void) {
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, 5 * page);
    CHECK_OK(quire_protect(&region, 0, region.length, QUIRE_ACCESS_READ, &error));
    CHECK(*byte_at(9 * page) == 0 && is_all_lost(&region, 9 * page, 20 * page));
    int status = status_of(write_one);
    CHECK(WIFSIGNALED(status) && (WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS));
    CHECK_OK(quire_protect(&region, 0, region.length, QUIRE_ACCESS_READ_WRITE, &error));
    *byte_at(9 * page) = 7;
    CHECK(*byte_at(9 * page) == 7);
    unmap(&region);
    /* A part that may be written of a whole that may not. */
    write_file(FILE_NAME, 20 * page);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, 0));
    CHECK_OK(quire_protect(&region, 0, region.length, QUIRE_ACCESS_READ, &error));
    CHECK_OK(quire_protect(&region, 10 * page, 5 * page, QUIRE_ACCESS_READ_WRITE, &error));
    CHECK(truncate(FILE_NAME, page) == 0);
    write_one();
    CHECK(*byte_at(12 * page) == 1 && *byte_at(9 * page) == 0 && is_lost(&region, 12 * page));
    drop();
    /* And the other way round. */
    write_file(FILE_NAME, 20 * page);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, 0));
    CHECK_OK(quire_protect(&region, 3 * page, 5 * page, QUIRE_ACCESS_READ, &error));
    CHECK(truncate(FILE_NAME, page) == 0);
    write_one();
    CHECK(*byte_at(12 * page) == 1 && *byte_at(4 * page) == 0 && is_lost(&region, 4 * page));
    drop();
}

#if defined(__linux__)
static void cut_memory(const quire_region *memory, long long length) {
    CHECK(ftruncate((int)memory->handle, (off_t)length) == 0);
}

static void check_frozen(void) {
    CHECK_OK(quire_map_anonymous(20 * page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    fill(&region);
    cut_memory(&region, 4 * page);
    CHECK(*byte_at(4 * page) == 0 && is_all_lost(&region, 4 * page, 20 * page));
    *byte_at(6 * page) = 9;
    quire_region second;
    CHECK_OK(quire_attach(getpid(), region.handle, QUIRE_READ_WRITE, 0, &second, &error));
    cut_memory(&region, 20 * page);
    CHECK_CODE(quire_freeze(&region, 0, &error), QUIRE_E_FILE_BUSY);
    CHECK(is_whole(&region) && *byte_at(6 * page) == 0 && holds_pattern(&region, 0, 4 * page));
    cut_memory(&region, 4 * page);
    CHECK(*byte_at(4 * page) == 0 && is_all_lost(&region, 4 * page, 20 * page));
    unmap(&second);
    CHECK_OK(quire_freeze(&region, 0, &error));
    CHECK(is_whole(&region) && holds_pattern(&region, 0, 4 * page));
    CHECK(*byte_at(4 * page) == 0 && is_all_lost(&region, 4 * page, 20 * page));
    unmap(&region);
}

/* 1 if the area that holds the byte has that flag in /proc/self/smaps. */
static int has_flag(const volatile unsigned char *at, const char *flag) {
    char line[4400];
    unsigned long long start = 0, end = 0, from, to;
    int is_found = 0;
    FILE *maps = fopen("/proc/self/smaps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (sscanf(line, "%llx-%llx", &from, &to) == 2) {
            start = from;
            end = to;
        } else if (strncmp(line, "VmFlags:", 8) == 0 && start <= (uintptr_t)at
                   && (uintptr_t)at < end) {
            is_found = strstr(line, flag) != NULL;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return is_found;
}

static void check_hints(void) {
    if (!supports(QUIRE_DONTDUMP) || !supports(QUIRE_DONTFORK)) {
        skip("hints are not taken here");
        return;
    }
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, 5 * page);
    CHECK_OK(quire_advise(&region, "", 0, region.length, QUIRE_DONTDUMP, &outcome, &error));
    CHECK(quire_advise_briefly(region.record, region.kind, region.base_length, region.address,
                               region.length, QUIRE_DONTFORK)
          == 20 * page);
    /* not for all of it */
    CHECK_OK(quire_advise(&region, "", 0, page, QUIRE_RANDOM, &outcome, &error));
    CHECK(*byte_at(9 * page) == 0);
    CHECK(has_flag(byte_at(9 * page), " dd") && has_flag(byte_at(9 * page), " dc"));
    CHECK(!has_flag(byte_at(9 * page), " rr"));
    grow_back(FILE_NAME, 10 * page);
    CHECK_OK(restore(FILE_NAME));
    CHECK(has_flag(byte_at(9 * page), " dd") && has_flag(byte_at(9 * page), " dc"));
    CHECK(has_flag(byte_at(15 * page), " dd") && has_flag(byte_at(15 * page), " dc"));
    CHECK_OK(quire_advise(&region, "", 0, region.length, QUIRE_DODUMP, &outcome, &error));
    CHECK(truncate(FILE_NAME, 5 * page) == 0 && *byte_at(9 * page) == 0);
    CHECK(!has_flag(byte_at(9 * page), " dd") && has_flag(byte_at(9 * page), " dc"));
    drop();
}
#endif

/* ---- full disks ---- */

#if defined(__linux__)
#define DISK_FILE DISK "/file"
#define DISK_PAGES 512

static int mount_disk(void) {
    char options[32];
    snprintf(options, sizeof options, "size=%lld", DISK_PAGES * page);
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("quire", DISK, "tmpfs", 0, options) != 0) {
        skip("a full disk needs the right to mount one");
        return 0;
    }
    return 1;
}

/* A sparse file of so many pages, each step-th of which is there, on a disk that is full then. */
static void make_holes(long long pages, long long step) {
    int file = open(DISK_FILE, O_RDWR | O_CREAT, 0600);
    static unsigned char block[65536];
    CHECK(file >= 0 && ftruncate(file, (off_t)(pages * page)) == 0);
    for (long long i = 0; i < pages; i += step) {
        for (long long k = 0; k < page; k++) {
            block[k] = pattern(i * page + k);
        }
        CHECK(pwrite(file, block, (size_t)page, (off_t)(i * page)) == (ssize_t)page);
    }
    int filler = open(DISK "/filler", O_RDWR | O_CREAT, 0600);
    while (write(filler, block, (size_t)page) > 0) {
    }
    CHECK(errno == ENOSPC && close(filler) == 0 && close(file) == 0);
}

/* Some pages of it, good ones among them, lie between holes that cannot be filled. */
static void check_full(int32_t mode) {
    if (!mount_disk()) {
        return;
    }
    make_holes(400, 37);
    CHECK_OK(map(DISK_FILE, mode, 0));
    const int is_private = mode == QUIRE_COPY_ON_WRITE;
    for (long long i = 0; is_private && i < 400; i += 37) {
        *byte_at(i * page + 1) = 77;
    }
    for (long long i = 5; i < 400; i += 11) {
        CHECK_EQUAL(*byte_at(i * page), i % 37 == 0 ? pattern(i * page) : 0);
        CHECK_EQUAL(is_lost(&region, i * page), i % 37 != 0);
    }
    for (long long i = 0; i < 400; i += 37) {
        CHECK(!is_lost(&region, i * page) && *byte_at(i * page) == pattern(i * page));
        CHECK_EQUAL(*byte_at(i * page + 1), is_private ? 77 : pattern(i * page + 1));
    }
    if (mode == QUIRE_READ_WRITE) {
        *byte_at(5 * page) = 9;
        CHECK_CODE(quire_flush(&region, DISK_FILE, 0, region.length, QUIRE_FLUSH_CACHE, &error),
                   QUIRE_E_FAULT);
        CHECK_OK(quire_flush(&region, DISK_FILE, 37 * page, page, QUIRE_FLUSH_CACHE, &error));
    }
    CHECK(unlink(DISK "/filler") == 0);
    CHECK_OK(restore(DISK_FILE));
    CHECK(returned.count > 0 && is_whole(&region));
    long long count = record(&region)->count;
    for (long long i = 0; i < 400; i++) {
        CHECK_EQUAL(*byte_at(i * page), i % 37 == 0 ? pattern(i * page) : 0);
        CHECK(!is_private || i % 37 != 0 || *byte_at(i * page + 1) == 77);
    }
    if (mode != QUIRE_READ_ONLY) {
        *byte_at(5 * page) = 9;
    }
    CHECK(is_whole(&region) && record(&region)->count == count);
    unmap(&region);
    CHECK(unlink(DISK_FILE) == 0 && umount(DISK) == 0);
}

static void check_full_ro(void) {
    check_full(QUIRE_READ_ONLY);
}

static void check_full_rw(void) {
    check_full(QUIRE_READ_WRITE);
}

static void check_full_cow(void) {
    check_full(QUIRE_COPY_ON_WRITE);
}

/* More lost ranges than a record keeps. */
static void check_scattered(int32_t mode) {
    if (!mount_disk()) {
        return;
    }
    make_holes(800, 2);
    CHECK_OK(map(DISK_FILE, mode, 0));
    int is_private = mode == QUIRE_COPY_ON_WRITE;
    for (long long i = 0; is_private && i < 800; i += 100) {
        *byte_at(i * page + 1) = 77;
    }
    for (long long k = 0; k < 400; k++) {
        long long i = 2 * (k * 147 % 400) + 1; /* in no order */
        CHECK_EQUAL(*byte_at(i * page), 0);
        CHECK(is_lost(&region, i * page));
    }
    CHECK(record(&region)->ranges <= QUIRE_LOST_RANGES);
    CHECK(is_private || areas(&region) <= 70);
    for (long long i = 0; i < 800; i += 2) {
        int is_changed = is_private && i % 100 == 0;
        if (is_private || !is_lost(&region, i * page)) {
            CHECK(*byte_at(i * page) == pattern(i * page));
            CHECK(*byte_at(i * page + 1) == (is_changed ? 77 : pattern(i * page + 1)));
        } else {
            CHECK(*byte_at(i * page) == 0);
        }
    }
    CHECK(unlink(DISK "/filler") == 0);
    CHECK_OK(restore(DISK_FILE));
    CHECK(is_private || is_whole(&region));
    for (long long i = 0; i < 800; i++) {
        CHECK_EQUAL(*byte_at(i * page), i % 2 == 0 ? pattern(i * page) : 0);
        CHECK(!is_private || i % 100 != 0 || *byte_at(i * page + 1) == 77);
    }
    unmap(&region);
    CHECK(unlink(DISK_FILE) == 0 && umount(DISK) == 0);
}

static void check_scattered_ro(void) {
    check_scattered(QUIRE_READ_ONLY);
}

static void check_scattered_rw(void) {
    check_scattered(QUIRE_READ_WRITE);
}

static void check_scattered_cow(void) {
    check_scattered(QUIRE_COPY_ON_WRITE);
}

/* ---- when there is no memory, or no area ---- */

static void touch_without_memory(void) {
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, page);
    LIMIT_TO(RLIMIT_DATA, 1);
    *byte_at(9 * page) = 1;
}

/* Every second page of a place has an access of its own, until no more can. */
static void use_up_areas(void) {
    const long long pages = 200000;
    char *place = mmap(NULL, (size_t)(pages * page), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS
                       | MAP_NORESERVE, -1, 0);
    CHECK(place != MAP_FAILED);
    long long i = 0;
    while (i < pages && mprotect(place + i * page, (size_t)page, PROT_READ) == 0) {
        i += 2;
    }
    CHECK(i < pages && errno == ENOMEM);
}

static void touch_without_areas(void) {
    write_file(FILE_NAME, 20 * page);
    int file = open(FILE_NAME, O_RDWR);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, 0));
    use_up_areas();
    CHECK(ftruncate(file, (off_t)page) == 0);
    *byte_at(9 * page) = 1;
    CHECK(is_all_lost(&region, 9 * page, 20 * page));
    CHECK(*byte_at(9 * page) == 1 && *byte_at(10 * page) == 0 && *byte_at(2 * page) == 0);
    CHECK(is_all_lost(&region, 2 * page, 20 * page) || record(&region)->ranges == 2);
}

static void check_exhausted(void) {
    quire_system system = system_now();
    int is_short = system.map_limit < 0 || system.map_limit > 100000;
    CHECK(is_short || status_of(touch_without_areas) == 0);
    if (is_short) {
        skip("the limit of areas is too high to be reached");
    }
    fflush(stdout);
    if (is_emulated()) {
        skip("memory cannot be limited here");
    } else {
        CHECK_DIES(touch_without_memory);
    }
    unlink(FILE_NAME);
}
#endif

/* ---- signals of others ---- */

static volatile sig_atomic_t others_signals;
static void *volatile others_address;
static volatile int others_code;
static volatile int others_blocked;
static struct sigaction theirs;
static void *volatile others_page;

static int is_blocked(int number) {
    sigset_t now;
    return sigprocmask(SIG_BLOCK, NULL, &now) == 0 && sigismember(&now, number);
}

/* Puts a page where there was none, so that the access can be made again. */
static void others_handler(int number, siginfo_t *info, void *context) {
    (void)context;
    others_signals = others_signals + 1;
    others_address = info->si_addr;
    others_code = info->si_code;
    others_blocked = is_blocked(SIGUSR1) | is_blocked(SIGUSR2) << 1 | is_blocked(number) << 2;
    if (info->si_addr == others_page) {
        mmap(others_page, (size_t)page, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    }
}

/* Passes everything on to what it replaced. */
static void polite_handler(int number, siginfo_t *info, void *context) {
    others_signals = others_signals + 1;
    if ((theirs.sa_flags & SA_SIGINFO) != 0) {
        theirs.sa_sigaction(number, info, context);
    } else if (theirs.sa_handler != SIG_DFL && theirs.sa_handler != SIG_IGN) {
        theirs.sa_handler(number);
    } else {
        signal(number, SIG_DFL);
    }
}

static void install(void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    sigaddset(&action.sa_mask, SIGUSR1);
    CHECK(sigaction(SIGBUS, &action, &theirs) == 0);
}

/* A mapping that the library knows nothing of. */
static volatile unsigned char *map_of_others(void) {
    write_file(OTHER_NAME, 2 * page);
    int file = open(OTHER_NAME, O_RDWR);
    others_page = mmap(NULL, (size_t)page, PROT_READ, MAP_SHARED, file, 0);
    CHECK(others_page != MAP_FAILED && ftruncate(file, 0) == 0 && close(file) == 0
          && unlink(OTHER_NAME) == 0);
    return others_page;
}

static void touch_others(void) {
    volatile unsigned char *byte = map_of_others();
    CHECK_EQUAL(*byte, -1); /* not reached */
}

static void raise_one(void) {
    raise(SIGBUS);
}

/* With a value, where signals can have one. */
static int queue_signal(void) {
#if defined(__linux__)
    return sigqueue(getpid(), SIGBUS, (union sigval){0});
#else
    return kill(getpid(), SIGBUS);
#endif
}

static void queue_one(void) {
    CHECK(queue_signal() == 0);
}

#if defined(__linux__)
/* As if an access of this thread had failed. */
static void pretend(int code, const volatile unsigned char *address) {
    siginfo_t info = {0};
    info.si_signo = SIGBUS;
    info.si_code = code;
    info.si_addr = (void *)(uintptr_t)address;
    CHECK(syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), SIGBUS, &info) == 0);
}

static void align_wrongly(void) {
    map_cut(QUIRE_READ_ONLY, 0, 20 * page, page);
    unlink(FILE_NAME);
    pretend(MISALIGNED, byte_at(5 * page));
    pretend(MISALIGNED, byte_at(5 * page)); /* the first one took the handler away */
}

static void fail_later(void) {
    pretend(WILL_FAIL, map_of_others());
}
#endif

static void start_healing_over(void (*what)(int)) {
    signal(SIGBUS, what);
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
}

static void check_default_before(void) {
    start_healing_over(SIG_DFL);
    CHECK_DIES(touch_others);
    CHECK_DIES(raise_one);
    CHECK_DIES(queue_one);
#if defined(__linux__)
    if (!is_emulated()) {
        CHECK_DIES(align_wrongly);
        CHECK_DIES(fail_later);
    }
#endif
    map_cut(QUIRE_READ_ONLY, 0, 20 * page, page);
    CHECK(*byte_at(5 * page) == 0 && is_lost(&region, 5 * page));
    drop();
}

static void check_ignored_before(void) {
    start_healing_over(SIG_IGN);
    CHECK_DIES(touch_others);
    CHECK(status_of(raise_one) == 0 && status_of(queue_one) == 0);
    map_cut(QUIRE_READ_ONLY, 0, 20 * page, page);
    raise(SIGBUS);
    CHECK(*byte_at(5 * page) == 0 && is_lost(&region, 5 * page));
    drop();
}

static void check_handler_before(void) {
    const int all_flags[] = {0, SA_NODEFER};
    for (int i = 0; i < 2; i++) {
        int flags = all_flags[i];
        others_signals = 0;
        install(others_handler, flags);
        CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
        map_cut(QUIRE_READ_WRITE, 0, 20 * page, page);
        *byte_at(5 * page) = 1;
        CHECK(others_signals == 0 && is_all_lost(&region, 5 * page, 20 * page));
        volatile unsigned char *byte = map_of_others();
        CHECK_EQUAL(number_after(byte), 42);
        CHECK_EQUAL(*byte, 0);
        CHECK(others_signals == 1 && others_address == (void *)(uintptr_t)byte);
        CHECK_EQUAL(others_blocked, flags == 0 ? 5 : 1);
        CHECK(!is_blocked(SIGUSR1) && !is_blocked(SIGBUS));
        raise(SIGBUS);
        CHECK(others_signals == 2 && others_code <= 0);
        CHECK(queue_signal() == 0 && others_signals == 3);
#if defined(__linux__)
        if (!is_emulated()) {
            pretend(MISALIGNED, byte_at(7 * page));
            CHECK(others_signals == 4 && others_code == MISALIGNED);
            pretend(WILL_FAIL, byte_at(7 * page));
            pretend(NO_SUCH_PLACE, byte_at(0));
            CHECK(others_signals == 4 && holds_pattern(&region, 0, page));
        }
#endif
        drop();
    }
}

/* What came later is not asked about our faults, and is about others'. */
static void check_handler_after(void) {
    start_healing_over(SIG_DFL);
    install(polite_handler, 0);
    map_cut(QUIRE_READ_ONLY, 0, 20 * page, page);
    CHECK(*byte_at(5 * page) == 0 && is_lost(&region, 5 * page));
    CHECK_EQUAL(others_signals, 0);
    CHECK_EQUAL(quire_heal(0), QUIRE_HEALING_ON);
    CHECK_DIES(touch_others);
    drop();
    struct sigaction ours = {0};
    CHECK(sigaction(SIGBUS, NULL, &ours) == 0);
    /* the same one comes again and again, and forgets what it replaced at first */
    for (int i = 0; i < 20; i++) {
        struct sigaction now;
        CHECK(sigaction(SIGBUS, NULL, &now) == 0);
        if (now.sa_sigaction != polite_handler) {
            install(polite_handler, 0);
        }
        CHECK_EQUAL(quire_heal(0), i < 6 ? QUIRE_HEALING_ON : QUIRE_HEALING_COVERED);
        map_cut(QUIRE_READ_ONLY, 0, 20 * page, page);
        CHECK(region.record != 0 && *byte_at(5 * page) == 0 && is_lost(&region, 5 * page));
        drop();
        CHECK_DIES(touch_others);
        CHECK_DIES(raise_one);
    }
    CHECK(sigaction(SIGBUS, &ours, NULL) == 0); /* they go again */
    CHECK_EQUAL(quire_heal(0), QUIRE_HEALING_ON);
    CHECK_DIES(touch_others);
}

#if defined(__linux__)
/* The memory itself failed: what was there is gone, whatever the kernel says of the page. */
static void check_poisoned(void) {
    if (is_emulated()) {
        skip("a signal cannot be made to look like a fault here");
        return;
    }
    write_file(FILE_NAME, 20 * page);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, 0));
    pretend(WILL_FAIL, byte_at(7 * page));
    CHECK(is_whole(&region) && holds_pattern(&region, 0, 20 * page));
    for (int i = 0; i < 2; i++) {
        pretend(POISONED, byte_at(7 * page + 8));
        CHECK(is_all_lost(&region, 7 * page, 8 * page) && is_zero(&region, 7 * page, 8 * page));
        *byte_at(7 * page) = 1; /* the zeroes may fail as well */
    }
    CHECK(holds_pattern(&region, 0, 7 * page) && holds_pattern(&region, 8 * page, 20 * page));
    CHECK_OK(restore(FILE_NAME));
    CHECK(is_returned(7 * page, 8 * page) && holds_pattern(&region, 0, 20 * page));
    drop();
}
#endif

/* ---- threads, processes ---- */

static void touch_in_child(void) {
    long long count = record(&region)->count;
    CHECK(*byte_at(15 * page) == 0 && is_lost(&region, 15 * page));
    *byte_at(16 * page) = 4;
    CHECK(*byte_at(16 * page) == 4 && *byte_at(9 * page) == 0);
    CHECK(holds_pattern(&region, 0, page) && record(&region)->count >= count);
    quire_region third;
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &third, &error));
    unmap(&third);
    unmap(&region);
}

static void check_forked(void) {
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, page);
    CHECK(status_of(touch_in_child) == 0);
    CHECK(is_whole(&region));
    CHECK(*byte_at(15 * page) == 0 && *byte_at(16 * page) == 0 && is_lost(&region, 15 * page));
    CHECK(status_of(touch_in_child) == 0);
    CHECK(*byte_at(16 * page) == 0);
    drop();
}

#if defined(__linux__)
static void *touch_one(void *offset) {
    CHECK(*byte_at(*(long long *)offset) == 0);
    return NULL;
}

/* Waits until a handler is about to map zeroes, holding its lock. */
static void await_stall(void) {
    for (int i = 0; i < 5000 && stalled == 0; i++) {
        sleep_milliseconds(1);
    }
    CHECK(stalled > 0);
}

static void check_forked_in_handler(void) {
    long long offset = 9 * page;
    pthread_t thread;
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, page);
    stalled = 0;
    stall_milliseconds = 300;
    CHECK(pthread_create(&thread, NULL, touch_one, &offset) == 0);
    await_stall();
    stall_milliseconds = 0;
    CHECK(status_of(touch_in_child) == 0);
    CHECK(pthread_join(thread, NULL) == 0 && is_lost(&region, 9 * page));
    drop();
}

/* Nothing is there for a moment. */
static void access_again(int number) {
    (void)number;
    sched_yield();
}

static void *read_one(void *place) {
    int byte = *(volatile unsigned char *)place;
    CHECK(byte == 0 || byte == 0x5a);
    return NULL;
}

/* The reader is told nothing: it reads what is there by then. */
static void check_unmapped_in_handler(void) {
    pthread_t thread;
    signal(SIGSEGV, access_again);
    map_cut(QUIRE_READ_WRITE, 0, 20 * page, page);
    char *place = (char *)(uintptr_t)region.base;
    stalled = 0;
    stall_milliseconds = 200;
    CHECK(pthread_create(&thread, NULL, read_one, place + 9 * page) == 0);
    await_stall();
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    quire_region gone = region;
    CHECK_OK(quire_unmap(&gone, &error));
    stall_milliseconds = 0;
    int flags = MAP_PRIVATE | MAP_ANONYMOUS;
    char *foreign = mmap(place, (size_t)(20 * page), PROT_READ | PROT_WRITE, flags, -1, 0);
    clock_gettime(CLOCK_MONOTONIC, &end);
    CHECK((end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 >= 100);
    CHECK(foreign == place);
    memset(place, 0x5a, (size_t)(20 * page));
    CHECK(pthread_join(thread, NULL) == 0);
    sleep_milliseconds(50);
    for (long long i = 0; i < 20 * page; i++) {
        if (!CHECK(place[i] == 0x5a)) {
            break;
        }
    }
    munmap(place, (size_t)(20 * page));
    signal(SIGSEGV, SIG_DFL);
    CHECK(unlink(FILE_NAME) == 0);
}
#endif

/* Two threads store into two halves of a page that was just lost. */
static atomic_int round_number;
static atomic_int stores_done;

static void *store_on_signal(void *half) {
    for (int i = 1; round_number >= 0; i++) {
        while (round_number >= 0 && round_number < i) {
            sched_yield();
        }
        if (round_number >= 0) {
            *(volatile int *)(byte_at(3 * page) + *(int *)half * page / 2) = i;
            stores_done++;
        }
    }
    return NULL;
}

static void check_no_store_is_lost(int rounds) {
    int halves[] = {0, 1};
    pthread_t threads[2];
    map_cut(QUIRE_READ_WRITE, 0, 4 * page, 4 * page);
    round_number = 0;
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_create(&threads[i], NULL, store_on_signal, &halves[i]) == 0);
    }
    int lost = 0;
    for (int i = 1; i <= rounds; i++) {
        CHECK(truncate(FILE_NAME, page) == 0);
        stores_done = 0;
        round_number = i;
        while (stores_done < 2) {
            sched_yield();
        }
        lost += *(volatile int *)byte_at(3 * page) != i
            || *(volatile int *)(byte_at(3 * page) + page / 2) != i;
        CHECK(is_lost(&region, 3 * page) && truncate(FILE_NAME, 4 * page) == 0);
        CHECK_OK(restore(FILE_NAME));
    }
    CHECK_EQUAL(lost, 0);
    round_number = -1;
    for (int i = 0; i < 2; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    drop();
}

#define CROWD 100

static atomic_int arrived;
static atomic_int wrong_bytes;

static void *store_own(void *number) {
    long long own = (long long)(uintptr_t)number;
    arrived++;
    while (arrived < CROWD) {
        sched_yield();
    }
    *byte_at(3 * page + own) = (unsigned char)(own + 1);
    for (long long i = 1; i < 40; i++) {
        *byte_at((3 + (own * 7 + i) % 40) * page + own) = (unsigned char)(own + 1);
    }
    return NULL;
}

/* All of them on one page at first, then on all. */
static void check_crowd(void) {
    pthread_t threads[CROWD];
    for (int round = 0; round < 10; round++) {
        map_cut(QUIRE_READ_WRITE, 0, 43 * page, page);
        arrived = 0;
        stall_milliseconds = 50; /* the others come to wait for the first */
        for (long long i = 0; i < CROWD; i++) {
            CHECK(pthread_create(&threads[i], NULL, store_own, (void *)(uintptr_t)i) == 0);
        }
        for (int i = 0; i < CROWD; i++) {
            CHECK(pthread_join(threads[i], NULL) == 0);
        }
        stall_milliseconds = 0;
        for (long long i = 0; i < CROWD; i++) {
            CHECK_EQUAL(*byte_at(3 * page + i), i + 1);
        }
        CHECK(is_all_lost(&region, 3 * page, 43 * page));
        drop();
    }
}

/* ---- everything at once ---- */

#define SUFFERERS 6 /* of each kind */
#define FOREIGN_PAGES 8

static atomic_llong turns;

static void make_path(char *path, size_t room, const char *kind, long long number) {
    snprintf(path, room, "check_heal.%s%lld", kind, number);
}

/* Reads and writes one mapping that is cut all the time. */
static void *suffer(void *unused) {
    (void)unused;
    uint64_t state = (uintptr_t)&unused;
    while (!is_over) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        long long at = (long long)(state >> 33) % region.length;
        unsigned char byte = *byte_at(at);
        wrong_bytes += byte != 0 && byte != pattern(at);
        turns++;
    }
    return NULL;
}

static void use_own(const char *path, long long number, int turn) {
    quire_region own;
    quire_error refusal;
    quire_ranges back;
    write_file(path, 6 * page);
    if (map_file(path, 0, -1, turn % 3, 0, &own, &refusal) != QUIRE_OK) {
        wrong_bytes++;
        return;
    }
    volatile unsigned char *first = bytes(&own);
    wrong_bytes += truncate(path, page) != 0 || first[(1 + turn % 5) * page] != 0;
    wrong_bytes += quire_protect(&own, 0, own.length, QUIRE_ACCESS_READ, &refusal) != QUIRE_OK;
    wrong_bytes += first[(1 + number % 5) * page] != 0 || first[0] != pattern(0);
    wrong_bytes += truncate(path, 6 * page) != 0;
    wrong_bytes += turn % 2 == 0 && quire_restore(&own, path, &back, &refusal) != QUIRE_OK;
    wrong_bytes += turn % 3 == QUIRE_READ_WRITE
        && quire_resize(&own, path, 9 * page, 0, &refusal) != QUIRE_OK;
    first = bytes(&own);
    wrong_bytes += truncate(path, page) != 0 || first[own.length - 1] != 0
        || first[0] != pattern(0);
    wrong_bytes += quire_unmap(&own, &refusal) != QUIRE_OK;
}

/* Maps, loses, protects, restores, resizes and unmaps mappings of its own. */
static void *come_and_go(void *number) {
    char path[64];
    make_path(path, sizeof path, "own", (long long)(uintptr_t)number);
    for (int turn = 0; !is_over; turn++) {
        use_own(path, (long long)(uintptr_t)number, turn);
        turns++;
    }
    unlink(path);
    return NULL;
}

/* Memory of nobody here, at places that mappings had a moment ago. */
static void *be_others(void *unused) {
    (void)unused;
    while (!is_over) {
        char *places[FOREIGN_PAGES];
        for (int i = 0; i < FOREIGN_PAGES; i++) {
            places[i] = mmap(NULL, (size_t)(6 * page), PROT_READ | PROT_WRITE, MAP_PRIVATE
                             | MAP_ANONYMOUS, -1, 0);
            memset(places[i], 0x5a, (size_t)(6 * page));
        }
        sched_yield();
        for (int i = 0; i < FOREIGN_PAGES; i++) {
            for (long long k = 0; k < 6 * page; k += 64) {
                wrong_bytes += places[i][k] != 0x5a;
            }
            munmap(places[i], (size_t)(6 * page));
        }
        turns++;
    }
    return NULL;
}

static void touch_and_end(void) {
    for (long long i = 0; i < region.length; i += page) {
        unsigned char byte = *byte_at(i);
        CHECK(byte == 0 || byte == pattern(i));
    }
}

static void check_all_at_once(int milliseconds) {
    pthread_t threads[3 * SUFFERERS];
    void *(*const kinds[])(void *) = {suffer, come_and_go, be_others};
    is_over = 0;
    wrong_bytes = 0;
    turns = 0;
    map_cut(QUIRE_READ_WRITE, 0, 64 * page, 64 * page);
    for (long long i = 0; i < 3 * SUFFERERS; i++) {
        CHECK(pthread_create(&threads[i], NULL, kinds[i % 3], (void *)(uintptr_t)i) == 0);
    }
    struct timespec begin, now;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int forks = 0;
    do {
        CHECK(truncate(FILE_NAME, page) == 0);
        sleep_milliseconds(1);
        if (forks++ % 8 == 0) {
            CHECK_EQUAL(status_of(touch_and_end), 0);
        }
        grow_back(FILE_NAME, 64 * page);
        CHECK_OK(restore(FILE_NAME));
        clock_gettime(CLOCK_MONOTONIC, &now);
    } while ((now.tv_sec - begin.tv_sec) * 1000 + (now.tv_nsec - begin.tv_nsec) / 1000000
             < milliseconds);
    is_over = 1;
    for (int i = 0; i < 3 * SUFFERERS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK_EQUAL(wrong_bytes, 0);
    CHECK(turns > 0 && holds_pattern(&region, 0, 64 * page));
    drop();
}

/* ---- huge pages ---- */

#if defined(__linux__)
#define HUGE_RESERVE "/proc/sys/vm/nr_hugepages"

static long long reserve_huge_pages(long long count) {
    long long before = -1, now = -1;
    FILE *file = fopen(HUGE_RESERVE, "r+");
    if (file == NULL) {
        return -1;
    }
    if (fscanf(file, "%lld", &before) == 1 && before < count) {
        rewind(file);
        fprintf(file, "%lld", count);
        fflush(file);
    }
    rewind(file);
    now = fscanf(file, "%lld", &now) == 1 ? now : -1;
    fclose(file);
    return now >= count ? before : -1;
}

static void check_huge_mode(int32_t mode) {
    long long huge = 2LL << 20;
    int file = open(DISK_FILE, O_RDWR | O_CREAT, 0600);
    CHECK(file >= 0 && ftruncate(file, (off_t)(4 * huge)) == 0);
    CHECK_OK(map(DISK_FILE, mode, 0));
    CHECK(region.page_size == huge && region.base_length == 4 * huge);
    CHECK(*byte_at(0) == 0);
    CHECK(ftruncate(file, (off_t)huge) == 0);
    CHECK(*byte_at(huge + 3 * page + 5) == 0);
    CHECK(is_all_lost(&region, huge, 4 * huge));
    for (long long i = huge; i < 4 * huge; i += page) {
        CHECK(*byte_at(i) == 0);
    }
    CHECK(ftruncate(file, (off_t)(4 * huge)) == 0);
    CHECK_OK(restore(DISK_FILE));
    CHECK(is_returned(huge, 4 * huge) && is_whole(&region) && *byte_at(3 * huge) == 0
          && is_whole(&region));
    if (mode == QUIRE_READ_WRITE) {
        *byte_at(3 * huge) = 9;
        unsigned char byte = 0;
        CHECK(pread(file, &byte, 1, (off_t)(3 * huge)) == 1 && byte == 9);
    }
    long long before = areas(&region);
    unmap(&region);
    CHECK(before >= 1 && close(file) == 0 && unlink(DISK_FILE) == 0);
}

static void check_huge(void) {
    if (platform()->huge_page_size != 2LL << 20 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("quire", DISK, "hugetlbfs", 0, "pagesize=2M") != 0) {
        skip("huge pages cannot be mounted here");
        return;
    }
    check_huge_mode(QUIRE_READ_ONLY);
    check_huge_mode(QUIRE_READ_WRITE);
    CHECK(umount(DISK) == 0);
}

static void check_huge_pages(void) {
    long long before = is_emulated() ? -1 : reserve_huge_pages(8);
    if (before < 0) {
        skip("huge pages cannot be reserved here");
        return;
    }
    CHECK_IN_CHILD(check_huge);
    FILE *file = fopen(HUGE_RESERVE, "w");
    CHECK(file != NULL && fprintf(file, "%lld", before) > 0 && fclose(file) == 0);
}
#endif

static void check_off(void) {
    CHECK_EQUAL(quire_heal(0), QUIRE_HEALING_OFF);
    write_file(FILE_NAME, page);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_ONLY, 0));
    CHECK_EQUAL(region.record, 0);
    CHECK_CODE(restore(FILE_NAME), QUIRE_E_UNSUPPORTED);
    drop();
}

static void check_signals(void) {
    CHECK_IN_CHILD(check_default_before);
    CHECK_IN_CHILD(check_ignored_before);
    CHECK_IN_CHILD(check_handler_before);
    CHECK_IN_CHILD(check_handler_after);
}

static void check_returns(void) {
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        check_restored(mode, 0);
        check_restored(mode, QUIRE_KEEP_FILE);
        check_restored_without_name(0, mode);
        check_restored_without_name(1, mode);
        check_restored_beside_readers(mode, FILE_NAME);
    }
#if defined(__linux__)
    if (is_emulated()) {
        skip("mappings cannot be copied here");
    } else {
        check_restored_beside_readers(QUIRE_READ_ONLY, OTHER_NAME);
        check_restored_beside_readers(QUIRE_READ_WRITE, OTHER_NAME);
    }
#endif
}

int main(void) {
    page = system_now().page_size;
    unlink(FILE_NAME);
    unlink(OTHER_NAME);
    check_off();
    check_signals();
    signal(SIGBUS, SIG_DFL); /* sanitizers have a handler of their own */
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
    check_truncated();
    check_flush_of_renamed();
    check_whose_ever();
    check_private_changes();
    check_returns();
    check_resized();
    check_protected();
    check_forked();
    check_no_store_is_lost(is_emulated() ? 300 : 20000);
    check_crowd();
    check_all_at_once(is_emulated() ? 500 : 3000);
#if defined(__linux__)
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        if (mode == QUIRE_COPY_ON_WRITE && is_emulated()) {
            skip("nobody tells which private pages were changed");
            continue;
        }
        check_large(1LL << 30, mode);
        check_large(1LL << 40, mode);
    }
    check_frozen();
    check_hints();
    check_poisoned();
    check_forked_in_handler();
    check_unmapped_in_handler();
    CHECK(mkdir(DISK, 0700) == 0);
    CHECK_IN_CHILD(check_full_ro);
    CHECK_IN_CHILD(check_full_rw);
    CHECK_IN_CHILD(check_full_cow);
    CHECK_IN_CHILD(check_scattered_ro);
    CHECK_IN_CHILD(check_scattered_rw);
    CHECK_IN_CHILD(check_scattered_cow);
    check_huge_pages();
    CHECK(rmdir(DISK) == 0);
    CHECK_IN_CHILD(check_exhausted);
#endif
    return summary("check_heal");
}

#else

int main(void) {
    quire_region region = {.handle = -1};
    quire_ranges returned;
    CHECK_EQUAL(quire_heal(0), QUIRE_HEALING_UNAVAILABLE);
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_UNAVAILABLE);
    CHECK_OK(quire_map_anonymous(100, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_EQUAL(region.record, 0);
    CHECK_CODE(quire_restore(&region, "", &returned, &error), QUIRE_E_UNSUPPORTED);
    CHECK_EQUAL(returned.count, 0);
    unmap(&region);
    return summary("check_heal");
}

#endif

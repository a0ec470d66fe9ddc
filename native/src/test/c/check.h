/*
 * check.h - what the conformance programs share. Each program is one file that includes this, runs
 * on every platform and ends with summary(). A check that fails prints where and what and goes on;
 * a line "skip: ..." tells what this machine cannot show. Programs write their files, named after
 * them, into the folder they are started in.
 */
#ifndef CHECK_H
#define CHECK_H

/* The C libraries hide most of POSIX from -std=c11. */
#define _GNU_SOURCE

#include "quire.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(_WIN32)
#include <process.h>
#define getpid _getpid
#else
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#if defined(__linux__)
#include <sys/vfs.h>
#endif
#include <unistd.h>
#endif

static long long checks_passed;
static long long checks_failed;
/* Of the last call that was checked by CHECK_CODE. */
static quire_error error;

static inline int check(int holds, const char *file, int line, const char *what) {
    if (holds) {
        checks_passed++;
    } else {
        checks_failed++;
        printf("%s:%d: %s\n", file, line, what);
    }
    return holds;
}

static inline int check_equal(long long actual, long long expected, const char *file, int line,
                              const char *what) {
    if (actual != expected) {
        printf("%lld instead of %lld: ", actual, expected);
    }
    return check(actual == expected, file, line, what);
}

/* The code is the one expected and *error tells the same; for QUIRE_OK it tells nothing. */
static inline int check_code(int32_t code, int32_t expected, const char *file, int line,
                             const char *what) {
    static const quire_error nothing;
    int is_told = code == QUIRE_OK ? memcmp(&error, &nothing, sizeof error) == 0
        : error.code == code;
    if (code != expected || !is_told) {
        printf("%s (%s %s, limit %lld) instead of %s: ", quire_code_name(code),
            quire_call_name(error.call), quire_os_number_name(error.os_number), error.limit,
                quire_code_name(expected));
    }
    return check(code == expected && is_told, file, line, what);
}

/* All of them are true if the check held. */
#define CHECK(condition) check((condition) != 0, __FILE__, __LINE__, #condition)
#define CHECK_EQUAL(actual, expected) \
    check_equal((long long)(actual), (long long)(expected), __FILE__, __LINE__, #actual)
#define CHECK_CODE(call, expected) check_code((call), (expected), __FILE__, __LINE__, #call)
#define CHECK_OK(call) CHECK_CODE(call, QUIRE_OK)

static inline void skip(const char *reason) {
    printf("skip: %s\n", reason);
}

static inline int summary(const char *name) {
    printf("%s: %lld passed, %lld failed\n", name, checks_passed, checks_failed);
    return checks_failed == 0 ? 0 : 1;
}

/* ---- the platform; what the last call said in error stays ---- */

static inline quire_system system_now(void) {
    quire_system system = {0};
    quire_error own;
    CHECK(quire_query_system(&system, &own) == QUIRE_OK && own.code == QUIRE_OK);
    return system;
}

/* What does not change. */
static inline const quire_system *platform(void) {
    static quire_system system;
    if (system.page_size == 0) {
        system = system_now();
    }
    return &system;
}

static inline int can(long long capability) {
    return (platform()->capabilities & capability) != 0;
}

static inline int supports(int32_t hint) {
    return (int)(platform()->hints >> hint & 1);
}

static inline int is_windows(void) {
    return platform()->os == QUIRE_OS_WINDOWS;
}

/* ---- processes ---- */

#if !defined(_WIN32)
/* Seconds after which a child that hangs, in a FIFO for example, is ended: far more than any
   needs. */
#define CHILD_SECONDS 240

/* Runs the checks in a process of its own, which may lose privileges, take limits and die. */
static inline void check_in_child(void (*checks)(void), const char *name) {
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        alarm(CHILD_SECONDS);
        checks_failed = 0;
        checks();
        fflush(stdout);
        _exit(checks_failed == 0 ? 0 : 1);
    }
    int status = -1;
    int is_fine = child > 0 && waitpid(child, &status, 0) == child && status == 0;
    if (!is_fine) {
        printf("%s ended with status %#x: ", name, (unsigned int)status);
    }
    CHECK(is_fine);
}
#define CHECK_IN_CHILD(checks) check_in_child(checks, #checks)

/* The superuser may do everything; nobody, by the number that every system gives him, may not. */
static inline void drop_privileges(void) {
    const int nobody = 65534;
    if (geteuid() == 0) {
        CHECK(setgid((gid_t)nobody) == 0 && setuid((uid_t)nobody) == 0);
    }
}

/* The resource is an enumeration in one C library and a number in the other: no variable can hold
   it. */
#define LIMIT_TO(resource, value) \
    CHECK(setrlimit(resource, &(struct rlimit){(rlim_t)(value), (rlim_t)(value)}) == 0)

/* What the sizes of the kernel's accounts are given in. */
#define KIBIBYTE 1024

/* Bytes this process has locked; -1 where the system does not tell. */
static inline long long locked_bytes(void) {
    char line[256];
    long long kibibytes = -1;
    FILE *file = fopen("/proc/self/status", "r");
    while (file != NULL && kibibytes < 0 && fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmLck: %lld", &kibibytes) != 1) {
            kibibytes = -1;
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kibibytes < 0 ? -1 : kibibytes * KIBIBYTE;
}

/* The sanitizers replace the C library's function by one that does nothing. */
static inline int locks_are_real(void) {
    long long page = platform()->page_size;
    void *probe = mmap(NULL, (size_t)page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    long long before = locked_bytes();
    CHECK(probe != MAP_FAILED && mlock(probe, (size_t)page) == 0);
    int is_real = before >= 0 && locked_bytes() == before + page;
    munmap(probe, (size_t)page);
    return is_real;
}
#endif

/* ---- names ---- */

/* Of this program's own segment, also in its children: two builds may run at the same time. */
static inline const char *segment_name(void) {
    static char name[32];
    if (*name == '\0') {
        snprintf(name, sizeof name, "quire-check-%lld", (long long)getpid());
    }
    return name;
}

/* ---- bytes ---- */

static inline unsigned char *bytes(const quire_region *region) {
    return (unsigned char *)(uintptr_t)region->address;
}

/* The byte at an offset of a file or memory: 0 nowhere, and no page like the one before. */
static inline unsigned char pattern(long long offset) {
    return (unsigned char)(offset % 251 + 1);
}

static inline void fill(const quire_region *region) {
    for (long long i = 0; i < region->length; i++) {
        bytes(region)[i] = pattern(region->file_offset + i);
    }
}

/* 1 if the bytes from first up to end are the pattern; 0 bytes hold it too. */
static inline int holds_pattern(const quire_region *region, long long first, long long end) {
    for (long long i = first; i < end; i++) {
        if (bytes(region)[i] != pattern(region->file_offset + i)) {
            printf("byte %lld is %d: ", i, bytes(region)[i]);
            return 0;
        }
    }
    return 1;
}

static inline int is_zero(const quire_region *region, long long first, long long end) {
    for (long long i = first; i < end; i++) {
        if (bytes(region)[i] != 0) {
            printf("byte %lld is %d: ", i, bytes(region)[i]);
            return 0;
        }
    }
    return 1;
}

/* ---- files, by the C library: what Quire did has to be seen by everybody ---- */

static inline void write_file(const char *path, long long length) {
    FILE *file = fopen(path, "wb");
    if (!CHECK(file != NULL)) {
        return;
    }
    for (long long i = 0; i < length; i++) {
        putc(pattern(i), file);
    }
    CHECK(fclose(file) == 0);
}

/* The byte at an offset below 2 GiB, -1 past the end. */
static inline int byte_in_file(const char *path, long long offset) {
    FILE *file = fopen(path, "rb");
    int byte = -1;
    if (file != NULL) {
        byte = fseek(file, (long)offset, SEEK_SET) == 0 ? getc(file) : -1;
        fclose(file);
    }
    return byte;
}

/* -1 if there is none. */
static inline long long file_length(const char *path) {
    quire_error ignored;
    quire_file_status status;
    return quire_query_file(path, &status, &ignored) == QUIRE_OK ? status.size : -1;
}

/* 1 if the file lies in memory only, which it cannot be evicted from. */
static inline int is_in_memory(const char *path) {
#if defined(__linux__)
    const long long tmpfs = 0x01021994; /* TMPFS_MAGIC of the kernel's interface */
    struct statfs system;
    return statfs(path, &system) == 0 && (long long)system.f_type == tmpfs;
#else
    (void)path;
    return 0;
#endif
}

/* 1 if the file is length bytes of the pattern. */
static inline int file_is_pattern(const char *path, long long length) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return 0;
    }
    long long i = 0;
    int byte;
    while ((byte = getc(file)) != EOF && byte == pattern(i)) {
        i++;
    }
    fclose(file);
    return byte == EOF && i == length;
}

/* ---- regions ---- */

static inline int is_empty(const quire_region *region) {
    return region->address == 0 && region->length == 0 && region->base == 0
           && region->base_length == 0 && region->handle == -1;
}

static inline void unmap(quire_region *region) {
    CHECK_OK(quire_unmap(region, &error));
    CHECK(is_empty(region));
}

/* The picture above quire_region in quire.h. */
static inline void check_shape(const quire_region *region, long long offset, long long length) {
    long long page = platform()->page_size;
    long long granularity = platform()->granularity;
    CHECK_EQUAL(region->length, length);
    CHECK_EQUAL(region->file_offset, offset);
    if (length == 0) {
        CHECK(region->base == 0 && region->base_length == 0);
        return;
    }
    CHECK_EQUAL(region->base % granularity, 0);
    CHECK_EQUAL(region->address - region->base, offset % granularity);
    CHECK_EQUAL(region->base_length % page, 0);
    CHECK(region->base + region->base_length >= region->address + length);
    CHECK(region->base + region->base_length < region->address + length + page);
}

/* quire_map_file with its request as parameters. */
static inline int32_t map_file(const char *path, long long offset, long long length, int32_t mode,
                               int32_t flags, quire_region *region, quire_error *refusal) {
    quire_file_request request = {path, offset, length, mode, flags, *region};
    int32_t code = quire_map_file(&request, refusal);
    *region = request.region;
    return code;
}

/* Each kind of mapping that a contract holds for: a filled file of the program in each mode, and
   memory. */
enum { KINDS = 6 };

/* 0 if this platform has no such kind. A file is made anew; all of them hold the pattern. */
static inline int map_kind(int kind, const char *path, long long length, quire_region *region) {
    static const int32_t kinds[] = {QUIRE_KIND_ANONYMOUS_PRIVATE, QUIRE_KIND_ANONYMOUS_SHARED};
    int32_t code;
    if (kind < 3) {
        write_file(path, length);
        return CHECK_OK(map_file(path, 0, length, kind, 0, region, &error));
    }
    if (kind < 5) {
        code = quire_map_anonymous(length, kinds[kind - 3], 0, region, &error);
    } else {
        code = quire_shared_create(segment_name(), length, 0, region, &error);
        if (code == QUIRE_E_UNSUPPORTED) {
            skip("there is no named shared memory here");
            return 0;
        }
    }
    if (!CHECK_OK(code)) {
        return 0;
    }
    fill(region);
    return 1;
}

static inline void unmap_kind(int kind, const char *path, quire_region *region) {
    unmap(region);
    if (kind < 3) {
        CHECK(remove(path) == 0);
    } else if (kind == 5) {
        int32_t code = quire_shared_unlink(segment_name(), &error);
        CHECK_EQUAL(code, can(QUIRE_CAN_KEEP_SHARED) ? QUIRE_OK : QUIRE_E_NOT_FOUND);
    }
}

static inline const char *path_of_kind(int kind, const char *path) {
    return kind < 3 ? path : "";
}

#endif

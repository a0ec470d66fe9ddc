/*
 * check_injected.c - every call that the library makes of the system fails once, with every number
 * that the library knows: the call says so or does without, nothing is left open or mapped, no
 * file is half made, and what was asked for works afterwards.
 */
#include "check.h"

#if defined(__linux__)

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#define FILE_NAME "check_injected.bin"
#define TEMPORARY "check_injected.temporary"
#define LENGTH 20000LL

/* ---- failing calls ---- */

/* How many calls of the library still succeed before one fails; none fails below 0. */
static int left = -1;
static int number;
static const char *failed;

/* What signals cut short, and is worth another try. */
static int is_cut(const char *name) {
    static const char *const cut[] = {"open", "close", "read", "pwrite", "fallocate", "ftruncate",
        "fsync", "fdatasync", "fcntl", "sync_file_range", "msync", "syncfs",
        "syscall"};
    int is_one = 0;
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        is_one |= strcmp(cut[i], name) == 0;
    }
    return is_one;
}

/* 1 if this call is the one. */
static int fails(const char *name) {
    if (left < 0 || (number == EINTR && !is_cut(name)) || left-- > 0) {
        return 0;
    }
    failed = name;
    errno = number;
    return 1;
}

/* The C library's own function behind one of ours. */
static void *behind(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

#define IN_FRONT __attribute__((visibility("default")))

/* result, name, failure, parameters, arguments */
#define CALLS \
    CALL(int, fallocate, -1, (int d, int m, off_t o, off_t n), (d, m, o, n)) \
    CALL(int, fchmod, -1, (int d, mode_t m), (d, m)) \
    CALL(int, fchown, -1, (int d, uid_t u, gid_t g), (d, u, g)) \
    CALL(int, fstatfs, -1, (int d, struct statfs *s), (d, s)) \
    CALL(int, ftruncate, -1, (int d, off_t n), (d, n)) \
    CALL(int, link, -1, (const char *f, const char *t), (f, t)) \
    CALL(int, linkat, -1, (int a, const char *f, int b, const char *t, int g), (a, f, b, t, g)) \
    CALL(int, madvise, -1, (void *p, size_t n, int a), (p, n, a)) \
    CALL(int, mincore, -1, (void *p, size_t n, unsigned char *v), (p, n, v)) \
    CALL(int, mlock, -1, (const void *p, size_t n), (p, n)) \
    CALL(int, mprotect, -1, (void *p, size_t n, int a), (p, n, a)) \
    CALL(int, munlock, -1, (const void *p, size_t n), (p, n)) \
    CALL(int, munmap, -1, (void *p, size_t n), (p, n)) \
    CALL(void *, mmap, MAP_FAILED, (void *p, size_t n, int a, int f, int d, off_t o), \
         (p, n, a, f, d, o)) \
    CALL(ssize_t, pwrite, -1, (int d, const void *b, size_t n, off_t o), (d, b, n, o)) \
    CALL(ssize_t, read, -1, (int d, void *b, size_t n), (d, b, n)) \
    CALL(ssize_t, readlink, -1, (const char *f, char *b, size_t n), (f, b, n)) \
    CALL(int, rename, -1, (const char *f, const char *t), (f, t)) \
    CALL(int, unlink, -1, (const char *f), (f))

#define CALL(result, name, failure, parameters, arguments) \
    IN_FRONT result name parameters { \
        static result(*next) parameters; \
        if (next == NULL) { \
            *(void **)&next = behind(#name); \
        } \
        return fails(#name) ? failure : next arguments; \
    }
CALLS
#undef CALL

/* Waiting for the device is all that these would do. */
#define WAIT(name, parameters) \
    IN_FRONT int name parameters { \
        return fails(#name) ? -1 : 0; \
    }
WAIT(fdatasync, (int d __attribute__((unused))))
WAIT(fsync, (int d __attribute__((unused))))
WAIT(msync, (void *p __attribute__((unused)), size_t n __attribute__((unused)),
             int f __attribute__((unused))))
WAIT(sync_file_range, (int d __attribute__((unused)), off_t o __attribute__((unused)),
                       off_t n __attribute__((unused)), unsigned int f __attribute__((unused))))
#undef WAIT

/* A descriptor is free also where the system complains. */
IN_FRONT int close(int descriptor) {
    static int (*next)(int);
    if (next == NULL) {
        *(void **)&next = behind("close");
    }
    int result = next(descriptor);
    return fails("close") ? -1 : result;
}

IN_FRONT int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    unsigned int mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(more, unsigned int) : 0;
    va_end(more);
    static int (*next)(const char *, int, ...);
    if (next == NULL) {
        *(void **)&next = behind("open");
    }
    return fails("open") ? -1 : next(path, flags, mode);
}

IN_FRONT int fcntl(int descriptor, int command, ...) {
    va_list more;
    va_start(more, command);
    void *argument = va_arg(more, void *);
    va_end(more);
    static int (*next)(int, int, ...);
    if (next == NULL) {
        *(void **)&next = behind("fcntl");
    }
    return fails("fcntl") ? -1 : next(descriptor, command, argument);
}

IN_FRONT void *mremap(void *old, size_t length, size_t wanted, int flags, ...) {
    va_list more;
    va_start(more, flags);
    void *place = (flags & MREMAP_FIXED) != 0 ? va_arg(more, void *) : NULL;
    va_end(more);
    static void *(*next)(void *, size_t, size_t, int, ...);
    if (next == NULL) {
        *(void **)&next = behind("mremap");
    }
    return fails("mremap") ? MAP_FAILED : next(old, length, wanted, flags, place);
}

/* All have at most six arguments, and reading more than there are is what the function itself
   does. A signal cuts few of them short. */
__attribute__((no_sanitize("address"))) IN_FRONT long syscall(long call, ...) {
    long argument[6];
    va_list more;
    va_start(more, call);
    for (int i = 0; i < 6; i++) {
        argument[i] = va_arg(more, long);
    }
    va_end(more);
    static long (*next)(long, ...);
    if (next == NULL) {
        *(void **)&next = behind("syscall");
    }
    int can_fail = number != EINTR || call == SYS_flock || call == SYS_futex;
    if (call == SYS_syncfs) {
        return fails("syncfs") ? -1 : 0;
    }
    return can_fail && fails("syscall") ? -1 : next(call, argument[0], argument[1], argument[2],
                                                    argument[3], argument[4], argument[5]);
}

/* ---- what is done ---- */

/* -1 if there is no such file; not by the library. */
static long long size_of(const char *path) {
    struct stat status;
    return stat(path, &status) == 0 ? (long long)status.st_size : -1;
}

static quire_region region;
static quire_region second;
static quire_output output;
static quire_outcome outcome;
static int is_refused;

/* Any answer is one of the table, and *error says the same. After success nothing was refused. */
static int answered(int32_t code) {
    CHECK(code == error.code);
    CHECK(code == QUIRE_E_UNKNOWN || strcmp(quire_code_name(code), "UNKNOWN") != 0);
    is_refused |= code != QUIRE_OK;
    return code == QUIRE_OK;
}
#define TRIES(call) answered((error.code = QUIRE_OK, (call)))

static void ends(quire_region *mapping) {
    (void)TRIES(quire_unmap(mapping, &error));
    CHECK(is_empty(mapping));
}

static void maps_a_file(void) {
    if (TRIES(map_file(FILE_NAME, 0, LENGTH, QUIRE_READ_WRITE, QUIRE_KEEP_FILE | QUIRE_POPULATE
                       | QUIRE_HUGE_PAGES | QUIRE_OPEN_RANDOM, &region, &error))) {
        CHECK(holds_pattern(&region, 0, LENGTH));
        ends(&region);
    }
    CHECK(is_empty(&region));
}

static void creates_a_file(void) {
    if (TRIES(map_file(TEMPORARY, 10, LENGTH, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND,
                       &region, &error))) {
        CHECK_EQUAL(size_of(TEMPORARY), 10 + LENGTH);
        ends(&region);
    }
    if (size_of(TEMPORARY) < 0) {
        write_file(TEMPORARY, 1); /* the wish failed: nothing is left of it */
    }
    CHECK(remove(TEMPORARY) == 0);
}

static void makes_a_file_longer(void) {
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
    if (TRIES(map_file(FILE_NAME, 0, 2 * LENGTH, QUIRE_READ_WRITE, QUIRE_EXTEND, &region,
                       &error))) {
        CHECK(holds_pattern(&region, 0, LENGTH) && is_zero(&region, LENGTH, 2 * LENGTH));
        ends(&region);
    } else {
        CHECK_EQUAL(size_of(FILE_NAME), LENGTH);
    }
    (void)TRIES(quire_preallocate(FILE_NAME, 3 * LENGTH, &error));
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
}

static void works_on_a_file(int32_t mode) {
    if (!TRIES(map_file(FILE_NAME, 0, -1, mode, 0, &region, &error))) {
        return;
    }
    quire_range ranges[3] = {{0, 100}, {8192, 100}, {16384, 100}};
    quire_residency residency;
    quire_file_status status;
    quire_page_bits bits;
    for (int32_t hint = QUIRE_NORMAL; hint <= QUIRE_UNMERGEABLE; hint++) {
        (void)TRIES(quire_advise(&region, FILE_NAME, 0, LENGTH, hint, &outcome, &error));
    }
    (void)TRIES(quire_prefetch(&region, FILE_NAME, ranges, 3, &outcome, &error));
    (void)TRIES(quire_populate(&region, 0, LENGTH, mode != QUIRE_READ_ONLY, &outcome, &error));
    if (TRIES(quire_lock(&region, 0, LENGTH, 1, &error))) {
        (void)TRIES(quire_unlock(&region, 0, LENGTH, &error));
    }
    (void)TRIES(quire_lock(&region, 0, LENGTH, 0, &error));
    (void)TRIES(quire_check_memory(&region, 0, LENGTH, QUIRE_USE_LOCK, &error));
    (void)TRIES(quire_query_residency(&region, 0, LENGTH, &bits, 1, &residency, &error));
    for (int32_t how = QUIRE_FLUSH_CACHE; how <= QUIRE_FLUSH_CACHE + 2; how++) {
        (void)TRIES(quire_flush(&region, FILE_NAME, 0, LENGTH, how, &error));
    }
    (void)TRIES(quire_evict(&region, FILE_NAME, 0, LENGTH, &outcome, &error));
    (void)TRIES(quire_query_file(FILE_NAME, &status, &error));
    if (TRIES(quire_protect(&region, 0, LENGTH, QUIRE_ACCESS_READ, &error))) {
        (void)TRIES(quire_protect(&region, 0, LENGTH, mode == QUIRE_READ_ONLY ? QUIRE_ACCESS_READ
                                  : QUIRE_ACCESS_READ_WRITE, &error));
    }
    CHECK(holds_pattern(&region, 0, LENGTH));
    ends(&region);
}

static void works_on_a_shared_file(void) {
    works_on_a_file(QUIRE_READ_WRITE);
}

static void works_on_a_private_file(void) {
    works_on_a_file(QUIRE_COPY_ON_WRITE);
}

static void resizes(void) {
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
    if (TRIES(map_file(FILE_NAME, 0, -1, QUIRE_READ_WRITE, 0, &region, &error))) {
        int grown = TRIES(quire_resize(&region, FILE_NAME, 9 * LENGTH, 0, &error));
        CHECK_EQUAL(region.length, grown ? 9 * LENGTH : LENGTH);
        CHECK_EQUAL(size_of(FILE_NAME), region.length);
        if (TRIES(quire_resize(&region, FILE_NAME, LENGTH, 0, &error))) {
            CHECK_EQUAL(region.length, LENGTH);
        }
        CHECK(holds_pattern(&region, 0, LENGTH));
        ends(&region);
    }
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
}

static void works_on_memory(int32_t kind) {
    if (!TRIES(quire_map_anonymous(LENGTH, kind, QUIRE_POPULATE, &region, &error))) {
        return;
    }
    fill(&region);
    (void)TRIES(quire_resize(&region, "", 9 * LENGTH, 0, &error));
    (void)TRIES(quire_discard(&region, "", LENGTH + 8192, region.length - LENGTH - 8192 > 0
                              ? region.length - LENGTH - 8192 : 0, &outcome, &error));
    CHECK(holds_pattern(&region, 0, LENGTH));
    if (kind == QUIRE_KIND_ANONYMOUS_SHARED) {
        quire_seals seals;
        if (TRIES(quire_attach(getpid(), region.handle, QUIRE_READ_ONLY, 0, &second, &error))) {
            CHECK(holds_pattern(&second, 0, LENGTH));
            ends(&second);
        }
        (void)TRIES(quire_wake(&region, 0, 1, &error));
        (void)TRIES(quire_seal(&region, QUIRE_SEAL_GROW, &error));
        (void)TRIES(quire_freeze(&region, QUIRE_SEAL_SHRINK, &error));
        (void)TRIES(quire_query_seals(&region, &seals, &error));
        CHECK(holds_pattern(&region, 0, LENGTH));
    }
    ends(&region);
}

static void works_on_private_memory(void) {
    works_on_memory(QUIRE_KIND_ANONYMOUS_PRIVATE);
}

static void works_on_shared_memory(void) {
    works_on_memory(QUIRE_KIND_ANONYMOUS_SHARED);
}

static void works_on_named_memory(void) {
    if (TRIES(quire_shared_create(segment_name(), LENGTH, 0, &region, &error))) {
        fill(&region);
        if (TRIES(quire_shared_open(segment_name(), QUIRE_READ_ONLY, 0, &second, &error))) {
            CHECK(holds_pattern(&second, 0, LENGTH));
            ends(&second);
        }
        ends(&region);
        (void)TRIES(quire_shared_unlink(segment_name(), &error));
    }
}

/* Old or new, and never a temporary name left but where removing it is what failed. */
static void publishes(void) {
    static char content[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
        content[i] = (char)pattern(i);
    }
    if (!TRIES(quire_output_create(".", TEMPORARY, LENGTH, 0, &output, &error))) {
        return;
    }
    int is_new = TRIES(quire_output_write(&output, 0, (long long)(intptr_t)content, LENGTH,
                                          &error));
    is_new = is_new && TRIES(quire_output_sync(&output, 1, &error));
    is_new = is_new && TRIES(quire_output_publish(&output, ".", TEMPORARY, FILE_NAME, 0, &error));
    (void)TRIES(quire_output_close(&output, TEMPORARY, &error));
    CHECK_EQUAL(output.handle, -1);
    CHECK(file_is_pattern(FILE_NAME, LENGTH));
}

static void appends(void) {
    char tail[100];
    memset(tail, 'x', sizeof tail);
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
    if (TRIES(quire_output_open(FILE_NAME, &output, &error))) {
        int is_longer = TRIES(quire_output_extend(&output, LENGTH, (long long)(intptr_t)tail,
                                                  sizeof tail, &error));
        CHECK_EQUAL(size_of(FILE_NAME), LENGTH + (is_longer ? (long long)sizeof tail : 0));
        (void)TRIES(quire_output_cut(&output, LENGTH, &error));
        (void)TRIES(quire_output_close(&output, "", &error));
    }
    CHECK(truncate(FILE_NAME, LENGTH) == 0);
}

/* ---- failures, one after the other ---- */

/* Open descriptors, of the few that there are, and how much is mapped. */
typedef struct account {
    long long descriptors;
    long long bytes;
} account;

static account account_now(void) {
    account now = {0, 0};
    char line[512];
    for (int i = 0; i < 64; i++) {
        struct stat status;
        now.descriptors += fstat(i, &status) == 0;
    }
    FILE *file = fopen("/proc/self/maps", "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        unsigned long long from, to;
        if ((strstr(line, "check_injected.") != NULL || strstr(line, "memfd:") != NULL)
            && strstr(line, ".bin") != NULL && sscanf(line, "%llx-%llx", &from, &to) == 2) {
            now.bytes += (long long)(to - from);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return now;
}

/* What the library knows: the numbers of its own table, and one of nobody's. */
static const int numbers[] = {EPERM, ENOENT, EINTR, EIO, ENXIO, EBADF, EAGAIN, ENOMEM, EACCES,
    EFAULT, EBUSY, EEXIST, ENODEV, ENOTDIR, EISDIR, EINVAL, ENFILE, EMFILE, ETXTBSY, EFBIG, ENOSPC,
    ESPIPE, EROFS, EDEADLK, ENAMETOOLONG, ENOLCK, ENOSYS, ELOOP, ENOBUFS, EOVERFLOW, EOPNOTSUPP,
    ETIMEDOUT, ESTALE, EDQUOT, ECANCELED, EXDEV, EMLINK, ENODATA, 9999};

static void (*scenario)(void);
static const char *scenario_name;

/* Up to the call behind the last: then nothing fails. */
static void fail_each(void) {
    for (int turn = 0; turn < 2000 && checks_failed == 0; turn++) {
        if (!file_is_pattern(FILE_NAME, LENGTH)) {
            write_file(FILE_NAME, LENGTH);
        }
        account before = account_now();
        failed = NULL;
        is_refused = 0;
        left = turn;
        scenario();
        left = -1;
        int is_over = failed == NULL;
        account after = account_now();
        int stays = failed != NULL && strcmp(failed, "munmap") == 0;
        CHECK_EQUAL(after.descriptors, before.descriptors);
        CHECK(stays || after.bytes == before.bytes);
        CHECK(!is_over || !is_refused);
        CHECK(!is_refused || number != EINTR || scenario != publishes);
        CHECK(!is_refused || number != EINTR || scenario != appends);
        if (checks_failed != 0) {
            printf("%s, call %d (%s) failing with %d\n", scenario_name, turn,
                   failed == NULL ? "none" : failed, number);
        }
        remove(TEMPORARY);
        quire_shared_unlink(segment_name(), &error);
        if (is_over) {
            return;
        }
    }
    CHECK(checks_failed != 0 || !"it has an end");
}

#define FAIL_IN(what) fail_in(what, #what)

static void fail_in(void (*what)(void), const char *name) {
    scenario = what;
    scenario_name = name;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        number = numbers[i];
        check_in_child(fail_each, name);
    }
}

/* qemu takes every advice, and some calls of its own for the program's. */
static int is_emulated(void) {
    const int no_advice = 9999;
    return madvise(NULL, 0, no_advice) == 0;
}

int main(void) {
    segment_name(); /* one for all children */
    if (is_emulated()) {
        skip("an emulator's calls are not those of a kernel");
        return summary("check_injected");
    }
    CHECK_EQUAL(quire_heal(1), QUIRE_HEALING_ON);
    FAIL_IN(maps_a_file);
    FAIL_IN(creates_a_file);
    FAIL_IN(makes_a_file_longer);
    FAIL_IN(works_on_a_shared_file);
    FAIL_IN(works_on_a_private_file);
    FAIL_IN(resizes);
    FAIL_IN(works_on_private_memory);
    FAIL_IN(works_on_shared_memory);
    FAIL_IN(works_on_named_memory);
    FAIL_IN(publishes);
    FAIL_IN(appends);
    remove(FILE_NAME);
    return summary("check_injected");
}

#else

int main(void) {
    skip("only Linux lets a program stand in front of the library's calls");
    return summary("check_injected");
}

#endif

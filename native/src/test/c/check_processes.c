/* check_processes.c - POSIX: other processes and users, what they share, the limits a process may
   have. */
#include "check.h"

#if !defined(_WIN32)

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define FILE_NAME "check_processes.bin"
#define NAME segment_name()

static quire_region region;
static quire_outcome outcome;
static long long page;

/* ---- sharing ---- */

static long long parent;

/* What Linux makes of the segment. */
static const char *segment_path(void) {
    static char path[64];
    snprintf(path, sizeof path, "/dev/shm/%s", NAME);
    return path;
}

static void child_of_name(void) {
    quire_region mine;
    CHECK_OK(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &mine, &error));
    CHECK_EQUAL(mine.length, 3 * page + 7);
    CHECK(holds_pattern(&mine, 0, mine.length));
    bytes(&mine)[0] = 200;
    bytes(&mine)[mine.length - 1] = 201;
    unmap(&mine);
}

static void child_of_handle(void) {
    quire_region mine;
    CHECK_OK(quire_attach(parent, region.handle, QUIRE_READ_WRITE, 0, &mine, &error));
    CHECK_EQUAL(mine.length, 3 * page + 7);
    CHECK(mine.address != region.address && holds_pattern(&mine, 0, mine.length));
    bytes(&mine)[0] = 200;
    bytes(&mine)[mine.length - 1] = 201;
    CHECK_CODE(quire_attach(parent, 0, QUIRE_READ_ONLY, 0, &mine, &error), QUIRE_E_NOT_MAPPABLE);
    CHECK_CODE(quire_attach(parent, 1000, QUIRE_READ_ONLY, 0, &mine, &error), QUIRE_E_NOT_FOUND);
}

static void child_of_another_user(void) {
    drop_privileges();
    quire_region mine;
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &mine, &error), QUIRE_E_ACCESS_DENIED);
    CHECK_CODE(quire_shared_unlink(NAME, &error), QUIRE_E_ACCESS_DENIED);
    CHECK_CODE(quire_shared_create(NAME, page, 0, &mine, &error), QUIRE_E_EXISTS);
    if (can(QUIRE_CAN_ATTACH)) {
        CHECK_CODE(quire_attach(parent, region.handle, QUIRE_READ_ONLY, 0, &mine, &error),
                   QUIRE_E_ACCESS_DENIED);
    }
}

static void check_changes(void) {
    CHECK(bytes(&region)[0] == 200 && bytes(&region)[3 * page + 6] == 201);
    CHECK(holds_pattern(&region, 1, 3 * page + 6));
}

static void check_sharing(void) {
    struct stat status;
    mode_t before = umask(0);
    CHECK_OK(quire_shared_create(NAME, 3 * page + 7, 0, &region, &error));
    umask(before);
    fill(&region);
    CHECK_IN_CHILD(child_of_name);
    check_changes();
    if (stat(segment_path(), &status) == 0) {
        CHECK_EQUAL(status.st_mode & 07777, 0600);
        CHECK_EQUAL(status.st_size, 3 * page + 7);
    }
    unmap(&region);
    CHECK_OK(quire_map_anonymous(3 * page + 7, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    fill(&region);
    if (geteuid() == 0) {
        CHECK_IN_CHILD(child_of_another_user);
    } else {
        skip("another user's view needs the superuser");
    }
    CHECK_OK(quire_shared_unlink(NAME, &error));
    if (can(QUIRE_CAN_ATTACH)) {
        CHECK_IN_CHILD(child_of_handle);
        check_changes();
    }
    unmap(&region);
}

static void child_that_creates(void) {
    CHECK_OK(quire_shared_create(NAME, page, 0, &region, &error));
    fill(&region);
    fflush(stdout);
    kill(getpid(), SIGKILL);
}

/* A creator that is killed leaves a segment that others can use and remove. */
static void check_killed_creator(void) {
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        child_that_creates();
    }
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status)
          && WTERMSIG(status) == SIGKILL);
    CHECK_OK(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error));
    CHECK(region.length == page && holds_pattern(&region, 0, page));
    unmap(&region);
    CHECK_OK(quire_shared_unlink(NAME, &error));
    if (can(QUIRE_CAN_ATTACH)) {
        CHECK_CODE(quire_attach(child, 3, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND);
    }
}

/* Something else under the name: nobody is led elsewhere, nobody waits. */
static void check_impostors(void) {
    if (access("/dev/shm", W_OK) != 0) {
        skip("segments are no files here");
        return;
    }
    write_file(FILE_NAME, 100);
    CHECK(symlink(FILE_NAME, segment_path()) == 0);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &region, &error),
               QUIRE_E_SYMBOLIC_LINK);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_SYMBOLIC_LINK);
    CHECK_CODE(quire_shared_create(NAME, page, 0, &region, &error), QUIRE_E_EXISTS);
    CHECK(unlink(segment_path()) == 0 && mkfifo(segment_path(), 0600) == 0);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_MAPPABLE);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &region, &error), QUIRE_E_NOT_MAPPABLE);
    CHECK_CODE(quire_shared_create(NAME, page, 0, &region, &error), QUIRE_E_EXISTS);
    CHECK(unlink(segment_path()) == 0 && mkdir(segment_path(), 0700) == 0);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_IS_DIRECTORY);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &region, &error), QUIRE_E_IS_DIRECTORY);
    CHECK_CODE(quire_shared_unlink(NAME, &error), QUIRE_E_IS_DIRECTORY);
    CHECK(rmdir(segment_path()) == 0 && file_is_pattern(FILE_NAME, 100) && unlink(FILE_NAME) == 0);
    int descriptor = open(segment_path(), O_CREAT | O_EXCL | O_WRONLY, 0600);
    CHECK(descriptor >= 0 && close(descriptor) == 0);
    /* not given its size yet */
    CHECK_OK(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &region, &error));
    check_shape(&region, 0, 0);
    unmap(&region);
    CHECK_OK(quire_shared_unlink(NAME, &error));
}

/* ---- seals ---- */

static void check_seals(void) {
    quire_region reader;
    if (!can(QUIRE_CAN_SEAL)) {
        skip("memory cannot be sealed here");
        return;
    }
    CHECK_OK(quire_map_anonymous(3 * page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    fill(&region);
    CHECK_OK(quire_attach(getpid(), region.handle, QUIRE_READ_ONLY, 0, &reader, &error));
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW, &error));
    CHECK(ftruncate((int)region.handle, (off_t)page) != 0 && errno == EPERM);
    CHECK(ftruncate((int)region.handle, (off_t)(4 * page)) != 0 && errno == EPERM);
    CHECK_CODE(quire_seal(&reader, QUIRE_SEAL_FUTURE_WRITE, &error), QUIRE_E_READ_ONLY);
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_FUTURE_WRITE, &error));
    unmap(&region);
    CHECK_CODE(quire_attach(getpid(), reader.handle, QUIRE_READ_WRITE, 0, &region, &error),
               QUIRE_E_SEALED);
    CHECK_OK(quire_attach(getpid(), reader.handle, QUIRE_COPY_ON_WRITE, 0, &region, &error));
    bytes(&region)[0] = 0;
    CHECK(holds_pattern(&reader, 0, 3 * page));
    unmap(&region);
    unmap(&reader);
}

static void child_that_reads(void) {
    quire_region mine;
    quire_seals seals;
    CHECK_CODE(quire_attach(parent, region.handle, QUIRE_READ_WRITE, 0, &mine, &error),
               QUIRE_E_SEALED);
    CHECK_OK(quire_attach(parent, region.handle, QUIRE_READ_ONLY, 0, &mine, &error));
    CHECK_OK(quire_query_seals(&mine, &seals, &error));
    CHECK_EQUAL(seals.seals, QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW | QUIRE_SEAL_WRITE);
    CHECK(holds_pattern(&mine, 0, mine.length));
    CHECK_CODE(quire_protect(&mine, 0, mine.length, QUIRE_ACCESS_READ_WRITE, &error),
               QUIRE_E_READ_ONLY);
    unmap(&mine);
}

static void child_that_writes_anyway(void) {
    int descriptor = (int)region.handle;
    char again[64];
    snprintf(again, sizeof again, "/proc/self/fd/%d", descriptor);
    int writable = open(again, O_RDWR | O_CLOEXEC);
    CHECK(writable < 0 || (pwrite(writable, "x", 1, 0) < 0 && errno == EPERM));
    CHECK(writable < 0 || (ftruncate(writable, 0) != 0 && errno == EPERM));
    void *place = mmap(NULL, (size_t)page, PROT_WRITE, MAP_SHARED, writable, 0);
    CHECK(place == MAP_FAILED && holds_pattern(&region, 0, region.length));
}

static void check_frozen(void) {
    quire_region second;
    if (!can(QUIRE_CAN_SEAL)) {
        CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
        CHECK_CODE(quire_freeze(&region, 0, &error), QUIRE_E_UNSUPPORTED);
        unmap(&region);
        return;
    }
    CHECK_OK(quire_map_anonymous(3 * page + 7, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    CHECK_OK(quire_attach(getpid(), region.handle, QUIRE_READ_WRITE, 0, &second, &error));
    long long address = region.address;
    fill(&region);
    CHECK_CODE(quire_freeze(&region, 32, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_freeze(&region, 0, &error), QUIRE_E_FILE_BUSY);
    CHECK(region.mode == QUIRE_READ_WRITE && region.address == address);
    bytes(&region)[5] = pattern(5);
    unmap(&second);
    CHECK_OK(quire_freeze(&region, QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW, &error));
    CHECK(region.mode == QUIRE_READ_ONLY && region.address == address
          && region.length == 3 * page + 7);
    CHECK(holds_pattern(&region, 0, region.length));
    CHECK_CODE(quire_freeze(&region, 0, &error), QUIRE_E_READ_ONLY);
    CHECK_IN_CHILD(child_that_reads);
    CHECK_IN_CHILD(child_that_writes_anyway);
    unmap(&region);
    CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_CODE(quire_freeze(&region, 0, &error), QUIRE_E_UNSUPPORTED);
    unmap(&region);
}

/* ---- hints for children ---- */

static void child_of_wiped(void) {
    CHECK(holds_pattern(&region, 0, page) && is_zero(&region, page, 2 * page));
    CHECK(holds_pattern(&region, 2 * page, 3 * page));
}

static void child_of_kept(void) {
    CHECK(holds_pattern(&region, 0, 3 * page));
}

static void check_wiped(void) {
    CHECK_OK(quire_map_anonymous(3 * page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    fill(&region);
    CHECK_OK(quire_advise(&region, "", page, page, QUIRE_WIPEONFORK, &outcome, &error));
    if (outcome.result == QUIRE_APPLIED) {
        CHECK_IN_CHILD(child_of_wiped);
        CHECK_OK(quire_advise(&region, "", page, page, QUIRE_KEEPONFORK, &outcome, &error));
    } else {
        skip("memory is not wiped for children here");
    }
    CHECK_IN_CHILD(child_of_kept);
    unmap(&region);
}

/* ---- rights ---- */

static void child_without_rights(void) {
    drop_privileges();
    if (access(".", X_OK) != 0) {
        skip("this folder is closed to other users");
        return;
    }
    CHECK_CODE(map_file(FILE_NAME, 0, -1, QUIRE_READ_WRITE, 0, &region, &error),
               QUIRE_E_ACCESS_DENIED);
    CHECK_CODE(quire_preallocate(FILE_NAME, 10000, &error), QUIRE_E_ACCESS_DENIED);
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_COPY_ON_WRITE, 0, &region, &error));
    bytes(&region)[0] = 0;
    unmap(&region);
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &region, &error));
    unmap(&region);
    CHECK_CODE(map_file(FILE_NAME ".closed", 0, -1, QUIRE_READ_ONLY, 0, &region, &error),
               QUIRE_E_ACCESS_DENIED);
}

static void check_rights(void) {
    write_file(FILE_NAME, 5000);
    write_file(FILE_NAME ".closed", 10);
    CHECK(chmod(FILE_NAME, 0444) == 0 && chmod(FILE_NAME ".closed", 0) == 0);
    CHECK_IN_CHILD(child_without_rights);
    CHECK(file_is_pattern(FILE_NAME, 5000));
    CHECK(unlink(FILE_NAME) == 0 && unlink(FILE_NAME ".closed") == 0);
}

/* Of a file that is somebody else's the kernel says that all of it is in memory. */
static void child_of_foreign_file(void) {
    static const char foreign[] = "/bin/sh";
    quire_residency residency;
    drop_privileges();
    CHECK_OK(map_file(foreign, 0, -1, QUIRE_READ_ONLY, 0, &region, &error));
    CHECK_EQUAL(region.residency_known, 0);
    CHECK_OK(quire_query_residency(&region, 0, region.length, NULL, 0, &residency, &error));
    CHECK(residency.known == 0 && residency.resident == 0 && residency.pages > 0);
    unmap(&region);
    CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_EQUAL(region.residency_known, 1);
    unmap(&region);
}

/* ---- locks ---- */

static void check_locked(void) {
    for (int kind = 0; kind < KINDS; kind++) {
        for (int32_t on_fault = 0; on_fault <= can(QUIRE_CAN_LOCK_ON_FAULT); on_fault++) {
            if (!map_kind(kind, FILE_NAME, 9 * page, &region)) {
                continue;
            }
            long long before = locked_bytes();
            CHECK_OK(quire_lock(&region, page + 1, 2 * page, on_fault, &error));
            CHECK_EQUAL(locked_bytes(), before + 3 * page);
            CHECK_OK(quire_unlock(&region, 2 * page, 1, &error));
            CHECK_EQUAL(locked_bytes(), before + 2 * page);
            CHECK_OK(quire_unlock(&region, 0, region.length, &error));
            CHECK_EQUAL(locked_bytes(), before);
            CHECK_OK(quire_lock(&region, 0, region.length, on_fault, &error));
            unmap_kind(kind, FILE_NAME, &region);
            CHECK_EQUAL(locked_bytes(), before);
        }
    }
}

static void child_with_lock_limit(void) {
    const long long limit = 64 * KIBIBYTE;
    LIMIT_TO(RLIMIT_MEMLOCK, limit);
    drop_privileges();
    long long before = locked_bytes();
    CHECK_EQUAL(system_now().lock_limit, limit);
    CHECK_OK(quire_map_anonymous(1 << 20, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    for (int32_t on_fault = 0; on_fault <= can(QUIRE_CAN_LOCK_ON_FAULT); on_fault++) {
        CHECK_CODE(quire_lock(&region, 0, 1 << 20, on_fault, &error), QUIRE_E_LOCK_LIMIT);
        CHECK_EQUAL(error.limit, limit);
        CHECK_EQUAL(locked_bytes(), before);
        CHECK_OK(quire_lock(&region, 0, page, on_fault, &error));
        CHECK_OK(quire_resize(&region, "", 2 << 20, 0, &error));
        CHECK_OK(quire_unlock(&region, 0, region.length, &error));
    }
    unmap(&region);
}

/* ---- limits ---- */

static void child_with_file_limit(void) {
    const long long limit = 100000;
    LIMIT_TO(RLIMIT_FSIZE, limit);
    const int32_t flags = QUIRE_CREATE | QUIRE_EXTEND;
    for (int i = 0; i < 2; i++) {
        CHECK_CODE(map_file(FILE_NAME, 0, limit + 1, QUIRE_READ_WRITE, flags
                            | (i ? QUIRE_SPARSE : 0), &region, &error), QUIRE_E_FILE_TOO_LARGE);
        CHECK_EQUAL(error.limit, limit);
        CHECK_EQUAL(file_length(FILE_NAME), -1);
    }
    CHECK_OK(map_file(FILE_NAME, 0, limit, QUIRE_READ_WRITE, flags, &region, &error));
    CHECK_CODE(quire_resize(&region, FILE_NAME, limit + 1, 0, &error), QUIRE_E_FILE_TOO_LARGE);
    CHECK_CODE(quire_preallocate(FILE_NAME, limit + 1, &error), QUIRE_E_FILE_TOO_LARGE);
    unmap(&region);
    CHECK_EQUAL(file_length(FILE_NAME), limit);
    CHECK(unlink(FILE_NAME) == 0);
    quire_shared_create(NAME, limit + 1, 0, &region, &error);
    CHECK_CODE(error.code, QUIRE_E_FILE_TOO_LARGE);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND);
}

static void child_with_descriptor_limit(void) {
    write_file(FILE_NAME, 10);
    LIMIT_TO(RLIMIT_NOFILE, 20);
    while (dup(1) >= 0) {
    }
    CHECK_CODE(map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &region, &error),
               QUIRE_E_HANDLE_LIMIT);
    CHECK_EQUAL(error.limit, 20);
    CHECK_CODE(quire_shared_create(NAME, page, 0, &region, &error), QUIRE_E_HANDLE_LIMIT);
    if (can(QUIRE_CAN_ATTACH)) {
        CHECK_CODE(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error),
                   QUIRE_E_HANDLE_LIMIT);
    }
    CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    unmap(&region);
    CHECK(unlink(FILE_NAME) == 0);
}

/* Larger than what the sanitizers take for themselves. */
static void child_with_address_limit(void) {
    const long long limit = 1LL << 45;
    LIMIT_TO(RLIMIT_AS, limit);
    struct rlimit now;
    if (getrlimit(RLIMIT_AS, &now) != 0 || now.rlim_cur != (rlim_t)limit) {
        skip("the address space cannot be limited here");
        return;
    }
    CHECK_CODE(quire_map_anonymous(2 * limit, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error),
               QUIRE_E_NO_MEMORY);
    CHECK_EQUAL(error.limit, limit);
}

/* ---- a group of processes with a memory limit ---- */

#define GROUP_LIMIT (64 * 1024 * KIBIBYTE)

/* The folders of both versions of control groups, and what each calls the limit. */
static const char *const groups[][2] = {
    {"/sys/fs/cgroup/memory/quire-check-processes", "memory.limit_in_bytes"},
    {"/sys/fs/cgroup/quire-check-processes", "memory.max"},
};
static const char *group;

static int tell_group(const char *name, long long number) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", group, name);
    FILE *file = fopen(path, "r+");
    int is_written = file != NULL && fprintf(file, "%lld", number) > 0;
    return file != NULL && fclose(file) == 0 && is_written;
}

static void check_too_much(int32_t code) {
    CHECK_CODE(code, QUIRE_E_MEMORY_LIMIT);
    CHECK(error.limit > 0 && error.limit < GROUP_LIMIT);
}

/* The kernel ends a process that asks for more than the limit: that this child ends well is the
   check. */
static void child_of_group(void) {
    const long long too_much = 3LL * GROUP_LIMIT / 2;
    CHECK(tell_group("cgroup.procs", getpid()));
    CHECK_EQUAL(system_now().group_limit, GROUP_LIMIT);
    CHECK(system_now().group_available < GROUP_LIMIT);
    check_too_much(quire_shared_create(NAME, too_much, 0, &region, &error));
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND);
    check_too_much(quire_map_anonymous(too_much, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    CHECK_OK(quire_map_anonymous(GROUP_LIMIT / 4, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    check_too_much(quire_resize(&region, "", too_much, 0, &error));
    CHECK_EQUAL(region.length, GROUP_LIMIT / 4);
    unmap(&region);
    CHECK_OK(quire_map_anonymous(too_much, QUIRE_KIND_ANONYMOUS_PRIVATE, QUIRE_POPULATE, &region,
                                 &error));
    CHECK_EQUAL(region.granted & QUIRE_POPULATE, 0);
    if (can(QUIRE_CAN_POPULATE)) {
        check_too_much(quire_populate(&region, 0, too_much, 1, &outcome, &error));
        for (int again = 0; again < 4; again++) {
            CHECK_OK(quire_populate(&region, 0, GROUP_LIMIT / 2, 1, &outcome, &error));
        }
    }
    unmap(&region);
}

/* Whatever brings these pages in would take too much. */
static void check_too_much_of(int is_read_harmless) {
    for (int32_t use = is_read_harmless; use <= (region.mode != QUIRE_READ_ONLY); use++) {
        if (can(QUIRE_CAN_POPULATE)) {
            check_too_much(quire_populate(&region, 0, region.length, use, &outcome, &error));
            CHECK(outcome.result == QUIRE_IGNORED && outcome.bytes == 0);
        }
        check_too_much(quire_check_memory(&region, 0, region.length, use, &error));
    }
    check_too_much(quire_lock(&region, 0, region.length, 0, &error));
    check_too_much(quire_check_memory(&region, 0, region.length, QUIRE_USE_LOCK, &error));
    CHECK_OK(quire_lock(&region, 0, GROUP_LIMIT / 8, 0, &error));
    unmap(&region);
}

static void map_hole(const char *path, long long length, int32_t mode) {
    if (file_length(path) < 0) {
        CHECK_OK(map_file(path, 0, length, QUIRE_READ_WRITE,
                          QUIRE_CREATE_NEW | QUIRE_EXTEND | QUIRE_SPARSE, &region, &error));
        unmap(&region);
    }
    CHECK_OK(map_file(path, 0, -1, mode, 0, &region, &error));
}

/* Pages that a call brings in are asked for as well as those of new memory. */
static void child_of_group_with_pages(void) {
    const long long too_much = 3LL * GROUP_LIMIT / 2;
    CHECK(tell_group("cgroup.procs", getpid()));
    CHECK_OK(quire_map_anonymous(too_much, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    check_too_much_of(1);
    CHECK_OK(quire_map_anonymous(too_much, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK_OK(quire_advise(&region, "", 0, region.length, QUIRE_NOHUGEPAGE, &outcome, &error));
    /* the page of zeroes in all places is no memory to write to */
    CHECK_OK(quire_populate(&region, 0, region.length, 0, &outcome, &error));
    check_too_much_of(1);
    CHECK_OK(quire_map_anonymous(too_much, QUIRE_KIND_ANONYMOUS_SHARED, QUIRE_NO_RESERVE, &region,
                                 &error));
    check_too_much_of(0);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        map_hole(segment_path(), too_much, mode);
        check_too_much_of(0);
    }
    CHECK(unlink(segment_path()) == 0);
    map_hole(FILE_NAME, too_much, QUIRE_COPY_ON_WRITE);
    check_too_much_of(1);
    /* pages of a disk's file can be given back unless they are locked */
    map_hole(FILE_NAME, too_much, QUIRE_READ_ONLY);
    CHECK_OK(quire_populate(&region, 0, region.length, 0, &outcome, &error));
    check_too_much_of(1);
    CHECK(unlink(FILE_NAME) == 0);
}

/* Nor is a file in memory made that long. */
static void child_of_group_with_output(void) {
    static const char tail[] = "tail";
    const long long too_much = 3LL * GROUP_LIMIT / 2;
    quire_output output;
    CHECK(tell_group("cgroup.procs", getpid()));
    check_too_much(quire_output_create("/dev/shm", segment_path(), too_much, 0, &output, &error));
    CHECK_OK(quire_output_create("/dev/shm", segment_path(), page, 0, &output, &error));
    check_too_much(quire_output_extend(&output, too_much, (long long)(uintptr_t)tail,
                                       (long long)sizeof tail, &error));
    CHECK_OK(quire_output_extend(&output, GROUP_LIMIT / 4, (long long)(uintptr_t)tail,
                                 (long long)sizeof tail, &error));
    CHECK_OK(quire_output_close(&output, segment_path(), &error));
}

/* What was written to is not asked for again. */
static void child_of_group_with_copies(void) {
    if (!can(QUIRE_CAN_POPULATE)) {
        return; /* emulated: which pages are copies nobody tells */
    }
    CHECK(tell_group("cgroup.procs", getpid()));
    map_hole(FILE_NAME, GROUP_LIMIT / 2, QUIRE_COPY_ON_WRITE);
    CHECK_OK(quire_populate(&region, 0, region.length, 1, &outcome, &error));
    CHECK_OK(quire_populate(&region, 0, region.length, 1, &outcome, &error));
    CHECK_OK(quire_lock(&region, 0, region.length, 0, &error));
    CHECK_OK(quire_lock(&region, 0, region.length, 0, &error));
    unmap(&region);
    CHECK(unlink(FILE_NAME) == 0);
}

#define RACERS 8

static void *create_again_and_again(void *argument) {
    long long *made = argument;
    for (int i = 0; i < 50; i++) {
        quire_region mine;
        quire_error own;
        int32_t code = quire_map_anonymous(GROUP_LIMIT / 3, QUIRE_KIND_ANONYMOUS_SHARED, 0, &mine,
                                           &own);
        *made += code == QUIRE_OK;
        if (code != QUIRE_OK && code != QUIRE_E_MEMORY_LIMIT) {
            *made = -1000;
        }
        quire_unmap(&mine, &own);
    }
    return NULL;
}

/* Each fits alone; together they do not. */
static void child_of_group_with_threads(void) {
    pthread_t threads[RACERS];
    long long made[RACERS] = {0};
    CHECK(tell_group("cgroup.procs", getpid()));
    for (int i = 0; i < RACERS; i++) {
        CHECK(pthread_create(&threads[i], NULL, create_again_and_again, &made[i]) == 0);
    }
    long long all = 0;
    for (int i = 0; i < RACERS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
        CHECK(made[i] >= 0);
        all += made[i];
    }
    CHECK(all > 0);
}

/* What is not worth asking for alone is, when it adds up. */
static void child_of_group_with_small_parts(void) {
    const long long small = 256 * KIBIBYTE;
    if (!can(QUIRE_CAN_POPULATE)) {
        return; /* an emulator takes as much for itself */
    }
    CHECK(tell_group("cgroup.procs", getpid()));
    int32_t code = QUIRE_OK;
    long long made = 0;
    for (; code == QUIRE_OK && made < GROUP_LIMIT; made += small) {
        code = quire_map_anonymous(small, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error);
    }
    CHECK_CODE(code, QUIRE_E_MEMORY_LIMIT);
    CHECK(made > GROUP_LIMIT / 2);
}

/* What cannot be asked is not unlimited. */
static void check_without_descriptors(void) {
    quire_region region;
    quire_outcome outcome = {0};
    struct rlimit limit;
    long long page = system_now().page_size;
    long long most = system_now().map_limit;
    if (most < 0 || !can(QUIRE_CAN_POPULATE)) {
        return;
    }
    CHECK_OK(quire_map_anonymous(2 * most * page, QUIRE_KIND_ANONYMOUS_PRIVATE,
                                 QUIRE_NO_RESERVE, &region, &error));
    CHECK_EQUAL(getrlimit(RLIMIT_NOFILE, &limit), 0);
    struct rlimit none = {.rlim_cur = 0, .rlim_max = limit.rlim_max};
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &none), 0);
    int32_t code = QUIRE_OK;
    for (long long i = 0; i < most && code == QUIRE_OK; i++) {
        code = quire_advise(&region, "", 2 * i * page, page, QUIRE_DONTDUMP, &outcome, &error);
    }
    CHECK_EQUAL(code, QUIRE_E_HANDLE_LIMIT);
    CHECK_CODE(quire_populate(&region, 0, 16LL * 1024 * 1024, 1, &outcome, &error),
               QUIRE_E_HANDLE_LIMIT);
    CHECK_EQUAL(setrlimit(RLIMIT_NOFILE, &limit), 0);
    CHECK(system_now().mapped < most);
    CHECK_OK(quire_populate(&region, 0, 16LL * 1024 * 1024, 1, &outcome, &error));
    unmap(&region);
}

static void check_group(void) {
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        group = groups[i][0];
        if (mkdir(group, 0755) != 0) {
            continue;
        }
        int is_limited = tell_group(groups[i][1], GROUP_LIMIT);
        if (is_limited) {
            CHECK_IN_CHILD(child_of_group);
            CHECK_IN_CHILD(child_of_group_with_pages);
            CHECK_IN_CHILD(child_of_group_with_output);
            CHECK_IN_CHILD(child_of_group_with_copies);
            CHECK_IN_CHILD(child_of_group_with_threads);
            CHECK_IN_CHILD(child_of_group_with_small_parts);
        }
        CHECK(rmdir(group) == 0);
        if (is_limited) {
            return;
        }
    }
    skip("no group of processes with a memory limit can be made here");
}

/* More than the machine has can be mapped without a promise, and says so. */
static void check_no_reserve(void) {
    long long total = system_now().memory_total;
    int32_t code = quire_map_anonymous(4 * total, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error);
    if (code == QUIRE_E_NO_MEMORY) {
        skip("this system counts all memory that is mapped");
        return;
    }
    CHECK_OK(code);
    CHECK(region.length == 4 * total && (region.granted & ~QUIRE_NO_RESERVE) == 0);
    bytes(&region)[0] = bytes(&region)[4 * total - 1] = 1;
    unmap(&region);
}

/* Maps single pages until the library refuses: areas that it leaves to others can still be had. */
static void child_with_many_areas(void) {
    quire_system system = system_now();
    long long made = 0;
    int32_t code;
    quire_region wide;
    CHECK_OK(quire_map_anonymous(3 * page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &wide, &error));
    write_file(FILE_NAME, page);
    while ((code = map_file(FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, &region, &error)) == QUIRE_OK
           && made < system.map_limit) {
        made++;
    }
    CHECK_CODE(code, QUIRE_E_MAP_LIMIT);
    CHECK_EQUAL(error.limit, system.map_limit);
    long long mapped = system_now().mapped;
    CHECK(mapped <= system.map_limit - system.map_reserve);
    CHECK(mapped > system.map_limit - system.map_reserve - 100);
    int descriptor = open(FILE_NAME, O_RDONLY);
    void *last = NULL;
    for (int i = 0; i < 1000 && last != MAP_FAILED; i++) {
        last = mmap(NULL, (size_t)page, PROT_READ, MAP_SHARED, descriptor, 0);
    }
    CHECK(last != MAP_FAILED);
    CHECK_CODE(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error),
               QUIRE_E_MAP_LIMIT);
    CHECK_CODE(quire_advise(&wide, "", page, 1, QUIRE_DONTDUMP, &outcome, &error),
               QUIRE_E_MAP_LIMIT);
    CHECK_EQUAL(quire_advise_briefly(wide.record, wide.kind, wide.base_length, wide.address + page,
                                     1, QUIRE_DONTDUMP), 0);
    CHECK_EQUAL(quire_advise_briefly(wide.record, wide.kind, wide.base_length, wide.address,
        3 * page, QUIRE_DONTDUMP), supports(QUIRE_DONTDUMP) ? 3 * page : 0);
    CHECK_CODE(quire_shared_create(NAME, page, 0, &region, &error), QUIRE_E_MAP_LIMIT);
    CHECK_CODE(quire_shared_unlink(NAME, &error), QUIRE_E_NOT_FOUND);
    close(descriptor);
    unlink(FILE_NAME);
}

static void check_many_areas(void) {
    quire_system system = system_now();
    if (system.map_limit < 0 || system.map_limit > 1 << 17) {
        skip("there is no limit of areas, or too high a one to reach");
        return;
    }
    CHECK_IN_CHILD(child_with_many_areas);
}

int main(void) {
    page = system_now().page_size;
    parent = getpid();
    quire_shared_unlink(NAME, &error);
    check_sharing();
    check_killed_creator();
    check_impostors();
    check_seals();
    check_frozen();
    check_wiped();
    check_rights();
    if (can(QUIRE_CAN_REPORT_RESIDENCY)) {
        CHECK_IN_CHILD(child_of_foreign_file);
    }
    if (locks_are_real()) {
        check_locked();
        CHECK_IN_CHILD(child_with_lock_limit);
    } else {
        skip("locks are not counted here");
    }
    CHECK_IN_CHILD(child_with_file_limit);
    CHECK_IN_CHILD(child_with_descriptor_limit);
    CHECK_IN_CHILD(child_with_address_limit);
    check_group();
    check_without_descriptors();
    check_no_reserve();
    check_many_areas();
    return summary("check_processes");
}

#else

int main(void) {
    skip("this is Windows");
    return summary("check_processes");
}

#endif

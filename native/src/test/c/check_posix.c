/* check_posix.c - what only POSIX has: its kinds of files, files that change under a mapping, full
   disks. */
#include "check.h"

#if !defined(_WIN32)

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#endif

#define FILE_NAME "check_posix.bin"
#define OTHER_NAME "check_posix.other"

static quire_region region;
static quire_outcome outcome;
static long long page;

static int32_t map(const char *path, int32_t mode, int32_t flags) {
    return map_file(path, 0, -1, mode, flags, &region, &error);
}

/* ---- kinds of files ---- */

/* Everything that takes a path says the same of it, and waits for nobody. */
static void check_refused(const char *path, int32_t code) {
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        CHECK_CODE(map(path, mode, 0), code);
        CHECK_CODE(map_file(path, 0, 10, mode, 0, &region, &error), code);
        CHECK(is_empty(&region));
    }
    CHECK_CODE(quire_preallocate(path, 10, &error), code);
}

static void check_kinds(void) {
    quire_file_status status;
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "check_posix.socket"};
    check_refused("", QUIRE_E_NOT_FOUND);
    check_refused(".", QUIRE_E_IS_DIRECTORY);
    check_refused("/dev/null", QUIRE_E_NOT_MAPPABLE);
    CHECK_CODE(map("/dev/zero", QUIRE_READ_ONLY, 0), QUIRE_E_NOT_MAPPABLE);
    CHECK(mkfifo(OTHER_NAME, 0600) == 0);
    check_refused(OTHER_NAME, QUIRE_E_NOT_MAPPABLE);
    CHECK_OK(quire_query_file(OTHER_NAME, &status, &error));
    CHECK_EQUAL(status.kind, QUIRE_FILE_OTHER);
    CHECK(unlink(OTHER_NAME) == 0);
    int descriptor = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(descriptor, (struct sockaddr *)&address, sizeof address) == 0);
    check_refused(address.sun_path, QUIRE_E_NOT_MAPPABLE);
    CHECK(close(descriptor) == 0 && unlink(address.sun_path) == 0);
    write_file(FILE_NAME, 10);
    check_refused(FILE_NAME "/below", QUIRE_E_NOT_FOUND);
    CHECK(unlink(FILE_NAME) == 0);
    if (access("/proc/self/status", R_OK) == 0) {
        CHECK_CODE(map("/proc/self/status", QUIRE_READ_ONLY, 0), QUIRE_E_NOT_MAPPABLE);
        CHECK_CODE(map("/proc/self/mountinfo", QUIRE_READ_ONLY, 0), QUIRE_E_NOT_MAPPABLE);
    }
}

static void check_links(void) {
    write_file(FILE_NAME, 10);
    CHECK(symlink(FILE_NAME, OTHER_NAME) == 0);
    CHECK_OK(map(OTHER_NAME, QUIRE_READ_ONLY, 0));
    unmap(&region);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        CHECK_CODE(map(OTHER_NAME, mode, QUIRE_NO_FOLLOW), QUIRE_E_SYMBOLIC_LINK);
    }
    CHECK_CODE(map(OTHER_NAME, QUIRE_READ_WRITE, QUIRE_NO_FOLLOW | QUIRE_CREATE),
               QUIRE_E_SYMBOLIC_LINK);
    CHECK_CODE(map(OTHER_NAME, QUIRE_READ_WRITE, QUIRE_CREATE_NEW), QUIRE_E_EXISTS);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_ONLY, QUIRE_NO_FOLLOW));
    CHECK_EQUAL(region.granted, QUIRE_NO_FOLLOW);
    unmap(&region);
    CHECK(file_is_pattern(FILE_NAME, 10) && unlink(FILE_NAME) == 0);
    check_refused(OTHER_NAME, QUIRE_E_NOT_FOUND);
    CHECK_CODE(map(OTHER_NAME, QUIRE_READ_WRITE, QUIRE_CREATE_NEW), QUIRE_E_EXISTS);
    CHECK(unlink(OTHER_NAME) == 0 && symlink(OTHER_NAME, OTHER_NAME) == 0);
    check_refused(OTHER_NAME, QUIRE_E_NOT_FOUND);
    CHECK(unlink(OTHER_NAME) == 0);
}

static void check_path(const char *path) {
    const int32_t flags = QUIRE_CREATE_NEW | QUIRE_EXTEND;
    CHECK_OK(map_file(path, 0, 100, QUIRE_READ_WRITE, flags, &region, &error));
    unmap(&region);
    CHECK_OK(map(path, QUIRE_READ_ONLY, 0));
    CHECK_EQUAL(region.length, 100);
    unmap(&region);
    CHECK(unlink(path) == 0);
}

static void check_paths(void) {
    static char path[8192];
    check_path("check posix, with spaces.bin");
    check_path("check_posix-\xc3\xa4\xe2\x82\xac\xf0\x9f\x97\xba.bin");
    memset(path, 'x', sizeof path - 1);
    check_refused(path, QUIRE_E_PATH_TOO_LONG);
    path[256] = '\0';
    check_refused(path, QUIRE_E_PATH_TOO_LONG);
    int length = 0;
    int levels = 0;
    /* no name but the last is longer than 200 bytes, the whole path is 4,000 */
    while (length < 3900) {
        memset(path + length, 'd', 195);
        length += 195;
        path[length] = '\0';
        CHECK(mkdir(path, 0700) == 0);
        path[length++] = '/';
        levels++;
    }
    memset(path + length, 'f', (size_t)(4000 - length));
    path[4000] = '\0';
    check_path(path);
    for (; levels > 0; levels--) {
        length -= 196;
        path[length + 195] = '\0';
        CHECK(rmdir(path) == 0);
    }
}

/* ---- files that change under a mapping ---- */

static void check_hints_of_truncated(void) {
    quire_residency residency;
    for (int32_t hint = QUIRE_NORMAL; hint <= QUIRE_UNMERGEABLE; hint++) {
        CHECK_OK(quire_advise(&region, "", 0, region.length, hint, &outcome, &error));
    }
    CHECK_OK(quire_query_residency(&region, 0, region.length, NULL, 0, &residency, &error));
    CHECK(residency.resident <= residency.pages);
    CHECK_OK(quire_evict(&region, FILE_NAME, 0, region.length, &outcome, &error));
    for (int32_t write = 0; write <= (region.mode != QUIRE_READ_ONLY); write++) {
        if (can(QUIRE_CAN_POPULATE)) {
            CHECK_CODE(quire_populate(&region, 0, region.length, write, &outcome, &error),
                       QUIRE_E_FAULT);
            CHECK_CODE(quire_populate(&region, 9 * page, 1, write, &outcome, &error),
                       QUIRE_E_FAULT);
            CHECK_EQUAL(outcome.bytes, 0);
            CHECK_OK(quire_populate(&region, 0, 4 * page, write, &outcome, &error));
        }
    }
    if (locks_are_real()) {
        int32_t code = quire_lock(&region, 0, region.length, 0, &error);
        CHECK(can(QUIRE_CAN_POPULATE) ? code == QUIRE_E_FAULT : code != QUIRE_OK);
    }
    CHECK_OK(quire_unlock(&region, 0, region.length, &error));
}

/* Only what is there counts, and only where somebody looks. */
static void check_answers_about_cut(void) {
    const quire_range ranges[] = {{page, page}, {0, 0}, {3 * page, 2 * page}};
    write_file(FILE_NAME, 10 * page);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, 0));
    CHECK(truncate(FILE_NAME, 3 * page + 5) == 0);
    CHECK_OK(quire_advise(&region, FILE_NAME, 0, 10 * page, QUIRE_WILLNEED, &outcome, &error));
    CHECK(!supports(QUIRE_WILLNEED)
          || (outcome.result == QUIRE_PARTIAL && outcome.bytes == 4 * page));
    CHECK_OK(quire_advise(&region, FILE_NAME, 0, 4 * page, QUIRE_WILLNEED, &outcome, &error));
    CHECK(!supports(QUIRE_WILLNEED) || outcome.result == QUIRE_APPLIED);
    CHECK_OK(quire_advise(&region, FILE_NAME, 4 * page, page, QUIRE_WILLNEED, &outcome, &error));
    CHECK(outcome.result == QUIRE_IGNORED && outcome.bytes == 0);
    CHECK_OK(quire_prefetch(&region, FILE_NAME, ranges, 3, &outcome, &error));
    CHECK(!supports(QUIRE_WILLNEED)
          || (outcome.result == QUIRE_PARTIAL && outcome.bytes == 2 * page));
    CHECK_OK(quire_prefetch(&region, FILE_NAME, ranges, 2, &outcome, &error));
    CHECK(!supports(QUIRE_WILLNEED) || (outcome.result == QUIRE_APPLIED && outcome.bytes == page));
    CHECK_OK(quire_evict(&region, FILE_NAME, 0, 10 * page, &outcome, &error));
    CHECK(outcome.result != QUIRE_APPLIED && outcome.bytes <= 4 * page);
    CHECK_OK(quire_evict(&region, FILE_NAME, 4 * page, page, &outcome, &error));
    CHECK(outcome.result == QUIRE_IGNORED && outcome.bytes == 0);
    CHECK_OK(quire_discard(&region, FILE_NAME, 4 * page, page, &outcome, &error));
    CHECK(outcome.result == QUIRE_IGNORED && outcome.bytes == 0);
    CHECK_OK(quire_discard(&region, FILE_NAME, page, 9 * page, &outcome, &error));
    CHECK(outcome.result != QUIRE_APPLIED && outcome.bytes <= 3 * page);
    CHECK(holds_pattern(&region, 0, page));
    CHECK(outcome.bytes == 0 || is_zero(&region, page, 3 * page));
    unmap(&region);
    CHECK(file_length(FILE_NAME) == 3 * page + 5 && unlink(FILE_NAME) == 0);
}

static void check_truncated(void) {
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        int is_flushed = mode == QUIRE_READ_WRITE;
        write_file(FILE_NAME, 10 * page);
        CHECK_OK(map(FILE_NAME, mode, 0));
        CHECK(truncate(FILE_NAME, 3 * page + 5) == 0);
        check_hints_of_truncated();
        for (int32_t durability = QUIRE_FLUSH_CACHE; durability <= QUIRE_FLUSH_DEVICE;
             durability++) {
            CHECK_CODE(quire_flush(&region, FILE_NAME, 0, 10 * page, durability, &error),
                       is_flushed ? QUIRE_E_FILE_TRUNCATED : QUIRE_OK);
            CHECK(!is_flushed || error.limit == 3 * page + 5);
            CHECK_CODE(quire_flush(&region, FILE_NAME, 3 * page, 6, durability, &error),
                       is_flushed ? QUIRE_E_FILE_TRUNCATED : QUIRE_OK);
            CHECK_OK(quire_flush(&region, FILE_NAME, 0, 3 * page + 5, durability, &error));
        }
        CHECK(holds_pattern(&region, 0, 3 * page + 5));
        CHECK_CODE(quire_resize(&region, FILE_NAME, 20 * page, 0, &error),
                   is_flushed ? QUIRE_E_FILE_TRUNCATED : QUIRE_E_READ_ONLY);
        CHECK_EQUAL(region.length, 10 * page);
        unmap(&region);
        CHECK(file_is_pattern(FILE_NAME, 3 * page + 5) && unlink(FILE_NAME) == 0);
    }
}

static void lose_name(int way) {
    enum { RENAMED, REMOVED, REPLACED };
    int file = open(FILE_NAME, O_RDWR);
    CHECK(file >= 0);
    if (way == RENAMED) {
        CHECK(rename(FILE_NAME, OTHER_NAME) == 0);
    } else {
        CHECK(unlink(FILE_NAME) == 0);
    }
    if (way == REPLACED) {
        write_file(FILE_NAME, 10 * page);
    }
    CHECK(ftruncate(file, 3 * page) == 0 && close(file) == 0);
}

/* Nobody can ask the file without a name for its size, and it is shorter all the same. */
static void check_cut_without_name(int32_t flags) {
    for (int way = 0; way < 3; way++) {
        write_file(FILE_NAME, 10 * page);
        CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, flags));
        bytes(&region)[0] = bytes(&region)[5 * page] = 99;
        lose_name(way);
        for (int32_t how = QUIRE_FLUSH_CACHE; how <= QUIRE_FLUSH_DEVICE; how++) {
            CHECK_CODE(quire_flush(&region, FILE_NAME, 0, 10 * page, how, &error),
                       QUIRE_E_FILE_TRUNCATED);
            CHECK_EQUAL(error.limit, region.handle == -1 ? -1 : 3 * page);
            CHECK_CODE(quire_flush(&region, FILE_NAME, 5 * page, 1, how, &error),
                       QUIRE_E_FILE_TRUNCATED);
            CHECK_OK(quire_flush(&region, FILE_NAME, 0, 3 * page, how, &error));
        }
        unmap(&region);
        remove(FILE_NAME);
        remove(OTHER_NAME);
    }
}

static void check_replaced(int32_t flags) {
    write_file(FILE_NAME, 10 * page);
    write_file(OTHER_NAME, 5);
    CHECK_OK(map(FILE_NAME, QUIRE_READ_WRITE, flags));
    int old = open(FILE_NAME, O_RDONLY);
    unsigned char byte = 0;
    CHECK(old >= 0 && rename(OTHER_NAME, FILE_NAME) == 0);
    int is_kept = region.handle != -1;
    bytes(&region)[page] = 99;
    for (int32_t durability = QUIRE_FLUSH_CACHE; durability <= QUIRE_FLUSH_DEVICE; durability++) {
        CHECK_OK(quire_flush(&region, FILE_NAME, 0, region.length, durability, &error));
    }
    CHECK(pread(old, &byte, 1, (off_t)page) == 1 && byte == 99);
    CHECK_CODE(quire_evict(&region, FILE_NAME, 0, region.length, &outcome, &error),
               is_kept ? QUIRE_OK : QUIRE_E_FILE_REPLACED);
    CHECK_CODE(quire_resize(&region, FILE_NAME, page, 0, &error), is_kept ? QUIRE_OK
               : QUIRE_E_FILE_REPLACED);
    CHECK_EQUAL(region.length, is_kept ? page : 10 * page);
    CHECK_EQUAL(lseek(old, 0, SEEK_END), region.length);
    CHECK(file_is_pattern(FILE_NAME, 5) && unlink(FILE_NAME) == 0);
    CHECK_CODE(quire_evict(&region, FILE_NAME, 0, region.length, &outcome, &error),
               is_kept ? QUIRE_OK : QUIRE_E_NOT_FOUND);
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, region.length, QUIRE_FLUSH_DEVICE, &error));
    CHECK(close(old) == 0);
    unmap(&region);
}

/* ---- what a mapping leaves behind ---- */

static int open_descriptors(void) {
    int count = 0;
    for (int descriptor = 0; descriptor < 1024; descriptor++) {
        count += fcntl(descriptor, F_GETFD) != -1;
    }
    return count;
}

static void use_and_close(int i) {
    static const int32_t kinds[] = {QUIRE_KIND_ANONYMOUS_PRIVATE, QUIRE_KIND_ANONYMOUS_SHARED};
    quire_region second;
    CHECK_OK(map(FILE_NAME, i % 3, i % 2 ? QUIRE_KEEP_FILE : 0));
    quire_flush(&region, FILE_NAME, 0, region.length, QUIRE_FLUSH_ASYNC, &error);
    CHECK_OK(quire_evict(&region, FILE_NAME, 0, region.length, &outcome, &error));
    quire_resize(&region, FILE_NAME, (3 + i % 2) * page, 0, &error);
    unmap(&region);
    CHECK_CODE(map_file(FILE_NAME, 0, 9 * page, i % 3, 0, &region, &error), QUIRE_E_FILE_TOO_SHORT);
    CHECK_CODE(map("/dev/null", i % 3, 0), QUIRE_E_NOT_MAPPABLE);
    CHECK_CODE(map(".", QUIRE_READ_ONLY, 0), QUIRE_E_IS_DIRECTORY);
    CHECK_OK(quire_map_anonymous(page, kinds[i % 2], 0, &region, &error));
    CHECK_OK(quire_resize(&region, "", 3 * page, 0, &error));
    if (region.handle != -1 && can(QUIRE_CAN_ATTACH)) {
        CHECK_OK(quire_attach(getpid(), region.handle, QUIRE_READ_WRITE, 0, &second, &error));
        unmap(&second);
    }
    unmap(&region);
    CHECK_OK(quire_shared_create(segment_name(), page, i % 2 ? QUIRE_KEEP_FILE : 0, &region,
                                 &error));
    CHECK_CODE(quire_shared_create(segment_name(), page, 0, &second, &error), QUIRE_E_EXISTS);
    CHECK_OK(quire_shared_unlink(segment_name(), &error));
    unmap(&region);
}

static void check_leaves_nothing(void) {
    write_file(FILE_NAME, 3 * page);
    use_and_close(1); /* what the library asks once, and remembers */
    int descriptors = open_descriptors();
    long long areas = system_now().mapped;
    for (int i = 0; i < 1000; i++) {
        use_and_close(i);
    }
    CHECK_EQUAL(open_descriptors(), descriptors);
    CHECK_EQUAL(system_now().mapped, areas);
    CHECK(unlink(FILE_NAME) == 0);
}

static void check_inherited(void) {
    static const int32_t flags[] = {QUIRE_KEEP_FILE, QUIRE_KEEP_FILE | QUIRE_INHERIT};
    write_file(FILE_NAME, 10);
    for (int i = 0; i < 2; i++) {
        CHECK_OK(map(FILE_NAME, QUIRE_READ_ONLY, flags[i]));
        CHECK_EQUAL(region.granted, flags[i]);
        CHECK_EQUAL(fcntl((int)region.handle, F_GETFD), i == 0 ? FD_CLOEXEC : 0);
        unmap(&region);
    }
    CHECK(unlink(FILE_NAME) == 0);
}

/* ---- protection, split areas ---- */

/* The kernel's own access to the byte fails where the process's would raise a signal. */
static int kernel_can_read(long long offset) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    int is_read = write(ends[1], bytes(&region) + offset, 1) == 1;
    CHECK(is_read || errno == EFAULT);
    close(ends[0]);
    close(ends[1]);
    return is_read;
}

static int kernel_can_write(long long offset) {
    int source = open("/dev/zero", O_RDONLY);
    unsigned char before = bytes(&region)[offset];
    int is_written = read(source, bytes(&region) + offset, 1) == 1;
    CHECK(is_written || errno == EFAULT);
    close(source);
    if (is_written) {
        bytes(&region)[offset] = before;
    }
    return is_written;
}

static void check_protection(void) {
    for (int kind = 0; kind < KINDS; kind++) {
        if (!map_kind(kind, FILE_NAME, 4 * page, &region)) {
            continue;
        }
        int is_writable = region.mode != QUIRE_READ_ONLY;
        CHECK_OK(quire_protect(&region, page, page, QUIRE_ACCESS_NONE, &error));
        CHECK_OK(quire_protect(&region, 2 * page, page, QUIRE_ACCESS_READ, &error));
        CHECK(kernel_can_read(0) && !kernel_can_read(page) && !kernel_can_read(2 * page - 1));
        CHECK(kernel_can_read(2 * page) && !kernel_can_write(2 * page)
              && !kernel_can_write(3 * page - 1));
        CHECK_EQUAL(kernel_can_write(3 * page), is_writable);
        CHECK_EQUAL(kernel_can_write(page - 1), is_writable);
        CHECK_OK(quire_protect(&region, 0, 4 * page,
                               is_writable ? QUIRE_ACCESS_READ_WRITE : QUIRE_ACCESS_READ, &error));
        CHECK(kernel_can_read(page) && kernel_can_write(2 * page) == is_writable);
        CHECK(holds_pattern(&region, 0, 4 * page));
        unmap_kind(kind, FILE_NAME, &region);
    }
}

static void split(int way) {
    static const int32_t hints[] = {QUIRE_RANDOM, QUIRE_DONTFORK, QUIRE_DONTDUMP, QUIRE_NOHUGEPAGE,
                                    QUIRE_WIPEONFORK};
    if (way < 5) {
        CHECK_OK(quire_advise(&region, "", 2 * page, page, hints[way], &outcome, &error));
    } else if (way == 5) {
        CHECK_OK(quire_lock(&region, 2 * page, page, 0, &error));
    } else {
        CHECK_OK(quire_protect(&region, 2 * page, page, QUIRE_ACCESS_READ, &error));
    }
}

/* An area of which a part has something of its own cannot be moved as it is. */
static void check_resize_of_split(int kind, int way) {
    const long long lengths[] = {4096 * page, 3 * page - 1, 9 * page + 3, 2 * page, 0, page};
    if (!map_kind(kind, FILE_NAME, 5 * page, &region)) {
        return;
    }
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        long long kept = region.length < lengths[i] ? region.length : lengths[i];
        if (region.length >= 3 * page) {
            split(way);
        }
        const char *path = path_of_kind(kind, FILE_NAME);
        if (CHECK_OK(quire_resize(&region, path, lengths[i], QUIRE_SPARSE, &error))) {
            CHECK_EQUAL(region.length, lengths[i]);
            CHECK(holds_pattern(&region, 0, kept) && is_zero(&region, kept, region.length));
            CHECK_OK(quire_protect(&region, 0, region.length, QUIRE_ACCESS_READ_WRITE, &error));
            fill(&region);
        }
    }
    unmap_kind(kind, FILE_NAME, &region);
}

/* Locked pages stay: neither evicting nor discarding touches them, and both say so. */
static void check_locked_stay(void) {
    if (!locks_are_real()) {
        skip("locks are not counted here");
        return;
    }
    for (int kind = QUIRE_READ_ONLY; kind <= QUIRE_READ_WRITE; kind++) {
        CHECK(map_kind(kind, FILE_NAME, 8 * page, &region));
        CHECK_OK(quire_lock(&region, 0, 8 * page, 0, &error));
        CHECK_OK(quire_evict(&region, FILE_NAME, 0, 8 * page, &outcome, &error));
        CHECK(!can(QUIRE_CAN_EVICT) || (outcome.result == QUIRE_IGNORED && outcome.bytes == 0));
        if (kind == QUIRE_READ_WRITE) {
            CHECK_OK(quire_discard(&region, FILE_NAME, 0, 8 * page, &outcome, &error));
            CHECK(outcome.result != QUIRE_APPLIED && outcome.bytes == 0);
        }
        CHECK(holds_pattern(&region, 0, 8 * page));
        unmap_kind(kind, FILE_NAME, &region);
    }
}

/* ---- other users ---- */

/* A name that another user took first, with access for all. */
static void check_of_another_user(void) {
    char path[300];
    const unsigned int nobody = 65534;
    snprintf(path, sizeof path, "/dev/shm/%s", segment_name());
    if (geteuid() != 0 || !can(QUIRE_CAN_LIST_SHARED)) {
        skip("only the superuser gives a segment to another user, where it is a file");
        return;
    }
    CHECK_OK(quire_shared_create(segment_name(), page, 0, &region, &error));
    unmap(&region);
    CHECK(chmod(path, 0666) == 0 && chown(path, nobody, nobody) == 0);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        CHECK_CODE(quire_shared_open(segment_name(), mode, 0, &region, &error),
                   QUIRE_E_ACCESS_DENIED);
        CHECK(error.os_number == EPERM && is_empty(&region));
    }
    CHECK_CODE(quire_shared_create(segment_name(), page, 0, &region, &error), QUIRE_E_EXISTS);
    CHECK(chown(path, 0, 0) == 0);
    CHECK_OK(quire_shared_open(segment_name(), QUIRE_READ_WRITE, 0, &region, &error));
    unmap(&region);
    CHECK_OK(quire_shared_unlink(segment_name(), &error));
}

/* ---- full disks ---- */

#if defined(__linux__)
/* A file can have as many blocks as it is long, and holes all the same: blocks may lie behind its
   end. */
static void check_blocks_behind_the_end(void) {
    const int mib = 1 << 20;
    const int keep_size = 1;
    quire_file_status status;
    int descriptor = open(FILE_NAME, O_CREAT | O_EXCL | O_RDWR, 0600);
    CHECK(descriptor >= 0 && ftruncate(descriptor, mib) == 0);
    if (fallocate(descriptor, keep_size, mib, 2 * mib) == 0) {
        CHECK_OK(quire_preallocate(FILE_NAME, mib, &error));
        CHECK_OK(quire_query_file(FILE_NAME, &status, &error));
        CHECK(status.size == mib && status.allocated >= 3 * mib);
    } else {
        skip("this file system allocates no blocks");
    }
    CHECK(close(descriptor) == 0 && unlink(FILE_NAME) == 0);
}

#define DISK "check_posix.disk"

static void check_full_writes(const char *path) {
    CHECK_OK(map_file(path, 0, 64 << 20, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND
                      | QUIRE_SPARSE, &region, &error));
    if (can(QUIRE_CAN_POPULATE)) {
        CHECK_CODE(quire_populate(&region, 0, region.length, 1, &outcome, &error), QUIRE_E_FAULT);
        CHECK(outcome.bytes < region.length);
        CHECK_CODE(quire_populate(&region, 32 << 20, page, 1, &outcome, &error), QUIRE_E_FAULT);
        CHECK_CODE(quire_populate(&region, 32 << 20, page, 0, &outcome, &error), QUIRE_E_FAULT);
    }
    unmap(&region);
    CHECK(unlink(path) == 0);
}

static void check_on_full(void) {
    const char *path = DISK "/file";
    const int32_t flags = QUIRE_CREATE | QUIRE_EXTEND;
    CHECK_CODE(map_file(path, 0, 64 << 20, QUIRE_READ_WRITE, flags, &region, &error),
               QUIRE_E_NO_SPACE);
    CHECK_EQUAL(file_length(path), -1);
    write_file(path, 5000);
    CHECK_CODE(map_file(path, 0, 64 << 20, QUIRE_READ_WRITE, flags, &region, &error),
               QUIRE_E_NO_SPACE);
    CHECK_CODE(quire_preallocate(path, 64 << 20, &error), QUIRE_E_NO_SPACE);
    CHECK(file_is_pattern(path, 5000));
    CHECK_OK(map(path, QUIRE_READ_WRITE, 0));
    CHECK_CODE(quire_resize(&region, path, 64 << 20, 0, &error), QUIRE_E_NO_SPACE);
    CHECK(region.length == 5000 && holds_pattern(&region, 0, 5000));
    unmap(&region);
    CHECK(file_is_pattern(path, 5000) && unlink(path) == 0);
    check_full_writes(path);
    write_file(path, 5000);
    CHECK(mount("quire", DISK, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=1m") == 0);
    CHECK_CODE(map(path, QUIRE_READ_WRITE, 0), QUIRE_E_READ_ONLY_FILE_SYSTEM);
    CHECK_CODE(map(DISK "/new", QUIRE_READ_WRITE, QUIRE_CREATE), QUIRE_E_READ_ONLY_FILE_SYSTEM);
    CHECK_OK(map(path, QUIRE_COPY_ON_WRITE, 0));
    CHECK(holds_pattern(&region, 0, 5000));
    unmap(&region);
}

/* A file system of 1 MiB that only this child sees. */
static void check_full(void) {
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("quire", DISK, "tmpfs", 0, "size=1m") != 0) {
        skip("a full disk needs the right to mount one");
        return;
    }
    check_on_full();
    CHECK(umount(DISK) == 0);
}

/* ---- groups of processes ---- */

static void write_text(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* What the kernel would tell of the group and of where its numbers are. */
static int told(const char *place, const char *groups, const char *root, const char *options) {
    char line[4300];
    snprintf(line, sizeof line, "30 23 0:26 %s %s rw - cgroup cgroup %s\n", root, place, options);
    write_text(FILE_NAME, groups);
    write_text(OTHER_NAME, line);
    return mount(FILE_NAME, "/proc/self/cgroup", NULL, MS_BIND, NULL) == 0
           && mount(OTHER_NAME, "/proc/self/mountinfo", NULL, MS_BIND, NULL) == 0;
}

static void check_group(const char *groups, const char *root, const char *options) {
    char place[4096];
    const long long limit = 12345678;
    CHECK(mkdir(DISK "/group", 0700) == 0 && realpath(DISK "/group", place) != NULL);
    write_text(DISK "/group/memory.limit_in_bytes", "12345678\n");
    write_text(DISK "/group/memory.usage_in_bytes", "5678\n");
    if (told(place, groups, root, options)) {
        quire_system system = system_now();
        CHECK_EQUAL(system.group_limit, limit);
        CHECK_EQUAL(system.group_available, limit - 5678);
        CHECK(umount("/proc/self/cgroup") == 0 && umount("/proc/self/mountinfo") == 0);
    } else {
        skip("nothing can be mounted over /proc here");
    }
    CHECK(unlink(FILE_NAME) == 0 && unlink(OTHER_NAME) == 0);
    CHECK(unlink(DISK "/group/memory.limit_in_bytes") == 0);
    CHECK(unlink(DISK "/group/memory.usage_in_bytes") == 0 && rmdir(DISK "/group") == 0);
}

/* Controllers may share a hierarchy, and a mount may show a part of it that is not the group's. */
static void check_groups(void) {
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        skip("what the kernel tells of groups can only be replaced by the superuser");
        return;
    }
    check_group("4:memory:/a\n0::/\n", "/a", "rw,memory");
    check_group("5:cpu:/x\n4:cpu,memory:/a\n", "/a", "rw,cpu,memory");
    check_group("4:memory,cpu:/a/b\n", "/a/b", "rw,memory,cpu");
    check_group("5:memory_other:/x\n4:memory:/ab/c\n", "/a", "rw,memory");
}
#endif

int main(void) {
    page = system_now().page_size;
    unlink(FILE_NAME);
    unlink(OTHER_NAME);
    CHECK_IN_CHILD(check_kinds);
    check_links();
    check_paths();
    check_answers_about_cut();
    check_truncated();
    check_cut_without_name(0);
    check_cut_without_name(QUIRE_KEEP_FILE);
    check_replaced(0);
    check_replaced(QUIRE_KEEP_FILE);
    check_inherited();
    check_leaves_nothing();
    check_protection();
    for (int way = 0; way <= 6; way++) {
        check_resize_of_split(QUIRE_READ_WRITE, way);
        check_resize_of_split(3, way);
        check_resize_of_split(4, way);
    }
    check_locked_stay();
    check_of_another_user();
#if defined(__linux__)
    check_blocks_behind_the_end();
    CHECK(mkdir(DISK, 0700) == 0);
    CHECK_IN_CHILD(check_full);
    CHECK_IN_CHILD(check_groups);
    CHECK(rmdir(DISK) == 0);
#endif
    return summary("check_posix");
}

#else

int main(void) {
    skip("this is Windows");
    return summary("check_posix");
}

#endif

/* check_files.c - files that are written: made, published, replaced, locked, made longer. */
#include "check.h"

#if !defined(_WIN32)
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#if defined(__linux__)
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#endif
#endif

#define FOLDER "."
#define TARGET "check_files.target"
#define TEMPORARY "check_files.temporary"
#define LENGTH 5000

static quire_output output;
static quire_output other;

static char content[LENGTH];

static long long address_of(const void *bytes) {
    return (long long)(intptr_t)bytes;
}

/* ---- the library's calls, in their order ---- */

/* d: bytes and size go to the device, a: all of a file or folder, n: a file gets a name. */
static char calls[64];

#if defined(__linux__)
static void record(char call) {
    size_t length = strlen(calls);
    if (length + 1 < sizeof calls) {
        calls[length] = call;
    }
}

/* The library calls these instead of the C library's. */
#define IN_FRONT __attribute__((visibility("default")))

IN_FRONT int fsync(int descriptor) {
    record('a');
    return (int)syscall(SYS_fsync, descriptor);
}

IN_FRONT int fdatasync(int descriptor) {
    record('d');
    return (int)syscall(SYS_fdatasync, descriptor);
}

IN_FRONT int rename(const char *from, const char *to) {
    record('n');
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

IN_FRONT int linkat(int folder, const char *from, int other_folder, const char *to, int flags) {
    record('n');
    return (int)syscall(SYS_linkat, folder, from, other_folder, to, flags);
}
#endif

static void forget_calls(void) {
    memset(calls, 0, sizeof calls);
}

/* Whether these calls were recorded, where they can be. */
static int has_called(const char *expected) {
#if defined(__linux__)
    return strcmp(calls, expected) == 0;
#else
    (void)expected;
    return 1;
#endif
}

/* A file is on the device before it has its name, and the name before publish returns. */
static int is_published_safely(void) {
#if defined(__linux__)
    /* A name that must be new may be given by a call of another kind. */
    size_t length = strlen(calls);
    return length > 1 && calls[0] == 'a' && calls[length - 1] == 'a';
#else
    return 1;
#endif
}

static void make_content(void) {
    for (int i = 0; i < LENGTH; i++) {
        content[i] = (char)pattern(i);
    }
}

/* Creates the file and writes the pattern into it. */
static void begin_file(int32_t flags) {
    CHECK_OK(quire_output_create(FOLDER, TEMPORARY, LENGTH, flags, &output, &error));
    CHECK_OK(quire_output_write(&output, 0, address_of(content), LENGTH, &error));
    CHECK(output.state == QUIRE_OUTPUT_TEMPORARY || (flags & QUIRE_OUTPUT_NAMED) == 0);
    CHECK_EQUAL(file_length(TEMPORARY), output.state == QUIRE_OUTPUT_TEMPORARY ? LENGTH : -1);
}

static void end_file(void) {
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK_EQUAL(output.handle, -1);
    CHECK_EQUAL(file_length(TEMPORARY), -1);
}

static int32_t publish(int32_t flags) {
    return quire_output_publish(&output, FOLDER, TEMPORARY, TARGET, flags, &error);
}

/* ---- new files ---- */

static void check_new(int32_t flags) {
    begin_file(flags);
    CHECK_EQUAL(file_length(TARGET), -1);
    forget_calls();
    CHECK_OK(publish(QUIRE_OUTPUT_NEW));
    CHECK(is_published_safely());
    CHECK_EQUAL(output.state, QUIRE_OUTPUT_PUBLISHED);
    CHECK_EQUAL(output.not_kept, 0);
    CHECK_CODE(publish(0), QUIRE_E_INVALID_ARGUMENT);
    end_file();
    CHECK(file_is_pattern(TARGET, LENGTH));

    begin_file(flags);
    CHECK_CODE(publish(QUIRE_OUTPUT_NEW), QUIRE_E_EXISTS);
    end_file();
    CHECK(file_is_pattern(TARGET, LENGTH) && remove(TARGET) == 0);

    write_file(TARGET, 10);
    begin_file(flags);
    forget_calls();
    CHECK_OK(publish(0));
    CHECK(is_published_safely());
    end_file();
    CHECK(file_is_pattern(TARGET, LENGTH) && remove(TARGET) == 0);

    begin_file(flags);
    end_file();
    CHECK_EQUAL(file_length(TARGET), -1);
}

static void check_refusals(void) {
    CHECK_CODE(quire_output_create(FOLDER, TEMPORARY, -1, 0, &output, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_output_create(FOLDER, TEMPORARY, INT64_MAX, 0, &output, &error),
               QUIRE_E_FILE_TOO_LARGE);
    CHECK_CODE(quire_output_create(FOLDER, TEMPORARY, 1, 64, &output, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_output_write(&output, 0, address_of(content), 1, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK_CODE(quire_output_open(TARGET, &output, &error), QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_output_open(FOLDER, &output, &error), QUIRE_E_IS_DIRECTORY);
    write_file(TEMPORARY, 1);
    CHECK_CODE(quire_output_create(FOLDER, TEMPORARY, 1, QUIRE_OUTPUT_NAMED, &output, &error),
               QUIRE_E_EXISTS);
    CHECK(file_is_pattern(TEMPORARY, 1) && remove(TEMPORARY) == 0);
}

/* ---- files that grow ---- */

static void check_growing(void) {
    write_file(TARGET, 100);
    CHECK_OK(quire_output_open(TARGET, &output, &error));
    CHECK_EQUAL(output.state, QUIRE_OUTPUT_OPENED);
    CHECK_CODE(quire_output_open(TARGET, &other, &error), QUIRE_E_FILE_BUSY);
    CHECK_CODE(quire_output_extend(&output, 94, address_of(content), 5, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_output_extend(&output, 97, address_of(content), 5, &error));
    CHECK(file_length(TARGET) == 102 && byte_in_file(TARGET, 96) == pattern(96)
          && byte_in_file(TARGET, 97) == pattern(0) && byte_in_file(TARGET, 101) == pattern(4));
    CHECK_OK(quire_output_cut(&output, 97, &error));
    CHECK_OK(quire_output_write(&output, 97, address_of(content) + 97, 3, &error));
    CHECK_OK(quire_output_extend(&output, 70000, address_of(content), 5, &error));
    CHECK_EQUAL(file_length(TARGET), 70005);
    CHECK_EQUAL(byte_in_file(TARGET, 99), pattern(99));
    CHECK_EQUAL(byte_in_file(TARGET, 100), 0);
    CHECK_EQUAL(byte_in_file(TARGET, 69999), 0);
    CHECK_EQUAL(byte_in_file(TARGET, 70000), pattern(0));
    forget_calls();
    CHECK_OK(quire_output_sync(&output, 0, &error));
    CHECK(has_called("d"));
    CHECK_OK(quire_output_cut(&output, 100, &error));
    CHECK_CODE(quire_output_cut(&output, 101, &error), QUIRE_E_FILE_TOO_SHORT);
    forget_calls();
    CHECK_OK(quire_output_sync(&output, 1, &error));
    CHECK(has_called("a"));
    CHECK_CODE(publish(0), QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK(file_is_pattern(TARGET, 100));
    CHECK_OK(quire_output_open(TARGET, &output, &error));
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK(remove(TARGET) == 0);
}

/* More than any disk has: nothing is taken before it is refused. */
static void check_no_room(void) {
    const long long huge = 1LL << 58;
    long long limit = -1;
    int32_t code = quire_output_create(FOLDER, TEMPORARY, huge, 0, &output, &error);
    CHECK(code == QUIRE_E_NO_SPACE || code == QUIRE_E_FILE_TOO_LARGE
          || code == QUIRE_E_MEMORY_LIMIT);
    limit = error.limit;
    CHECK(code != QUIRE_E_NO_SPACE || (limit > 0 && limit < huge));
    CHECK(error.os_number == 0 || code != QUIRE_E_NO_SPACE);
    write_file(TARGET, 100);
    CHECK_OK(quire_output_open(TARGET, &output, &error));
    code = quire_output_extend(&output, huge, address_of(content), 5, &error);
    CHECK(code == QUIRE_E_NO_SPACE || code == QUIRE_E_FILE_TOO_LARGE);
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK(file_is_pattern(TARGET, 100) && remove(TARGET) == 0);
    CHECK_EQUAL(file_length(TEMPORARY), -1);
}

#if !defined(_WIN32)

static int mode_of(const char *path) {
    struct stat status;
    return CHECK(stat(path, &status) == 0) ? (int)(status.st_mode & 07777) : -1;
}

static int count_files(void) {
    int count = 0;
    DIR *folder = opendir(FOLDER);
    for (struct dirent *entry = folder == NULL ? NULL : readdir(folder); entry != NULL;
         entry = readdir(folder)) {
        count += strncmp(entry->d_name, "check_files.t", 13) == 0;
    }
    if (folder != NULL) {
        closedir(folder);
    }
    return count;
}

/* ---- what is there already ---- */

static void check_kinds(void) {
    CHECK(mkfifo(TARGET, 0600) == 0);
    begin_file(0);
    CHECK_CODE(publish(0), QUIRE_E_NOT_MAPPABLE);
    end_file();
    CHECK_CODE(quire_output_open(TARGET, &output, &error), QUIRE_E_NOT_MAPPABLE);
    CHECK(unlink(TARGET) == 0 && mkdir(TARGET, 0700) == 0);
    begin_file(0);
    CHECK_CODE(publish(0), QUIRE_E_IS_DIRECTORY);
    end_file();
    write_file("check_files.behind", 10);
    CHECK(rmdir(TARGET) == 0 && symlink("check_files.behind", TARGET) == 0);
    begin_file(0);
    CHECK_CODE(publish(0), QUIRE_E_SYMBOLIC_LINK);
    end_file();
    CHECK_CODE(quire_output_open(TARGET, &output, &error), QUIRE_E_SYMBOLIC_LINK);
    CHECK(file_is_pattern("check_files.behind", 10));
    CHECK(unlink(TARGET) == 0 && unlink("check_files.behind") == 0);
}

/* A link that somebody planted under the temporary name is not followed. */
static void check_planted(void) {
    write_file(TARGET, 10);
    CHECK(symlink(TARGET, TEMPORARY) == 0);
    CHECK_CODE(quire_output_create(FOLDER, TEMPORARY, LENGTH, QUIRE_OUTPUT_NAMED, &output, &error),
               QUIRE_E_EXISTS);
    int32_t code = quire_output_create(FOLDER, TEMPORARY, LENGTH, 0, &output, &error);
    if (code == QUIRE_OK && output.state == QUIRE_OUTPUT_UNNAMED) {
        CHECK_CODE(publish(0), QUIRE_E_EXISTS);
        CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    } else {
        CHECK_EQUAL(code, QUIRE_E_EXISTS);
    }
    CHECK(file_is_pattern(TARGET, 10) && unlink(TARGET) == 0 && unlink(TEMPORARY) == 0);
}

static void check_kept(int32_t flags) {
    static const int modes[] = {0600, 0640, 0444, 0755, 02660};
    for (int i = 0; i < (int)(sizeof modes / sizeof *modes); i++) {
        write_file(TARGET, 10);
        CHECK(chmod(TARGET, (mode_t)modes[i]) == 0);
        begin_file(flags | QUIRE_OUTPUT_PRIVATE);
        CHECK(output.state == QUIRE_OUTPUT_UNNAMED || mode_of(TEMPORARY) == 0600);
        CHECK_OK(publish(0));
        CHECK_EQUAL(output.not_kept, 0);
        end_file();
        CHECK_EQUAL(mode_of(TARGET), modes[i]);
        CHECK(remove(TARGET) == 0);
    }
    write_file(TARGET, 10);
    CHECK(link(TARGET, "check_files.second") == 0);
    begin_file(flags);
    CHECK_OK(publish(0));
    CHECK_EQUAL(output.not_kept, QUIRE_NOT_KEPT_LINKS);
    end_file();
    CHECK(file_is_pattern("check_files.second", 10) && unlink("check_files.second") == 0
          && unlink(TARGET) == 0);
}

static void check_owner(void) {
    struct stat status;
    if (geteuid() != 0) {
        skip("files of others need the right to make them");
        return;
    }
    write_file(TARGET, 10);
    CHECK(chown(TARGET, 4001, 4002) == 0 && chmod(TARGET, 0640) == 0);
    begin_file(0);
    CHECK_OK(publish(0));
    CHECK_EQUAL(output.not_kept, 0);
    end_file();
    CHECK(stat(TARGET, &status) == 0 && status.st_uid == 4001 && status.st_gid == 4002);
    CHECK_EQUAL(mode_of(TARGET), 0640);
    CHECK(unlink(TARGET) == 0);
}

/* In a folder that everybody may write to: what another user owned cannot stay his, and nobody gets
 * more rights. */
static void replace_of_others(void) {
    struct stat status;
    drop_privileges();
    CHECK(chdir("check_files.shared") == 0);
    begin_file(0);
    CHECK_OK(publish(0));
    CHECK_EQUAL(output.not_kept, QUIRE_NOT_KEPT_OWNER | QUIRE_NOT_KEPT_GROUP | QUIRE_NOT_KEPT_MODE);
    end_file();
    CHECK(stat(TARGET, &status) == 0 && status.st_uid == geteuid());
    CHECK_EQUAL(mode_of(TARGET), 0600);
}

static void check_files_of_others(void) {
    if (geteuid() != 0) {
        return;
    }
    CHECK(mkdir("check_files.shared", 0700) == 0 && chmod("check_files.shared", 0777) == 0);
    write_file("check_files.shared/" TARGET, 10);
    CHECK(chmod("check_files.shared/" TARGET, 06660) == 0);
    CHECK_IN_CHILD(replace_of_others);
    CHECK(unlink("check_files.shared/" TARGET) == 0 && rmdir("check_files.shared") == 0);
}

/* ---- processes that end ---- */

static void die_with_a_file(void) {
    begin_file(0);
    _exit(output.state == QUIRE_OUTPUT_UNNAMED ? 0 : 1);
}

/* The lock goes with the process too. */
static void die_with_a_lock(void) {
    CHECK_OK(quire_output_open(TARGET, &output, &error));
}

static void check_ends(void) {
    CHECK_OK(quire_output_create(FOLDER, TEMPORARY, 1, 0, &output, &error));
    int is_unnamed = output.state == QUIRE_OUTPUT_UNNAMED;
    end_file();
    if (is_unnamed) {
        CHECK_IN_CHILD(die_with_a_file);
        CHECK_EQUAL(count_files(), 0);
    } else {
        skip("this file system has no files without a name");
    }
    write_file(TARGET, 10);
    CHECK_IN_CHILD(die_with_a_lock);
    CHECK_OK(quire_output_open(TARGET, &output, &error));
    FILE *reader = fopen(TARGET, "rb");
    CHECK(reader != NULL && fclose(reader) == 0);
    CHECK_CODE(quire_output_open(TARGET, &other, &error), QUIRE_E_FILE_BUSY);
    CHECK_OK(quire_output_close(&output, TEMPORARY, &error));
    CHECK(unlink(TARGET) == 0);
}

#endif

#if defined(__linux__)

static long set_attribute(const char *path, const char *name, const char *value) {
    return syscall(SYS_setxattr, path, name, value, strlen(value), 0);
}

static long get_attribute(const char *path, const char *name, char *value, long room) {
    return syscall(SYS_getxattr, path, name, value, room);
}

static void check_attributes(void) {
    char value[64] = {0};
    /* version 2: owner rw, user 4001 r, group r, mask r, others nothing */
    static const unsigned char list[] = {2,   0,   0,   0,   1,   0,   6,  0,   255, 255, 255,
                                         255, 2,   0,   4,   0,   161, 15, 0,   0,   4,   0,
                                         4,   0,   255, 255, 255, 255, 16, 0,   4,   0,   255,
                                         255, 255, 255, 32,  0,   0,   0,  255, 255, 255, 255};
    write_file(TARGET, 10);
    if (set_attribute(TARGET, "user.quire", "precious") != 0) {
        skip("this file system has no attributes");
        CHECK(unlink(TARGET) == 0);
        return;
    }
    int has_lists =
        syscall(SYS_setxattr, TARGET, "system.posix_acl_access", list, sizeof list, 0) == 0;
    begin_file(0);
    CHECK_OK(publish(0));
    CHECK_EQUAL(output.not_kept, 0);
    end_file();
    CHECK(get_attribute(TARGET, "user.quire", value, sizeof value) == 8
          && memcmp(value, "precious", 8) == 0);
    if (has_lists) {
        CHECK(get_attribute(TARGET, "system.posix_acl_access", value, sizeof value)
                  == (long)sizeof list
              && memcmp(value, list, sizeof list) == 0);
        CHECK_EQUAL(mode_of(TARGET), 0640);
    } else {
        skip("this file system has no access control lists");
    }
    CHECK(unlink(TARGET) == 0);
}

#define DISK "check_files.disk"

static long long free_on_disk(void) {
    struct statfs system;
    return CHECK(statfs(DISK, &system) == 0)
               ? (long long)system.f_bavail * (long long)system.f_bsize
               : -1;
}

/* What is refused has taken nothing: the limit is what was free. */
static void check_on_small(void) {
    quire_region region;
    const int32_t flags = QUIRE_CREATE | QUIRE_EXTEND;
    long long before = free_on_disk();
    CHECK_CODE(quire_output_create(DISK, DISK "/t", 64 << 20, 0, &output, &error),
               QUIRE_E_NO_SPACE);
    CHECK_EQUAL(error.limit, before);
    CHECK_CODE(quire_output_create(DISK, DISK "/t", 64 << 20, QUIRE_OUTPUT_NAMED, &output, &error),
               QUIRE_E_NO_SPACE);
    CHECK_CODE(map_file(DISK "/m", 0, 64 << 20, QUIRE_READ_WRITE, flags, &region, &error),
               QUIRE_E_NO_SPACE);
    CHECK_EQUAL(error.limit, before);
    CHECK_EQUAL(error.os_number, 0);
    write_file(DISK "/m", 5000);
    before = free_on_disk();
    CHECK_CODE(quire_preallocate(DISK "/m", 64 << 20, &error), QUIRE_E_NO_SPACE);
    CHECK_EQUAL(error.limit, before);
    CHECK_OK(map_file(DISK "/m", 0, -1, QUIRE_READ_WRITE, 0, &region, &error));
    CHECK_CODE(quire_resize(&region, DISK "/m", 64 << 20, 0, &error), QUIRE_E_NO_SPACE);
    CHECK_EQUAL(error.limit, before);
    unmap(&region);
    CHECK_OK(quire_output_open(DISK "/m", &output, &error));
    CHECK_CODE(quire_output_extend(&output, 64 << 20, address_of(content), 5, &error),
               QUIRE_E_NO_SPACE);
    CHECK_EQUAL(error.limit, before);
    CHECK_OK(quire_output_close(&output, "", &error));
    CHECK_EQUAL(free_on_disk(), before);
    CHECK(file_is_pattern(DISK "/m", 5000) && unlink(DISK "/m") == 0);
}

static void check_small(void) {
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0
        || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("quire", DISK, "tmpfs", 0, "size=1m") != 0) {
        skip("a full disk needs the right to mount one");
        return;
    }
    check_on_small();
    CHECK(umount(DISK) == 0);
}

#endif

int main(void) {
    make_content();
    check_new(0);
    check_new(QUIRE_OUTPUT_NAMED);
    check_refusals();
    check_growing();
    check_no_room();
#if !defined(_WIN32)
    check_kinds();
    check_planted();
    check_kept(0);
    check_kept(QUIRE_OUTPUT_NAMED);
    check_owner();
    check_files_of_others();
    check_ends();
#endif
#if defined(__linux__)
    check_attributes();
    CHECK(mkdir(DISK, 0700) == 0);
    CHECK_IN_CHILD(check_small);
    CHECK(rmdir(DISK) == 0);
#endif
    return summary("check_files");
}

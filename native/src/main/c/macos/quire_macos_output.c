/* quire_macos_output.c - macOS: its calls for files that are written. */
#if defined(__APPLE__)

#include "quire_posix.h"

#include <copyfile.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/param.h>
#include <unistd.h>

static int answer_of(int result) {
    return result < 0 ? errno == ENOTSUP ? EOPNOTSUPP : errno : 0;
}

long long sys_free_bytes(int descriptor) {
    struct statfs system;
    if (sys_is_in_memory(descriptor) || fstatfs(descriptor, &system) != 0 || system.f_blocks == 0) {
        return -1;
    }
    unsigned long long blocks = system.f_bavail;
    return blocks > (1ULL << 62) / system.f_bsize ? -1 : (long long)(blocks * system.f_bsize);
}

/* macOS has no files without a name that could get one. */
int sys_unnamed_create(const char *folder) {
    (void)folder;
    return -EOPNOTSUPP;
}

int sys_name(int descriptor, const char *path) {
    (void)descriptor;
    (void)path;
    return EOPNOTSUPP;
}

int sys_link_stat(const char *path, struct stat *status) {
    return answer_of(lstat(path, status));
}

/* Belongs to the descriptor, unlike what fcntl offers here. */
int sys_lock_file(int descriptor) {
    int number = answer_of(flock(descriptor, LOCK_EX | LOCK_NB));
    return number == EWOULDBLOCK ? EAGAIN : number;
}

int sys_reserve(int descriptor, long long size, long long length) {
    fstore_t wanted = {
        .fst_flags = F_ALLOCATEALL,
        .fst_posmode = F_PEOFPOSMODE,
        .fst_length = (off_t)(length - size),
    };
    return answer_of(fcntl(descriptor, F_PREALLOCATE, &wanted));
}

int sys_sync_data(int descriptor) {
    return sys_sync_device(descriptor);
}

int sys_sync_all(int descriptor) {
    return sys_sync_device(descriptor);
}

int sys_sync_names(const char *folder, int descriptor) {
    int opened;
    do {
        opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } while (opened < 0 && errno == EINTR);
    if (opened < 0) { /* a folder that may be written to and not be read */
        return sys_sync_device(descriptor);
    }
    int number = answer_of(fsync(opened));
    close(opened);
    return number;
}

int sys_copy_attributes(int descriptor, const char *path) {
    int old = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (old < 0) {
        return 0;
    }
    int complete = fcopyfile(old, descriptor, NULL, COPYFILE_ACL | COPYFILE_XATTR) == 0;
    close(old);
    return complete;
}

#endif

/* quire_linux_output.c - Linux: its calls for files that are written. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of the kernel's interface, for C libraries that are older than they are. */
enum { LOCK_OF_DESCRIPTOR = 37 /* F_OFD_SETLK, Linux 3.15 */ };
enum { KEEP_SIZE = 1 };
enum { FLOCK_EXCLUSIVE = 2, FLOCK_AT_ONCE = 4 };

/* The most that the kernel gives for one attribute, and for the list of their names:
 * XATTR_SIZE_MAX, XATTR_LIST_MAX. */
#define ATTRIBUTE_BYTES ((size_t)65536)

/* "/proc/self/fd/" and a number. */
#define LINK_BYTES 40

static void name_of_descriptor(int descriptor, char *name) {
    (void)snprintf(name, LINK_BYTES, "/proc/self/fd/%d", descriptor);
}

static int answer_of(long result) {
    return result < 0 ? errno : 0;
}

/* The number that a call ends with which no signal cuts short. */
#define REPEATED(number, call) \
    do { \
        (number) = answer_of(call); \
    } while ((number) == EINTR)

/* Free blocks are counted in fragments where the file system knows them; one that knows no size is
 * unlimited. */
long long sys_free_bytes(int descriptor) {
    struct statfs system;
    if (fstatfs(descriptor, &system) != 0 || system.f_blocks == 0) {
        return -1;
    }
    unsigned long long unit =
        (unsigned long long)(system.f_frsize != 0 ? system.f_frsize : system.f_bsize);
    unsigned long long blocks = system.f_bavail;
    return unit == 0 || blocks > (1ULL << 62) / unit ? -1 : (long long)(blocks * unit);
}

/* Without /proc it could never get a name. EISDIR and EINVAL are what kernels and file systems say
 * that do not know the flag. */
int sys_unnamed_create(const char *folder) {
    int descriptor;
    do {
        descriptor = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        return errno == EISDIR || errno == EINVAL || errno == ENOSYS ? -EOPNOTSUPP : -errno;
    }
    char name[LINK_BYTES];
    struct stat here;
    struct stat there;
    name_of_descriptor(descriptor, name);
    if (sys_fstat(descriptor, &here) == 0 && sys_stat(name, &there) == 0
        && here.st_ino == there.st_ino && here.st_dev == there.st_dev) {
        return descriptor;
    }
    close(descriptor);
    return -EOPNOTSUPP;
}

int sys_name(int descriptor, const char *path) {
    char name[LINK_BYTES];
    name_of_descriptor(descriptor, name);
    return answer_of(linkat(AT_FDCWD, name, AT_FDCWD, path, AT_SYMLINK_FOLLOW));
}

int sys_link_stat(const char *path, struct stat *status) {
    return answer_of(syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW));
}

int sys_lock_file(int descriptor) {
    struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int number;
    REPEATED(number, fcntl(descriptor, LOCK_OF_DESCRIPTOR, &whole));
    if (number == EINVAL) {
        REPEATED(number, syscall(SYS_flock, descriptor, FLOCK_EXCLUSIVE | FLOCK_AT_ONCE));
    }
    return number;
}

int sys_reserve(int descriptor, long long size, long long length) {
    long result;
    do {
        result = fallocate(descriptor, KEEP_SIZE, (off_t)size, (off_t)(length - size));
    } while (result != 0 && errno == EINTR);
    return answer_of(result);
}

int sys_sync_data(int descriptor) {
    int number;
    REPEATED(number, fdatasync(descriptor));
    return number;
}

int sys_sync_all(int descriptor) {
    int number;
    REPEATED(number, fsync(descriptor));
    return number;
}

int sys_sync_names(const char *folder, int descriptor) {
    int opened;
    int number;
    do {
        opened = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    } while (opened < 0 && errno == EINTR);
    if (opened < 0) { /* a folder that may be written to and not be read */
        REPEATED(number, syscall(SYS_syncfs, descriptor));
        return number;
    }
    REPEATED(number, fsync(opened));
    close(opened);
    return number == EINVAL || number == EROFS
               ? 0
               : number; /* a file system that keeps no names on a device */
}

/* ---- attributes ---- */

/* What a new file has from its folder, and the old one has not. */
static int drop_access_list(int descriptor, const char *path) {
    const char *name = "system.posix_acl_access";
    char value[1];
    if (syscall(SYS_lgetxattr, path, name, value, 0) >= 0 || errno != ENODATA) {
        return 1;
    }
    return syscall(SYS_fremovexattr, descriptor, name) == 0 || errno == ENODATA
           || errno == EOPNOTSUPP;
}

/* value and held: room for ATTRIBUTE_BYTES each. What it has already need not be set, which may be
 * denied. */
static int copy_attribute(int descriptor, const char *path, const char *name, char *value,
                          char *held) {
    long length = syscall(SYS_lgetxattr, path, name, value, ATTRIBUTE_BYTES);
    if (length < 0) {
        return errno == ENODATA;
    }
    long same = syscall(SYS_fgetxattr, descriptor, name, held, ATTRIBUTE_BYTES);
    if (same == length && memcmp(value, held, (size_t)length) == 0) {
        return 1;
    }
    return syscall(SYS_fsetxattr, descriptor, name, value, length, 0) == 0;
}

int sys_copy_attributes(int descriptor, const char *path) {
    int complete = drop_access_list(descriptor, path);
    long bytes = syscall(SYS_llistxattr, path, NULL, 0);
    if (bytes <= 0) {
        return complete && (bytes == 0 || errno == EOPNOTSUPP || errno == ENOSYS);
    }
    char *names =
        mmap(NULL, 3 * ATTRIBUTE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (names == MAP_FAILED) {
        return 0;
    }
    bytes = syscall(SYS_llistxattr, path, names, ATTRIBUTE_BYTES);
    complete = complete && bytes >= 0;
    for (long at = 0; at < bytes; at += (long)strlen(names + at) + 1) {
        complete &= copy_attribute(descriptor, path, names + at, names + ATTRIBUTE_BYTES,
                                   names + 2 * ATTRIBUTE_BYTES);
    }
    munmap(names, 3 * ATTRIBUTE_BYTES);
    return complete;
}

#endif

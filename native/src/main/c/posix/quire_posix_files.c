/* quire_posix_files.c - POSIX: numbers, opening files, their identity, size and blocks. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Somebody may delete and create a file again and again between two calls; also ends at a link that
 * leads nowhere. */
#define CREATE_ATTEMPTS 16

/* Big enough for pwrite to run at the device's speed. */
#define ZEROES_BYTES 65536

/* ---- numbers ---- */

/* number, the code it means where the call does not give it another meaning */
#define NUMBERS \
    NUMBER(EPERM, ACCESS_DENIED) \
    NUMBER(ENOENT, NOT_FOUND) \
    NUMBER(ESRCH, NOT_FOUND) \
    NUMBER(EINTR, INTERRUPTED) \
    NUMBER(EIO, IO_ERROR) \
    NUMBER(ENXIO, NOT_MAPPABLE) \
    NUMBER(EBADF, INVALID_ARGUMENT) \
    NUMBER(EAGAIN, FILE_BUSY) \
    NUMBER(ENOMEM, NO_MEMORY) \
    NUMBER(EACCES, ACCESS_DENIED) \
    NUMBER(EFAULT, FAULT) \
    NUMBER(EBUSY, FILE_BUSY) \
    NUMBER(EEXIST, EXISTS) \
    NUMBER(ENODEV, NOT_MAPPABLE) \
    NUMBER(ENOTDIR, NOT_FOUND) \
    NUMBER(EISDIR, IS_DIRECTORY) \
    NUMBER(EINVAL, INVALID_ARGUMENT) \
    NUMBER(ENFILE, HANDLE_LIMIT) \
    NUMBER(EMFILE, HANDLE_LIMIT) \
    NUMBER(ETXTBSY, FILE_BUSY) \
    NUMBER(EFBIG, FILE_TOO_LARGE) \
    NUMBER(ENOSPC, NO_SPACE) \
    NUMBER(ESPIPE, NOT_MAPPABLE) \
    NUMBER(EROFS, READ_ONLY_FILE_SYSTEM) \
    NUMBER(EDEADLK, FILE_BUSY) \
    NUMBER(ENAMETOOLONG, PATH_TOO_LONG) \
    NUMBER(ENOLCK, NO_MEMORY) \
    NUMBER(ENOSYS, UNSUPPORTED) \
    NUMBER(ELOOP, NOT_FOUND) \
    NUMBER(ENOBUFS, NO_MEMORY) \
    NUMBER(EOVERFLOW, FILE_TOO_LARGE) \
    NUMBER(EOPNOTSUPP, UNSUPPORTED) \
    NUMBER(ETIMEDOUT, TIMED_OUT) \
    NUMBER(ESTALE, FILE_REPLACED) \
    NUMBER(EDQUOT, NO_SPACE) \
    NUMBER(EBADMSG, IO_ERROR) \
    NUMBER(ECANCELED, INTERRUPTED) \
    NUMBER(EPIPE, IO_ERROR) \
    NUMBER(EXDEV, UNKNOWN) \
    NUMBER(EMLINK, UNKNOWN) \
    NUMBER(ENOTTY, UNKNOWN) \
    NUMBER(ENOTEMPTY, UNKNOWN) \
    NUMBER(ECHILD, UNKNOWN) \
    NUMBER(E2BIG, UNKNOWN) \
    NUMBER(ENOEXEC, UNKNOWN) \
    NUMBER(EDOM, UNKNOWN) \
    NUMBER(ERANGE, UNKNOWN) \
    NUMBER(EILSEQ, UNKNOWN) \
    NUMBER(EPROTO, UNKNOWN)

const char *os_number_name(int32_t os_number) {
#define NUMBER(number, code) \
    case number: \
        return #number;
    switch (os_number) {
        NUMBERS
    default:
        return sys_number_name(os_number);
    }
#undef NUMBER
}

static int32_t code_of(int32_t call, int number) {
    int locks = call == CALL_LOCK || call == CALL_MAP || call == CALL_REMAP;
    int changes =
        call != CALL_OPEN && call != CALL_SHM_OPEN && call != CALL_SHM_UNLINK
            && call != CALL_UNLINK;
    if (number == EAGAIN && locks) {
        return QUIRE_E_LOCK_LIMIT;
    }
    if (number == EPERM && changes) {
        return call == CALL_LOCK ? QUIRE_E_LOCK_LIMIT : QUIRE_E_SEALED;
    }
#define NUMBER(name, code) \
    case name: \
        return QUIRE_E_##code;
    switch (number) {
        NUMBERS
    default:
        return QUIRE_E_UNKNOWN;
    }
#undef NUMBER
}

static long long finite(rlim_t value) {
    return value == RLIM_INFINITY || value > LLONG_MAX ? -1 : (long long)value;
}

#define LIMIT(name, resource) \
    long long name(void) { \
        struct rlimit limit; \
        return getrlimit(resource, &limit) == 0 ? finite(limit.rlim_cur) : -1; \
    }
LIMIT(qi_lock_limit, RLIMIT_MEMLOCK)
LIMIT(qi_address_limit, RLIMIT_AS)
LIMIT(qi_descriptor_limit, RLIMIT_NOFILE)
LIMIT(qi_file_limit, RLIMIT_FSIZE)
#undef LIMIT

int32_t qi_refuse(quire_error *error, int32_t call, int number) {
    int32_t code = code_of(call, number);
    long long limit = -1;
    if (code == QUIRE_E_LOCK_LIMIT) {
        limit = qi_lock_limit();
    } else if (number == EMFILE) {
        limit = qi_descriptor_limit();
    }
    return qi_fail(error, code, call, number, limit);
}

/* ---- opening ---- */

static int open_path(const char *path, int access) {
    int descriptor;
    do {
        descriptor = open(path, access | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0666);
    } while (descriptor < 0 && errno == EINTR);
    return descriptor;
}

static int open_or_create(const char *path, int access, int32_t flags, file *opened) {
    if ((flags & (QUIRE_CREATE | QUIRE_CREATE_NEW)) == 0) {
        return open_path(path, access);
    }
    int descriptor = -1;
    for (int attempt = 0; attempt < CREATE_ATTEMPTS; attempt++) {
        if ((flags & QUIRE_CREATE_NEW) == 0) {
            descriptor = open_path(path, access);
            if (descriptor >= 0 || errno != ENOENT) {
                return descriptor;
            }
        }
        descriptor = open_path(path, access | O_CREAT | O_EXCL);
        opened->created = descriptor >= 0;
        if (descriptor >= 0 || errno != EEXIST || (flags & QUIRE_CREATE_NEW) != 0) {
            return descriptor;
        }
    }
    errno = ENOENT;
    return descriptor;
}

int32_t qi_open_file(const char *path, int access, int32_t flags, file *opened,
                     quire_error *error) {
    *opened = (file){.descriptor = -1};
    int follow = (flags & QUIRE_NO_FOLLOW) != 0 ? O_NOFOLLOW : 0;
    int descriptor = open_or_create(path, access | follow, flags, opened);
    if (descriptor < 0) {
        return errno == ELOOP && follow
               ? qi_fail(error, QUIRE_E_SYMBOLIC_LINK, CALL_OPEN, ELOOP, -1)
                   : qi_refuse(error, CALL_OPEN, errno);
    }
    opened->descriptor = descriptor;
    int number = sys_fstat(descriptor, &opened->status);
    if (number == 0 && S_ISREG(opened->status.st_mode)) {
        return QUIRE_OK;
    }
    qi_close_file(opened);
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    int32_t code = S_ISDIR(opened->status.st_mode) ? QUIRE_E_IS_DIRECTORY : QUIRE_E_NOT_MAPPABLE;
    return qi_fail(error, code, CALL_OPEN, 0, -1);
}

static int is_the_file(const quire_region *region, const struct stat *status) {
    return (long long)status->st_dev == region->file_device
           && (long long)status->st_ino == region->file_number;
}

int32_t qi_open_again(const quire_region *region, const char *path, int access, file *opened,
                   quire_error *error) {
    if (region->handle != -1) {
        *opened = (file){.descriptor = (int)region->handle, .kept = 1};
        int number = sys_fstat(opened->descriptor, &opened->status);
        return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_STAT, number);
    }
    int32_t code = qi_open_file(path, access, 0, opened, error);
    if (code == QUIRE_OK && !is_the_file(region, &opened->status)) {
        qi_close_file(opened);
        return qi_fail(error, QUIRE_E_FILE_REPLACED, CALL_OPEN, 0, -1);
    }
    return code;
}

void qi_close_file(const file *opened) {
    if (!opened->kept && opened->descriptor >= 0) {
        close(opened->descriptor);
    }
}

long long os_size_now(const quire_region *region, const char *path) {
    struct stat status;
    if (region->handle != -1) {
        return sys_fstat((int)region->handle, &status) == 0 ? (long long)status.st_size : -1;
    }
    return sys_stat(path, &status) == 0 && is_the_file(region, &status) ? (long long)status.st_size
           : -1;
}

/* ---- status ---- */

static void fill_status(const struct stat *from, quire_file_status *status) {
    status->device = (long long)from->st_dev;
    status->number = (long long)from->st_ino;
    status->size = (long long)from->st_size;
    /* st_blocks has this unit on every system */
    status->allocated = (long long)from->st_blocks * 512;
    status->modified_nanos = sys_modified_nanos(from);
    status->kind = S_ISREG(from->st_mode)   ? QUIRE_FILE_REGULAR
                   : S_ISDIR(from->st_mode) ? QUIRE_FILE_DIRECTORY
                                            : QUIRE_FILE_OTHER;
}

int32_t os_query_file(const char *path, quire_file_status *status, quire_error *error) {
    struct stat found;
    int number = sys_stat(path, &found);
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    fill_status(&found, status);
    return QUIRE_OK;
}

int32_t os_query_handle(const quire_region *region, quire_file_status *status, quire_error *error) {
    struct stat found;
    int number = sys_fstat((int)region->handle, &found);
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    fill_status(&found, status);
    return QUIRE_OK;
}

/* ---- size and blocks ---- */

int qi_set_size(int descriptor, long long length) {
    while (ftruncate(descriptor, (off_t)length) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

int qi_write_zeroes(int descriptor, long long from, long long to) {
    static char zeroes[ZEROES_BYTES]; /* not const: so the library's file does not hold them */
    while (from < to) {
        long long part = to - from < ZEROES_BYTES ? to - from : ZEROES_BYTES;
        ssize_t written = pwrite(descriptor, zeroes, (size_t)part, (off_t)from);
        if (written < 0 && errno != EINTR) {
            return errno;
        }
        from += written > 0 ? written : 0;
    }
    return 0;
}

int32_t qi_check_file_limit(const file *opened, long long length, quire_error *error) {
    long long limit = qi_file_limit();
    if (limit >= 0 && length > limit && length > (long long)opened->status.st_size) {
        return qi_fail(error, QUIRE_E_FILE_TOO_LARGE, CALL_NONE, 0, limit);
    }
    return QUIRE_OK;
}

int32_t qi_check_room(int descriptor, long long bytes, quire_error *error) {
    long long left = bytes > 0 ? sys_free_bytes(descriptor) : -1;
    return left >= 0 && bytes > left ? qi_fail(error, QUIRE_E_NO_SPACE, CALL_NONE, 0, left)
           : QUIRE_OK;
}

/* A file without holes needs blocks only where it grows, which every file system can give it. */
static int give_blocks(const file *opened, long long from, long long length) {
    long long size = (long long)opened->status.st_size;
    int is_whole = (long long)opened->status.st_blocks * 512 >= size;
    int number = sys_allocate(opened->descriptor, from, size, length);
    if (number == EOPNOTSUPP && from < size && is_whole) {
        from = size;
        number = length > size ? sys_allocate(opened->descriptor, size, size, length) : 0;
    }
    return number == EOPNOTSUPP && from == size ? qi_write_zeroes(opened->descriptor, size, length)
           : number;
}

int32_t qi_reserve_blocks(int descriptor, long long wanted, long long *bytes, quire_error *error) {
    *bytes = 0;
    if (wanted <= 0 || !sys_is_in_memory(descriptor) || !qi_must_check_memory(wanted)) {
        return QUIRE_OK;
    }
    int32_t code = qi_reserve_memory(wanted, error);
    *bytes = code == QUIRE_OK ? wanted : 0;
    return code;
}

static int32_t take_blocks(const file *opened, long long from, long long length,
                           quire_error *error) {
    int number = give_blocks(opened, from, length);
    if (number == 0) {
        return QUIRE_OK;
    }
    if (length > (long long)opened->status.st_size) {
        qi_set_size(opened->descriptor, (long long)opened->status.st_size);
    }
    return qi_refuse(error, CALL_ALLOCATE, number);
}

/* Gives blocks from an offset on; on failure the size is what it was. */
static int32_t allocate(const file *opened, long long from, long long length, quire_error *error) {
    long long held = from == 0 ? (long long)opened->status.st_blocks * 512 : from;
    long long memory;
    if (qi_reserve_blocks(opened->descriptor, length - held, &memory, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = qi_check_room(opened->descriptor, length - held, error);
    if (code == QUIRE_OK) {
        code = take_blocks(opened, from, length, error);
    }
    qi_release_memory(memory);
    return code;
}

int32_t qi_grow_file(const file *opened, long long length, int sparse, quire_error *error) {
    if (qi_check_file_limit(opened, length, error) != QUIRE_OK) {
        return error->code;
    }
    if (!sparse) {
        return allocate(opened, (long long)opened->status.st_size, length, error);
    }
    int number = qi_set_size(opened->descriptor, length);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_TRUNCATE, number);
}

int32_t os_preallocate(const char *path, long long length, quire_error *error) {
    file opened;
    if (qi_open_file(path, O_RDWR, 0, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = qi_check_file_limit(&opened, length, error);
    if (code == QUIRE_OK && length > 0) {
        code = allocate(&opened, 0, length, error);
    }
    qi_close_file(&opened);
    return code;
}

#endif

/* quire_posix_output.c - POSIX: files that are written. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* Somebody may replace or remove a file again and again between two calls. */
#define ATTEMPTS 16

/* What the permission bits of a file can be. */
#define MODE_BITS 07777

static int is_same(const struct stat *one, const struct stat *other) {
    return one->st_dev == other->st_dev && one->st_ino == other->st_ino;
}

static int32_t refuse_kind(const struct stat *found, quire_error *error) {
    int32_t code = S_ISDIR(found->st_mode)   ? QUIRE_E_IS_DIRECTORY
                   : S_ISLNK(found->st_mode) ? QUIRE_E_SYMBOLIC_LINK
                                             : QUIRE_E_NOT_MAPPABLE;
    return qi_fail(error, code, CALL_STAT, 0, -1);
}

/* EAGAIN is what a lock of somebody else gives. */
static int32_t refuse_lock(int number, quire_error *error) {
    return number == EAGAIN || number == EACCES
               ? qi_fail(error, QUIRE_E_FILE_BUSY, CALL_LOCK_FILE, number, -1)
               : qi_refuse(error, CALL_LOCK_FILE, number);
}

static void fill(quire_output *output, const file *opened, int32_t state) {
    output->handle = opened->descriptor;
    output->device = (long long)opened->status.st_dev;
    output->number = (long long)opened->status.st_ino;
    output->state = state;
}

/* ---- making and opening ---- */

/* The lock tells others that somebody is at work on it; where files cannot be locked nobody can ask
 * for it either. Somebody who cleans up may have been faster: the name is as good as taken then. */
static int create_named(const char *temporary, int32_t flags) {
    mode_t mode = (flags & QUIRE_OUTPUT_PRIVATE) != 0 ? 0600 : 0666;
    int descriptor;
    struct stat made;
    do {
        descriptor = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        return -errno;
    }
    int number = sys_lock_file(descriptor);
    if (number == EAGAIN || number == EACCES || sys_fstat(descriptor, &made) != 0
        || made.st_nlink == 0) {
        close(descriptor);
        return -EEXIST;
    }
    return descriptor;
}

int32_t os_output_create(const char *folder, const char *temporary, long long length, int32_t flags,
                         quire_output *output, quire_error *error) {
    int32_t state = QUIRE_OUTPUT_UNNAMED;
    int descriptor = (flags & QUIRE_OUTPUT_NAMED) != 0 ? -EOPNOTSUPP : sys_unnamed_create(folder);
    if (descriptor == -EOPNOTSUPP) {
        state = QUIRE_OUTPUT_TEMPORARY;
        descriptor = create_named(temporary, flags);
    }
    if (descriptor < 0) {
        return qi_refuse(error, CALL_OPEN, -descriptor);
    }
    file opened = {.descriptor = descriptor};
    int number = sys_fstat(descriptor, &opened.status);
    int32_t code = number != 0 ? qi_refuse(error, CALL_STAT, number) : QUIRE_OK;
    if (code == QUIRE_OK && length > 0) {
        code = qi_grow_file(&opened, length, 0, error);
    }
    if (code == QUIRE_OK) {
        fill(output, &opened, state);
        return QUIRE_OK;
    }
    if (state == QUIRE_OUTPUT_TEMPORARY) {
        unlink(temporary);
    }
    qi_close_file(&opened);
    return code;
}

/* Locks what the path names then: another file may have got the name before the lock was there. */
int32_t os_output_open(const char *path, quire_output *output, quire_error *error) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        file opened;
        if (qi_open_file(path, O_RDWR, QUIRE_NO_FOLLOW, &opened, error) != QUIRE_OK) {
            return error->code;
        }
        int number = sys_lock_file(opened.descriptor);
        if (number != 0) {
            qi_close_file(&opened);
            return refuse_lock(number, error);
        }
        struct stat named;
        if (sys_link_stat(path, &named) == 0 && is_same(&named, &opened.status)) {
            fill(output, &opened, QUIRE_OUTPUT_OPENED);
            return QUIRE_OK;
        }
        qi_close_file(&opened);
    }
    return qi_fail(error, QUIRE_E_FILE_REPLACED, CALL_OPEN, 0, -1);
}

/* ---- bytes ---- */

int32_t os_output_write(const quire_output *output, long long offset, const char *bytes,
                        long long length, quire_error *error) {
    for (long long done = 0; done < length;) {
        ssize_t put = pwrite((int)output->handle, bytes + done, (size_t)(length - done),
                             (off_t)(offset + done));
        if (put < 0 && errno != EINTR) {
            return qi_refuse(error, CALL_WRITE, errno);
        }
        done += put > 0 ? put : 0;
    }
    return QUIRE_OK;
}

/* ---- size ---- */

/* Blocks that were reserved behind the end go with the old size too. */
static int32_t take_back(const file *opened, int32_t code) {
    qi_set_size(opened->descriptor, (long long)opened->status.st_size);
    return code;
}

int32_t os_output_extend(const quire_output *output, long long length, const char *tail,
                         long long tail_length, quire_error *error) {
    file opened = {.descriptor = (int)output->handle, .kept = 1};
    int number = sys_fstat(opened.descriptor, &opened.status);
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    long long size = (long long)opened.status.st_size;
    if (length + tail_length < size) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, size);
    }
    if (qi_check_file_limit(&opened, length + tail_length, error) != QUIRE_OK
        || qi_check_room(opened.descriptor, length + tail_length - size, error) != QUIRE_OK) {
        return error->code;
    }
    long long memory;
    if (qi_reserve_blocks(opened.descriptor, length + tail_length - size, &memory,
                          error) != QUIRE_OK) {
        return error->code;
    }
    int reserved = sys_reserve(opened.descriptor, size, length + tail_length);
    qi_release_memory(memory);
    if (reserved != 0 && reserved != EOPNOTSUPP) {
        return take_back(&opened, qi_refuse(error, CALL_ALLOCATE, reserved));
    }
    if (os_output_write(output, length, tail, tail_length, error) != QUIRE_OK) {
        return take_back(&opened, error->code);
    }
    number = reserved == 0 || length <= size ? 0
             : qi_write_zeroes(opened.descriptor, size, length);
    return number == 0 ? QUIRE_OK : take_back(&opened, qi_refuse(error, CALL_WRITE, number));
}

int32_t os_output_cut(const quire_output *output, long long length, quire_error *error) {
    struct stat status;
    int number = sys_fstat((int)output->handle, &status);
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    if (length > (long long)status.st_size) {
        return qi_fail(error, QUIRE_E_FILE_TOO_SHORT, CALL_NONE, 0, (long long)status.st_size);
    }
    number = qi_set_size((int)output->handle, length);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_TRUNCATE, number);
}

int32_t os_output_sync(const quire_output *output, int32_t all, quire_error *error) {
    int number = all ? sys_sync_all((int)output->handle) : sys_sync_data((int)output->handle);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SYNC_FILE, number);
}

/* ---- names ---- */

/* Nobody gets more rights than before: a group that is another one has those of all others. */
static mode_t mode_for(const struct stat *old, int32_t lost) {
    mode_t mode = old->st_mode & MODE_BITS;
    if ((lost & QUIRE_NOT_KEPT_OWNER) != 0) {
        mode &= (mode_t)~S_ISUID;
    }
    if ((lost & QUIRE_NOT_KEPT_GROUP) != 0) {
        mode &= (mode_t) ~(S_ISGID | (~((mode & 7) << 3) & 070));
    }
    return mode;
}

/* Owner first: changing it takes set-user-ID bits away. The list of access rights before the mode,
 * which it sets. */
static int32_t take_over(int descriptor, const char *target, const struct stat *old) {
    struct stat now;
    int32_t lost = old->st_nlink > 1 ? QUIRE_NOT_KEPT_LINKS : 0;
    int is_known = sys_fstat(descriptor, &now) == 0;
    if (!is_known || now.st_uid != old->st_uid) {
        lost |= fchown(descriptor, old->st_uid, (gid_t)-1) == 0 ? 0 : QUIRE_NOT_KEPT_OWNER;
    }
    if (!is_known || now.st_gid != old->st_gid) {
        lost |= fchown(descriptor, (uid_t)-1, old->st_gid) == 0 ? 0 : QUIRE_NOT_KEPT_GROUP;
    }
    lost |= sys_copy_attributes(descriptor, target) ? 0 : QUIRE_NOT_KEPT_ATTRIBUTES;
    mode_t mode = mode_for(old, lost);
    int is_set = fchmod(descriptor, mode) == 0;
    return is_set && mode == (old->st_mode & MODE_BITS) ? lost : lost | QUIRE_NOT_KEPT_MODE;
}

static int rename_to(const char *from, const char *to) {
    return rename(from, to) == 0 ? 0 : errno;
}

/* Replaces what is there: the file has the temporary name for a moment if it had none. */
static int32_t replace(quire_output *output, const char *temporary, const char *target,
                       quire_error *error) {
    if (output->state == QUIRE_OUTPUT_UNNAMED) {
        int number = sys_name((int)output->handle, temporary);
        if (number != 0) {
            return qi_refuse(error, CALL_LINK, number);
        }
        output->state = QUIRE_OUTPUT_TEMPORARY;
    }
    int number = rename_to(temporary, target);
    if (number != 0) {
        return qi_refuse(error, CALL_RENAME, number);
    }
    output->state = QUIRE_OUTPUT_PUBLISHED;
    return QUIRE_OK;
}

/* Takes a name that is free: 0, EEXIST or another errno. File systems without hard links can only
 * rename. */
static int take_name(quire_output *output, const char *temporary, const char *target) {
    if (output->state == QUIRE_OUTPUT_UNNAMED) {
        int number = sys_name((int)output->handle, target);
        output->state = number == 0 ? QUIRE_OUTPUT_PUBLISHED : output->state;
        return number;
    }
    if (link(temporary, target) == 0) {
        unlink(temporary);
    } else if (errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK) {
        int number = rename_to(temporary, target);
        if (number != 0) {
            return number;
        }
    } else {
        return errno;
    }
    output->state = QUIRE_OUTPUT_PUBLISHED;
    return 0;
}

/* One attempt; *again is set if the target came or went meanwhile. */
static int32_t publish(quire_output *output, const char *temporary, const char *target,
                       int32_t flags, int *again, quire_error *error) {
    struct stat old;
    int number = sys_link_stat(target, &old);
    if (number == ENOENT) {
        number = take_name(output, temporary, target);
        *again = number == EEXIST;
        return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_LINK, number);
    }
    if (number != 0) {
        return qi_refuse(error, CALL_STAT, number);
    }
    if (!S_ISREG(old.st_mode)) {
        return refuse_kind(&old, error);
    }
    if ((flags & QUIRE_OUTPUT_NEW) != 0) {
        return qi_fail(error, QUIRE_E_EXISTS, CALL_STAT, 0, -1);
    }
    output->not_kept = take_over((int)output->handle, target, &old);
    return os_output_sync(output, 1, error) == QUIRE_OK ? replace(output, temporary, target, error)
                                                        : error->code;
}

int32_t os_output_publish(quire_output *output, const char *folder, const char *temporary,
                          const char *target, int32_t flags, quire_error *error) {
    if (os_output_sync(output, 1, error) != QUIRE_OK) {
        return error->code;
    }
    int again = 1;
    for (int attempt = 0; again && attempt < ATTEMPTS; attempt++) {
        again = 0;
        *error = (quire_error){.code = QUIRE_OK};
        publish(output, temporary, target, flags, &again, error);
    }
    if (error->code != QUIRE_OK) {
        return error->code;
    }
    int number = sys_sync_names(folder, (int)output->handle);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SYNC_FILE, number);
}

int32_t os_output_close(const quire_output *output, const char *temporary, quire_error *error) {
    int32_t code = QUIRE_OK;
    if (output->state == QUIRE_OUTPUT_TEMPORARY && unlink(temporary) != 0 && errno != ENOENT) {
        code = qi_refuse(error, CALL_UNLINK, errno);
    }
    if (close((int)output->handle) != 0 && errno != EINTR && code == QUIRE_OK) {
        code = qi_refuse(error, CALL_CLOSE, errno);
    }
    return code;
}

#endif

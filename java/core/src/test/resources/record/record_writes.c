/*
 * record_writes.c - records, for CrashStateTest, what a process does to the files of one folder.
 *
 * Preloaded. QUIRE_RECORD_FOLDER is the folder, and QUIRE_RECORD_LOG where the record goes: a file
 * "log" with a line an event, and a file for each content that one of the files had. The content of
 * every file that the process has opened is looked at after each call, so stores through mappings
 * are seen at the next call. With QUIRE_RECORD_NAMED in the environment no file is made without a
 * name, as on file systems that cannot.
 *
 *   content INODE NUMBER      the file's bytes are those of the file NUMBER of the log's folder
 *   entry NAME INODE          the name is there
 *   rename FROM TO            replaces what TO was
 *   unlink NAME
 *   sync INODE FROM TO        these bytes, and the size, are on the device; TO is -1: all
 *   syncnames                 so are the names of the folder
 *   mark TEXT                 said by the process: it makes the folder LOG/mark-TEXT
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 256
#define REAL(name) ((__typeof__(&name))real(#name))

typedef struct seen_file {
    ino_t inode;
    int descriptor;
    char *content; /* as it was recorded last */
    long long size;
} seen_file;

static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static seen_file files[FILES];
static int file_count, contents;
static int log_file = -1;

static void *real(const char *name) {
    return dlsym(RTLD_NEXT, name);
}

static void stop(const char *why) {
    fprintf(stderr, "record_writes: %s: %s\n", why, strerror(errno));
    _exit(99);
}

static void say(const char *format, ...) {
    char line[2 * PATH_MAX + 100];
    va_list values;
    va_start(values, format);
    int length = vsnprintf(line, sizeof line, format, values);
    va_end(values);
    if (log_file < 0) {
        char path[PATH_MAX];
        snprintf(path, sizeof path, "%s/log", getenv("QUIRE_RECORD_LOG"));
        log_file = (int)syscall(SYS_openat, AT_FDCWD, path,
                                O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
    }
    if (syscall(SYS_write, log_file, line, (size_t)length) != length) {
        stop("the log");
    }
}

/* The name in the folder that a path has; NULL if it is elsewhere. */
static const char *name_of(const char *path) {
    const char *folder = getenv("QUIRE_RECORD_FOLDER");
    size_t length = folder == NULL ? 0 : strlen(folder);
    return length > 0 && path != NULL && strncmp(path, folder, length) == 0 && path[length] == '/'
               ? path + length + 1
               : NULL;
}

static void store(const char *content, long long size) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%d", getenv("QUIRE_RECORD_LOG"), contents);
    int to = (int)syscall(SYS_openat, AT_FDCWD, path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (to < 0 || syscall(SYS_write, to, content, (size_t)size) != size) {
        stop("a content");
    }
    syscall(SYS_close, to);
}

/* Records the content of every file that has changed. */
static void look(void) {
    for (int i = 0; i < file_count; i++) {
        seen_file *file = &files[i];
        struct stat status;
        if (fstat(file->descriptor, &status) != 0) {
            stop("fstat");
        }
        char *content = malloc((size_t)status.st_size + 1);
        if (syscall(SYS_pread64, file->descriptor, content, status.st_size, 0) != status.st_size) {
            stop("pread");
        }
        if (file->content == NULL || file->size != status.st_size
            || memcmp(content, file->content, (size_t)status.st_size) != 0) {
            store(content, status.st_size);
            say("content %lld %d\n", (long long)file->inode, contents++);
            free(file->content);
            file->content = content;
            file->size = status.st_size;
        } else {
            free(content);
        }
    }
}

static void open_seen(ino_t inode, int descriptor) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    int own = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    if (own < 0 || file_count == FILES) {
        stop("a file more");
    }
    files[file_count++] = (seen_file){.inode = inode, .descriptor = own};
}

/* What was opened, if it is a file of the folder. It is kept open: its number is not used again. */
static void opened(const char *path, int descriptor, int is_new) {
    char link[64], target[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlink, link, target, sizeof target - 1);
    struct stat status;
    if (length < 0 || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        return;
    }
    target[length] = 0;
    if (name_of(target) == NULL) {
        return;
    }
    int known = 0;
    for (int i = 0; i < file_count; i++) {
        known |= files[i].inode == status.st_ino;
    }
    if (!known) {
        open_seen(status.st_ino, descriptor);
    }
    look();
    if (is_new) {
        say("entry %s %lld\n", name_of(path), (long long)status.st_ino);
    }
}

static int open_recorded(int folder, const char *path, int flags, mode_t mode) {
    if ((flags & O_TMPFILE) == O_TMPFILE && getenv("QUIRE_RECORD_NAMED") != NULL) {
        errno = EOPNOTSUPP;
        return -1;
    }
    pthread_mutex_lock(&lock);
    int is_ours = name_of(path) != NULL;
    int was_there = is_ours && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0;
    int descriptor = (int)syscall(SYS_openat, folder, path, flags, mode);
    int error = errno;
    if (descriptor >= 0) {
        int is_unnamed = (flags & O_TMPFILE) == O_TMPFILE;
        opened(path, descriptor, is_ours && !was_there && !is_unnamed && (flags & O_CREAT) != 0);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return descriptor;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        va_list values; \
        va_start(values, flags); \
        mode_t mode = (mode_t)va_arg(values, int); \
        va_end(values); \
        return open_recorded(AT_FDCWD, path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

#define OPEN_AT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        va_list values; \
        va_start(values, flags); \
        mode_t mode = (mode_t)va_arg(values, int); \
        va_end(values); \
        return open_recorded(folder, path, flags, mode); \
    }
OPEN_AT(openat)
OPEN_AT(openat64)

/* Calls that change bytes or sizes: what they changed is looked at afterwards. */
#define CHANGE(type, name, parameters, arguments) \
    type name parameters { \
        pthread_mutex_lock(&lock); \
        look(); \
        type result = REAL(name) arguments; \
        int error = errno; \
        look(); \
        pthread_mutex_unlock(&lock); \
        errno = error; \
        return result; \
    }
CHANGE(ssize_t, pwrite, (int d, const void *from, size_t n, off_t at), (d, from, n, at))
CHANGE(ssize_t, pwrite64, (int d, const void *from, size_t n, off64_t at), (d, from, n, at))
CHANGE(ssize_t, copy_file_range,
       (int d, off64_t *at, int to, off64_t *there, size_t n, unsigned flags),
       (d, at, to, there, n, flags))
CHANGE(int, ftruncate, (int d, off_t length), (d, length))
CHANGE(int, ftruncate64, (int d, off64_t length), (d, length))
CHANGE(int, fallocate, (int d, int mode, off_t from, off_t length), (d, mode, from, length))
CHANGE(int, fallocate64, (int d, int mode, off64_t from, off64_t length), (d, mode, from, length))

/* Other processes' pipes and sockets are written to by these too: only files are looked at. */
static int is_file(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

ssize_t write(int d, const void *from, size_t n) {
    if (!is_file(d)) {
        return syscall(SYS_write, d, from, n);
    }
    pthread_mutex_lock(&lock);
    look();
    ssize_t result = syscall(SYS_write, d, from, n);
    int error = errno;
    look();
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

/* ---- what makes it last ---- */

static void synced(int descriptor, long long from, long long to) {
    char link[64], target[PATH_MAX];
    struct stat status;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = syscall(SYS_readlink, link, target, sizeof target - 1);
    if (length < 0 || fstat(descriptor, &status) != 0) {
        return;
    }
    target[length] = 0;
    const char *folder = getenv("QUIRE_RECORD_FOLDER");
    if (S_ISDIR(status.st_mode) && folder != NULL && strcmp(target, folder) == 0) {
        say("syncnames\n");
    } else if (name_of(target) != NULL) {
        say("sync %lld %lld %lld\n", (long long)status.st_ino, from, to);
    }
}

#define SYNC(name, parameters, arguments, descriptor, from, to) \
    int name parameters { \
        pthread_mutex_lock(&lock); \
        look(); \
        int result = REAL(name) arguments; \
        int error = errno; \
        if (result == 0) { \
            synced(descriptor, from, to); \
        } \
        pthread_mutex_unlock(&lock); \
        errno = error; \
        return result; \
    }
SYNC(fsync, (int d), (d), d, 0, -1)
SYNC(fdatasync, (int d), (d), d, 0, -1)

/* The file that is mapped there, and the place of the address in it; 0 if there is none. */
static ino_t mapped_at(const void *address, long long *place) {
    char line[PATH_MAX + 200];
    FILE *maps = fopen("/proc/self/maps", "re");
    ino_t found = 0;
    while (maps != NULL && found == 0 && fgets(line, sizeof line, maps) != NULL) {
        unsigned long long start, end, offset, inode;
        if (sscanf(line, "%llx-%llx %*s %llx %*s %llu", &start, &end, &offset, &inode) == 4
            && (unsigned long long)(uintptr_t)address >= start
            && (unsigned long long)(uintptr_t)address < end) {
            *place = (long long)(offset + (unsigned long long)(uintptr_t)address - start);
            found = (ino_t)inode;
        }
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

int msync(void *address, size_t length, int flags) {
    pthread_mutex_lock(&lock);
    look();
    int result = REAL(msync)(address, length, flags);
    int error = errno;
    long long place = 0;
    ino_t inode = result == 0 && (flags & MS_SYNC) != 0 ? mapped_at(address, &place) : 0;
    for (int i = 0; inode != 0 && i < file_count; i++) {
        if (files[i].inode == inode) {
            say("sync %lld %lld %lld\n", (long long)inode, place, place + (long long)length);
        }
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

/* ---- names ---- */

#define NAMES(name, parameters, arguments, old, new) \
    int name parameters { \
        pthread_mutex_lock(&lock); \
        look(); \
        int result = REAL(name) arguments; \
        int error = errno; \
        if (result == 0 && (name_of(old) != NULL || name_of(new) != NULL)) { \
            say("rename %s %s\n", name_of(old), name_of(new)); \
        } \
        pthread_mutex_unlock(&lock); \
        errno = error; \
        return result; \
    }
NAMES(rename, (const char *old, const char *new), (old, new), old, new)
NAMES(renameat, (int a, const char *old, int b, const char *new), (a, old, b, new), old, new)
NAMES(renameat2, (int a, const char *old, int b, const char *new, unsigned flags),
      (a, old, b, new, flags), old, new)

static int linked(int result, const char *new) {
    int error = errno;
    struct stat status;
    if (result == 0 && name_of(new) != NULL && lstat(new, &status) == 0) {
        say("entry %s %lld\n", name_of(new), (long long)status.st_ino);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int link(const char *old, const char *new) {
    pthread_mutex_lock(&lock);
    look();
    return linked(REAL(link)(old, new), new);
}

int linkat(int a, const char *old, int b, const char *new, int flags) {
    pthread_mutex_lock(&lock);
    look();
    return linked(REAL(linkat)(a, old, b, new, flags), new);
}

static int unlinked(int result, const char *path) {
    int error = errno;
    if (result == 0 && name_of(path) != NULL) {
        say("unlink %s\n", name_of(path));
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

int unlink(const char *path) {
    pthread_mutex_lock(&lock);
    look();
    return unlinked(REAL(unlink)(path), path);
}

int unlinkat(int folder, const char *path, int flags) {
    pthread_mutex_lock(&lock);
    look();
    return unlinked(REAL(unlinkat)(folder, path, flags), path);
}

int mkdir(const char *path, mode_t mode) {
    const char *folder = getenv("QUIRE_RECORD_LOG");
    size_t length = folder == NULL ? 0 : strlen(folder);
    pthread_mutex_lock(&lock);
    int result = REAL(mkdir)(path, mode);
    int error = errno;
    if (length > 0 && strncmp(path, folder, length) == 0
        && strncmp(path + length, "/mark-", 6) == 0) {
        look();
        say("mark %s\n", path + length + 6);
    }
    pthread_mutex_unlock(&lock);
    errno = error;
    return result;
}

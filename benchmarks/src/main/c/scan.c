/* What C programs do to read a large file once: read into a buffer, or map it with a hint; and one
   to make it cold. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static long long sum_of(const long long *words, long long count) {
    long long sum = 0;
    for (long long i = 0; i < count; i++) sum += words[i];
    return sum;
}

/* Drops the file's pages from the page cache. 0, or -1. */
long long make_cold(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    int failed = fdatasync(file) || posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    close(file);
    return failed ? -1 : 0;
}

/* The sum of the file's 64-bit words, by read of so many bytes at once. */
long long sum_by_read(const char *path, long long chunk) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    long long *buffer = file < 0 ? NULL : aligned_alloc(4096, (size_t)chunk);
    if (buffer == NULL) return -1;
    long long sum = 0;
    for (ssize_t count; (count = read(file, buffer, (size_t)chunk)) > 0;) sum += sum_of(buffer,
        count / 8);
    free(buffer);
    close(file);
    return sum;
}

/* The sum of the file's 64-bit words, over a mapping with SEQUENTIAL. */
long long sum_by_map(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (file < 0 || fstat(file, &status)) return -1;
    void *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED, file, 0);
    close(file);
    if (bytes == MAP_FAILED || madvise(bytes, (size_t)status.st_size, MADV_SEQUENTIAL)) return -1;
    long long sum = sum_of(bytes, status.st_size / 8);
    munmap(bytes, (size_t)status.st_size);
    return sum;
}

/* What a C program does to look at a file: open, fstat, mmap, close, touch every page, munmap. */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* The sum of one byte a page, or -1. */
long long open_map_touch_close(const char *path, long long page) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -1;
    struct stat status;
    if (fstat(file, &status)) return -1;
    const volatile unsigned char *bytes = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_SHARED,
                                               file, 0);
    close(file);
    if (bytes == MAP_FAILED) return -1;
    long long sum = 0;
    for (long long at = 0; at < status.st_size; at += page) sum += bytes[at];
    munmap((void *)bytes, (size_t)status.st_size);
    return sum;
}

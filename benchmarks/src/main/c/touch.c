/* The first touch of anonymous memory. */
#define _GNU_SOURCE
#include <stddef.h>
#include <sys/mman.h>

/* Maps, stores one byte in every 4 KiB, unmaps; 0, or -1. */
int map_touch_unmap(long long length, int huge) {
    volatile char *bytes =
        mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
             | MAP_NORESERVE, -1, 0);
    if (bytes == MAP_FAILED) return -1;
    if (huge && madvise((void *)bytes, (size_t)length, MADV_HUGEPAGE)) return -1;
    for (long long at = 0; at < length; at += 4096) bytes[at] = 1;
    return munmap((void *)bytes, (size_t)length);
}

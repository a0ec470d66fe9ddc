/* quire_posix_reads.c - POSIX: files that are read into memory of the caller's. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

int32_t os_source_open(const quire_region *region, const char *path, quire_source *source,
                       quire_error *error) {
    file opened;
    int access = O_RDONLY;
    if ((source->flags & QUIRE_SOURCE_DIRECT) != 0) {
        if (sys_direct_access() == 0) {
            return qi_reject(error, QUIRE_E_UNSUPPORTED);
        }
        access |= sys_direct_access();
    }
    /* A handle that the region keeps was opened for the page cache: the path gives another one. */
    quire_region by_path = *region;
    by_path.handle = -1;
    int32_t code = qi_open_again(&by_path, path, access, &opened, error);
    if (code == QUIRE_E_INVALID_ARGUMENT) {
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_OPEN, error->os_number, -1);
    }
    if (code != QUIRE_OK) {
        return code;
    }
    if ((source->flags & QUIRE_SOURCE_DIRECT) != 0 && !sys_direct_alignment(opened.descriptor,
        &source->memory_alignment, &source->offset_alignment)) {
        qi_close_file(&opened);
        return qi_reject(error, QUIRE_E_UNSUPPORTED);
    }
    source->handle = opened.descriptor;
    source->size = (long long)opened.status.st_size;
    return QUIRE_OK;
}

/* A read that was short ends at the end of the file, or of what the kernel reads at once: only
   another one tells which. After one past the page cache, that is so where it is not aligned. */
int32_t os_source_read(const quire_source *source, const quire_read *read, long long *done,
                       quire_error *error) {
    while (*done < read->length && *done % source->offset_alignment == 0) {
        ssize_t got = pread((int)source->handle, (char *)(intptr_t)(read->destination + *done),
                            (size_t)(read->length - *done), (off_t)(read->offset + *done));
        if (got < 0 && errno != EINTR) {
            return qi_refuse(error, CALL_READ, errno);
        }
        if (got == 0) {
            return QUIRE_OK;
        }
        *done += got > 0 ? got : 0;
    }
    return QUIRE_OK;
}

void os_source_close(const quire_source *source) {
    close((int)source->handle);
}

#endif

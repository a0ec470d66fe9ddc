/* quire_posix_sync.c - POSIX: flush, evict, discard. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

static long long offset_in_file(const quire_region *region, const char *pointer) {
    return region->file_offset + ((long long)(uintptr_t)pointer - region->address);
}

static int sync_pages(span pages, int how) {
    while (msync(pages.start, (size_t)pages.length, how) != 0) {
        if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

/* Starting to write is a favour: a file that cannot be opened any more is written by the system in
 * its own time. */
static int32_t start_writing(const quire_region *region, const char *path, span pages,
                             quire_error *error) {
    file opened;
    quire_error ignored;
    int number = sync_pages(pages, MS_ASYNC);
    if (number == 0 && qi_open_again(region, path, O_RDONLY, &opened, &ignored) == QUIRE_OK) {
        number = sys_write_back(opened.descriptor, offset_in_file(region, pages.start),
                                pages.length, 0);
        qi_close_file(&opened);
        if (number == ENOSYS || number == ESPIPE) {
            number = 0;
        }
        return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SYNC_RANGE, number);
    }
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SYNC, number);
}

static int32_t write_to_device(const quire_region *region, span pages, quire_error *error) {
    int number = sync_pages(pages, MS_SYNC);
    if (number != 0) {
        return qi_refuse(error, CALL_SYNC, number);
    }
    number = region->handle == -1 ? 0 : sys_sync_device((int)region->handle);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_FULL_SYNC, number);
}

/* POSIX systems have one cache for mappings and files: what was written to the mapping is in the
 * file already. */
int32_t os_flush(const quire_region *region, const char *path, span bytes, int32_t durability,
                 quire_error *error) {
    span pages = qi_pages_of(region, (long long)(uintptr_t)bytes.start - region->address,
                             bytes.length);
    int32_t code = durability == QUIRE_FLUSH_DEVICE  ? write_to_device(region, pages, error)
                   : durability == QUIRE_FLUSH_ASYNC ? start_writing(region, path, pages, error)
                                                     : QUIRE_OK;
    if (code != QUIRE_OK) {
        return code;
    }
    long long size = os_size_now(region, path);
    char *last_page = pages.start + pages.length - region->page_size;
    int is_short = size >= 0 ? size < offset_in_file(region, bytes.start + bytes.length)
                             : sys_look(last_page, (size_t)region->page_size, 0) == PAGE_LOST;
    return is_short ? qi_fail(error, QUIRE_E_FILE_TRUNCATED, CALL_NONE, 0, size) : QUIRE_OK;
}

int32_t os_evict(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                 quire_error *error) {
    file opened;
    if (qi_open_again(region, path, O_RDONLY, &opened, error) != QUIRE_OK) {
        *outcome = (quire_outcome){.result = QUIRE_IGNORED};
        return error->code;
    }
    long long offset = offset_in_file(region, pages.start);
    int written = sys_write_back(opened.descriptor, offset, pages.length, 1);
    int dropped = sys_drop_view(region, pages);
    int forgotten = sys_drop_cache(region, opened.descriptor, pages, offset);
    qi_close_file(&opened);
    if (written != 0 && written != ENOSYS) {
        *outcome = (quire_outcome){.result = QUIRE_IGNORED, .os_number = written};
        return qi_refuse(error, CALL_SYNC_RANGE, written);
    }
    outcome->os_number = dropped != 0 ? dropped : forgotten;
    if (forgotten == ENOSYS) {
        *outcome = (quire_outcome){.result = QUIRE_NOT_OFFERED};
        return QUIRE_OK;
    }
    if (outcome->os_number != 0 && !region->residency_known) {
        outcome->result = QUIRE_IGNORED;
        outcome->bytes = 0;
    }
    qi_report_gone(region, pages, outcome);
    return QUIRE_OK;
}

int32_t os_discard(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                   quire_error *error) {
    int number = sys_discard(region, path, pages);
    if (number == 0) {
        return QUIRE_OK;
    }
    *outcome = (quire_outcome){.result = QUIRE_IGNORED, .os_number = number};
    switch (number) {
    case ENOSYS:
    case EOPNOTSUPP:
        outcome->result = QUIRE_NOT_OFFERED;
        return QUIRE_OK;
    case EINVAL: /* the pages are locked */
        return QUIRE_OK;
    case EACCES: /* the pages are protected */
        return qi_fail(error, QUIRE_E_READ_ONLY, CALL_ADVISE, number, -1);
    default:
        return qi_refuse_area(error, CALL_ADVISE, number);
    }
}

#endif

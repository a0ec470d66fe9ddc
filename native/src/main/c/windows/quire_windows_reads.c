/* quire_windows_reads.c - Windows: files that are read into memory of the caller's. */
#if defined(_WIN32)

#include "quire_windows.h"

/* A read is at most so long: DWORD, and a whole number of pages. */
#define READ_BYTES (1LL << 30)

int32_t os_source_open(const quire_region *region, const char *path, quire_source *source,
                       quire_error *error) {
    file opened;
    if ((source->flags & QUIRE_SOURCE_DIRECT) != 0) {
        return qi_reject(error, QUIRE_E_UNSUPPORTED);
    }
    if (qi_open_file(path, QUIRE_READ_ONLY, 0, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    int is_same = opened.device == region->file_device && opened.number == region->file_number;
    if (is_same) {
        source->handle = from_handle(opened.handle);
        source->size = opened.size;
    }
    qi_close_file(&opened, is_same);
    return is_same ? QUIRE_OK
           : qi_fail(error, QUIRE_E_FILE_REPLACED, CALL_CREATE_FILE, 0, -1);
}

int32_t os_source_read(const quire_source *source, const quire_read *read, long long *done,
                       quire_error *error) {
    while (*done < read->length) {
        long long left = read->length - *done;
        OVERLAPPED place = {.Offset = low_half(read->offset + *done),
                            .OffsetHigh = high_half(read->offset + *done)};
        DWORD got = 0;
        if (!ReadFile(to_handle(source->handle), to_pointer(read->destination + *done),
            (DWORD)(left < READ_BYTES ? left : READ_BYTES), &got, &place)) {
            return GetLastError() == ERROR_HANDLE_EOF ? QUIRE_OK
                   : qi_fail_last(error, CALL_READ_FILE);
        }
        if (got == 0) {
            return QUIRE_OK;
        }
        *done += got;
    }
    return QUIRE_OK;
}

void os_source_close(const quire_source *source) {
    CloseHandle(to_handle(source->handle));
}

#endif

/* quire_windows_output.c - Windows: files that are written. Each has its temporary name from the
 * beginning. */
#if defined(_WIN32)

#include "quire_windows.h"

#include <stdlib.h>

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* What one call writes or reads at most: a DWORD counts it. */
#define PART_BYTES (1 << 30)

/* Where the byte is that is locked: no file is that long, and a lock keeps others from the bytes it
 * is on. */
#define LOCK_OFFSET_HIGH 0x40000000

/* What ReplaceFileW says, in headers for Windows 10 alone. */
#define UNABLE_TO_REMOVE_REPLACED 1175

/* What refuses to be replaced is mapped or open without sharing. */
static int32_t refuse_move(int32_t call, quire_error *error) {
    DWORD number = GetLastError();
    int is_busy = number == ERROR_ACCESS_DENIED || number == ERROR_SHARING_VIOLATION
                  || number == ERROR_USER_MAPPED_FILE || number == UNABLE_TO_REMOVE_REPLACED;
    return qi_fail(error, is_busy ? QUIRE_E_FILE_BUSY : qi_code_of(number), call, (int32_t)number,
                   -1);
}

static void fill(quire_output *output, HANDLE handle, int32_t state) {
    BY_HANDLE_FILE_INFORMATION info;
    output->handle = from_handle(handle);
    output->state = state;
    if (GetFileInformationByHandle(handle, &info)) {
        output->device = info.dwVolumeSerialNumber;
        output->number = join_halves(info.nFileIndexHigh, info.nFileIndexLow);
    }
}

static BOOL lock_file(HANDLE handle) {
    OVERLAPPED place = {.OffsetHigh = LOCK_OFFSET_HIGH};
    return LockFileEx(handle, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place);
}

/* ---- making and opening ---- */

int32_t os_output_create(const char *folder, const char *temporary, long long length, int32_t flags,
                         quire_output *output, quire_error *error) {
    (void)folder;
    (void)flags; /* files get the rights of their folder */
    file made = {.path = qi_wide_path(temporary, error)};
    if (made.path == NULL) {
        return error->code;
    }
    made.handle =
        CreateFileW(made.path, GENERIC_READ | GENERIC_WRITE | DELETE, SHARE_ALL, NULL, CREATE_NEW,
                    FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    int32_t code =
        made.handle == INVALID_HANDLE_VALUE ? qi_fail_last(error, CALL_CREATE_FILE) : QUIRE_OK;
    if (code == QUIRE_OK) {
        lock_file(made.handle);
        code = length > 0 ? qi_extend_file(&made, length, 0, error) : QUIRE_OK;
        if (code == QUIRE_OK) {
            fill(output, made.handle, QUIRE_OUTPUT_TEMPORARY);
        } else {
            qi_delete_file(made.handle);
            CloseHandle(made.handle);
        }
    }
    free(made.path);
    return code;
}

int32_t os_output_open(const char *path, quire_output *output, quire_error *error) {
    file opened;
    if (qi_open_file(path, QUIRE_READ_WRITE, QUIRE_NO_FOLLOW, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    if (lock_file(opened.handle)) {
        fill(output, opened.handle, QUIRE_OUTPUT_OPENED);
        qi_close_file(&opened, 1);
        return QUIRE_OK;
    }
    DWORD number = GetLastError();
    int is_held = number == ERROR_LOCK_VIOLATION || number == ERROR_IO_PENDING;
    qi_fail(error, is_held ? QUIRE_E_FILE_BUSY : qi_code_of(number), CALL_LOCK_FILE_RANGE,
         (int32_t)number, -1);
    qi_close_file(&opened, 0);
    return error->code;
}

/* ---- bytes ---- */

int32_t os_output_write(const quire_output *output, long long offset, const char *bytes,
                        long long length, quire_error *error) {
    for (long long done = 0; done < length;) {
        OVERLAPPED place = {.Offset = low_half(offset + done),
                            .OffsetHigh = high_half(offset + done)};
        DWORD part = length - done < PART_BYTES ? (DWORD)(length - done) : PART_BYTES;
        DWORD put = 0;
        if (!WriteFile(to_handle(output->handle), bytes + done, part, &put, &place)) {
            return qi_fail_last(error, CALL_WRITE_FILE);
        }
        done += put;
    }
    return QUIRE_OK;
}

/* ---- size ---- */

/* Windows fills what lies between the old end and the tail with zeroes and gives it blocks. */
int32_t os_output_extend(const quire_output *output, long long length, const char *tail,
                         long long tail_length, quire_error *error) {
    HANDLE handle = to_handle(output->handle);
    LARGE_INTEGER size;
    if (!GetFileSizeEx(handle, &size)) {
        return qi_fail_last(error, CALL_FILE_INFORMATION);
    }
    if (length + tail_length < size.QuadPart) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, size.QuadPart);
    }
    if (qi_check_room(handle, length + tail_length - size.QuadPart, error) != QUIRE_OK) {
        return error->code;
    }
    if (os_output_write(output, length, tail, tail_length, error) != QUIRE_OK) {
        qi_set_file_size(handle, size.QuadPart);
    }
    return error->code;
}

int32_t os_output_cut(const quire_output *output, long long length, quire_error *error) {
    HANDLE handle = to_handle(output->handle);
    LARGE_INTEGER size;
    if (!GetFileSizeEx(handle, &size)) {
        return qi_fail_last(error, CALL_FILE_INFORMATION);
    }
    if (length > size.QuadPart) {
        return qi_fail(error, QUIRE_E_FILE_TOO_SHORT, CALL_NONE, 0, size.QuadPart);
    }
    return qi_set_file_size(handle, length) ? QUIRE_OK : refuse_move(CALL_SET_SIZE, error);
}

int32_t os_output_sync(const quire_output *output, int32_t all, quire_error *error) {
    (void)all;
    return FlushFileBuffers(to_handle(output->handle)) ? QUIRE_OK
                                                       : qi_fail_last(error, CALL_FLUSH_FILE);
}

/* ---- names ---- */

static int32_t check_target(const wchar_t *target, int32_t flags, int *exists, quire_error *error) {
    DWORD attributes = GetFileAttributesW(target);
    *exists = attributes != INVALID_FILE_ATTRIBUTES;
    if (!*exists) {
        return QUIRE_OK;
    }
    if (attributes & FILE_ATTRIBUTE_DIRECTORY) {
        return qi_fail(error, QUIRE_E_IS_DIRECTORY, CALL_NONE, 0, -1);
    }
    if (attributes & FILE_ATTRIBUTE_DEVICE) {
        return qi_fail(error, QUIRE_E_NOT_MAPPABLE, CALL_NONE, 0, -1);
    }
    return flags & QUIRE_OUTPUT_NEW ? qi_fail(error, QUIRE_E_EXISTS, CALL_NONE, 0, -1) : QUIRE_OK;
}

/* ReplaceFileW keeps attributes, rights and streams of the old file. Not every file system has it.
 */
static int32_t move(quire_output *output, const wchar_t *from, const wchar_t *to, int exists,
                    quire_error *error) {
    if (exists && ReplaceFileW(to, from, NULL, 0, NULL, NULL)) {
        output->state = QUIRE_OUTPUT_PUBLISHED;
        return QUIRE_OK;
    }
    output->not_kept = exists ? QUIRE_NOT_KEPT_ATTRIBUTES : 0;
    DWORD how =
        exists ? MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH : MOVEFILE_WRITE_THROUGH;
    if (!MoveFileExW(from, to, how)) {
        return refuse_move(CALL_MOVE_FILE, error);
    }
    output->state = QUIRE_OUTPUT_PUBLISHED;
    return QUIRE_OK;
}

int32_t os_output_publish(quire_output *output, const char *folder, const char *temporary,
                          const char *target, int32_t flags, quire_error *error) {
    (void)folder; /* NTFS keeps a journal of the names */
    int exists;
    wchar_t *from = qi_wide_path(temporary, error);
    wchar_t *to = from == NULL ? NULL : qi_wide_path(target, error);
    if (to != NULL && os_output_sync(output, 1, error) == QUIRE_OK
        && check_target(to, flags, &exists, error) == QUIRE_OK) {
        move(output, from, to, exists, error);
    }
    free(from);
    free(to);
    return error->code;
}

int32_t os_output_close(const quire_output *output, const char *temporary, quire_error *error) {
    (void)temporary; /* it is deleted by its handle: another file may have the name */
    HANDLE handle = to_handle(output->handle);
    if (output->state == QUIRE_OUTPUT_TEMPORARY) {
        qi_delete_file(handle);
    }
    return CloseHandle(handle) ? QUIRE_OK : qi_fail_last(error, CALL_NONE);
}

#endif

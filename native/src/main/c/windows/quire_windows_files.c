/* quire_windows_files.c - Windows: paths, opening files, their identity, size and blocks. */
#if defined(_WIN32)

#include "quire_windows.h"

#include <stdlib.h>
#include <wchar.h>
#include <winioctl.h>
#include <winternl.h>

/* Everybody may do everything meanwhile, as on other platforms, as far as Windows allows it for
   mapped files. */
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* Between 1601, where FILETIME begins, and 1970, in its units of 100 nanoseconds; and 292 years,
   what nanoseconds hold. */
#define FILETIME_OF_1970 116444736000000000LL
#define FILETIME_RANGE 92233720368547758LL

/* Big enough for WriteFile to run at the device's speed. */
#define ZEROES_BYTES 65536
static char zeroes[ZEROES_BYTES]; /* not const: so the library's file does not hold them */

long long qi_write_zeroes(char *start, long long length) {
    long long done = 0;
    while (done < length) {
        long long part = length - done < ZEROES_BYTES ? length - done : ZEROES_BYTES;
        if (!ReadProcessMemory(GetCurrentProcess(), zeroes, start + done, (SIZE_T)part, NULL)) {
            break;
        }
        done += part;
    }
    return done;
}

SECURITY_ATTRIBUTES qi_inheritance(int32_t flags) {
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, (flags & QUIRE_INHERIT) != 0};
    return attributes;
}

/* ---- paths ---- */

/* Absolute and behind the prefix that lifts the limit of MAX_PATH; capacity: what GetFullPathNameW
   asked for. */
static wchar_t *long_path(const wchar_t *path, DWORD capacity) {
    wchar_t *full = malloc(((size_t)capacity + 8) * sizeof *full);
    size_t length = full == NULL ? 0 : GetFullPathNameW(path, capacity, full, NULL);
    if (length == 0 || length >= capacity) {
        free(full);
        return NULL;
    }
    int network = wcsncmp(full, L"\\\\", 2) == 0;
    const wchar_t *prefix = network ? L"\\\\?\\UNC" : L"\\\\?\\";
    size_t skip = network ? 1 : 0;
    wmemmove(full + wcslen(prefix), full + skip, length - skip + 1);
    wmemcpy(full, prefix, wcslen(prefix));
    return full;
}

/* UTF-16 units of the longest path, from the documentation of the object manager's strings. */
#define PATH_UNITS 32767

wchar_t *qi_wide_path(const char *path, quire_error *error) {
    int units = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, NULL, 0);
    if (units > PATH_UNITS) {
        qi_fail(error, QUIRE_E_PATH_TOO_LONG, CALL_PATH_TO_UTF16, ERROR_FILENAME_EXCED_RANGE,
                PATH_UNITS);
        return NULL;
    }
    wchar_t *wide = units == 0 ? NULL : malloc((size_t)units * sizeof *wide);
    if (wide == NULL || MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, path, -1, wide,
                                            units) == 0) {
        if (units != 0 && wide == NULL) {
            SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        }
        qi_fail_last(error, CALL_PATH_TO_UTF16);
        free(wide);
        return NULL;
    }
    int verbatim = wcsncmp(wide, L"\\\\?\\", 4) == 0 || wcsncmp(wide, L"\\\\.\\", 4) == 0;
    DWORD capacity = verbatim || wide[0] == 0 ? 0 : GetFullPathNameW(wide, 0, NULL, NULL);
    if (capacity < MAX_PATH) {
        return wide;
    }
    wchar_t *prefixed = long_path(wide, capacity);
    free(wide);
    if (prefixed == NULL) {
        qi_fail(error, QUIRE_E_NO_MEMORY, CALL_PATH_TO_UTF16, ERROR_NOT_ENOUGH_MEMORY, -1);
    }
    return prefixed;
}

/* ---- opening ---- */

/* What CreateFileW says of directories is ERROR_ACCESS_DENIED: looks again. */
static int32_t refuse_open(const wchar_t *path, int32_t flags, quire_error *error) {
    DWORD number = GetLastError();
    DWORD attributes = GetFileAttributesW(path);
    int32_t code = qi_code_of(number);
    if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY)
        && code != QUIRE_E_EXISTS) {
        int link = (flags & QUIRE_NO_FOLLOW) && (attributes & FILE_ATTRIBUTE_REPARSE_POINT);
        code = link ? QUIRE_E_SYMBOLIC_LINK : QUIRE_E_IS_DIRECTORY;
    }
    return qi_fail(error, code, CALL_CREATE_FILE, (int32_t)number, -1);
}

/* Fills identity, size and kind. Devices refuse to say: they are OTHER. */
static void describe(file *opened) {
    BY_HANDLE_FILE_INFORMATION info;
    opened->kind = QUIRE_FILE_OTHER;
    if (GetFileType(opened->handle) != FILE_TYPE_DISK
        || !GetFileInformationByHandle(opened->handle, &info)) {
        return;
    }
    opened->attributes = info.dwFileAttributes;
    opened->device = info.dwVolumeSerialNumber;
    opened->number = join_halves(info.nFileIndexHigh, info.nFileIndexLow);
    opened->size = join_halves(info.nFileSizeHigh, info.nFileSizeLow);
    opened->kind =
        (info.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) ? QUIRE_FILE_DIRECTORY
            : QUIRE_FILE_REGULAR;
}

/* Symbolic links and junctions stand for another name; other reparse points (a file in the cloud)
   are the file. */
static int is_link(HANDLE handle) {
    FILE_ATTRIBUTE_TAG_INFO tag;
    return GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof tag)
           && (tag.FileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
           && IsReparseTagNameSurrogate(tag.ReparseTag);
}

static HANDLE create_file(const wchar_t *path, int32_t mode, int32_t flags, DWORD disposition,
                          DWORD reparse) {
    SECURITY_ATTRIBUTES attributes = qi_inheritance(flags);
    DWORD access = mode == QUIRE_READ_WRITE ? GENERIC_READ | GENERIC_WRITE : GENERIC_READ;
    DWORD pattern = (flags & QUIRE_OPEN_SEQUENTIAL) ? FILE_FLAG_SEQUENTIAL_SCAN
                    : (flags & QUIRE_OPEN_RANDOM)   ? FILE_FLAG_RANDOM_ACCESS
                                                    : 0;
    return CreateFileW(path, access, SHARE_ALL, &attributes, disposition,
                       FILE_ATTRIBUTE_NORMAL | pattern | reparse, NULL);
}

/* A reparse point that is no link was opened instead of what it stands for: opens again, and it
   must be the same file. */
static int32_t open_behind(file *opened, int32_t mode, int32_t flags, quire_error *error) {
    file point = *opened;
    opened->handle = create_file(opened->path, mode, flags, OPEN_EXISTING, 0);
    CloseHandle(point.handle);
    if (opened->handle == INVALID_HANDLE_VALUE) {
        return refuse_open(opened->path, flags, error);
    }
    describe(opened);
    return opened->device == point.device && opened->number == point.number
               ? QUIRE_OK
               : qi_fail(error, QUIRE_E_FILE_REPLACED, CALL_CREATE_FILE, 0, -1);
}

static int32_t check_kind(const file *opened, quire_error *error) {
    switch (opened->kind) {
    case QUIRE_FILE_REGULAR:
        return QUIRE_OK;
    case QUIRE_FILE_DIRECTORY:
        return qi_fail(error, QUIRE_E_IS_DIRECTORY, CALL_CREATE_FILE, 0, -1);
    default:
        return qi_fail(error, QUIRE_E_NOT_MAPPABLE, CALL_FILE_INFORMATION, 0, -1);
    }
}

static int32_t open_checked(file *opened, int32_t mode, int32_t flags, quire_error *error) {
    DWORD disposition = (flags & QUIRE_CREATE_NEW) ? CREATE_NEW
                        : (flags & QUIRE_CREATE)   ? OPEN_ALWAYS
                                                   : OPEN_EXISTING;
    DWORD reparse = (flags & QUIRE_NO_FOLLOW) ? FILE_FLAG_OPEN_REPARSE_POINT : 0;
    opened->handle = create_file(opened->path, mode, flags, disposition, reparse);
    if (opened->handle == INVALID_HANDLE_VALUE) {
        return refuse_open(opened->path, flags, error);
    }
    opened->created =
        disposition == CREATE_NEW
            || (disposition == OPEN_ALWAYS && GetLastError() == ERROR_SUCCESS);
    if (reparse != 0 && is_link(opened->handle)) {
        return qi_fail(error, QUIRE_E_SYMBOLIC_LINK, CALL_CREATE_FILE, 0, -1);
    }
    describe(opened);
    if (reparse != 0 && (opened->attributes & FILE_ATTRIBUTE_REPARSE_POINT)) {
        int32_t code = open_behind(opened, mode, flags, error);
        if (code != QUIRE_OK) {
            return code;
        }
    }
    int32_t creating = opened->created ? QUIRE_CREATE | QUIRE_CREATE_NEW : 0;
    opened->granted = flags & (creating | QUIRE_NO_FOLLOW | QUIRE_OPEN_SEQUENTIAL
                               | QUIRE_OPEN_RANDOM);
    return check_kind(opened, error);
}

int32_t qi_open_file(const char *path, int32_t mode, int32_t flags, file *opened,
                     quire_error *error) {
    *opened = (file){.handle = INVALID_HANDLE_VALUE, .path = qi_wide_path(path, error)};
    if (opened->path == NULL) {
        return error->code;
    }
    int32_t code = open_checked(opened, mode, flags, error);
    if (code != QUIRE_OK) {
        qi_close_file(opened, 0);
    }
    return code;
}

void qi_close_file(file *opened, int keep) {
    if (!keep && opened->handle != INVALID_HANDLE_VALUE) {
        CloseHandle(opened->handle);
    }
    free(opened->path);
}

void qi_delete_file(HANDLE handle) {
    FILE_DISPOSITION_INFO disposition = {TRUE};
    HANDLE again = ReOpenFile(handle, DELETE, SHARE_ALL, 0);
    if (again != INVALID_HANDLE_VALUE) {
        SetFileInformationByHandle(again, FileDispositionInfo, &disposition, sizeof disposition);
        CloseHandle(again);
    }
}

/* Its caller reports why it undoes; there is nobody to report a second refusal to. */
void qi_undo_file(const file *opened) {
    if (opened->created) {
        qi_delete_file(opened->handle);
    } else if (opened->granted & QUIRE_EXTEND) {
        qi_set_file_size(opened->handle, opened->size);
    }
}

/* ---- size and blocks ---- */

BOOL qi_set_file_size(HANDLE handle, long long size) {
    FILE_END_OF_FILE_INFO end;
    end.EndOfFile.QuadPart = size;
    return SetFileInformationByHandle(handle, FileEndOfFileInfo, &end, sizeof end);
}

static long long allocated_bytes(HANDLE handle) {
    FILE_STANDARD_INFO info;
    return GetFileInformationByHandleEx(handle, FileStandardInfo, &info, sizeof info)
               ? info.AllocationSize.QuadPart
               : -1;
}

int qi_has_blocks(HANDLE handle) {
    LARGE_INTEGER size;
    return GetFileSizeEx(handle, &size) && allocated_bytes(handle) >= size.QuadPart;
}

static BOOL set_sparse(HANDLE handle, BOOLEAN sparse) {
    FILE_SET_SPARSE_BUFFER request = {sparse};
    DWORD returned;
    return DeviceIoControl(handle, FSCTL_SET_SPARSE, &request, sizeof request, NULL, 0, &returned,
                           NULL);
}

static long long size_of(HANDLE handle) {
    LARGE_INTEGER size;
    return GetFileSizeEx(handle, &size) ? size.QuadPart : -1;
}

/* Blocks by the only means that every file system has. Zeroes go where the file ends at that
   moment, which the system finds by itself: it never has a byte that somebody else could store to
   and that is not written yet. */
static BOOL append_zeroes(HANDLE handle, long long length) {
    for (long long size = size_of(handle); size < length; size = size_of(handle)) {
        OVERLAPPED end = {.Offset = MAXDWORD, .OffsetHigh = MAXDWORD};
        DWORD part = length - size < ZEROES_BYTES ? (DWORD)(length - size) : ZEROES_BYTES;
        DWORD written;
        if (size < 0 || !WriteFile(handle, zeroes, part, &written, &end)) {
            return FALSE;
        }
    }
    return TRUE;
}

/* FILE_FS_FULL_SIZE_INFORMATION and its number, which only the headers for drivers have. */
#define FULL_SIZE_INFORMATION 7
typedef struct full_size {
    LARGE_INTEGER total;
    LARGE_INTEGER available; /* to this user */
    LARGE_INTEGER free;
    ULONG sectors;
    ULONG sector_bytes;
} full_size;

static BOOL query_volume(HANDLE handle, full_size *volume) {
    typedef NTSTATUS(NTAPI * query)(HANDLE, IO_STATUS_BLOCK *, PVOID, ULONG, int);
    HMODULE library = GetModuleHandleW(L"ntdll.dll");
    FARPROC function = library == NULL ? NULL
        : GetProcAddress(library, "NtQueryVolumeInformationFile");
    IO_STATUS_BLOCK status;
    return function != NULL
           && ((query)(void (*)(void))function)(handle, &status, volume, sizeof *volume,
                                                FULL_SIZE_INFORMATION)
                  == 0
           && volume->sectors > 0 && volume->sector_bytes > 0;
}

int32_t qi_check_room(HANDLE handle, long long bytes, quire_error *error) {
    full_size volume;
    if (!query_volume(handle, &volume)) {
        return QUIRE_OK;
    }
    long long unit = (long long)volume.sectors * volume.sector_bytes;
    if (bytes / unit > volume.total.QuadPart) {
        return qi_fail(error, QUIRE_E_FILE_TOO_LARGE, CALL_WRITE_FILE, 0, -1);
    }
    long long available = volume.available.QuadPart;
    return bytes / unit > available
           ? qi_fail(error, QUIRE_E_NO_SPACE, CALL_WRITE_FILE, 0, available * unit) : QUIRE_OK;
}

static int32_t fill(file *opened, long long length, quire_error *error) {
    if (append_zeroes(opened->handle, length)) {
        return QUIRE_OK;
    }
    int32_t code = qi_fail_last(error, CALL_WRITE_FILE);
    qi_set_file_size(opened->handle, opened->size);
    return code;
}

/* Asks for the blocks before the size changes: a size that was changed cannot be taken back while
   somebody maps the file. No other refusal than a full disk matters here, what has no blocks is
   filled later. */
static BOOL disk_is_full(HANDLE handle, long long length) {
    FILE_ALLOCATION_INFO allocation;
    allocation.AllocationSize.QuadPart = length;
    return !SetFileInformationByHandle(handle, FileAllocationInfo, &allocation, sizeof allocation)
           && qi_code_of(GetLastError()) == QUIRE_E_NO_SPACE;
}

/* A size that no file of that file system can have is an invalid parameter to Windows, and no
   memory to Wine. */
static int32_t fail_size(quire_error *error) {
    DWORD number = GetLastError();
    int too_large = number == ERROR_INVALID_PARAMETER || number == ERROR_NOT_ENOUGH_MEMORY;
    return qi_fail(error, too_large ? QUIRE_E_FILE_TOO_LARGE : qi_code_of(number), CALL_SET_SIZE,
                   (int32_t)number, -1);
}

/* NTFS and ReFS give the blocks when they are asked for them, unless the file is sparse; zeroes
   take none in a compressed one. Wine and remote file systems may not. */
int32_t qi_extend_file(file *opened, long long length, int32_t flags, quire_error *error) {
    int sparse = (flags & QUIRE_SPARSE) && set_sparse(opened->handle, TRUE);
    if (!sparse && qi_check_room(opened->handle, length - opened->size, error) != QUIRE_OK) {
        return error->code;
    }
    if (!sparse && disk_is_full(opened->handle, length)) {
        return fail_size(error);
    }
    if (sparse || (opened->attributes & FILE_ATTRIBUTE_COMPRESSED)
        || allocated_bytes(opened->handle) >= length) {
        if (!qi_set_file_size(opened->handle, length)) {
            return fail_size(error);
        }
    } else if (fill(opened, length, error) != QUIRE_OK) {
        return error->code;
    }
    opened->granted |= sparse ? QUIRE_EXTEND | QUIRE_SPARSE : QUIRE_EXTEND;
    return QUIRE_OK;
}

/* The file is not sparse any more, or it is not NTFS and holes stay: then their number decides. */
static int32_t preallocate(file *opened, long long length, quire_error *error) {
    if ((opened->attributes & FILE_ATTRIBUTE_SPARSE_FILE) && !set_sparse(opened->handle, FALSE)) {
        return qi_fail_last(error, CALL_SET_SIZE);
    }
    if (length > opened->size) {
        int32_t code = qi_extend_file(opened, length, 0, error);
        if (code != QUIRE_OK) {
            return code;
        }
    }
    if (allocated_bytes(opened->handle) < length) {
        qi_undo_file(opened);
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_SET_SIZE, 0, -1);
    }
    return QUIRE_OK;
}

int32_t os_preallocate(const char *path, long long length, quire_error *error) {
    file opened;
    int32_t code = qi_open_file(path, QUIRE_READ_WRITE, 0, &opened, error);
    if (code == QUIRE_OK) {
        code = preallocate(&opened, length, error);
        qi_close_file(&opened, 0);
    }
    return code;
}

/* ---- status ---- */

static void fill_status(const file *opened, quire_file_status *status) {
    FILETIME modified;
    status->kind = opened->kind;
    status->device = opened->device;
    status->number = opened->number;
    status->size = opened->kind == QUIRE_FILE_REGULAR ? opened->size : 0;
    if (opened->kind != QUIRE_FILE_OTHER) {
        status->allocated = allocated_bytes(opened->handle);
    }
    if (GetFileTime(opened->handle, NULL, NULL, &modified)) {
        long long ticks = join_halves(modified.dwHighDateTime,
                                      modified.dwLowDateTime) - FILETIME_OF_1970;
        status->modified_nanos = ticks > -FILETIME_RANGE && ticks < FILETIME_RANGE ? ticks * 100
            : 0;
    }
}

/* What is mapped cannot become shorter. */
long long os_size_now(const quire_region *region, const char *path) {
    (void)region;
    (void)path;
    return -1;
}

int32_t os_query_file(const char *path, quire_file_status *status, quire_error *error) {
    file opened = {.handle = INVALID_HANDLE_VALUE, .path = qi_wide_path(path, error)};
    if (opened.path == NULL) {
        return error->code;
    }
    /* Backup semantics are what opens directories; no right but to the attributes is asked for. */
    opened.handle = CreateFileW(opened.path, FILE_READ_ATTRIBUTES, SHARE_ALL, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    int32_t code = opened.handle == INVALID_HANDLE_VALUE ? qi_fail_last(error, CALL_CREATE_FILE)
        : QUIRE_OK;
    if (code == QUIRE_OK) {
        describe(&opened);
        fill_status(&opened, status);
    }
    qi_close_file(&opened, 0);
    return code;
}

int32_t os_query_handle(const quire_region *region, quire_file_status *status, quire_error *error) {
    /* a section: Windows knows no more of it than its size */
    if (region->kind != QUIRE_KIND_FILE) {
        status->kind = QUIRE_FILE_REGULAR;
        status->size = region->file_size;
        status->allocated = region->base_length;
        return QUIRE_OK;
    }
    file opened = {.handle = to_handle(region->handle)};
    describe(&opened);
    if (opened.kind == QUIRE_FILE_OTHER) {
        return qi_fail_last(error, CALL_FILE_INFORMATION);
    }
    fill_status(&opened, status);
    return QUIRE_OK;
}

#endif

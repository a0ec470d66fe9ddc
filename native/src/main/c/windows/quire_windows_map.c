/* quire_windows_map.c - Windows: mapping files and anonymous memory, protection, resizing,
   flushing. */
#if defined(_WIN32)

#include "quire_windows.h"

/* FlushViewOfFile answers ERROR_LOCK_VIOLATION while the system itself writes the pages back: the
   JDK tries as often. */
#define FLUSH_ATTEMPTS 3

static long long round_up(long long value, long long unit) {
    return (value + unit - 1) / unit * unit;
}

/* ---- mapping ---- */

int32_t qi_map_view(HANDLE section, long long offset, long long length, void *where,
                    quire_region *region, quire_error *error) {
    static const DWORD access[] = {FILE_MAP_READ, FILE_MAP_READ | FILE_MAP_WRITE,
                                   FILE_MAP_COPY}; /* by mode */
    long long slack = offset % os_granularity();
    long long start = offset - slack;
    char *view = MapViewOfFileEx(section, access[region->mode], high_half(start), low_half(start),
                                 (SIZE_T)(slack + length), where);
    if (view == NULL) {
        return qi_fail_last(error, CALL_MAP_VIEW);
    }
    region->base = from_pointer(view);
    region->base_length = round_up(slack + length, os_page_size());
    region->address = region->base + slack;
    region->length = length;
    region->residency_known = 1;
    return QUIRE_OK;
}

/* The section is as long as the file, so that it never makes the file longer. A view beyond that is
   refused. */
static int32_t map_handle(HANDLE handle, long long offset, long long length, void *where,
                          quire_region *region, quire_error *error) {
    static const DWORD protection[] = {PAGE_READONLY, PAGE_READWRITE, PAGE_WRITECOPY};
    HANDLE section = CreateFileMappingW(handle, NULL, protection[region->mode], 0, 0, NULL);
    int32_t code = section == NULL ? qi_fail_last(error, CALL_CREATE_MAPPING)
                                   : qi_map_view(section, offset, length, where, region, error);
    LARGE_INTEGER size;
    if (code != QUIRE_OK && GetFileSizeEx(handle, &size) && size.QuadPart < offset + length) {
        code = qi_fail(error, QUIRE_E_FILE_TOO_SHORT, error->call, error->os_number, size.QuadPart);
    }
    if (section != NULL) {
        CloseHandle(section);
    }
    return code;
}

void qi_populate_new(quire_region *region, int32_t flags) {
    quire_outcome outcome = {QUIRE_APPLIED, 0, region->base_length};
    quire_error error;
    span all = {to_pointer(region->base), region->base_length};
    if ((flags & QUIRE_POPULATE) && region->base_length > 0
        && os_populate(region, all, region->mode != QUIRE_READ_ONLY, &outcome, &error) == QUIRE_OK
        && outcome.result == QUIRE_APPLIED) {
        region->granted |= QUIRE_POPULATE;
    }
}

/* Only writable mappings need the file later: to flush it to the device, and to resize it. */
static int keeps_file(const quire_region *region, int32_t flags) {
    return region->mode == QUIRE_READ_WRITE || (flags & QUIRE_KEEP_FILE) != 0;
}

/* How often a file may be shorter while it is mapped and as long as before by the time that its
   size is asked for. */
#define RETRIES 100

/* The file may have become shorter since it was asked for its size: a mapping of all of it gets
   what there is then. (Wine makes a file longer by a byte too much, and takes that back.) */
static int32_t map_range(HANDLE handle, long long offset, long long end, int whole,
                         quire_region *region, quire_error *error) {
    for (int tries = 0; end > offset; tries++) {
        int32_t code = map_handle(handle, offset, end - offset, NULL, region, error);
        int is_shorter = code == QUIRE_E_FILE_TOO_SHORT && error->limit >= offset;
        int was_shorter = code == QUIRE_E_ACCESS_DENIED && error->call == CALL_MAP_VIEW
                          && tries < RETRIES;
        if (!whole || (!is_shorter && !was_shorter)) {
            return code;
        }
        region->file_size = end = is_shorter ? error->limit : end;
        *error = (quire_error){.code = QUIRE_OK};
    }
    return QUIRE_OK;
}

static int32_t map_opened(file *opened, long long offset, long long length, int32_t flags,
                          quire_region *region, quire_error *error) {
    long long end = length < 0 ? opened->size : offset + length;
    if (offset > end || (end > opened->size && !(flags & QUIRE_EXTEND))) {
        return qi_fail(error, QUIRE_E_FILE_TOO_SHORT, CALL_NONE, 0, opened->size);
    }
    if (end > opened->size && qi_extend_file(opened, end, flags, error) != QUIRE_OK) {
        return error->code;
    }
    region->file_offset = offset;
    region->file_size = end > opened->size ? end : opened->size;
    region->file_device = opened->device;
    region->file_number = opened->number;
    region->residency_known = 1;
    region->granted = opened->granted;
    return map_range(opened->handle, offset, end, length < 0, region, error);
}

int32_t os_map_file(const char *path, long long offset, long long length, int32_t flags,
                    quire_region *region, quire_error *error) {
    file opened;
    if (qi_open_file(path, region->mode, flags, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = map_opened(&opened, offset, length, flags, region, error);
    if (code != QUIRE_OK) {
        qi_undo_file(&opened);
        qi_close_file(&opened, 0);
        return code;
    }
    int keep = keeps_file(region, flags);
    if (keep) {
        region->handle = from_handle(opened.handle);
        region->granted |= flags & (QUIRE_KEEP_FILE | QUIRE_INHERIT);
    }
    qi_close_file(&opened, keep);
    qi_populate_new(region, flags);
    return QUIRE_OK;
}

static int32_t map_private(long long length, quire_region *region, quire_error *error) {
    char *memory = VirtualAlloc(NULL, (SIZE_T)length, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (memory == NULL) { /* a length beyond the address space is an invalid parameter */
        DWORD number = GetLastError();
        int32_t code = number == ERROR_INVALID_PARAMETER ? QUIRE_E_NO_MEMORY : qi_code_of(number);
        return qi_fail(error, code, CALL_VIRTUAL_ALLOC, (int32_t)number, -1);
    }
    region->base = region->address = from_pointer(memory);
    region->base_length = round_up(length, os_page_size());
    region->length = length;
    region->residency_known = 1;
    return QUIRE_OK;
}

/* Windows refuses what it could not keep its word for, Wine does not: both are asked before. */
static int32_t check_commit(long long length, quire_error *error) {
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    return GlobalMemoryStatusEx(&memory) && (unsigned long long)length > memory.ullAvailPageFile
               ? qi_fail(error, QUIRE_E_MEMORY_LIMIT, CALL_CREATE_MAPPING, 0,
                         (long long)memory.ullAvailPageFile)
               : QUIRE_OK;
}

static int32_t fail_section(DWORD number, quire_error *error) {
    int32_t code = number == ERROR_COMMITMENT_LIMIT ? QUIRE_E_MEMORY_LIMIT : qi_code_of(number);
    return qi_fail(error, code, CALL_CREATE_MAPPING, (int32_t)number, -1);
}

/* The handle stays open: it is what another process attaches to, and what keeps a name. */
int32_t qi_create_section(const wchar_t *name, SECURITY_ATTRIBUTES *attributes, long long length,
                          int32_t flags, quire_region *region, quire_error *error) {
    int32_t code = check_commit(length, error);
    if (code != QUIRE_OK) {
        return code;
    }
    HANDLE section = CreateFileMappingW(INVALID_HANDLE_VALUE, attributes, PAGE_READWRITE,
                                        high_half(length), low_half(length), name);
    DWORD number = GetLastError();
    /* ERROR_INVALID_HANDLE: the name belongs to something else than a section */
    if (section == NULL) {
        return fail_section(name != NULL && number == ERROR_INVALID_HANDLE ? ERROR_ALREADY_EXISTS
                            : number, error);
    }
    code = name != NULL && number == ERROR_ALREADY_EXISTS ? fail_section(number, error)
                                                          : qi_map_view(section, 0, length, NULL,
                                                              region, error);
    if (code != QUIRE_OK) {
        CloseHandle(section);
        return code;
    }
    region->handle = from_handle(section);
    region->file_size = length;
    region->granted = flags & (QUIRE_KEEP_FILE | QUIRE_INHERIT);
    qi_populate_new(region, flags);
    return QUIRE_OK;
}

static int32_t map_shared(long long length, int32_t flags, quire_region *region,
                          quire_error *error) {
    SECURITY_ATTRIBUTES attributes = qi_inheritance(flags);
    return qi_create_section(NULL, &attributes, length, flags, region, error);
}

int32_t os_map_anonymous(long long length, int32_t flags, quire_region *region,
                         quire_error *error) {
    if (length == 0) {
        return QUIRE_OK;
    }
    if (region->kind == QUIRE_KIND_ANONYMOUS_SHARED) {
        return map_shared(length, flags, region, error);
    }
    if (map_private(length, region, error) != QUIRE_OK) {
        return error->code;
    }
    qi_populate_new(region, flags);
    return QUIRE_OK;
}

static int32_t release_memory(const quire_region *region, quire_error *error) {
    if (region->base_length == 0) {
        return QUIRE_OK;
    }
    if (region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE) {
        return VirtualFree(to_pointer(region->base), 0, MEM_RELEASE)
                   ? QUIRE_OK
                   : qi_fail_last(error, CALL_VIRTUAL_FREE);
    }
    return UnmapViewOfFile(to_pointer(region->base)) ? QUIRE_OK
           : qi_fail_last(error, CALL_UNMAP_VIEW);
}

int32_t os_unmap(const quire_region *region, quire_error *error) {
    int32_t code = release_memory(region, error);
    if (region->handle != -1) {
        CloseHandle(to_handle(region->handle));
    }
    return code;
}

int32_t os_protect(const quire_region *region, span pages, int32_t access, quire_error *error) {
    DWORD writable = region->mode == QUIRE_COPY_ON_WRITE ? PAGE_WRITECOPY : PAGE_READWRITE;
    DWORD protection = access == QUIRE_ACCESS_NONE   ? PAGE_NOACCESS
                       : access == QUIRE_ACCESS_READ ? PAGE_READONLY
                                                     : writable;
    DWORD before;
    return VirtualProtect(pages.start, (SIZE_T)pages.length, protection, &before)
               ? QUIRE_OK
               : qi_fail_last(error, CALL_VIRTUAL_PROTECT);
}

/* ---- resizing ---- */

/* Windows does not shorten a file that is mapped: an extension that came to nothing may stay.
   EXTEND with a file size beyond the range says that the rest is this mapping's own. */
static int32_t undo_growth(const file *opened, quire_region *region, int32_t code) {
    LARGE_INTEGER size;
    qi_undo_file(opened);
    if (GetFileSizeEx(opened->handle, &size)
        && size.QuadPart > region->file_offset + region->length) {
        region->file_size = size.QuadPart;
        region->granted |= QUIRE_EXTEND;
    }
    return code;
}

/* A new view exists before the old one goes: on failure nothing happened but that the file is
   longer. */
static int32_t grow_file(quire_region *region, long long length, int32_t flags,
                         quire_error *error) {
    quire_region grown = *region;
    file opened = {.handle = to_handle(region->handle), .size = region->file_size};
    long long end = region->file_offset + length;
    int32_t code = end > opened.size ? qi_extend_file(&opened, end, flags, error) : QUIRE_OK;
    if (code == QUIRE_OK) {
        code = map_handle(opened.handle, region->file_offset, length, NULL, &grown, error);
    }
    if (code != QUIRE_OK) {
        return undo_growth(&opened, region, code);
    }
    code = release_memory(region, error);
    grown.file_size = end > opened.size ? end : opened.size;
    grown.granted = (region->granted & ~QUIRE_SPARSE) | (opened.granted & QUIRE_SPARSE);
    *region = grown;
    return code;
}

static void make_pageless(quire_region *region) {
    region->address = region->length = region->base = region->base_length = 0;
}

/* No view may exist while a file becomes shorter. If somebody else has one, the old size is mapped
   again. */
static int32_t shrink_file(quire_region *region, long long length, quire_error *error) {
    HANDLE handle = to_handle(region->handle);
    quire_region before = *region;
    int32_t code = release_memory(region, error);
    if (code != QUIRE_OK) {
        return code;
    }
    make_pageless(region);
    if (!qi_set_file_size(handle, before.file_offset + length)) {
        quire_error second = {0};
        code = qi_fail_last(error, CALL_SET_SIZE);
        if (map_handle(handle, before.file_offset, before.length, to_pointer(before.base), region,
                       &second)
            != QUIRE_OK) {
            map_handle(handle, before.file_offset, before.length, NULL, region, &second);
        }
        return code;
    }
    region->file_size = before.file_offset + length;
    return length == 0 ? QUIRE_OK : map_handle(handle, before.file_offset, length, NULL, region,
                                               error);
}

static int32_t resize_file(quire_region *region, long long length, int32_t flags,
                           quire_error *error) {
    LARGE_INTEGER size;
    if (!GetFileSizeEx(to_handle(region->handle), &size)) {
        return qi_fail_last(error, CALL_FILE_INFORMATION);
    }
    long long end = region->file_offset + region->length;
    int is_own = (region->granted & QUIRE_EXTEND) && size.QuadPart == region->file_size;
    if (size.QuadPart != end && (size.QuadPart < end || !is_own)) {
        int32_t code = size.QuadPart < end ? QUIRE_E_FILE_TRUNCATED : QUIRE_E_INVALID_ARGUMENT;
        return qi_fail(error, code, CALL_FILE_INFORMATION, 0, size.QuadPart);
    }
    region->file_size = size.QuadPart;
    return length > region->length ? grow_file(region, length, flags, error)
                                   : shrink_file(region, length, error);
}

/* Copies through the operating system, so that a fault is an answer. */
static int32_t move_private(quire_region *region, long long length, quire_error *error) {
    quire_region moved = *region;
    DWORD before;
    int32_t code = map_private(length, &moved, error);
    if (code != QUIRE_OK) {
        return code;
    }
    char *from = to_pointer(region->base);
    if (!VirtualProtect(from, (SIZE_T)region->base_length, PAGE_READWRITE, &before)
        || !ReadProcessMemory(GetCurrentProcess(), from, to_pointer(moved.base),
                              (SIZE_T)region->length, NULL)) {
        quire_error second = {0};
        code = qi_fail_last(error, CALL_COPY_MEMORY);
        release_memory(&moved, &second);
        return code;
    }
    code = release_memory(region, error);
    *region = moved;
    return code;
}

/* Stays where it is; the rest of the last page must read as zero should it grow again. */
static int32_t shrink_private(quire_region *region, long long length, quire_error *error) {
    char *base = to_pointer(region->base);
    long long kept = round_up(length, os_page_size());
    if (qi_write_zeroes(base + length, kept - length) < kept - length) {
        return qi_fail_last(error, CALL_COPY_MEMORY);
    }
    if (kept < region->base_length
        && !VirtualFree(base + kept, (SIZE_T)(region->base_length - kept), MEM_DECOMMIT)) {
        return qi_fail_last(error, CALL_VIRTUAL_FREE);
    }
    region->base_length = kept;
    region->length = length;
    return QUIRE_OK;
}

static int32_t resize_private(quire_region *region, long long length, quire_error *error) {
    if (region->base_length == 0) {
        return map_private(length, region, error);
    }
    if (length == 0) {
        int32_t code = release_memory(region, error);
        make_pageless(region);
        return code;
    }
    if (length < region->length) {
        return shrink_private(region, length, error);
    }
    if (length > region->base_length) {
        return move_private(region, length, error);
    }
    region->length = length;
    return QUIRE_OK;
}

int32_t os_resize(quire_region *region, const char *path, long long length, int32_t flags,
                  quire_error *error) {
    (void)path; /* the handle of a writable file is always kept */
    switch (region->kind) {
    case QUIRE_KIND_FILE:
        return resize_file(region, length, flags, error);
    case QUIRE_KIND_ANONYMOUS_PRIVATE:
        return resize_private(region, length, error);
    default: /* a section keeps the size it was made with */
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_CREATE_MAPPING, 0, -1);
    }
}

/* ---- flushing ---- */

static int32_t flush_view(span range, quire_error *error) {
    for (int attempt = 1; !FlushViewOfFile(range.start, (SIZE_T)range.length); attempt++) {
        if (GetLastError() != ERROR_LOCK_VIOLATION || attempt == FLUSH_ATTEMPTS) {
            return qi_fail_last(error, CALL_FLUSH_VIEW);
        }
    }
    return QUIRE_OK;
}

/* Views and the file cache are one on a local disk: CACHE has nothing to do there. A remote file
   has to be told. */
static int is_remote(HANDLE handle) {
    FILE_REMOTE_PROTOCOL_INFO info;
    return GetFileInformationByHandleEx(handle, FileRemoteProtocolInfo, &info, sizeof info);
}

int32_t os_flush(const quire_region *region, const char *path, span bytes, int32_t durability,
                 quire_error *error) {
    (void)path; /* the handle of a writable file is always kept */
    HANDLE handle = to_handle(region->handle);
    long long start = region->file_offset + (from_pointer(bytes.start) - region->address);
    long long end = start + bytes.length;
    LARGE_INTEGER size;
    if (!GetFileSizeEx(handle, &size)) {
        return qi_fail_last(error, CALL_FILE_INFORMATION);
    }
    /* Windows lets nobody shorten a mapped file; file servers and Wine do */
    if (size.QuadPart < end) {
        return qi_fail(error, QUIRE_E_FILE_TRUNCATED, CALL_FLUSH_VIEW, 0, size.QuadPart);
    }
    if (durability == QUIRE_FLUSH_CACHE && !is_remote(handle)) {
        return QUIRE_OK;
    }
    int32_t code = flush_view(bytes, error);
    if (code == QUIRE_OK && durability == QUIRE_FLUSH_DEVICE && !FlushFileBuffers(handle)) {
        code = qi_fail_last(error, CALL_FLUSH_FILE);
    }
    return code;
}

#endif

/*
 * quire_windows.h - what the Windows files share. quire_windows.c: facts and error numbers.
 * quire_windows_files.c: paths and files. quire_windows_map.c: mappings. quire_windows_pages.c:
 * hints and pages. quire_windows_shared.c: shared memory. quire_windows_output.c: files that are
 * written. quire_windows_reads.c: files that are read into memory of the caller's.
 */
#ifndef QUIRE_WINDOWS_H
#define QUIRE_WINDOWS_H

#include "quire_internal.h"

#define WIN32_LEAN_AND_MEAN
#include <windows.h>

/* HANDLE and address as the public header carries them. */
static inline HANDLE to_handle(long long handle) {
    return (HANDLE)(intptr_t)handle;
}

static inline long long from_handle(HANDLE handle) {
    return (long long)(intptr_t)handle;
}

static inline char *to_pointer(long long address) {
    return (char *)(intptr_t)address;
}

static inline long long from_pointer(const void *pointer) {
    return (long long)(intptr_t)pointer;
}

static inline DWORD low_half(long long value) {
    return (DWORD)((unsigned long long)value & 0xFFFFFFFFu);
}

static inline DWORD high_half(long long value) {
    return (DWORD)((unsigned long long)value >> 32);
}

static inline long long join_halves(DWORD high, DWORD low) {
    return (long long)((unsigned long long)high << 32 | low);
}

/* The Quire code for a GetLastError() value. */
int32_t qi_code_of(DWORD number);
/* qi_fail() with GetLastError() and its code. */
int32_t qi_fail_last(quire_error *error, int32_t call);
/* A function of kernel32 that not every Windows has, or null. */
FARPROC qi_optional_function(const char *name);

/* An open file. */
typedef struct file {
    HANDLE handle;
    wchar_t *path;
    long long size; /* when it was opened */
    long long device;
    long long number;
    int32_t kind;    /* enum quire_file_kind */
    int32_t created; /* by this opening */
    int32_t granted; /* the flags that took effect */
    DWORD attributes;
} file;

/* Opens a regular file for mapping in that mode. Paired with close_file. */
int32_t qi_open_file(const char *path, int32_t mode, int32_t flags, file *opened,
                     quire_error *error);
/* Frees the path and closes the handle unless keep. */
void qi_close_file(file *opened, int keep);
/* Takes back what an opening and extend_file did: the size, or the whole file if it was created. */
void qi_undo_file(const file *opened);
/* Makes the file length bytes long, which is more than it has, with blocks unless flags has
   SPARSE. */
int32_t qi_extend_file(file *opened, long long length, int32_t flags, quire_error *error);
BOOL qi_set_file_size(HANDLE handle, long long size);
/* The path as Windows takes it, of any length; null after an answer in *error. Freed by the
   caller. */
wchar_t *qi_wide_path(const char *path, quire_error *error);
/* Deletes the open file, whatever name it has by now. */
void qi_delete_file(HANDLE handle);
/* NO_SPACE or FILE_TOO_LARGE if the volume has no room for so many bytes. */
int32_t qi_check_room(HANDLE handle, long long bytes, quire_error *error);

/* Makes a section of memory, and maps it. name: null for none. The region keeps its handle. */
int32_t qi_create_section(const wchar_t *name, SECURITY_ATTRIBUTES *attributes, long long length,
                          int32_t flags, quire_region *region, quire_error *error);
/* Maps a view of the section and fills the region's address, length, base and base_length. where:
   null for anywhere. */
int32_t qi_map_view(HANDLE section, long long offset, long long length, void *where,
                    quire_region *region, quire_error *error);
/* POPULATE for a new region: granted if it worked. */
void qi_populate_new(quire_region *region, int32_t flags);
/* Whether every byte of the file has a block, so that writing to it needs none. */
int qi_has_blocks(HANDLE handle);
/* Security attributes that only say whether the handle is inherited. */
SECURITY_ATTRIBUTES qi_inheritance(int32_t flags);
/* Writes zeroes over the range through the operating system, so that a fault is an answer. Returns
   how many, the reason is in GetLastError(). */
long long qi_write_zeroes(char *start, long long length);

#endif

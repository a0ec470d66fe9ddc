/* check_windows.c - what only Windows has: its paths, shares, sections and handles. Elsewhere there is
   nothing to check. */
#include "quire.h"

#include <stdio.h>

#if defined(_WIN32)

#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <windows.h>

#include <aclapi.h>

static int failures;

static void check(int holds, const char *what, int line) {
    if (!holds) {
        printf("check_windows.c:%d: %s (GetLastError %lu)\n", line, what, GetLastError());
        failures++;
    }
}
#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

static quire_error error;
static quire_region region;

static int refused(int32_t code, int32_t expected, DWORD number) {
    if (code != expected || (DWORD)error.os_number != number) {
        printf("%s %d %s in %s\n", quire_code_name(code), error.os_number,
               quire_os_number_name(error.os_number), quire_call_name(error.call));
    }
    return code == expected && error.code == expected && (DWORD)error.os_number == number;
}

static int32_t map(const char *path, long long length, int32_t mode, int32_t flags) {
    return quire_map_file(path, 0, length, mode, flags, &region, &error);
}

static void unmap(void) {
    CHECK(quire_unmap(&region, &error) == QUIRE_OK);
}

static char *bytes(const quire_region *of) {
    return (char *)(intptr_t)of->address;
}

static int make_file(const char *path, long long length) {
    int32_t code = map(path, length, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND);
    if (code == QUIRE_OK) {
        for (long long i = 0; i < length; i++) {
            bytes(&region)[i] = (char)(i % 251);
        }
        unmap();
    }
    return code == QUIRE_OK;
}

/* ---- paths ---- */

/* 12 directories of 100 letters each below the current one; deleted by remove_deep. */
static void deep_path(wchar_t *path, int levels) {
    DWORD length = GetCurrentDirectoryW(MAX_PATH, path + 4);
    wmemcpy(path, L"\\\\?\\", 4);
    length += 4;
    for (int level = 0; level < levels; level++) {
        path[length++] = L'\\';
        wmemset(path + length, (wchar_t)(L'a' + level), 100);
        length += 100;
    }
    path[length] = 0;
}

static void check_long_path(void) {
    static wchar_t wide[4096];
    static char path[8192];
    for (int level = 1; level <= 12; level++) {
        deep_path(wide, level);
        CHECK(CreateDirectoryW(wide, NULL));
    }
    wcscat(wide, L"\\\x00e4\x20ac.bin");
    CHECK(WideCharToMultiByte(CP_UTF8, 0, wide + 4, -1, path, sizeof path, NULL, NULL) > 1200);
    for (char *c = path; *c != 0; c++) {
        *c = *c == '\\' ? '/' : *c;
    }
    CHECK(map(path, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND) == QUIRE_OK);
    unmap();
    CHECK(refused(map(path, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND), QUIRE_E_EXISTS,
                  ERROR_FILE_EXISTS));
    CHECK(quire_preallocate(path, 5000, &error) == QUIRE_OK);
    CHECK(DeleteFileW(wide));
    CHECK(refused(map(path, -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND, ERROR_FILE_NOT_FOUND));
    for (int level = 12; level >= 1; level--) {
        deep_path(wide, level);
        CHECK(RemoveDirectoryW(wide));
    }
}

static void check_bad_paths(void) {
    static char long_name[40000];
    memset(long_name, 'x', sizeof long_name - 1);
    CHECK(refused(map(long_name, -1, QUIRE_READ_ONLY, 0), QUIRE_E_PATH_TOO_LONG, ERROR_FILENAME_EXCED_RANGE));
    CHECK(
        refused(map("\xff\xfe", -1, QUIRE_READ_ONLY, 0), QUIRE_E_INVALID_NAME, ERROR_NO_UNICODE_TRANSLATION));
    CHECK(refused(map("a?b", -1, QUIRE_READ_ONLY, 0), QUIRE_E_INVALID_NAME, ERROR_INVALID_NAME));
    CHECK(refused(map("absent\\file", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND, ERROR_PATH_NOT_FOUND));
    CHECK(map("", -1, QUIRE_READ_ONLY, 0) == QUIRE_E_NOT_FOUND);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        CHECK(map(".", -1, mode, 0) == QUIRE_E_IS_DIRECTORY);
        CHECK(map("C:\\", -1, mode, 0) == QUIRE_E_IS_DIRECTORY);
    }
    CHECK(map(".", 10, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND) == QUIRE_E_IS_DIRECTORY);
}

static void check_devices(void) {
    CHECK(map("NUL", -1, QUIRE_READ_ONLY, 0) == QUIRE_E_NOT_MAPPABLE);
    HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\quire-check", PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0, NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE);
    CHECK(map("\\\\.\\pipe\\quire-check", -1, QUIRE_READ_ONLY, 0) == QUIRE_E_NOT_MAPPABLE);
    CloseHandle(pipe);
}

/* Needs a privilege, or developer mode, and Wine makes none. */
static void check_links(void) {
    CHECK(make_file("target.bin", 10));
    DWORD unprivileged = 2; /* SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE, not in every mingw-w64 */
    CreateSymbolicLinkW(L"link.bin", L"target.bin", unprivileged);
    DWORD attributes = GetFileAttributesW(L"link.bin");
    int is_made = attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_REPARSE_POINT);
    if (is_made) {
        CHECK(map("link.bin", -1, QUIRE_READ_ONLY, 0) == QUIRE_OK && region.length == 10);
        unmap();
        CHECK(map("link.bin", -1, QUIRE_READ_ONLY, QUIRE_NO_FOLLOW) == QUIRE_E_SYMBOLIC_LINK);
        DeleteFileW(L"link.bin");
    } else {
        printf("skip: this system makes no symbolic links\n");
    }
    CHECK(map("target.bin", -1, QUIRE_READ_ONLY, QUIRE_NO_FOLLOW) == QUIRE_OK);
    CHECK(region.length == 10 && region.granted == QUIRE_NO_FOLLOW);
    unmap();
    DeleteFileW(L"target.bin");
}

/* ---- shares ---- */

static void check_shares(void) {
    CHECK(make_file("shares.bin", 100000));
    HANDLE alone = CreateFileW(L"shares.bin", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(refused(map("shares.bin", -1, QUIRE_READ_ONLY, 0), QUIRE_E_FILE_BUSY, ERROR_SHARING_VIOLATION));
    CHECK(strcmp(quire_os_number_name(error.os_number), "ERROR_SHARING_VIOLATION") == 0);
    CHECK(strcmp(quire_call_name(error.call), "CreateFileW") == 0);
    CloseHandle(alone);
    CHECK(map("shares.bin", -1, QUIRE_READ_WRITE, 0) == QUIRE_OK);
    HANDLE other =
        CreateFileW(L"shares.bin", GENERIC_READ | GENERIC_WRITE | DELETE,
                    FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(other != INVALID_HANDLE_VALUE);
    CloseHandle(other);
    unmap();
}

static void check_busy_resize(void) {
    quire_region second;
    CHECK(make_file("busy.bin", 200000));
    CHECK(map("busy.bin", -1, QUIRE_READ_WRITE, 0) == QUIRE_OK);
    CHECK(quire_map_file("busy.bin", 0, 10, QUIRE_READ_ONLY, 0, &second, &error) == QUIRE_OK);
    CHECK(refused(quire_resize(&region, "busy.bin", 1000, 0, &error), QUIRE_E_FILE_BUSY,
                  ERROR_USER_MAPPED_FILE));
    CHECK(region.length == 200000 && bytes(&region)[199999] == (char)(199999 % 251));
    CHECK(quire_resize(&region, "busy.bin", 300000, 0, &error) == QUIRE_OK);
    CHECK(bytes(&region)[199999] == (char)(199999 % 251) && bytes(&region)[200000] == 0);
    CHECK(quire_unmap(&second, &error) == QUIRE_OK);
    CHECK(quire_resize(&region, "busy.bin", 1000, 0, &error) == QUIRE_OK);
    CHECK(region.length == 1000 && bytes(&region)[999] == (char)(999 % 251));
    unmap();
    DeleteFileW(L"busy.bin");
}

static void check_granularity(void) {
    static const long long offsets[] = {0, 1, 4095, 4096, 65535, 65536, 65537, 99999};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        CHECK(quire_map_file("shares.bin", offsets[i], -1, QUIRE_READ_ONLY, 0, &region, &error) == QUIRE_OK);
        CHECK(region.length == 100000 - offsets[i] && bytes(&region)[0] == (char)(offsets[i] % 251));
        CHECK(region.base % 65536 == 0 && region.handle == -1);
        unmap();
    }
    DeleteFileW(L"shares.bin");
}

/* ---- handles ---- */

static DWORD handle_flags(const quire_region *of) {
    DWORD flags = MAXDWORD;
    return GetHandleInformation((HANDLE)(intptr_t)of->handle, &flags) ? flags : MAXDWORD;
}

static void check_handles(void) {
    DWORD before;
    DWORD after;
    CHECK(make_file("handles.bin", 5000));
    CHECK(GetProcessHandleCount(GetCurrentProcess(), &before));
    for (int i = 0; i < 1000; i++) {
        CHECK(map("handles.bin", -1, i % 3, 0) == QUIRE_OK);
        CHECK((region.handle != -1) == (region.mode == QUIRE_READ_WRITE));
        unmap();
        CHECK(map("handles.bin", 6000, QUIRE_READ_ONLY, 0) == QUIRE_E_FILE_TOO_SHORT);
    }
    CHECK(GetProcessHandleCount(GetCurrentProcess(), &after) && after <= before);
    CHECK(map("handles.bin", -1, QUIRE_READ_ONLY, QUIRE_KEEP_FILE) == QUIRE_OK);
    CHECK(region.granted == QUIRE_KEEP_FILE && handle_flags(&region) == 0);
    unmap();
    CHECK(map("handles.bin", -1, QUIRE_READ_ONLY, QUIRE_KEEP_FILE | QUIRE_INHERIT) == QUIRE_OK);
    CHECK(handle_flags(&region) == HANDLE_FLAG_INHERIT);
    unmap();
    DeleteFileW(L"handles.bin");
}

/* ---- sections ---- */

static void check_owner_only(void) {
    PACL list = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision;
    CHECK(GetSecurityInfo((HANDLE)(intptr_t)region.handle, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL,
                          NULL, &list, NULL, &descriptor)
          == ERROR_SUCCESS);
    CHECK(list != NULL && list->AceCount == 1);
    CHECK(GetSecurityDescriptorControl(descriptor, &control, &revision) && (control & SE_DACL_PROTECTED));
    LocalFree(descriptor);
}

static void check_names(void) {
    quire_region second;
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, L"Local\\quire-check-event");
    CHECK(quire_shared_create("check-event", 10, 0, &region, &error) == QUIRE_E_EXISTS);
    CloseHandle(event);
    CHECK(refused(quire_shared_open("check", QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND,
                  ERROR_FILE_NOT_FOUND));
    CHECK(quire_shared_create("check", 100000, 0, &region, &error) == QUIRE_OK);
    CHECK(region.handle != -1 && region.length == 100000);
    check_owner_only();
    CHECK(
        refused(quire_shared_create("check", 10, 0, &second, &error), QUIRE_E_EXISTS, ERROR_ALREADY_EXISTS));
    CHECK(quire_shared_unlink("check", &error) == QUIRE_E_UNSUPPORTED);
    CHECK(quire_shared_open("check", QUIRE_COPY_ON_WRITE, 0, &second, &error) == QUIRE_OK);
    CHECK(second.length >= 100000 && second.length % 4096 == 0);
    bytes(&second)[0] = 1;
    CHECK(bytes(&region)[0] == 0);
    unmap();
    CHECK(quire_shared_open("check", QUIRE_READ_WRITE, 0, &region, &error) == QUIRE_OK);
    unmap();
    CHECK(quire_unmap(&second, &error) == QUIRE_OK);
    CHECK(quire_shared_unlink("check", &error) == QUIRE_E_NOT_FOUND);
}

static void check_attach(void) {
    quire_region again;
    CHECK(make_file("attach.bin", 10));
    CHECK(quire_map_anonymous(100000, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error) == QUIRE_OK);
    CHECK(quire_attach(GetCurrentProcessId(), region.handle, QUIRE_READ_WRITE, 0, &again, &error)
          == QUIRE_OK);
    bytes(&again)[99999] = 7;
    CHECK(bytes(&region)[99999] == 7);
    CHECK(quire_unmap(&again, &error) == QUIRE_OK);
    CHECK(quire_attach(0x7ffffff0, region.handle, QUIRE_READ_WRITE, 0, &again, &error) == QUIRE_E_NOT_FOUND);
    CHECK(quire_attach(1LL << 40, region.handle, QUIRE_READ_WRITE, 0, &again, &error) == QUIRE_E_NOT_FOUND);
    CHECK(quire_attach(GetCurrentProcessId(), 0x7ffff0, QUIRE_READ_WRITE, 0, &again, &error)
          == QUIRE_E_NOT_FOUND);
    CHECK(quire_resize(&region, "", 10, 0, &error) == QUIRE_E_UNSUPPORTED && region.length == 100000);
    unmap();
    CHECK(map("attach.bin", -1, QUIRE_READ_WRITE, 0) == QUIRE_OK);
    CHECK(quire_attach(GetCurrentProcessId(), region.handle, QUIRE_READ_ONLY, 0, &again, &error)
          == QUIRE_E_NOT_MAPPABLE);
    unmap();
    DeleteFileW(L"attach.bin");
}

/* In the child: both memories are the parent's. */
static int run_child(const char *process, const char *handle) {
    quire_region named;
    if (quire_attach(atoll(process), atoll(handle), QUIRE_READ_WRITE, 0, &region, &error) != QUIRE_OK
        || quire_shared_open("check-child", QUIRE_READ_WRITE, 0, &named, &error) != QUIRE_OK) {
        return 1;
    }
    int is_same = bytes(&region)[0] == 1 && bytes(&named)[0] == 2;
    bytes(&region)[99999] = 3;
    bytes(&named)[0] = 4;
    return is_same ? 0 : 2;
}

static void check_other_process(const char *program) {
    quire_region named;
    char command[1024];
    STARTUPINFOA start = {.cb = sizeof start};
    PROCESS_INFORMATION child;
    DWORD status = 99;
    CHECK(quire_map_anonymous(100000, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error) == QUIRE_OK);
    CHECK(quire_shared_create("check-child", 10, 0, &named, &error) == QUIRE_OK);
    bytes(&region)[0] = 1;
    bytes(&named)[0] = 2;
    snprintf(command, sizeof command, "\"%s\" %lu %lld", program, GetCurrentProcessId(), region.handle);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child));
    WaitForSingleObject(child.hProcess, INFINITE);
    CHECK(GetExitCodeProcess(child.hProcess, &status) && status == 0);
    CHECK(bytes(&region)[99999] == 3 && bytes(&named)[0] == 4);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
    CHECK(quire_unmap(&named, &error) == QUIRE_OK);
    unmap();
}

static void check_limits(void) {
    CHECK(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error)
          == QUIRE_E_NO_MEMORY);
    CHECK(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error)
          == QUIRE_E_MEMORY_LIMIT);
    CHECK(error.limit > 0);
    CHECK(map("limits.bin", 1LL << 60, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND)
          == QUIRE_E_FILE_TOO_LARGE);
    CHECK(GetFileAttributesW(L"limits.bin") == INVALID_FILE_ATTRIBUTES);
}

/* ---- pages ---- */

static void check_unlock_of_some(void) {
    CHECK(quire_map_anonymous(10 * 4096, QUIRE_KIND_ANONYMOUS_PRIVATE, QUIRE_POPULATE, &region, &error)
          == QUIRE_OK);
    CHECK(region.granted == QUIRE_POPULATE);
    CHECK(quire_lock(&region, 4096, 4096, 0, &error) == QUIRE_OK);
    CHECK(quire_unlock(&region, 0, region.length, &error) == QUIRE_OK);
    CHECK(quire_unlock(&region, 0, region.length, &error) == QUIRE_OK);
    CHECK(quire_lock(&region, 0, 10, 1, &error) == QUIRE_E_UNSUPPORTED);
    unmap();
}

static void check_discard_protected(void) {
    quire_outcome outcome;
    CHECK(quire_map_anonymous(4 * 4096, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error) == QUIRE_OK);
    memset(bytes(&region), 5, 4 * 4096);
    CHECK(quire_discard(&region, "", 1, 3 * 4096, &outcome, &error) == QUIRE_OK && outcome.bytes == 2 * 4096);
    CHECK(bytes(&region)[4095] == 5 && bytes(&region)[4096] == 0 && bytes(&region)[3 * 4096] == 5);
    CHECK(quire_protect(&region, 0, 4096, QUIRE_ACCESS_READ, &error) == QUIRE_OK);
    CHECK(quire_discard(&region, "", 0, 4096, &outcome, &error) == QUIRE_E_READ_ONLY
          && bytes(&region)[0] == 5);
    unmap();
}

int main(int count, char **arguments) {
    if (count == 3) {
        return run_child(arguments[1], arguments[2]);
    }
    check_long_path();
    check_bad_paths();
    check_devices();
    check_links();
    check_shares();
    check_busy_resize();
    check_granularity();
    check_handles();
    check_names();
    check_attach();
    check_other_process(arguments[0]);
    check_limits();
    check_unlock_of_some();
    check_discard_protected();
    printf("check_windows: %d failures\n", failures);
    return failures == 0 ? 0 : 1;
}

#else

int main(void) {
    printf("skip: this is not Windows\n");
    return 0;
}

#endif

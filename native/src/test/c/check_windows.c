/* check_windows.c - what only Windows has: its paths, shares, sections and handles. Elsewhere there
   is nothing to check. */
#include "check.h"

#if defined(_WIN32)

#include <wchar.h>
#include <windows.h>

#include <aclapi.h>

/* The library does not export what it makes of a number. */
#define qi_fail fail_of_library
#include "../../main/c/windows/quire_windows.c"
#undef qi_fail

#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static quire_region region;

int32_t fail_of_library(quire_error *story, int32_t code, int32_t call, int32_t number,
                        long long limit) {
    *story = (quire_error){.code = code, .call = call, .os_number = number, .limit = limit};
    return code;
}

static int refused(int32_t code, int32_t expected, DWORD number) {
    if (code != expected || (DWORD)error.os_number != number) {
        printf("%s %d %s in %s\n", quire_code_name(code), error.os_number,
               quire_os_number_name(error.os_number), quire_call_name(error.call));
    }
    return code == expected && error.code == expected && (DWORD)error.os_number == number;
}

static int32_t map(const char *path, long long length, int32_t mode, int32_t flags) {
    return map_file(path, 0, length, mode, flags, &region, &error);
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
    CHECK_OK(map(path, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND));
    unmap(&region);
    CHECK(refused(map(path, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND), QUIRE_E_EXISTS,
                  ERROR_FILE_EXISTS));
    CHECK_OK(quire_preallocate(path, 5000, &error));
    CHECK(DeleteFileW(wide));
    CHECK(refused(map(path, -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND, ERROR_FILE_NOT_FOUND));
    for (int level = 12; level >= 1; level--) {
        deep_path(wide, level);
        CHECK(RemoveDirectoryW(wide));
    }
}

/* On a share of this machine, and longer than CreateFileW takes without a prefix. */
static void check_long_network_path(void) {
    static const char share[] = "//localhost/C$";
    static char path[400];
    memset(path, 'n', 300);
    memcpy(path, share, sizeof share - 1);
    for (size_t at = sizeof share - 1; at < 300; at += 50) {
        path[at] = '/';
    }
    CHECK(map(path, -1, QUIRE_READ_ONLY, 0) == QUIRE_E_NOT_FOUND
          || error.code == QUIRE_E_ACCESS_DENIED);
    CHECK(error.os_number != ERROR_INVALID_NAME);
    if (GetFileAttributesW(L"\\\\localhost\\C$") == INVALID_FILE_ATTRIBUTES) {
        skip("there is no share C$: a long path on one is only refused");
    }
}

static void check_bad_paths(void) {
    static char long_name[40000];
    memset(long_name, 'x', sizeof long_name - 1);
    CHECK(refused(map(long_name, -1, QUIRE_READ_ONLY, 0), QUIRE_E_PATH_TOO_LONG,
                  ERROR_FILENAME_EXCED_RANGE));
    CHECK(
        refused(map("\xff\xfe", -1, QUIRE_READ_ONLY, 0), QUIRE_E_INVALID_NAME,
                ERROR_NO_UNICODE_TRANSLATION));
    CHECK(refused(map("a?b", -1, QUIRE_READ_ONLY, 0), QUIRE_E_INVALID_NAME, ERROR_INVALID_NAME));
    CHECK(refused(map("absent\\file", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND,
                  ERROR_PATH_NOT_FOUND));
    CHECK_CODE(map("", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        CHECK_CODE(map(".", -1, mode, 0), QUIRE_E_IS_DIRECTORY);
        CHECK_CODE(map("C:\\", -1, mode, 0), QUIRE_E_IS_DIRECTORY);
    }
    CHECK_CODE(map(".", 10, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND), QUIRE_E_IS_DIRECTORY);
}

static void check_devices(void) {
    CHECK_CODE(map("NUL", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_MAPPABLE);
    HANDLE pipe = CreateNamedPipeW(L"\\\\.\\pipe\\quire-check", PIPE_ACCESS_DUPLEX, 0, 1, 0, 0, 0,
                                   NULL);
    CHECK(pipe != INVALID_HANDLE_VALUE);
    CHECK_CODE(map("\\\\.\\pipe\\quire-check", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_MAPPABLE);
    CloseHandle(pipe);
}

/* Needs a privilege, or developer mode, and Wine makes none. */
static void check_links(void) {
    write_file("target.bin", 10);
    /* SYMBOLIC_LINK_FLAG_ALLOW_UNPRIVILEGED_CREATE, not in every mingw-w64 */
    DWORD unprivileged = 2;
    CreateSymbolicLinkW(L"link.bin", L"target.bin", unprivileged);
    DWORD attributes = GetFileAttributesW(L"link.bin");
    int is_made = attributes != INVALID_FILE_ATTRIBUTES
        && (attributes & FILE_ATTRIBUTE_REPARSE_POINT);
    if (is_made) {
        CHECK(map("link.bin", -1, QUIRE_READ_ONLY, 0) == QUIRE_OK && region.length == 10);
        unmap(&region);
        CHECK_CODE(map("link.bin", -1, QUIRE_READ_ONLY, QUIRE_NO_FOLLOW), QUIRE_E_SYMBOLIC_LINK);
        DeleteFileW(L"link.bin");
    } else {
        skip("this system makes no symbolic links");
    }
    CHECK_OK(map("target.bin", -1, QUIRE_READ_ONLY, QUIRE_NO_FOLLOW));
    CHECK(region.length == 10 && region.granted == QUIRE_NO_FOLLOW);
    unmap(&region);
    DeleteFileW(L"target.bin");
}

/* ---- shares ---- */

static void check_shares(void) {
    write_file("shares.bin", 100000);
    HANDLE alone = CreateFileW(L"shares.bin", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(refused(map("shares.bin", -1, QUIRE_READ_ONLY, 0), QUIRE_E_FILE_BUSY,
                  ERROR_SHARING_VIOLATION));
    CHECK(strcmp(quire_os_number_name(error.os_number), "ERROR_SHARING_VIOLATION") == 0);
    CHECK(strcmp(quire_call_name(error.call), "CreateFileW") == 0);
    CloseHandle(alone);
    CHECK_OK(map("shares.bin", -1, QUIRE_READ_WRITE, 0));
    HANDLE other =
        CreateFileW(L"shares.bin", GENERIC_READ | GENERIC_WRITE | DELETE, SHARE_ALL, NULL,
                    OPEN_EXISTING, 0, NULL);
    CHECK(other != INVALID_HANDLE_VALUE);
    CloseHandle(other);
    unmap(&region);
}

/* Windows refuses to delete a file while it is mapped; Wine lets it go with its last view. Either
   way the mapping stays whole. */
static void check_delete(void) {
    write_file("delete.bin", 70000);
    CHECK_OK(map("delete.bin", -1, QUIRE_READ_ONLY, 0));
    BOOL is_taken = DeleteFileW(L"delete.bin");
    DWORD number = is_taken ? ERROR_SUCCESS : GetLastError();
    CHECK(is_taken || number == ERROR_ACCESS_DENIED || number == ERROR_USER_MAPPED_FILE);
    CHECK(bytes(&region)[0] == pattern(0) && bytes(&region)[69999] == pattern(69999));
    unmap(&region);
    CHECK(is_taken || DeleteFileW(L"delete.bin"));
    CHECK_CODE(map("delete.bin", -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND);
}

/* Windows takes SEQUENTIAL and RANDOM when a file is opened, and only then. */
static void check_open_flags(void) {
    quire_outcome outcome;
    write_file("flags.bin", 100);
    CHECK_OK(map("flags.bin", -1, QUIRE_READ_ONLY, QUIRE_OPEN_SEQUENTIAL));
    CHECK_EQUAL(region.granted, QUIRE_OPEN_SEQUENTIAL);
    CHECK_OK(quire_advise(&region, "", 0, 100, QUIRE_SEQUENTIAL, &outcome, &error));
    CHECK_EQUAL(outcome.result, QUIRE_NOT_OFFERED);
    unmap(&region);
    CHECK_OK(map("flags.bin", -1, QUIRE_READ_WRITE, QUIRE_OPEN_RANDOM));
    CHECK_EQUAL(region.granted, QUIRE_OPEN_RANDOM);
    bytes(&region)[1] = 3;
    CHECK_OK(quire_flush(&region, "flags.bin", 0, 100, QUIRE_FLUSH_DEVICE, &error));
    unmap(&region);
    DeleteFileW(L"flags.bin");
}

typedef struct number_story {
    int32_t number;
    int32_t code;
    const char *name;
} number_story;

/* By the documentation of Windows, not by a header's word for them. */
static const number_story stories[] = {
    {1, QUIRE_E_UNSUPPORTED, "ERROR_INVALID_FUNCTION"},
    {2, QUIRE_E_NOT_FOUND, "ERROR_FILE_NOT_FOUND"},
    {3, QUIRE_E_NOT_FOUND, "ERROR_PATH_NOT_FOUND"},
    {4, QUIRE_E_HANDLE_LIMIT, "ERROR_TOO_MANY_OPEN_FILES"},
    {5, QUIRE_E_ACCESS_DENIED, "ERROR_ACCESS_DENIED"},
    {6, QUIRE_E_NOT_MAPPABLE, "ERROR_INVALID_HANDLE"},
    {8, QUIRE_E_NO_MEMORY, "ERROR_NOT_ENOUGH_MEMORY"},
    {19, QUIRE_E_READ_ONLY_FILE_SYSTEM, "ERROR_WRITE_PROTECT"},
    {23, QUIRE_E_IO_ERROR, "ERROR_CRC"},
    {32, QUIRE_E_FILE_BUSY, "ERROR_SHARING_VIOLATION"},
    {33, QUIRE_E_FILE_BUSY, "ERROR_LOCK_VIOLATION"},
    {38, QUIRE_E_FILE_TOO_SHORT, "ERROR_HANDLE_EOF"},
    {39, QUIRE_E_NO_SPACE, "ERROR_HANDLE_DISK_FULL"},
    {50, QUIRE_E_UNSUPPORTED, "ERROR_NOT_SUPPORTED"},
    {53, QUIRE_E_NOT_FOUND, "ERROR_BAD_NETPATH"},
    {80, QUIRE_E_EXISTS, "ERROR_FILE_EXISTS"},
    {87, QUIRE_E_INVALID_ARGUMENT, "ERROR_INVALID_PARAMETER"},
    {112, QUIRE_E_NO_SPACE, "ERROR_DISK_FULL"},
    {123, QUIRE_E_INVALID_NAME, "ERROR_INVALID_NAME"},
    {158, QUIRE_E_INVALID_ARGUMENT, "ERROR_NOT_LOCKED"},
    {183, QUIRE_E_EXISTS, "ERROR_ALREADY_EXISTS"},
    {206, QUIRE_E_PATH_TOO_LONG, "ERROR_FILENAME_EXCED_RANGE"},
    {212, QUIRE_E_FILE_BUSY, "ERROR_LOCKED"},
    {223, QUIRE_E_FILE_TOO_LARGE, "ERROR_FILE_TOO_LARGE"},
    {225, QUIRE_E_ACCESS_DENIED, "ERROR_VIRUS_INFECTED"},
    {240, QUIRE_E_IO_ERROR, "ERROR_VC_DISCONNECTED"},
    {299, QUIRE_E_FAULT, "ERROR_PARTIAL_COPY"},
    {303, QUIRE_E_FILE_BUSY, "ERROR_DELETE_PENDING"},
    {323, QUIRE_E_IO_ERROR, "ERROR_DATA_CHECKSUM_ERROR"},
    {336, QUIRE_E_IS_DIRECTORY, "ERROR_DIRECTORY_NOT_SUPPORTED"},
    {362, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_PROVIDER_NOT_RUNNING"},
    {386, QUIRE_E_ACCESS_DENIED, "ERROR_CLOUD_FILE_AUTHENTICATION_FAILED"},
    {387, QUIRE_E_NO_MEMORY, "ERROR_CLOUD_FILE_INSUFFICIENT_RESOURCES"},
    {388, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_NETWORK_UNAVAILABLE"},
    {389, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_UNSUCCESSFUL"},
    {390, QUIRE_E_UNSUPPORTED, "ERROR_CLOUD_FILE_NOT_UNDER_SYNC_ROOT"},
    {391, QUIRE_E_FILE_BUSY, "ERROR_CLOUD_FILE_IN_USE"},
    {392, QUIRE_E_UNSUPPORTED, "ERROR_CLOUD_FILE_PINNED"},
    {393, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_REQUEST_ABORTED"},
    {394, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_PROPERTY_CORRUPT"},
    {395, QUIRE_E_ACCESS_DENIED, "ERROR_CLOUD_FILE_ACCESS_DENIED"},
    {396, QUIRE_E_UNSUPPORTED, "ERROR_CLOUD_FILE_INCOMPATIBLE_HARDLINKS"},
    {397, QUIRE_E_FILE_BUSY, "ERROR_CLOUD_FILE_PROPERTY_LOCK_CONFLICT"},
    {398, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_REQUEST_CANCELED"},
    {404, QUIRE_E_IO_ERROR, "ERROR_CLOUD_FILE_PROVIDER_TERMINATED"},
    {426, QUIRE_E_TIMED_OUT, "ERROR_CLOUD_FILE_REQUEST_TIMEOUT"},
    {448, QUIRE_E_ACCESS_DENIED, "ERROR_UNTRUSTED_MOUNT_POINT"},
    {487, QUIRE_E_INVALID_ARGUMENT, "ERROR_INVALID_ADDRESS"},
    {635, QUIRE_E_NO_MEMORY, "ERROR_COMMITMENT_MINIMUM"},
    {665, QUIRE_E_FILE_TOO_LARGE, "ERROR_FILE_SYSTEM_LIMITATION"},
    {681, QUIRE_E_SYMBOLIC_LINK, "ERROR_STOPPED_ON_SYMLINK"},
    {995, QUIRE_E_INTERRUPTED, "ERROR_OPERATION_ABORTED"},
    {998, QUIRE_E_FAULT, "ERROR_NOACCESS"},
    {1006, QUIRE_E_FILE_TOO_SHORT, "ERROR_FILE_INVALID"},
    {1112, QUIRE_E_IO_ERROR, "ERROR_NO_MEDIA_IN_DRIVE"},
    {1117, QUIRE_E_IO_ERROR, "ERROR_IO_DEVICE"},
    {1127, QUIRE_E_IO_ERROR, "ERROR_DISK_OPERATION_FAILED"},
    {1132, QUIRE_E_INVALID_ARGUMENT, "ERROR_MAPPED_ALIGNMENT"},
    {1203, QUIRE_E_NOT_FOUND, "ERROR_NO_NET_OR_BAD_PATH"},
    {1224, QUIRE_E_FILE_BUSY, "ERROR_USER_MAPPED_FILE"},
    {1231, QUIRE_E_IO_ERROR, "ERROR_NETWORK_UNREACHABLE"},
    {1232, QUIRE_E_IO_ERROR, "ERROR_HOST_UNREACHABLE"},
    {1295, QUIRE_E_NO_SPACE, "ERROR_DISK_QUOTA_EXCEEDED"},
    {1314, QUIRE_E_NOT_PERMITTED, "ERROR_PRIVILEGE_NOT_HELD"},
    {1326, QUIRE_E_ACCESS_DENIED, "ERROR_LOGON_FAILURE"},
    {1327, QUIRE_E_ACCESS_DENIED, "ERROR_ACCOUNT_RESTRICTION"},
    {1450, QUIRE_E_NO_MEMORY, "ERROR_NO_SYSTEM_RESOURCES"},
    {1453, QUIRE_E_LOCK_LIMIT, "ERROR_WORKING_SET_QUOTA"},
    {1454, QUIRE_E_MEMORY_LIMIT, "ERROR_PAGEFILE_QUOTA"},
    {1455, QUIRE_E_NO_MEMORY, "ERROR_COMMITMENT_LIMIT"},
    {1463, QUIRE_E_ACCESS_DENIED, "ERROR_SYMLINK_CLASS_DISABLED"},
    {1784, QUIRE_E_FAULT, "ERROR_INVALID_USER_BUFFER"},
    {1816, QUIRE_E_MEMORY_LIMIT, "ERROR_NOT_ENOUGH_QUOTA"}};

static void check_numbers(void) {
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        CHECK_EQUAL(qi_code_of((DWORD)stories[i].number), stories[i].code);
        CHECK(strcmp(quire_os_number_name(stories[i].number), stories[i].name) == 0);
    }
    CHECK_EQUAL(qi_code_of(12345), QUIRE_E_UNKNOWN);
}

static void check_busy_resize(void) {
    quire_region second;
    write_file("busy.bin", 200000);
    CHECK_OK(map("busy.bin", -1, QUIRE_READ_WRITE, 0));
    CHECK_OK(map_file("busy.bin", 0, 10, QUIRE_READ_ONLY, 0, &second, &error));
    CHECK(refused(quire_resize(&region, "busy.bin", 1000, 0, &error), QUIRE_E_FILE_BUSY,
                  ERROR_USER_MAPPED_FILE));
    CHECK(strcmp(quire_os_number_name(error.os_number), "ERROR_USER_MAPPED_FILE") == 0);
    CHECK(region.length == 200000 && bytes(&region)[199999] == pattern(199999));
    CHECK_OK(quire_resize(&region, "busy.bin", 300000, 0, &error));
    CHECK(bytes(&region)[199999] == pattern(199999) && bytes(&region)[200000] == 0);
    unmap(&second);
    CHECK_OK(quire_resize(&region, "busy.bin", 1000, 0, &error));
    CHECK(region.length == 1000 && bytes(&region)[999] == pattern(999));
    unmap(&region);
    DeleteFileW(L"busy.bin");
}

/* A file that may be made longer and not be mapped stays longer, which must not be held against the
   mapping. */
static void check_failed_growth(void) {
    write_file("grow.bin", 100000);
    CHECK_OK(map("grow.bin", -1, QUIRE_READ_WRITE, 0));
    long long handle = region.handle;
    HANDLE unreadable =
        CreateFileW(L"grow.bin", GENERIC_WRITE | FILE_READ_ATTRIBUTES, SHARE_ALL, NULL,
                    OPEN_EXISTING, 0, NULL);
    region.handle = from_handle(unreadable);
    CHECK_CODE(quire_resize(&region, "grow.bin", 300000, 0, &error), QUIRE_E_ACCESS_DENIED);
    CHECK(region.length == 100000 && bytes(&region)[99999] == pattern(99999));
    CHECK_EQUAL(region.file_size, file_length("grow.bin"));
    region.handle = handle;
    CloseHandle(unreadable);
    CHECK_OK(quire_resize(&region, "grow.bin", 200000, 0, &error));
    CHECK(bytes(&region)[99999] == pattern(99999) && bytes(&region)[199999] == 0);
    CHECK_EQUAL(region.file_size, file_length("grow.bin"));
    CHECK_OK(quire_resize(&region, "grow.bin", 50000, 0, &error));
    CHECK(region.file_size == 50000 && file_length("grow.bin") == 50000);
    unmap(&region);
    CHECK_OK(map("grow.bin", 30000, QUIRE_READ_WRITE, 0));
    CHECK_CODE(quire_resize(&region, "grow.bin", 40000, 0, &error), QUIRE_E_INVALID_ARGUMENT);
    unmap(&region);
    DeleteFileW(L"grow.bin");
}

#define GROWING_BYTES (64LL << 20)
#define WRITES 4096
static struct {
    long long places[WRITES];
    int count;
    volatile LONG is_over;
} writer;

static void write_last_byte(HANDLE handle, long long size) {
    long long start = (size - 1) / 65536 * 65536;
    HANDLE section = CreateFileMappingW(handle, NULL, PAGE_READWRITE, 0, 0, NULL);
    char *view = MapViewOfFile(section, FILE_MAP_WRITE, 0, (DWORD)start, (SIZE_T)(size - start));
    if (view != NULL) {
        view[size - 1 - start] = 1;
        writer.places[writer.count++] = size - 1;
        UnmapViewOfFile(view);
    }
    CloseHandle(section);
}

static DWORD WINAPI write_where_it_ends(void *handle) {
    LARGE_INTEGER size = {0};
    for (long long seen = 0; !writer.is_over && writer.count < WRITES; seen = size.QuadPart) {
        if (GetFileSizeEx(handle, &size) && size.QuadPart > seen) {
            write_last_byte(handle, size.QuadPart);
        }
    }
    return 0;
}

/* Another program's bytes in a file that becomes longer are not what the new blocks are made
   with. */
static void check_growth_beside_a_writer(void) {
    write_file("beside.bin", 0);
    HANDLE handle =
        CreateFileW(L"beside.bin", GENERIC_READ | GENERIC_WRITE, SHARE_ALL, NULL, OPEN_EXISTING, 0,
                    NULL);
    HANDLE thread = CreateThread(NULL, 0, write_where_it_ends, handle, 0, NULL);
    CHECK_OK(map("beside.bin", GROWING_BYTES, QUIRE_READ_WRITE, QUIRE_EXTEND));
    Sleep(20);
    writer.is_over = 1;
    WaitForSingleObject(thread, INFINITE);
    CHECK(writer.count > 0);
    for (int i = 0; i < writer.count; i++) {
        CHECK_EQUAL(bytes(&region)[writer.places[i]], 1);
    }
    CHECK_EQUAL(file_length("beside.bin"), GROWING_BYTES);
    unmap(&region);
    CloseHandle(thread);
    CloseHandle(handle);
    DeleteFileW(L"beside.bin");
}

static void check_granularity(void) {
    static const long long offsets[] = {0, 1, 4095, 4096, 65535, 65536, 65537, 99999};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        CHECK_OK(map_file("shares.bin", offsets[i], -1, QUIRE_READ_ONLY, 0, &region, &error));
        CHECK(region.length == 100000 - offsets[i] && bytes(&region)[0] == pattern(offsets[i]));
        CHECK(region.base % 65536 == 0 && region.handle == -1);
        unmap(&region);
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
    write_file("handles.bin", 5000);
    CHECK(GetProcessHandleCount(GetCurrentProcess(), &before));
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(map("handles.bin", -1, i % 3, 0));
        CHECK((region.handle != -1) == (region.mode == QUIRE_READ_WRITE));
        unmap(&region);
        CHECK_CODE(map("handles.bin", 6000, QUIRE_READ_ONLY, 0), QUIRE_E_FILE_TOO_SHORT);
    }
    CHECK(GetProcessHandleCount(GetCurrentProcess(), &after) && after <= before);
    CHECK_OK(map("handles.bin", -1, QUIRE_READ_ONLY, QUIRE_KEEP_FILE));
    CHECK(region.granted == QUIRE_KEEP_FILE && handle_flags(&region) == 0);
    unmap(&region);
    CHECK_OK(map("handles.bin", -1, QUIRE_READ_ONLY, QUIRE_KEEP_FILE | QUIRE_INHERIT));
    CHECK(handle_flags(&region) == HANDLE_FLAG_INHERIT);
    unmap(&region);
    DeleteFileW(L"handles.bin");
}

/* ---- sections ---- */

static void check_owner_only(void) {
    PACL list = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    DWORD revision;
    CHECK(GetSecurityInfo((HANDLE)(intptr_t)region.handle, SE_KERNEL_OBJECT,
                          DACL_SECURITY_INFORMATION, NULL, NULL, &list, NULL, &descriptor)
          == ERROR_SUCCESS);
    CHECK(list != NULL && list->AceCount == 1);
    CHECK(GetSecurityDescriptorControl(descriptor, &control, &revision)
          && (control & SE_DACL_PROTECTED));
    LocalFree(descriptor);
}

static void check_names(void) {
    quire_region second;
    HANDLE event = CreateEventW(NULL, FALSE, FALSE, L"Local\\check-event");
    CHECK_CODE(quire_shared_create("check-event", 10, 0, &region, &error), QUIRE_E_EXISTS);
    CloseHandle(event);
    HANDLE foreign = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096,
                                        L"check-foreign");
    CHECK_OK(quire_shared_open("check-foreign", QUIRE_READ_WRITE, 0, &region, &error));
    unmap(&region);
    CloseHandle(foreign);
    CHECK(refused(quire_shared_open("check", QUIRE_READ_ONLY, 0, &region, &error),
                  QUIRE_E_NOT_FOUND, ERROR_FILE_NOT_FOUND));
    CHECK_OK(quire_shared_create("check", 100000, 0, &region, &error));
    CHECK(region.handle != -1 && region.length == 100000);
    check_owner_only();
    CHECK(
        refused(quire_shared_create("check", 10, 0, &second, &error), QUIRE_E_EXISTS,
                ERROR_ALREADY_EXISTS));
    CHECK_CODE(quire_shared_unlink("check", &error), QUIRE_E_UNSUPPORTED);
    CHECK_OK(quire_shared_open("check", QUIRE_COPY_ON_WRITE, 0, &second, &error));
    CHECK(second.length >= 100000 && second.length % 4096 == 0);
    bytes(&second)[0] = 1;
    CHECK(bytes(&region)[0] == 0);
    unmap(&region);
    CHECK_OK(quire_shared_open("check", QUIRE_READ_WRITE, 0, &region, &error));
    unmap(&region);
    unmap(&second);
    CHECK_CODE(quire_shared_unlink("check", &error), QUIRE_E_NOT_FOUND);
}

static void check_attach(void) {
    quire_region again;
    write_file("attach.bin", 10);
    CHECK_OK(quire_map_anonymous(100000, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    CHECK_OK(quire_attach(GetCurrentProcessId(), region.handle, QUIRE_READ_WRITE, 0, &again,
                          &error));
    bytes(&again)[99999] = 7;
    CHECK(bytes(&region)[99999] == 7);
    unmap(&again);
    CHECK_CODE(quire_attach(0x7ffffff0, region.handle, QUIRE_READ_WRITE, 0, &again, &error),
               QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_attach(1LL << 40, region.handle, QUIRE_READ_WRITE, 0, &again, &error),
               QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_attach(GetCurrentProcessId(), 0x7ffff0, QUIRE_READ_WRITE, 0, &again, &error),
               QUIRE_E_NOT_FOUND);
    CHECK(quire_resize(&region, "", 10, 0, &error) == QUIRE_E_UNSUPPORTED
          && region.length == 100000);
    unmap(&region);
    CHECK_OK(map("attach.bin", -1, QUIRE_READ_WRITE, 0));
    CHECK_CODE(quire_attach(GetCurrentProcessId(), region.handle, QUIRE_READ_ONLY, 0, &again,
                            &error), QUIRE_E_NOT_MAPPABLE);
    unmap(&region);
    DeleteFileW(L"attach.bin");
}

/* In the child: both memories are the parent's. */
static int run_child(const char *process, const char *handle) {
    quire_region named;
    if (quire_attach(atoll(process), atoll(handle), QUIRE_READ_WRITE, 0, &region,
        &error) != QUIRE_OK || quire_shared_open("check-child", QUIRE_READ_WRITE, 0, &named,
                                                 &error) != QUIRE_OK) {
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
    CHECK_OK(quire_map_anonymous(100000, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    CHECK_OK(quire_shared_create("check-child", 10, 0, &named, &error));
    bytes(&region)[0] = 1;
    bytes(&named)[0] = 2;
    snprintf(command, sizeof command, "\"%s\" %lu %lld", program, GetCurrentProcessId(),
             region.handle);
    CHECK(CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child));
    WaitForSingleObject(child.hProcess, INFINITE);
    CHECK(GetExitCodeProcess(child.hProcess, &status) && status == 0);
    CHECK(bytes(&region)[99999] == 3 && bytes(&named)[0] == 4);
    CloseHandle(child.hProcess);
    CloseHandle(child.hThread);
    unmap(&named);
    unmap(&region);
}

static void check_limits(void) {
    CHECK_CODE(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error),
               QUIRE_E_NO_MEMORY);
    CHECK_CODE(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error),
               QUIRE_E_MEMORY_LIMIT);
    CHECK(error.limit > 0);
    CHECK_CODE(map("limits.bin", 1LL << 60, QUIRE_READ_WRITE, QUIRE_CREATE | QUIRE_EXTEND),
               QUIRE_E_FILE_TOO_LARGE);
    CHECK(GetFileAttributesW(L"limits.bin") == INVALID_FILE_ATTRIBUTES);
}

/* ---- pages ---- */

static void check_unlock_of_some(void) {
    CHECK_OK(quire_map_anonymous(10 * 4096, QUIRE_KIND_ANONYMOUS_PRIVATE, QUIRE_POPULATE, &region,
                                 &error));
    CHECK(region.granted == QUIRE_POPULATE);
    CHECK_OK(quire_lock(&region, 4096, 4096, 0, &error));
    CHECK_OK(quire_unlock(&region, 0, region.length, &error));
    CHECK_OK(quire_unlock(&region, 0, region.length, &error));
    CHECK_CODE(quire_lock(&region, 0, 10, 1, &error), QUIRE_E_UNSUPPORTED);
    unmap(&region);
}

static void check_discard_protected(void) {
    quire_outcome outcome;
    CHECK_OK(quire_map_anonymous(4 * 4096, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    memset(bytes(&region), 5, 4 * 4096);
    CHECK(quire_discard(&region, "", 1, 3 * 4096, &outcome, &error) == QUIRE_OK
          && outcome.bytes == 2 * 4096);
    CHECK(bytes(&region)[4095] == 5 && bytes(&region)[4096] == 0 && bytes(&region)[3 * 4096] == 5);
    CHECK_OK(quire_protect(&region, 0, 4096, QUIRE_ACCESS_READ, &error));
    CHECK(quire_discard(&region, "", 0, 4096, &outcome, &error) == QUIRE_E_READ_ONLY
          && bytes(&region)[0] == 5);
    unmap(&region);
}

int main(int count, char **arguments) {
    if (count == 3) {
        return run_child(arguments[1], arguments[2]);
    }
    check_long_path();
    check_long_network_path();
    check_bad_paths();
    check_devices();
    check_links();
    check_shares();
    check_delete();
    check_open_flags();
    check_numbers();
    check_busy_resize();
    check_failed_growth();
    check_growth_beside_a_writer();
    check_granularity();
    check_handles();
    check_names();
    check_attach();
    check_other_process(arguments[0]);
    check_limits();
    check_unlock_of_some();
    check_discard_protected();
    return summary("check_windows");
}

#else

int main(void) {
    skip("this is not Windows");
    return summary("check_windows");
}

#endif

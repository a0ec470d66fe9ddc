/* quire_windows.c - Windows: facts about the system, and the numbers that GetLastError gives. */
#if defined(_WIN32)

#include "quire_windows.h"

/* number, name, Quire code: what the headers of not every mingw-w64 have. */
#define NEWER_OS_NUMBERS \
    NEWER_OS_NUMBER(225, ERROR_VIRUS_INFECTED, ACCESS_DENIED) \
    NEWER_OS_NUMBER(323, ERROR_DATA_CHECKSUM_ERROR, IO_ERROR) \
    NEWER_OS_NUMBER(336, ERROR_DIRECTORY_NOT_SUPPORTED, IS_DIRECTORY) \
    NEWER_OS_NUMBER(362, ERROR_CLOUD_FILE_PROVIDER_NOT_RUNNING, IO_ERROR) \
    NEWER_OS_NUMBER(386, ERROR_CLOUD_FILE_AUTHENTICATION_FAILED, ACCESS_DENIED) \
    NEWER_OS_NUMBER(387, ERROR_CLOUD_FILE_INSUFFICIENT_RESOURCES, NO_MEMORY) \
    NEWER_OS_NUMBER(388, ERROR_CLOUD_FILE_NETWORK_UNAVAILABLE, IO_ERROR) \
    NEWER_OS_NUMBER(389, ERROR_CLOUD_FILE_UNSUCCESSFUL, IO_ERROR) \
    NEWER_OS_NUMBER(390, ERROR_CLOUD_FILE_NOT_UNDER_SYNC_ROOT, UNSUPPORTED) \
    NEWER_OS_NUMBER(391, ERROR_CLOUD_FILE_IN_USE, FILE_BUSY) \
    NEWER_OS_NUMBER(392, ERROR_CLOUD_FILE_PINNED, UNSUPPORTED) \
    NEWER_OS_NUMBER(393, ERROR_CLOUD_FILE_REQUEST_ABORTED, IO_ERROR) \
    NEWER_OS_NUMBER(394, ERROR_CLOUD_FILE_PROPERTY_CORRUPT, IO_ERROR) \
    NEWER_OS_NUMBER(395, ERROR_CLOUD_FILE_ACCESS_DENIED, ACCESS_DENIED) \
    NEWER_OS_NUMBER(396, ERROR_CLOUD_FILE_INCOMPATIBLE_HARDLINKS, UNSUPPORTED) \
    NEWER_OS_NUMBER(397, ERROR_CLOUD_FILE_PROPERTY_LOCK_CONFLICT, FILE_BUSY) \
    NEWER_OS_NUMBER(398, ERROR_CLOUD_FILE_REQUEST_CANCELED, IO_ERROR) \
    NEWER_OS_NUMBER(404, ERROR_CLOUD_FILE_PROVIDER_TERMINATED, IO_ERROR) \
    NEWER_OS_NUMBER(426, ERROR_CLOUD_FILE_REQUEST_TIMEOUT, TIMED_OUT) \
    NEWER_OS_NUMBER(448, ERROR_UNTRUSTED_MOUNT_POINT, ACCESS_DENIED) \
    NEWER_OS_NUMBER(665, ERROR_FILE_SYSTEM_LIMITATION, FILE_TOO_LARGE) \
    NEWER_OS_NUMBER(681, ERROR_STOPPED_ON_SYMLINK, SYMBOLIC_LINK) \
    NEWER_OS_NUMBER(1295, ERROR_DISK_QUOTA_EXCEEDED, NO_SPACE)

/* name, Quire code: what the calls of the Windows files are documented or were seen to answer. */
#define OS_NUMBERS \
    OS_NUMBER(ERROR_INVALID_FUNCTION, UNSUPPORTED) \
    OS_NUMBER(ERROR_FILE_NOT_FOUND, NOT_FOUND) \
    OS_NUMBER(ERROR_PATH_NOT_FOUND, NOT_FOUND) \
    OS_NUMBER(ERROR_TOO_MANY_OPEN_FILES, HANDLE_LIMIT) \
    OS_NUMBER(ERROR_ACCESS_DENIED, ACCESS_DENIED) \
    OS_NUMBER(ERROR_INVALID_HANDLE, NOT_MAPPABLE) \
    OS_NUMBER(ERROR_NOT_ENOUGH_MEMORY, NO_MEMORY) \
    OS_NUMBER(ERROR_OUTOFMEMORY, NO_MEMORY) \
    OS_NUMBER(ERROR_INVALID_DRIVE, NOT_FOUND) \
    OS_NUMBER(ERROR_WRITE_PROTECT, READ_ONLY_FILE_SYSTEM) \
    OS_NUMBER(ERROR_BAD_UNIT, IO_ERROR) \
    OS_NUMBER(ERROR_NOT_READY, IO_ERROR) \
    OS_NUMBER(ERROR_CRC, IO_ERROR) \
    OS_NUMBER(ERROR_SEEK, IO_ERROR) \
    OS_NUMBER(ERROR_SECTOR_NOT_FOUND, IO_ERROR) \
    OS_NUMBER(ERROR_WRITE_FAULT, IO_ERROR) \
    OS_NUMBER(ERROR_READ_FAULT, IO_ERROR) \
    OS_NUMBER(ERROR_GEN_FAILURE, IO_ERROR) \
    OS_NUMBER(ERROR_SHARING_VIOLATION, FILE_BUSY) \
    OS_NUMBER(ERROR_LOCK_VIOLATION, FILE_BUSY) \
    OS_NUMBER(ERROR_HANDLE_EOF, FILE_TOO_SHORT) \
    OS_NUMBER(ERROR_HANDLE_DISK_FULL, NO_SPACE) \
    OS_NUMBER(ERROR_NOT_SUPPORTED, UNSUPPORTED) \
    OS_NUMBER(ERROR_REM_NOT_LIST, NOT_FOUND) \
    OS_NUMBER(ERROR_BAD_NETPATH, NOT_FOUND) \
    OS_NUMBER(ERROR_NETWORK_BUSY, IO_ERROR) \
    OS_NUMBER(ERROR_DEV_NOT_EXIST, IO_ERROR) \
    OS_NUMBER(ERROR_UNEXP_NET_ERR, IO_ERROR) \
    OS_NUMBER(ERROR_NETNAME_DELETED, IO_ERROR) \
    OS_NUMBER(ERROR_NETWORK_ACCESS_DENIED, ACCESS_DENIED) \
    OS_NUMBER(ERROR_BAD_NET_NAME, NOT_FOUND) \
    OS_NUMBER(ERROR_FILE_EXISTS, EXISTS) \
    OS_NUMBER(ERROR_CANNOT_MAKE, ACCESS_DENIED) \
    OS_NUMBER(ERROR_INVALID_PARAMETER, INVALID_ARGUMENT) \
    OS_NUMBER(ERROR_DISK_FULL, NO_SPACE) \
    OS_NUMBER(ERROR_CALL_NOT_IMPLEMENTED, UNSUPPORTED) \
    OS_NUMBER(ERROR_SEM_TIMEOUT, IO_ERROR) \
    OS_NUMBER(ERROR_INVALID_NAME, INVALID_NAME) \
    OS_NUMBER(ERROR_PROC_NOT_FOUND, UNSUPPORTED) \
    OS_NUMBER(ERROR_NOT_LOCKED, INVALID_ARGUMENT) \
    OS_NUMBER(ERROR_BAD_PATHNAME, INVALID_NAME) \
    OS_NUMBER(ERROR_BUSY, FILE_BUSY) \
    OS_NUMBER(ERROR_ALREADY_EXISTS, EXISTS) \
    OS_NUMBER(ERROR_FILENAME_EXCED_RANGE, PATH_TOO_LONG) \
    OS_NUMBER(ERROR_LOCKED, FILE_BUSY) \
    OS_NUMBER(ERROR_FILE_TOO_LARGE, FILE_TOO_LARGE) \
    OS_NUMBER(ERROR_PIPE_BUSY, NOT_MAPPABLE) \
    OS_NUMBER(ERROR_VC_DISCONNECTED, IO_ERROR) \
    OS_NUMBER(ERROR_DIRECTORY, NOT_FOUND) \
    OS_NUMBER(ERROR_PARTIAL_COPY, FAULT) \
    OS_NUMBER(ERROR_DELETE_PENDING, FILE_BUSY) \
    OS_NUMBER(ERROR_INVALID_ADDRESS, INVALID_ARGUMENT) \
    OS_NUMBER(ERROR_COMMITMENT_MINIMUM, NO_MEMORY) \
    OS_NUMBER(ERROR_OPERATION_ABORTED, INTERRUPTED) \
    OS_NUMBER(ERROR_NOACCESS, FAULT) \
    OS_NUMBER(ERROR_SWAPERROR, FAULT) \
    OS_NUMBER(ERROR_UNRECOGNIZED_VOLUME, IO_ERROR) \
    OS_NUMBER(ERROR_FILE_INVALID, FILE_TOO_SHORT) \
    OS_NUMBER(ERROR_NO_UNICODE_TRANSLATION, INVALID_NAME) \
    OS_NUMBER(ERROR_IO_DEVICE, IO_ERROR) \
    OS_NUMBER(ERROR_NO_MEDIA_IN_DRIVE, IO_ERROR) \
    OS_NUMBER(ERROR_DISK_OPERATION_FAILED, IO_ERROR) \
    OS_NUMBER(ERROR_MAPPED_ALIGNMENT, INVALID_ARGUMENT) \
    OS_NUMBER(ERROR_DEVICE_NOT_CONNECTED, IO_ERROR) \
    OS_NUMBER(ERROR_NO_NET_OR_BAD_PATH, NOT_FOUND) \
    OS_NUMBER(ERROR_USER_MAPPED_FILE, FILE_BUSY) \
    OS_NUMBER(ERROR_NETWORK_UNREACHABLE, IO_ERROR) \
    OS_NUMBER(ERROR_HOST_UNREACHABLE, IO_ERROR) \
    OS_NUMBER(ERROR_PRIVILEGE_NOT_HELD, NOT_PERMITTED) \
    OS_NUMBER(ERROR_LOGON_FAILURE, ACCESS_DENIED) \
    OS_NUMBER(ERROR_ACCOUNT_RESTRICTION, ACCESS_DENIED) \
    OS_NUMBER(ERROR_FILE_CORRUPT, IO_ERROR) \
    OS_NUMBER(ERROR_DISK_CORRUPT, IO_ERROR) \
    OS_NUMBER(ERROR_NO_SYSTEM_RESOURCES, NO_MEMORY) \
    OS_NUMBER(ERROR_WORKING_SET_QUOTA, LOCK_LIMIT) \
    OS_NUMBER(ERROR_PAGEFILE_QUOTA, MEMORY_LIMIT) \
    OS_NUMBER(ERROR_COMMITMENT_LIMIT, NO_MEMORY) \
    OS_NUMBER(ERROR_TIMEOUT, TIMED_OUT) \
    OS_NUMBER(ERROR_SYMLINK_CLASS_DISABLED, ACCESS_DENIED) \
    OS_NUMBER(ERROR_INVALID_USER_BUFFER, FAULT) \
    OS_NUMBER(ERROR_NOT_ENOUGH_QUOTA, MEMORY_LIMIT) \
    OS_NUMBER(ERROR_CANT_ACCESS_FILE, ACCESS_DENIED) \
    OS_NUMBER(ERROR_CANT_RESOLVE_FILENAME, NOT_FOUND) \
    OS_NUMBER(ERROR_FILE_OFFLINE, IO_ERROR) \
    OS_NUMBER(ERROR_FILE_ENCRYPTED, ACCESS_DENIED)

int32_t qi_code_of(DWORD number) {
    switch (number) {
#define OS_NUMBER(name, code) \
    case name: \
        return QUIRE_E_##code;
        OS_NUMBERS
#undef OS_NUMBER
#define NEWER_OS_NUMBER(number, name, code) \
    case number: \
        return QUIRE_E_##code;
        NEWER_OS_NUMBERS
#undef NEWER_OS_NUMBER
    default:
        return QUIRE_E_UNKNOWN;
    }
}

const char *os_number_name(int32_t os_number) {
    switch (os_number) {
#define OS_NUMBER(name, code) \
    case name: \
        return #name;
        OS_NUMBERS
#undef OS_NUMBER
#define NEWER_OS_NUMBER(number, name, code) \
    case number: \
        return #name;
        NEWER_OS_NUMBERS
#undef NEWER_OS_NUMBER
    default:
        return "";
    }
}

int32_t qi_fail_last(quire_error *error, int32_t call) {
    DWORD number = GetLastError();
    return qi_fail(error, qi_code_of(number), call, (int32_t)number, -1);
}

FARPROC qi_optional_function(const char *name) {
    HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
    return kernel == NULL ? NULL : GetProcAddress(kernel, name);
}

static SYSTEM_INFO system_info(void) {
    /* is read from memory of the process: there is nothing to gain by keeping it */
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    return info;
}

long long os_page_size(void) {
    return system_info().dwPageSize;
}

long long os_granularity(void) {
    return system_info().dwAllocationGranularity;
}

/* Windows has no limit of areas: address space and memory are what runs out. */
long long os_count_areas(void) {
    return -1;
}

long long os_area_limit(void) {
    return -1;
}

/* GetVersionEx answers by the manifest of the executable; this one by the system. */
static void query_version(quire_system *system) {
    typedef LONG(WINAPI * rtl_get_version)(OSVERSIONINFOW *);
    HMODULE library = GetModuleHandleW(L"ntdll.dll");
    FARPROC function = library == NULL ? NULL : GetProcAddress(library, "RtlGetVersion");
    OSVERSIONINFOW version = {.dwOSVersionInfoSize = sizeof version};
    if (function != NULL && ((rtl_get_version)(void (*)(void))function)(&version) == 0) {
        system->os_major = (int32_t)version.dwMajorVersion;
        system->os_minor = (int32_t)version.dwMinorVersion;
    }
}

/* JobObjectMemoryUsageInformation of Windows 10, which the headers of mingw-w64 do not have. */
#define JOB_MEMORY_USAGE 28
typedef struct job_memory_usage {
    ULONG64 memory;
    ULONG64 peak;
} job_memory_usage;

static void query_group(quire_system *system) {
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION job = {0};
    job_memory_usage usage = {0, 0};
    if (!QueryInformationJobObject(NULL, JobObjectExtendedLimitInformation, &job, sizeof job, NULL)
        || (job.BasicLimitInformation.LimitFlags & JOB_OBJECT_LIMIT_JOB_MEMORY) == 0) {
        return;
    }
    system->group_limit = (long long)job.JobMemoryLimit;
    if (QueryInformationJobObject(NULL, (JOBOBJECTINFOCLASS)JOB_MEMORY_USAGE, &usage, sizeof usage,
                                  NULL)) {
        long long left = system->group_limit - (long long)usage.memory;
        system->group_available = left > 0 ? left : 0;
    }
}

void os_query_system(quire_system *system) {
    MEMORYSTATUSEX memory = {.dwLength = sizeof memory};
    system->os = QUIRE_OS_WINDOWS;
    query_version(system);
    system->page_size = os_page_size();
    system->granularity = os_granularity();
    if (GlobalMemoryStatusEx(&memory)) {
        system->memory_total = (long long)memory.ullTotalPhys;
        system->memory_available = (long long)memory.ullAvailPhys;
    }
    query_group(system);
    system->capabilities =
        QUIRE_CAN_POPULATE | QUIRE_CAN_REPORT_RESIDENCY | QUIRE_CAN_ATTACH
            | QUIRE_CAN_PREFETCH_MANY;
    system->hints = 1LL << QUIRE_WILLNEED | 1LL << QUIRE_DONTNEED | 1LL << QUIRE_COLD
        | 1LL << QUIRE_PAGEOUT;
}

#endif

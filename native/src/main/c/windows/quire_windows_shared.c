/* quire_windows_shared.c - Windows: named sections, and sections of other processes. */
#if defined(_WIN32)

#include "quire_windows.h"

#include <wchar.h>

/* Of this logon session, as other programs of the same user are. */
#define NAME_PREFIX L"Local\\"

/* The public header's limit; the object manager allows much more. */
#define NAME_LIMIT 200

long long os_shared_name_limit(void) {
    return NAME_LIMIT;
}

typedef wchar_t section_name[sizeof NAME_PREFIX / sizeof(wchar_t) + NAME_LIMIT];

/* The characters of a checked name are ASCII. */
static void system_name(const char *name, section_name out) {
    size_t length = wcslen(NAME_PREFIX);
    wmemcpy(out, NAME_PREFIX, length);
    while (*name != 0) {
        out[length++] = (wchar_t)*name++;
    }
    out[length] = 0;
}

/* ---- only this user ---- */

typedef struct owner_only {
    SECURITY_ATTRIBUTES attributes;
    SECURITY_DESCRIPTOR descriptor;
    union {
        TOKEN_USER user;
        char bytes[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } token;
    union {
        ACL list;
        char bytes[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + SECURITY_MAX_SID_SIZE];
    } access;
} owner_only;

static BOOL query_user(owner_only *only) {
    HANDLE token;
    DWORD length;
    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        return FALSE;
    }
    BOOL known = GetTokenInformation(token, TokenUser, &only->token, sizeof only->token, &length);
    DWORD number = GetLastError();
    CloseHandle(token);
    SetLastError(number);
    return known;
}

/* Points into itself: not to be copied. */
static BOOL make_owner_only(owner_only *only, BOOL inherit) {
    only->attributes = (SECURITY_ATTRIBUTES){sizeof only->attributes, &only->descriptor, inherit};
    return query_user(only) && InitializeAcl(&only->access.list, sizeof only->access, ACL_REVISION)
           && AddAccessAllowedAce(&only->access.list, ACL_REVISION, SECTION_ALL_ACCESS,
                                  only->token.user.User.Sid)
           && InitializeSecurityDescriptor(&only->descriptor, SECURITY_DESCRIPTOR_REVISION)
           && SetSecurityDescriptorDacl(&only->descriptor, TRUE, &only->access.list, FALSE)
           && SetSecurityDescriptorControl(&only->descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED);
}

/* ---- named sections ---- */

int32_t os_shared_create(const char *name, long long length, int32_t flags, quire_region *region,
                         quire_error *error) {
    section_name wide;
    owner_only only;
    system_name(name, wide);
    if (!make_owner_only(&only, (flags & QUIRE_INHERIT) != 0)) {
        return qi_fail_last(error, CALL_QUERY_TOKEN);
    }
    return qi_create_section(wide, &only.attributes, length, flags, region, error);
}

static const DWORD section_access[] = {FILE_MAP_READ, FILE_MAP_READ | FILE_MAP_WRITE,
                                       FILE_MAP_READ | FILE_MAP_COPY};

/* A length of 0 maps the whole section, whose length is then what the view covers. The name lives
   as long as a handle. */
static int32_t keep_section(HANDLE section, int32_t flags, quire_region *region,
                            quire_error *error) {
    MEMORY_BASIC_INFORMATION info;
    int32_t code = qi_map_view(section, 0, 0, NULL, region, error);
    if (code == QUIRE_OK && VirtualQuery(to_pointer(region->base), &info, sizeof info) == 0) {
        code = qi_fail_last(error, CALL_MAP_VIEW);
        UnmapViewOfFile(to_pointer(region->base));
    }
    if (code != QUIRE_OK) {
        CloseHandle(section);
        return code;
    }
    region->length = region->base_length = (long long)info.RegionSize;
    region->handle = from_handle(section);
    region->file_size = region->length;
    region->granted = flags & (QUIRE_KEEP_FILE | QUIRE_INHERIT);
    qi_populate_new(region, flags);
    return QUIRE_OK;
}

int32_t os_shared_open(const char *name, int32_t flags, quire_region *region, quire_error *error) {
    section_name wide;
    system_name(name, wide);
    HANDLE section = OpenFileMappingW(section_access[region->mode], (flags & QUIRE_INHERIT) != 0,
                                      wide);
    if (section == NULL) {
        return qi_fail_last(error, CALL_OPEN_MAPPING);
    }
    return keep_section(section, flags, region, error);
}

int32_t os_shared_unlink(const char *name, quire_error *error) {
    section_name wide;
    system_name(name, wide);
    HANDLE section = OpenFileMappingW(FILE_MAP_READ, FALSE, wide);
    if (section == NULL) {
        return qi_fail_last(error, CALL_OPEN_MAPPING);
    }
    CloseHandle(section);
    return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_OPEN_MAPPING, 0, -1);
}

/* ---- sections of other processes ---- */

static int32_t duplicate(long long process, long long handle, const quire_region *region,
                         int32_t flags, HANDLE *section, quire_error *error) {
    HANDLE owner = process > MAXDWORD ? NULL
        : OpenProcess(PROCESS_DUP_HANDLE, FALSE, (DWORD)process);
    if (owner == NULL) {
        DWORD number = process > MAXDWORD ? ERROR_INVALID_PARAMETER : GetLastError();
        int32_t code = number == ERROR_INVALID_PARAMETER ? QUIRE_E_NOT_FOUND : qi_code_of(number);
        return qi_fail(error, code, CALL_OPEN_PROCESS, (int32_t)number, -1);
    }
    int32_t code = QUIRE_OK;
    if (!DuplicateHandle(owner, to_handle(handle), GetCurrentProcess(), section,
                         section_access[region->mode], (flags & QUIRE_INHERIT) != 0, 0)) {
        DWORD number = GetLastError();
        code = number == ERROR_INVALID_HANDLE ? QUIRE_E_NOT_FOUND : qi_code_of(number);
        qi_fail(error, code, CALL_DUPLICATE_HANDLE, (int32_t)number, -1);
    }
    CloseHandle(owner);
    return code;
}

int32_t os_attach(long long process, long long handle, int32_t flags, quire_region *region,
                  quire_error *error) {
    HANDLE section;
    int32_t code = duplicate(process, handle, region, flags, &section, error);
    if (code != QUIRE_OK) {
        return code;
    }
    return keep_section(section, flags, region, error);
}

/* ---- seals: Windows has none ---- */

int32_t os_seal(const quire_region *region, int32_t seals, quire_error *error) {
    (void)region;
    (void)seals;
    return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

int32_t os_freeze(quire_region *region, int32_t seals, quire_error *error) {
    (void)region;
    (void)seals;
    return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

int32_t os_query_seals(const quire_region *region, quire_seals *seals, quire_error *error) {
    (void)region;
    (void)seals;
    return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

#endif

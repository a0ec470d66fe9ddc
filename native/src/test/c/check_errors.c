/* check_errors.c - codes, names, sentences, and what the system says of itself. */
#include "check.h"

static const struct {
    int32_t number;
    const char *name;
    const char *sentence;
} codes[] = {
#define QUIRE_CODE(number, name, sentence) {number, #name, sentence},
    QUIRE_CODES
#undef QUIRE_CODE
};
#define CODE_COUNT (sizeof codes / sizeof *codes)

/* Numbers are part of the interface: no release may change one. */
static void check_pinned(void) {
    CHECK_EQUAL(QUIRE_E_INVALID_ARGUMENT, 1);
    CHECK_EQUAL(QUIRE_E_INVALID_NAME, 4);
    CHECK_EQUAL(QUIRE_E_NOT_FOUND, 10);
    CHECK_EQUAL(QUIRE_E_SEALED, 25);
    CHECK_EQUAL(QUIRE_E_NO_MEMORY, 30);
    CHECK_EQUAL(QUIRE_E_FAULT, 35);
    CHECK_EQUAL(QUIRE_E_UNSUPPORTED, 40);
    CHECK_EQUAL(QUIRE_E_NOT_PERMITTED, 43);
    CHECK_EQUAL(QUIRE_E_UNKNOWN, 99);
    CHECK_EQUAL(QUIRE_UNMERGEABLE, 17);
    CHECK_EQUAL(QUIRE_CAN_SHRINK_MAPPED_FILE, 4096);
    CHECK_EQUAL(QUIRE_CAN_WAIT, 8192);
    CHECK_EQUAL(QUIRE_CAN_LIST_SHARED, 16384);
    CHECK_EQUAL(QUIRE_CAN_KEEP_SHARED, 32768);
    CHECK_EQUAL(CODE_COUNT, 31);
}

static void check_codes(void) {
    for (size_t i = 0; i < CODE_COUNT; i++) {
        CHECK(strcmp(quire_code_name(codes[i].number), codes[i].name) == 0);
        CHECK(strcmp(quire_code_sentence(codes[i].number), codes[i].sentence) == 0);
        CHECK(strlen(codes[i].sentence) > 10);
        for (size_t j = 0; j < i; j++) {
            CHECK(codes[i].number != codes[j].number);
            CHECK(strcmp(codes[i].name, codes[j].name) != 0);
            CHECK(strcmp(codes[i].sentence, codes[j].sentence) != 0);
        }
    }
    CHECK(strcmp(quire_code_name(5), "UNKNOWN") == 0);
    CHECK(strcmp(quire_code_name(-1), "UNKNOWN") == 0);
    CHECK(strcmp(quire_code_name(INT32_MAX), "UNKNOWN") == 0);
    CHECK(strcmp(quire_code_sentence(5), "UNKNOWN") == 0);
}

static void check_calls(void) {
    int named = 0;
    CHECK(strcmp(quire_call_name(0), "") == 0);
    for (int32_t call = -10; call < 300; call++) {
        const char *name = quire_call_name(call);
        if (!CHECK(name != NULL) || *name == '\0') {
            continue;
        }
        CHECK(call > 0);
        named++;
        for (int32_t other = 1; other < call; other++) {
            CHECK(strcmp(name, quire_call_name(other)) != 0);
        }
    }
    CHECK(named >= 45);
    CHECK(strcmp(quire_call_name(INT32_MAX), "") == 0);
    CHECK(strcmp(quire_call_name(5), "mmap") == 0);
    CHECK(strcmp(quire_call_name(41), "CreateFileMappingW") == 0);
}

static const struct {
    int32_t number;
    const char *posix;
    const char *windows;
} os_numbers[] = {{2, "ENOENT", "ERROR_FILE_NOT_FOUND"},
                  {5, "EIO", "ERROR_ACCESS_DENIED"},
                  {12, "ENOMEM", ""},
                  {13, "EACCES", ""},
                  {17, "EEXIST", ""},
                  {21, "EISDIR", "ERROR_NOT_READY"},
                  {22, "EINVAL", ""},
                  {28, "ENOSPC", ""},
                  {32, "EPIPE", "ERROR_SHARING_VIOLATION"}};

static void check_numbers(void) {
    for (size_t i = 0; i < sizeof os_numbers / sizeof *os_numbers; i++) {
        const char *name = is_windows() ? os_numbers[i].windows : os_numbers[i].posix;
        CHECK(strcmp(quire_os_number_name(os_numbers[i].number), name) == 0);
    }
    CHECK(strcmp(quire_os_number_name(0), "") == 0);
    CHECK(strcmp(quire_os_number_name(-1), "") == 0);
    CHECK(strcmp(quire_os_number_name(INT32_MAX), "") == 0);
    int named = 0;
    for (int32_t number = 1; number < 20000; number++) {
        const char *name = quire_os_number_name(number);
        if (CHECK(name != NULL) && *name != '\0') {
            CHECK(strncmp(name, is_windows() ? "ERROR_" : "E", is_windows() ? 6 : 1) == 0);
            named++;
        }
    }
    CHECK(named >= 20);
}

/* Code, call, number and limit come together. */
static void check_story(void) {
    quire_region region;
    CHECK_CODE(map_file("check_errors.absent", 0, -1, QUIRE_READ_ONLY, 0, &region, &error),
               QUIRE_E_NOT_FOUND);
    CHECK(error.os_number == 2 && error.limit == -1 && error.reserved == 0);
    CHECK(strcmp(quire_call_name(error.call), is_windows() ? "CreateFileW" : "open") == 0);
    quire_file_status status;
    CHECK_CODE(quire_query_file("check_errors.absent", &status, &error), QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_preallocate("check_errors.absent", 10, &error), QUIRE_E_NOT_FOUND);
    CHECK_EQUAL(file_length("check_errors.absent"), -1);
    CHECK_CODE(quire_preallocate("check_errors.absent", -1, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_preallocate("check_errors.absent", INT64_MAX, &error), QUIRE_E_FILE_TOO_LARGE);
    CHECK(error.call == 0 && error.os_number == 0);
    CHECK_OK(quire_query_file(".", &status, &error));
    CHECK_EQUAL(status.kind, QUIRE_FILE_DIRECTORY);
    CHECK_CODE(map_file(".", 0, -1, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_IS_DIRECTORY);
    CHECK_CODE(quire_preallocate(".", 10, &error), QUIRE_E_IS_DIRECTORY);
}

static int is_power_of_two(long long number) {
    return number > 0 && (number & (number - 1)) == 0;
}

static void check_system(void) {
    quire_system system = system_now();
    CHECK_EQUAL(system.abi_version, QUIRE_ABI_VERSION);
    CHECK_EQUAL(quire_abi_version(), QUIRE_ABI_VERSION);
    CHECK(strlen(quire_library_version()) >= 5);
    CHECK(system.os >= QUIRE_OS_LINUX && system.os <= QUIRE_OS_OTHER_POSIX && system.os_major > 0);
    CHECK(is_power_of_two(system.page_size) && is_power_of_two(system.granularity));
    CHECK(system.page_size >= 4096 && system.granularity % system.page_size == 0);
    CHECK(system.huge_page_size == -1 || is_power_of_two(system.huge_page_size));
    CHECK(system.memory_total > 0 && system.memory_available > 0);
    CHECK(system.memory_available <= system.memory_total);
    CHECK(system.group_limit == -1 || system.group_available <= system.group_limit);
    CHECK(system.map_limit == -1 || (system.mapped > 0 && system.mapped < system.map_limit));
    CHECK(system.map_limit == -1 ? system.map_reserve == -1
                                 : system.map_reserve > 0
                                     && system.map_reserve <= system.map_limit / 4);
    CHECK(system.lock_limit >= -1 && system.hints >> 18 == 0 && system.capabilities >> 16 == 0);
}

int main(void) {
    check_pinned();
    check_codes();
    check_calls();
    check_numbers();
    check_story();
    check_system();
    return summary("check_errors");
}

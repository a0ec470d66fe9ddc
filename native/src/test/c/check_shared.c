/* check_shared.c - memory between processes: named segments, attaching by process and handle,
   seals. */
#include "check.h"

#define NAME segment_name()

static quire_region region;
static long long page;

/* Of a segment that is mapped. */
static void unlink_name(void) {
    CHECK_CODE(quire_shared_unlink(NAME, &error), can(QUIRE_CAN_KEEP_SHARED) ? QUIRE_OK
               : QUIRE_E_UNSUPPORTED);
}

/* ---- names ---- */

static void check_names(void) {
    static const char *const refused[] = {"",      ".",    ".hidden", "a/b",   "/a", "a b", "a\\b",
                                          "a\nb", "a:b", "a*",      "\xc3\xa4", "..", "%61"};
    static const char *const taken[] = {"a", "quire-Check_0.9", "-", "_", "a..b"};
    char name[256];
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        CHECK_CODE(quire_shared_create(refused[i], page, 0, &region, &error), QUIRE_E_INVALID_NAME);
        CHECK_CODE(quire_shared_open(refused[i], QUIRE_READ_ONLY, 0, &region, &error),
                   QUIRE_E_INVALID_NAME);
        CHECK_CODE(quire_shared_unlink(refused[i], &error), QUIRE_E_INVALID_NAME);
        CHECK(is_empty(&region));
    }
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        CHECK_CODE(quire_shared_open(taken[i], QUIRE_READ_ONLY, 0, &region, &error),
                   QUIRE_E_NOT_FOUND);
    }
    memset(name, 'n', sizeof name);
    memcpy(name, NAME, strlen(NAME));
    name[255] = '\0';
    CHECK_CODE(quire_shared_create(name, page, 0, &region, &error), QUIRE_E_INVALID_NAME);
    long long longest = error.limit;
    CHECK(longest == 200 || longest == 29);
    name[longest + 1] = '\0';
    CHECK_CODE(quire_shared_create(name, page, 0, &region, &error), QUIRE_E_INVALID_NAME);
    name[longest] = '\0';
    if (CHECK_OK(quire_shared_create(name, page, 0, &region, &error))) {
        CHECK(!can(QUIRE_CAN_KEEP_SHARED) || quire_shared_unlink(name, &error) == QUIRE_OK);
        unmap(&region);
    }
}

/* ---- segments ---- */

static void check_create(long long length) {
    quire_region second;
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_WRITE, 0, &second, &error), QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_shared_unlink(NAME, &error), QUIRE_E_NOT_FOUND);
    if (!CHECK_OK(quire_shared_create(NAME, length, 0, &region, &error))) {
        return;
    }
    check_shape(&region, 0, length);
    CHECK(region.kind == QUIRE_KIND_NAMED_SHARED && region.mode == QUIRE_READ_WRITE);
    CHECK(is_zero(&region, 0, length));
    fill(&region);
    CHECK_CODE(quire_shared_create(NAME, length, 0, &second, &error), QUIRE_E_EXISTS);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        if (!CHECK_OK(quire_shared_open(NAME, mode, 0, &second, &error))) {
            continue;
        }
        long long whole_pages = (length + page - 1) / page * page;
        CHECK_EQUAL(second.length, is_windows() ? whole_pages : length);
        CHECK(second.file_number == region.file_number && second.file_device == region.file_device);
        CHECK_EQUAL(second.mode, mode);
        CHECK(holds_pattern(&second, 0, length));
        if (mode != QUIRE_READ_ONLY) {
            bytes(&second)[length - 1] = 0;
            CHECK_EQUAL(bytes(&region)[length - 1], mode == QUIRE_READ_WRITE ? 0
                        : pattern(length - 1));
            bytes(&second)[length - 1] = pattern(length - 1);
        } else {
            CHECK_CODE(quire_protect(&second, 0, second.length, QUIRE_ACCESS_READ_WRITE, &error),
                       QUIRE_E_READ_ONLY);
        }
        unmap(&second);
    }
    unlink_name();
    CHECK(holds_pattern(&region, 0, length));
    unmap(&region);
    CHECK_CODE(quire_shared_unlink(NAME, &error), QUIRE_E_NOT_FOUND);
}

/* A process that has an unlinked segment mapped keeps it, and the name is free for another. */
static void check_unlinked(void) {
    quire_region second;
    if (!can(QUIRE_CAN_KEEP_SHARED)) {
        skip("names vanish with their last handle here");
        return;
    }
    CHECK_OK(quire_shared_create(NAME, page, 0, &region, &error));
    fill(&region);
    CHECK_OK(quire_shared_unlink(NAME, &error));
    CHECK_OK(quire_shared_create(NAME, page, 0, &second, &error));
    CHECK(is_zero(&second, 0, page) && holds_pattern(&region, 0, page));
    CHECK(second.file_number != region.file_number);
    CHECK_OK(quire_shared_unlink(NAME, &error));
    unmap(&second);
    unmap(&region);
}

/* The capabilities say what is so. */
static void check_stays(void) {
    char path[300];
    snprintf(path, sizeof path, "/dev/shm/%s", NAME);
    CHECK_OK(quire_shared_create(NAME, page, 0, &region, &error));
    CHECK_EQUAL(file_length(path), can(QUIRE_CAN_LIST_SHARED) ? page : -1);
    fill(&region);
    unmap(&region);
    if (can(QUIRE_CAN_KEEP_SHARED)) {
        CHECK_OK(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error));
        CHECK(holds_pattern(&region, 0, page));
        unmap(&region);
        unlink_name();
    }
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND);
}

static void check_kept(void) {
    quire_file_status status;
    CHECK_OK(quire_shared_create(NAME, 3 * page, QUIRE_KEEP_FILE | QUIRE_POPULATE, &region,
                                 &error));
    CHECK((region.granted & QUIRE_KEEP_FILE) != 0 && region.handle != -1);
    if (!is_windows()) {
        fill(&region);
        CHECK_OK(quire_query_handle(&region, &status, &error));
        CHECK(status.size == 3 * page && status.number == region.file_number);
        CHECK_OK(quire_resize(&region, "", 7 * page + 1, 0, &error));
        CHECK(holds_pattern(&region, 0, 3 * page) && is_zero(&region, 3 * page, 7 * page + 1));
        CHECK_OK(quire_resize(&region, "", page, 0, &error));
        CHECK(holds_pattern(&region, 0, page));
    }
    unlink_name();
    unmap(&region);
    CHECK_OK(quire_shared_create(NAME, page, 0, &region, &error));
    CHECK_CODE(quire_resize(&region, "", 2 * page, 0, &error), QUIRE_E_UNSUPPORTED);
    CHECK_EQUAL(region.length, page);
    unlink_name();
    unmap(&region);
}

static void check_refusals(void) {
    CHECK_CODE(quire_shared_create(NAME, 0, 0, &region, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_shared_create(NAME, -1, 0, &region, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_shared_create(NAME, INT64_MAX, 0, &region, &error), QUIRE_E_MEMORY_LIMIT);
    CHECK_CODE(quire_shared_create(NAME, page, QUIRE_CREATE, &region, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_shared_open(NAME, 3, 0, &region, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_shared_create(NAME, 1LL << 60, 0, &region, &error), QUIRE_E_MEMORY_LIMIT);
    CHECK(error.limit > 0 && error.limit < 1LL << 60);
    CHECK_CODE(quire_shared_open(NAME, QUIRE_READ_ONLY, 0, &region, &error), QUIRE_E_NOT_FOUND);
}

/* ---- memory of a process ---- */

static void check_attach(void) {
    quire_region second;
    if (!can(QUIRE_CAN_ATTACH)) {
        skip("memory cannot be attached to here");
        return;
    }
    CHECK_OK(quire_map_anonymous(3 * page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    fill(&region);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        if (!CHECK_OK(quire_attach(getpid(), region.handle, mode, 0, &second, &error))) {
            continue;
        }
        CHECK(second.length == region.length && second.kind == QUIRE_KIND_ANONYMOUS_SHARED);
        CHECK(second.address != region.address && holds_pattern(&second, 0, second.length));
        if (mode != QUIRE_READ_ONLY) {
            bytes(&second)[0] = 0;
            CHECK_EQUAL(bytes(&region)[0], mode == QUIRE_READ_WRITE ? 0 : pattern(0));
            bytes(&second)[0] = pattern(0);
        }
        unmap(&second);
    }
    CHECK_CODE(quire_attach(0, region.handle, 0, 0, &second, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_attach(getpid(), -1, 0, 0, &second, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_attach(getpid(), region.handle, 3, 0, &second, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_attach(getpid(), 1000004, 0, 0, &second, &error), QUIRE_E_NOT_FOUND);
    CHECK_CODE(quire_attach(0x7ffffff0, region.handle, 0, 0, &second, &error), QUIRE_E_NOT_FOUND);
    unmap(&region);
}

/* ---- seals ---- */

static int32_t seals_now(void) {
    quire_seals seals;
    CHECK_OK(quire_query_seals(&region, &seals, &error));
    return seals.seals;
}

static void check_seals(void) {
    quire_region second;
    quire_outcome outcome;
    CHECK_OK(quire_map_anonymous(3 * page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
    CHECK_EQUAL(seals_now(), 0);
    CHECK_OK(quire_seal(&region, 0, &error));
    CHECK_CODE(quire_seal(&region, 32, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_SHRINK, &error));
    CHECK_EQUAL(seals_now(), QUIRE_SEAL_SHRINK);
    fill(&region);
    CHECK_CODE(quire_resize(&region, "", page, 0, &error), QUIRE_E_SEALED);
    CHECK(region.length == 3 * page && holds_pattern(&region, 0, 3 * page));
    CHECK_OK(quire_resize(&region, "", 5 * page, 0, &error));
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_GROW, &error));
    CHECK_CODE(quire_resize(&region, "", 7 * page, 0, &error), QUIRE_E_SEALED);
    CHECK(region.length == 5 * page && holds_pattern(&region, 0, 3 * page));
    CHECK_CODE(quire_seal(&region, QUIRE_SEAL_WRITE, &error), QUIRE_E_FILE_BUSY);
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_FUTURE_WRITE, &error));
    CHECK(quire_attach(getpid(), region.handle, QUIRE_READ_WRITE, 0, &second, &error) != QUIRE_OK);
    CHECK(error.code == QUIRE_E_SEALED || error.code == QUIRE_E_ACCESS_DENIED);
    CHECK_OK(quire_attach(getpid(), region.handle, QUIRE_READ_ONLY, 0, &second, &error));
    bytes(&region)[0] = 77;
    CHECK_EQUAL(bytes(&second)[0], 77);
    unmap(&second);
    CHECK_CODE(quire_discard(&region, "", 0, page, &outcome, &error),
               can(QUIRE_CAN_DISCARD_FILE) ? QUIRE_E_SEALED : QUIRE_OK);
    CHECK_EQUAL(bytes(&region)[0], 77);
    CHECK_OK(quire_seal(&region, QUIRE_SEAL_SEAL, &error));
    CHECK_CODE(quire_seal(&region, QUIRE_SEAL_SHRINK | QUIRE_SEAL_WRITE, &error), QUIRE_E_SEALED);
    CHECK_EQUAL(seals_now(), QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW | QUIRE_SEAL_FUTURE_WRITE
                | QUIRE_SEAL_SEAL);
    unmap(&region);
}

static void check_no_seals(int32_t expected) {
    quire_seals seals;
    CHECK_CODE(quire_seal(&region, QUIRE_SEAL_GROW, &error), expected);
    CHECK_CODE(quire_query_seals(&region, &seals, &error), expected);
    unmap(&region);
}

static void check_seals_elsewhere(void) {
    CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    check_no_seals(QUIRE_E_UNSUPPORTED);
    CHECK_OK(quire_shared_create(NAME, page, QUIRE_KEEP_FILE, &region, &error));
    unlink_name();
    check_no_seals(QUIRE_E_UNSUPPORTED);
    if (!can(QUIRE_CAN_SEAL)) {
        CHECK_OK(quire_map_anonymous(page, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error));
        check_no_seals(QUIRE_E_UNSUPPORTED);
    }
}

int main(void) {
    page = system_now().page_size;
    quire_shared_unlink(NAME, &error);
    check_names();
    check_create(1);
    check_create(page);
    check_create(3 * page + 7);
    check_create(3 << 20);
    check_unlinked();
    check_stays();
    check_kept();
    check_refusals();
    check_attach();
    if (can(QUIRE_CAN_SEAL)) {
        check_seals();
    } else {
        skip("memory cannot be sealed here");
    }
    check_seals_elsewhere();
    return summary("check_shared");
}

/* check_map.c - mapping files and memory: ranges, modes, flags, what failed calls leave,
   protection, size. */
#include "check.h"
#include "quire_jvm.h"

#define FILE_NAME "check_map.bin"

static quire_region region;
static long long page;
static long long granularity;

static int32_t map(long long offset, long long length, int32_t mode, int32_t flags) {
    return map_file(FILE_NAME, offset, length, mode, flags, &region, &error);
}

/* ---- ranges ---- */

static void check_range_of(long long offset, long long length, int32_t mode) {
    if (!CHECK_OK(map(offset, length, mode, 0))) {
        return;
    }
    check_shape(&region, offset, length);
    CHECK_EQUAL(region.mode, mode);
    CHECK_EQUAL(region.kind, QUIRE_KIND_FILE);
    CHECK(holds_pattern(&region, 0, length));
    if (mode != QUIRE_READ_ONLY && length > 0) {
        bytes(&region)[0] = 0;
        bytes(&region)[length - 1] = 0;
        CHECK_OK(quire_flush(&region, FILE_NAME, 0, length, QUIRE_FLUSH_CACHE, &error));
        int is_shared = mode == QUIRE_READ_WRITE;
        long long last = offset + length - 1;
        CHECK_EQUAL(byte_in_file(FILE_NAME, offset), is_shared ? 0 : pattern(offset));
        CHECK_EQUAL(byte_in_file(FILE_NAME, last), is_shared ? 0 : pattern(last));
        CHECK(bytes(&region)[0] == 0 && bytes(&region)[length - 1] == 0);
        bytes(&region)[0] = pattern(offset);
        bytes(&region)[length - 1] = pattern(offset + length - 1);
    }
    unmap(&region);
}

static void check_ranges(void) {
    const long long offsets[] = {0,    1,          page - 1, page, page + 1, granularity - 1,
                                 granularity, granularity + 1};
    const long long lengths[] = {0, 1, page - 1, page, page + 1, 3 * page + 7};
    long long size = granularity + 1 + 3 * page + 7;
    write_file(FILE_NAME, size);
    for (size_t o = 0; o < sizeof offsets / sizeof *offsets; o++) {
        for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
            for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
                check_range_of(offsets[o], lengths[l], mode);
            }
            if (CHECK_OK(map(offsets[o], -1, mode, 0))) {
                check_shape(&region, offsets[o], size - offsets[o]);
                CHECK_EQUAL(region.file_size, size);
                unmap(&region);
            }
        }
    }
    CHECK(file_is_pattern(FILE_NAME, size));
    CHECK(remove(FILE_NAME) == 0);
}

static void check_past_the_end(void) {
    static const struct {
        long long offset, length;
        int32_t code;
    } cases[] = {
        {0, 1001, QUIRE_E_FILE_TOO_SHORT},       {1000, 1, QUIRE_E_FILE_TOO_SHORT},
        {1001, 0, QUIRE_E_FILE_TOO_SHORT},       {1001, -1, QUIRE_E_FILE_TOO_SHORT},
        {1LL << 40, -1, QUIRE_E_FILE_TOO_SHORT}, {1, 1LL << 60, QUIRE_E_FILE_TOO_SHORT},
        {-1, 1, QUIRE_E_OUT_OF_RANGE},           {0, -2, QUIRE_E_OUT_OF_RANGE},
        {INT64_MAX, 1, QUIRE_E_FILE_TOO_SHORT},  {1, INT64_MAX, QUIRE_E_FILE_TOO_SHORT},
        {INT64_MAX, -1, QUIRE_E_FILE_TOO_SHORT}, {INT64_MAX, 0, QUIRE_E_FILE_TOO_SHORT},
        {INT64_MAX, INT64_MAX, QUIRE_E_FILE_TOO_SHORT},
        {INT64_MIN, -1, QUIRE_E_OUT_OF_RANGE},   {0, INT64_MIN, QUIRE_E_OUT_OF_RANGE},
    };
    write_file(FILE_NAME, 1000);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
            CHECK_CODE(map(cases[i].offset, cases[i].length, mode, 0), cases[i].code);
            CHECK(error.limit == (cases[i].code == QUIRE_E_FILE_TOO_SHORT ? 1000 : -1));
            CHECK(is_empty(&region));
        }
    }
    for (int far = 0; far < 2; far++) {
        CHECK_CODE(map(far ? INT64_MAX : 0, far ? 1 : INT64_MAX, QUIRE_READ_WRITE,
                       QUIRE_EXTEND | QUIRE_SPARSE), QUIRE_E_FILE_TOO_LARGE);
    }
    CHECK_OK(map(1000, -1, QUIRE_READ_WRITE, 0));
    check_shape(&region, 1000, 0);
    unmap(&region);
    CHECK(file_is_pattern(FILE_NAME, 1000));
    CHECK(remove(FILE_NAME) == 0);
    CHECK_CODE(map(INT64_MAX, -1, QUIRE_READ_ONLY, 0), QUIRE_E_NOT_FOUND);
    CHECK_CODE(map(INT64_MAX, -1, QUIRE_READ_WRITE, QUIRE_CREATE), QUIRE_E_FILE_TOO_SHORT);
    CHECK_EQUAL(file_length(FILE_NAME), -1);
}

/* Every function takes an empty region, and does nothing. */
static void check_empty_region(void) {
    quire_outcome outcome;
    quire_residency residency;
    quire_range range = {0, 0};
    for (int32_t hint = QUIRE_NORMAL; hint <= QUIRE_UNMERGEABLE; hint++) {
        CHECK_OK(quire_advise(&region, "", 0, 0, hint, &outcome, &error));
        CHECK_EQUAL(outcome.bytes, 0);
    }
    CHECK_OK(quire_prefetch(&region, "", &range, 1, &outcome, &error));
    CHECK_OK(quire_populate(&region, 0, 0, 0, &outcome, &error));
    CHECK_OK(quire_lock(&region, 0, 0, 0, &error));
    CHECK_OK(quire_unlock(&region, 0, 0, &error));
    CHECK_OK(quire_query_residency(&region, 0, 0, NULL, 0, &residency, &error));
    CHECK_EQUAL(residency.pages, 0);
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, 0, QUIRE_FLUSH_DEVICE, &error));
    CHECK_OK(quire_evict(&region, FILE_NAME, 0, 0, &outcome, &error));
    if (region.mode != QUIRE_READ_ONLY) {
        CHECK_OK(quire_discard(&region, FILE_NAME, 0, 0, &outcome, &error));
    }
    CHECK_OK(quire_protect(&region, 0, 0, QUIRE_ACCESS_READ, &error));
    CHECK_CODE(quire_advise(&region, "", 0, 1, QUIRE_NORMAL, &outcome, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_flush(&region, FILE_NAME, 1, 0, QUIRE_FLUSH_DEVICE, &error),
               QUIRE_E_OUT_OF_RANGE);
}

static void check_empty(void) {
    write_file(FILE_NAME, 0);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        for (long long length = -1; length <= 0; length++) {
            CHECK_OK(map(0, length, mode, 0));
            check_shape(&region, 0, 0);
            check_empty_region();
            unmap(&region);
            unmap(&region);
        }
        CHECK_CODE(map(0, 1, mode, 0), QUIRE_E_FILE_TOO_SHORT);
        CHECK_EQUAL(error.limit, 0);
    }
    CHECK(remove(FILE_NAME) == 0);
    for (int32_t kind = QUIRE_KIND_ANONYMOUS_PRIVATE; kind <= QUIRE_KIND_ANONYMOUS_SHARED; kind++) {
        CHECK_OK(quire_map_anonymous(0, kind, 0, &region, &error));
        check_shape(&region, 0, 0);
        check_empty_region();
        unmap(&region);
    }
}

/* Bytes on both sides of 2 and 4 GiB, and a mapping that begins one past them. */
static void check_large(void) {
    const long long gib = 1LL << 30;
    const long long size = 6 * gib;
    if (!CHECK_OK(map(0, size, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND | QUIRE_SPARSE))) {
        return;
    }
    for (long long at = 2 * gib; at <= size; at += 2 * gib) {
        memcpy(bytes(&region) + at - 4, "straddle", at == size ? 4 : 8);
    }
    unmap(&region);
    for (long long at = 2 * gib; at < size; at += 2 * gib) {
        CHECK_OK(map(at - 4, 8, QUIRE_READ_ONLY, 0));
        CHECK(memcmp(bytes(&region), "straddle", 8) == 0);
        unmap(&region);
        CHECK_OK(map(at + 1, -1, QUIRE_READ_ONLY, 0));
        check_shape(&region, at + 1, size - at - 1);
        CHECK(memcmp(bytes(&region), "dle", 3) == 0);
        CHECK(memcmp(bytes(&region) + region.length - 4, "stra", 4) == 0);
        unmap(&region);
    }
    CHECK(remove(FILE_NAME) == 0);
}

/* ---- flags ---- */

static void check_create(void) {
    const int32_t both = QUIRE_CREATE | QUIRE_EXTEND;
    CHECK_CODE(map(0, -1, QUIRE_READ_WRITE, 0), QUIRE_E_NOT_FOUND);
    CHECK_CODE(map(0, 100, QUIRE_READ_ONLY, both), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(map(0, 100, QUIRE_COPY_ON_WRITE, both), QUIRE_E_INVALID_ARGUMENT);
    CHECK_EQUAL(file_length(FILE_NAME), -1);
    CHECK_CODE(map(0, 100, QUIRE_READ_WRITE, QUIRE_CREATE), QUIRE_E_FILE_TOO_SHORT);
    CHECK_EQUAL(file_length(FILE_NAME), -1);
    CHECK_OK(map(0, 0, QUIRE_READ_WRITE, QUIRE_CREATE));
    CHECK_EQUAL(region.granted & (both | QUIRE_CREATE_NEW), QUIRE_CREATE);
    unmap(&region);
    CHECK_EQUAL(file_length(FILE_NAME), 0);
    CHECK_CODE(map(0, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND), QUIRE_E_EXISTS);
    CHECK_EQUAL(file_length(FILE_NAME), 0);
    CHECK(remove(FILE_NAME) == 0);
    CHECK_OK(map(7, 100, QUIRE_READ_WRITE, QUIRE_CREATE_NEW | QUIRE_EXTEND));
    CHECK_EQUAL(region.granted & (both | QUIRE_CREATE_NEW), QUIRE_CREATE_NEW | QUIRE_EXTEND);
    CHECK(is_zero(&region, 0, 100));
    fill(&region);
    unmap(&region);
    CHECK_EQUAL(file_length(FILE_NAME), 107);
    CHECK_OK(map(0, -1, QUIRE_READ_WRITE, both));
    CHECK_EQUAL(region.granted & (both | QUIRE_CREATE_NEW), 0);
    CHECK(is_zero(&region, 0, 7) && holds_pattern(&region, 7, 107));
    unmap(&region);
    CHECK(remove(FILE_NAME) == 0);
}

static void check_extend(void) {
    quire_file_status dense = {0};
    quire_file_status sparse = {0};
    write_file(FILE_NAME, 1000);
    CHECK_OK(map(10, 1000000, QUIRE_READ_WRITE, QUIRE_EXTEND | QUIRE_SPARSE));
    CHECK_EQUAL(region.granted & QUIRE_EXTEND, QUIRE_EXTEND);
    CHECK_EQUAL(region.file_size, 1000010);
    int is_sparse = (region.granted & QUIRE_SPARSE) != 0;
    /* memory file systems fill holes that are read */
    CHECK_OK(quire_query_file(FILE_NAME, &sparse, &error));
    CHECK(holds_pattern(&region, 0, 990) && is_zero(&region, 990, 1000000));
    unmap(&region);
    CHECK_EQUAL(sparse.size, 1000010);
    CHECK_CODE(quire_preallocate(FILE_NAME, 1000010, &error),
               is_windows() && is_sparse ? QUIRE_E_UNSUPPORTED : QUIRE_OK);
    CHECK_OK(quire_query_file(FILE_NAME, &dense, &error));
    CHECK(dense.size == sparse.size && dense.number == sparse.number
          && dense.device == sparse.device);
    CHECK(dense.kind == QUIRE_FILE_REGULAR && dense.modified_nanos > 1600000000000000000LL);
    if (is_sparse && !is_windows()) {
        CHECK(sparse.allocated < 100000);
        CHECK(dense.allocated >= 1000000);
    }
    write_file(FILE_NAME, 1000);
    CHECK_OK(map(0, 1000000, QUIRE_READ_WRITE, QUIRE_EXTEND));
    CHECK_EQUAL(region.granted & (QUIRE_EXTEND | QUIRE_SPARSE), QUIRE_EXTEND);
    unmap(&region);
    CHECK_OK(quire_query_file(FILE_NAME, &dense, &error));
    CHECK(is_windows() || dense.allocated >= 1000000);
    CHECK(remove(FILE_NAME) == 0);
}

/* What no file system or address space has room for leaves the file as it was, or no file. */
static void check_rollback(void) {
    const long long sizes[] = {1LL << 48, 1LL << 60};
    for (int i = 0; i < 4; i++) {
        int32_t flags = QUIRE_CREATE | QUIRE_EXTEND | (i % 2 == 0 ? 0 : QUIRE_SPARSE);
        CHECK(map(0, sizes[i / 2], QUIRE_READ_WRITE, flags) != QUIRE_OK);
        CHECK(error.code == QUIRE_E_NO_SPACE || error.code == QUIRE_E_FILE_TOO_LARGE
              || error.code == QUIRE_E_NO_MEMORY || error.code == QUIRE_E_MEMORY_LIMIT);
        CHECK(is_empty(&region));
        CHECK_EQUAL(file_length(FILE_NAME), -1);
        write_file(FILE_NAME, 5000);
        CHECK(map(0, sizes[i / 2], QUIRE_READ_WRITE, flags) != QUIRE_OK);
        CHECK(file_is_pattern(FILE_NAME, 5000));
        CHECK(quire_preallocate(FILE_NAME, sizes[i / 2], &error) != QUIRE_OK);
        CHECK(file_is_pattern(FILE_NAME, 5000));
        if (CHECK_OK(map(0, -1, QUIRE_READ_WRITE, 0))) {
            CHECK(quire_resize(&region, FILE_NAME, sizes[i / 2], flags & QUIRE_SPARSE,
                               &error) != QUIRE_OK);
            CHECK(region.length == 0 || (region.length == 5000 && holds_pattern(&region, 0, 5000)));
            unmap(&region);
        }
        CHECK(file_is_pattern(FILE_NAME, 5000));
        CHECK(remove(FILE_NAME) == 0);
    }
}

static void check_kept_file(void) {
    quire_file_status by_path;
    quire_file_status by_handle;
    write_file(FILE_NAME, 5000);
    CHECK_OK(quire_query_file(FILE_NAME, &by_path, &error));
    CHECK_OK(map(0, -1, QUIRE_READ_ONLY, 0));
    CHECK_EQUAL(region.handle, -1);
    CHECK_EQUAL(region.file_number, by_path.number);
    CHECK_EQUAL(region.file_device, by_path.device);
    CHECK_CODE(quire_query_handle(&region, &by_handle, &error), QUIRE_E_INVALID_ARGUMENT);
    unmap(&region);
    CHECK_OK(map(0, -1, QUIRE_READ_ONLY, QUIRE_KEEP_FILE));
    CHECK(region.handle != -1);
    CHECK_EQUAL(region.granted, QUIRE_KEEP_FILE);
    CHECK_OK(quire_query_handle(&region, &by_handle, &error));
    CHECK(by_handle.number == by_path.number && by_handle.size == 5000);
    unmap(&region);
    CHECK(remove(FILE_NAME) == 0);
}

static void check_flags_of_pages(void) {
    const int32_t orders[] = {QUIRE_OPEN_SEQUENTIAL, QUIRE_OPEN_RANDOM};
    write_file(FILE_NAME, 3 * page);
    for (int32_t mode = QUIRE_READ_ONLY; mode <= QUIRE_COPY_ON_WRITE; mode++) {
        for (int i = 0; i < 2; i++) {
            CHECK_OK(map(1, -1, mode, orders[i] | QUIRE_POPULATE | QUIRE_HUGE_PAGES
                         | QUIRE_NO_RESERVE));
            CHECK_EQUAL(region.granted & orders[1 - i], 0);
            CHECK(supports(QUIRE_SEQUENTIAL) == 0 || (region.granted & orders[i]) != 0);
            int is_copied = !is_windows() || mode != QUIRE_COPY_ON_WRITE;
            CHECK_EQUAL((region.granted & QUIRE_POPULATE) != 0, can(QUIRE_CAN_POPULATE)
                        && is_copied);
            CHECK(holds_pattern(&region, 0, region.length));
            unmap(&region);
        }
        CHECK_CODE(map(0, -1, mode, orders[0] | orders[1]), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(map(0, -1, mode, 4096), QUIRE_E_INVALID_ARGUMENT);
    }
    CHECK_CODE(map(0, -1, 3, 0), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(map(0, -1, -1, 0), QUIRE_E_INVALID_ARGUMENT);
    CHECK(file_is_pattern(FILE_NAME, 3 * page));
    CHECK(remove(FILE_NAME) == 0);
}

/* ---- modes ---- */

static void check_read_only(void) {
    quire_outcome outcome;
    write_file(FILE_NAME, 3 * page);
    CHECK_OK(map(0, -1, QUIRE_READ_ONLY, 0));
    CHECK_CODE(quire_protect(&region, 0, page, QUIRE_ACCESS_READ_WRITE, &error), QUIRE_E_READ_ONLY);
    CHECK_CODE(quire_populate(&region, 0, page, 1, &outcome, &error), QUIRE_E_READ_ONLY);
    CHECK_CODE(quire_discard(&region, FILE_NAME, 0, page, &outcome, &error), QUIRE_E_READ_ONLY);
    CHECK_CODE(quire_resize(&region, FILE_NAME, page, 0, &error), QUIRE_E_READ_ONLY);
    CHECK_CODE(quire_resize(&region, FILE_NAME, 4 * page, 0, &error), QUIRE_E_READ_ONLY);
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, page, QUIRE_FLUSH_DEVICE, &error));
    CHECK(holds_pattern(&region, 0, 3 * page));
    unmap(&region);
    CHECK(file_is_pattern(FILE_NAME, 3 * page));
    CHECK(remove(FILE_NAME) == 0);
}

static void check_copy_on_write(void) {
    quire_region other;
    write_file(FILE_NAME, 3 * page);
    CHECK_OK(map(0, -1, QUIRE_COPY_ON_WRITE, 0));
    CHECK_OK(map_file(FILE_NAME, 0, -1, QUIRE_COPY_ON_WRITE, 0, &other, &error));
    memset(bytes(&region), 0, (size_t)(2 * page));
    CHECK(holds_pattern(&other, 0, 3 * page));
    CHECK_OK(quire_flush(&region, FILE_NAME, 0, 3 * page, QUIRE_FLUSH_DEVICE, &error));
    CHECK(file_is_pattern(FILE_NAME, 3 * page));
    CHECK(is_zero(&region, 0, 2 * page) && holds_pattern(&region, 2 * page, 3 * page));
    CHECK_CODE(quire_resize(&region, FILE_NAME, page, 0, &error), QUIRE_E_READ_ONLY);
    CHECK_CODE(quire_resize(&region, FILE_NAME, 5 * page, 0, &error), QUIRE_E_READ_ONLY);
    unmap(&other);
    unmap(&region);
    CHECK(file_is_pattern(FILE_NAME, 3 * page));
    CHECK(remove(FILE_NAME) == 0);
}

static void check_memory(void) {
    const long long lengths[] = {1, page - 1, page, page + 1, 3 * page + 7, 3 << 20};
    for (int32_t kind = QUIRE_KIND_ANONYMOUS_PRIVATE; kind <= QUIRE_KIND_ANONYMOUS_SHARED; kind++) {
        for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
            int32_t flags = i % 2 == 0 ? 0 : QUIRE_POPULATE | QUIRE_HUGE_PAGES | QUIRE_NO_RESERVE;
            if (CHECK_OK(quire_map_anonymous(lengths[i], kind, flags, &region, &error))) {
                check_shape(&region, 0, lengths[i]);
                CHECK(is_zero(&region, 0, lengths[i]));
                fill(&region);
                CHECK(holds_pattern(&region, 0, lengths[i]));
                CHECK(region.mode == QUIRE_READ_WRITE && region.kind == kind);
                unmap(&region);
            }
        }
        CHECK_CODE(quire_map_anonymous(-1, kind, 0, &region, &error), QUIRE_E_OUT_OF_RANGE);
        CHECK_CODE(quire_map_anonymous(INT64_MAX, kind, 0, &region, &error), QUIRE_E_NO_MEMORY);
        CHECK_CODE(quire_map_anonymous(page, kind, QUIRE_CREATE, &region, &error),
                   QUIRE_E_INVALID_ARGUMENT);
    }
    CHECK_CODE(quire_map_anonymous(page, QUIRE_KIND_FILE, 0, &region, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_map_anonymous(page, QUIRE_KIND_NAMED_SHARED, 0, &region, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error),
               QUIRE_E_NO_MEMORY);
    CHECK_CODE(quire_map_anonymous(1LL << 60, QUIRE_KIND_ANONYMOUS_SHARED, 0, &region, &error),
               QUIRE_E_MEMORY_LIMIT);
    CHECK(error.limit > 0 && error.limit < 1LL << 60);
}

/* ---- protection ---- */

static void check_protect(void) {
    for (int kind = 0; kind < KINDS; kind++) {
        long long length = 3 * page + 7;
        if (!map_kind(kind, FILE_NAME, length, &region)) {
            continue;
        }
        int is_writable = region.mode != QUIRE_READ_ONLY;
        int32_t all = is_writable ? QUIRE_ACCESS_READ_WRITE : QUIRE_ACCESS_READ;
        CHECK_CODE(quire_protect(&region, 1, page, all, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_protect(&region, 0, page + 1, all, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_protect(&region, 0, page, 3, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_protect(&region, 0, page, -1, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_protect(&region, 0, length + 1, all, &error), QUIRE_E_OUT_OF_RANGE);
        CHECK_OK(quire_protect(&region, 1, 0, QUIRE_ACCESS_NONE, &error));
        CHECK_OK(quire_protect(&region, page, page, QUIRE_ACCESS_NONE, &error));
        CHECK_OK(quire_protect(&region, 2 * page, page + 7, QUIRE_ACCESS_READ, &error));
        CHECK(holds_pattern(&region, 0, page) && holds_pattern(&region, 2 * page, length));
        CHECK_OK(quire_protect(&region, 0, length, all, &error));
        CHECK(holds_pattern(&region, 0, length));
        if (is_writable) {
            memset(bytes(&region), 9, (size_t)length);
            CHECK(bytes(&region)[length - 1] == 9);
        }
        unmap_kind(kind, FILE_NAME, &region);
    }
}

/* ---- size ---- */

/* Through these lengths: what both share is kept, what is new is zero; the file has its new end. */
static void check_resize(int kind, long long offset) {
    const long long lengths[] = {3 * page + 7, 3 * page + 8, 64 * page + 1, 64 * page, page,
        page - 1, 1, 0, 0,            1,            5 * page,      0,         page};
    write_file(FILE_NAME, offset + 2 * page);
    int32_t code = kind == QUIRE_KIND_FILE ? map(offset, -1, QUIRE_READ_WRITE, 0)
                                           : quire_map_anonymous(2 * page, kind, 0, &region,
                                               &error);
    if (!CHECK_OK(code)) {
        return;
    }
    fill(&region);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        long long before = region.length;
        const char *path = kind == QUIRE_KIND_FILE ? FILE_NAME : "";
        code = quire_resize(&region, path, lengths[i], i % 2 ? QUIRE_SPARSE : 0, &error);
        if (code == QUIRE_E_UNSUPPORTED && kind == QUIRE_KIND_ANONYMOUS_SHARED && is_windows()) {
            CHECK_EQUAL(region.length, before);
            break;
        }
        if (!CHECK_OK(code)) {
            break;
        }
        check_shape(&region, offset, lengths[i]);
        long long kept = before < lengths[i] ? before : lengths[i];
        CHECK(holds_pattern(&region, 0, kept) && is_zero(&region, kept, lengths[i]));
        CHECK(kind != QUIRE_KIND_FILE || file_length(FILE_NAME) == offset + lengths[i]);
        fill(&region);
    }
    unmap(&region);
    CHECK(remove(FILE_NAME) == 0);
}

static void check_resize_refusals(void) {
    write_file(FILE_NAME, 5000);
    CHECK_OK(map(0, 1000, QUIRE_READ_WRITE, 0));
    CHECK_CODE(quire_resize(&region, FILE_NAME, 2000, 0, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_EQUAL(error.limit, 5000);
    CHECK_CODE(quire_resize(&region, FILE_NAME, 1, 0, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_resize(&region, FILE_NAME, -1, 0, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_resize(&region, FILE_NAME, INT64_MAX, 0, &error), QUIRE_E_FILE_TOO_LARGE);
    CHECK_CODE(quire_resize(&region, FILE_NAME, 1000, QUIRE_EXTEND, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_resize(&region, FILE_NAME, 1000, 0, &error));
    CHECK(region.length == 1000 && holds_pattern(&region, 0, 1000));
    unmap(&region);
    CHECK(file_is_pattern(FILE_NAME, 5000));
    CHECK(remove(FILE_NAME) == 0);
}

/* ---- many ---- */

static void check_cycles(void) {
    write_file(FILE_NAME, 3 * page);
    long long before = system_now().mapped;
    for (int i = 0; i < 1000; i++) {
        CHECK_OK(map(i, -1, i % 3, i % 2 ? QUIRE_KEEP_FILE : 0));
        unmap(&region);
    }
    CHECK_EQUAL(system_now().mapped, before);
    CHECK(remove(FILE_NAME) == 0);
}

/* ---- as the JVM calls ---- */

#define map_by_jvm Java_dev_quire_internal_backing_FirstCalls_mapFile
#define unmap_by_jvm Java_dev_quire_internal_backing_FirstCalls_unmap

static void check_jvm_calls(void) {
    quire_file_request request = {FILE_NAME, 0, -1, QUIRE_READ_ONLY, 0, {0}};
    long long structs[] = {(long long)(intptr_t)&request, (long long)(intptr_t)&error};
    CHECK_CODE(map_by_jvm(NULL, NULL, structs[0], structs[1]), QUIRE_E_NOT_FOUND);
    write_file(FILE_NAME, page + 1);
    if (CHECK_OK(map_by_jvm(NULL, NULL, structs[0], structs[1]))) {
        check_shape(&request.region, 0, page + 1);
        CHECK(holds_pattern(&request.region, 0, page + 1));
        structs[0] = (long long)(intptr_t)&request.region;
        CHECK_OK(unmap_by_jvm(NULL, NULL, structs[0], structs[1]));
    }
    CHECK(remove(FILE_NAME) == 0);
}

int main(void) {
    quire_system system = system_now();
    page = system.page_size;
    granularity = system.granularity;
    remove(FILE_NAME);
    check_ranges();
    check_past_the_end();
    check_empty();
    check_large();
    check_create();
    check_extend();
    check_rollback();
    check_kept_file();
    check_flags_of_pages();
    check_read_only();
    check_copy_on_write();
    check_memory();
    check_protect();
    check_resize(QUIRE_KIND_FILE, 0);
    check_resize(QUIRE_KIND_FILE, 1);
    check_resize(QUIRE_KIND_FILE, granularity + 1);
    check_resize(QUIRE_KIND_ANONYMOUS_PRIVATE, 0);
    check_resize(QUIRE_KIND_ANONYMOUS_SHARED, 0);
    check_resize_refusals();
    check_cycles();
    check_jvm_calls();
    return summary("check_map");
}

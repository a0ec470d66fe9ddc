/* check_hints.c - hints, population, locks, residency, flush, evict, discard on every kind of
   mapping. */
#include "check.h"

#define FILE_NAME "check_hints.bin"

static quire_region region;
static quire_outcome outcome;
static long long page;

/* Bytes of the whole pages that hold the range. */
static long long pages_around(long long offset, long long length) {
    long long start = (region.address + offset) / page * page;
    return (region.address + offset + length + page - 1) / page * page - start;
}

/* APPLIED is all of it, PARTIAL some; the others touched nothing, except what had the same
   purpose. */
static int is_consistent(long long wanted) {
    switch (outcome.result) {
    case QUIRE_APPLIED:
        return outcome.bytes == wanted && outcome.os_number == 0;
    case QUIRE_PARTIAL:
        return outcome.bytes > 0 && outcome.bytes < wanted;
    case QUIRE_EMULATED:
        return outcome.bytes >= 0 && outcome.bytes <= wanted;
    case QUIRE_IGNORED:
    case QUIRE_NOT_OFFERED:
        return outcome.bytes == 0;
    default:
        return 0;
    }
}

/* ---- hints ---- */

/* The short form says the same or nothing, and nothing only where there is something to say beside
   yes. */
static void check_brief(int32_t hint, long long offset, long long length) {
    long long bytes =
        quire_advise_briefly(region.record, region.kind, region.base_length,
                             region.address + offset, length, hint);
    int is_taken = outcome.result == QUIRE_APPLIED;
    int works = hint == QUIRE_WILLNEED || hint == QUIRE_DONTNEED || hint == QUIRE_COLD
        || hint == QUIRE_PAGEOUT || hint == QUIRE_COLLAPSE;
    int depends = hint == QUIRE_MERGEABLE || hint == QUIRE_UNMERGEABLE
                  || (hint == QUIRE_HUGEPAGE && region.kind != QUIRE_KIND_FILE);
    CHECK_EQUAL(bytes, is_taken && !works && !depends ? outcome.bytes : 0);
}

static void check_hint(int32_t hint) {
    const long long ranges[][2] = {{0, region.length}, {1, 1}, {page - 1, 2}, {page, page + 1},
                                   {0, 0}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        CHECK_OK(quire_advise(&region, "", ranges[i][0], ranges[i][1], hint, &outcome, &error));
        CHECK(is_consistent(ranges[i][1] == 0 ? 0 : pages_around(ranges[i][0], ranges[i][1])));
        CHECK_EQUAL(outcome.result == QUIRE_NOT_OFFERED, ranges[i][1] > 0 && !supports(hint));
        if (ranges[i][1] > 0) {
            check_brief(hint, ranges[i][0], ranges[i][1]);
        }
    }
    CHECK(holds_pattern(&region, 0, region.length));
}

static void check_hints(void) {
    for (int kind = 0; kind < KINDS; kind++) {
        if (!map_kind(kind, FILE_NAME, 20 * page + 7, &region)) {
            continue;
        }
        for (int32_t hint = QUIRE_NORMAL; hint <= QUIRE_UNMERGEABLE; hint++) {
            if (region.mode != QUIRE_READ_ONLY) {
                fill(&region);
            }
            check_hint(hint);
        }
        CHECK_CODE(quire_advise(&region, "", 0, 1, -1, &outcome, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_advise(&region, "", 0, 1, 18, &outcome, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_EQUAL(outcome.bytes, 0);
        for (int32_t hint = -1; hint <= 18; hint += 19) {
            CHECK_EQUAL(quire_advise_briefly(region.record, region.kind, region.base_length,
                                             region.address, 1, hint), 0);
        }
        unmap_kind(kind, FILE_NAME, &region);
    }
}

static void check_prefetch(void) {
    static quire_range ranges[1000];
    for (int kind = 0; kind < KINDS; kind++) {
        if (!map_kind(kind, FILE_NAME, 300 * page + 7, &region)) {
            continue;
        }
        long long wanted = 0;
        for (int i = 0; i < 1000; i++) {
            ranges[i] = (quire_range){i * 7919 % region.length, i % 5 == 0 ? 0 : i % 4 + 1};
            if (ranges[i].offset + ranges[i].length > region.length) {
                ranges[i].length = 0;
            }
            wanted += ranges[i].length == 0 ? 0 : pages_around(ranges[i].offset, ranges[i].length);
        }
        for (long long count = 1000; count > 0; count /= 10) {
            CHECK_OK(quire_prefetch(&region, "", ranges, count, &outcome, &error));
            CHECK(is_consistent(count == 1000 ? wanted : outcome.bytes));
        }
        CHECK_OK(quire_prefetch(&region, "", ranges, 0, &outcome, &error));
        CHECK_EQUAL(outcome.bytes, 0);
        CHECK_CODE(quire_prefetch(&region, "", ranges, -1, &outcome, &error),
                   QUIRE_E_INVALID_ARGUMENT);
        ranges[999] = (quire_range){region.length, 1};
        CHECK_CODE(quire_prefetch(&region, "", ranges, 1000, &outcome, &error),
                   QUIRE_E_OUT_OF_RANGE);
        CHECK_EQUAL(outcome.bytes, 0);
        CHECK(holds_pattern(&region, 0, region.length));
        unmap_kind(kind, FILE_NAME, &region);
    }
}

/* ---- mistakes ---- */

static void check_mistake(const char *path, long long offset, long long length) {
    quire_residency residency;
    quire_range range = {offset, length};
    CHECK_CODE(quire_advise(&region, "", offset, length, QUIRE_NORMAL, &outcome, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_prefetch(&region, "", &range, 1, &outcome, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_populate(&region, offset, length, 0, &outcome, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_populate(&region, offset, length, 1, &outcome, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_lock(&region, offset, length, 0, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_lock(&region, offset, length, 1, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_unlock(&region, offset, length, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_query_residency(&region, offset, length, NULL, 0, &residency, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_flush(&region, path, offset, length, QUIRE_FLUSH_DEVICE, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_evict(&region, path, offset, length, &outcome, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_discard(&region, path, offset, length, &outcome, &error),
               QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_protect(&region, offset, length, QUIRE_ACCESS_NONE, &error),
               QUIRE_E_OUT_OF_RANGE);
}

static void check_mistakes(void) {
    for (int kind = 0; kind < KINDS; kind++) {
        long long size = 3 * page + 7;
        if (!map_kind(kind, FILE_NAME, size, &region)) {
            continue;
        }
        const long long ranges[][2] = {
            {-1, 1},         {0, -1},   {0, size + 1}, {size, 1},      {size + 1, 0},
                {1, size},
            {1, INT64_MAX}, {INT64_MAX, 1}, {INT64_MAX, INT64_MAX}, {INT64_MIN, INT64_MIN},
                {size, -size},
        };
        for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
            check_mistake(path_of_kind(kind, FILE_NAME), ranges[i][0], ranges[i][1]);
        }
        CHECK_CODE(quire_populate(&region, 0, 1, 2, &outcome, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_lock(&region, 0, 1, -1, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_CODE(quire_flush(&region, FILE_NAME, 0, 1, 3, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK(holds_pattern(&region, 0, size));
        unmap_kind(kind, FILE_NAME, &region);
    }
}

/* ---- residency ---- */

static quire_page_bits words[8];

static quire_residency residency_of(long long offset, long long length) {
    quire_residency residency = {0};
    memset(words, -1, sizeof words);
    CHECK_OK(quire_query_residency(&region, offset, length, words, 8, &residency, &error));
    CHECK_EQUAL(residency.page_size, page);
    CHECK_EQUAL(residency.pages * page, length == 0 ? 0 : pages_around(offset, length));
    long long ones = 0;
    for (int i = 0; i < 512; i++) {
        int is_resident = (int)((unsigned long long)words[i / 64].bits >> i % 64 & 1);
        CHECK(!is_resident || i < residency.pages);
        ones += is_resident;
    }
    CHECK_EQUAL(ones, residency.resident);
    CHECK(residency.known || residency.resident == 0);
    CHECK_EQUAL(residency.known, region.residency_known);
    return residency;
}

static void check_populate_of(int kind, int32_t write) {
    long long size = 130 * page + 7;
    if (!map_kind(kind, FILE_NAME, size, &region)) {
        return;
    }
    int32_t code = quire_populate(&region, 0, size, write, &outcome, &error);
    if (write && region.mode == QUIRE_READ_ONLY) {
        CHECK_CODE(code, QUIRE_E_READ_ONLY);
    } else {
        CHECK_OK(code);
        CHECK(is_consistent(pages_around(0, size)));
        quire_residency residency = residency_of(0, size);
        if (can(QUIRE_CAN_POPULATE)) {
            int is_not_copied = is_windows() && write && region.mode == QUIRE_COPY_ON_WRITE;
            CHECK_EQUAL(outcome.result, is_not_copied ? QUIRE_EMULATED : QUIRE_APPLIED);
            CHECK(!residency.known || residency.resident == residency.pages);
        }
        residency_of(page - 1, 2);
        residency_of(page, 64 * page);
        residency_of(1, 0);
        CHECK_CODE(quire_query_residency(&region, 0, size, words, 2, &residency, &error),
                   QUIRE_E_INVALID_ARGUMENT);
        CHECK_OK(quire_query_residency(&region, 0, size, words, 3, &residency, &error));
        CHECK_OK(quire_query_residency(&region, 0, size, NULL, 0, &residency, &error));
    }
    CHECK(holds_pattern(&region, 0, size));
    unmap_kind(kind, FILE_NAME, &region);
}

/* Memory that nobody touched is not there; that which was populated is. */
static void check_untouched(void) {
    CHECK_OK(quire_map_anonymous(100 * page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &region, &error));
    CHECK(!can(QUIRE_CAN_REPORT_RESIDENCY) || region.residency_known);
    CHECK_OK(quire_advise(&region, "", 0, region.length, QUIRE_NOHUGEPAGE, &outcome, &error));
    quire_residency before = residency_of(0, region.length);
    CHECK_EQUAL(before.resident, 0);
    CHECK_OK(quire_populate(&region, 10 * page + 1, 2 * page, 1, &outcome, &error));
    quire_residency after = residency_of(0, region.length);
    if (can(QUIRE_CAN_POPULATE) && after.known) {
        CHECK_EQUAL(after.resident, 3);
        CHECK_EQUAL(words[0].bits, 7LL << 10);
    } else {
        skip("residency is not known or pages cannot be populated here");
    }
    unmap(&region);
}

static void check_lock_of(int kind, int32_t on_fault) {
    if (!map_kind(kind, FILE_NAME, 5 * page + 7, &region)) {
        return;
    }
    if (on_fault && !can(QUIRE_CAN_LOCK_ON_FAULT)) {
        CHECK_CODE(quire_lock(&region, 1, page, 1, &error), QUIRE_E_UNSUPPORTED);
    } else {
        CHECK_OK(quire_lock(&region, 1, page, on_fault, &error));
        CHECK_OK(quire_lock(&region, 0, region.length, on_fault, &error));
        CHECK_OK(quire_unlock(&region, page, 1, &error));
        CHECK_OK(quire_unlock(&region, 0, region.length, &error));
        CHECK_OK(quire_unlock(&region, 0, region.length, &error));
    }
    CHECK(holds_pattern(&region, 0, region.length));
    unmap_kind(kind, FILE_NAME, &region);
}

/* ---- files ---- */

static void check_flush_of(int kind) {
    if (!map_kind(kind, FILE_NAME, 5 * page + 7, &region)) {
        return;
    }
    const char *path = path_of_kind(kind, FILE_NAME);
    for (int32_t durability = QUIRE_FLUSH_CACHE; durability <= QUIRE_FLUSH_DEVICE; durability++) {
        unsigned char marks[] = {(unsigned char)(durability + 100),
                                 (unsigned char)(durability + 110)};
        if (region.mode != QUIRE_READ_ONLY) {
            bytes(&region)[page - 1] = marks[0];
            bytes(&region)[5 * page + 6] = marks[1];
        }
        CHECK_OK(quire_flush(&region, path, page - 1, 2, durability, &error));
        CHECK_OK(quire_flush(&region, path, 0, region.length, durability, &error));
        if (region.kind == QUIRE_KIND_FILE) {
            int is_shared = region.mode == QUIRE_READ_WRITE;
            CHECK_EQUAL(byte_in_file(FILE_NAME, page - 1), is_shared ? marks[0]
                        : pattern(page - 1));
            CHECK_EQUAL(byte_in_file(FILE_NAME, 5 * page + 6), is_shared ? marks[1]
                        : pattern(5 * page + 6));
        }
    }
    unmap_kind(kind, FILE_NAME, &region);
}

static void check_evict_of(int kind) {
    long long size = 130 * page + 7;
    if (!map_kind(kind, FILE_NAME, size, &region)) {
        return;
    }
    if (region.mode != QUIRE_READ_ONLY) {
        memset(bytes(&region), 7, (size_t)page);
    }
    CHECK_OK(quire_populate(&region, 0, size, 0, &outcome, &error));
    CHECK_OK(quire_evict(&region, path_of_kind(kind, FILE_NAME), page - 1, 100 * page, &outcome,
                         &error));
    CHECK(is_consistent(101 * page));
    if (kind >= 3) {
        CHECK_EQUAL(outcome.result, QUIRE_IGNORED);
    } else if (!can(QUIRE_CAN_EVICT)) {
        CHECK_EQUAL(outcome.result, QUIRE_NOT_OFFERED);
    } else if (region.residency_known && can(QUIRE_CAN_REPORT_RESIDENCY)) {
        CHECK_EQUAL(residency_of(page - 1, 100 * page).resident * page, 101 * page - outcome.bytes);
        CHECK_EQUAL(outcome.result == QUIRE_IGNORED, is_in_memory(FILE_NAME));
    }
    long long changed = region.mode == QUIRE_READ_ONLY ? 0 : page;
    CHECK(changed == 0 || (bytes(&region)[0] == 7 && bytes(&region)[page - 1] == 7));
    CHECK(holds_pattern(&region, changed, size));
    unmap_kind(kind, FILE_NAME, &region);
}

/* Inwards: of the range only whole pages change, and of what lies beside it nothing. */
static void check_discard_of(int kind, long long offset, long long length) {
    if (!map_kind(kind, FILE_NAME, 5 * page + 7, &region)) {
        return;
    }
    const char *path = path_of_kind(kind, FILE_NAME);
    long long first = (offset + page - 1) / page * page;
    long long end = (offset + length) / page * page;
    long long whole = end > first ? end - first : 0;
    if (region.mode == QUIRE_READ_ONLY) {
        CHECK_CODE(quire_discard(&region, path, offset, length, &outcome, &error),
                   QUIRE_E_READ_ONLY);
        CHECK(holds_pattern(&region, 0, region.length));
    } else if (region.mode == QUIRE_COPY_ON_WRITE) {
        memset(bytes(&region), 0, (size_t)region.length);
        CHECK_OK(quire_discard(&region, path, offset, length, &outcome, &error));
        long long gone = outcome.bytes > 0 ? first : end;
        CHECK(outcome.bytes == whole || outcome.bytes == 0);
        CHECK(is_windows() || outcome.bytes == whole);
        CHECK(is_zero(&region, 0, whole > 0 ? gone : region.length)
              && is_zero(&region, end, region.length));
        CHECK(whole == 0 || holds_pattern(&region, gone, end));
    } else {
        CHECK_OK(quire_discard(&region, path, offset, length, &outcome, &error));
        CHECK(is_consistent(whole));
        CHECK(outcome.result == QUIRE_APPLIED || whole == 0 || !can(QUIRE_CAN_DISCARD_FILE));
        first = outcome.bytes == 0 ? end : first;
        CHECK(holds_pattern(&region, 0, whole > 0 ? first : region.length));
        CHECK(holds_pattern(&region, whole > 0 ? end : 0, region.length));
        CHECK(whole == 0 || is_zero(&region, first, end));
        CHECK(kind != QUIRE_READ_WRITE
              || byte_in_file(FILE_NAME, offset) == bytes(&region)[offset]);
    }
    unmap_kind(kind, FILE_NAME, &region);
}

static void check_discard(int kind) {
    const long long offsets[] = {0, 1, page - 1, page, page + 1};
    const long long lengths[] = {1, page - 1, page, page + 1, 3 * page + 7};
    for (size_t o = 0; o < sizeof offsets / sizeof *offsets; o++) {
        for (size_t l = 0; l < sizeof lengths / sizeof *lengths; l++) {
            check_discard_of(kind, offsets[o], lengths[l]);
        }
    }
}

/* A mapping of the middle of a file: what comes before and after it is not its own. */
static void check_discard_beside(void) {
    write_file(FILE_NAME, 9 * page);
    CHECK_OK(map_file(FILE_NAME, page + 100, 3 * page, QUIRE_READ_WRITE, 0, &region, &error));
    CHECK_OK(quire_discard(&region, FILE_NAME, 0, 3 * page, &outcome, &error));
    CHECK(outcome.bytes == 2 * page || !can(QUIRE_CAN_DISCARD_FILE));
    unmap(&region);
    CHECK_EQUAL(byte_in_file(FILE_NAME, page + 100), pattern(page + 100));
    CHECK_EQUAL(byte_in_file(FILE_NAME, 2 * page - 1), pattern(2 * page - 1));
    CHECK_EQUAL(byte_in_file(FILE_NAME, 4 * page), pattern(4 * page));
    CHECK_EQUAL(file_length(FILE_NAME), 9 * page);
    CHECK(remove(FILE_NAME) == 0);
}

int main(void) {
    page = system_now().page_size;
    check_hints();
    check_prefetch();
    check_mistakes();
    check_untouched();
    for (int kind = 0; kind < KINDS; kind++) {
        for (int32_t choice = 0; choice <= 1; choice++) {
            check_populate_of(kind, choice);
            check_lock_of(kind, choice);
        }
        check_flush_of(kind);
        check_evict_of(kind);
        check_discard(kind);
    }
    check_discard_beside();
    return summary("check_hints");
}

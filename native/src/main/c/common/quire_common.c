/*
 * quire_common.c - what is the same everywhere: argument checks, ranges, pages, the count of mapped
 * areas.
 */
#include "quire_internal.h"

#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>

/* Mapped areas that are left to the rest of the process: HotSpot ends the process when it gets
   none, and needs some for each thread, code heap and class space. Of a small limit, a quarter. */
#define AREA_RESERVE 2000

/* Changing the pages inside a mapped area makes three of it. */
#define AREAS_OF_A_SPLIT 2

#define FILE_FLAGS \
    (QUIRE_CREATE | QUIRE_CREATE_NEW | QUIRE_EXTEND | QUIRE_SPARSE | QUIRE_NO_FOLLOW \
     | QUIRE_OPEN_SEQUENTIAL | QUIRE_OPEN_RANDOM)
#define WRITE_FLAGS (QUIRE_CREATE | QUIRE_CREATE_NEW | QUIRE_EXTEND)

int32_t qi_fail(quire_error *error, int32_t code, int32_t call, int32_t os_number,
                long long limit) {
    *error = (quire_error){.code = code, .os_number = os_number, .call = call, .limit = limit};
    return code;
}

/* ---- mapped areas ---- */

/* Areas this library made since they were last counted, and how many it may make until they are
   counted again. Counting reads some megabytes where a process has many areas, so it is done only
   when half of what was left is used up: others in the process make areas too. */
static atomic_llong areas_made;
static atomic_llong areas_allowed;

static long long area_reserve(long long limit) {
    return limit / 4 < AREA_RESERVE ? limit / 4 : AREA_RESERVE;
}

/* Takes out what was made before it counts and lets nobody pass meanwhile: no area is missed, some
 * may count twice. */
static int32_t count_areas(long long areas, quire_error *error) {
    atomic_store(&areas_allowed, 0);
    atomic_exchange(&areas_made, areas);
    long long limit = os_area_limit();
    long long counted = limit < 0 ? 0 : os_count_areas();
    if (counted == NO_DESCRIPTOR) {
        atomic_fetch_sub(&areas_made, areas);
        return qi_reject(error, QUIRE_E_HANDLE_LIMIT);
    }
    long long left = limit < 0 ? LLONG_MAX : limit - area_reserve(limit) - counted;
    if (left < areas) {
        atomic_fetch_sub(&areas_made, areas);
        return qi_fail(error, QUIRE_E_MAP_LIMIT, CALL_NONE, 0, limit);
    }
    atomic_store(&areas_allowed, left / 2 > areas ? left / 2 : areas);
    return QUIRE_OK;
}

int32_t qi_reserve_areas(long long areas, quire_error *error) {
    long long made = atomic_fetch_add(&areas_made, areas) + areas;
    return made <= atomic_load(&areas_allowed) ? QUIRE_OK : count_areas(areas, error);
}

void qi_release_areas(long long areas) {
    long long made = atomic_load(&areas_made);
    while (!atomic_compare_exchange_weak(&areas_made, &made, made > areas ? made - areas : 0)) {
    }
}

/* ---- ranges ---- */

int32_t qi_check_range(const quire_region *region, long long offset, long long length,
                       quire_error *error) {
    if (offset < 0 || length < 0 || offset > region->length || length > region->length - offset) {
        return qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    return QUIRE_OK;
}

static long long round_down(long long value, long long unit) {
    return value & ~(unit - 1);
}

static long long round_up(long long value, long long unit) {
    return round_down(value + unit - 1, unit);
}

static span bytes_of(const quire_region *region, long long offset, long long length) {
    return (span){(char *)(uintptr_t)(region->address + offset), length};
}

span qi_pages_of(const quire_region *region, long long offset, long long length) {
    long long page = region->page_size;
    long long end = round_up(region->address + offset + length, page);
    long long mapped_end = region->base + region->base_length;
    long long start = round_down(region->address + offset, page);
    return (span){(char *)(uintptr_t)start, (end < mapped_end ? end : mapped_end) - start};
}

/* For a call that may change only a part of an area: there must be room for what a split makes. */
static int32_t reserve_split(const quire_region *region, span pages, quire_error *error) {
    return pages.length == region->base_length ? QUIRE_OK
           : qi_reserve_areas(AREAS_OF_A_SPLIT, error);
}

/* The whole pages inside the range: maybe none. */
static span pages_inside(const quire_region *region, long long offset, long long length) {
    long long page = region->page_size;
    long long start = round_up(region->address + offset, page);
    long long end = round_down(region->address + offset + length, page);
    return (span){(char *)(uintptr_t)start, end > start ? end - start : 0};
}

static void preset(quire_outcome *outcome, int32_t result, long long bytes) {
    *outcome = (quire_outcome){.result = result, .bytes = bytes};
}

/* ---- lost bytes ---- */

/* Readings of a record after which a change of it is waited for. */
#define PATIENCE 100

static long long load(const long long *field) {
    return __atomic_load_n(field, __ATOMIC_SEQ_CST);
}

static const quire_record *record_of(const quire_region *region) {
    return (const quire_record *)(uintptr_t)region->record;
}

long long qi_loss_count(const quire_region *region) {
    return region->record == 0 ? 0 : load(&record_of(region)->count);
}

/* Read while nothing was written. */
static int is_lost(const quire_record *record, long long from, long long to, int *lost) {
    long long sequence = load(&record->sequence);
    *lost = 0;
    for (long long i = 0; i < load(&record->ranges) && i < QUIRE_LOST_RANGES; i++) {
        long long start = load(&record->lost[i].offset);
        *lost |= start < to && start + load(&record->lost[i].length) > from;
    }
    return (sequence & 1) == 0 && load(&record->sequence) == sequence;
}

int qi_meets_loss(const quire_region *region, long long offset, long long length, long long since) {
    const quire_record *record = record_of(region);
    if (record == NULL || length == 0 || (load(&record->count) == since && (since & 1) == 0)) {
        return 0;
    }
    long long from = region->address - region->base + offset;
    int lost;
    for (int turn = 1; !is_lost(record, from, from + length, &lost); turn++) {
        if (turn % PATIENCE == 0) {
            os_await_record(region);
        }
    }
    return lost || load(&record->restored) > since;
}

/* For what is done only to bytes that are there: checked before and after, since they may be lost
   meanwhile. */
static int32_t check_loss(const quire_region *region, long long offset, long long length,
                          long long since, quire_error *error) {
    return qi_meets_loss(region, offset, length, since) ? qi_reject(error, QUIRE_E_FAULT)
           : QUIRE_OK;
}

int32_t quire_heal(int32_t wanted) {
    return os_heal(wanted);
}

long long quire_losses(void) {
    return (long long)(uintptr_t)os_losses();
}

int32_t quire_is_lost(long long address, long long length) {
    return os_is_lost(address, length);
}

int32_t quire_restore(const quire_region *region, const char *path, quire_ranges *returned,
                      quire_error *error) {
    qi_begin(error);
    returned->count = 0;
    if (region->record == 0) {
        return qi_reject(error, QUIRE_E_UNSUPPORTED);
    }
    return os_restore(region, path, returned, error);
}

/* ---- system ---- */

int32_t quire_query_system(quire_system *system, quire_error *error) {
    qi_begin(error);
    *system = (quire_system){
        .abi_version = QUIRE_ABI_VERSION,
        .os_major = -1,
        .os_minor = -1,
        .page_size = -1,
        .granularity = -1,
        .huge_page_size = -1,
        .map_limit = -1,
        .map_reserve = -1,
        .mapped = -1,
        .lock_limit = -1,
        .memory_total = -1,
        .memory_available = -1,
        .group_limit = -1,
        .group_available = -1,
    };
    os_query_system(system);
    if (system->map_limit >= 0) {
        system->map_reserve = area_reserve(system->map_limit);
    }
    return QUIRE_OK;
}

/* ---- mapping ---- */

void qi_make_empty(quire_region *region, int32_t mode, int32_t kind) {
    *region = (quire_region){.handle = -1, .page_size = os_page_size(), .mode = mode, .kind = kind};
}

/* After the hook: a region that failed or is empty needs no area. */
int32_t qi_settle(quire_region *region, int32_t code, quire_error *error) {
    if (code == QUIRE_OK) {
        code = os_watch(region, error);
        quire_error ignored;
        if (code != QUIRE_OK && (region->base_length > 0 || region->handle != -1)) {
            os_unmap(region, &ignored);
        }
    }
    if (code != QUIRE_OK) {
        qi_make_empty(region, region->mode, region->kind);
    }
    if (region->base_length == 0) {
        qi_release_areas(1);
    }
    return code;
}

int32_t qi_check_mapping(int32_t mode, int32_t flags, int32_t allowed, quire_error *error) {
    int32_t exclusive = QUIRE_OPEN_SEQUENTIAL | QUIRE_OPEN_RANDOM;
    if (mode < QUIRE_READ_ONLY || mode > QUIRE_COPY_ON_WRITE || (flags & ~allowed) != 0
        || (flags & exclusive) == exclusive
        || (mode != QUIRE_READ_WRITE && (flags & WRITE_FLAGS) != 0)) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return QUIRE_OK;
}

/* No file is that long: what else is wrong with the path is said first. */
static int32_t refuse_far(quire_file_request *request, quire_error *error) {
    quire_region *region = &request->region;
    quire_error ignored;
    long long offset = request->offset < BYTES_MAX ? request->offset : BYTES_MAX;
    long long length = request->length < BYTES_MAX ? request->length : BYTES_MAX;
    if ((request->flags & QUIRE_EXTEND) != 0) {
        return qi_reject(error, QUIRE_E_FILE_TOO_LARGE);
    }
    if (os_map_file(request->path, offset, length, request->flags, region, error) == QUIRE_OK) {
        os_unmap(region, &ignored);
        qi_reject(error, QUIRE_E_FILE_TOO_LARGE);
    }
    qi_make_empty(region, request->mode, QUIRE_KIND_FILE);
    return error->code;
}

int32_t quire_map_file(quire_file_request *request, quire_error *error) {
    long long offset = request->offset, length = request->length;
    quire_region *region = &request->region;
    qi_begin(error);
    qi_make_empty(region, request->mode, QUIRE_KIND_FILE);
    if (qi_check_mapping(request->mode, request->flags, FILE_FLAGS | MEMORY_FLAGS,
                         error) != QUIRE_OK) {
        return error->code;
    }
    if (offset < 0 || length < -1) {
        return qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    if (offset > BYTES_MAX || length > BYTES_MAX) {
        return refuse_far(request, error);
    }
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    return qi_settle(region, os_map_file(request->path, offset, length, request->flags, region,
                                         error), error);
}

int32_t quire_map_anonymous(long long length, int32_t kind, int32_t flags, quire_region *region,
                            quire_error *error) {
    qi_begin(error);
    qi_make_empty(region, QUIRE_READ_WRITE, kind);
    if ((kind != QUIRE_KIND_ANONYMOUS_PRIVATE && kind != QUIRE_KIND_ANONYMOUS_SHARED)
        || qi_check_mapping(QUIRE_READ_WRITE, flags, MEMORY_FLAGS, error) != QUIRE_OK) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (length < 0 || length > BYTES_MAX) {
        return qi_reject(error, length < 0 ? QUIRE_E_OUT_OF_RANGE : QUIRE_E_NO_MEMORY);
    }
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    return qi_settle(region, os_map_anonymous(length, flags, region, error), error);
}

int32_t quire_unmap(quire_region *region, quire_error *error) {
    qi_begin(error);
    int32_t code = QUIRE_OK;
    os_unwatch(region);
    if (region->base_length > 0 || region->handle != -1) {
        code = os_unmap(region, error);
    }
    if (region->base_length > 0) {
        qi_release_areas(1);
    }
    qi_make_empty(region, region->mode, region->kind);
    return code;
}

int32_t quire_protect(const quire_region *region, long long offset, long long length,
                      int32_t access, quire_error *error) {
    qi_begin(error);
    if (access < QUIRE_ACCESS_NONE || access > QUIRE_ACCESS_READ_WRITE) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    long long page = region->page_size;
    long long start = region->address + offset;
    if ((offset != 0 && start % page != 0)
        || (offset + length != region->length && (start + length) % page != 0)) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (access == QUIRE_ACCESS_READ_WRITE && region->mode == QUIRE_READ_ONLY) {
        return qi_reject(error, QUIRE_E_READ_ONLY);
    }
    span pages = qi_pages_of(region, offset, length);
    if (reserve_split(region, pages, error) != QUIRE_OK) {
        return error->code;
    }
    return os_protect(region, pages, access, error);
}

int32_t quire_resize(quire_region *region, const char *path, long long length, int32_t flags,
                     quire_error *error) {
    qi_begin(error);
    if ((flags & ~QUIRE_SPARSE) != 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (length < 0) {
        return qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    if (region->mode != QUIRE_READ_WRITE) {
        return qi_reject(error, QUIRE_E_READ_ONLY);
    }
    if (length > BYTES_MAX) {
        int is_file = region->kind == QUIRE_KIND_FILE;
        return qi_reject(error, is_file ? QUIRE_E_FILE_TOO_LARGE : QUIRE_E_NO_MEMORY);
    }
    if (length == region->length) {
        return QUIRE_OK;
    }
    long long before = region->base_length > 0;
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = os_resize(region, path, length, flags, error);
    qi_release_areas(1 + before - (region->base_length > 0));
    return code;
}

/* ---- what the file has now ---- */

/* Bytes of the region up to the end of the file as it is now, with all of its last page; all of the
   region where nobody can tell. */
static long long present_end(const quire_region *region, const char *path) {
    int has_file = region->kind != QUIRE_KIND_ANONYMOUS_PRIVATE
                   && (region->handle != -1 || path[0] != '\0');
    long long size = has_file && region->base_length > 0 ? os_size_now(region, path) : -1;
    if (size < 0) {
        return region->length;
    }
    long long end = round_up(size, region->page_size) - region->file_offset;
    return end < 0 ? 0 : end < region->length ? end : region->length;
}

/* What was done for less than the range is not done for all of it. */
static int32_t shorten(quire_outcome *outcome, int32_t code) {
    if (outcome->result == QUIRE_APPLIED || outcome->result == QUIRE_EMULATED) {
        outcome->result = outcome->bytes > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED;
    }
    return code;
}

/* ---- pages ---- */

/* The traits of a hint; -1 if there is no such hint. */
static int32_t traits_of(int32_t hint) {
#define QUIRE_HINT(number, name, traits, sentence) \
    case number: \
        return traits;
    switch (hint) {
        QUIRE_HINTS
    default:
        return -1;
    }
#undef QUIRE_HINT
}

/* WILLNEED for the bytes of a range that are there. */
static int32_t advise_present(const quire_region *region, const char *path, quire_range range,
                              quire_outcome *outcome, quire_error *error) {
    quire_range there = qi_before(range, present_end(region, path));
    if (there.length == 0) {
        return QUIRE_OK;
    }
    span pages = qi_pages_of(region, there.offset, there.length);
    preset(outcome, QUIRE_APPLIED, pages.length);
    int32_t code = os_advise(region, pages, QUIRE_WILLNEED, outcome, error);
    return there.length < range.length ? shorten(outcome, code) : code;
}

int32_t quire_advise(const quire_region *region, const char *path, long long offset,
                     long long length, int32_t hint, quire_outcome *outcome, quire_error *error) {
    qi_begin(error);
    preset(outcome, QUIRE_IGNORED, 0);
    int32_t traits = traits_of(hint);
    if (traits < 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    if (hint == QUIRE_WILLNEED) {
        return advise_present(region, path, (quire_range){offset, length}, outcome, error);
    }
    span pages = qi_pages_of(region, offset, length);
    int is_kept = (traits & QUIRE_HINT_KEPT) != 0;
    if (is_kept && reserve_split(region, pages, error) != QUIRE_OK) {
        return error->code;
    }
    preset(outcome, QUIRE_APPLIED, pages.length);
    int32_t code = os_advise(region, pages, hint, outcome, error);
    if (code == QUIRE_OK && outcome->result == QUIRE_APPLIED && is_kept
        && pages.length == region->base_length) {
        os_remember_hint(region->record, hint);
    }
    return code;
}

long long quire_advise_briefly(long long record, int32_t kind, long long base_length,
                               long long start, long long length, int32_t hint) {
    int32_t brief = QUIRE_HINT_BRIEF | (kind == QUIRE_KIND_FILE ? QUIRE_HINT_BRIEF_FOR_FILES : 0);
    int32_t traits = traits_of(hint);
    if (traits < 0 || (traits & brief) == 0) {
        return 0;
    }
    long long page = os_page_size();
    long long first = round_down(start, page);
    span pages = {(char *)(uintptr_t)first, round_up(start + length, page) - first};
    quire_error error;
    if (pages.length != base_length && qi_reserve_areas(AREAS_OF_A_SPLIT, &error) != QUIRE_OK) {
        return 0;
    }
    if (!os_advise_plainly(pages, hint)) {
        return 0;
    }
    if (pages.length == base_length) {
        os_remember_hint(record, hint);
    }
    return pages.length;
}

/* Bytes of the pages of the ranges, as far as they lie before an end. */
static long long bytes_before(const quire_region *region, const quire_range *ranges,
                              long long count, long long end) {
    long long bytes = 0;
    for (long long i = 0; i < count; i++) {
        quire_range there = qi_before(ranges[i], end);
        bytes += there.length == 0 ? 0 : qi_pages_of(region, there.offset, there.length).length;
    }
    return bytes;
}

int32_t quire_prefetch(const quire_region *region, const char *path, const quire_range *ranges,
                       long long count, quire_outcome *outcome, quire_error *error) {
    qi_begin(error);
    preset(outcome, QUIRE_IGNORED, 0);
    if (count < 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    for (long long i = 0; i < count; i++) {
        if (qi_check_range(region, ranges[i].offset, ranges[i].length, error) != QUIRE_OK) {
            return error->code;
        }
    }
    long long wanted = bytes_before(region, ranges, count, region->length);
    long long end = wanted == 0 ? 0 : present_end(region, path);
    long long bytes = bytes_before(region, ranges, count, end);
    if (bytes == 0) {
        return QUIRE_OK;
    }
    preset(outcome, QUIRE_APPLIED, bytes);
    int32_t code = os_prefetch(region, ranges, count, end, outcome, error);
    return bytes < wanted ? shorten(outcome, code) : code;
}

int32_t quire_populate(const quire_region *region, long long offset, long long length,
                       int32_t write, quire_outcome *outcome, quire_error *error) {
    qi_begin(error);
    preset(outcome, QUIRE_IGNORED, 0);
    if (write != (write & 1)) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK) {
        return error->code;
    }
    if (write && region->mode == QUIRE_READ_ONLY) {
        return qi_reject(error, QUIRE_E_READ_ONLY);
    }
    if (length == 0) {
        return QUIRE_OK;
    }
    span pages = qi_pages_of(region, offset, length);
    long long since = qi_loss_count(region);
    preset(outcome, QUIRE_APPLIED, pages.length);
    int32_t code = os_populate(region, pages, write, outcome, error);
    return code == QUIRE_OK ? check_loss(region, offset, length, since, error) : code;
}

int32_t quire_check_memory(const quire_region *region, long long offset, long long length,
                           int32_t use, quire_error *error) {
    qi_begin(error);
    if (use < QUIRE_USE_READ || use > QUIRE_USE_LOCK) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    return os_check_memory(region, qi_pages_of(region, offset, length), use, error);
}

int32_t quire_lock(const quire_region *region, long long offset, long long length, int32_t on_fault,
                   quire_error *error) {
    qi_begin(error);
    if (on_fault != (on_fault & 1)) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    span pages = qi_pages_of(region, offset, length);
    if (reserve_split(region, pages, error) != QUIRE_OK) {
        return error->code;
    }
    if (check_loss(region, offset, length, qi_loss_count(region), error) != QUIRE_OK) {
        return error->code;
    }
    return os_lock(region, pages, on_fault, error);
}

int32_t quire_unlock(const quire_region *region, long long offset, long long length,
                     quire_error *error) {
    qi_begin(error);
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    span pages = qi_pages_of(region, offset, length);
    if (reserve_split(region, pages, error) != QUIRE_OK) {
        return error->code;
    }
    return os_unlock(region, pages, error);
}

/* The states that one load has. */
#define STATES_AT_ONCE 8

/* How many pages from the first on are not in memory, as far as whole loads tell: of terabytes,
   nearly all are not. */
static long long count_absent(const unsigned char *states, long long pages) {
    long long absent = 0;
    unsigned long long some = 0;
    while (some == 0 && absent + STATES_AT_ONCE <= pages) {
        __builtin_memcpy(&some, states + absent, STATES_AT_ONCE);
        absent += some == 0 ? STATES_AT_ONCE : 0;
    }
    return absent;
}

static long long count_resident(const unsigned char *states, long long pages, long long first,
                                quire_page_bits *words) {
    long long resident = 0;
    for (long long i = 0; i < pages; i++) {
        i += i % STATES_AT_ONCE == 0 ? count_absent(states + i, pages - i) : 0;
        if (i >= pages || !states[i]) {
            continue;
        }
        resident++;
        if (words != NULL) {
            quire_page_bits *word = &words[(first + i) / 64];
            word->bits = (long long)((unsigned long long)word->bits | 1ULL << (first + i) % 64);
        }
    }
    return resident;
}

int32_t quire_query_residency(const quire_region *region, long long offset, long long length,
                              quire_page_bits *words, long long count, quire_residency *residency,
                              quire_error *error) {
    qi_begin(error);
    long long page = os_page_size();
    *residency = (quire_residency){.page_size = page, .known = region->residency_known};
    if (qi_check_range(region, offset, length, error) != QUIRE_OK) {
        return error->code;
    }
    span pages = length > 0 ? qi_pages_of(region, offset, length) : (span){NULL, 0};
    residency->pages = pages.length / page;
    if (count != 0 && count < (residency->pages + 63) / 64) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    for (long long i = 0; i < count; i++) {
        words[i].bits = 0;
    }
    unsigned char states[RESIDENCY_BATCH];
    for (long long first = 0; first < residency->pages && residency->known;
         first += RESIDENCY_BATCH) {
        long long batch =
            residency->pages - first < RESIDENCY_BATCH ? residency->pages - first : RESIDENCY_BATCH;
        int32_t code =
            os_query_residency(region, (span){pages.start + first * page, batch * page}, states,
                               error);
        if (code != QUIRE_OK) {
            return code;
        }
        residency->resident += count_resident(states, batch, first, count > 0 ? words : NULL);
    }
    return QUIRE_OK;
}

int32_t quire_flush(const quire_region *region, const char *path, long long offset,
                    long long length, int32_t durability, quire_error *error) {
    qi_begin(error);
    if (durability < QUIRE_FLUSH_CACHE || durability > QUIRE_FLUSH_DEVICE) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0) {
        return error->code;
    }
    if (region->kind != QUIRE_KIND_FILE || region->mode != QUIRE_READ_WRITE) {
        return QUIRE_OK;
    }
    long long since = qi_loss_count(region);
    int32_t code = os_flush(region, path, bytes_of(region, offset, length), durability, error);
    os_heal(0);
    return code == QUIRE_OK ? check_loss(region, offset, length, since, error) : code;
}

int32_t quire_evict(const quire_region *region, const char *path, long long offset,
                    long long length, quire_outcome *outcome, quire_error *error) {
    qi_begin(error);
    preset(outcome, QUIRE_IGNORED, 0);
    if (qi_check_range(region, offset, length, error) != QUIRE_OK || length == 0
        || region->kind != QUIRE_KIND_FILE) {
        return error->code;
    }
    quire_range there = qi_before((quire_range){offset, length}, present_end(region, path));
    if (there.length == 0) {
        return QUIRE_OK;
    }
    span pages = qi_pages_of(region, there.offset, there.length);
    preset(outcome, QUIRE_APPLIED, pages.length);
    int32_t code = os_evict(region, path, pages, outcome, error);
    return there.length < length ? shorten(outcome, code) : code;
}

int32_t quire_discard(const quire_region *region, const char *path, long long offset,
                      long long length, quire_outcome *outcome, quire_error *error) {
    qi_begin(error);
    preset(outcome, QUIRE_IGNORED, 0);
    if (qi_check_range(region, offset, length, error) != QUIRE_OK) {
        return error->code;
    }
    if (region->mode == QUIRE_READ_ONLY) {
        return qi_reject(error, QUIRE_E_READ_ONLY);
    }
    if (pages_inside(region, offset, length).length == 0
        || check_loss(region, offset, length, qi_loss_count(region), error) != QUIRE_OK) {
        return error->code;
    }
    quire_range there = qi_before((quire_range){offset, length}, present_end(region, path));
    span pages = pages_inside(region, there.offset, there.length);
    if (pages.length == 0) {
        return QUIRE_OK;
    }
    preset(outcome, QUIRE_APPLIED, pages.length);
    int32_t code = os_discard(region, path, pages, outcome, error);
    return there.length < length ? shorten(outcome, code) : code;
}

/* ---- files ---- */

int32_t quire_query_file(const char *path, quire_file_status *status, quire_error *error) {
    qi_begin(error);
    *status = (quire_file_status){0};
    return os_query_file(path, status, error);
}

int32_t quire_query_handle(const quire_region *region, quire_file_status *status,
                           quire_error *error) {
    qi_begin(error);
    *status = (quire_file_status){0};
    if (region->handle == -1) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return os_query_handle(region, status, error);
}

int32_t quire_preallocate(const char *path, long long length, quire_error *error) {
    qi_begin(error);
    if (length < 0 || length > BYTES_MAX) {
        return qi_reject(error, length < 0 ? QUIRE_E_OUT_OF_RANGE : QUIRE_E_FILE_TOO_LARGE);
    }
    return os_preallocate(path, length, error);
}

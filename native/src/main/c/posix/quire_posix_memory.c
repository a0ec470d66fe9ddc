/* quire_posix_memory.c - POSIX: memory is asked for before it is taken, since a process that takes
   too much is ended. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <stdatomic.h>
#include <time.h>

/* Below this, asking how much memory is left costs more than filling it: both some 100
   microseconds. Small requests are added up until they are worth asking. */
#define CHECKED_AT_ONCE (1024LL * 1024)

/* What stays free: for small requests, and as much for what the process takes for itself until it
   hears the answer. */
#define MARGIN (2 * CHECKED_AT_ONCE)

/* How often a request waits a millisecond for others that are under way: longer than it takes to
   fill what a machine has. */
#define NAPS 30000

/* Bytes whose pages are looked at before it is seen whether that is enough. */
#define LOOK_BYTES (64LL * 1024 * 1024)

/* What calls under way may still take, and what small ones took since it was asked last. */
static atomic_llong reserved;
static atomic_llong unchecked;

int qi_must_check_memory(long long bytes) {
    if (bytes < CHECKED_AT_ONCE && atomic_fetch_add(&unchecked, bytes) + bytes < CHECKED_AT_ONCE) {
        return 0;
    }
    atomic_store(&unchecked, 0);
    return 1;
}

static void nap(void) {
    struct timespec millisecond = {.tv_nsec = 1000000};
    nanosleep(&millisecond, NULL);
}

/* The tables of the pages take memory too. */
static long long with_tables(long long bytes) {
    return bytes + bytes / os_page_size() * (long long)sizeof(void *);
}

/* Others first, then what is left: who is done in between counts twice, and nobody not at all. So a
   request that only others stand in the way of waits for them. */
int32_t qi_reserve_memory(long long bytes, quire_error *error) {
    long long wanted = with_tables(bytes);
    for (int naps = 0; bytes > 0; naps++) {
        long long others = atomic_fetch_add(&reserved, wanted);
        long long left = sys_memory_left();
        if (left == -1 || (left >= 0 && wanted <= left - MARGIN - others)) {
            return QUIRE_OK;
        }
        atomic_fetch_sub(&reserved, wanted);
        if (left == NO_DESCRIPTOR) {
            return qi_reject(error, QUIRE_E_HANDLE_LIMIT);
        }
        if (others == 0 || wanted > left - MARGIN || naps == NAPS) {
            return qi_fail(error, QUIRE_E_MEMORY_LIMIT, CALL_NONE, 0,
                           left > MARGIN ? left - MARGIN : 0);
        }
        nap();
    }
    return QUIRE_OK;
}

void qi_release_memory(long long bytes) {
    atomic_fetch_sub(&reserved, bytes > 0 ? with_tables(bytes) : 0);
}

int32_t qi_check_memory(long long bytes, quire_error *error) {
    if (!qi_must_check_memory(bytes) || qi_reserve_memory(bytes, error) != QUIRE_OK) {
        return error->code;
    }
    qi_release_memory(bytes);
    return QUIRE_OK;
}

/* ---- pages ---- */

/* Of the pages, the bytes that have no memory yet; no more than it takes to exceed most. private:
   that have none of their own. */
static long long count_absent(const quire_region *region, span pages, int is_private,
                              long long most) {
    long long absent = 0;
    if (!is_private && !region->residency_known) {
        return pages.length;
    }
    for (long long done = 0; done < pages.length && absent <= most; done += LOOK_BYTES) {
        long long left = pages.length - done;
        span part = {pages.start + done, left < LOOK_BYTES ? left : LOOK_BYTES};
        long long there = is_private ? sys_own_bytes(region, part)
                                     : qi_count_resident_bytes(region, part);
        absent += part.length - there;
    }
    return absent;
}

/* Without asking anybody: 0 where pages come from a disk and can be given back to it. */
static int may_take_memory(const quire_region *region, int32_t use) {
    if (region->page_size > os_page_size()) {
        return 0; /* huge pages of a pool that is nobody else's */
    }
    if (qi_is_private(region) && use != QUIRE_USE_READ) {
        return 1;
    }
    return region->kind == QUIRE_KIND_FILE
               ? use == QUIRE_USE_LOCK || sys_may_lose_holes(region->file_device)
               : region->kind != QUIRE_KIND_ANONYMOUS_PRIVATE;
}

/* Locked pages of a file cannot be given back: those that are there already count as available
   before. */
static long long memory_for(const quire_region *region, span pages, int32_t use, long long most) {
    int is_private = qi_is_private(region);
    long long copies = is_private && use != QUIRE_USE_READ
                           ? count_absent(region, pages, 1, most) : 0;
    if (region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE) {
        return copies;
    }
    int is_memory = region->kind != QUIRE_KIND_FILE || sys_is_memory_device(region->file_device);
    if (!is_memory && (is_private || use != QUIRE_USE_LOCK)) {
        return copies;
    }
    long long absent = count_absent(region, pages, 0, most);
    return copies + (is_memory || absent == 0 ? absent : pages.length);
}

int32_t qi_reserve_pages(const quire_region *region, span pages, int32_t use, long long *bytes,
                         quire_error *error) {
    *bytes = 0;
    if (!may_take_memory(region, use) || !qi_must_check_memory(pages.length)) {
        return QUIRE_OK;
    }
    long long left = pages.length > LOOK_BYTES ? sys_memory_left() : -1;
    long long wanted = memory_for(region, pages, use, left < 0 ? LLONG_MAX : left);
    int32_t code = qi_reserve_memory(wanted, error);
    *bytes = code == QUIRE_OK ? wanted : 0;
    return code;
}

int32_t os_check_memory(const quire_region *region, span pages, int32_t use, quire_error *error) {
    long long bytes;
    int32_t code = qi_reserve_pages(region, pages, use, &bytes, error);
    qi_release_memory(bytes);
    return code;
}

#endif

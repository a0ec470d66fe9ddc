/* quire_posix_heal.c - POSIX: what becomes of a lost page, and of one that returns. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix_watch.h"
#include "quire_reduce.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* How often the kernel may say of the page of a fault that it is there: a race with somebody who
   changes the file's size is over sooner, and so many threads do not fault on one page at a
   time. */
#define REPEATS 10000

/* And how often it may leave open whether a page that can be read can be written to. */
#define UNKNOWN_REPEATS 1000

/* Pages that follow a lost one and are looked at in the same fault. */
#define RUN_PAGES 256

/* Bytes whose residency is asked for in one fault: some milliseconds. */
#define RESIDENCY_LIMIT (1LL << 30)

/* Mapped areas that are set aside for a process that has no more of them: enough for the pages of
   one file that fail here and there. */
#define BALLAST_PAGES 128

/* ---- overlays: called by the handler ---- */

static _Atomic(char *) ballast;

/* Every second page is of another kind, so that each is an area of its own. */
static char *make_ballast(size_t page) {
    char *made = mmap(NULL, BALLAST_PAGES * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS
                      | MAP_NORESERVE, -1, 0);
    for (int i = 0; made != MAP_FAILED && i < BALLAST_PAGES; i += 2) {
        mprotect(made + (size_t)i * page, page, PROT_READ);
    }
    return made == MAP_FAILED ? NULL : made;
}

void qi_reserve_ballast(void) {
    char *none = NULL;
    if (atomic_load(&ballast) == NULL) {
        size_t page = (size_t)os_page_size();
        char *made = make_ballast(page);
        if (!atomic_compare_exchange_strong(&ballast, &none, made) && made != NULL) {
            munmap(made, BALLAST_PAGES * page);
        }
    }
}

static int drop_ballast(void) {
    char *dropped = atomic_exchange(&ballast, NULL);
    return dropped != NULL && munmap(dropped, BALLAST_PAGES * (size_t)os_page_size()) == 0;
}

static int map_zeroes(const watch *own, quire_range lost) {
    int flags = MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    return mmap(own->base + lost.offset, (size_t)lost.length, own->protection, flags, -1,
                0) != MAP_FAILED;
}

/* Hints that were given for the whole region. */
static void give_hints(const watch *own, quire_range range) {
    unsigned int hints = atomic_load(&own->hints);
    for (int32_t hint = 0; hints != 0; hint++, hints >>= 1) {
        int advice = (hints & 1) != 0 ? sys_advice(hint) : -1;
        if (advice >= 0) {
            madvise(own->base + range.offset, (size_t)range.length, advice);
        }
    }
}

static int overlay(watch *own, quire_range lost) {
    if (!map_zeroes(own, lost) && (errno != ENOMEM || !drop_ballast() || !map_zeroes(own, lost))) {
        own->is_incomplete = 1;
        return 0;
    }
    give_hints(own, lost);
    return 1;
}

/* ---- what is lost: called by the handler ---- */

/* Nothing is changed by reading. */
static enum presence look(const watch *own, long long offset) {
    return sys_look(own->base + offset, (size_t)own->page_size, 0);
}

/* What can be read may be a hole that cannot be filled. A private page is copied when it is written
   to, which only huge ones can fail at. */
static enum presence look_to_write(const watch *own, long long offset) {
    enum presence presence = look(own, offset);
    int is_written = (own->protection & PROT_WRITE) != 0
        && (!own->is_private || own->page_size > os_page_size());
    return is_written && presence == PAGE_THERE
           ? sys_look(own->base + offset, (size_t)own->page_size, 1) : presence;
}

/* Whether the file has pages there, when all of it lies in memory. Of a long range only the
   beginning is asked for. */
static int has_resident(const watch *own, long long from, long long to) {
    enum { BATCH = 512 };
    unsigned char states[BATCH];
    long long page = os_page_size();
    to = to - from > RESIDENCY_LIMIT ? from + RESIDENCY_LIMIT : to;
    for (long long at = from; at < to; at += BATCH * page) {
        long long bytes = to - at < BATCH * page ? to - at : BATCH * page;
        if (sys_residency((span){own->base + at, bytes}, states) != 0) {
            return 1;
        }
        for (long long i = 0; i < bytes / page; i++) {
            if (states[i] != 0) {
                return 1;
            }
        }
    }
    return 0;
}

/* Whether everything from a lost page up to a position is lost, as it is when the file was
   truncated: the last page of it is, and so are some on the way. A device that fails here and there
   does not look like that, but a sparse file in memory that is used up may. Private changes would
   be gone with an overlay. */
static int is_cut(const watch *own, long long from, long long to) {
    if (look(own, to - own->page_size) != PAGE_LOST) {
        return 0;
    }
    for (long long step = own->page_size; step < to - from; step *= 2) {
        if (look(own, from + step) != PAGE_LOST) {
            return 0;
        }
    }
    span rest = {own->base + from + own->page_size, to - from - own->page_size};
    return own->is_private ? !sys_has_changes(rest)
                           : !own->may_lose_holes || !has_resident(own, from + own->page_size, to);
}

static quire_range find_run(const watch *own, long long from, long long limit) {
    long long page = own->page_size;
    long long to = from + page;
    while (to < limit && to - from < RUN_PAGES * page && look_to_write(own, to) == PAGE_LOST) {
        to += page;
    }
    return (quire_range){from, to - from};
}

/* From a lost page on: up to what is lost already, or to the end. */
static quire_range find_lost(const watch *own, long long from) {
    const quire_range *next = qi_next_lost(own, from);
    long long limit = next == NULL ? own->length : next->offset;
    if (from + own->page_size < limit && is_cut(own, from, limit)) {
        return (quire_range){from, limit - from};
    }
    return find_run(own, from, limit);
}

/* Whether threads fault again and again though their pages seem to be there. */
static int is_stuck(watch *own, long long page, int limit) {
    int self = sys_thread();
    own->repeats = own->last_thread == self && own->last_page != page ? 0 : own->repeats + 1;
    own->last_thread = self;
    own->last_page = page;
    return own->repeats >= limit;
}

/* What was noted and is not mapped over: a page at first, and those behind that nothing is stored
   in. */
static int heal_noted(watch *own, const quire_range *noted, long long page, int poisoned) {
    quire_range lost = {page, own->page_size};
    if (!poisoned) {
        lost = find_run(own, page, noted->offset + noted->length);
    }
    return overlay(own, lost);
}

static int heal_anew(watch *own, long long page) {
    quire_range lost = find_lost(own, page);
    quire_range between = qi_note_loss(own, lost);
    int healed = overlay(own, lost);
    if (!healed && lost.length > own->page_size) {
        healed = overlay(own, (quire_range){page, own->page_size});
    }
    if (between.length > 0 && own->is_private) {
        own->is_incomplete = 1;
        own->has_kept = 1;
    } else if (between.length > 0) {
        overlay(own, between);
    }
    return healed;
}

/* Another thread's fault may have healed the page, and bytes may be stored there: it is not mapped
   over again, unless the memory itself is broken. */
static int heal_page(watch *own, long long page, int poisoned) {
    enum presence presence = look_to_write(own, page);
    const quire_range *noted = qi_next_lost(own, page);
    int is_noted = noted != NULL && noted->offset <= page;
    if (presence == PAGE_THERE && !poisoned) {
        if (!is_stuck(own, page, REPEATS)) {
            return 1;
        }
        if (is_noted || sys_forbidden_accesses_are_faults) {
            return 0;
        }
    }
    if (is_noted && presence == PAGE_UNKNOWN && !poisoned && !own->is_incomplete) {
        return 1;
    }
    if (!is_noted && presence == PAGE_UNKNOWN && !poisoned && look(own, page) == PAGE_THERE
        && !is_stuck(own, page, UNKNOWN_REPEATS)) {
        return 1; /* a file that has grown back since the fault looks like this */
    }
    own->repeats = 0;
    return is_noted ? heal_noted(own, noted, page, poisoned) : heal_anew(own, page);
}

int qi_heal(char *address, int poisoned) {
    watch *own = qi_lock_watch_at(address);
    if (own == NULL) {
        return 0;
    }
    long long page = (address - own->base) / own->page_size * own->page_size;
    int healed = heal_page(own, page, poisoned);
    qi_unlock_watch(own);
    return healed;
}

/* ---- kernels ---- */

int32_t os_run_kernel(const quire_region *region, kernel *kernel, const char *from,
                      long long count, int32_t what, quire_reduction *total) {
    if (region->record == 0) {
        return QUIRE_E_UNSUPPORTED;
    }
    kernel(from, count, what, total);
    return QUIRE_OK;
}

/* ---- what returns ---- */

/* Bytes of a lost range, from its beginning on, that the file has now. */
static long long bytes_there(const quire_region *region, const file *opened, quire_range lost) {
    long long page = region->page_size;
    long long start = region->file_offset - (region->address - region->base);
    long long size = (long long)opened->status.st_size - start - lost.offset;
    long long whole = size <= 0 ? 0 : (size + page - 1) / page * page;
    return whole < lost.length ? whole : lost.length;
}

static long long map_from_file(const watch *own, const quire_region *region, const file *opened,
                               quire_range lost) {
    long long bytes = bytes_there(region, opened, lost);
    int sharing = own->is_private ? MAP_PRIVATE : MAP_SHARED;
    int reserve = own->is_private && (region->granted & QUIRE_NO_RESERVE) != 0 ? MAP_NORESERVE : 0;
    off_t from = (off_t)(region->file_offset - (region->address - region->base) + lost.offset);
    if (bytes == 0) {
        return 0;
    }
    void *mapped = mmap(own->base + lost.offset, (size_t)bytes, own->protection, sharing | reserve
                        | MAP_FIXED, opened->descriptor, from);
    return mapped == MAP_FAILED ? -errno : bytes;
}

static quire_range in_region(const quire_region *region, quire_range range) {
    long long from = range.offset - (region->address - region->base);
    long long to = from + range.length;
    from = from < 0 ? 0 : from;
    to = to > region->length ? region->length : to;
    return (quire_range){from, to - from};
}

/* A call that failed half way has unmapped what it was to replace. */
static void close_gap(const watch *own, quire_range lost) {
    unsigned char state;
    for (long long at = lost.offset; at < lost.offset + lost.length; at += own->page_size) {
        if (sys_residency((span){own->base + at, os_page_size()}, &state) != ENOMEM) {
            return;
        }
        map_zeroes(own, (quire_range){at, own->page_size});
    }
}

/* Returns 0 or the number of the first call that failed: the overlays are still there then, and
   their record. */
static int restore_all(watch *own, const quire_region *region, const file *opened,
                       quire_ranges *returned) {
    quire_range remaining[QUIRE_LOST_RANGES];
    long long left = 0;
    int number = 0;
    for (long long i = 0; i < own->record.ranges && !own->has_kept; i++) {
        quire_range lost = own->record.lost[i];
        long long there = opened != NULL ? map_from_file(own, region, opened, lost)
                                         : sys_map_again(region, (span){own->base + lost.offset,
                                             lost.length});
        if (there < 0) {
            number = number == 0 ? (int)-there : number;
            close_gap(own, lost);
            there = 0;
        }
        if (there > 0) {
            give_hints(own, (quire_range){lost.offset, there});
            returned->range[returned->count++] = in_region(region,
                                                           (quire_range){lost.offset, there});
        }
        if (there < lost.length) {
            remaining[left++] = (quire_range){lost.offset + there, lost.length - there};
        }
    }
    if (returned->count > 0) {
        own->is_incomplete = own->is_incomplete && left > 0;
        qi_note_return(own, remaining, left);
    }
    return number;
}

/*
 * Under the lock: a handler that found a page lost before the file grew may not have noted it yet,
 * and its caller, who grew the file, relies on what comes after this call.
 */
static int has_damage(watch *own) {
    qi_lock_watch(own);
    int found = own->record.ranges > 0;
    qi_unlock_watch(own);
    return found;
}

int32_t os_restore(const quire_region *region, const char *path, quire_ranges *returned,
                   quire_error *error) {
    watch *own = watch_of(region);
    if (!has_damage(own)) {
        return QUIRE_OK;
    }
    int access = region->mode == QUIRE_READ_WRITE ? O_RDWR : O_RDONLY;
    file opened = {.descriptor = -1};
    int has_file = (region->handle != -1 || path[0] != '\0')
                   && qi_open_again(region, path, access, &opened, error) == QUIRE_OK;
    qi_lock_watch(own);
    int number = restore_all(own, region, has_file ? &opened : NULL, returned);
    qi_unlock_watch(own);
    if (has_file) {
        qi_close_file(&opened);
    }
    if (number == ENOENT && error->code != QUIRE_OK) {
        return error->code; /* why it could not be opened */
    }
    *error = (quire_error){.code = QUIRE_OK};
    return number == 0 || returned->count > 0 ? QUIRE_OK : qi_refuse_area(error, CALL_MAP, number);
}

#endif

/* quire_posix_heal.c - POSIX: what becomes of a lost page, and of one that returns. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix_watch.h"
#include "quire_reduce.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* How often the kernel may say of the page of a fault that it is there before it is taken for lost: a race with
   somebody who changes the file's size is over sooner. */
#define REPEATS 64

/* Pages that follow a lost one and are looked at in the same fault. */
#define RUN_PAGES 256

/* Mapped areas that are set aside for a process that has no more of them: enough for the pages of one file that fail
   here and there. */
#define BALLAST_PAGES 128

/* ---- overlays: called by the handler ---- */

static _Atomic(char *) ballast;

/* Every second page is of another kind, so that each is an area of its own. */
static char *make_ballast(size_t page) {
    char *made = mmap(NULL, BALLAST_PAGES * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    for (int i = 0; made != MAP_FAILED && i < BALLAST_PAGES; i += 2) {
        mprotect(made + (size_t)i * page, page, PROT_READ);
    }
    return made == MAP_FAILED ? NULL : made;
}

void reserve_ballast(void) {
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
    return mmap(own->base + lost.offset, (size_t)lost.length, own->protection, flags, -1, 0) != MAP_FAILED;
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

static enum presence look(const watch *own, long long offset) {
    return sys_look(own->base + offset, (size_t)own->page_size, (own->protection & PROT_WRITE) != 0);
}

/* Private changes of pages that the file still has would be gone with an overlay. */
static int has_resident(const watch *own, long long from, long long to) {
    enum { BATCH = 512 };
    unsigned char states[BATCH];
    long long page = os_page_size();
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

/* Whether everything from a lost page up to a position is lost, as it is when the file was truncated: the last page of
   it is, and so are some on the way. A device that fails here and there does not look like that. */
static int is_cut(const watch *own, long long from, long long to) {
    if (look(own, to - own->page_size) != PAGE_LOST) {
        return 0;
    }
    for (long long step = own->page_size; step < to - from; step *= 2) {
        if (look(own, from + step) != PAGE_LOST) {
            return 0;
        }
    }
    return !own->is_private || !has_resident(own, from + own->page_size, to);
}

/* From a lost page on: up to what is lost already, or to the end. */
static quire_range find_lost(const watch *own, long long from) {
    const quire_range *next = next_lost(own, from);
    long long limit = next == NULL ? own->length : next->offset;
    long long page = own->page_size;
    long long to = from + page;
    if (to < limit && is_cut(own, from, limit)) {
        return (quire_range){from, limit - from};
    }
    while (to < limit && to - from < RUN_PAGES * page && look(own, to) == PAGE_LOST) {
        to += page;
    }
    return (quire_range){from, to - from};
}

static int is_noted(const watch *own, long long page) {
    const quire_range *next = next_lost(own, page);
    return next != NULL && next->offset <= page;
}

/* The kernel's word, unless it says again and again that a page is there which faults. */
static int is_there(watch *own, char *page, enum presence presence) {
    own->repeats = own->last_page == page ? own->repeats + 1 : 0;
    own->last_page = page;
    return presence == PAGE_THERE && own->repeats < REPEATS;
}

/* Another thread's fault may have healed the page, and bytes may be stored there: it is not mapped over again, unless
   the memory itself is broken. */
static int heal_page(watch *own, long long page, int poisoned) {
    enum presence presence = look(own, page);
    if (!poisoned && is_there(own, own->base + page, presence)) {
        return 1;
    }
    if (is_noted(own, page)) {
        int is_healed = presence == PAGE_UNKNOWN && !poisoned && !own->is_incomplete;
        return is_healed || overlay(own, (quire_range){page, own->page_size});
    }
    quire_range lost = find_lost(own, page);
    quire_range between = note_loss(own, lost);
    int healed = overlay(own, lost);
    if (between.length > 0 && !own->is_private) {
        overlay(own, between);
    }
    return healed;
}

int heal(char *address, int poisoned) {
    watch *own = lock_watch_at(address);
    if (own == NULL) {
        return 0;
    }
    long long page = (address - own->base) / own->page_size * own->page_size;
    int healed = heal_page(own, page, poisoned);
    unlock_watch(own);
    return healed;
}

/* ---- kernels ---- */

int32_t os_run_kernel(const quire_region *region, kernel *kernel, const char *from, long long count, int32_t what,
                      quire_reduction *total) {
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

static long long map_from_file(const watch *own, const quire_region *region, const file *opened, quire_range lost) {
    long long bytes = bytes_there(region, opened, lost);
    int sharing = own->is_private ? MAP_PRIVATE : MAP_SHARED;
    int reserve = own->is_private && (region->granted & QUIRE_NO_RESERVE) != 0 ? MAP_NORESERVE : 0;
    off_t from = (off_t)(region->file_offset - (region->address - region->base) + lost.offset);
    if (bytes == 0) {
        return 0;
    }
    void *mapped = mmap(own->base + lost.offset, (size_t)bytes, own->protection, sharing | reserve | MAP_FIXED,
                        opened->descriptor, from);
    return mapped == MAP_FAILED ? -errno : bytes;
}

static quire_range in_region(const quire_region *region, quire_range range) {
    long long from = range.offset - (region->address - region->base);
    long long to = from + range.length;
    from = from < 0 ? 0 : from;
    to = to > region->length ? region->length : to;
    return (quire_range){from, to - from};
}

/* Returns 0 or the number of the first call that failed: the overlays are still there then, and their record. */
static int restore_all(watch *own, const quire_region *region, const file *opened, quire_ranges *returned) {
    quire_range remaining[QUIRE_LOST_RANGES];
    long long left = 0;
    int number = 0;
    for (long long i = 0; i < own->record.ranges; i++) {
        quire_range lost = own->record.lost[i];
        long long there = opened != NULL ? map_from_file(own, region, opened, lost)
                                         : sys_map_again(region, (span){own->base + lost.offset, lost.length});
        number = there < 0 && number == 0 ? (int)-there : number;
        there = there < 0 ? 0 : there;
        if (there > 0) {
            give_hints(own, (quire_range){lost.offset, there});
            returned->range[returned->count++] = in_region(region, (quire_range){lost.offset, there});
        }
        if (there < lost.length) {
            remaining[left++] = (quire_range){lost.offset + there, lost.length - there};
        }
    }
    if (returned->count > 0) {
        own->is_incomplete = 0;
        own->repeats = 0;
        note_return(own, remaining, left);
    }
    return number;
}

int32_t os_restore(const quire_region *region, const char *path, quire_ranges *returned, quire_error *error) {
    watch *own = watch_of(region);
    int access = region->mode == QUIRE_READ_WRITE ? O_RDWR : O_RDONLY;
    file opened = {.descriptor = -1};
    int has_file = (region->handle != -1 || path[0] != '\0')
                   && open_again(region, path, access, &opened, error) == QUIRE_OK;
    lock_watch(own);
    int number = restore_all(own, region, has_file ? &opened : NULL, returned);
    unlock_watch(own);
    if (has_file) {
        close_file(&opened);
    }
    if (number == ENOENT && error->code != QUIRE_OK) {
        return error->code; /* why it could not be opened */
    }
    *error = (quire_error){.code = QUIRE_OK};
    return number == 0 || returned->count > 0 ? QUIRE_OK : refuse_area(error, CALL_MAP, number);
}

#endif

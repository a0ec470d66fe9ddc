/* quire_posix_watch.c - POSIX: the places of all regions, their locks and records. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix_watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>

/* Watches that are made at once: a megabyte of address space, of which pages that are used become
   memory. */
#define WATCHES 1024

/* Lost ranges of a shared mapping: with what lies between them it is 70 areas at most. Private ones
   keep as many as there is room for, because none of their pages is given up. */
#define SHARED_RANGES 34

/* Turns of waiting for a lock after which its holder is looked for: it may be a thread of the
   process that forked this one. On a busy machine a turn takes as long as all others want to
   run. */
#define PATIENCE 4

/* What a handler compares its address with: side by side, because it looks at all of them. A base
   of 0 is no region. */
typedef struct place {
    _Atomic(uintptr_t) base;
    _Atomic(uintptr_t) end;
} place;

/* Never freed: a handler may be looking at it, and a Java thread at a record. */
typedef struct chunk {
    _Atomic(struct chunk *) next;
    atomic_int used; /* places behind it were never used */
    place places[WATCHES];
    watch watches[WATCHES];
} chunk;

static _Atomic(chunk *) first_chunk;

/* Where a watch was given back last: the next region will most likely find it free. */
static _Atomic(watch *) last_freed;

static place *place_of(watch *own) {
    for (chunk *now = atomic_load(&first_chunk); now != NULL; now = atomic_load(&now->next)) {
        if (own >= now->watches && own < now->watches + WATCHES) {
            return &now->places[own - now->watches];
        }
    }
    return NULL;
}

/* ---- locks ---- */

static void store(long long *field, long long value);
static void publish_count(quire_record *record, long long count);
static long long raised(const quire_record *record, long long ranges);

/* The process was forked while a thread of its parent was at the record: what it says is half old,
   half new. */
static void repair(watch *own) {
    quire_record *record = &own->record;
    if ((record->sequence & 1) != 0) {
        record->lost[0] = (quire_range){0, own->length};
        store(&record->ranges, 1);
        own->is_incomplete = 1;
        own->has_kept = 1;
        store(&record->sequence, record->sequence + 1);
        publish_count(record, raised(record, 1));
    }
}

void qi_lock_watch(watch *own) {
    int self = sys_thread();
    for (int turn = 1;; turn++) {
        int holder = 0;
        if (atomic_compare_exchange_strong(&own->lock, &holder, self)) {
            return;
        }
        sys_yield();
        if (turn % PATIENCE == 0 && !sys_is_thread(holder)
            && atomic_compare_exchange_strong(&own->lock, &holder, self)) {
            repair(own);
            return;
        }
    }
}

void qi_unlock_watch(watch *own) {
    atomic_store(&own->lock, 0);
}

void os_await_record(const quire_region *region) {
    qi_lock_watch(watch_of(region));
    qi_unlock_watch(watch_of(region));
}

/* ---- finding ---- */

static int covers(const place *here, uintptr_t address) {
    uintptr_t base = atomic_load(&here->base);
    return base != 0 && address >= base && address < atomic_load(&here->end);
}

watch *qi_lock_watch_at(const char *address) {
    uintptr_t at = (uintptr_t)address;
    int self = sys_thread();
    for (chunk *now = atomic_load(&first_chunk); now != NULL; now = atomic_load(&now->next)) {
        int used = atomic_load(&now->used);
        for (int i = 0; i < used; i++) {
            if (!covers(&now->places[i], at) || atomic_load(&now->watches[i].lock) == self) {
                /* a handler of another signal faulted while this thread changes the region */
                continue;
            }
            /* Under the lock it is certain: a thread that takes the place away waits for the lock
               afterwards. */
            qi_lock_watch(&now->watches[i]);
            if (covers(&now->places[i], at)) {
                return &now->watches[i];
            }
            qi_unlock_watch(&now->watches[i]);
        }
    }
    return NULL;
}

/* ---- taking and giving back ---- */

static int claim(watch *one) {
    int free = 0;
    return atomic_compare_exchange_strong(&one->used, &free, 1);
}

static watch *claim_in(chunk *in) {
    for (int i = 0; i < WATCHES; i++) {
        if (atomic_load_explicit(&in->watches[i].used, memory_order_relaxed) == 0
            && claim(&in->watches[i])) {
            int used = atomic_load(&in->used);
            while (used <= i && !atomic_compare_exchange_weak(&in->used, &used, i + 1)) {
            }
            return &in->watches[i];
        }
    }
    return NULL;
}

/* Null if there is no memory for it. If two threads come at once, both chunks stay. */
static chunk *add_chunk(_Atomic(chunk *) *link) {
    chunk *made = mmap(NULL, sizeof(chunk), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made == MAP_FAILED) {
        return NULL;
    }
    chunk *none = NULL;
    while (!atomic_compare_exchange_strong(link, &none, made)) {
        link = &none->next;
        none = NULL;
    }
    return made;
}

static watch *take_watch(void) {
    watch *freed = atomic_exchange(&last_freed, NULL);
    if (freed != NULL && claim(freed)) {
        return freed;
    }
    _Atomic(chunk *) *link = &first_chunk;
    for (;;) {
        chunk *now = atomic_load(link);
        if (now == NULL && (now = add_chunk(link)) == NULL) {
            return NULL;
        }
        watch *claimed = claim_in(now);
        if (claimed != NULL) {
            return claimed;
        }
        link = &now->next;
    }
}

/* ---- places ---- */

static void publish(watch *own) {
    place *here = place_of(own);
    atomic_store(&here->end, (uintptr_t)own->base + (uintptr_t)own->length);
    atomic_store(&here->base, (uintptr_t)own->base);
}

/* Once no handler is at work there none will be: the next one looks at the place under the lock. */
static void withdraw(watch *own) {
    atomic_store(&place_of(own)->base, 0);
    if (atomic_load(&own->lock) != 0) {
        qi_lock_watch(own);
        qi_unlock_watch(own);
    }
}

/* A region without pages has a record all the same, so that having one means that faults are
   healed. */
int32_t os_watch(quire_region *region, quire_error *error) {
    if (!qi_is_healing()) {
        return QUIRE_OK;
    }
    watch *own = take_watch();
    if (own == NULL) {
        return qi_fail(error, QUIRE_E_NO_MEMORY, CALL_MAP, ENOMEM, -1);
    }
    own->base = (char *)(uintptr_t)region->base;
    own->length = region->base_length;
    own->page_size = region->page_size;
    own->protection = region->mode == QUIRE_READ_ONLY ? PROT_READ : PROT_READ | PROT_WRITE;
    own->is_private = qi_is_private(region);
    own->may_lose_holes = !own->is_private && region->residency_known
                          && (region->kind != QUIRE_KIND_FILE
                              || sys_may_lose_holes(region->file_device));
    own->is_incomplete = 0;
    own->has_kept = 0;
    own->repeats = 0;
    unsigned int hints = (region->granted & QUIRE_HUGE_PAGES) != 0 ? 1U << QUIRE_HUGEPAGE : 0;
    hints |= (region->granted & QUIRE_OPEN_SEQUENTIAL) != 0 ? 1U << QUIRE_SEQUENTIAL : 0;
    hints |= (region->granted & QUIRE_OPEN_RANDOM) != 0 ? 1U << QUIRE_RANDOM : 0;
    atomic_store(&own->hints, hints);
    qi_note_return(own, NULL, 0);
    region->record = (long long)(uintptr_t)own;
    if (own->length > 0) {
        publish(own);
    }
    return QUIRE_OK;
}

void os_unwatch(const quire_region *region) {
    watch *own = watch_of(region);
    if (own != NULL) {
        withdraw(own);
        atomic_store(&own->used, 0);
        atomic_store(&last_freed, own);
    }
}

void qi_pause_watch(const quire_region *region) {
    watch *own = watch_of(region);
    if (own != NULL) {
        withdraw(own);
    }
}

/* Keeps what is lost of the pages that are still there. */
static void trim(watch *own) {
    long long count = own->record.ranges;
    quire_range kept[QUIRE_LOST_RANGES];
    long long left = 0;
    for (long long i = 0; i < count; i++) {
        quire_range lost = own->record.lost[i];
        if (lost.offset < own->length) {
            long long room = own->length - lost.offset;
            kept[left++] = (quire_range){lost.offset, lost.length < room ? lost.length : room};
        }
    }
    qi_note_return(own, kept, left);
}

void qi_resume_watch(const quire_region *region, int anew) {
    watch *own = watch_of(region);
    if (own == NULL) {
        return;
    }
    qi_lock_watch(own);
    own->base = (char *)(uintptr_t)region->base;
    own->length = region->base_length;
    own->protection = region->mode == QUIRE_READ_ONLY ? PROT_READ : PROT_READ | PROT_WRITE;
    if (anew && own->record.ranges > 0) {
        own->is_incomplete = 0;
        own->has_kept = 0;
        qi_note_return(own, NULL, 0);
    } else if (own->record.ranges > 0) {
        trim(own);
    }
    if (own->length > 0) {
        publish(own);
    }
    qi_unlock_watch(own);
}

static unsigned int opposite(int32_t hint) {
    switch (hint) {
    case QUIRE_NORMAL:
    case QUIRE_SEQUENTIAL:
    case QUIRE_RANDOM:
        return 1U << QUIRE_SEQUENTIAL | 1U << QUIRE_RANDOM;
    case QUIRE_HUGEPAGE:
    case QUIRE_NOHUGEPAGE:
        return 1U << QUIRE_HUGEPAGE | 1U << QUIRE_NOHUGEPAGE;
    case QUIRE_DODUMP:
        return 1U << QUIRE_DONTDUMP;
    case QUIRE_DOFORK:
        return 1U << QUIRE_DONTFORK;
    case QUIRE_KEEPONFORK:
        return 1U << QUIRE_WIPEONFORK;
    case QUIRE_UNMERGEABLE:
        return 1U << QUIRE_MERGEABLE;
    default:
        return 0;
    }
}

static int is_default(int32_t hint) {
    return hint == QUIRE_NORMAL || hint == QUIRE_DODUMP || hint == QUIRE_DOFORK
           || hint == QUIRE_KEEPONFORK || hint == QUIRE_UNMERGEABLE;
}

void os_remember_hint(long long record, int32_t hint) {
    watch *own = (watch *)(uintptr_t)record;
    if (own != NULL) {
        unsigned int set = is_default(hint) ? 0 : 1U << hint;
        unsigned int now = atomic_load(&own->hints);
        while (((now & ~opposite(hint)) | set) != now
               && !atomic_compare_exchange_weak(&own->hints, &now, (now & ~opposite(hint)) | set)) {
        }
    }
}

/* ---- records ---- */

/* Readers are in other languages too, so the fields are plain; they are written as atomics. */
static void store(long long *field, long long value) {
    __atomic_store_n(field, value, __ATOMIC_SEQ_CST);
}

const quire_range *qi_next_lost(const watch *own, long long from) {
    for (long long i = 0; i < own->record.ranges; i++) {
        const quire_range *lost = &own->record.lost[i];
        if (lost->offset + lost->length > from) {
            return lost;
        }
    }
    return NULL;
}

/* Raised with every count. */
static long long losses;

const long long *os_losses(void) {
    return &losses;
}

static void publish_count(quire_record *record, long long count) {
    store(&record->count, count);
    __atomic_add_fetch(&losses, 1, __ATOMIC_SEQ_CST);
}

static int32_t has_lost(const watch *own, uintptr_t from, uintptr_t to) {
    uintptr_t base = (uintptr_t)own->base;
    for (long long i = 0; i < own->record.ranges; i++) {
        uintptr_t start = base + (uintptr_t)own->record.lost[i].offset;
        if (start < to && start + (uintptr_t)own->record.lost[i].length > from) {
            return 1;
        }
    }
    return 0;
}

int32_t os_is_lost(long long address, long long length) {
    uintptr_t from = (uintptr_t)address;
    uintptr_t to = from + (uintptr_t)length;
    int32_t lost = 0;
    for (chunk *now = atomic_load(&first_chunk); now != NULL && !lost;
         now = atomic_load(&now->next)) {
        int used = atomic_load(&now->used);
        for (int i = 0; i < used && !lost; i++) {
            uintptr_t base = atomic_load(&now->places[i].base);
            if (base != 0 && base < to && atomic_load(&now->places[i].end) > from) {
                qi_lock_watch(&now->watches[i]);
                lost = has_lost(&now->watches[i], from, to);
                qi_unlock_watch(&now->watches[i]);
            }
        }
    }
    return lost;
}

/* Even while nothing is lost. */
static long long raised(const quire_record *record, long long ranges) {
    return ((record->count >> 1) + 1) * 2 + (ranges > 0);
}

static long long end_of(const quire_range *range) {
    return range->offset + range->length;
}

/* Puts the range where it belongs; it may touch its neighbours. There is room for one too many. */
static long long insert(quire_range *lost, long long count, quire_range added) {
    long long at = 0;
    while (at < count && end_of(&lost[at]) < added.offset) {
        at++;
    }
    int joins_before = at < count && end_of(&lost[at]) == added.offset;
    long long behind = at + joins_before;
    int joins_behind = behind < count && lost[behind].offset == end_of(&added);
    if (joins_before && joins_behind) {
        lost[at].length = end_of(&lost[behind]) - lost[at].offset;
        memmove(&lost[behind], &lost[behind + 1], (size_t)(count - behind - 1) * sizeof *lost);
        return count - 1;
    }
    if (joins_before) {
        lost[at].length += added.length;
        return count;
    }
    if (joins_behind) {
        lost[behind].length += added.length;
        lost[behind].offset = added.offset;
        return count;
    }
    memmove(&lost[at + 1], &lost[at], (size_t)(count - at) * sizeof *lost);
    lost[at] = added;
    return count + 1;
}

/* Joins the two ranges that lie nearest to each other. */
static quire_range join_nearest(quire_range *lost, long long count) {
    long long nearest = 0;
    for (long long i = 1; i < count - 1; i++) {
        long long gap = lost[i + 1].offset - end_of(&lost[i]);
        if (gap < lost[nearest + 1].offset - end_of(&lost[nearest])) {
            nearest = i;
        }
    }
    long long start = end_of(&lost[nearest]);
    quire_range between = {start, lost[nearest + 1].offset - start};
    lost[nearest].length = end_of(&lost[nearest + 1]) - lost[nearest].offset;
    memmove(&lost[nearest + 1], &lost[nearest + 2], (size_t)(count - nearest - 2) * sizeof *lost);
    return between;
}

quire_range qi_note_loss(watch *own, quire_range lost) {
    quire_record *record = &own->record;
    quire_range between = {0, 0};
    store(&record->sequence, record->sequence + 1);
    atomic_thread_fence(memory_order_seq_cst);
    long long count = insert(record->lost, record->ranges, lost);
    if (count > (own->is_private ? QUIRE_LOST_RANGES : SHARED_RANGES)) {
        between = join_nearest(record->lost, count);
        count--;
    }
    store(&record->ranges, count);
    store(&record->sequence, record->sequence + 1);
    publish_count(record, raised(record, count));
    return between;
}

void qi_note_return(watch *own, const quire_range *remaining, long long count) {
    quire_record *record = &own->record;
    long long raised_to = raised(record, count);
    store(&record->sequence, record->sequence + 1);
    atomic_thread_fence(memory_order_seq_cst);
    for (long long i = 0; i < count; i++) {
        record->lost[i] = remaining[i];
    }
    store(&record->ranges, count);
    store(&record->restored, raised_to);
    store(&record->sequence, record->sequence + 1);
    if (record->count == 0 || (record->count & 1) == 0) {
        store(&record->count, raised_to); /* a new region: nothing was lost */
    } else {
        publish_count(record, raised_to);
    }
}

#endif

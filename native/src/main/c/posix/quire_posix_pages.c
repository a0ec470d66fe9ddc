/* quire_posix_pages.c - POSIX: hints, population, locks, residency. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <sys/mman.h>

/* Ranges handed over at once: a kibibyte of stack, and the price of the call is divided by 64. */
#define PARTS_AT_ONCE 64

/* Every outcome but APPLIED has a reason or a number of bytes. */
static int32_t answer(quire_outcome *outcome, int32_t result, int number, long long bytes) {
    *outcome = (quire_outcome){.result = result, .os_number = number, .bytes = bytes};
    return QUIRE_OK;
}

/* ---- hints ---- */

/* Without room for one more area or memory for it, a hint is an error: the caller has a problem.
   Else this kind of mapping does not have it. */
static int32_t give(span pages, int advice, quire_outcome *outcome, quire_error *error) {
    while (madvise(pages.start, (size_t)pages.length, advice) != 0) {
        if (errno == ENOMEM) {
            answer(outcome, QUIRE_IGNORED, errno, 0);
            return qi_refuse_area(error, CALL_ADVISE, ENOMEM);
        }
        if (errno != EINTR) {
            return answer(outcome, QUIRE_IGNORED, errno, 0);
        }
    }
    return QUIRE_OK;
}

/* What DONTNEED means for memory whose contents it would destroy. */
static int32_t give_cold(span pages, quire_outcome *outcome, quire_error *error) {
    int advice = sys_advice(QUIRE_COLD);
    if (advice < 0) {
        return answer(outcome, QUIRE_IGNORED, 0, 0);
    }
    int32_t code = give(pages, advice, outcome, error);
    if (code == QUIRE_OK && outcome->result == QUIRE_APPLIED) {
        outcome->result = QUIRE_EMULATED;
    }
    return code;
}

static int32_t collapse(span pages, int advice, quire_outcome *outcome, quire_error *error) {
    span huge = sys_huge_pages_in(pages);
    if (huge.length == 0) {
        return answer(outcome, QUIRE_IGNORED, 0, 0);
    }
    int32_t code = give(huge, advice, outcome, error);
    if (code == QUIRE_OK && outcome->result == QUIRE_APPLIED && huge.length < pages.length) {
        answer(outcome, QUIRE_PARTIAL, 0, huge.length);
    }
    return code;
}

void qi_report_gone(const quire_region *region, span pages, quire_outcome *outcome) {
    if (!region->residency_known) {
        return;
    }
    long long gone = pages.length - qi_count_resident_bytes(region, pages);
    if (gone < pages.length) {
        outcome->result = gone > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED;
        outcome->bytes = gone;
    }
}

/* The system says yes also where nothing leaves memory: without swap, or for a file of somebody
   else. */
static int32_t page_out(const quire_region *region, span pages, int advice, quire_outcome *outcome,
                        quire_error *error) {
    int32_t code = give(pages, advice, outcome, error);
    if (code == QUIRE_OK && outcome->result == QUIRE_APPLIED) {
        qi_report_gone(region, pages, outcome);
    }
    return code;
}

int32_t os_advise(const quire_region *region, span pages, int32_t hint, quire_outcome *outcome,
                  quire_error *error) {
    int advice = sys_advice(hint);
    if (advice < 0) {
        return answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
    }
    if (sys_is_meaningless(region, hint)) {
        return answer(outcome, QUIRE_IGNORED, 0, 0);
    }
    if (hint == QUIRE_WILLNEED) {
        quire_range range = {(long long)(uintptr_t)pages.start - region->address, pages.length};
        return os_prefetch(region, &range, 1, LLONG_MAX, outcome, error);
    }
    if (hint == QUIRE_DONTNEED && qi_is_private(region)) {
        return give_cold(pages, outcome, error);
    }
    if (hint == QUIRE_PAGEOUT) {
        return page_out(region, pages, advice, outcome, error);
    }
    if (hint == QUIRE_COLLAPSE) {
        return collapse(pages, advice, outcome, error);
    }
    return give(pages, advice, outcome, error);
}

int os_advise_plainly(span pages, int32_t hint) {
    int advice = sys_advice(hint);
    return advice >= 0 && madvise(pages.start, (size_t)pages.length, advice) == 0;
}

/* ---- prefetch ---- */

typedef struct prefetch {
    struct iovec parts[PARTS_AT_ONCE];
    int count;
    int many;        /* the system takes many parts in one call */
    int number;      /* why a part was not taken */
    long long bytes; /* of the parts that were */
} prefetch;

static void give_one(prefetch *work, struct iovec part) {
    while (madvise(part.iov_base, part.iov_len, sys_advice(QUIRE_WILLNEED)) != 0) {
        if (errno != EINTR) {
            work->number = errno;
            return;
        }
    }
    work->bytes += (long long)part.iov_len;
}

/* What a call for many did not take, for whatever reason, is given one by one: that tells which
 * part is to blame. */
static void give_parts(prefetch *work) {
    long long taken = work->count > 1 && work->many ? sys_prefetch_many(work->parts, work->count)
        : 0;
    if (taken < 0) {
        work->many = 0;
        taken = 0;
    }
    work->bytes += taken;
    for (int i = 0; i < work->count; i++) {
        if (taken < (long long)work->parts[i].iov_len) {
            work->parts[i].iov_base = (char *)work->parts[i].iov_base + taken;
            work->parts[i].iov_len -= (size_t)taken;
            taken = 0;
            give_one(work, work->parts[i]);
        } else {
            taken -= (long long)work->parts[i].iov_len;
        }
    }
    work->count = 0;
}

/* Asking first is a tenth of what the hint costs, and worth it where there are many pages to look
   at. */
static int is_resident(const quire_region *region, span pages) {
    return region->residency_known && qi_count_resident_bytes(region, pages) == pages.length;
}

static void add_range(prefetch *work, const quire_region *region, span pages, long long at_once) {
    int is_large = pages.length > at_once;
    while (pages.length > 0) {
        span part = {pages.start, pages.length < at_once ? pages.length : at_once};
        if (is_large && is_resident(region, part)) {
            work->bytes += part.length;
        } else {
            work->parts[work->count++] = (struct iovec){part.start, (size_t)part.length};
        }
        if (work->count == PARTS_AT_ONCE) {
            give_parts(work);
        }
        pages.start += part.length;
        pages.length -= part.length;
    }
}

int32_t os_prefetch(const quire_region *region, const quire_range *ranges, long long count,
                    long long end, quire_outcome *outcome, quire_error *error) {
    if (sys_advice(QUIRE_WILLNEED) < 0) {
        return answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
    }
    prefetch work = {.many = 1};
    long long wanted = outcome->bytes;
    long long at_once =
        region->kind == QUIRE_KIND_FILE ? sys_prefetch_limit(region->file_device)
            : region->base_length;
    for (long long i = 0; i < count; i++) {
        quire_range there = qi_before(ranges[i], end);
        if (there.length > 0) {
            add_range(&work, region, qi_pages_of(region, there.offset, there.length), at_once);
        }
    }
    give_parts(&work);
    if (work.bytes < wanted) {
        answer(outcome, work.bytes > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED, work.number, work.bytes);
    }
    return work.number == ENOMEM ? qi_refuse_area(error, CALL_ADVISE, ENOMEM) : QUIRE_OK;
}

/* ---- population ---- */

/* Where the system cannot populate, it can be asked to begin, for files. */
static int32_t ask_for(const quire_region *region, span pages, quire_outcome *outcome,
                       quire_error *error) {
    if (region->kind != QUIRE_KIND_FILE) {
        return answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
    }
    int32_t code = os_advise(region, pages, QUIRE_WILLNEED, outcome, error);
    if (code == QUIRE_OK && outcome->result == QUIRE_APPLIED) {
        outcome->result = QUIRE_EMULATED;
    }
    return code;
}

/* Done in slices, so that a signal in a long call does not start it from the beginning. */
#define POPULATE_SLICE (64LL * 1024 * 1024)

static int32_t populate(const quire_region *region, span pages, int32_t write,
                        quire_outcome *outcome, quire_error *error) {
    long long done = 0;
    while (done < pages.length) {
        long long left = pages.length - done;
        span slice = {pages.start + done, left < POPULATE_SLICE ? left : POPULATE_SLICE};
        int number = sys_populate(slice, write);
        if (number == ENOSYS) {
            return ask_for(region, pages, outcome, error);
        }
        if (number != 0 && number != EINTR) {
            answer(outcome, done > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED, number, done);
            return number == ENOMEM ? qi_refuse_area(error, CALL_ADVISE, number)
                                    : qi_fail(error, QUIRE_E_FAULT, CALL_ADVISE, number, -1);
        }
        done += number == 0 ? slice.length : 0;
    }
    return QUIRE_OK;
}

int32_t os_populate(const quire_region *region, span pages, int32_t write, quire_outcome *outcome,
                    quire_error *error) {
    long long memory;
    int32_t use = write ? QUIRE_USE_WRITE : QUIRE_USE_READ;
    if (qi_reserve_pages(region, pages, use, &memory, error) != QUIRE_OK) {
        answer(outcome, QUIRE_IGNORED, 0, 0);
        return error->code;
    }
    int32_t code = populate(region, pages, write, outcome, error);
    qi_release_memory(memory);
    return code;
}

/* ---- locks ---- */

/* The system has one answer for a limit that is reached and for pages that are lost. */
static int32_t refuse_lock(const quire_region *region, span pages, int number, quire_error *error) {
    long long limit = qi_lock_limit();
    long long locked = sys_locked_bytes();
    int is_full = limit >= 0 && (locked < 0 || locked + pages.length > limit);
    if (number == ENOMEM && region->kind == QUIRE_KIND_FILE && sys_populate(pages, 0) == EFAULT) {
        munlock(pages.start, (size_t)pages.length);
        return qi_fail(error, QUIRE_E_FAULT, CALL_LOCK, number, -1);
    }
    if ((number == ENOMEM || number == EAGAIN) && is_full) {
        return qi_fail(error, QUIRE_E_LOCK_LIMIT, CALL_LOCK, number, limit);
    }
    return qi_refuse_area(error, CALL_LOCK, number);
}

int32_t os_lock(const quire_region *region, span pages, int32_t on_fault, quire_error *error) {
    long long memory = 0;
    if (!on_fault
        && qi_reserve_pages(region, pages, QUIRE_USE_LOCK, &memory, error) != QUIRE_OK) {
        return error->code;
    }
    int number;
    do {
        number = on_fault                                        ? sys_lock_on_fault(pages)
                 : mlock(pages.start, (size_t)pages.length) != 0 ? errno
                                                                 : 0;
    } while (number == EINTR);
    qi_release_memory(memory);
    return number == 0 ? QUIRE_OK : refuse_lock(region, pages, number, error);
}

int32_t os_unlock(const quire_region *region, span pages, quire_error *error) {
    (void)region;
    return munlock(pages.start, (size_t)pages.length) == 0 ? QUIRE_OK
                                                           : qi_refuse_area(error, CALL_UNLOCK,
                                                               errno);
}

/* ---- residency ---- */

int32_t os_query_residency(const quire_region *region, span pages, unsigned char *states,
                           quire_error *error) {
    (void)region;
    int number;
    do {
        number = sys_residency(pages, states);
    } while (number == EAGAIN || number == EINTR);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_RESIDENCY, number);
}

long long qi_count_resident_bytes(const quire_region *region, span pages) {
    long long page = os_page_size();
    long long resident = 0;
    unsigned char states[RESIDENCY_BATCH];
    for (long long done = 0; done < pages.length; done += RESIDENCY_BATCH * page) {
        long long left = pages.length - done;
        span batch = {pages.start + done, left < RESIDENCY_BATCH * page ? left
                      : RESIDENCY_BATCH * page};
        quire_error error;
        if (os_query_residency(region, batch, states, &error) != QUIRE_OK) {
            return pages.length;
        }
        for (long long i = 0; i < batch.length / page; i++) {
            resident += states[i] ? page : 0;
        }
    }
    return resident;
}

#endif

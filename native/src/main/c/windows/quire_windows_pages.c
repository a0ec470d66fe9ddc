/* quire_windows_pages.c - Windows: hints, populating, locking, residency, discarding. */
#if defined(_WIN32)

/* QueryWorkingSetEx is part of kernel32 then. */
#define PSAPI_VERSION 2

#include "quire_windows.h"

#include <psapi.h>

/* Elements of 16 bytes on the stack for one call. */
#define PAGES_AT_ONCE 512
#define RANGES_AT_ONCE 512

/* A page for the working set list itself comes with about 500 pages that it describes. */
#define WORKING_SET_OVERHEAD 512

static BOOL query_pages(char *start, long long count, PSAPI_WORKING_SET_EX_INFORMATION *pages) {
    long long page_size = os_page_size();
    for (long long i = 0; i < count; i++) {
        pages[i].VirtualAddress = start + i * page_size;
        pages[i].VirtualAttributes.Flags = 0;
    }
    return QueryWorkingSetEx(GetCurrentProcess(), pages, (DWORD)((size_t)count * sizeof *pages));
}

static void answer(quire_outcome *outcome, int32_t result, DWORD number, long long bytes) {
    *outcome = (quire_outcome){.result = result, .os_number = (int32_t)number, .bytes = bytes};
}

/* ---- hints ---- */

/* Hands count ranges over; *given are the bytes of those before, and then of these too. */
static int prefetch_ranges(WIN32_MEMORY_RANGE_ENTRY *entries, ULONG_PTR count, long long *given,
                           quire_outcome *outcome) {
    if (!PrefetchVirtualMemory(GetCurrentProcess(), count, entries, 0)) {
        answer(outcome, *given > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED, GetLastError(), *given);
        return 0;
    }
    for (ULONG_PTR i = 0; i < count; i++) {
        *given += (long long)entries[i].NumberOfBytes;
    }
    return 1;
}

int32_t os_prefetch(const quire_region *region, const quire_range *ranges, long long count,
                    long long end, quire_outcome *outcome, quire_error *error) {
    (void)error;
    WIN32_MEMORY_RANGE_ENTRY entries[RANGES_AT_ONCE];
    ULONG_PTR filled = 0;
    long long given = 0;
    for (long long i = 0; i < count; i++) {
        quire_range there = qi_before(ranges[i], end);
        if (there.length > 0) {
            span pages = qi_pages_of(region, there.offset, there.length);
            entries[filled++] = (WIN32_MEMORY_RANGE_ENTRY){pages.start, (SIZE_T)pages.length};
        }
        if (filled == RANGES_AT_ONCE || (i == count - 1 && filled > 0)) {
            if (!prefetch_ranges(entries, filled, &given, outcome)) {
                return QUIRE_OK;
            }
            filled = 0;
        }
    }
    return QUIRE_OK;
}

/* VirtualUnlock on pages that are not locked drops them from the working set and says
   ERROR_NOT_LOCKED. On locked ones it unlocks, so these are left alone. Where it says otherwise
   (Wine) nothing was dropped. Returns the pages that are out. */
static long long trim_run(char *start, long long pages) {
    SIZE_T length = (SIZE_T)(pages * os_page_size());
    return !VirtualUnlock(start, length) && GetLastError() == ERROR_NOT_LOCKED ? pages : 0;
}

static long long trim_batch(char *start, long long count) {
    PSAPI_WORKING_SET_EX_INFORMATION pages[PAGES_AT_ONCE];
    long long trimmed = 0;
    long long run = 0;
    if (!query_pages(start, count, pages)) {
        return 0;
    }
    for (long long i = 0; i <= count; i++) {
        int resident = i < count && pages[i].VirtualAttributes.Valid;
        if (resident && !pages[i].VirtualAttributes.Locked) {
            run++;
            continue;
        }
        if (run > 0) {
            trimmed += trim_run(start + (i - run) * os_page_size(), run);
            run = 0;
        }
        trimmed += i < count && !resident;
    }
    return trimmed;
}

static void trim(span pages, int32_t result, quire_outcome *outcome) {
    long long page_size = os_page_size();
    long long trimmed = 0;
    for (long long done = 0; done < pages.length; done += PAGES_AT_ONCE * page_size) {
        long long left = (pages.length - done) / page_size;
        trimmed += trim_batch(pages.start + done, left < PAGES_AT_ONCE ? left : PAGES_AT_ONCE);
    }
    outcome->bytes = trimmed * page_size;
    outcome->result = trimmed == 0 ? QUIRE_IGNORED : outcome->bytes < pages.length ? QUIRE_PARTIAL
        : result;
}

int32_t os_advise(const quire_region *region, span pages, int32_t hint, quire_outcome *outcome,
                  quire_error *error) {
    (void)region;
    (void)error;
    WIN32_MEMORY_RANGE_ENTRY entry = {pages.start, (SIZE_T)pages.length};
    long long given = 0;
    switch (hint) {
    case QUIRE_WILLNEED:
        prefetch_ranges(&entry, 1, &given, outcome);
        break;
    case QUIRE_DONTNEED:
        trim(pages, QUIRE_APPLIED, outcome);
        break;
    case QUIRE_COLD: /* what leaves the working set is what the system takes first */
    case QUIRE_PAGEOUT:
        trim(pages, QUIRE_EMULATED, outcome);
        break;
    /* SEQUENTIAL and RANDOM are for opening a file: QUIRE_OPEN_SEQUENTIAL, QUIRE_OPEN_RANDOM */
    default:
        answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
    }
    return QUIRE_OK;
}

int os_advise_plainly(span pages, int32_t hint) {
    (void)pages;
    (void)hint;
    return 0;
}

/* The page cache of Windows cannot be told to drop a file that is mapped. */
int32_t os_evict(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                 quire_error *error) {
    (void)region;
    (void)path;
    (void)pages;
    (void)error;
    answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
    return QUIRE_OK;
}

/* ---- populating ---- */

/* Lets the operating system read one byte of each page that is not there: a fault is an answer of
   that call. Returns how many pages are there, from the first on. */
static long long touch_batch(char *start, long long count) {
    PSAPI_WORKING_SET_EX_INFORMATION pages[PAGES_AT_ONCE];
    char byte;
    long long done = 0;
    BOOL known = query_pages(start, count, pages);
    while (done < count
           && ((known && pages[done].VirtualAttributes.Valid)
               || ReadProcessMemory(GetCurrentProcess(), start + done * os_page_size(), &byte, 1,
                                    NULL))) {
        done++;
    }
    return done;
}

/* A read gives memory of the page file its pages, and a file with all its blocks needs no more.
   Private copies, and blocks, would take a write that cannot lose one of another thread's: there is
   none. */
static int is_ready_to_write(const quire_region *region) {
    return region->mode != QUIRE_COPY_ON_WRITE
           && (region->kind != QUIRE_KIND_FILE || qi_has_blocks(to_handle(region->handle)));
}

int32_t os_populate(const quire_region *region, span pages, int32_t write, quire_outcome *outcome,
                    quire_error *error) {
    long long page_size = os_page_size();
    WIN32_MEMORY_RANGE_ENTRY entry = {pages.start, (SIZE_T)pages.length};
    /* in few large reads; the rest is read below */
    PrefetchVirtualMemory(GetCurrentProcess(), 1, &entry, 0);
    for (long long done = 0; done < pages.length; done += PAGES_AT_ONCE * page_size) {
        long long left = (pages.length - done) / page_size;
        long long part = left < PAGES_AT_ONCE ? left : PAGES_AT_ONCE;
        long long there = touch_batch(pages.start + done, part);
        if (there < part) {
            DWORD number = GetLastError();
            done += there * page_size;
            answer(outcome, done > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED, number, done);
            return qi_fail(error, QUIRE_E_FAULT, CALL_COPY_MEMORY, (int32_t)number, -1);
        }
    }
    if (write && !is_ready_to_write(region)) {
        outcome->result = QUIRE_EMULATED;
    }
    return QUIRE_OK;
}

/* ---- locking ---- */

/* A process may lock what its smallest working set holds, 50 pages at first, and may ask for
   more. */
static BOOL raise_working_set(long long length) {
    static SRWLOCK alone = SRWLOCK_INIT;
    SIZE_T smallest;
    SIZE_T largest;
    DWORD flags;
    SIZE_T more = (SIZE_T)(length + length / WORKING_SET_OVERHEAD + os_granularity());
    AcquireSRWLockExclusive(&alone);
    BOOL raised = GetProcessWorkingSetSizeEx(GetCurrentProcess(), &smallest, &largest, &flags)
                  && SetProcessWorkingSetSizeEx(GetCurrentProcess(), smallest + more,
                                                largest + more, flags);
    ReleaseSRWLockExclusive(&alone);
    return raised;
}

static int32_t refuse_lock(quire_error *error) {
    DWORD number = GetLastError();
    SIZE_T smallest;
    SIZE_T largest;
    DWORD flags;
    long long limit = number == ERROR_WORKING_SET_QUOTA
                              && GetProcessWorkingSetSizeEx(GetCurrentProcess(), &smallest,
                                                            &largest, &flags)
                          ? (long long)smallest
                          : -1;
    return qi_fail(error, qi_code_of(number), CALL_VIRTUAL_LOCK, (int32_t)number, limit);
}

/* A request for too much is refused, and ends nobody. */
int32_t os_check_memory(const quire_region *region, span pages, int32_t use, quire_error *error) {
    (void)region;
    (void)pages;
    (void)use;
    (void)error;
    return QUIRE_OK;
}

int32_t os_lock(const quire_region *region, span pages, int32_t on_fault, quire_error *error) {
    (void)region;
    if (on_fault) {
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_VIRTUAL_LOCK, 0, -1);
    }
    if (VirtualLock(pages.start, (SIZE_T)pages.length)) {
        return QUIRE_OK;
    }
    if (GetLastError() == ERROR_WORKING_SET_QUOTA) {
        if (!raise_working_set(pages.length)) {
            SetLastError(ERROR_WORKING_SET_QUOTA);
        } else if (VirtualLock(pages.start, (SIZE_T)pages.length)) {
            return QUIRE_OK;
        }
    }
    return refuse_lock(error);
}

/* One page that is not locked makes VirtualUnlock refuse the range: then each locked run of it by
   itself. */
static int32_t unlock_batch(char *start, long long count, quire_error *error) {
    PSAPI_WORKING_SET_EX_INFORMATION pages[PAGES_AT_ONCE];
    SIZE_T page_size = (SIZE_T)os_page_size();
    if (!query_pages(start, count, pages)) {
        return qi_fail_last(error, CALL_WORKING_SET);
    }
    for (long long i = 0; i < count; i++) {
        if (pages[i].VirtualAttributes.Valid && pages[i].VirtualAttributes.Locked
            && !VirtualUnlock(pages[i].VirtualAddress, page_size)
            && GetLastError() != ERROR_NOT_LOCKED) {
            return qi_fail_last(error, CALL_VIRTUAL_UNLOCK);
        }
    }
    return QUIRE_OK;
}

int32_t os_unlock(const quire_region *region, span pages, quire_error *error) {
    (void)region;
    long long page_size = os_page_size();
    if (VirtualUnlock(pages.start, (SIZE_T)pages.length)) {
        return QUIRE_OK;
    }
    if (GetLastError() != ERROR_NOT_LOCKED) {
        return qi_fail_last(error, CALL_VIRTUAL_UNLOCK);
    }
    for (long long done = 0; done < pages.length; done += PAGES_AT_ONCE * page_size) {
        long long left = (pages.length - done) / page_size;
        int32_t code = unlock_batch(pages.start + done, left < PAGES_AT_ONCE ? left
                                    : PAGES_AT_ONCE, error);
        if (code != QUIRE_OK) {
            return code;
        }
    }
    return QUIRE_OK;
}

/* ---- residency ---- */

/* The working set of this process: pages that only the system's standby list holds do not count. */
int32_t os_query_residency(const quire_region *region, span pages, unsigned char *states,
                           quire_error *error) {
    (void)region;
    PSAPI_WORKING_SET_EX_INFORMATION batch[PAGES_AT_ONCE];
    long long page_size = os_page_size();
    long long count = pages.length / page_size;
    for (long long done = 0; done < count; done += PAGES_AT_ONCE) {
        long long part = count - done < PAGES_AT_ONCE ? count - done : PAGES_AT_ONCE;
        if (!query_pages(pages.start + done * page_size, part, batch)) {
            return qi_fail_last(error, CALL_WORKING_SET);
        }
        for (long long i = 0; i < part; i++) {
            states[done + i] = batch[i].VirtualAttributes.Valid ? 1 : 0;
        }
    }
    return QUIRE_OK;
}

/* ---- discarding ---- */

/* DiscardVirtualMemory leaves a page as it was or zero, and gives its memory back; Wine and old
   Windows lack it. */
static BOOL give_back(span pages) {
    typedef DWORD(WINAPI * discard_virtual_memory)(PVOID, SIZE_T);
    FARPROC function = qi_optional_function("DiscardVirtualMemory");
    return function != NULL
           && ((discard_virtual_memory)(void (*)(void))function)(pages.start, (SIZE_T)pages.length)
                  == ERROR_SUCCESS;
}

static int is_writable(span pages) {
    MEMORY_BASIC_INFORMATION info;
    return VirtualQuery(pages.start, &info, sizeof info) != 0
           && info.RegionSize >= (SIZE_T)pages.length && info.Protect == PAGE_READWRITE;
}

/* To decommit the pages and commit them again would zero them too, but another thread could step
   into the hole. So they are zeroed, and where the memory is this process's own given back as
   zeroes. Private copies of a file's pages stay. */
int32_t os_discard(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                   quire_error *error) {
    (void)path;
    if (region->mode == QUIRE_COPY_ON_WRITE) {
        answer(outcome, QUIRE_NOT_OFFERED, 0, 0);
        return QUIRE_OK;
    }
    long long done = qi_write_zeroes(pages.start, pages.length);
    if (done < pages.length) {
        DWORD number = GetLastError();
        int32_t code = is_writable(pages) ? QUIRE_E_FAULT : QUIRE_E_READ_ONLY;
        answer(outcome, done > 0 ? QUIRE_PARTIAL : QUIRE_IGNORED, number, done);
        return qi_fail(error, code, CALL_COPY_MEMORY, (int32_t)number, -1);
    }
    if (region->kind != QUIRE_KIND_ANONYMOUS_PRIVATE || !give_back(pages)) {
        outcome->result = QUIRE_EMULATED;
    }
    return QUIRE_OK;
}

#endif

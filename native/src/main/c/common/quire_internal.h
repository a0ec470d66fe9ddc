/*
 * quire_internal.h - the private contract between the files in common and the folder of the
 * operating system.
 *
 * quire_common.c checks arguments, rounds ranges and counts areas; it knows no operating system.
 * The files of one operating system, each guarded by one #if at its top, define the os_ hooks below
 * and know no rule of the public header beyond what a hook's comment says. Hooks get checked
 * arguments: no null pointer, known enum values, ranges inside the region, never an empty region or
 * range where it does not say so. They return a Quire code through qi_fail() or 0.
 */
#ifndef QUIRE_INTERNAL_H
#define QUIRE_INTERNAL_H

#include "quire.h"

#include <limits.h>

/* number, the name quire_call_name gives: the calls of the operating systems that can fail. */
#define QUIRE_CALLS \
    QUIRE_CALL(0, NONE, "") \
    QUIRE_CALL(1, OPEN, "open") \
    QUIRE_CALL(2, STAT, "fstat") \
    QUIRE_CALL(3, TRUNCATE, "ftruncate") \
    QUIRE_CALL(4, ALLOCATE, "fallocate") \
    QUIRE_CALL(5, MAP, "mmap") \
    QUIRE_CALL(6, UNMAP, "munmap") \
    QUIRE_CALL(7, PROTECT, "mprotect") \
    QUIRE_CALL(8, REMAP, "mremap") \
    QUIRE_CALL(9, SYNC, "msync") \
    QUIRE_CALL(10, SYNC_FILE, "fsync") \
    QUIRE_CALL(11, SYNC_RANGE, "sync_file_range") \
    QUIRE_CALL(12, ADVISE, "madvise") \
    QUIRE_CALL(13, ADVISE_MANY, "process_madvise") \
    QUIRE_CALL(14, ADVISE_FILE, "posix_fadvise") \
    QUIRE_CALL(15, LOCK, "mlock") \
    QUIRE_CALL(16, UNLOCK, "munlock") \
    QUIRE_CALL(17, RESIDENCY, "mincore") \
    QUIRE_CALL(18, SHM_OPEN, "shm_open") \
    QUIRE_CALL(19, SHM_UNLINK, "shm_unlink") \
    QUIRE_CALL(20, MEMFD, "memfd_create") \
    QUIRE_CALL(21, SEAL, "fcntl(F_ADD_SEALS)") \
    QUIRE_CALL(22, CLOSE, "close") \
    QUIRE_CALL(23, WRITE, "pwrite") \
    QUIRE_CALL(24, UNLINK, "unlink") \
    QUIRE_CALL(25, FULL_SYNC, "fcntl(F_FULLFSYNC)") \
    QUIRE_CALL(26, FUTEX, "futex") \
    QUIRE_CALL(27, READ, "pread") \
    QUIRE_CALL(28, RING_OPEN, "io_uring_setup") \
    QUIRE_CALL(29, RING_ENTER, "io_uring_enter") \
    QUIRE_CALL(30, PAGE_CACHE, "cachestat") \
    QUIRE_CALL(31, LINK, "linkat") \
    QUIRE_CALL(32, RENAME, "rename") \
    QUIRE_CALL(33, LOCK_FILE, "fcntl(F_OFD_SETLK)") \
    QUIRE_CALL(40, CREATE_FILE, "CreateFileW") \
    QUIRE_CALL(41, CREATE_MAPPING, "CreateFileMappingW") \
    QUIRE_CALL(42, OPEN_MAPPING, "OpenFileMappingW") \
    QUIRE_CALL(43, MAP_VIEW, "MapViewOfFile") \
    QUIRE_CALL(44, UNMAP_VIEW, "UnmapViewOfFile") \
    QUIRE_CALL(45, VIRTUAL_PROTECT, "VirtualProtect") \
    QUIRE_CALL(46, VIRTUAL_ALLOC, "VirtualAlloc") \
    QUIRE_CALL(47, VIRTUAL_FREE, "VirtualFree") \
    QUIRE_CALL(48, VIRTUAL_LOCK, "VirtualLock") \
    QUIRE_CALL(49, VIRTUAL_UNLOCK, "VirtualUnlock") \
    QUIRE_CALL(50, PREFETCH, "PrefetchVirtualMemory") \
    QUIRE_CALL(51, DISCARD, "DiscardVirtualMemory") \
    QUIRE_CALL(52, WORKING_SET, "QueryWorkingSetEx") \
    QUIRE_CALL(53, FLUSH_VIEW, "FlushViewOfFile") \
    QUIRE_CALL(54, FLUSH_FILE, "FlushFileBuffers") \
    QUIRE_CALL(55, SET_SIZE, "SetEndOfFile") \
    QUIRE_CALL(56, FILE_INFORMATION, "GetFileInformationByHandle") \
    QUIRE_CALL(57, DUPLICATE_HANDLE, "DuplicateHandle") \
    QUIRE_CALL(58, OPEN_PROCESS, "OpenProcess") \
    QUIRE_CALL(59, PATH_TO_UTF16, "MultiByteToWideChar") \
    QUIRE_CALL(60, COPY_MEMORY, "ReadProcessMemory") \
    QUIRE_CALL(61, WRITE_FILE, "WriteFile") \
    QUIRE_CALL(62, QUERY_TOKEN, "GetTokenInformation") \
    QUIRE_CALL(64, LOCK_FILE_RANGE, "LockFileEx") \
    QUIRE_CALL(65, MOVE_FILE, "MoveFileExW") \
    QUIRE_CALL(66, REPLACE_FILE, "ReplaceFileW") \
    QUIRE_CALL(67, READ_FILE, "ReadFile")

#define QUIRE_CALL(number, name, text) CALL_##name = number,
enum call { QUIRE_CALLS };
#undef QUIRE_CALL

/* Whole pages, unless a hook says that it gets bytes. */
typedef struct span {
    char *start;
    long long length;
} span;

/* ---- offered by quire_common.c ---- */

/* Stores the reason in *error and returns code. */
int32_t qi_fail(quire_error *error, int32_t code, int32_t call, int32_t os_number, long long limit);
/* OUT_OF_RANGE unless the range lies inside the region. */
int32_t qi_check_range(const quire_region *region, long long offset, long long length,
                       quire_error *error);
/* The pages that hold the range, inside what was mapped: the range must lie inside the region. */
span qi_pages_of(const quire_region *region, long long offset, long long length);

/* The part of a range that lies before an end. */
static inline quire_range qi_before(quire_range range, long long end) {
    long long start = range.offset < end ? range.offset : end;
    long long stop = range.offset + range.length;
    return (quire_range){start, (stop < end ? stop : end) - start};
}

/* Before a call, and its refusal for a reason of the library's own. */
static inline void qi_begin(quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
}

static inline int32_t qi_reject(quire_error *error, int32_t code) {
    return qi_fail(error, code, CALL_NONE, 0, -1);
}

/* Offsets and lengths up to here can be added and rounded up without overflow. */
#define BYTES_MAX (LLONG_MAX / 4)
/* Flags that have a meaning for memory without a file. */
#define MEMORY_FLAGS \
    (QUIRE_POPULATE | QUIRE_HUGE_PAGES | QUIRE_NO_RESERVE | QUIRE_KEEP_FILE | QUIRE_INHERIT)

/* INVALID_ARGUMENT unless the mode is one and the flags are among those allowed and do not
   contradict it. */
int32_t qi_check_mapping(int32_t mode, int32_t flags, int32_t allowed, quire_error *error);
/* MAP_LIMIT if the process comes too near its limit of areas. */
int32_t qi_reserve_areas(long long areas, quire_error *error);
void qi_release_areas(long long areas);
void qi_make_empty(quire_region *region, int32_t mode, int32_t kind);
/* After the hook that mapped the region, or failed to: watches it, or empties it and gives its area
   back. */
int32_t qi_settle(quire_region *region, int32_t code, quire_error *error);

/* The count of the region's record; 0 if it has none. */
long long qi_loss_count(const quire_region *region);
/* Whether bytes of the range are lost, or were at some time since the count was that. */
int qi_meets_loss(const quire_region *region, long long offset, long long length, long long since);

/* ---- the hooks ---- */

/* quire_heal. */
int32_t os_heal(int32_t wanted);
/* After mapping: from now on faults in the region are healed, if they are in this process. Sets
   region->record. */
int32_t os_watch(quire_region *region, quire_error *error);
/* Before unmapping: no handler works on the region any more when it returns. */
void os_unwatch(const quire_region *region);
/* Changes with every loss and return. */
const long long *os_losses(void);
int32_t os_is_lost(long long address, long long length);
/* A hint was given for the whole region: pages that return get it too. */
void os_remember_hint(long long record, int32_t hint);
/* Waits until nobody changes the region's record. */
void os_await_record(const quire_region *region);
/* The region has lost bytes. */
int32_t os_restore(const quire_region *region, const char *path, quire_ranges *returned,
                   quire_error *error);

/* The page, the granularity of mapping: constant for a process, cached by the hook. */
long long os_page_size(void);
long long os_granularity(void);
const char *os_number_name(int32_t os_number);

/* Fills what quire_query_system gives except abi_version and map_reserve; everything is preset to
   -1, bits to 0. */
void os_query_system(quire_system *system);
/* Mapped areas of this process now and the limit of them; -1 for no limit. May cost
   milliseconds. */
/* Instead of a number: there is no descriptor left to find it out. */
#define NO_DESCRIPTOR (-2)
long long os_count_areas(void);
long long os_area_limit(void);

/* *region is empty apart from mode and kind. length may be -1. Fills all of it. An empty result
   maps nothing. */
int32_t os_map_file(const char *path, long long offset, long long length, int32_t flags,
                    quire_region *region, quire_error *error);
int32_t os_map_anonymous(long long length, int32_t flags, quire_region *region, quire_error *error);
/* Releases memory and handle, whatever fails. Gets empty regions too if they have a handle. */
int32_t os_unmap(const quire_region *region, quire_error *error);
int32_t os_protect(const quire_region *region, span pages, int32_t access, quire_error *error);
/* length differs; the region or the result may be empty; its mode is READ_WRITE. */
int32_t os_resize(quire_region *region, const char *path, long long length, int32_t flags,
                  quire_error *error);

/* Spans are whole pages inside base .. base + base_length. *outcome is preset to APPLIED with the
   span's bytes; a hook that fails leaves in it what was done until then. */
int32_t os_advise(const quire_region *region, span pages, int32_t hint, quire_outcome *outcome,
                  quire_error *error);
/* For hints that are all the system's business. Returns 0 if it has not taken it. */
int os_advise_plainly(span pages, int32_t hint);
/* The ranges are bytes, some may be empty, and what lies behind the end is left out; the outcome is
   preset to the sum of the pages. */
int32_t os_prefetch(const quire_region *region, const quire_range *ranges, long long count,
                    long long end, quire_outcome *outcome, quire_error *error);
int32_t os_populate(const quire_region *region, span pages, int32_t write, quire_outcome *outcome,
                    quire_error *error);
/* use: enum quire_use. */
int32_t os_check_memory(const quire_region *region, span pages, int32_t use, quire_error *error);
int32_t os_lock(const quire_region *region, span pages, int32_t on_fault, quire_error *error);
int32_t os_unlock(const quire_region *region, span pages, quire_error *error);
/* One byte a page into states, 1 for resident; at most RESIDENCY_BATCH pages a call. */
#define RESIDENCY_BATCH 4096
int32_t os_query_residency(const quire_region *region, span pages, unsigned char *states,
                           quire_error *error);
/* Only for READ_WRITE files, with the bytes of the range, not its pages: what counts as truncated
   depends on them. */
int32_t os_flush(const quire_region *region, const char *path, span bytes, int32_t durability,
                 quire_error *error);
int32_t os_evict(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                 quire_error *error);
int32_t os_discard(const quire_region *region, const char *path, span pages, quire_outcome *outcome,
                   quire_error *error);

/* The size of the file or memory under the region now; -1 if nobody can tell, or if it cannot
   become shorter while it is mapped. The region has a handle, or a path that is not empty. */
long long os_size_now(const quire_region *region, const char *path);
int32_t os_query_file(const char *path, quire_file_status *status, quire_error *error);
int32_t os_query_handle(const quire_region *region, quire_file_status *status, quire_error *error);
int32_t os_preallocate(const char *path, long long length, quire_error *error);

/* *output has handle -1; the hook fills it if it succeeds. Lengths and offsets are checked. */
int32_t os_output_create(const char *folder, const char *temporary, long long length,
                         int32_t flags, quire_output *output, quire_error *error);
int32_t os_output_open(const char *path, quire_output *output, quire_error *error);
int32_t os_output_write(const quire_output *output, long long offset, const char *bytes,
                        long long length, quire_error *error);
int32_t os_output_extend(const quire_output *output, long long length, const char *tail,
                         long long tail_length, quire_error *error);
int32_t os_output_cut(const quire_output *output, long long length, quire_error *error);
int32_t os_output_sync(const quire_output *output, int32_t all, quire_error *error);
int32_t os_output_publish(quire_output *output, const char *folder, const char *temporary,
                          const char *target, int32_t flags, quire_error *error);
int32_t os_output_close(const quire_output *output, const char *temporary, quire_error *error);

/* The region has a file. *source has handle -1 and alignments of 1; the hook fills it if it
   succeeds. */
int32_t os_source_open(const quire_region *region, const char *path, quire_source *source,
                       quire_error *error);
/* Into *done; aligned, and not empty. */
int32_t os_source_read(const quire_source *source, const quire_read *read, long long *done,
                       quire_error *error);
void os_source_close(const quire_source *source);
/* Everything is filled in but what the ring is; the depth is positive. A hook that fails leaves
   nothing behind. */
int32_t os_reader_open(quire_reader *reader, quire_error *error);
int32_t os_reader_submit(quire_reader *reader, const quire_read *reads, long long count,
                         quire_error *error);
/* least is no more than are under way; arrived is 0 before. */
int32_t os_reader_wait(quire_reader *reader, quire_read *arrived, long long least, long long most,
                       quire_error *error);
void os_reader_close(const quire_reader *reader);
int32_t os_query_page_cache(const char *path, long long offset, long long length,
                            quire_page_cache *counts, quire_error *error);

/* name: checked, without prefix. */
int32_t os_shared_create(const char *name, long long length, int32_t flags, quire_region *region,
                         quire_error *error);
int32_t os_shared_open(const char *name, int32_t flags, quire_region *region, quire_error *error);
int32_t os_shared_unlink(const char *name, quire_error *error);
long long os_shared_name_limit(void);
int32_t os_attach(long long process, long long handle, int32_t flags, quire_region *region,
                  quire_error *error);
int32_t os_seal(const quire_region *region, int32_t seals, quire_error *error);
/* The region is READ_WRITE and not empty. */
int32_t os_freeze(quire_region *region, int32_t seals, quire_error *error);
int32_t os_query_seals(const quire_region *region, quire_seals *seals, quire_error *error);
/* word: aligned, inside a region; it may fault. */
int32_t os_wait(const char *word, int32_t expected, long long nanos, quire_error *error);
int32_t os_wake(const char *word, int32_t count, quire_error *error);

#endif

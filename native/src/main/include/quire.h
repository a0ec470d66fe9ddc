/*
 * quire.h - map memory: files, anonymous buffers and named shared memory, with the operating
 * system's paging hints.
 *
 * This is the one public header of the C layer. It reads from top to bottom as a manual.
 *
 * What holds for every function
 *
 *   Result      Every function that can fail returns a Quire code: QUIRE_OK (0) or the reason. The
 *               same code, the operating system's own number and the call that failed are stored in
 *               *error, in the same call. On success *error is all zero. Codes have the same number
 *               on every platform and are never reused.
 *   Pointers    No pointer may be null. Paths and names are UTF-8 and end with a zero byte.
 *   Ranges      Offsets and lengths are bytes, need no alignment and are checked as offset + length
 *               against the region: negative or too large is QUIRE_E_OUT_OF_RANGE, and nothing was
 *               done. A length of zero does nothing and succeeds. Hints are rounded outwards to
 *               whole pages inside what was mapped; calls that destroy contents are rounded
 *               inwards, so that a neighbour's byte never changes.
 *   Regions     A quire_region is a plain value that describes a mapping. Functions that take it as
 *               const do not change it; the others do, and the caller keeps the changed value. The
 *               library counts areas, and where it heals faults it knows where every region lies: a
 *               copy of a region is the same region.
 *   Threads     Every function may be called from any thread at any time. Calls on one region may
 *               run at the same time, except that quire_unmap, quire_resize, quire_freeze and
 *               quire_protect must be alone with it: the caller sees to that.
 *   Mapped bytes  A page of a mapping can be lost: its file was truncated, its disk is full, its
 *               device failed. An access to it raises SIGBUS, which ends a process that does not
 *               expect it. After quire_heal the access reads zeroes instead, and the region's
 *               record says which bytes are lost: see "faults" below. Functions that would work on
 *               lost bytes answer FAULT.
 *   Files       Once a file is mapped nothing is kept open unless QUIRE_KEEP_FILE was given or the
 *               platform needs it (region->handle says so). Functions that need the file later take
 *               its path and open it again; if it is not the same file any more (device and file
 *               number), the answer is QUIRE_E_FILE_REPLACED.
 *   Duration    A call works in one go on what it is given. Callers that want to unmap soon pass
 *               slices of at most 64 MiB to quire_populate, quire_flush, quire_prefetch,
 *               quire_lock, quire_discard and quire_reduce.
 *   Types       Only int32_t, long long, double, const char * and struct pointers, so that the same
 *               bindings serve every platform.
 */
#ifndef QUIRE_H
#define QUIRE_H

#include <stdint.h>

#if defined(_WIN32)
#define QUIRE_API __declspec(dllexport)
#else
#define QUIRE_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------- codes -- */

/* Changes with every incompatible change of this header. */
#define QUIRE_ABI_VERSION 6

/* number, name, what it means to the caller. Numbers are pinned; new ones go into the gaps. */
#define QUIRE_CODES \
    QUIRE_CODE(1, INVALID_ARGUMENT, "an argument is not one of the values the function takes") \
    QUIRE_CODE(2, OUT_OF_RANGE, "the range does not lie inside the mapping") \
    QUIRE_CODE(3, READ_ONLY, "the mapping or its file does not allow writing") \
    QUIRE_CODE(4, INVALID_NAME, "the name is empty, too long or has a forbidden character") \
    QUIRE_CODE(10, NOT_FOUND, "there is no such file or segment") \
    QUIRE_CODE(11, EXISTS, "a file or segment of that name is there already") \
    QUIRE_CODE(12, ACCESS_DENIED, "the operating system denies access") \
    QUIRE_CODE(13, IS_DIRECTORY, "the path names a directory") \
    QUIRE_CODE(14, NOT_MAPPABLE, "this kind of file cannot be mapped") \
    QUIRE_CODE(15, SYMBOLIC_LINK, "the path is a symbolic link, which the caller does not follow") \
    QUIRE_CODE(16, FILE_TOO_SHORT, \
               "the range goes beyond the end of the file; EXTEND makes the file longer") \
    QUIRE_CODE(17, FILE_REPLACED, "the path names another file than the one that was mapped") \
    QUIRE_CODE(18, FILE_TRUNCATED, "the file became shorter than the range while it was mapped") \
    QUIRE_CODE(19, NO_SPACE, "the file system or the quota is full") \
    QUIRE_CODE(20, FILE_TOO_LARGE, "the file system or a limit does not allow so large a file") \
    QUIRE_CODE(21, FILE_BUSY, "the file is in use in a way that excludes this call") \
    QUIRE_CODE(22, READ_ONLY_FILE_SYSTEM, "the file system is mounted read-only") \
    QUIRE_CODE(23, IO_ERROR, "the device reported an input or output error") \
    QUIRE_CODE(24, PATH_TOO_LONG, "the path is longer than the operating system allows") \
    QUIRE_CODE(25, SEALED, "the memory is sealed against this change") \
    QUIRE_CODE(30, NO_MEMORY, "the operating system has not enough memory or address space") \
    QUIRE_CODE(31, MAP_LIMIT, "the process is near the limit of mapped areas") \
    QUIRE_CODE(32, LOCK_LIMIT, "the limit of locked memory is reached") \
    QUIRE_CODE(33, HANDLE_LIMIT, "the limit of open files is reached") \
    QUIRE_CODE(34, MEMORY_LIMIT, "the memory exceeds what there is or the process group's limit") \
    QUIRE_CODE(35, FAULT, "pages of the range cannot be brought into memory") \
    QUIRE_CODE(40, UNSUPPORTED, "this platform or file system does not offer the call") \
    QUIRE_CODE(41, INTERRUPTED, "a signal interrupted the call") \
    QUIRE_CODE(42, TIMED_OUT, "the time given has passed") \
    QUIRE_CODE(43, NOT_PERMITTED, "the call needs a privilege that the process does not have") \
    QUIRE_CODE(99, UNKNOWN, "the operating system gave a reason that Quire does not know")

#define QUIRE_CODE(number, name, sentence) QUIRE_E_##name = number,
enum quire_code { QUIRE_OK = 0, QUIRE_CODES };
#undef QUIRE_CODE

/* Why a call failed. */
typedef struct quire_error {
    int32_t code;      /* QUIRE_OK or the reason */
    int32_t os_number; /* errno or GetLastError(), 0 where the operating system was not asked */
    int32_t call;      /* which call failed: see quire_call_name; 0 for none */
    int32_t reserved;
    long long limit; /* the number that stands in the way, where one does: the file's size for
                        FILE_TOO_SHORT and FILE_TRUNCATED, bytes or areas for the limits; else -1 */
} quire_error;

/* The constant's name without QUIRE_E_ ("NOT_FOUND"), its sentence; "UNKNOWN" for a number that is
   none. */
QUIRE_API const char *quire_code_name(int32_t code);
QUIRE_API const char *quire_code_sentence(int32_t code);
/* "mmap", "CreateFileMappingW"; "" for a number that is none. */
QUIRE_API const char *quire_call_name(int32_t call);
/* "ENOENT", "ERROR_SHARING_VIOLATION"; "" for a number that the library has no name for. */
QUIRE_API const char *quire_os_number_name(int32_t os_number);

/* QUIRE_ABI_VERSION of the library that was loaded, and its version as text. Both are constant
   time; the first is so cheap that it serves as a barrier (see the Java side). */
QUIRE_API int32_t quire_abi_version(void);
QUIRE_API const char *quire_library_version(void);

/* ------------------------------------------------------------------------------------ system -- */

enum quire_os { QUIRE_OS_LINUX = 1, QUIRE_OS_MACOS = 2, QUIRE_OS_WINDOWS = 3,
               QUIRE_OS_OTHER_POSIX = 4 };

/* What the platform can do: bits of quire_system.capabilities. */
enum quire_capability {
    /* growing may keep the address or move the pages without a copy */
    QUIRE_CAN_RESIZE_IN_PLACE = 1,
    /* pages can be brought in with an error instead of a signal */
    QUIRE_CAN_POPULATE = 2,
    QUIRE_CAN_LOCK_ON_FAULT = 4,         /* lock pages as they come */
    /* residency is known, at least for files the process may write */
    QUIRE_CAN_REPORT_RESIDENCY = 8,
    QUIRE_CAN_EVICT = 16,                /* pages of a file can be dropped from the page cache */
    QUIRE_CAN_SEAL = 32,                 /* shared memory can be sealed */
    /* anonymous shared memory can be attached to by process and handle */
    QUIRE_CAN_ATTACH = 64,
    QUIRE_CAN_DISCARD_FILE = 128,        /* holes can be punched into files */
    QUIRE_CAN_PREFETCH_MANY = 256,       /* many ranges in one call of the operating system */
    QUIRE_CAN_FLUSH_ASYNC = 512,         /* write-back can be started without waiting */
    QUIRE_CAN_HUGE_PAGES = 1024,         /* transparent huge pages for anonymous memory */
    QUIRE_CAN_REPLACE_OPEN_FILE = 2048,  /* a mapped file can be renamed over or deleted */
    QUIRE_CAN_SHRINK_MAPPED_FILE = 4096, /* somebody else may truncate a file while it is mapped */
    /* a process can sleep until another changes a shared word */
    QUIRE_CAN_WAIT = 8192,
    /* named segments are files of the folder /dev/shm, which can be listed */
    QUIRE_CAN_LIST_SHARED = 16384,
    /* a named segment that nobody maps stays until its name is removed */
    QUIRE_CAN_KEEP_SHARED = 32768
};

/* Facts about the machine and this process; -1 where the platform does not tell, or there is no
   limit. */
typedef struct quire_system {
    int32_t abi_version;
    int32_t os;                   /* enum quire_os */
    int32_t os_major, os_minor;   /* version of the kernel or of the system */
    long long page_size;          /* bytes: what protect, hints and residency work in */
    long long granularity;        /* bytes: what the operating system aligns mappings to */
    long long huge_page_size;     /* bytes of a transparent huge page */
    long long map_limit;          /* mapped areas a process may have */
    long long map_reserve;        /* areas below that limit that this library leaves to others */
    long long mapped;             /* mapped areas this process has now */
    long long lock_limit;         /* bytes this process may lock */
    long long memory_total;       /* bytes of physical memory */
    long long memory_available;   /* bytes that are available now without evicting anything */
    long long group_limit;        /* bytes: the memory limit of the process group (cgroup) */
    long long group_available;    /* bytes left below that limit */
    long long capabilities;       /* bits of enum quire_capability */
    /* bit h is set if hint h is supported at all: see enum quire_hint */
    long long hints;
} quire_system;

/* Fills *system. Asks the operating system each time: some 100 microseconds. */
QUIRE_API int32_t quire_query_system(quire_system *system, quire_error *error);

/* ----------------------------------------------------------------------------------- mapping -- */

enum quire_mode {
    QUIRE_READ_ONLY = 0,
    QUIRE_READ_WRITE = 1,   /* changes reach the file and everybody who maps it */
    QUIRE_COPY_ON_WRITE = 2 /* changes stay in this mapping; the file is opened read-only */
};

enum quire_kind {
    QUIRE_KIND_FILE = 0,
    QUIRE_KIND_ANONYMOUS_PRIVATE = 1,
    /* has no name, can be attached to by process and handle where the platform can */
    QUIRE_KIND_ANONYMOUS_SHARED = 2,
    QUIRE_KIND_NAMED_SHARED = 3
};

/* Flags for mapping. Those that a platform does not have are ignored there and missing from
   region->granted. */
enum quire_flag {
    QUIRE_CREATE = 1,            /* create the file if it is missing (READ_WRITE) */
    QUIRE_CREATE_NEW = 2,        /* create the file, EXISTS if it is there (READ_WRITE) */
    /* a range beyond the end makes the file longer (READ_WRITE) instead of FILE_TOO_SHORT */
    QUIRE_EXTEND = 4,
    QUIRE_SPARSE = 8,            /* do not allocate the blocks of a file that is made longer */
    /* bring the pages in at once: those of a file for reading, those of memory for writing */
    QUIRE_POPULATE = 16,
    QUIRE_HUGE_PAGES = 32,       /* ask for transparent huge pages */
    QUIRE_NO_RESERVE = 64,       /* do not count the pages against the commit limit */
    QUIRE_KEEP_FILE = 128,       /* keep the file open: region->handle */
    QUIRE_NO_FOLLOW = 256,       /* SYMBOLIC_LINK if the last part of the path is one */
    QUIRE_OPEN_SEQUENTIAL = 512, /* tell the operating system at open how the file will be read */
    QUIRE_OPEN_RANDOM = 1024,
    QUIRE_INHERIT = 2048         /* the memory or handle is inherited by child processes */
};

/* A mapping.
 *
 *      base                                                  base + base_length
 *       |  (rounded down to the granularity)                        |  (rounded up to the page)
 *       v                                                           v
 *       +-----------+-----------------------------------+-----------+
 *       |           |  what the caller asked for        |           |
 *       +-----------+-----------------------------------+-----------+
 *                   ^                                   ^
 *                address                         address + length
 *
 * An empty region has length, base and base_length 0 and no pages; every function accepts it. */
typedef struct quire_region {
    long long address;
    long long length;
    long long base;
    long long base_length;
    long long file_offset; /* of address */
    long long file_size;   /* when it was mapped */
    long long file_device; /* identity of the file: 0, 0 for anonymous memory */
    long long file_number;
    long long handle;    /* descriptor or HANDLE that is kept open, else -1 */
    /* bytes of a page of this mapping: more than the system's for a file of huge pages */
    long long page_size;
    long long record;    /* address of the quire_record of its faults; 0 if they are not healed */
    int32_t mode;     /* enum quire_mode */
    int32_t kind;     /* enum quire_kind */
    /* the flags that took effect, and NO_RESERVE where it was needed to get the memory at all */
    int32_t granted;
    /* 1 if the operating system tells this process which pages are in memory */
    int32_t residency_known;
} quire_region;

/* A file to be mapped, and where it then is. */
typedef struct quire_file_request {
    const char *path;
    long long offset;
    long long length; /* -1 means up to the end of the file */
    int32_t mode;     /* enum quire_mode */
    int32_t flags;    /* enum quire_flag */
    quire_region region;
} quire_file_request;

/* Maps a range of a file and stores where in request->region.
 * FILE_TOO_SHORT if the range goes beyond the end, unless EXTEND is given; an offset past the end
 * always without it. FILE_TOO_LARGE with EXTEND if no file can be that long. A file that was
 * created by a call that then fails is removed again; one that was made longer gets its old size
 * back. A struct and no seven parameters: the first call of each shape takes a JVM milliseconds to
 * set up, and every process needs this one and quire_unmap. */
QUIRE_API int32_t quire_map_file(quire_file_request *request, quire_error *error);

/* Maps length zeroed bytes. kind: ANONYMOUS_PRIVATE or ANONYMOUS_SHARED. Always readable and
 * writable. MEMORY_LIMIT if shared memory of that size is more than is available: see
 * quire_shared_create. */
QUIRE_API int32_t quire_map_anonymous(long long length, int32_t kind, int32_t flags,
                                      quire_region *region, quire_error *error);

/* Unmaps the region and closes its handle. The region is empty afterwards, also if the operating
   system complained. */
QUIRE_API int32_t quire_unmap(quire_region *region, quire_error *error);

enum quire_access { QUIRE_ACCESS_NONE = 0, QUIRE_ACCESS_READ = 1, QUIRE_ACCESS_READ_WRITE = 2 };

/* Changes what may be done with the pages that hold the range, which must begin and end on a page
 * boundary or at the region's own ends. READ_ONLY if READ_WRITE is asked for and the mapping was
 * made READ_ONLY. */
QUIRE_API int32_t quire_protect(const quire_region *region, long long offset, long long length,
                                int32_t access, quire_error *error);

/* Makes the mapping, and the file or memory under it, length bytes long; 0 leaves an empty region.
 * The mapping may move and may lose its hints, locks and protection. Contents up to the smaller of
 * both lengths are kept, new bytes are zero. For files the range must reach to the end of the file,
 * or it is INVALID_ARGUMENT with the file's size as limit; path is opened again; flags: SPARSE. On
 * failure the region is as it was, or, where the platform has to unmap first, empty. COPY_ON_WRITE
 * and READ_ONLY regions cannot be resized (READ_ONLY), NAMED_SHARED ones only with KEEP_FILE
 * (UNSUPPORTED). path is "" for memory without a file. */
QUIRE_API int32_t quire_resize(quire_region *region, const char *path, long long length,
                               int32_t flags, quire_error *error);

/* ------------------------------------------------------------------------------------- pages -- */

/* How a hint acts. */
enum quire_hint_trait {
    QUIRE_HINT_SLOW = 1,  /* it moves pages: a longer range takes longer, and is given in parts */
    QUIRE_HINT_KEPT = 2,  /* the system keeps it for the area, and splits one for a part of it */
    QUIRE_HINT_BRIEF = 4, /* quire_advise_briefly gives it to every kind of memory */
    QUIRE_HINT_BRIEF_FOR_FILES = 8 /* and this one to files only */
};

/* number, name, traits, what it tells the operating system. None of them changes what is read from
   the mapping. */
#define QUIRE_HINTS \
    QUIRE_HINT(0, NORMAL, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "no special pattern: undo SEQUENTIAL and RANDOM") \
    QUIRE_HINT(1, SEQUENTIAL, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "will be read from front to back: read far ahead") \
    QUIRE_HINT(2, RANDOM, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "will be read in no order: do not read ahead") \
    QUIRE_HINT(3, WILLNEED, QUIRE_HINT_SLOW, \
               "will be needed soon: start reading it in") \
    QUIRE_HINT(4, DONTNEED, 0, \
               "not needed for now: drop it from this process, keep the data") \
    QUIRE_HINT(5, COLD, 0, \
               "not needed for a while: reclaim it first") \
    QUIRE_HINT(6, PAGEOUT, QUIRE_HINT_SLOW, \
               "not needed for long: reclaim it now") \
    QUIRE_HINT(7, HUGEPAGE, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF_FOR_FILES, \
               "use huge pages") \
    QUIRE_HINT(8, NOHUGEPAGE, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "do not use huge pages") \
    QUIRE_HINT(9, COLLAPSE, QUIRE_HINT_SLOW, \
               "make huge pages of it now") \
    QUIRE_HINT(10, DONTDUMP, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "leave it out of core dumps") \
    QUIRE_HINT(11, DODUMP, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "undo DONTDUMP") \
    QUIRE_HINT(12, DONTFORK, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "do not give it to child processes") \
    QUIRE_HINT(13, DOFORK, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "undo DONTFORK") \
    QUIRE_HINT(14, WIPEONFORK, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "child processes see zeroes") \
    QUIRE_HINT(15, KEEPONFORK, QUIRE_HINT_KEPT | QUIRE_HINT_BRIEF, \
               "undo WIPEONFORK") \
    QUIRE_HINT(16, MERGEABLE, QUIRE_HINT_KEPT, \
               "equal pages may be shared") \
    QUIRE_HINT(17, UNMERGEABLE, QUIRE_HINT_KEPT, \
               "undo MERGEABLE")

#define QUIRE_HINT(number, name, traits, sentence) QUIRE_##name = number,
enum quire_hint { QUIRE_HINTS };
#undef QUIRE_HINT

/* The slow hints: a bit for each, at its number. */
#define QUIRE_HINT(number, name, traits, sentence) | ((traits) & QUIRE_HINT_SLOW ? 1 << number : 0)
enum quire_slow_hints { QUIRE_SLOW_HINTS = 0 QUIRE_HINTS };
#undef QUIRE_HINT

/* What became of a hint. */
enum quire_result {
    QUIRE_APPLIED = 0,    /* the operating system took it for the whole range */
    QUIRE_PARTIAL = 1,    /* for outcome.bytes of it */
    QUIRE_EMULATED = 2,   /* something else with the same purpose was done */
    QUIRE_IGNORED = 3,    /* this mapping or its state makes it meaningless, nothing was done */
    QUIRE_NOT_OFFERED = 4 /* the platform does not have it, nothing was done */
};

typedef struct quire_outcome {
    int32_t result;    /* enum quire_result */
    int32_t os_number; /* what the operating system said where it did not apply it */
    long long bytes;   /* bytes it took effect on, whole pages */
} quire_outcome;

typedef struct quire_range {
    long long offset;
    long long length;
} quire_range;

/* Gives a hint for the pages that hold the range. A hint that the system lacks is an outcome, not
 * an error. WILLNEED over more than the device reads ahead at once is given in that many parts, and
 * only for bytes that the file has now: the outcome of a range that reaches beyond its end is
 * PARTIAL or IGNORED. The path is looked at for that alone; with "", which memory without a file
 * has, nobody looks. */
QUIRE_API int32_t quire_advise(const quire_region *region, const char *path, long long offset,
    long long length, int32_t hint, quire_outcome *outcome, quire_error *error);

/* A short form of quire_advise for a range that is not empty and a hint that is given often:
 * record, kind and base_length are the region's, start is an address in it. Returns the bytes of
 * the pages if the operating system took the hint for all of them. 0 says nothing, but that
 * quire_advise has to be asked; it is always 0 for hints that do work. */
QUIRE_API long long quire_advise_briefly(long long record, int32_t kind, long long base_length,
                                         long long start, long long length, int32_t hint);

/* Gives WILLNEED for count ranges in one call. Every range is checked before the first is given.
 * Bytes that the file does not have any more do not count, as for quire_advise. */
QUIRE_API int32_t quire_prefetch(const quire_region *region, const char *path,
    const quire_range *ranges, long long count, quire_outcome *outcome, quire_error *error);

/* Brings the pages of the range in, for reading (write 0) or, allocating or copying them, for
 * writing (write 1). Returns when they are there. FAULT if a page is lost (truncated file,
 * full disk). MEMORY_LIMIT as quire_check_memory. EMULATED where the platform can only be asked to
 * begin. */
QUIRE_API int32_t quire_populate(const quire_region *region, long long offset, long long length,
                                 int32_t write, quire_outcome *outcome, quire_error *error);

/* Keeps the pages of the range in memory; on_fault 1: each from its first touch on. LOCK_LIMIT
   names the limit. MEMORY_LIMIT as quire_check_memory, unless on_fault. */
QUIRE_API int32_t quire_lock(const quire_region *region, long long offset, long long length,
                             int32_t on_fault, quire_error *error);
QUIRE_API int32_t quire_unlock(const quire_region *region, long long offset, long long length,
                               quire_error *error);

/* What pages are brought in for. */
enum quire_use {
    QUIRE_USE_READ = 0,
    QUIRE_USE_WRITE = 1,
    QUIRE_USE_LOCK = 2 /* to stay in memory */
};

/* MEMORY_LIMIT if the pages of the range need more memory for that use than is available, or than
 * the process group may still use: taking it could end the process. limit is what is left.
 * quire_populate and quire_lock look for themselves; callers that give them a range in slices ask
 * for all of it first, so that it is refused before the first slice. Memory that a call of this
 * library in another thread is about to take counts as taken; other processes may be faster. */
QUIRE_API int32_t quire_check_memory(const quire_region *region, long long offset,
                                     long long length, int32_t use, quire_error *error);

/* 64 pages each, lowest bit first. */
typedef struct quire_page_bits {
    long long bits;
} quire_page_bits;

typedef struct quire_residency {
    long long page_size;
    long long pages;    /* that hold the range */
    long long resident; /* of them in memory; 0 if not known */
    int32_t known;      /* 0 if the operating system does not tell this process */
    int32_t reserved;
} quire_residency;

/* Which pages of the range are in memory. words: room for (pages + 63) / 64 elements, or count 0
   for numbers only. */
QUIRE_API int32_t quire_query_residency(const quire_region *region, long long offset,
    long long length, quire_page_bits *words, long long count, quire_residency *residency,
        quire_error *error);

enum quire_durability {
    /* everybody who reads the file sees it; survives this process, not the machine */
    QUIRE_FLUSH_CACHE = 0,
    /* and writing to the device has begun, as far as the platform can be asked to */
    QUIRE_FLUSH_ASYNC = 1,
    QUIRE_FLUSH_DEVICE = 2  /* and it is on the device: survives a loss of power */
};

/* Writes changes of the range back. FILE_TRUNCATED if the file is shorter than the range now: what
 * lay beyond is lost, the rest was flushed. Of a file that the path does not name any more, and
 * that is not kept open, the mapping tells by whole pages how long it is. FAULT if bytes of the
 * range were lost: what was stored there since is nowhere but in memory. A file that was replaced
 * or deleted is flushed all the same, since the mapping still holds it. Nothing to do, and OK, for
 * READ_ONLY, COPY_ON_WRITE and memory without a file, whose path is "". */
QUIRE_API int32_t quire_flush(const quire_region *region, const char *path, long long offset,
                              long long length, int32_t durability, quire_error *error);

/* Drops the pages of the range from this process and from the page cache of the file, after writing
 * back what changed. Pages that others use, that are locked or that hold private changes stay, and
 * bytes that the file does not have any more do not count: PARTIAL says how much went. */
QUIRE_API int32_t quire_evict(const quire_region *region, const char *path, long long offset,
                              long long length, quire_outcome *outcome, quire_error *error);

/* Destroys the contents of the whole pages inside the range; they read as zero afterwards. For
 * writable anonymous and shared memory; for READ_WRITE files it punches a hole into the file.
 * COPY_ON_WRITE: private changes are dropped and the file's bytes are read again. outcome.bytes:
 * how much; at the edges less than a page stays as it is, and bytes that the file does not have any
 * more do not count. */
QUIRE_API int32_t quire_discard(const quire_region *region, const char *path, long long offset,
                                long long length, quire_outcome *outcome, quire_error *error);

/* ------------------------------------------------------------------------------------ faults -- */

enum quire_healing {
    QUIRE_HEALING_OFF = 0,         /* nobody asked for it */
    QUIRE_HEALING_ON = 1,          /* faults in mappings made from now on are healed */
    /* they are healed as long as the handler that somebody installed on top passes faults on */
    QUIRE_HEALING_COVERED = 2,
    /* the platform has no such thing, or no handler could be installed */
    QUIRE_HEALING_UNAVAILABLE = 3
};

/* wanted 1: installs a handler of SIGBUS ahead of the one that is there, which gets every signal
 * that is not about a region; once for the process and for good. The signal must not be blocked in
 * threads that touch mapped memory. wanted 0: only asks. Every mapping and every flush looks
 * whether the handler is still the first, and puts itself there again. Returns an enum
 * quire_healing. */
QUIRE_API int32_t quire_heal(int32_t wanted);

/* Ranges of lost bytes that a record has room for. Those of shared mappings are joined from the
   35th on: the two that lie nearest become one, and the bytes between count as lost and are mapped
   over. Private mappings keep as many as there is room for; where those are joined too, the bytes
   between count as lost but keep their pages, and quire_restore returns nothing any more. */
#define QUIRE_LOST_RANGES 64

/* What happened to a region. It may be read at any time, also while the library changes it, and
 * stays readable after the region was unmapped; it may belong to another region then.
 *
 * When a thread touches a lost page, the library notes the page, raises count, and then maps zeroed
 * private memory over the page: in this order, so that a thread which reads zeroes there sees a
 * raised count behind them. If nothing of the region from the page to its end is there, the file
 * was truncated, and all of that is noted and mapped over at once. What is stored in such pages
 * reaches neither the file nor other processes. */
typedef struct quire_record {
    /* never falls; changes with every loss and every return; odd while bytes are lost */
    long long count;
    /* odd while the fields below are being changed: read it before and after them */
    long long sequence;
    long long restored; /* count at the last return of lost bytes */
    long long ranges;   /* how many of the lost ranges are filled */
    /* bytes from the region's base, whole pages, in ascending order */
    quire_range lost[QUIRE_LOST_RANGES];
} quire_record;

/* Ranges of a region. */
typedef struct quire_ranges {
    long long count;
    quire_range range[QUIRE_LOST_RANGES];
} quire_ranges;

/* Address of a number that changes whenever bytes of any region are lost or return; it is 0 as long
 * as none ever were. Constant for the process. */
QUIRE_API long long quire_losses(void);

/* 1 if lost bytes of any region lie in the range of this process's memory. Looks at all regions. */
QUIRE_API int32_t quire_is_lost(long long address, long long length);

/* Maps lost pages from the file again where they are there again: the file has grown back, or, as
 * far as that can be told without touching them, space was freed. Stores into the pages that return
 * are dropped: *returned says which ranges, in bytes from the region's address. Safe while other
 * threads access the region. Hints that were given for the whole region are given again, locks are
 * not. A private region whose ranges were joined returns none. path is opened again; where it names
 * another file now, the file is reached through the mapping if a page before the lost ones is still
 * there (Linux). FILE_REPLACED or NOT_FOUND if it is not. */
QUIRE_API int32_t quire_restore(const quire_region *region, const char *path,
                                quire_ranges *returned, quire_error *error);

/* -------------------------------------------------------------------------------- reductions -- */

/* The order of summation. It is fixed: every version of the code, and the loops in Java, give the
 * same bits.
 *
 *   Elements     Floating-point elements are widened to double. Integers are summed exactly; for
 *                the deviations those of 8 bytes are rounded to double.
 *   Sequence     Elements come in the order of their groups, lines and places in a line
 *                (quire_lines). 256 of them are a chunk, the last one may be shorter.
 *   Chunk's sum  Lane j of 32 begins with 0.0 and adds the chunk's elements j, 32+j, 64+j, ... one
 *                after the other. Lane j then adds lane j+16; of these 16, j adds j+8, and so on
 *                down to one.
 *   Sum          Chunk sums are added in sequence, and the rounding error of each addition is added
 *                up apart (Neumaier 1974): sum and lost. The result is sum + lost.
 *   Deviations   p is the chunk's sum divided by its count n, and d = x - p of each element. The
 *                lanes add d to r, and d*d to q, as they do for sums. The chunk's deviations are q
 *                - r*r/n, or 0 if that is negative; its mean is p + r/n, kept as two numbers.
 *                Integers of up to 4 bytes: with s their exact sum and t that of their squares, p
 *                is s/n without its fraction, r is s - p*n, and the deviations are (n*t - s*s) / n.
 *                The difference is exact; its lower 64 bits become a double, and its upper bits
 *                times 2^64 are added.
 *   Merging      The first chunk is taken over. Later ones are merged in sequence (Chan, Golub,
 *                    LeVeque 1983): delta = (p - mean) + (r/n - mean_low),  share = n / (count +
 *                    n), deviations += (chunk's + (delta * (count * share)) * delta), its rounding
 *                    error to deviations_lost, mean += delta * share, its rounding error to
 *                    mean_low (both errors by Knuth's two-sum).
 *                The result is deviations + deviations_lost; the standard deviation is the root of
 *                it divided by the count.
 *   Rounding     Every operation is rounded to double, none is fused.
 *   Extremes     NaN if an element is NaN; -0.0 is less than 0.0.
 *   Nothing      No elements: sum 0, count 0, minimum Infinity, maximum -Infinity.
 *   Not finite   The sum of elements of which some are infinite or NaN is that of exact arithmetic,
 *                whatever overflows on the way: NaN if one is NaN or if there are infinities of
 *                both signs, else the infinity. Their deviations are NaN; their mean is what IEEE
 *                754 makes of this order. Finite elements may overflow too: special is 0 then, and
 *                the sum or the deviations are not finite. Callers that want the result then reduce
 *                the elements times 2^-600 in the same order, and scale back.
 *
 * Chunks depend on no other chunk, so any number of threads may reduce them; merged in sequence
 * they give these bits. A reduction that has sums and moments stores what its chunks have, for a
 * caller that merges them. */

/* What the bytes are: numbers in the machine's byte order, at any address. */
enum quire_element {
    QUIRE_F4 = 0, /* floating point, of 4 and of 8 bytes */
    QUIRE_F8 = 1,
    QUIRE_I1 = 2, /* signed integers */
    QUIRE_I2 = 3,
    QUIRE_I4 = 4,
    QUIRE_I8 = 5,
    QUIRE_U1 = 6, /* unsigned integers */
    QUIRE_U2 = 7,
    QUIRE_U4 = 8,
    QUIRE_U8 = 9,
    QUIRE_F2 = 10, /* floating point of 2 bytes */
    QUIRE_B1 = 11, /* a byte is 1 unless it is 0; counts as an integer */
    QUIRE_BF2 = 12 /* floating point of 2 bytes: the upper half of QUIRE_F4 */
};

/* What to compute; the other fields of the result mean nothing. Integers get sum and extremes
   always. */
enum quire_what {
    QUIRE_REDUCE_SUM = 0,
    QUIRE_REDUCE_EXTREMES = 1,
    QUIRE_REDUCE_ALL = 2,
    QUIRE_REDUCE_DEVIATIONS = 3 /* sum, mean and deviations */
};

/* The versions of the code, each better than the one before. */
enum quire_kernels {
    QUIRE_KERNELS_BASELINE = 0, /* what every machine of the architecture has: SSE2, NEON */
    QUIRE_KERNELS_AVX2 = 1,
    QUIRE_KERNELS_AVX512 = 2
};

/* What infinite and NaN elements make the sum. For two parts together it is the bitwise or of
   both. */
enum quire_special {
    QUIRE_SPECIAL_NONE = 0, /* all elements are finite */
    QUIRE_SPECIAL_POSITIVE = 1,
    QUIRE_SPECIAL_NEGATIVE = 2,
    QUIRE_SPECIAL_NAN = 3 /* infinities of both signs, or NaN */
};

/* Where elements are. Counts are 0 or more, strides are in bytes and may be negative or 0. */
typedef struct quire_lines {
    long long offset; /* of the first element, in bytes from the start of the region */
    long long groups; /* groups of lines, and from one to the next */
    long long group_stride;
    long long lines; /* lines of a group, and from one to the next */
    long long line_stride;
    long long length; /* elements of a line, and from one to the next */
    long long stride;
} quire_lines;

/* Result of quire_reduce; all zero to begin with. */
typedef struct quire_reduction {
    /* Of all calls until now. */
    long long count;
    double sum;  /* of floating-point elements */
    double lost; /* rounding errors of the sum */
    double mean;
    double mean_low;
    double deviations; /* squared deviations from the mean, added up */
    double deviations_lost;
    /* enum quire_special: which elements are not finite; not known after EXTREMES */
    long long special;
    /* Addresses of doubles, in memory of the caller's, or 0. If sums is one, each chunk's sum goes
       there and not into sum and lost (floating-point elements); if moments is one, each chunk's
       mean, what that lacks, and its deviations go there, and not into the fields above. Such calls
       need not begin with the first chunk. A call moves sums behind what it stored. */
    long long sums;
    long long moments;
    /* Of this call alone. */
    double min; /* of floating-point elements */
    double max;
    long long high; /* the sum of integers is high * 2^32 + low */
    long long low;
    long long smallest; /* of integers; 2^63 is subtracted from those of QUIRE_U8 */
    long long largest;
} quire_reduction;

/* Adds count elements of one sequence, from number first on (0 is the first), to *reduction. All
 * calls for a sequence but the last take a multiple of 256 elements. kernels is a version that the
 * machine has. FAULT if bytes between the first and the last element in memory are lost: *reduction
 * is undefined then. UNSUPPORTED if the machine does not have the version, or if a fault would end
 * the process: the region has no record, and the platform no other way. OUT_OF_RANGE if an element
 * of the lines is outside the region. INVALID_ARGUMENT if first or count do not fit the lines. The
 * pages must be readable: quire_protect. */
QUIRE_API int32_t quire_reduce(const quire_region *region, const quire_lines *lines,
    long long first, long long count, int32_t element, int32_t what, int32_t kernels,
        quire_reduction *reduction, quire_error *error);

/* Result of quire_reduce_lines. */
typedef struct quire_line_results {
    long long address;    /* of doubles, in memory of the caller's */
    long long overflowed; /* lines of finite elements with a result that is not finite */
} quire_line_results;

/* Reduces every line for itself, to the bits that quire_reduce has for it alone. Floating-point
 * elements only. The results go to results->address, a line after the other: one double for SUM
 * (sum + lost) and for DEVIATIONS (deviations + deviations_lost, in double), two for EXTREMES
 * (minimum, maximum). ALL and integers: INVALID_ARGUMENT. Other codes as quire_reduce. */
QUIRE_API int32_t quire_reduce_lines(const quire_region *region, const quire_lines *lines,
    int32_t element, int32_t what, int32_t kernels, quire_line_results *results,
        quire_error *error);

/* Bit k is set if this machine has version k of enum quire_kernels. */
QUIRE_API int32_t quire_kernel_versions(void);
/* "sse2", "neon", "avx2", "avx512", "portable"; "" for a number that is none. */
QUIRE_API const char *quire_kernels_name(int32_t kernels);

/* ------------------------------------------------------------------------------------- files -- */

enum quire_file_kind { QUIRE_FILE_REGULAR = 1, QUIRE_FILE_DIRECTORY = 2, QUIRE_FILE_OTHER = 3 };

typedef struct quire_file_status {
    long long device;
    long long number;
    long long size;
    long long allocated;      /* bytes that have blocks */
    long long modified_nanos; /* since 1970 */
    int32_t kind;             /* enum quire_file_kind */
    int32_t reserved;
} quire_file_status;

/* What the path names now; symbolic links are followed. */
QUIRE_API int32_t quire_query_file(const char *path, quire_file_status *status, quire_error *error);
/* What the file, or memory, is that the region keeps open: region->handle must not be -1. */
QUIRE_API int32_t quire_query_handle(const quire_region *region, quire_file_status *status,
                                     quire_error *error);

/* Makes the existing file at least length bytes long and gives all of them blocks, so that no write
 * through a mapping can find the disk full. NO_SPACE leaves its size as it was, and comes before
 * anything is taken if the file system has less free than that; limit is what is free. */
QUIRE_API int32_t quire_preallocate(const char *path, long long length, quire_error *error);

/* ---- files that are written ----
 *
 * None of these calls is cut short by a signal: each is repeated until it is done or refused. */

enum quire_output_state {
    QUIRE_OUTPUT_OPENED = 0,    /* it was there before */
    /* new and without a name: it goes with its last descriptor, however the process ends */
    QUIRE_OUTPUT_UNNAMED = 1,
    QUIRE_OUTPUT_TEMPORARY = 2, /* new, under its temporary name */
    QUIRE_OUTPUT_PUBLISHED = 3  /* new, under the name of the target */
};

/* An open file that is being written. Paired with quire_output_close. */
typedef struct quire_output {
    long long handle; /* descriptor or HANDLE; -1 when it is closed */
    long long device; /* identity of the file */
    long long number;
    int32_t state;    /* enum quire_output_state */
    int32_t not_kept; /* after quire_output_publish: bits of enum quire_not_kept */
} quire_output;

/* Flags for output files. */
enum quire_output_flag {
    /* give the new file its temporary name at once, even where it could do without */
    QUIRE_OUTPUT_NAMED = 1,
    QUIRE_OUTPUT_PRIVATE = 2, /* nobody but its owner may open the new file by its temporary name */
    QUIRE_OUTPUT_NEW = 4      /* publish: EXISTS if the target is there, instead of replacing it */
};

/* What a file that took the place of another could not take over from it. */
enum quire_not_kept {
    QUIRE_NOT_KEPT_OWNER = 1,
    QUIRE_NOT_KEPT_GROUP = 2,
    QUIRE_NOT_KEPT_MODE = 4,       /* permission bits: nobody has got more than before */
    QUIRE_NOT_KEPT_ATTRIBUTES = 8, /* access control list, extended attributes */
    QUIRE_NOT_KEPT_LINKS = 16      /* other names of the old file still name the old file */
};

/* Creates a file of length zeroed bytes that have blocks, in a folder. Where the system can, the
 * file has no name; else it gets the temporary one, a path in that folder, which must not exist,
 * and is locked: see quire_output_open. NO_SPACE before anything is taken if the file system has
 * less free than that; limit is what is free. */
QUIRE_API int32_t quire_output_create(const char *folder, const char *temporary, long long length,
                                      int32_t flags, quire_output *output, quire_error *error);

/* Opens an existing file to write to it and locks it against other callers of this function, in
 * this process or another, until it is closed. FILE_BUSY if somebody has the lock; SYMBOLIC_LINK if
 * the last part of the path is one. */
QUIRE_API int32_t quire_output_open(const char *path, quire_output *output, quire_error *error);

/* Writes bytes at an offset of the file. bytes: their address in memory of this process. */
QUIRE_API int32_t quire_output_write(const quire_output *output, long long offset, long long bytes,
                                     long long length, quire_error *error);

/* Makes the file longer in one step: it has length zeroed bytes with blocks, and behind them
 * tail_length bytes from the address tail. Nobody ever sees it longer than it was without the tail.
 * A file that is longer than length keeps its bytes before length; INVALID_ARGUMENT if it is longer
 * than both together. On failure its size is what it was. */
QUIRE_API int32_t quire_output_extend(const quire_output *output, long long length, long long tail,
                                      long long tail_length, quire_error *error);
/* Makes the file shorter. */
QUIRE_API int32_t quire_output_cut(const quire_output *output, long long length,
                                   quire_error *error);

/* Brings the file's bytes and size to the device; with all, also the rest of what the system knows
   of it. */
QUIRE_API int32_t quire_output_sync(const quire_output *output, int32_t all, quire_error *error);

/* Gives the file, whole and on the device, the name of the target, a path in the same folder. A
 * regular file that is there is replaced in one step, and its owner, mode, access control list and
 * extended attributes are taken over as far as this process may; output->not_kept says what was
 * not. Anything else that is there is refused: IS_DIRECTORY, SYMBOLIC_LINK, NOT_MAPPABLE. The
 * temporary name serves for a moment where a file is replaced. */
QUIRE_API int32_t quire_output_publish(quire_output *output, const char *folder,
    const char *temporary, const char *target, int32_t flags, quire_error *error);

/* Closes the file. One that was created and not published is removed. */
QUIRE_API int32_t quire_output_close(quire_output *output, const char *temporary,
                                     quire_error *error);

/* ------------------------------------------------------------------------------------- reads -- */

/* Reading into memory of the caller's instead of through a mapping: one read at a time, or many at
 * once past the page cache. The bytes are what a read of the file gives at that moment: of a page
 * that is written meanwhile each sector is old or new. */

enum quire_source_flag {
    /* past the page cache; UNSUPPORTED where the system or the file's file system cannot, or does
       not tell how such reads have to be aligned */
    QUIRE_SOURCE_DIRECT = 1
};

/* A file that is open for reading. Paired with quire_source_close. */
typedef struct quire_source {
    long long handle; /* descriptor or HANDLE; -1 when it is closed */
    long long size;   /* of the file, when it was opened */
    long long memory_alignment; /* addresses that are read to are multiples of it; 1: any */
    long long offset_alignment; /* and so are offsets and lengths; 1: any */
    int32_t flags;              /* enum quire_source_flag: as it was opened */
    int32_t reserved;
} quire_source;

/* One read. */
typedef struct quire_read {
    long long source; /* quire_source.handle */
    long long offset; /* in the file */
    long long length;
    long long destination; /* address of memory of the caller's */
    long long tag;         /* the caller's own, and comes back with the result */
    long long done;        /* result: bytes read, less than length where the file ends */
    int32_t code;          /* result: QUIRE_OK or why nothing was read */
    int32_t os_number;
} quire_read;

/* Opens the file that a region was mapped from; the path is opened again, whether the region keeps
 * its file open or not. FILE_REPLACED if it is another file now. INVALID_ARGUMENT for regions that
 * are empty or have no file. */
QUIRE_API int32_t quire_source_open(const quire_region *region, const char *path, int32_t flags,
                                    quire_source *source, quire_error *error);
/* Reads, and returns when the bytes are there or the file has no more: read->done. Fills in the
 * result of *read, which must be aligned as the source says. Signals do not end it. */
QUIRE_API int32_t quire_source_read(const quire_source *source, quire_read *read,
                                    quire_error *error);
/* Closes it; closing again does nothing. No read may be under way. */
QUIRE_API int32_t quire_source_close(quire_source *source, quire_error *error);

/* Many reads at once: a ring of the kernel's (io_uring), which belongs to whoever opened it. Calls
 * on one reader must not run at the same time. The thread that began a read must live until it
 * has arrived: the kernel ends the reads of a thread that ends. */
typedef struct quire_reader {
    long long handle; /* the ring's descriptor; -1 when it is closed */
    long long memory; /* where the bytes may go: the region that was given */
    long long memory_length;
    long long under_way; /* reads that began and have not arrived */
    long long arrived;   /* by the last wait */
    int32_t depth;       /* reads that may be under way at once */
    int32_t registered;  /* 1 if the kernel has the memory pinned, so that each read costs less */
    long long ring;      /* the rest is the library's own */
    long long ring_length;
    long long entries;
    long long entries_length;
    int32_t places[8];
} quire_reader;

/* The most reads that a reader may have under way. */
#define QUIRE_READER_DEPTH 4096

/* Opens a reader, for so many reads at once, at most QUIRE_READER_DEPTH, into the region's memory,
 * which must be anonymous and stay mapped until the reader is closed. UNSUPPORTED where there is no
 * io_uring, or this process may not use it (an old kernel, a filter of system calls, sysctl
 * kernel.io_uring_disabled), as on every system but Linux. */
QUIRE_API int32_t quire_reader_open(const quire_region *memory, long long depth,
                                    quire_reader *reader, quire_error *error);
/* Begins count reads. INVALID_ARGUMENT, and none was begun, if more than depth would be under way
 * or one does not go into the reader's memory. If the system refuses, those that were begun count
 * in reader->under_way: the first ones of the array. */
QUIRE_API int32_t quire_reader_submit(quire_reader *reader, const quire_read *reads,
                                      long long count, quire_error *error);
/* Waits until at least so many reads have arrived, or all that are under way if they are fewer, and
 * stores tag, done, code and os_number of those that have, up to most: reader->arrived says how
 * many. They come in any order. */
QUIRE_API int32_t quire_reader_wait(quire_reader *reader, quire_read *arrived, long long least,
                                    long long most, quire_error *error);
/* Waits for all reads under way, drops their results and closes the ring. Closing again does
   nothing. */
QUIRE_API int32_t quire_reader_close(quire_reader *reader, quire_error *error);

/* What the page cache has of a file. */
typedef struct quire_page_cache {
    long long page_size;
    long long cached; /* pages in memory */
    long long dirty;  /* of them changed, and not written yet */
    long long writeback; /* of them being written */
    long long evicted; /* pages that were in memory once */
    long long recently_evicted; /* of them, those that memory was too small for */
} quire_page_cache;

/* Asks what the page cache has of a range of a file, which need not be mapped; length -1: up to its
 * end. One system call, whatever the length (cachestat, Linux 6.5). UNSUPPORTED where the system
 * has no such call, ACCESS_DENIED where it does not tell this process: of files that it neither
 * owns nor may write. */
QUIRE_API int32_t quire_query_page_cache(const char *path, long long offset, long long length,
                                         quire_page_cache *counts, quire_error *error);

/* ----------------------------------------------------------------------------- shared memory -- */

/* Names: 1 to 200 bytes (29 on macOS) of letters, digits, '.', '_', '-', not beginning with '.';
 * what the operating system sees is that name behind a prefix of its own kind. */

/* Creates a named segment of length (at least 1) zeroed bytes that only this user can open, and
 * maps it READ_WRITE. EXISTS if there is one. MEMORY_LIMIT if length is more than is available now
 * or than the process group may still use, beside what other threads are about to take by this
 * library: asking for it could end the process. flags: POPULATE,
 * HUGE_PAGES, KEEP_FILE. */
QUIRE_API int32_t quire_shared_create(const char *name, long long length, int32_t flags,
                                      quire_region *region, quire_error *error);

/* Maps the whole segment. mode: READ_ONLY, READ_WRITE or COPY_ON_WRITE. Its length is what the
 * operating system says, which may be rounded up to pages. */
QUIRE_API int32_t quire_shared_open(const char *name, int32_t mode, int32_t flags,
                                    quire_region *region, quire_error *error);

/* Removes the name; who has it mapped keeps the memory. NOT_FOUND if there is none. Without
 * QUIRE_CAN_KEEP_SHARED, on Windows, names vanish with their last handle: UNSUPPORTED while the
 * segment exists. */
QUIRE_API int32_t quire_shared_unlink(const char *name, quire_error *error);

/* Maps ANONYMOUS_SHARED memory of another process of the same user: its process number and its
   region->handle. */
QUIRE_API int32_t quire_attach(long long process, long long handle, int32_t mode, int32_t flags,
                               quire_region *region, quire_error *error);

enum quire_seal {
    QUIRE_SEAL_SHRINK = 1,
    QUIRE_SEAL_GROW = 2,
    QUIRE_SEAL_WRITE = 4,        /* FILE_BUSY while a writable mapping exists */
    QUIRE_SEAL_FUTURE_WRITE = 8, /* no new writable mappings */
    QUIRE_SEAL_SEAL = 16         /* no more seals */
};

/* Adds seals to ANONYMOUS_SHARED memory, for every process and for good; and asks which it has.
   UNSUPPORTED elsewhere. */
QUIRE_API int32_t quire_seal(const quire_region *region, int32_t seals, quire_error *error);

/* Adds seals and WRITE to memory that this region, which must be READ_WRITE, is the only one to
 * have mapped for writing. The region is READ_ONLY afterwards, at the same address; nobody may
 * write to it meanwhile. FILE_BUSY if it is mapped for writing elsewhere: all is as before then,
 * but that hints and locks are gone. UNSUPPORTED as quire_seal. */
QUIRE_API int32_t quire_freeze(quire_region *region, int32_t seals, quire_error *error);

typedef struct quire_seals {
    int32_t seals; /* bits of enum quire_seal */
    int32_t reserved;
} quire_seals;

QUIRE_API int32_t quire_query_seals(const quire_region *region, quire_seals *seals,
                                    quire_error *error);

/* Sleeps while the 32-bit word at offset, a multiple of 4 in memory, has the expected value, for
 * nanos at most, until quire_wake. OK also when the value was another one, or for no reason: look
 * at the word again. TIMED_OUT; FAULT if the word is lost: the kernel reads it, not this
 * library. The word is one for all who map the memory. UNSUPPORTED where the platform has no such
 * wait between processes. */
QUIRE_API int32_t quire_wait(const quire_region *region, long long offset, int32_t expected,
                             long long nanos, quire_error *error);
/* Wakes up to count of those who wait for the word. */
QUIRE_API int32_t quire_wake(const quire_region *region, long long offset, int32_t count,
                             quire_error *error);

#ifdef __cplusplus
}
#endif

#endif

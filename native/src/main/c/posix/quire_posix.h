/*
 * quire_posix.h - what the POSIX files share, and what each POSIX system offers under them.
 *
 *   quire_posix_files.c    numbers, opening files, their identity, size and blocks
 *   quire_posix_memory.c   memory is asked for before it is taken
 *   quire_posix_map.c      mapping, unmapping, protection, size
 *   quire_posix_pages.c    hints, population, locks, residency
 *   quire_posix_sync.c     flush, evict, discard
 *   quire_posix_reads.c    files that are read into memory of the caller's
 *   quire_posix_shared.c   memory between processes
 *   quire_posix_output.c   files that are written; quire_linux_output.c or quire_macos_output.c is
 *   under it quire_posix_watch.c, quire_posix_heal.c, quire_posix_signal.c   faults:
 *   quire_posix_watch.h the folders linux and macos: the sys_ functions, and facts for
 *   quire_query_system
 */
#ifndef QUIRE_POSIX_H
#define QUIRE_POSIX_H

#include "quire_internal.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/uio.h>

_Static_assert(sizeof(off_t) == 8 && sizeof(void *) == 8, "written for 64-bit systems");

/* ---- quire_posix_files.c ---- */

/* qi_fail() with the code for errno number of that call, and the limit where one is known. */
int32_t qi_refuse(quire_error *error, int32_t call, int number);

typedef struct file {
    int descriptor;
    int kept; /* it is the region's handle, not opened for this call */
    int created;
    struct stat status;
} file;

/* Opens a regular file, never waiting for anybody; paired with close_file. access: O_RDONLY or
   O_RDWR. */
int32_t qi_open_file(const char *path, int access, int32_t flags, file *opened, quire_error *error);
/* The file that the region was mapped from: FILE_REPLACED if the path names another one now. */
int32_t qi_open_again(const quire_region *region, const char *path, int access, file *opened,
                   quire_error *error);
void qi_close_file(const file *opened);
/* Makes a file or memory longer, with blocks unless sparse. On failure its size is what it was. */
int32_t qi_grow_file(const file *opened, long long length, int sparse, quire_error *error);
int qi_set_size(int descriptor, long long length); /* 0 or the errno */
/* For file systems that cannot allocate: what is written has blocks. 0 or the errno. */
int qi_write_zeroes(int descriptor, long long from, long long to);
/* FILE_TOO_LARGE beyond RLIMIT_FSIZE, where the kernel would send a signal that ends the
   process. */
int32_t qi_check_file_limit(const file *opened, long long length, quire_error *error);
/* NO_SPACE if the file system has less than so many bytes free: asking for them would take what is
   left first. */
int32_t qi_check_room(int descriptor, long long bytes, quire_error *error);
/* Reserves memory for so many bytes of blocks if the file lies in memory: *bytes is for
   qi_release_memory when they are there. */
int32_t qi_reserve_blocks(int descriptor, long long wanted, long long *bytes, quire_error *error);
/* Limits of this process; -1 for none. */
long long qi_lock_limit(void);
long long qi_address_limit(void);
long long qi_descriptor_limit(void);
long long qi_file_limit(void);

/* ---- quire_posix_memory.c ---- */

/* 1 if it has to be asked for so many bytes of memory: they are many, or with those of small
   requests before. */
int qi_must_check_memory(long long bytes);
/* MEMORY_LIMIT if taking so many bytes of memory now could end the process. Else nobody in this
   process gets them until they are released, which is when they are taken. */
int32_t qi_reserve_memory(long long bytes, quire_error *error);
void qi_release_memory(long long bytes);
/* Both at once, where the bytes are not taken by the call itself. */
int32_t qi_check_memory(long long bytes, quire_error *error);
/* Reserves what a use (enum quire_use) of the pages takes: *bytes is for qi_release_memory. */
int32_t qi_reserve_pages(const quire_region *region, span pages, int32_t use, long long *bytes,
                         quire_error *error);

/* ---- quire_posix_map.c ---- */

/* Maps length (more than 0) bytes from offset for the region's mode and kind; descriptor -1: memory
 * without a file. */
int32_t qi_map_bytes(quire_region *region, int descriptor, long long offset, long long length,
                     int32_t flags, quire_error *error);
/* After mapping: HUGE_PAGES, OPEN_SEQUENTIAL, OPEN_RANDOM and POPULATE, as far as they take
   effect. */
void qi_apply_flags(quire_region *region, int32_t flags);
/* Keeps the descriptor as the region's handle. */
void qi_keep_file(quire_region *region, int descriptor, int32_t flags);
/* qi_refuse(), with MAP_LIMIT where that is why there is no memory. */
int32_t qi_refuse_area(quire_error *error, int32_t call, int number);
/* Changes of the memory stay in this mapping. */
int qi_is_private(const quire_region *region);

/* ---- quire_posix_pages.c ---- */

/* Pages of the span that are in memory; the span's pages if the operating system does not tell. */
long long qi_count_resident_bytes(const quire_region *region, span pages);
/* Sets the outcome from how many bytes of the span are not in memory any more. */
void qi_report_gone(const quire_region *region, span pages, quire_outcome *outcome);

/* ---- what each system offers: 0 or the errno, ENOSYS where it has no such thing ---- */

/* Plain system calls where the C library's names are younger than the oldest library that Quire
   runs on. */
int sys_stat(const char *path, struct stat *status);
int sys_fstat(int descriptor, struct stat *status);
long long sys_modified_nanos(const struct stat *status);

/* Names of errors that only this system has; "" for none. */
const char *sys_number_name(int number);
/* Writable mappings keep their file open, because only its descriptor can bring it to the
   device. */
extern const int sys_keeps_writable_files;
/* Shared memory gets its size once, and fstat does not call it a regular file. */
extern const int sys_memory_is_no_file;
/* The system's number for a hint, or -1. */
int sys_advice(int32_t hint);
/* 1 if the hint would change nothing in this mapping, though the system takes it. */
int sys_is_meaningless(const quire_region *region, int32_t hint);
/* Pages that a COLLAPSE can change. */
span sys_huge_pages_in(span pages);

/* Gives blocks to the file from an offset up to length, and makes it that long if it is shorter
   (size). */
int sys_allocate(int descriptor, long long from, long long size, long long length);
/* 1 if the file lies in memory. */
int sys_is_in_memory(int descriptor);
/* 1 if files of the device lie in memory. */
int sys_is_memory_device(long long device);
/* Bytes that are left before the kernel ends a process for want of memory; -1 if unknown. */
long long sys_memory_left(void);
/* Of pages of a private mapping, the bytes that this process has memory of its own for. */
long long sys_own_bytes(const quire_region *region, span pages);
/* 1 if residency is true for this file, or, with descriptor -1, for memory without one. */
int sys_tells_residency(int descriptor, const struct stat *status);

/* Makes the area longer, moving it if need be: *start is where it is then. */
int sys_remap(const quire_region *region, long long length, char **start);
/* Pages at once; as many bytes as were taken, or -errno. */
long long sys_prefetch_many(const struct iovec *parts, int count);
/* Bytes that one WILLNEED reads at most. */
long long sys_prefetch_limit(long long device);
int sys_populate(span pages, int write);
int sys_lock_on_fault(span pages);
long long sys_locked_bytes(void); /* -1 if unknown */
int sys_residency(span pages, unsigned char *states);

/* Bytes of a page of mappings of the file. */
long long sys_page_size(int descriptor, const struct stat *status);

/* SIGBUS is raised for accesses that a page's protection forbids, too. */
extern const int sys_forbidden_accesses_are_faults;
/* What happens when the page is accessed; write: is written to. What its protection forbids counts
   as there. For the signal handler. */
enum presence { PAGE_THERE, PAGE_LOST, PAGE_UNKNOWN };
enum presence sys_look(char *page, size_t bytes, int write);
/* Whether a file of the device may have holes that cannot be read, because its memory is used
   up. */
int sys_may_lose_holes(long long device);
/* Whether pages of a private mapping are in memory or swapped out; 1 if nobody tells. For the
   signal handler. */
int sys_has_changes(span pages);
/* What open takes for reads past the page cache; 0 where this library has none. */
int sys_direct_access(void);
/* How such reads have to be aligned; 0 if the file system has none, or does not tell. */
int sys_direct_alignment(int descriptor, long long *memory, long long *offset);

/* Maps the file under the page before the span once more and puts the pages of the span that are
   there over it, from the beginning on; their bytes, 0 if there are none, or -errno. */
long long sys_map_again(const quire_region *region, span lost);
/* What sigaction does, but what the kernel has, also where a library stands between it and the
   program. */
int sys_signal_action(int number, const struct sigaction *wanted, struct sigaction *now);
/* This thread; whether a thread of this process has that number; lets others run. For the signal
   handler. */
int sys_thread(void);
int sys_is_thread(int thread);
void sys_yield(void);

/* Starts writing the file's bytes to the device, and waits for it if asked to. */
int sys_write_back(int descriptor, long long offset, long long length, int wait);
/* After msync: what it still needs for the bytes to survive a loss of power. */
int sys_sync_device(int descriptor);
/* Drops this process's view of the pages; nothing is lost. */
int sys_drop_view(const quire_region *region, span pages);
int sys_drop_cache(const quire_region *region, int descriptor, span pages, long long offset);
int sys_discard(const quire_region *region, const char *path, span pages);

/* An open descriptor, or -errno. */
int sys_memory_create(void);
int sys_shared_open(const char *name, int access);
int sys_shared_unlink(const char *name);
int sys_attach(long long process, long long handle, int access);
int sys_add_seals(int descriptor, int32_t seals);
int sys_get_seals(int descriptor, int32_t *seals);

/* Bytes that this user can still store on the file's file system; -1 if it does not tell. */
long long sys_free_bytes(int descriptor);
/* A new file without a name in a folder, as a descriptor, or -errno: -EOPNOTSUPP where it needs a
   name. */
int sys_unnamed_create(const char *folder);
/* Gives such a file a name. */
int sys_name(int descriptor, const char *path);
/* As sys_stat, of a symbolic link itself. */
int sys_link_stat(const char *path, struct stat *status);
/* Locks the file against other descriptors that are opened for it, until this one is closed: EAGAIN
   if one has it. */
int sys_lock_file(int descriptor);
/* Blocks behind the end, which stays where it is: EOPNOTSUPP if the file system has no such
   thing. */
int sys_reserve(int descriptor, long long size, long long length);
/* Access control list and extended attributes of the file at the path, for the open one: 0 if not
   all could be set. */
int sys_copy_attributes(int descriptor, const char *path);
/* Brings a file's bytes and size to the device; and with them all that the system knows of it. */
int sys_sync_data(int descriptor);
int sys_sync_all(int descriptor);
/* Names of a folder, which must be on the device: by the folder, or by a file in it if the folder
   cannot be opened. */
int sys_sync_names(const char *folder, int descriptor);

#endif

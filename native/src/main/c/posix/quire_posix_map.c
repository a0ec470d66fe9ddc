/* quire_posix_map.c - POSIX: mapping, unmapping, protection, size. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Areas below the limit at which a lack of memory is put down to it: one call may need some at
   once. */
#define AREA_SLACK 8

/* Asked once: every hint needs it. */
long long os_page_size(void) {
    static atomic_llong known;
    long long page = atomic_load_explicit(&known, memory_order_relaxed);
    if (page == 0) {
        page = sysconf(_SC_PAGESIZE);
        atomic_store_explicit(&known, page, memory_order_relaxed);
    }
    return page;
}

long long os_granularity(void) {
    return os_page_size();
}

int qi_is_private(const quire_region *region) {
    return region->mode == QUIRE_COPY_ON_WRITE || region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE;
}

static char *pointer_to(long long address) {
    return (char *)(uintptr_t)address;
}

static long long address_of(const void *pointer) {
    return (long long)(uintptr_t)pointer;
}

static long long whole_pages(const quire_region *region, long long length) {
    return (length + region->page_size - 1) / region->page_size * region->page_size;
}

int32_t qi_refuse_area(quire_error *error, int32_t call, int number) {
    if (number != ENOMEM) {
        return qi_refuse(error, call, number);
    }
    long long limit = os_area_limit();
    if (limit >= 0 && os_count_areas() + AREA_SLACK >= limit) {
        return qi_fail(error, QUIRE_E_MAP_LIMIT, call, number, limit);
    }
    return qi_fail(error, QUIRE_E_NO_MEMORY, call, number, qi_address_limit());
}

/* ---- mapping ---- */

static int protection_of(const quire_region *region) {
    return region->mode == QUIRE_READ_ONLY ? PROT_READ : PROT_READ | PROT_WRITE;
}

int32_t qi_map_bytes(quire_region *region, int descriptor, long long offset, long long length,
                     int32_t flags, quire_error *error) {
    long long skip = offset % region->page_size;
    long long base_length = whole_pages(region, skip + length);
    int sharing = (qi_is_private(region) ? MAP_PRIVATE : MAP_SHARED)
        | (descriptor < 0 ? MAP_ANONYMOUS : 0);
    int reserve = qi_is_private(region) && (flags & QUIRE_NO_RESERVE) != 0 ? MAP_NORESERVE : 0;
    off_t from = (off_t)(offset - skip);
    void *base = mmap(NULL, (size_t)base_length, protection_of(region), sharing | reserve,
                      descriptor, from);
    if (base == MAP_FAILED && errno == ENOMEM && qi_is_private(region) && !reserve) {
        reserve = MAP_NORESERVE;
        base = mmap(NULL, (size_t)base_length, protection_of(region), sharing | reserve,
                    descriptor, from);
    }
    if (base == MAP_FAILED) {
        return qi_refuse_area(error, CALL_MAP, errno);
    }
    region->base = address_of(base);
    region->base_length = base_length;
    region->address = region->base + skip;
    region->length = length;
    region->file_offset = offset;
    region->granted |= reserve ? QUIRE_NO_RESERVE : 0;
    return QUIRE_OK;
}

static int takes_effect(const quire_region *region, int32_t hint) {
    quire_outcome outcome = {.result = QUIRE_APPLIED, .bytes = region->base_length};
    quire_error error;
    span all = {pointer_to(region->base), region->base_length};
    return os_advise(region, all, hint, &outcome, &error) == QUIRE_OK
           && outcome.result == QUIRE_APPLIED;
}

/* Pages of a file are brought in as they are: to write would change all of them, or copy them.
   Memory has no pages to bring in until they are made. */
static int is_populated(const quire_region *region) {
    quire_outcome outcome = {.result = QUIRE_APPLIED, .bytes = region->base_length};
    quire_error error;
    span all = {pointer_to(region->base), region->base_length};
    int write = region->kind != QUIRE_KIND_FILE && region->mode == QUIRE_READ_WRITE;
    return os_populate(region, all, write, &outcome, &error) == QUIRE_OK
           && outcome.result == QUIRE_APPLIED;
}

void qi_apply_flags(quire_region *region, int32_t flags) {
    if (region->base_length == 0) {
        return;
    }
    if ((flags & QUIRE_HUGE_PAGES) != 0 && takes_effect(region, QUIRE_HUGEPAGE)) {
        region->granted |= QUIRE_HUGE_PAGES;
    }
    if ((flags & QUIRE_OPEN_SEQUENTIAL) != 0 && takes_effect(region, QUIRE_SEQUENTIAL)) {
        region->granted |= QUIRE_OPEN_SEQUENTIAL;
    }
    if ((flags & QUIRE_OPEN_RANDOM) != 0 && takes_effect(region, QUIRE_RANDOM)) {
        region->granted |= QUIRE_OPEN_RANDOM;
    }
    if ((flags & QUIRE_POPULATE) != 0 && is_populated(region)) {
        region->granted |= QUIRE_POPULATE;
    }
}

void qi_keep_file(quire_region *region, int descriptor, int32_t flags) {
    region->handle = descriptor;
    region->granted |= flags & QUIRE_KEEP_FILE;
    if ((flags & QUIRE_INHERIT) != 0 && fcntl(descriptor, F_SETFD, 0) == 0) {
        region->granted |= QUIRE_INHERIT;
    }
}

/* Files of /proc say that they are empty, and cannot be mapped. */
static int32_t check_mappable(const file *opened, const quire_region *region, quire_error *error) {
    size_t page = (size_t)region->page_size;
    void *trial = mmap(NULL, page, PROT_READ, MAP_SHARED, opened->descriptor, 0);
    if (trial == MAP_FAILED) {
        return errno == ENOMEM ? qi_refuse_area(error, CALL_MAP, errno)
                               : qi_fail(error, QUIRE_E_NOT_MAPPABLE, CALL_MAP, errno, -1);
    }
    munmap(trial, page);
    return QUIRE_OK;
}

static int32_t map_opened(file *opened, long long offset, long long length, int32_t flags,
                          quire_region *region, quire_error *error) {
    long long size = (long long)opened->status.st_size;
    long long end = length < 0 ? size : offset + length;
    if (offset > end || (end > size && (flags & QUIRE_EXTEND) == 0)) {
        return qi_fail(error, QUIRE_E_FILE_TOO_SHORT, CALL_NONE, 0, size);
    }
    if (end > size) {
        if (qi_grow_file(opened, end, flags & QUIRE_SPARSE, error) != QUIRE_OK) {
            return error->code;
        }
        region->granted |= flags & (QUIRE_EXTEND | QUIRE_SPARSE);
    }
    region->granted |= flags & QUIRE_NO_FOLLOW;
    region->page_size = sys_page_size(opened->descriptor, &opened->status);
    region->file_offset = offset;
    region->file_size = end > size ? end : size;
    region->file_device = (long long)opened->status.st_dev;
    region->file_number = (long long)opened->status.st_ino;
    region->residency_known = sys_tells_residency(opened->descriptor, &opened->status);
    if (end > offset) {
        return qi_map_bytes(region, opened->descriptor, offset, end - offset, flags, error);
    }
    return size == 0 ? check_mappable(opened, region, error) : QUIRE_OK;
}

/* Takes back what a call that failed did to the file. */
static void undo_file(const file *opened, const char *path, const quire_region *region) {
    struct stat now;
    if ((region->granted & QUIRE_EXTEND) != 0) {
        qi_set_size(opened->descriptor, (long long)opened->status.st_size);
    }
    if (opened->created && sys_stat(path, &now) == 0 && now.st_dev == opened->status.st_dev
        && now.st_ino == opened->status.st_ino) {
        unlink(path);
    }
}

int32_t os_map_file(const char *path, long long offset, long long length, int32_t flags,
                    quire_region *region, quire_error *error) {
    file opened;
    int access = region->mode == QUIRE_READ_WRITE ? O_RDWR : O_RDONLY;
    if (qi_open_file(path, access, flags, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = map_opened(&opened, offset, length, flags, region, error);
    if (code != QUIRE_OK) {
        undo_file(&opened, path, region);
        qi_close_file(&opened);
        return code;
    }
    if (opened.created) {
        region->granted |= flags & (QUIRE_CREATE | QUIRE_CREATE_NEW);
    }
    if ((flags & QUIRE_KEEP_FILE) != 0
        || (sys_keeps_writable_files && region->mode == QUIRE_READ_WRITE)) {
        qi_keep_file(region, opened.descriptor, flags);
    } else {
        qi_close_file(&opened);
    }
    qi_apply_flags(region, flags);
    return QUIRE_OK;
}

/* ---- memory without a file ---- */

static int32_t map_private(long long length, int32_t flags, quire_region *region,
                           quire_error *error) {
    return length == 0 ? QUIRE_OK : qi_map_bytes(region, -1, 0, length, flags, error);
}

static int32_t map_shared(long long length, int32_t flags, quire_region *region,
                          quire_error *error) {
    int descriptor = sys_memory_create();
    if (descriptor == -ENOSYS) {
        return qi_check_memory(length, error) == QUIRE_OK
               ? map_private(length, flags, region, error) : error->code;
    }
    if (descriptor < 0) {
        return qi_refuse(error, CALL_MEMFD, -descriptor);
    }
    file memory = {.descriptor = descriptor};
    int32_t code = QUIRE_OK;
    if (length > 0) {
        code = qi_grow_file(&memory, length, flags & QUIRE_NO_RESERVE, error);
    }
    if (code == QUIRE_OK && length > 0) {
        code = qi_map_bytes(region, descriptor, 0, length, flags, error);
    }
    if (code != QUIRE_OK) {
        qi_close_file(&memory);
        return code;
    }
    qi_keep_file(region, descriptor, flags);
    region->granted |= flags & QUIRE_NO_RESERVE;
    return QUIRE_OK;
}

int32_t os_map_anonymous(long long length, int32_t flags, quire_region *region,
                         quire_error *error) {
    int32_t code = region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE
        ? map_private(length, flags, region, error) : map_shared(length, flags, region, error);
    if (code != QUIRE_OK) {
        return code;
    }
    region->residency_known = sys_tells_residency(-1, NULL);
    qi_apply_flags(region, flags);
    return QUIRE_OK;
}

/* ---- unmapping, protection ---- */

int32_t os_unmap(const quire_region *region, quire_error *error) {
    int32_t code = QUIRE_OK;
    if (region->base_length > 0
        && munmap(pointer_to(region->base), (size_t)region->base_length) != 0) {
        code = qi_refuse_area(error, CALL_UNMAP, errno);
    }
    /* Whatever close says, the descriptor is gone: trying again could close somebody else's. */
    if (region->handle != -1 && close((int)region->handle) != 0 && code == QUIRE_OK
        && errno != EINTR) {
        code = qi_refuse(error, CALL_CLOSE, errno);
    }
    return code;
}

int32_t os_protect(const quire_region *region, span pages, int32_t access, quire_error *error) {
    static const int protections[] = {
        [QUIRE_ACCESS_NONE] = PROT_NONE,
        [QUIRE_ACCESS_READ] = PROT_READ,
        [QUIRE_ACCESS_READ_WRITE] = PROT_READ | PROT_WRITE,
    };
    watch *own = watch_of(region);
    if (own != NULL) {
        qi_lock_watch(own);
    }
    int number = mprotect(pages.start, (size_t)pages.length, protections[access]) == 0 ? 0 : errno;
    if (own != NULL) {
        /* What replaces a part may allow more than the caller did, but not less. */
        int others = pages.length == own->length ? 0 : own->protection;
        own->protection = number == 0 ? others | protections[access] : own->protection;
        qi_unlock_watch(own);
    }
    if (number == 0) {
        return QUIRE_OK;
    }
    return number == EACCES ? qi_fail(error, QUIRE_E_READ_ONLY, CALL_PROTECT, number, -1)
                            : qi_refuse_area(error, CALL_PROTECT, number);
}

/* ---- size ---- */

/* An area that is split by hints, locks or protection of its parts cannot be moved: make it one
   again. */
static void undo_splits(const quire_region *region) {
    /* Nothing takes hints about huge pages back: the last of them is the same for all. */
    int32_t huge = (region->granted & QUIRE_HUGE_PAGES) != 0 ? QUIRE_HUGEPAGE : QUIRE_NOHUGEPAGE;
    const int32_t defaults[] = {QUIRE_NORMAL,     QUIRE_DODUMP,      QUIRE_DOFORK,
                                QUIRE_KEEPONFORK, QUIRE_UNMERGEABLE, huge};
    void *base = pointer_to(region->base);
    size_t length = (size_t)region->base_length;
    for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++) {
        int advice = sys_advice(defaults[i]);
        if (advice >= 0) {
            madvise(base, length, advice);
        }
    }
    munlock(base, length);
    mprotect(base, length, protection_of(region));
}

/* Bytes behind the end, in the last page, may hold what was there before the memory was made
   shorter. */
static int clear_tail(const quire_region *region) {
    char *end = pointer_to(region->address + region->length);
    size_t tail = (size_t)(region->base + region->base_length - region->address - region->length);
    char *page = pointer_to(region->base + region->base_length - region->page_size);
    if (tail == 0) {
        return 0;
    }
    if (mprotect(page, (size_t)region->page_size, protection_of(region)) != 0) {
        return errno;
    }
    memset(end, 0, tail);
    return 0;
}

/* More pages: at the same place, moved, or, for what lies under a descriptor, mapped a second time
   before the first is given up, as it has to be where zeroes lie over lost pages. */
static int32_t extend_area(quire_region *region, int descriptor, long long length,
                           long long base_length, quire_error *error) {
    char *start = NULL;
    int has_lost = (qi_loss_count(region) & 1) != 0 && !qi_is_private(region);
    int number = has_lost ? EFAULT : sys_remap(region, base_length, &start);
    if (number != 0 && number != ENOSYS && !has_lost) {
        undo_splits(region);
        number = sys_remap(region, base_length, &start);
    }
    if (number == 0) {
        region->base = address_of(start);
        return QUIRE_OK;
    }
    if (qi_is_private(region)) {
        return qi_refuse_area(error, CALL_REMAP, number);
    }
    quire_region again = *region;
    if (qi_map_bytes(&again, descriptor, region->file_offset, length, region->granted,
                     error) != QUIRE_OK) {
        return error->code;
    }
    munmap(pointer_to(region->base), (size_t)region->base_length);
    *region = again;
    return QUIRE_OK;
}

/* The address space for length bytes of the file or memory under the region, whose size is right
   already. */
static int32_t remap(quire_region *region, int descriptor, long long length, quire_error *error) {
    long long skip = region->address - region->base;
    long long base_length = length == 0 ? 0 : whole_pages(region, skip + length);
    long long surplus = region->base_length - base_length;
    if (region->base_length == 0) {
        return qi_map_bytes(region, descriptor, region->file_offset, length, region->granted,
                            error);
    }
    if (surplus > 0 && munmap(pointer_to(region->base + base_length), (size_t)surplus) != 0) {
        return qi_refuse_area(error, CALL_UNMAP, errno);
    }
    if (surplus < 0 && extend_area(region, descriptor, length, base_length, error) != QUIRE_OK) {
        return error->code;
    }
    region->base = length == 0 ? 0 : region->base;
    region->address = region->base + (length == 0 ? 0 : skip);
    region->base_length = base_length;
    region->length = length;
    return QUIRE_OK;
}

static int32_t resize_private(quire_region *region, long long length, quire_error *error) {
    if (length > region->length && region->length > 0) {
        int number = clear_tail(region);
        if (number != 0) {
            return qi_refuse_area(error, CALL_PROTECT, number);
        }
    }
    return remap(region, -1, length, error);
}

/* A file has its new end where the region ends; others may have changed it since. */
static int32_t check_end(const quire_region *region, long long size, quire_error *error) {
    long long end = region->file_offset + region->length;
    if (size < end) {
        return qi_fail(error, QUIRE_E_FILE_TRUNCATED, CALL_NONE, 0, size);
    }
    if (size > end && region->kind == QUIRE_KIND_FILE) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, size);
    }
    return QUIRE_OK;
}

static int32_t resize_file(quire_region *region, const file *opened, long long length,
                           int32_t flags, quire_error *error) {
    long long size = (long long)opened->status.st_size;
    long long end = region->file_offset + length;
    if (check_end(region, size, error) != QUIRE_OK) {
        return error->code;
    }
    if (end > size && qi_grow_file(opened, end, flags & QUIRE_SPARSE, error) != QUIRE_OK) {
        return error->code;
    }
    int number = end < size ? qi_set_size(opened->descriptor, end) : 0;
    if (number != 0) {
        return qi_refuse(error, CALL_TRUNCATE, number);
    }
    int32_t code = remap(region, opened->descriptor, length, error);
    if (code == QUIRE_OK) {
        region->file_size = end;
    } else if (end > size) {
        qi_set_size(opened->descriptor, size);
    }
    return code;
}

static int32_t resize(quire_region *region, const char *path, long long length, int32_t flags,
                      quire_error *error) {
    if (region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE) {
        return resize_private(region, length, error);
    }
    if (region->kind != QUIRE_KIND_FILE && (region->handle == -1 || sys_memory_is_no_file)) {
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
    }
    file opened;
    if (qi_open_again(region, path, O_RDWR, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    int32_t code = resize_file(region, &opened, length, flags, error);
    qi_close_file(&opened);
    return code;
}

int32_t os_resize(quire_region *region, const char *path, long long length, int32_t flags,
                  quire_error *error) {
    long long base = region->base;
    qi_pause_watch(region);
    int32_t code = resize(region, path, length, flags, error);
    qi_resume_watch(region, region->base != base && !qi_is_private(region));
    return code;
}

#endif

/* quire_posix_shared.c - POSIX: named segments, memory of other processes, seals. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#include "quire_posix_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

/* Fills the region from the opened memory, which is its own from then on, or is closed. */
static int32_t map_memory(file *memory, int32_t flags, int keep, quire_region *region,
                          quire_error *error) {
    long long size = (long long)memory->status.st_size;
    region->file_size = size;
    region->residency_known = sys_tells_residency(memory->descriptor, &memory->status);
    if (region->kind == QUIRE_KIND_NAMED_SHARED) {
        region->file_device = (long long)memory->status.st_dev;
        region->file_number = (long long)memory->status.st_ino;
    }
    int32_t code = size == 0 ? QUIRE_OK
        : qi_map_bytes(region, memory->descriptor, 0, size, flags, error);
    if (code == QUIRE_OK && keep) {
        qi_keep_file(region, memory->descriptor, flags);
    } else {
        qi_close_file(memory);
    }
    if (code == QUIRE_OK) {
        qi_apply_flags(region, flags);
    }
    return code;
}

/* Takes a descriptor or -errno; only memory and files in memory are anything to map here. */
static int32_t check_memory_file(int descriptor, int32_t call, file *memory, quire_error *error) {
    *memory = (file){.descriptor = descriptor};
    if (descriptor < 0) {
        return descriptor == -ELOOP ? qi_fail(error, QUIRE_E_SYMBOLIC_LINK, call, ELOOP, -1)
                                    : qi_refuse(error, call, -descriptor);
    }
    int number = sys_fstat(descriptor, &memory->status);
    if (number == 0 && (S_ISREG(memory->status.st_mode) || sys_memory_is_no_file)) {
        return QUIRE_OK;
    }
    qi_close_file(memory);
    int32_t code = S_ISDIR(memory->status.st_mode) ? QUIRE_E_IS_DIRECTORY : QUIRE_E_NOT_MAPPABLE;
    return number != 0 ? qi_refuse(error, CALL_STAT, number) : qi_fail(error, code, call, 0, -1);
}

int32_t os_shared_create(const char *name, long long length, int32_t flags, quire_region *region,
                         quire_error *error) {
    file memory;
    int descriptor = sys_shared_open(name, O_RDWR | O_CREAT | O_EXCL);
    if (descriptor == -ENOENT) {
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_SHM_OPEN, ENOENT, -1);
    }
    int32_t code = check_memory_file(descriptor, CALL_SHM_OPEN, &memory, error);
    if (code != QUIRE_OK) {
        return code;
    }
    code = qi_grow_file(&memory, length, 0, error);
    if (code != QUIRE_OK) {
        qi_close_file(&memory);
    } else {
        memory.status.st_size = (off_t)length;
        code = map_memory(&memory, flags, flags & QUIRE_KEEP_FILE, region, error);
    }
    if (code != QUIRE_OK) {
        sys_shared_unlink(name);
    }
    return code;
}

/* Another user may have taken the name first, with access for all: what another user made is not
   what was meant. */
static int32_t check_owner(const file *memory, quire_error *error) {
    if (memory->status.st_uid == geteuid()) {
        return QUIRE_OK;
    }
    qi_close_file(memory);
    return qi_refuse(error, CALL_SHM_OPEN, EPERM);
}

int32_t os_shared_open(const char *name, int32_t flags, quire_region *region, quire_error *error) {
    file memory;
    int descriptor = sys_shared_open(name, region->mode == QUIRE_READ_WRITE ? O_RDWR : O_RDONLY);
    int32_t code = check_memory_file(descriptor, CALL_SHM_OPEN, &memory, error);
    if (code == QUIRE_OK) {
        code = check_owner(&memory, error);
    }
    return code == QUIRE_OK ? map_memory(&memory, flags, flags & QUIRE_KEEP_FILE, region, error)
           : code;
}

int32_t os_shared_unlink(const char *name, quire_error *error) {
    int number = sys_shared_unlink(name);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SHM_UNLINK, number);
}

int32_t os_attach(long long process, long long handle, int32_t flags, quire_region *region,
                  quire_error *error) {
    file memory;
    int descriptor = sys_attach(process, handle, region->mode == QUIRE_READ_WRITE ? O_RDWR
                                : O_RDONLY);
    int32_t code = check_memory_file(descriptor, CALL_OPEN, &memory, error);
    return code == QUIRE_OK ? map_memory(&memory, flags, 1, region, error) : code;
}

/* The system has one answer for memory that takes no more seals and for a descriptor that may not
   add any. */
int32_t os_seal(const quire_region *region, int32_t seals, quire_error *error) {
    if (region->mode != QUIRE_READ_WRITE) {
        return qi_fail(error, QUIRE_E_READ_ONLY, CALL_SEAL, 0, -1);
    }
    int number = sys_add_seals((int)region->handle, seals);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SEAL, number);
}

static int map_over(const quire_region *region, int access, int descriptor) {
    void *base = (void *)(uintptr_t)region->base;
    size_t length = (size_t)region->base_length;
    return mmap(base, length, access, MAP_SHARED | MAP_FIXED, descriptor, 0) == MAP_FAILED ? errno
           : 0;
}

/* A shared mapping counts as a writable one, whatever its protection is, unless its descriptor is
   read-only. */
static int32_t freeze(quire_region *region, int32_t seals, quire_error *error) {
    int writable = (int)region->handle;
    int readable = sys_attach(getpid(), writable, O_RDONLY);
    if (readable < 0) {
        return qi_refuse(error, CALL_OPEN, -readable);
    }
    int number = map_over(region, PROT_READ, readable);
    int32_t call = CALL_MAP;
    if (number == 0) {
        call = CALL_SEAL;
        number = sys_add_seals(writable, seals);
        if (number != 0 && map_over(region, PROT_READ | PROT_WRITE, writable) == 0) {
            close(readable);
            return qi_refuse(error, call, number);
        }
    }
    if (number != 0 && call == CALL_MAP) {
        close(readable);
        return qi_refuse_area(error, call, number);
    }
    close(writable);
    region->handle = readable;
    region->mode = QUIRE_READ_ONLY;
    return number == 0 ? QUIRE_OK : qi_refuse(error, call, number);
}

int32_t os_freeze(quire_region *region, int32_t seals, quire_error *error) {
    qi_pause_watch(region);
    int32_t code = freeze(region, seals, error);
    int is_mapped_anew = code == QUIRE_OK || error->call == CALL_SEAL;
    qi_resume_watch(region, is_mapped_anew);
    return code;
}

int32_t os_query_seals(const quire_region *region, quire_seals *seals, quire_error *error) {
    int number = sys_get_seals((int)region->handle, &seals->seals);
    return number == 0 ? QUIRE_OK : qi_refuse(error, CALL_SEAL, number);
}

#endif

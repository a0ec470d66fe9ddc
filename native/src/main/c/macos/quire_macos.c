/* quire_macos.c - macOS: its calls, and what its kernel tells. */
#if defined(__APPLE__)

#include "quire_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mach/mach.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/sysctl.h>
#include <unistd.h>

const int sys_keeps_writable_files = 1;
const int sys_memory_is_no_file = 1;

static int answer_of(int result) {
    return result < 0 ? errno == ENOTSUP ? EOPNOTSUPP : errno : 0;
}

static void *pointer_to(long long address) {
    return (void *)(uintptr_t)address;
}

const char *sys_number_name(int number) {
    return number == ENOTSUP ? "ENOTSUP" : "";
}

/* ---- files ---- */

/* F_NOCACHE is set later, and does not keep what is in the page cache from being used. */
int sys_direct_access(void) {
    return 0;
}

int sys_direct_alignment(int descriptor, long long *memory, long long *offset) {
    (void)descriptor;
    (void)memory;
    (void)offset;
    return 0;
}

int sys_stat(const char *path, struct stat *status) {
    return answer_of(stat(path, status));
}

int sys_fstat(int descriptor, struct stat *status) {
    return answer_of(fstat(descriptor, status));
}

long long sys_modified_nanos(const struct stat *status) {
    return (long long)status->st_mtimespec.tv_sec * 1000000000LL
           + (long long)status->st_mtimespec.tv_nsec;
}

int sys_is_in_memory(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode);
}

/* Blocks can be asked for behind the end only: holes stay. */
int sys_allocate(int descriptor, long long from, long long size, long long length) {
    if (from < size) {
        return EOPNOTSUPP;
    }
    fstore_t wanted = {
        .fst_flags = F_ALLOCATEALL,
        .fst_posmode = F_PEOFPOSMODE,
        .fst_length = (off_t)(length - size),
    };
    int number = sys_is_in_memory(descriptor) ? 0
        : answer_of(fcntl(descriptor, F_PREALLOCATE, &wanted));
    return number != 0 ? number : qi_set_size(descriptor, length);
}

/* msync(MS_ASYNC) has asked for the start already. */
int sys_write_back(int descriptor, long long offset, long long length, int wait) {
    (void)offset;
    (void)length;
    return wait ? answer_of(fsync(descriptor)) : 0;
}

/* fsync leaves the bytes in the cache of the device; file systems of other machines know only
   that. */
int sys_sync_device(int descriptor) {
    int number = answer_of(fcntl(descriptor, F_FULLFSYNC));
    return number == EOPNOTSUPP || number == EINVAL || number == ENOTTY
           ? answer_of(fsync(descriptor)) : number;
}

/* Invalidating a private mapping could lose its changes. */
int sys_drop_cache(const quire_region *region, int descriptor, span pages, long long offset) {
    (void)descriptor;
    (void)offset;
    return qi_is_private(region) ? ENOSYS
           : answer_of(msync(pages.start, (size_t)pages.length, MS_INVALIDATE));
}

int sys_drop_view(const quire_region *region, span pages) {
    return qi_is_private(region) ? ENOSYS
           : answer_of(madvise(pages.start, (size_t)pages.length, MADV_DONTNEED));
}

/* ---- hints ---- */

int sys_advice(int32_t hint) {
    static const int advices[] = {
        [QUIRE_NORMAL] = MADV_NORMAL,     [QUIRE_SEQUENTIAL] = MADV_SEQUENTIAL,
            [QUIRE_RANDOM] = MADV_RANDOM,
        [QUIRE_WILLNEED] = MADV_WILLNEED, [QUIRE_DONTNEED] = MADV_DONTNEED,
    };
    return hint < (int32_t)(sizeof advices / sizeof *advices) ? advices[hint] : -1;
}

int sys_is_meaningless(const quire_region *region, int32_t hint) {
    (void)region;
    (void)hint;
    return 0;
}

span sys_huge_pages_in(span pages) {
    return (span){pages.start, 0};
}

int sys_populate(span pages, int write) {
    (void)pages;
    (void)write;
    return ENOSYS;
}

long long sys_prefetch_many(const struct iovec *parts, int count) {
    (void)parts;
    (void)count;
    return -ENOSYS;
}

long long sys_prefetch_limit(long long device) {
    (void)device;
    return LLONG_MAX;
}

/* ---- locks, residency ---- */

int sys_lock_on_fault(span pages) {
    (void)pages;
    return ENOSYS;
}

long long sys_locked_bytes(void) {
    return -1;
}

int sys_residency(span pages, unsigned char *states) {
    int number = answer_of(mincore(pages.start, (size_t)pages.length, (char *)states));
    for (long long i = 0; number == 0 && i < pages.length / os_page_size(); i++) {
        states[i] = (states[i] & MINCORE_INCORE) != 0;
    }
    return number;
}

/* Who does not own the file cannot count on being told. */
int sys_tells_residency(int descriptor, const struct stat *status) {
    return descriptor < 0 || status->st_uid == geteuid();
}

/* ---- size and contents ---- */

/* There is no call that moves pages; the kernel copies the address space of private memory page
 * table by page table. */
int sys_remap(const quire_region *region, long long length, char **start) {
    if (!qi_is_private(region)) {
        return ENOSYS;
    }
    int access = PROT_READ | PROT_WRITE;
    void *place = mmap(NULL, (size_t)length, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (place == MAP_FAILED) {
        return errno;
    }
    vm_address_t from = (vm_address_t)region->base;
    vm_size_t size = (vm_size_t)region->base_length;
    if (vm_copy(mach_task_self(), from, size, (vm_address_t)place) != KERN_SUCCESS) {
        munmap(place, (size_t)length);
        return EFAULT;
    }
    munmap(pointer_to(region->base), (size_t)region->base_length);
    *start = place;
    return 0;
}

/* Maps the same again over the pages, which replaces them in one step. */
static int map_over(span pages, int kind, int descriptor, long long offset) {
    int access = PROT_READ | PROT_WRITE;
    void *place = mmap(pages.start, (size_t)pages.length, access, MAP_PRIVATE | MAP_FIXED | kind,
                       descriptor, (off_t)offset);
    return place == MAP_FAILED ? errno : 0;
}

int sys_discard(const quire_region *region, const char *path, span pages) {
    if (region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE) {
        return map_over(pages, MAP_ANONYMOUS, -1, 0);
    }
    if (region->kind != QUIRE_KIND_FILE) {
        return ENOSYS;
    }
    file opened;
    quire_error error;
    int access = qi_is_private(region) ? O_RDONLY : O_RDWR;
    if (qi_open_again(region, path, access, &opened, &error) != QUIRE_OK) {
        return error.code == QUIRE_E_FILE_REPLACED ? ESTALE : error.os_number;
    }
    long long offset = region->file_offset + ((long long)(uintptr_t)pages.start - region->address);
    fpunchhole_t hole = {.fp_offset = (off_t)offset, .fp_length = (off_t)pages.length};
    int number = qi_is_private(region) ? map_over(pages, MAP_FILE, opened.descriptor, offset)
                                    : answer_of(fcntl(opened.descriptor, F_PUNCHHOLE, &hole));
    qi_close_file(&opened);
    return number;
}

/* ---- memory between processes ---- */

/* PSHMNAMLEN is 31, with the slash and the zero byte. */
#define SEGMENT_BYTES 31

int sys_shared_open(const char *name, int access) {
    char path[SEGMENT_BYTES];
    snprintf(path, sizeof path, "/%s", name);
    int descriptor;
    do {
        descriptor = shm_open(path, access, 0600);
    } while (descriptor < 0 && errno == EINTR);
    if (descriptor < 0) {
        return -errno;
    }
    fcntl(descriptor, F_SETFD, FD_CLOEXEC);
    return descriptor;
}

int sys_shared_unlink(const char *name) {
    char path[SEGMENT_BYTES];
    snprintf(path, sizeof path, "/%s", name);
    return answer_of(shm_unlink(path));
}

long long os_shared_name_limit(void) {
    return SEGMENT_BYTES - 2;
}

/* A segment whose name is gone before anybody can know it. */
int sys_memory_create(void) {
    int descriptor;
    do {
        char name[SEGMENT_BYTES];
        snprintf(name, sizeof name, "quire-%08x%08x", arc4random(), arc4random());
        descriptor = sys_shared_open(name, O_RDWR | O_CREAT | O_EXCL);
        if (descriptor >= 0) {
            sys_shared_unlink(name);
        }
    } while (descriptor == -EEXIST);
    return descriptor;
}

int sys_attach(long long process, long long handle, int access) {
    (void)process;
    (void)handle;
    (void)access;
    return -ENOSYS;
}

int sys_add_seals(int descriptor, int32_t seals) {
    (void)descriptor;
    (void)seals;
    return ENOSYS;
}

int sys_get_seals(int descriptor, int32_t *seals) {
    (void)descriptor;
    (void)seals;
    return ENOSYS;
}

/* ---- facts ---- */

/* The kernel has no limit of areas. */
long long os_area_limit(void) {
    return -1;
}

long long os_count_areas(void) {
    return -1;
}

/* Pages that hold nothing, or what can be read again. */
long long sys_memory_left(void) {
    vm_statistics64_data_t pages;
    mach_msg_type_number_t count = HOST_VM_INFO64_COUNT;
    if (host_statistics64(mach_host_self(), HOST_VM_INFO64, (host_info64_t)&pages,
                          &count) != KERN_SUCCESS) {
        return -1;
    }
    return ((long long)pages.free_count + (long long)pages.inactive_count) * os_page_size();
}

static void read_version(quire_system *system) {
    char version[32];
    size_t size = sizeof version - 1;
    if (sysctlbyname("kern.osproductversion", version, &size, NULL, 0) != 0) {
        return;
    }
    version[size < sizeof version ? size : sizeof version - 1] = '\0';
    char *minor = NULL;
    system->os_major = (int32_t)strtol(version, &minor, 10);
    system->os_minor = *minor == '.' ? (int32_t)strtol(minor + 1, NULL, 10) : 0;
}

void os_query_system(quire_system *system) {
    system->os = QUIRE_OS_MACOS;
    read_version(system);
    system->page_size = os_page_size();
    system->granularity = os_granularity();
    system->lock_limit = qi_lock_limit();
    uint64_t total = 0;
    size_t size = sizeof total;
    if (sysctlbyname("hw.memsize", &total, &size, NULL, 0) == 0) {
        system->memory_total = (long long)total;
    }
    system->memory_available = sys_memory_left();
    system->capabilities = QUIRE_CAN_REPORT_RESIDENCY | QUIRE_CAN_EVICT | QUIRE_CAN_DISCARD_FILE
                           | QUIRE_CAN_FLUSH_ASYNC | QUIRE_CAN_REPLACE_OPEN_FILE
                           | QUIRE_CAN_SHRINK_MAPPED_FILE | QUIRE_CAN_KEEP_SHARED;
#define QUIRE_HINT(number, name, traits, sentence) \
    system->hints |= sys_advice(number) >= 0 ? 1LL << number : 0;
    QUIRE_HINTS
#undef QUIRE_HINT
}

#endif

/* quire_linux.c - Linux: its calls. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Numbers of the kernel's interface, for C libraries that are older than they are: include/uapi of
 * the kernel. */
enum {
    ADVICE_REMOVE = 9,
    ADVICE_DONTFORK = 10,
    ADVICE_DOFORK = 11,
    ADVICE_MERGEABLE = 12,
    ADVICE_UNMERGEABLE = 13,
    ADVICE_HUGEPAGE = 14,
    ADVICE_NOHUGEPAGE = 15,
    ADVICE_DONTDUMP = 16,
    ADVICE_DODUMP = 17,
    ADVICE_WIPEONFORK = 18,
    ADVICE_KEEPONFORK = 19,
    ADVICE_COLD = 20,
    ADVICE_PAGEOUT = 21,
    ADVICE_POPULATE_READ = 22,
    ADVICE_POPULATE_WRITE = 23,
    ADVICE_COLLAPSE = 25,
    ADVICE_LAST = ADVICE_COLLAPSE,
    ADVICE_NONE = 9999 /* no kernel has it */
};
enum { LOCK_ON_FAULT = 1 };
enum { MEMORY_CLOSE_ON_EXEC = 1, MEMORY_ALLOW_SEALS = 2, MEMORY_NOT_EXECUTABLE = 8 };
enum { ADD_SEALS = 1033, GET_SEALS = 1034 };
enum { WAIT_BEFORE = 1, START_WRITING = 2, WAIT_AFTER = 4 };
enum { REMAP_MAY_MOVE = 1, REMAP_FIXED = 2, REMAP_KEEP_AREA = 4 };
enum { ACCESS_EFFECTIVE = 0x200, ACCESS_OF_DESCRIPTOR = 0x1000 };
enum { THIS_PROCESS = -10001 }; /* where a descriptor of a process is wanted, Linux 6.14 */
enum { TMPFS = 0x01021994, RAMFS = 0x858458f6, HUGETLBFS = 0x958458f6 };

/* These numbers are one for every architecture since they were unified. */
enum { CALL_PIDFD_OPEN = 434, CALL_FACCESSAT2 = 439, CALL_PROCESS_MADVISE = 440 };

/* With so many parts, opening and closing a descriptor of this process is the smaller cost. */
#define PARTS_WORTH_A_DESCRIPTOR 16

const int sys_keeps_writable_files = 0;
const int sys_memory_is_no_file = 0;

static int answer_of(long result) {
    return result < 0 ? errno : 0;
}

static int descriptor_or_error(long result) {
    return result < 0 ? -errno : (int)result;
}

const char *sys_number_name(int number) {
    switch (number) {
    case EHWPOISON:
        return "EHWPOISON";
    case EUCLEAN:
        return "EUCLEAN";
    case ENODATA:
        return "ENODATA";
    case ENOMEDIUM:
        return "ENOMEDIUM";
    case EREMOTEIO:
        return "EREMOTEIO";
    default:
        return "";
    }
}

/* ---- files: glibc gave fstat and stat new names in 2.33 ---- */

int sys_stat(const char *path, struct stat *status) {
    return answer_of(syscall(SYS_newfstatat, AT_FDCWD, path, status, 0));
}

int sys_fstat(int descriptor, struct stat *status) {
    return answer_of(syscall(SYS_fstat, descriptor, status));
}

long long sys_modified_nanos(const struct stat *status) {
    return (long long)status->st_mtim.tv_sec * 1000000000LL + (long long)status->st_mtim.tv_nsec;
}

int sys_allocate(int descriptor, long long from, long long size, long long length) {
    (void)size;
    long result;
    do {
        result = fallocate(descriptor, 0, (off_t)from, (off_t)(length - from));
    } while (result != 0 && errno == EINTR);
    return answer_of(result);
}

/* Only files of huge pages have blocks of that size and pages to match. */
long long sys_page_size(int descriptor, const struct stat *status) {
    long long page = os_page_size();
    struct statfs system;
    int is_huge = status->st_blksize > page && fstatfs(descriptor, &system) == 0
                  && (unsigned int)system.f_type == HUGETLBFS;
    return is_huge ? (long long)status->st_blksize : page;
}

int sys_is_in_memory(int descriptor) {
    struct statfs system;
    if (fstatfs(descriptor, &system) != 0) {
        return 0;
    }
    unsigned int type = (unsigned int)system.f_type;
    return type == TMPFS || type == RAMFS || type == HUGETLBFS;
}

int sys_write_back(int descriptor, long long offset, long long length, int wait) {
    unsigned int how = wait ? WAIT_BEFORE | START_WRITING | WAIT_AFTER : START_WRITING;
    long result;
    do {
        result = sync_file_range(descriptor, (off_t)offset, (off_t)length, how);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && errno == ENOSYS && wait) {
        result = fdatasync(descriptor);
    }
    return answer_of(result);
}

/* msync(MS_SYNC) is a complete fdatasync of the range. */
int sys_sync_device(int descriptor) {
    (void)descriptor;
    return 0;
}

int sys_drop_cache(const quire_region *region, int descriptor, span pages, long long offset) {
    (void)region;
    return posix_fadvise(descriptor, (off_t)offset, (off_t)pages.length, POSIX_FADV_DONTNEED);
}

/* ---- hints ---- */

/* The advices that the system takes, and a bit for having asked. */
static atomic_ullong advices_taken;

/* madvise without a byte does nothing but check the advice. An emulator that answers yes to
   everything, and does nothing, counts as having none. */
static unsigned long long ask_for_advices(void) {
    unsigned long long bits = 1ULL << 63;
    int is_real = madvise(NULL, 0, ADVICE_NONE) != 0;
    for (int i = 0; i <= ADVICE_LAST && is_real; i++) {
        bits |= madvise(NULL, 0, i) == 0 ? 1ULL << i : 0;
    }
    atomic_store(&advices_taken, bits);
    return bits;
}

static int takes_advice(int advice) {
    unsigned long long bits = atomic_load(&advices_taken);
    return ((bits != 0 ? bits : ask_for_advices()) >> advice & 1) != 0;
}

int sys_advice(int32_t hint) {
    static const signed char advices[] = {
        [QUIRE_NORMAL] = MADV_NORMAL,           [QUIRE_SEQUENTIAL] = MADV_SEQUENTIAL,
        [QUIRE_RANDOM] = MADV_RANDOM,           [QUIRE_WILLNEED] = MADV_WILLNEED,
        [QUIRE_DONTNEED] = MADV_DONTNEED,       [QUIRE_COLD] = ADVICE_COLD,
        [QUIRE_PAGEOUT] = ADVICE_PAGEOUT,       [QUIRE_HUGEPAGE] = ADVICE_HUGEPAGE,
        [QUIRE_NOHUGEPAGE] = ADVICE_NOHUGEPAGE, [QUIRE_COLLAPSE] = ADVICE_COLLAPSE,
        [QUIRE_DONTDUMP] = ADVICE_DONTDUMP,     [QUIRE_DODUMP] = ADVICE_DODUMP,
        [QUIRE_DONTFORK] = ADVICE_DONTFORK,     [QUIRE_DOFORK] = ADVICE_DOFORK,
        [QUIRE_WIPEONFORK] = ADVICE_WIPEONFORK, [QUIRE_KEEPONFORK] = ADVICE_KEEPONFORK,
        [QUIRE_MERGEABLE] = ADVICE_MERGEABLE,   [QUIRE_UNMERGEABLE] = ADVICE_UNMERGEABLE,
    };
    return takes_advice(advices[hint]) ? advices[hint] : -1;
}

int sys_is_meaningless(const quire_region *region, int32_t hint) {
    if (hint == QUIRE_MERGEABLE || hint == QUIRE_UNMERGEABLE) {
        return !qi_is_private(region);
    }
    if (hint == QUIRE_HUGEPAGE && region->kind != QUIRE_KIND_FILE) {
        return !qi_allows_huge_pages(qi_is_private(region) ? HUGE_PAGES_OF_MEMORY
                                     : HUGE_PAGES_OF_SHARED_MEMORY);
    }
    return 0;
}

span sys_huge_pages_in(span pages) {
    long long huge = qi_huge_page_size();
    if (huge <= 0) {
        return (span){pages.start, 0};
    }
    long long start = (long long)(uintptr_t)pages.start;
    long long first = (start + huge - 1) / huge * huge;
    long long last = (start + pages.length) / huge * huge;
    return (span){pages.start + (first - start), last > first ? last - first : 0};
}

int qi_is_emulated(void) {
    return !takes_advice(MADV_NORMAL);
}

int qi_can_populate(void) {
    return takes_advice(ADVICE_POPULATE_READ);
}

int qi_can_punch_holes(void) {
    return takes_advice(ADVICE_REMOVE);
}

int sys_populate(span pages, int write) {
    int advice = write ? ADVICE_POPULATE_WRITE : ADVICE_POPULATE_READ;
    return takes_advice(advice) ? answer_of(madvise(pages.start, (size_t)pages.length, advice))
           : ENOSYS;
}

/* A private mapping of a file loses its changes by DONTNEED; PAGEOUT keeps them. */
int sys_drop_view(const quire_region *region, span pages) {
    int advice = qi_is_private(region) ? ADVICE_PAGEOUT : MADV_DONTNEED;
    if (qi_is_private(region) && !takes_advice(advice)) {
        return ENOSYS;
    }
    return answer_of(madvise(pages.start, (size_t)pages.length, advice));
}

/* REMOVE punches a hole into the file or memory under the pages. */
int sys_discard(const quire_region *region, const char *path, span pages) {
    (void)path;
    if (qi_is_private(region)) {
        return answer_of(madvise(pages.start, (size_t)pages.length, MADV_DONTNEED));
    }
    return takes_advice(ADVICE_REMOVE)
           ? answer_of(madvise(pages.start, (size_t)pages.length, ADVICE_REMOVE)) : ENOSYS;
}

/* ---- many ranges in one call ---- */

int qi_has_prefetch_many(void) {
    return syscall(CALL_PROCESS_MADVISE, -1, NULL, 0, MADV_WILLNEED, 0) != 0 && errno != ENOSYS;
}

static long long prefetch_parts(int process, const struct iovec *parts, int count) {
    long taken = syscall(CALL_PROCESS_MADVISE, process, parts, count, MADV_WILLNEED, 0);
    return taken < 0 ? -errno : taken;
}

long long sys_prefetch_many(const struct iovec *parts, int count) {
    enum { UNKNOWN, BY_CONSTANT, BY_DESCRIPTOR, NEVER };
    static atomic_int way;
    int now = atomic_load(&way);
    if (now == UNKNOWN || now == BY_CONSTANT) {
        long long taken = prefetch_parts(THIS_PROCESS, parts, count);
        if (taken != -EBADF && taken != -ENOSYS && taken != -EPERM) {
            atomic_store(&way, BY_CONSTANT);
            return taken;
        }
        now = taken == -EBADF ? BY_DESCRIPTOR : NEVER;
        atomic_store(&way, now);
    }
    if (now == NEVER || count < PARTS_WORTH_A_DESCRIPTOR) {
        return -ENOSYS;
    }
    int process = descriptor_or_error(syscall(CALL_PIDFD_OPEN, getpid(), 0));
    long long taken = process < 0 ? process : prefetch_parts(process, parts, count);
    if (process >= 0) {
        close(process);
    }
    if (taken == -ENOSYS || taken == -EPERM) {
        atomic_store(&way, NEVER);
    }
    return taken;
}

/* ---- locks, residency ---- */

int qi_has_lock_on_fault(void) {
    return syscall(SYS_mlock2, NULL, 0, LOCK_ON_FAULT) == 0;
}

int sys_lock_on_fault(span pages) {
    int number = answer_of(syscall(SYS_mlock2, pages.start, (size_t)pages.length, LOCK_ON_FAULT));
    return number == EINVAL && !qi_has_lock_on_fault() ? ENOSYS : number;
}

int sys_residency(span pages, unsigned char *states) {
    int number = answer_of(mincore(pages.start, (size_t)pages.length, states));
    long long count = number == 0 ? pages.length / os_page_size() : 0;
    for (long long i = 0; i < count; i++) {
        states[i] &= 1;
    }
    return number;
}

int qi_residency_is_true(void) {
    enum { UNKNOWN, TRUE, FALSE };
    static atomic_int known;
    int now = atomic_load(&known);
    if (now == UNKNOWN) {
        size_t page = (size_t)os_page_size();
        unsigned char state = 1;
        void *untouched = mmap(NULL, page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (untouched == MAP_FAILED) {
            return 0;
        }
        now = mincore(untouched, page, &state) == 0 && (state & 1) == 0 ? TRUE : FALSE;
        munmap(untouched, page);
        atomic_store(&known, now);
    }
    return now == TRUE;
}

/* The kernel's own rule for mincore: who owns the file or may write to it is told, everybody else
 * hears "all". */
int sys_tells_residency(int descriptor, const struct stat *status) {
    if (!qi_residency_is_true()) {
        return 0;
    }
    if (descriptor < 0 || status->st_uid == geteuid()) {
        return 1;
    }
    long may_write = syscall(CALL_FACCESSAT2, descriptor, "", W_OK, ACCESS_EFFECTIVE
                             | ACCESS_OF_DESCRIPTOR);
    return may_write == 0 || (errno == ENOSYS && geteuid() == 0);
}

/* ---- size ---- */

/* Pages under way from one place to another. */
typedef struct move {
    char *from;
    char *to;
    long long moved; /* bytes, from the beginning on */
} move;

/* The kernel moves no more than one area in a call. The old one stays, empty, so that nobody else
   gets its addresses while a way back may be needed. */
static int move_area(span area, void *argument) {
    move *way = argument;
    size_t length = (size_t)area.length;
    char *target = way->to + (area.start - way->from);
    if (mremap(area.start, length, length, REMAP_MAY_MOVE | REMAP_FIXED | REMAP_KEEP_AREA, target)
        == MAP_FAILED) {
        return errno;
    }
    way->moved += area.length;
    return 0;
}

/* Memory whose parts differ in hints, locks or protection; it keeps all but the locks. */
static int move_areas(const quire_region *region, long long length, char **start) {
    span old = {(char *)(uintptr_t)region->base, region->base_length};
    int reserve = (region->granted & QUIRE_NO_RESERVE) != 0 ? MAP_NORESERVE : 0;
    int kind = MAP_PRIVATE | MAP_ANONYMOUS | reserve;
    char *place = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, kind, -1, 0);
    if (place == MAP_FAILED) {
        return errno;
    }
    /* Linux 6.18 counts locked pages twice when their old place is kept. */
    munlock(old.start, (size_t)old.length);
    move way = {.from = old.start, .to = place};
    int number = qi_for_each_area(old, move_area, &way);
    if (number == 0 && way.moved == old.length) {
        munmap(old.start, (size_t)old.length);
        *start = place;
        return 0;
    }
    move back = {.from = place, .to = old.start};
    qi_for_each_area((span){place, way.moved}, move_area, &back);
    /* What lies between belongs to the area that could not be moved: somebody else may have got its
     * addresses. */
    munmap(place, (size_t)way.moved);
    munmap(place + old.length, (size_t)(length - old.length));
    return number == 0 ? EFAULT : number;
}

int sys_remap(const quire_region *region, long long length, char **start) {
    void *old = (void *)(uintptr_t)region->base;
    void *place = mremap(old, (size_t)region->base_length, (size_t)length, REMAP_MAY_MOVE);
    if (place != MAP_FAILED) {
        *start = place;
        return 0;
    }
    if (errno == EFAULT && region->kind == QUIRE_KIND_ANONYMOUS_PRIVATE) {
        return move_areas(region, length, start);
    }
    return errno == EINVAL ? ENOMEM : errno; /* EINVAL: longer than the address space */
}

/* ---- memory between processes ---- */

static long create_memory(unsigned int flags) {
    return syscall(SYS_memfd_create, "quire", flags);
}

int qi_has_memory_files(void) {
    return create_memory(~0U) < 0 && errno == EINVAL;
}

/* Kernels before 6.3 do not know that memory need not be executable. */
int sys_memory_create(void) {
    unsigned int flags = MEMORY_CLOSE_ON_EXEC | MEMORY_ALLOW_SEALS;
    long descriptor = create_memory(flags | MEMORY_NOT_EXECUTABLE);
    if (descriptor < 0 && errno == EINVAL) {
        descriptor = create_memory(flags);
    }
    return descriptor_or_error(descriptor);
}

/* What shm_open does; the function itself lies in another library before glibc 2.34. */
#define SEGMENTS "/dev/shm/"
#define PATH_BYTES 256

static const char *segment_path(const char *name, char *path) {
    (void)snprintf(path, PATH_BYTES, SEGMENTS "%s", name);
    return path;
}

int sys_shared_open(const char *name, int access) {
    char path[PATH_BYTES];
    segment_path(name, path);
    int descriptor;
    do {
        descriptor = descriptor_or_error(open(path, access | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
                                              0600));
    } while (descriptor == -EINTR);
    return descriptor;
}

int sys_shared_unlink(const char *name) {
    char path[PATH_BYTES];
    return answer_of(unlink(segment_path(name, path)));
}

int qi_can_list_segments(void) {
    int descriptor = open(SEGMENTS, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor >= 0) {
        close(descriptor);
    }
    return descriptor >= 0;
}

long long os_shared_name_limit(void) {
    return PATH_BYTES - (long long)sizeof SEGMENTS;
}

/* Only memory: opening what else a process has open could wait, or do something. */
int sys_attach(long long process, long long handle, int access) {
    static const char memory[] = "/memfd:";
    char path[PATH_BYTES];
    char target[sizeof memory];
    (void)snprintf(path, sizeof path, "/proc/%lld/fd/%lld", process, handle);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0) {
        return -errno;
    }
    if (length < (ssize_t)sizeof memory - 1 || memcmp(target, memory, sizeof memory - 1) != 0) {
        return -ENODEV;
    }
    return descriptor_or_error(open(path, access | O_CLOEXEC | O_NONBLOCK));
}

static const struct {
    int32_t seal;
    int number;
} seal_numbers[] = {
    {QUIRE_SEAL_SEAL, 1},  {QUIRE_SEAL_SHRINK, 2},        {QUIRE_SEAL_GROW, 4},
    {QUIRE_SEAL_WRITE, 8}, {QUIRE_SEAL_FUTURE_WRITE, 16},
};
#define SEAL_COUNT (sizeof seal_numbers / sizeof *seal_numbers)

int sys_add_seals(int descriptor, int32_t seals) {
    int numbers = 0;
    for (size_t i = 0; i < SEAL_COUNT; i++) {
        numbers |= (seals & seal_numbers[i].seal) != 0 ? seal_numbers[i].number : 0;
    }
    return answer_of(fcntl(descriptor, ADD_SEALS, numbers));
}

int sys_get_seals(int descriptor, int32_t *seals) {
    int numbers = fcntl(descriptor, GET_SEALS);
    if (numbers < 0) {
        return errno;
    }
    for (size_t i = 0; i < SEAL_COUNT; i++) {
        *seals |= (numbers & seal_numbers[i].number) != 0 ? seal_numbers[i].seal : 0;
    }
    return 0;
}

#endif

/* quire_linux_faults.c - Linux: what the handler of faults asks of the kernel. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* include/uapi of the kernel. */
enum { REMAP_MAY_MOVE = 1, REMAP_FIXED = 2 };

const int sys_forbidden_accesses_are_faults = 0;

/* ---- signals ---- */

/* The kernel's own struct; libraries that stand between a program and the kernel do not see these
   calls. */
typedef struct action {
    void (*handler)(int number, siginfo_t *info, void *context);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
} action;

#define HAS_RESTORER 0x04000000UL

static int exchange(int number, const action *wanted, action *now) {
    return syscall(SYS_rt_sigaction, number, wanted, now, sizeof now->mask) == 0 ? 0 : errno;
}

static void fill(struct sigaction *to, const action *from) {
    memset(to, 0, sizeof *to);
    to->sa_sigaction = from->handler;
    to->sa_flags = (int)(from->flags & ~HAS_RESTORER);
    memcpy(&to->sa_mask, &from->mask, sizeof from->mask);
}

#if defined(__x86_64__)
enum { NEEDS_RESTORER = 1 };
#else
enum { NEEDS_RESTORER = 0 }; /* the kernel has a place of its own that a handler returns to */
#endif

/* Where a handler returns to is the C library's secret, but every action that it has set tells. */
static int set_action(int number, const struct sigaction *wanted, action *now) {
    action own = {
        .handler = wanted->sa_sigaction,
        .flags = (unsigned long)(unsigned int)wanted->sa_flags | (now->flags & HAS_RESTORER),
        .restorer = now->restorer,
    };
    memcpy(&own.mask, &wanted->sa_mask, sizeof own.mask);
    return exchange(number, &own, now);
}

int sys_signal_action(int number, const struct sigaction *wanted, struct sigaction *now) {
    action found = {0};
    int failed = exchange(number, NULL, &found);
    if (failed == 0 && wanted != NULL && NEEDS_RESTORER && (found.flags & HAS_RESTORER) == 0) {
        return sigaction(number, wanted, now) == 0 ? 0 : errno;
    }
    if (failed == 0 && wanted != NULL) {
        failed = set_action(number, wanted, &found);
    }
    if (failed == 0 && now != NULL) {
        fill(now, &found);
    }
    return failed;
}

/* ---- threads ---- */

int sys_thread(void) {
    return (int)syscall(SYS_gettid);
}

int sys_is_thread(int thread) {
    return syscall(SYS_tgkill, getpid(), thread, 0) == 0 || errno != ESRCH;
}

void sys_yield(void) {
    syscall(SYS_sched_yield);
}

/* ---- pages ---- */

/* Before Linux 5.14, and in emulators: the kernel reads a word to wait for a change of it, for no
   time, and says so if there is none. Every sandbox allows that. */
static enum presence read_word(const char *page) {
    enum { WAIT_OF_THIS_PROCESS = 128 };
    struct timespec none = {0};
    long result = syscall(SYS_futex, page, WAIT_OF_THIS_PROCESS, 0, &none, NULL, 0);
    if (result == 0 || errno == ETIMEDOUT || errno == EAGAIN || errno == EINTR) {
        return PAGE_THERE;
    }
    return errno == EFAULT ? PAGE_LOST : PAGE_UNKNOWN;
}

static enum presence look_without_populate(const char *page, int write) {
    enum presence presence = read_word(page);
    return write && presence == PAGE_THERE ? PAGE_UNKNOWN : presence;
}

enum presence sys_look(char *page, size_t bytes, int write) {
    int number = sys_populate((span){page, (long long)bytes}, write);
    while (number == EINTR || number == EAGAIN) {
        number = sys_populate((span){page, (long long)bytes}, write);
    }
    switch (number) {
    case 0:
        return PAGE_THERE;
    case EFAULT:
    case EHWPOISON:
        return PAGE_LOST;
    case EINVAL: /* its protection does not allow that */
        return PAGE_THERE;
    case ENOSYS:
        return look_without_populate(page, write);
    default:
        return PAGE_UNKNOWN;
    }
}

/* File systems without a device may lie in memory, where a hole has to be filled to be read. */
int sys_may_lose_holes(long long device) {
    const unsigned long long major_bits = 0xfffff000000fff00ULL;
    return ((unsigned long long)device & major_bits) == 0;
}

/* By the kernel's table of pages: mincore does not know what is swapped out. */
int sys_has_changes(span pages) {
    enum { BATCH = 512 };
    const unsigned long long is_present_or_swapped = 3ULL << 62;
    unsigned long long states[BATCH];
    long long page = os_page_size();
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    int has_some = descriptor < 0 || qi_is_emulated();
    for (long long at = 0; !has_some && at < pages.length; at += BATCH * page) {
        long long left = (pages.length - at) / page;
        size_t bytes = (size_t)(left < BATCH ? left : BATCH) * sizeof *states;
        long long number = (long long)(uintptr_t)(pages.start + at) / page;
        long long place = number * (long long)sizeof *states;
        has_some = syscall(SYS_pread64, descriptor, states, bytes, place) != (long)bytes;
        for (size_t i = 0; !has_some && i < bytes / sizeof *states; i++) {
            has_some = (states[i] & is_present_or_swapped) != 0;
        }
    }
    if (descriptor >= 0) {
        syscall(SYS_close, descriptor);
    }
    return has_some;
}

/* Of a page that is not exclusive, or is the page of zeroes, a write makes a copy. Where the kernel
   does not tell, none counts as there. */
long long sys_own_bytes(const quire_region *region, span pages) {
    enum { BATCH = 512 };
    const unsigned long long is_present = 1ULL << 63;
    const unsigned long long is_file = 1ULL << 61;
    const unsigned long long is_exclusive = 1ULL << 56;
    (void)region;
    unsigned long long states[BATCH];
    long long page = os_page_size();
    long long own = 0;
    int descriptor = qi_is_emulated() ? -1
                     : (int)syscall(SYS_openat, AT_FDCWD, "/proc/self/pagemap",
                                    O_RDONLY | O_CLOEXEC);
    for (long long at = 0; descriptor >= 0 && at < pages.length; at += BATCH * page) {
        long long left = (pages.length - at) / page;
        size_t bytes = (size_t)(left < BATCH ? left : BATCH) * sizeof *states;
        long long number = (long long)(uintptr_t)(pages.start + at) / page;
        long long place = number * (long long)sizeof *states;
        long count = syscall(SYS_pread64, descriptor, states, bytes, place);
        for (long i = 0; i < count / (long)sizeof *states; i++) {
            int is_own = (states[i] & is_present) != 0 && (states[i] & is_exclusive) != 0
                         && (states[i] & is_file) == 0;
            own += is_own ? page : 0;
        }
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return own;
}

/* Bytes from the beginning on that are there, when what is missing is missing to the end. */
static long long count_bytes_there(char *start, long long length, long long page) {
    long long there = 0;
    long long lost = length / page;
    if (sys_look(start + length - page, (size_t)page, 0) == PAGE_THERE) {
        return length;
    }
    while (there < lost) {
        long long middle = (there + lost) / 2;
        if (sys_look(start + middle * page, (size_t)page, 0) == PAGE_THERE) {
            there = middle + 1;
        } else {
            lost = middle;
        }
    }
    return there * page;
}

/* An old length of 0 makes a second mapping of the same file, for shared ones: it begins with the
   page before what is lost, and reaches as far as that does. */
long long sys_map_again(const quire_region *region, span lost) {
    long long page = region->page_size;
    if (qi_is_emulated() || qi_is_private(region)
        || (long long)(uintptr_t)lost.start == region->base) {
        return -ENOENT;
    }
    size_t whole = (size_t)(lost.length + page);
    char *again = mremap(lost.start - page, 0, whole, REMAP_MAY_MOVE);
    if (again == MAP_FAILED) {
        return -errno;
    }
    long long there = count_bytes_there(again + page, lost.length, page);
    void *moved = there == 0 ? NULL
                             : mremap(again + page, (size_t)there, (size_t)there, REMAP_MAY_MOVE
                                      | REMAP_FIXED, lost.start);
    long long result = moved == MAP_FAILED ? -errno : there;
    size_t kept = moved == MAP_FAILED ? 0 : (size_t)there;
    munmap(again, (size_t)page);
    if (kept < (size_t)lost.length) {
        munmap(again + page + kept, (size_t)lost.length - kept);
    }
    return result;
}

#endif

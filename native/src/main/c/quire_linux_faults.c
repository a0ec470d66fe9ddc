/* quire_linux_faults.c - Linux: what the handler of faults asks of the kernel. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* include/uapi of the kernel. */
enum { REMAP_MAY_MOVE = 1, REMAP_FIXED = 2 };

/* ---- signals ---- */

/* The kernel's own struct; libraries that stand between a program and the kernel do not see these calls. */
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

/* Where a handler returns to is the C library's secret, but every action that it has set tells. */
static int set_action(int number, const struct sigaction *wanted, const action *now) {
    if ((now->flags & HAS_RESTORER) == 0) {
        return sigaction(number, wanted, NULL) == 0 ? 0 : errno;
    }
    action own = {
        .handler = wanted->sa_sigaction,
        .flags = (unsigned long)(unsigned int)wanted->sa_flags | HAS_RESTORER,
        .restorer = now->restorer,
    };
    memcpy(&own.mask, &wanted->sa_mask, sizeof own.mask);
    return exchange(number, &own, NULL);
}

int sys_signal_action(int number, const struct sigaction *wanted, struct sigaction *now) {
    action found = {0};
    int failed = exchange(number, NULL, &found);
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

/* Before Linux 5.14: the kernel reads a byte, and says so if there is none. */
static enum presence read_byte(char *page) {
    char byte;
    struct iovec to = {&byte, 1};
    struct iovec from = {page, 1};
    long bytes = syscall(SYS_process_vm_readv, getpid(), &to, 1, &from, 1, 0);
    return bytes == 1 ? PAGE_THERE : errno == EFAULT ? PAGE_LOST : PAGE_UNKNOWN;
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
    case ENOSYS:
        return write ? PAGE_UNKNOWN : read_byte(page);
    default:
        return PAGE_UNKNOWN;
    }
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

/* An old length of 0 makes a second mapping of the same file, for shared ones: it begins with the page before what is
   lost, and reaches as far as that does. */
long long sys_map_again(const quire_region *region, span lost) {
    long long page = region->page_size;
    if (is_private(region) || (long long)(uintptr_t)lost.start == region->base) {
        return -ENOENT;
    }
    size_t whole = (size_t)(lost.length + page);
    char *again = mremap(lost.start - page, 0, whole, REMAP_MAY_MOVE);
    if (again == MAP_FAILED) {
        return -errno;
    }
    long long there = count_bytes_there(again + page, lost.length, page);
    void *moved = there == 0 ? NULL
                             : mremap(again + page, (size_t)there, (size_t)there, REMAP_MAY_MOVE | REMAP_FIXED,
                                      lost.start);
    long long result = moved == MAP_FAILED ? -errno : there;
    size_t kept = moved == MAP_FAILED ? 0 : (size_t)there;
    munmap(again, (size_t)page);
    if (kept < (size_t)lost.length) {
        munmap(again + page + kept, (size_t)lost.length - kept);
    }
    return result;
}

#endif

/* quire_macos_faults.c - macOS: what the handler of faults asks of the system. */
#if defined(__APPLE__)

#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <mach/mach.h>
#include <mach/vm_map.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>

int sys_signal_action(int number, const struct sigaction *wanted, struct sigaction *now) {
    return sigaction(number, wanted, now) == 0 ? 0 : errno;
}

int sys_thread(void) {
    return (int)pthread_mach_thread_np(pthread_self());
}

/* Threads of other processes cannot be told from those of this one by their number. */
int sys_is_thread(int thread) {
    (void)thread;
    return 1;
}

void sys_yield(void) {
    sched_yield();
}

/* A store into memory that may only be read raises SIGBUS too. */
const int sys_forbidden_accesses_are_faults = 1;

/* What may be done with the page. */
static vm_prot_t protection_at(const char *page) {
    vm_address_t start = (vm_address_t)(uintptr_t)page;
    vm_size_t length = 0;
    vm_region_basic_info_data_64_t found;
    mach_msg_type_number_t count = VM_REGION_BASIC_INFO_COUNT_64;
    mach_port_t object = MACH_PORT_NULL;
    kern_return_t result = vm_region_64(mach_task_self(), &start, &length, VM_REGION_BASIC_INFO_64,
                                        (vm_region_info_t)&found, &count, &object);
    return result == KERN_SUCCESS && start <= (vm_address_t)(uintptr_t)page ? found.protection
           : VM_PROT_NONE;
}

/* The system reads a byte, and says so if there is none. Of a page that can be read nobody says
   whether its disk has room. What protection forbids is no loss. */
enum presence sys_look(char *page, size_t bytes, int write) {
    (void)bytes;
    char byte;
    vm_size_t copied = 0;
    vm_prot_t protection = protection_at(page);
    if ((protection & VM_PROT_READ) == 0) {
        return PAGE_THERE;
    }
    kern_return_t result = vm_read_overwrite(mach_task_self(), (vm_address_t)(uintptr_t)page, 1,
                                             (vm_address_t)(uintptr_t)&byte, &copied);
    if (result != KERN_SUCCESS) {
        return PAGE_LOST;
    }
    return write && (protection & VM_PROT_WRITE) != 0 ? PAGE_UNKNOWN : PAGE_THERE;
}

int sys_may_lose_holes(long long device) {
    (void)device;
    return 0;
}

int sys_is_memory_device(long long device) {
    (void)device;
    return 0;
}

/* Which pages of a file are copies nobody tells. */
long long sys_own_bytes(const quire_region *region, span pages) {
    return region->kind == QUIRE_KIND_FILE ? 0 : qi_count_resident_bytes(region, pages);
}

int sys_has_changes(span pages) {
    enum { BATCH = 512 };
    char states[BATCH];
    long long page = os_page_size();
    for (long long at = 0; at < pages.length; at += BATCH * page) {
        long long left = pages.length - at;
        long long bytes = left < BATCH * page ? left : BATCH * page;
        if (mincore(pages.start + at, (size_t)bytes, states) != 0) {
            return 1;
        }
        for (long long i = 0; i < bytes / page; i++) {
            if ((states[i] & (MINCORE_INCORE | MINCORE_PAGED_OUT)) != 0) {
                return 1;
            }
        }
    }
    return 0;
}

long long sys_page_size(int descriptor, const struct stat *status) {
    (void)descriptor;
    (void)status;
    return os_page_size();
}

/* No mapping can be made from another one here. */
long long sys_map_again(const quire_region *region, span lost) {
    (void)region;
    (void)lost;
    return -ENOENT;
}

#endif

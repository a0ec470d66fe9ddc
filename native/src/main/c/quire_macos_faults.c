/* quire_macos_faults.c - macOS: what the handler of faults asks of the system. */
#if defined(__APPLE__)

#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE
#include "quire_posix.h"

#include <errno.h>
#include <mach/mach.h>
#include <mach/mach_vm.h>
#include <pthread.h>
#include <sched.h>

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

/* The system reads a byte, and says so if there is none. A page that can be read but not written is not known. */
enum presence sys_look(char *page, size_t bytes, int write) {
    (void)bytes;
    char byte;
    mach_vm_size_t copied = 0;
    kern_return_t result = mach_vm_read_overwrite(mach_task_self(), (mach_vm_address_t)(uintptr_t)page, 1,
                                                  (mach_vm_address_t)(uintptr_t)&byte, &copied);
    if (result != KERN_SUCCESS) {
        return PAGE_LOST;
    }
    return write ? PAGE_UNKNOWN : PAGE_THERE;
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

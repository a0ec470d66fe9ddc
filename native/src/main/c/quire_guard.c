/*
 * quire_guard.c - which threads are inside a kernel, so that a fault there comes back as an answer.
 *
 * A fault handler must not touch thread-local storage: that of a library loaded later may be allocated at its
 * first use. But a guard lies on its thread's own stack, above the kernel's frames, and stacks do not
 * overlap: of all guards, the one of the thread that faulted is the nearest above its stack pointer.
 */
#include "quire_reduce.h"

#include <stdatomic.h>

/* More than kernels run at the same time on any machine; further ones wait, each for the milliseconds a
   call takes. */
#define GUARDS 1024

static _Atomic(uintptr_t) guards[GUARDS];

/* Neighbours on a stack are the same thread: only the bits above choose where the search begins. */
static unsigned int first_slot(const guard *own) {
    return (unsigned int)((uintptr_t)own >> 16) * 5 % GUARDS;
}

void guard_enter(guard *own) {
    for (unsigned int i = first_slot(own);; i = (i + 1) % GUARDS) {
        uintptr_t none = 0;
        if (atomic_load_explicit(&guards[i], memory_order_relaxed) == 0
            && atomic_compare_exchange_strong(&guards[i], &none, (uintptr_t)own)) {
            return;
        }
    }
}

void guard_leave(guard *own) {
    unsigned int i = first_slot(own);
    while (atomic_load_explicit(&guards[i], memory_order_relaxed) != (uintptr_t)own) {
        i = (i + 1) % GUARDS;
    }
    atomic_store(&guards[i], 0);
}

guard *guard_above(uintptr_t stack_pointer) {
    uintptr_t nearest = 0;
    for (int i = 0; i < GUARDS; i++) {
        uintptr_t one = atomic_load(&guards[i]);
        if (one > stack_pointer && (nearest == 0 || one < nearest)) {
            nearest = one;
        }
    }
    return (guard *)nearest;
}

/* Where the kernels' section begins and ends, as the platform's linker tells it, or its loader. */
#if defined(__APPLE__)
#include <dlfcn.h>

/* Of <mach-o/getsect.h>, which not every compiler that builds for macOS brings along. */
extern uint8_t *getsectiondata(const void *header, const char *segment, const char *section,
                               unsigned long *size);

static uintptr_t start, end;

int32_t guard_locate(void) {
    Dl_info self;
    unsigned long size = 0;
    if (dladdr((const void *)(uintptr_t)guard_locate, &self) != 0) {
        start = (uintptr_t)getsectiondata(self.dli_fbase, "__TEXT", "__kernels", &size);
        end = start + size;
    }
    return size > 0;
}
#else
#if defined(_WIN32)
/* The linker sorts what follows the dollar sign. */
__attribute__((section(".kernels$a"), noinline)) static void kernels_start(void) {
    __asm__ volatile("nop");
}
__attribute__((section(".kernels$z"), noinline)) static void kernels_end(void) {
    __asm__ volatile("nop");
}
#define start ((uintptr_t)kernels_start)
#define end ((uintptr_t)kernels_end)
#else
extern const char __start_quire_kernels[] __attribute__((visibility("hidden")));
extern const char __stop_quire_kernels[] __attribute__((visibility("hidden")));
#define start ((uintptr_t)__start_quire_kernels)
#define end ((uintptr_t)__stop_quire_kernels)
#endif

int32_t guard_locate(void) {
    return 1;
}
#endif

int32_t guard_covers(uintptr_t program_counter) {
    return program_counter >= start && program_counter < end;
}

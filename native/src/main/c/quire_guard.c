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

/* Where the kernels' section begins and ends, as the platform's linker tells it. */
#if defined(__APPLE__)
extern const char kernels_start[] __asm("section$start$__TEXT$__kernels");
extern const char kernels_end[] __asm("section$end$__TEXT$__kernels");
#define START ((uintptr_t)kernels_start)
#define END ((uintptr_t)kernels_end)
#elif defined(_WIN32)
/* The linker sorts what follows the dollar sign. */
__attribute__((section(".kernels$a"), noinline)) static void kernels_start(void) {
    __asm__ volatile("nop");
}
__attribute__((section(".kernels$z"), noinline)) static void kernels_end(void) {
    __asm__ volatile("nop");
}
#define START ((uintptr_t)kernels_start)
#define END ((uintptr_t)kernels_end)
#else
extern const char __start_quire_kernels[] __attribute__((visibility("hidden")));
extern const char __stop_quire_kernels[] __attribute__((visibility("hidden")));
#define START ((uintptr_t)__start_quire_kernels)
#define END ((uintptr_t)__stop_quire_kernels)
#endif

int32_t guard_covers(uintptr_t program_counter) {
    return program_counter >= START && program_counter < END;
}

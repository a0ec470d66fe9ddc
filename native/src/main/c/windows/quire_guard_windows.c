/*
 * quire_guard_windows.c - Windows: runs the kernels so that a fault in one comes back as an answer.
 *
 * A fault handler must not touch thread-local storage: that of a library loaded later may be
 * allocated at its first use. But a guard lies on its thread's own stack, above the kernel's
 * frames, and stacks do not overlap: of all guards, the one of the thread that faulted is the
 * nearest above its stack pointer.
 */
#if defined(_WIN32)

#include "quire_reduce.h"
#include "quire_windows.h"

#include <setjmp.h>
#include <stdatomic.h>

/* Where a thread goes on after a fault: on its stack, above the frames of the kernel. */
typedef struct guard {
    jmp_buf resume;
} guard;

/* More than kernels run at the same time on any machine; further ones wait, each for the
   milliseconds a call takes. */
#define GUARDS 1024

static _Atomic(uintptr_t) guards[GUARDS];

/* Neighbours on a stack are the same thread: only the bits above choose where the search begins. */
static unsigned int first_slot(const guard *own) {
    return (unsigned int)((uintptr_t)own >> 16) * 5 % GUARDS;
}

static void guard_enter(guard *own) {
    for (unsigned int i = first_slot(own);; i = (i + 1) % GUARDS) {
        uintptr_t none = 0;
        if (atomic_load_explicit(&guards[i], memory_order_relaxed) == 0
            && atomic_compare_exchange_strong(&guards[i], &none, (uintptr_t)own)) {
            return;
        }
    }
}

static void guard_leave(guard *own) {
    unsigned int i = first_slot(own);
    while (atomic_load_explicit(&guards[i], memory_order_relaxed) != (uintptr_t)own) {
        i = (i + 1) % GUARDS;
    }
    atomic_store(&guards[i], 0);
}

#if defined(__x86_64__)

static guard *guard_above(uintptr_t stack_pointer) {
    uintptr_t nearest = 0;
    for (int i = 0; i < GUARDS; i++) {
        uintptr_t one = atomic_load(&guards[i]);
        if (one > stack_pointer && (nearest == 0 || one < nearest)) {
            nearest = one;
        }
    }
    return (guard *)nearest;
}

/* The linker sorts what follows the dollar sign. */
__attribute__((section(".kernels$a"), noinline)) static void kernels_start(void) {
    __asm__ volatile("nop");
}
__attribute__((section(".kernels$z"), noinline)) static void kernels_end(void) {
    __asm__ volatile("nop");
}

static int is_in_kernel(uintptr_t program_counter) {
    return program_counter >= (uintptr_t)kernels_start && program_counter < (uintptr_t)kernels_end;
}

/* The 32 bytes that a function may use above its return address, with room to spare. */
#define HOME_BYTES 256

/* The thread goes on here after the handler has returned. */
static void recover(guard *own) {
    longjmp(own->resume, 1);
}

/* A page that cannot be read in is an in-page error; Wine says access violation. */
static LONG CALLBACK on_fault(EXCEPTION_POINTERS *exception) {
    DWORD code = exception->ExceptionRecord->ExceptionCode;
    CONTEXT *context = exception->ContextRecord;
    if ((code != (DWORD)EXCEPTION_IN_PAGE_ERROR && code != (DWORD)EXCEPTION_ACCESS_VIOLATION)
        || !is_in_kernel((uintptr_t)context->Rip)) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    guard *own = guard_above((uintptr_t)context->Rsp);
    if (own == NULL) {
        return EXCEPTION_CONTINUE_SEARCH;
    }
    context->Rsp = ((context->Rsp - HOME_BYTES) & ~(DWORD64)15) - sizeof(void *);
    context->Rip = (DWORD64)(uintptr_t)recover;
    context->Rcx = (DWORD64)(uintptr_t)own;
    return EXCEPTION_CONTINUE_EXECUTION;
}

/* The handler outlives the code that loaded the library. */
static int32_t install(void) {
    HMODULE self;
    return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS
        | GET_MODULE_HANDLE_EX_FLAG_PIN, (LPCWSTR)(uintptr_t)on_fault, &self)
            && AddVectoredExceptionHandler(1, on_fault) != NULL;
}

static int32_t is_guarded(void) {
    enum { NEVER, NOW, DONE, REFUSED };
    static atomic_int state;
    int expected = NEVER;
    if (atomic_compare_exchange_strong(&state, &expected, NOW)) {
        atomic_store(&state, install() ? DONE : REFUSED);
    }
    while (atomic_load(&state) == NOW) {
    }
    return atomic_load(&state) == DONE;
}

/* Without a frame to unwind to, longjmp only restores registers. */
#define REMEMBER(place) _setjmp(place, NULL)

#else

static int32_t is_guarded(void) {
    return 0;
}

#define REMEMBER(place) setjmp(place)

#endif

int32_t os_run_kernel(const quire_region *region, kernel *kernel, const char *from,
                      long long count, int32_t what, quire_reduction *total) {
    (void)region;
    guard own;
    if (!is_guarded()) {
        return QUIRE_E_UNSUPPORTED;
    }
    guard_enter(&own);
    int faulted = REMEMBER(own.resume);
    if (!faulted) {
        kernel(from, count, what, total);
    }
    guard_leave(&own);
    return faulted ? QUIRE_E_FAULT : QUIRE_OK;
}

#endif

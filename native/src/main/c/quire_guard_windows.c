/*
 * quire_guard_windows.c - the fault guard of the kernels where faults are structured exceptions.
 */
#if defined(_WIN32)

#include "quire_reduce.h"
#include "quire_windows.h"

#include <setjmp.h>
#include <stdatomic.h>

struct guard {
    jmp_buf resume;
};

#if defined(__x86_64__)

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
        || !guard_covers((uintptr_t)context->Rip)) {
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

/* The handler outlives whoever loaded the library. */
static int32_t install(void) {
    HMODULE self;
    return GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                              (LPCWSTR)(uintptr_t)on_fault, &self)
           && AddVectoredExceptionHandler(1, on_fault) != NULL;
}

int32_t os_guard(void) {
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

int32_t os_guard(void) {
    return 0;
}

#define REMEMBER(place) setjmp(place)

#endif

int32_t os_run_guarded(kernel *kernel, const char *from, long long count, int32_t what,
                       quire_reduction *total) {
    guard own;
    guard_enter(&own);
    int faulted = REMEMBER(own.resume);
    if (!faulted) {
        kernel(from, count, what, total);
    }
    guard_leave(&own);
    return faulted;
}

#endif

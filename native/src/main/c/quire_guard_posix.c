/*
 * quire_guard_posix.c - the fault guard of the kernels where faults are signals.
 */
#if !defined(_WIN32)

#define _GNU_SOURCE
#if defined(__APPLE__)
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE
#endif
#include "quire_reduce.h"

#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <ucontext.h>
#if defined(__APPLE__)
#include <dlfcn.h>
#endif

struct guard {
    sigjmp_buf resume;
};

/* The registers that a signal finds: where it goes on, the stack, and the first argument of a function. */
#if defined(__linux__) && defined(__x86_64__)
#define PROGRAM_COUNTER(context) ((context)->uc_mcontext.gregs[REG_RIP])
#define STACK_POINTER(context) ((context)->uc_mcontext.gregs[REG_RSP])
#define FIRST_ARGUMENT(context) ((context)->uc_mcontext.gregs[REG_RDI])
#elif defined(__linux__) && defined(__aarch64__)
#define PROGRAM_COUNTER(context) ((context)->uc_mcontext.pc)
#define STACK_POINTER(context) ((context)->uc_mcontext.sp)
#define FIRST_ARGUMENT(context) ((context)->uc_mcontext.regs[0])
#elif defined(__APPLE__) && defined(__x86_64__)
#define PROGRAM_COUNTER(context) ((context)->uc_mcontext->__ss.__rip)
#define STACK_POINTER(context) ((context)->uc_mcontext->__ss.__rsp)
#define FIRST_ARGUMENT(context) ((context)->uc_mcontext->__ss.__rdi)
#elif defined(__APPLE__) && defined(__aarch64__)
#define PROGRAM_COUNTER(context) ((context)->uc_mcontext->__ss.__pc)
#define STACK_POINTER(context) ((context)->uc_mcontext->__ss.__sp)
#define FIRST_ARGUMENT(context) ((context)->uc_mcontext->__ss.__x[0])
#endif

#if defined(PROGRAM_COUNTER)

/* What a function may keep below the stack pointer without moving it, with room to spare. */
#define RED_ZONE 256

static struct sigaction before;

/* The thread goes on here after the handler has returned, so that its signal mask is what it was. */
static void recover(guard *own) {
    siglongjmp(own->resume, 1);
}

static int32_t resume(ucontext_t *context) {
    guard *own = guard_above((uintptr_t)STACK_POINTER(context));
    if (own == NULL) {
        return 0;
    }
    uintptr_t stack = ((uintptr_t)STACK_POINTER(context) - RED_ZONE) & ~(uintptr_t)15;
#if defined(__x86_64__)
    stack -= sizeof(void *); /* as if called: where the return address lies */
#endif
    STACK_POINTER(context) = (__typeof__(STACK_POINTER(context)))stack;
    PROGRAM_COUNTER(context) = (__typeof__(PROGRAM_COUNTER(context)))(uintptr_t)recover;
    FIRST_ARGUMENT(context) = (__typeof__(FIRST_ARGUMENT(context)))(uintptr_t)own;
    return 1;
}

/* What would have happened without this handler. Back to the default the access faults again, and ends the
   process. */
static void pass_on(int number, siginfo_t *info, void *context) {
    if ((before.sa_flags & SA_SIGINFO) != 0) {
        before.sa_sigaction(number, info, context);
    } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
    } else if (info->si_code > 0) {
        signal(number, SIG_DFL);
    } else if (before.sa_handler == SIG_DFL) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

/* A positive code means that the access itself raised the signal, not another process. */
static void on_fault(int number, siginfo_t *info, void *context) {
    ucontext_t *interrupted = context;
    int is_ours = info->si_code > 0 && guard_covers((uintptr_t)PROGRAM_COUNTER(interrupted));
    if (!is_ours || !resume(interrupted)) {
        pass_on(number, info, context);
    }
}

/* The handler outlives whoever loaded the library; the ELF linker is told so by an option. */
static void stay_loaded(void) {
#if defined(__APPLE__)
    Dl_info self;
    if (dladdr((const void *)(uintptr_t)on_fault, &self) != 0) {
        dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    }
#endif
}

static void install(void) {
    struct sigaction own = {0};
    stay_loaded();
    if (guard_locate() && sigaction(SIGBUS, NULL, &before) == 0) {
        own.sa_sigaction = on_fault;
        own.sa_mask = before.sa_mask;
        own.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | (before.sa_flags & SA_NODEFER);
        sigaction(SIGBUS, &own, &before);
    }
}

static int32_t is_installed(void) {
    struct sigaction now;
    return sigaction(SIGBUS, NULL, &now) == 0 && (now.sa_flags & SA_SIGINFO) != 0
           && now.sa_sigaction == on_fault;
}

/* Asked every time: another handler may have come on top, and nobody knows whether it would ask this one.
   Installing again could make a circle of the two. */
int32_t os_guard(void) {
    enum { NEVER, NOW, DONE };
    static atomic_int state;
    int expected = NEVER;
    if (atomic_compare_exchange_strong(&state, &expected, NOW)) {
        install();
        atomic_store(&state, DONE);
    }
    while (atomic_load(&state) != DONE) {
    }
    return is_installed();
}

#else

int32_t os_guard(void) {
    return 0;
}

#endif

/* The sanitizer may keep local variables elsewhere than on the stack. */
__attribute__((no_sanitize("address")))
int32_t os_run_guarded(kernel *kernel, const char *from, long long count, int32_t what,
                       quire_reduction *total) {
    guard own;
    guard_enter(&own);
    int faulted = sigsetjmp(own.resume, 0);
    if (!faulted) {
        kernel(from, count, what, total);
    }
    guard_leave(&own);
    return faulted;
}

#endif

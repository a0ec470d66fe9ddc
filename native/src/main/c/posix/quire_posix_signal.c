/* quire_posix_signal.c - POSIX: the handler of SIGBUS, ahead of the one that was there. */
#if !defined(_WIN32)

#define _GNU_SOURCE
#if defined(__APPLE__)
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE
#endif
#include "quire_posix_watch.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <ucontext.h>
#if defined(__APPLE__)
#include <dlfcn.h>
#endif

/* Times that the handler puts itself in front again. Each time by another function: one that came
   in between passes signals on to an earlier one, which passes them on to the one before it,
   so that there is no circle. */
#define FRONTS 8

static struct sigaction before[FRONTS];

/* Which of them each front passes on to; NOBODY: the system's default. */
enum { NOBODY = -1 };
static atomic_int next_of[FRONTS];

static atomic_int fronts; /* how many are installed */
static atomic_int installing; /* the thread that is about to install one; 0 for none */
static atomic_int state = QUIRE_HEALING_OFF;

/* ---- the handler ---- */

static void set_default(int number) {
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sys_signal_action(number, &plain, NULL);
}

/* Codes of the signal. Linux tells of memory that fails when it is accessed, and of memory that
   will; macOS calls every fault misaligned, on ARM, and signals of other processes too. */
#if defined(__APPLE__)
enum { ALIGNMENT = 0, POISONED = -1, WILL_FAIL = -2, IS_CODE_TRUE = 0 };
#else
enum { ALIGNMENT = 1, POISONED = 4, WILL_FAIL = 5, IS_CODE_TRUE = 1 };
#endif

static int is_of_access(const siginfo_t *info) {
    return info->si_code > 0 && info->si_code != WILL_FAIL;
}

/* Back to the default the access faults again, and ends the process. */
static void end_process(int number, const siginfo_t *info) {
    set_default(number);
    if (!is_of_access(info) || !IS_CODE_TRUE) {
        (void)raise(number);
    }
}

/* The kernel fills no more of a set than one bit for each signal. */
enum { SIGNALS = 64 };

static size_t mask_bytes(void) {
    return sizeof(sigset_t) < SIGNALS / 8 ? sizeof(sigset_t) : SIGNALS / 8;
}

/* All signals are blocked in ours; the next handler gets those that the kernel would have blocked
   for it. */
static void set_mask(const struct sigaction *next, int number, const void *context) {
    sigset_t blocked;
    sigemptyset(&blocked);
    memcpy(&blocked, &((const ucontext_t *)context)->uc_sigmask, mask_bytes());
    for (int i = 1; i <= SIGNALS; i++) {
        if (sigismember(&next->sa_mask, i) == 1) {
            sigaddset(&blocked, i);
        }
    }
    if ((next->sa_flags & SA_NODEFER) == 0) {
        sigaddset(&blocked, number);
    }
    /* Of this thread on every system here; the function that promises it is in another library. */
    sigprocmask(SIG_SETMASK, &blocked, NULL); /* NOLINT(concurrency-mt-unsafe) */
}

/* What would have happened without this handler. */
static void pass_on(int front, int number, siginfo_t *info, void *context) {
    int index = atomic_load(&next_of[front]);
    const struct sigaction *next = index == NOBODY ? NULL : &before[index];
    if (next == NULL || ((next->sa_flags & SA_SIGINFO) == 0 && next->sa_handler == SIG_DFL)) {
        end_process(number, info);
    } else if ((next->sa_flags & SA_SIGINFO) != 0) {
        set_mask(next, number, context);
        next->sa_sigaction(number, info, context);
    } else if (next->sa_handler != SIG_IGN) {
        set_mask(next, number, context);
        next->sa_handler(number);
    } else if (is_of_access(info)) {
        end_process(number, info); /* such a signal cannot be ignored */
    }
}

/* A positive code means that the access itself raised the signal, not another process. A misaligned
   access is a mistake of the program's, wherever it points. */
static int is_healed(const siginfo_t *info) {
    if (info->si_code <= 0 || info->si_code == ALIGNMENT) {
        return 0;
    }
    if (info->si_code == WILL_FAIL) {
        watch *own = qi_lock_watch_at(info->si_addr);
        if (own != NULL) {
            qi_unlock_watch(own); /* there is time until it is accessed */
        }
        return own != NULL;
    }
    return qi_heal(info->si_addr, info->si_code == POISONED);
}

static void on_fault(int front, int number, siginfo_t *info, void *context) {
    int kept = errno;
    int healed = is_healed(info);
    errno = kept;
    if (!healed) {
        pass_on(front, number, info, context);
    }
}

#define FRONT(n) \
    static void on_fault_##n(int number, siginfo_t *info, void *context) { \
        on_fault(n, number, info, context); \
    }
FRONT(0)
FRONT(1)
FRONT(2)
FRONT(3)
FRONT(4)
FRONT(5)
FRONT(6)
FRONT(7)

typedef void handler(int number, siginfo_t *info, void *context);

static handler *const handlers[FRONTS] = {on_fault_0, on_fault_1, on_fault_2, on_fault_3,
                                          on_fault_4, on_fault_5, on_fault_6, on_fault_7};

/* ---- installing ---- */

/* Any of ours: who came on top of one puts it back when he goes. */
static int is_front(const struct sigaction *action, int count) {
    for (int i = 0; i < count; i++) {
        if ((action->sa_flags & SA_SIGINFO) != 0 && action->sa_sigaction == handlers[i]) {
            return 1;
        }
    }
    return 0;
}

/* The handler outlives the library's user; the ELF linker is told so by an option. */
static void stay_loaded(void) {
#if defined(__APPLE__)
    Dl_info self;
    if (dladdr((const void *)(uintptr_t)on_fault_0, &self) != 0) {
        dlopen(self.dli_fname, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE);
    }
#endif
}

static int is_default(const struct sigaction *action) {
    return (action->sa_flags & SA_SIGINFO) == 0
           && (action->sa_handler == SIG_DFL || action->sa_handler == SIG_IGN);
}

/* A handler that comes on top again may know only the last one that it replaced, which is ours:
   where it was before, it is left out, or the two would pass signals on to each other for ever. */
static void leave_out(const struct sigaction *top, int count) {
    for (int i = 0; i < count && !is_default(top); i++) {
        if (before[i].sa_sigaction == top->sa_sigaction) {
            atomic_store(&next_of[i], i == 0 ? NOBODY : atomic_load(&next_of[i - 1]));
        }
    }
}

static int install(int front) {
    struct sigaction own = {0};
    struct sigaction replaced;
    if (sys_signal_action(SIGBUS, NULL, &before[front]) != 0) {
        return 0;
    }
    atomic_store(&next_of[front], front);
    leave_out(&before[front], front);
    own.sa_sigaction = handlers[front];
    own.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
    /* a handler that comes in between and faults would wait for this one for ever */
    sigfillset(&own.sa_mask);
    if (sys_signal_action(SIGBUS, &own, &replaced) != 0) {
        return 0;
    }
    if (replaced.sa_sigaction != before[front].sa_sigaction) {
        before[front] = replaced; /* somebody came in between */
        leave_out(&replaced, front);
    }
    return 1;
}

/* The thread that has it may be one of the process that forked this one. */
static void begin_to_install(void) {
    int self = sys_thread();
    int holder = 0;
    while (!atomic_compare_exchange_strong(&installing, &holder, self)) {
        if (sys_is_thread(holder)) {
            holder = 0;
            sys_yield();
        }
    }
}

static void come_to_the_front(void) {
    begin_to_install();
    int count = atomic_load(&fronts);
    struct sigaction now;
    int is_known = sys_signal_action(SIGBUS, NULL, &now) == 0;
    if (is_known && is_front(&now, count)) {
        atomic_store(&state, QUIRE_HEALING_ON);
    } else if (is_known && count < FRONTS && install(count)) {
        atomic_store(&fronts, count + 1);
        atomic_store(&state, QUIRE_HEALING_ON);
    } else {
        leave_out(&now, is_known ? count : 0);
        atomic_store(&state, count > 0 ? QUIRE_HEALING_COVERED : QUIRE_HEALING_UNAVAILABLE);
    }
    atomic_store(&installing, 0);
}

static void look_whether_in_front(void) {
    struct sigaction now;
    if (atomic_load(&state) != QUIRE_HEALING_ON || sys_signal_action(SIGBUS, NULL, &now) != 0
        || !is_front(&now, atomic_load(&fronts))) {
        come_to_the_front();
    }
}

int qi_is_healing(void) {
    if (atomic_load(&state) == QUIRE_HEALING_OFF || atomic_load(&fronts) == 0) {
        return 0;
    }
    look_whether_in_front();
    return 1;
}

int32_t os_heal(int32_t wanted) {
    if (wanted && atomic_load(&fronts) == 0) {
        stay_loaded();
        qi_reserve_ballast();
        come_to_the_front();
    } else if (atomic_load(&fronts) > 0) {
        look_whether_in_front();
    }
    return atomic_load(&state);
}

#endif

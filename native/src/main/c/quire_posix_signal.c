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
#if defined(__APPLE__)
#include <dlfcn.h>
#endif

/* Times that the handler puts itself in front again. Each time by another function: whoever came in between passes
   signals on to an earlier one, which passes them on to whoever was there before it, so that there is no circle. */
#define FRONTS 8

static struct sigaction before[FRONTS];

static atomic_int fronts; /* how many are installed */
static atomic_int installing;
static atomic_int state = QUIRE_HEALING_OFF;

/* ---- the handler ---- */

static void set_default(int number) {
    struct sigaction plain = {.sa_handler = SIG_DFL};
    sys_signal_action(number, &plain, NULL);
}

/* What would have happened without this handler. Back to the default the access faults again, and ends the process. */
static void pass_on(const struct sigaction *next, int number, siginfo_t *info, void *context) {
    if ((next->sa_flags & SA_SIGINFO) != 0) {
        next->sa_sigaction(number, info, context);
    } else if (next->sa_handler != SIG_DFL && next->sa_handler != SIG_IGN) {
        next->sa_handler(number);
    } else if (info->si_code > 0) {
        set_default(number);
    } else if (next->sa_handler == SIG_DFL) {
        set_default(number);
        raise(number);
    }
}

/* Of Linux: memory that fails when it is accessed, and memory that will. */
enum { ALIGNMENT = 1, POISONED = 4, WILL_FAIL = 5 };

/* A positive code means that the access itself raised the signal, not another process. A misaligned access is a mistake
   of the program's, wherever it points. */
static int is_healed(const siginfo_t *info) {
    if (info->si_code <= 0 || info->si_code == ALIGNMENT) {
        return 0;
    }
    if (info->si_code == WILL_FAIL) {
        watch *own = lock_watch_at(info->si_addr);
        if (own != NULL) {
            unlock_watch(own); /* there is time until it is accessed */
        }
        return own != NULL;
    }
    return heal(info->si_addr, info->si_code == POISONED);
}

static void on_fault(int front, int number, siginfo_t *info, void *context) {
    int kept = errno;
    int healed = is_healed(info);
    errno = kept;
    if (!healed) {
        pass_on(&before[front], number, info, context);
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

static int is_front(const struct sigaction *action, int count) {
    return count > 0 && (action->sa_flags & SA_SIGINFO) != 0 && action->sa_sigaction == handlers[count - 1];
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

static int install(int front) {
    struct sigaction own = {0};
    if (sys_signal_action(SIGBUS, NULL, &before[front]) != 0) {
        return 0;
    }
    own.sa_sigaction = handlers[front];
    own.sa_mask = before[front].sa_mask;
    own.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | (before[front].sa_flags & SA_NODEFER);
    struct sigaction replaced;
    if (sys_signal_action(SIGBUS, &own, &replaced) != 0) {
        return 0;
    }
    before[front] = replaced; /* somebody may have come in between */
    return 1;
}

static void come_to_the_front(void) {
    int free = 0;
    while (!atomic_compare_exchange_weak(&installing, &free, 1)) {
        free = 0;
        sys_yield();
    }
    int count = atomic_load(&fronts);
    struct sigaction now;
    int is_known = sys_signal_action(SIGBUS, NULL, &now) == 0;
    if (is_known && is_front(&now, count)) {
        atomic_store(&state, QUIRE_HEALING_ON);
    } else if (is_known && count < FRONTS && install(count)) {
        atomic_store(&fronts, count + 1);
        atomic_store(&state, QUIRE_HEALING_ON);
    } else {
        atomic_store(&state, count > 0 ? QUIRE_HEALING_COVERED : QUIRE_HEALING_UNAVAILABLE);
    }
    atomic_store(&installing, 0);
}

static void look_whether_in_front(void) {
    struct sigaction now;
    if (sys_signal_action(SIGBUS, NULL, &now) != 0 || !is_front(&now, atomic_load(&fronts))) {
        come_to_the_front();
    }
}

int is_healing(void) {
    if (atomic_load(&state) == QUIRE_HEALING_OFF || atomic_load(&fronts) == 0) {
        return 0;
    }
    look_whether_in_front();
    return 1;
}

int32_t os_heal(int32_t wanted) {
    if (wanted && atomic_load(&fronts) == 0) {
        stay_loaded();
        reserve_ballast();
        come_to_the_front();
    } else if (atomic_load(&fronts) > 0) {
        look_whether_in_front();
    }
    return atomic_load(&state);
}

#endif

/* quire_linux_wait.c - Linux: waiting for a change of a shared word. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_internal.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* Of the kernel's interface; without FUTEX_PRIVATE_FLAG the word is known by the memory it lies in,
 * not by its address, so that other processes meet it. */
enum { FUTEX_WAIT = 0, FUTEX_WAKE = 1 };

#define NANOS 1000000000LL

static int32_t refuse_futex(quire_error *error, int number) {
    switch (number) {
    case EFAULT:
        return qi_fail(error, QUIRE_E_FAULT, CALL_FUTEX, number, -1);
    case ENOSYS:
        return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_FUTEX, number, -1);
    default:
        return qi_fail(error, QUIRE_E_UNKNOWN, CALL_FUTEX, number, -1);
    }
}

int32_t os_wait(const char *word, int32_t expected, long long nanos, quire_error *error) {
    struct timespec limit = {.tv_sec = (time_t)(nanos / NANOS), .tv_nsec = (long)(nanos % NANOS)};
    long result = syscall(SYS_futex, word, FUTEX_WAIT, expected, &limit, NULL, 0);
    if (result == 0 || errno == EAGAIN || errno == EINTR) {
        return QUIRE_OK;
    }
    return errno == ETIMEDOUT ? qi_fail(error, QUIRE_E_TIMED_OUT, CALL_FUTEX, ETIMEDOUT, -1)
           : refuse_futex(error, errno);
}

int32_t os_wake(const char *word, int32_t count, quire_error *error) {
    long result = syscall(SYS_futex, word, FUTEX_WAKE, count, NULL, NULL, 0);
    return result >= 0 ? QUIRE_OK : refuse_futex(error, errno);
}

#endif

/* quire_windows_wait.c - Windows: WaitOnAddress works inside one process only. */
#if defined(_WIN32)

#include "quire_internal.h"

int32_t os_wait(const char *word, int32_t expected, long long nanos, quire_error *error) {
    (void)word;
    (void)expected;
    (void)nanos;
    return fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

int32_t os_wake(const char *word, int32_t count, quire_error *error) {
    (void)word;
    (void)count;
    return fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

#endif

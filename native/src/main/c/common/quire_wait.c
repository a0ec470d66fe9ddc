/* quire_wait.c - systems without a wait between processes that this library can use: macOS has one
   since 14.4, later than what the library is built for; that of Windows is for the threads of one
   process. */
#if !defined(__linux__)

#include "quire_internal.h"

int32_t os_wait(const char *word, int32_t expected, long long nanos, quire_error *error) {
    (void)word;
    (void)expected;
    (void)nanos;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

int32_t os_wake(const char *word, int32_t count, quire_error *error) {
    (void)word;
    (void)count;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

#endif

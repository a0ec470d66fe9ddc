/* quire_windows_faults.c - Windows: faults are not healed; a structured exception cannot map memory
   in place of a view. */
#if defined(_WIN32)

#include "quire_windows.h"

int32_t os_heal(int32_t wanted) {
    (void)wanted;
    return QUIRE_HEALING_UNAVAILABLE;
}

int32_t os_watch(quire_region *region, quire_error *error) {
    (void)region;
    (void)error;
    return QUIRE_OK;
}

void os_unwatch(const quire_region *region) {
    (void)region;
}

const long long *os_losses(void) {
    static const long long none;
    return &none;
}

int32_t os_is_lost(long long address, long long length) {
    (void)address;
    (void)length;
    return 0;
}

void os_remember_hint(long long record, int32_t hint) {
    (void)record;
    (void)hint;
}

void os_await_record(const quire_region *region) {
    (void)region;
}

/* No region has a record, so none has lost bytes. */
int32_t os_restore(const quire_region *region, const char *path, quire_ranges *returned,
                   quire_error *error) {
    (void)region;
    (void)path;
    (void)returned;
    return qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_NONE, 0, -1);
}

#endif

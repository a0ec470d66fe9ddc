/* quire_wait.c - no operating system: the checks of waiting for a change of a shared word. */
#include "quire_internal.h"

#include <stddef.h>
#include <stdint.h>

static const char *word_at(const quire_region *region, long long offset, quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
    if (offset < 0 || region->length < (long long)sizeof(int32_t)
        || offset > region->length - (long long)sizeof(int32_t)) {
        fail(error, QUIRE_E_OUT_OF_RANGE, CALL_NONE, 0, -1);
        return NULL;
    }
    long long address = region->address + offset;
    if (address % (long long)sizeof(int32_t) != 0) {
        fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
        return NULL;
    }
    return (const char *)(uintptr_t)address;
}

int32_t quire_wait(const quire_region *region, long long offset, int32_t expected, long long nanos,
                   quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && nanos < 0) {
        fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    return error->code != QUIRE_OK ? error->code : os_wait(word, expected, nanos, error);
}

int32_t quire_wake(const quire_region *region, long long offset, int32_t count, quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && count < 1) {
        fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    return error->code != QUIRE_OK ? error->code : os_wake(word, count, error);
}

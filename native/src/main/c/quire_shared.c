/* quire_shared.c - no operating system: the checks of seals, and of waiting for a change of a shared word. */
#include "quire_internal.h"

#include <stddef.h>
#include <stdint.h>

static void begin(quire_error *error) {
    *error = (quire_error){.code = QUIRE_OK};
}

static int32_t refuse(quire_error *error, int32_t code) {
    return fail(error, code, CALL_NONE, 0, -1);
}

/* ---- seals ---- */

static int has_seals(const quire_region *region) {
    return region->kind == QUIRE_KIND_ANONYMOUS_SHARED && region->handle != -1;
}

static int32_t check_seals(const quire_region *region, int32_t seals, quire_error *error) {
    begin(error);
    int32_t all =
        QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW | QUIRE_SEAL_WRITE | QUIRE_SEAL_FUTURE_WRITE | QUIRE_SEAL_SEAL;
    if ((seals & ~all) != 0) {
        return refuse(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return has_seals(region) ? QUIRE_OK : refuse(error, QUIRE_E_UNSUPPORTED);
}

int32_t quire_seal(const quire_region *region, int32_t seals, quire_error *error) {
    int32_t code = check_seals(region, seals, error);
    return code != QUIRE_OK || seals == 0 ? code : os_seal(region, seals, error);
}

int32_t quire_freeze(quire_region *region, int32_t seals, quire_error *error) {
    if (check_seals(region, seals, error) != QUIRE_OK) {
        return error->code;
    }
    if (region->mode != QUIRE_READ_WRITE || region->base_length == 0) {
        return refuse(error, QUIRE_E_READ_ONLY);
    }
    return os_freeze(region, seals | QUIRE_SEAL_WRITE, error);
}

int32_t quire_query_seals(const quire_region *region, quire_seals *seals, quire_error *error) {
    begin(error);
    *seals = (quire_seals){0};
    if (!has_seals(region)) {
        return refuse(error, QUIRE_E_UNSUPPORTED);
    }
    return os_query_seals(region, seals, error);
}

/* ---- waiting ---- */

static const char *word_at(const quire_region *region, long long offset, quire_error *error) {
    begin(error);
    if (offset < 0 || region->length < (long long)sizeof(int32_t)
        || offset > region->length - (long long)sizeof(int32_t)) {
        refuse(error, QUIRE_E_OUT_OF_RANGE);
        return NULL;
    }
    long long address = region->address + offset;
    if (address % (long long)sizeof(int32_t) != 0) {
        refuse(error, QUIRE_E_INVALID_ARGUMENT);
        return NULL;
    }
    return (const char *)(uintptr_t)address;
}

int32_t quire_wait(const quire_region *region, long long offset, int32_t expected, long long nanos,
                   quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && nanos < 0) {
        refuse(error, QUIRE_E_INVALID_ARGUMENT);
    } else if (word != NULL && meets_loss(region, offset, (long long)sizeof(int32_t), loss_count(region))) {
        refuse(error, QUIRE_E_FAULT); /* nobody else sees what is stored there */
    }
    return error->code != QUIRE_OK ? error->code : os_wait(word, expected, nanos, error);
}

int32_t quire_wake(const quire_region *region, long long offset, int32_t count, quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && count < 1) {
        refuse(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return error->code != QUIRE_OK ? error->code : os_wake(word, count, error);
}

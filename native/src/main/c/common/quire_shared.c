/* quire_shared.c - no operating system: memory between processes, its names, seals, and waiting for
   a change of a word. */
#include "quire_internal.h"

#include <stddef.h>
#include <stdint.h>

/* ---- names ---- */

/* The longest name that the header promises; an operating system may have less room. */
#define NAME_MAX_BYTES 200

static int is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'
           || c == '_' || c == '-';
}

static int32_t check_name(const char *name, quire_error *error) {
    long long limit = os_shared_name_limit() < NAME_MAX_BYTES ? os_shared_name_limit()
        : NAME_MAX_BYTES;
    long long length = 0;
    while (length <= limit && is_name_character(name[length])) {
        length++;
    }
    if (length == 0 || length > limit || name[length] != '\0' || name[0] == '.') {
        return qi_fail(error, QUIRE_E_INVALID_NAME, CALL_NONE, 0, limit);
    }
    return QUIRE_OK;
}

int32_t quire_shared_create(const char *name, long long length, int32_t flags, quire_region *region,
                            quire_error *error) {
    qi_begin(error);
    qi_make_empty(region, QUIRE_READ_WRITE, QUIRE_KIND_NAMED_SHARED);
    if (qi_check_mapping(QUIRE_READ_WRITE, flags, MEMORY_FLAGS, error) != QUIRE_OK
        || check_name(name, error) != QUIRE_OK) {
        return error->code;
    }
    if (length < 1 || length > BYTES_MAX) {
        return qi_reject(error, length < 1 ? QUIRE_E_OUT_OF_RANGE : QUIRE_E_MEMORY_LIMIT);
    }
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    return qi_settle(region, os_shared_create(name, length, flags, region, error), error);
}

int32_t quire_shared_open(const char *name, int32_t mode, int32_t flags, quire_region *region,
                          quire_error *error) {
    qi_begin(error);
    qi_make_empty(region, mode, QUIRE_KIND_NAMED_SHARED);
    if (qi_check_mapping(mode, flags, MEMORY_FLAGS, error) != QUIRE_OK
        || check_name(name, error) != QUIRE_OK) {
        return error->code;
    }
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    return qi_settle(region, os_shared_open(name, flags, region, error), error);
}

int32_t quire_shared_unlink(const char *name, quire_error *error) {
    qi_begin(error);
    if (check_name(name, error) != QUIRE_OK) {
        return error->code;
    }
    return os_shared_unlink(name, error);
}

int32_t quire_attach(long long process, long long handle, int32_t mode, int32_t flags,
                     quire_region *region, quire_error *error) {
    qi_begin(error);
    qi_make_empty(region, mode, QUIRE_KIND_ANONYMOUS_SHARED);
    if (qi_check_mapping(mode, flags, MEMORY_FLAGS, error) != QUIRE_OK) {
        return error->code;
    }
    if (process < 1 || handle < 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (qi_reserve_areas(1, error) != QUIRE_OK) {
        return error->code;
    }
    return qi_settle(region, os_attach(process, handle, flags, region, error), error);
}

/* ---- seals ---- */

static int has_seals(const quire_region *region) {
    return region->kind == QUIRE_KIND_ANONYMOUS_SHARED && region->handle != -1;
}

static int32_t check_seals(const quire_region *region, int32_t seals, quire_error *error) {
    qi_begin(error);
    int32_t all =
        QUIRE_SEAL_SHRINK | QUIRE_SEAL_GROW | QUIRE_SEAL_WRITE | QUIRE_SEAL_FUTURE_WRITE
            | QUIRE_SEAL_SEAL;
    if ((seals & ~all) != 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return has_seals(region) ? QUIRE_OK : qi_reject(error, QUIRE_E_UNSUPPORTED);
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
        return qi_reject(error, QUIRE_E_READ_ONLY);
    }
    return os_freeze(region, seals | QUIRE_SEAL_WRITE, error);
}

int32_t quire_query_seals(const quire_region *region, quire_seals *seals, quire_error *error) {
    qi_begin(error);
    *seals = (quire_seals){0};
    if (!has_seals(region)) {
        return qi_reject(error, QUIRE_E_UNSUPPORTED);
    }
    return os_query_seals(region, seals, error);
}

/* ---- waiting ---- */

static const char *word_at(const quire_region *region, long long offset, quire_error *error) {
    qi_begin(error);
    if (offset < 0 || region->length < (long long)sizeof(int32_t)
        || offset > region->length - (long long)sizeof(int32_t)) {
        qi_reject(error, QUIRE_E_OUT_OF_RANGE);
        return NULL;
    }
    long long address = region->address + offset;
    if (address % (long long)sizeof(int32_t) != 0) {
        qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
        return NULL;
    }
    return (const char *)(uintptr_t)address;
}

int32_t quire_wait(const quire_region *region, long long offset, int32_t expected, long long nanos,
                   quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && nanos < 0) {
        qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    } else if (word != NULL
        && qi_meets_loss(region, offset, (long long)sizeof(int32_t), qi_loss_count(region))) {
        qi_reject(error, QUIRE_E_FAULT); /* nobody else sees what is stored there */
    }
    return error->code != QUIRE_OK ? error->code : os_wait(word, expected, nanos, error);
}

int32_t quire_wake(const quire_region *region, long long offset, int32_t count,
                   quire_error *error) {
    const char *word = word_at(region, offset, error);
    if (word != NULL && count < 1) {
        qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return error->code != QUIRE_OK ? error->code : os_wake(word, count, error);
}

/*
 * quire_output.c - files that are written: argument checks, which are one for all systems.
 */
#include "quire_internal.h"

#include <limits.h>
#include <stdint.h>

static int32_t check_open(const quire_output *output, quire_error *error) {
    qi_begin(error);
    return output->handle == -1 ? qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1)
                                : QUIRE_OK;
}

static int32_t check_bytes(long long offset, long long length, quire_error *error) {
    if (offset < 0 || length < 0) {
        return qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    int is_far = offset > BYTES_MAX || length > BYTES_MAX;
    return is_far ? qi_reject(error, QUIRE_E_FILE_TOO_LARGE) : QUIRE_OK;
}

int32_t quire_output_create(const char *folder, const char *temporary, long long length,
                            int32_t flags, quire_output *output, quire_error *error) {
    qi_begin(error);
    *output = (quire_output){.handle = -1};
    if ((flags & ~(QUIRE_OUTPUT_NAMED | QUIRE_OUTPUT_PRIVATE)) != 0) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    if (check_bytes(0, length, error) != QUIRE_OK) {
        return error->code;
    }
    return os_output_create(folder, temporary, length, flags, output, error);
}

int32_t quire_output_open(const char *path, quire_output *output, quire_error *error) {
    qi_begin(error);
    *output = (quire_output){.handle = -1};
    return os_output_open(path, output, error);
}

int32_t quire_output_write(const quire_output *output, long long offset, long long bytes,
                           long long length, quire_error *error) {
    if (check_open(output, error) != QUIRE_OK || check_bytes(offset, length, error) != QUIRE_OK) {
        return error->code;
    }
    return os_output_write(output, offset, (const char *)(intptr_t)bytes, length, error);
}

int32_t quire_output_extend(const quire_output *output, long long length, long long tail,
                            long long tail_length, quire_error *error) {
    if (check_open(output, error) != QUIRE_OK
        || check_bytes(length, tail_length, error) != QUIRE_OK) {
        return error->code;
    }
    return os_output_extend(output, length, (const char *)(intptr_t)tail, tail_length, error);
}

int32_t quire_output_cut(const quire_output *output, long long length, quire_error *error) {
    if (check_open(output, error) != QUIRE_OK || check_bytes(0, length, error) != QUIRE_OK) {
        return error->code;
    }
    return os_output_cut(output, length, error);
}

int32_t quire_output_sync(const quire_output *output, int32_t all, quire_error *error) {
    return check_open(output, error) == QUIRE_OK ? os_output_sync(output, all, error) : error->code;
}

int32_t quire_output_publish(quire_output *output, const char *folder, const char *temporary,
                             const char *target, int32_t flags, quire_error *error) {
    int is_new = output->state == QUIRE_OUTPUT_UNNAMED || output->state == QUIRE_OUTPUT_TEMPORARY;
    if (check_open(output, error) != QUIRE_OK) {
        return error->code;
    }
    if (!is_new || (flags & ~QUIRE_OUTPUT_NEW) != 0) {
        return qi_fail(error, QUIRE_E_INVALID_ARGUMENT, CALL_NONE, 0, -1);
    }
    output->not_kept = 0;
    return os_output_publish(output, folder, temporary, target, flags, error);
}

int32_t quire_output_close(quire_output *output, const char *temporary, quire_error *error) {
    qi_begin(error);
    if (output->handle == -1) {
        return QUIRE_OK;
    }
    os_output_close(output, temporary, error);
    output->handle = -1;
    return error->code;
}

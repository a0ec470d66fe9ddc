/* quire_reads.c - reads into memory of the caller's: argument checks, which are one for all
   systems. */
#include "quire_internal.h"

#include <stdint.h>

static int32_t check_source(const quire_source *source, quire_error *error) {
    qi_begin(error);
    return source->handle == -1 ? qi_reject(error, QUIRE_E_INVALID_ARGUMENT) : QUIRE_OK;
}

static int is_range(const quire_read *read) {
    return read->offset >= 0 && read->length >= 0 && read->offset <= BYTES_MAX
           && read->length <= BYTES_MAX;
}

int32_t quire_source_open(const quire_region *region, const char *path, int32_t flags,
                          quire_source *source, quire_error *error) {
    qi_begin(error);
    *source = (quire_source){
        .handle = -1, .memory_alignment = 1, .offset_alignment = 1, .flags = flags};
    if ((flags & ~QUIRE_SOURCE_DIRECT) != 0 || region->kind != QUIRE_KIND_FILE
        || region->length == 0) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    return os_source_open(region, path, source, error);
}

int32_t quire_source_read(const quire_source *source, quire_read *read, quire_error *error) {
    read->done = 0;
    read->code = QUIRE_OK;
    read->os_number = 0;
    int32_t code = check_source(source, error);
    if (code == QUIRE_OK && !is_range(read)) {
        code = qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    int is_aligned = read->offset % source->offset_alignment == 0
                     && read->length % source->offset_alignment == 0
                     && read->destination % source->memory_alignment == 0;
    if (code == QUIRE_OK && !is_aligned) {
        code = qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    if (code == QUIRE_OK && read->length > 0) {
        code = os_source_read(source, read, &read->done, error);
    }
    read->code = code;
    read->os_number = error->os_number;
    return code;
}

int32_t quire_source_close(quire_source *source, quire_error *error) {
    qi_begin(error);
    if (source->handle != -1) {
        os_source_close(source);
        source->handle = -1;
    }
    return QUIRE_OK;
}

int32_t quire_reader_open(const quire_region *memory, long long depth, quire_reader *reader,
                          quire_error *error) {
    qi_begin(error);
    *reader = (quire_reader){.handle = -1, .memory = memory->address,
                             .memory_length = memory->length};
    int is_memory = memory->kind == QUIRE_KIND_ANONYMOUS_PRIVATE && memory->length > 0;
    if (!is_memory || depth < 1 || depth > QUIRE_READER_DEPTH) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    reader->depth = (int32_t)depth;
    return os_reader_open(reader, error);
}

static int goes_into(const quire_reader *reader, const quire_read *read) {
    long long at = read->destination - reader->memory;
    return is_range(read) && read->length > 0 && read->length <= INT32_MAX && at >= 0
           && read->length <= reader->memory_length - at;
}

int32_t quire_reader_submit(quire_reader *reader, const quire_read *reads, long long count,
                            quire_error *error) {
    qi_begin(error);
    if (reader->handle == -1 || count < 0 || count > reader->depth - reader->under_way) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    for (long long i = 0; i < count; i++) {
        if (!goes_into(reader, &reads[i])) {
            return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
        }
    }
    return count == 0 ? QUIRE_OK : os_reader_submit(reader, reads, count, error);
}

int32_t quire_reader_wait(quire_reader *reader, quire_read *arrived, long long least,
                          long long most, quire_error *error) {
    qi_begin(error);
    reader->arrived = 0;
    if (reader->handle == -1 || least < 0 || most < least) {
        return qi_reject(error, QUIRE_E_INVALID_ARGUMENT);
    }
    long long wanted = least < reader->under_way ? least : reader->under_way;
    return most == 0 || reader->under_way == 0
               ? QUIRE_OK : os_reader_wait(reader, arrived, wanted, most, error);
}

int32_t quire_reader_close(quire_reader *reader, quire_error *error) {
    qi_begin(error);
    quire_read arrived[16];
    int32_t code = QUIRE_OK;
    while (reader->handle != -1 && reader->under_way > 0 && code == QUIRE_OK) {
        reader->arrived = 0;
        code = os_reader_wait(reader, arrived, 1, 16, error);
    }
    if (reader->handle != -1) {
        os_reader_close(reader);
        reader->handle = -1;
    }
    return code;
}

int32_t quire_query_page_cache(const char *path, long long offset, long long length,
                               quire_page_cache *counts, quire_error *error) {
    qi_begin(error);
    *counts = (quire_page_cache){.page_size = os_page_size()};
    if (offset < 0 || length < -1 || offset > BYTES_MAX || length > BYTES_MAX) {
        return qi_reject(error, QUIRE_E_OUT_OF_RANGE);
    }
    return length == 0 ? QUIRE_OK : os_query_page_cache(path, offset, length, counts, error);
}

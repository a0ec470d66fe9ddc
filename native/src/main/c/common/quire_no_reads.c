/* quire_no_reads.c - systems on which this library has no reads past the page cache, and which do
   not tell what the page cache has. */
#if !defined(__linux__)

#include "quire_internal.h"

int32_t os_reader_open(quire_reader *reader, quire_error *error) {
    (void)reader;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

int32_t os_reader_submit(quire_reader *reader, const quire_read *reads, long long count,
                         quire_error *error) {
    (void)reader;
    (void)reads;
    (void)count;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

int32_t os_reader_wait(quire_reader *reader, quire_read *arrived, long long least, long long most,
                       quire_error *error) {
    (void)reader;
    (void)arrived;
    (void)least;
    (void)most;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

/* There is none that is open. */
void os_reader_close(const quire_reader *reader) {
    (void)reader;
}

int32_t os_query_page_cache(const char *path, long long offset, long long length,
                            quire_page_cache *counts, quire_error *error) {
    (void)path;
    (void)offset;
    (void)length;
    (void)counts;
    return qi_reject(error, QUIRE_E_UNSUPPORTED);
}

#endif

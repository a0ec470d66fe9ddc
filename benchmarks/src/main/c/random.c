/* What the device can do: reads at random, past the page cache, so many at once. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { RECORD = 4096, MOST_THREADS = 256 };

struct share {
    int file;
    const long long *offsets;
    long long count;
    long long step;
    long long failed;
};

static void *read_share(void *argument) {
    struct share *share = argument;
    void *buffer = aligned_alloc(RECORD, RECORD);
    share->failed = buffer == NULL;
    for (long long i = 0; buffer != NULL && i < share->count; i += share->step)
        share->failed += pread(share->file, buffer, RECORD, share->offsets[i]) != RECORD;
    free(buffer);
    return NULL;
}

/* Reads 4 KiB at each offset, by so many threads, each with one read under way; how many reads
   failed, or -1. */
long long read_records(const char *path, const long long *offsets, long long count,
                       long long depth) {
    pthread_t threads[MOST_THREADS];
    struct share shares[MOST_THREADS];
    int file = open(path, O_RDONLY | O_CLOEXEC | O_DIRECT);
    if (file < 0 || depth > MOST_THREADS) return -1;
    long long started = 0, failed = 0;
    for (; started < depth; started++) {
        shares[started] = (struct share){file, offsets + started, count - started, depth, 0};
        if (pthread_create(&threads[started], NULL, read_share, &shares[started])) break;
    }
    for (long long i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
        failed += shares[i].failed;
    }
    close(file);
    return started == depth ? failed : -1;
}

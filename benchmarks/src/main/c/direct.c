/* Reads at random over several files by io_uring and O_DIRECT into registered buffers, in batches:
   a batch is submitted whole and waited for whole. The kernel's interface alone, no library. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/io_uring.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { RECORD = 4096, MOST_FILES = 64 };

struct ring {
    int descriptor;
    unsigned int *tail, *mask, *array, *head_done, *tail_done, *mask_done;
    struct io_uring_sqe *entries;
    struct io_uring_cqe *done;
};

static int open_ring(struct ring *ring, unsigned int depth, char *buffers) {
    struct io_uring_params setup;
    memset(&setup, 0, sizeof setup);
    ring->descriptor = (int)syscall(SYS_io_uring_setup, depth, &setup);
    if (ring->descriptor < 0 || !(setup.features & IORING_FEAT_SINGLE_MMAP)) return -1;
    size_t asked = setup.sq_off.array + setup.sq_entries * sizeof(unsigned int);
    size_t done = setup.cq_off.cqes + setup.cq_entries * sizeof(struct io_uring_cqe);
    char *rings = mmap(NULL, asked > done ? asked : done, PROT_READ | PROT_WRITE,
                       MAP_SHARED | MAP_POPULATE, ring->descriptor, IORING_OFF_SQ_RING);
    ring->entries = mmap(NULL, setup.sq_entries * sizeof *ring->entries, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_POPULATE, ring->descriptor, IORING_OFF_SQES);
    if (rings == MAP_FAILED || ring->entries == MAP_FAILED) return -1;
    ring->tail = (unsigned int *)(rings + setup.sq_off.tail);
    ring->mask = (unsigned int *)(rings + setup.sq_off.ring_mask);
    ring->array = (unsigned int *)(rings + setup.sq_off.array);
    ring->head_done = (unsigned int *)(rings + setup.cq_off.head);
    ring->tail_done = (unsigned int *)(rings + setup.cq_off.tail);
    ring->mask_done = (unsigned int *)(rings + setup.cq_off.ring_mask);
    ring->done = (struct io_uring_cqe *)(rings + setup.cq_off.cqes);
    struct iovec memory = {buffers, (size_t)depth * RECORD};
    return (int)syscall(SYS_io_uring_register, ring->descriptor, IORING_REGISTER_BUFFERS,
                        &memory, 1);
}

static long long run_batch(struct ring *ring, const int *files, long long file_count,
                           const long long *offsets, unsigned int count, long long first,
                           char *buffers) {
    unsigned int tail = *ring->tail;
    for (unsigned int i = 0; i < count; i++, tail++) {
        unsigned int at = tail & *ring->mask;
        struct io_uring_sqe *entry = &ring->entries[at];
        memset(entry, 0, sizeof *entry);
        entry->opcode = IORING_OP_READ_FIXED;
        entry->fd = files[(first + i) % file_count];
        entry->off = (unsigned long long)offsets[i];
        entry->addr = (unsigned long long)(buffers + (size_t)i * RECORD);
        entry->len = RECORD;
        ring->array[at] = at;
    }
    __atomic_store_n(ring->tail, tail, __ATOMIC_RELEASE);
    if (syscall(SYS_io_uring_enter, ring->descriptor, count, count, IORING_ENTER_GETEVENTS, NULL,
                0) != count) {
        return count;
    }
    long long failed = 0;
    unsigned int head = *ring->head_done;
    for (; head != __atomic_load_n(ring->tail_done, __ATOMIC_ACQUIRE); head++) {
        failed += ring->done[head & *ring->mask_done].res != RECORD;
    }
    __atomic_store_n(ring->head_done, head, __ATOMIC_RELEASE);
    return failed;
}

/* Reads 4 KiB at each offset, of one file after the other; paths end with a zero byte each. How
   many reads failed, or -1. */
long long read_batches(const char *paths, long long file_count, const long long *offsets,
                       long long count, long long depth) {
    int files[MOST_FILES];
    struct ring ring;
    char *buffers = aligned_alloc(RECORD, (size_t)depth * RECORD);
    long long failed = buffers == NULL || file_count > MOST_FILES
                       || open_ring(&ring, (unsigned int)depth, buffers);
    for (long long i = 0; i < file_count && !failed; i++, paths += strlen(paths) + 1) {
        files[i] = open(paths, O_RDONLY | O_CLOEXEC | O_DIRECT);
        failed |= files[i] < 0;
    }
    if (failed) return -1;
    for (long long from = 0; from < count; from += depth) {
        long long part = count - from < depth ? count - from : depth;
        failed += run_batch(&ring, files, file_count, offsets + from, (unsigned int)part,
                            from, buffers);
    }
    for (long long i = 0; i < file_count; i++) close(files[i]);
    close(ring.descriptor);
    free(buffers);
    return failed;
}

/* quire_linux_reads.c - Linux: reads past the page cache by io_uring, and what the page cache
   has. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of the kernel's interface, for C libraries that are older than it: include/uapi of the kernel.
   These numbers are one for every architecture. */
enum { RING_SETUP = 425, RING_ENTER = 426, RING_REGISTER = 427, PAGE_CACHE_STATE = 451 };
enum { ONE_MAPPING = 1, READS_AT_ANY_PLACE = 8 }; /* features: the second one is Linux 5.6 */
enum { WAIT_FOR_EVENTS = 1 };
enum { REGISTER_BUFFERS = 0 };
enum { OPERATION_READ_FIXED = 4, OPERATION_READ = 22 };
enum { EMPTY_PATH = 0x1000, ASK_ALIGNMENT = 0x2000 };
#define OFFSET_OF_ENTRIES 0x10000000LL

/* This one is not: older headers have no name for it. */
#if defined(__aarch64__)
enum { CALL_STATX = 291 };
#else
enum { CALL_STATX = 332 };
#endif

typedef struct submission_places {
    uint32_t head, tail, mask, entries, flags, dropped, array, reserved;
    uint64_t address;
} submission_places;

typedef struct completion_places {
    uint32_t head, tail, mask, entries, overflow, events, flags, reserved;
    uint64_t address;
} completion_places;

typedef struct ring_setup {
    uint32_t submissions, completions, flags, processor, idle, features, workers, reserved[3];
    submission_places submission;
    completion_places completion;
} ring_setup;

typedef struct submission {
    uint8_t operation, flags;
    uint16_t priority;
    int32_t descriptor;
    uint64_t offset, address;
    uint32_t length, how;
    uint64_t tag;
    uint16_t buffer, personality;
    int32_t splice;
    uint64_t more[2];
} submission;

typedef struct completion {
    uint64_t tag;
    int32_t result;
    uint32_t flags;
} completion;

_Static_assert(sizeof(ring_setup) == 120 && sizeof(submission) == 64 && sizeof(completion) == 16,
               "as the kernel has them");

/* Where what is in the ring: quire_reader.places. */
enum { HEAD_DONE, TAIL_DONE, MASK_DONE, DONE, TAIL_ASKED, MASK_ASKED, ASKED };

/* ---- how reads past the page cache have to be aligned ---- */

typedef struct file_facts {
    uint32_t known, block;
    uint64_t more[17];
    uint64_t mount;
    uint32_t memory_alignment, offset_alignment;
    uint64_t rest[12];
} file_facts;

_Static_assert(sizeof(file_facts) == 256, "as the kernel has it");

int sys_direct_access(void) {
    return O_DIRECT;
}

int sys_direct_alignment(int descriptor, long long *memory, long long *offset) {
    file_facts facts = {0};
    if (syscall(CALL_STATX, descriptor, "", EMPTY_PATH, ASK_ALIGNMENT, &facts) != 0
        || (facts.known & ASK_ALIGNMENT) == 0 || facts.offset_alignment == 0
        || facts.memory_alignment == 0) {
        return 0;
    }
    *memory = facts.memory_alignment;
    *offset = facts.offset_alignment;
    return 1;
}

/* ---- the ring ---- */

static int32_t refuse_ring(quire_error *error, int number) {
    int is_forbidden = number == ENOSYS || number == EPERM || number == EACCES || number == EINVAL;
    return is_forbidden ? qi_fail(error, QUIRE_E_UNSUPPORTED, CALL_RING_OPEN, number, -1)
           : qi_refuse(error, CALL_RING_OPEN, number);
}

static atomic_uint *word_at(const quire_reader *reader, int place) {
    return (atomic_uint *)(intptr_t)(reader->ring + reader->places[place]);
}

static int map_part(const quire_reader *reader, long long length, long long from,
                    long long *address) {
    void *start = mmap(NULL, (size_t)length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
                       (int)reader->handle, (off_t)from);
    *address = start == MAP_FAILED ? 0 : (long long)(intptr_t)start;
    return start == MAP_FAILED ? errno : 0;
}

static int map_ring(quire_reader *reader, const ring_setup *setup) {
    long long asked = setup->submission.array + setup->submissions * 4LL;
    long long done = setup->completion.events + setup->completions * (long long)sizeof(completion);
    reader->ring_length = asked > done ? asked : done;
    reader->entries_length = setup->submissions * (long long)sizeof(submission);
    int number = map_part(reader, reader->ring_length, 0, &reader->ring);
    if (number == 0) {
        number = map_part(reader, reader->entries_length, OFFSET_OF_ENTRIES, &reader->entries);
    }
    reader->places[HEAD_DONE] = (int32_t)setup->completion.head;
    reader->places[TAIL_DONE] = (int32_t)setup->completion.tail;
    reader->places[MASK_DONE] = (int32_t)setup->completion.mask;
    reader->places[DONE] = (int32_t)setup->completion.events;
    reader->places[TAIL_ASKED] = (int32_t)setup->submission.tail;
    reader->places[MASK_ASKED] = (int32_t)setup->submission.mask;
    reader->places[ASKED] = (int32_t)setup->submission.array;
    return number;
}

/* Of memory, which the limit of areas counts. */
enum { AREAS = 2 };

int32_t os_reader_open(quire_reader *reader, quire_error *error) {
    ring_setup setup = {0};
    if (qi_reserve_areas(AREAS, error) != QUIRE_OK) {
        return error->code;
    }
    long descriptor = syscall(RING_SETUP, (unsigned int)reader->depth, &setup);
    if (descriptor < 0) {
        int number = errno;
        qi_release_areas(AREAS);
        return refuse_ring(error, number);
    }
    reader->handle = descriptor;
    int wanted = ONE_MAPPING | READS_AT_ANY_PLACE;
    int number = ((int)setup.features & wanted) == wanted ? map_ring(reader, &setup) : ENOSYS;
    if (number == 0 && syscall(RING_ENTER, (int)descriptor, 0U, 0U, 0U, NULL, 0) < 0) {
        number = errno; /* a filter may forbid this call alone */
    }
    if (number != 0) {
        os_reader_close(reader);
        reader->handle = -1;
        return refuse_ring(error, number);
    }
    struct iovec memory = {(void *)(intptr_t)reader->memory, (size_t)reader->memory_length};
    reader->registered = syscall(RING_REGISTER, (int)descriptor, REGISTER_BUFFERS, &memory, 1) == 0;
    return QUIRE_OK;
}

void os_reader_close(const quire_reader *reader) {
    if (reader->entries != 0) {
        munmap((void *)(intptr_t)reader->entries, (size_t)reader->entries_length);
    }
    if (reader->ring != 0) {
        munmap((void *)(intptr_t)reader->ring, (size_t)reader->ring_length);
    }
    close((int)reader->handle);
    qi_release_areas(AREAS);
}

static void describe(const quire_reader *reader, unsigned int place, const quire_read *read) {
    submission *entry = (submission *)(intptr_t)reader->entries + place;
    *entry = (submission){
        .operation = reader->registered ? OPERATION_READ_FIXED : OPERATION_READ,
        .descriptor = (int32_t)read->source,
        .offset = (uint64_t)read->offset,
        .address = (uint64_t)read->destination,
        .length = (uint32_t)read->length,
        .tag = (uint64_t)read->tag,
    };
    ((uint32_t *)(intptr_t)(reader->ring + reader->places[ASKED]))[place] = place;
}

/* What the kernel did not take is taken back: it looks at the ring in the call alone. */
int32_t os_reader_submit(quire_reader *reader, const quire_read *reads, long long count,
                         quire_error *error) {
    atomic_uint *tail = word_at(reader, TAIL_ASKED);
    unsigned int mask = *(unsigned int *)(intptr_t)(reader->ring + reader->places[MASK_ASKED]);
    unsigned int first = atomic_load_explicit(tail, memory_order_relaxed);
    for (long long i = 0; i < count; i++) {
        describe(reader, (first + (unsigned int)i) & mask, &reads[i]);
    }
    atomic_store_explicit(tail, first + (unsigned int)count, memory_order_release);
    long long begun = 0;
    while (begun < count) {
        long taken = syscall(RING_ENTER, (int)reader->handle, (unsigned int)(count - begun), 0U, 0U,
                             NULL, 0);
        int number = taken < 0 ? errno : 0;
        begun += taken > 0 ? taken : 0;
        if (taken == 0 || (number != 0 && number != EINTR)) {
            atomic_store_explicit(tail, first + (unsigned int)begun, memory_order_release);
            reader->under_way += begun;
            return qi_refuse(error, CALL_RING_ENTER, number != 0 ? number : EAGAIN);
        }
    }
    reader->under_way += count;
    return QUIRE_OK;
}

static void store_result(const completion *event, quire_read *read) {
    *read = (quire_read){.tag = (long long)event->tag};
    if (event->result >= 0) {
        read->done = event->result;
    } else {
        quire_error why;
        read->code = qi_refuse(&why, CALL_READ, -event->result);
        read->os_number = -event->result;
    }
}

static long long take_events(quire_reader *reader, quire_read *arrived, long long most) {
    atomic_uint *head = word_at(reader, HEAD_DONE);
    unsigned int mask = *(unsigned int *)(intptr_t)(reader->ring + reader->places[MASK_DONE]);
    unsigned int at = atomic_load_explicit(head, memory_order_relaxed);
    unsigned int end = atomic_load_explicit(word_at(reader, TAIL_DONE), memory_order_acquire);
    const completion *events =
        (const completion *)(intptr_t)(reader->ring + reader->places[DONE]);
    long long taken = 0;
    for (; at != end && taken < most; at++, taken++) {
        store_result(&events[at & mask], &arrived[taken]);
    }
    atomic_store_explicit(head, at, memory_order_release);
    return taken;
}

int32_t os_reader_wait(quire_reader *reader, quire_read *arrived, long long least, long long most,
                       quire_error *error) {
    for (;;) {
        long long taken = take_events(reader, arrived + reader->arrived, most - reader->arrived);
        reader->arrived += taken;
        reader->under_way -= taken;
        long long missing = least - reader->arrived;
        if (missing <= 0) {
            return QUIRE_OK;
        }
        if (syscall(RING_ENTER, (int)reader->handle, 0U, (unsigned int)missing,
            (unsigned int)WAIT_FOR_EVENTS, NULL, 0) < 0 && errno != EINTR) {
            return qi_refuse(error, CALL_RING_ENTER, errno);
        }
    }
}

/* ---- the page cache ---- */

int32_t os_query_page_cache(const char *path, long long offset, long long length,
                            quire_page_cache *counts, quire_error *error) {
    file opened;
    if (qi_open_file(path, O_RDONLY, 0, &opened, error) != QUIRE_OK) {
        return error->code;
    }
    uint64_t range[2] = {(uint64_t)offset, length == -1 ? 0 : (uint64_t)length};
    uint64_t pages[5] = {0};
    long result = syscall(PAGE_CACHE_STATE, opened.descriptor, range, pages, 0U);
    int number = result == 0 ? 0 : errno;
    qi_close_file(&opened);
    if (number == EPERM) {
        return qi_fail(error, QUIRE_E_ACCESS_DENIED, CALL_PAGE_CACHE, number, -1);
    }
    if (number != 0) {
        return qi_refuse(error, CALL_PAGE_CACHE, number);
    }
    counts->cached = (long long)pages[0];
    counts->dirty = (long long)pages[1];
    counts->writeback = (long long)pages[2];
    counts->evicted = (long long)pages[3];
    counts->recently_evicted = (long long)pages[4];
    return QUIRE_OK;
}

#endif

/* check_ring_reads.c - reads into memory of the caller's: one at a time, many at once past the page
   cache, and what the page cache has. */
#include "check.h"

/* musl's compiler looks for no headers of the kernel's. */
#if defined(__linux__) && __has_include(<linux/filter.h>)
#define HAS_KERNEL_HEADERS
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#endif

static const char path[] = "check_ring_reads.bin";
enum { DEPTH = 64, SLOT = 8192, LENGTH = 1 << 20 };

static quire_region file;
static quire_region memory;

static void open_file(void) {
    write_file(path, LENGTH + 1000);
    CHECK_OK(map_file(path, 0, -1, QUIRE_READ_ONLY, 0, &file, &error));
    CHECK_OK(quire_map_anonymous(DEPTH * SLOT, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &memory, &error));
}

static void close_file(void) {
    unmap(&file);
    unmap(&memory);
    CHECK(remove(path) == 0);
}

/* The bytes in memory at a place are those of the file from an offset on. */
static int is_read(long long at, long long offset, long long length) {
    for (long long i = 0; i < length; i++) {
        if (bytes(&memory)[at + i] != pattern(offset + i)) {
            printf("byte %lld is %d: ", offset + i, bytes(&memory)[at + i]);
            return 0;
        }
    }
    return 1;
}

/* ---- one at a time: the same everywhere ---- */

static void check_source(void) {
    static const long long places[][3] = {
        /* offset, length, how much of it there is */
        {0, 1, 1}, {1, 4095, 4095}, {4096, 4096, 4096}, {12345, 300000, 300000}, {7, 0, 0},
        {LENGTH + 999, 1, 1}, {LENGTH, 4096, 1000}, {LENGTH + 1000, 10, 0}, {1LL << 40, 10, 0},
    };
    quire_source source;
    CHECK_OK(quire_source_open(&file, path, 0, &source, &error));
    CHECK(source.handle != -1 && source.memory_alignment == 1 && source.offset_alignment == 1);
    CHECK_EQUAL(source.size, LENGTH + 1000);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        memset(bytes(&memory), 0, DEPTH * SLOT);
        quire_read read = {.offset = places[i][0], .length = places[i][1],
                           .destination = memory.address + 3, .tag = 9};
        CHECK_OK(quire_source_read(&source, &read, &error));
        CHECK(read.code == QUIRE_OK && read.tag == 9);
        CHECK_EQUAL(read.done, places[i][2]);
        CHECK(is_read(3, read.offset, read.done));
        CHECK(bytes(&memory)[2] == 0 && bytes(&memory)[3 + read.done] == 0);
    }
    quire_read outside = {.offset = -1, .length = 1, .destination = memory.address};
    CHECK_CODE(quire_source_read(&source, &outside, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_EQUAL(outside.code, QUIRE_E_OUT_OF_RANGE);
    CHECK_OK(quire_source_close(&source, &error));
    CHECK_OK(quire_source_close(&source, &error));
    CHECK_CODE(quire_source_read(&source, &outside, &error), QUIRE_E_INVALID_ARGUMENT);
}

static void check_refused(void) {
    quire_source source;
    quire_region empty;
    CHECK_OK(map_file(path, 0, 0, QUIRE_READ_ONLY, 0, &empty, &error));
    CHECK_CODE(quire_source_open(&empty, path, 0, &source, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_source_open(&memory, path, 0, &source, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_source_open(&file, path, 2, &source, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_source_open(&file, "none.bin", 0, &source, &error), QUIRE_E_NOT_FOUND);
    write_file("check_ring_reads.other", 10);
    CHECK_CODE(quire_source_open(&file, "check_ring_reads.other", 0, &source, &error),
               QUIRE_E_FILE_REPLACED);
    CHECK(source.handle == -1);
    CHECK(remove("check_ring_reads.other") == 0);
    unmap(&empty);
    quire_page_cache counts;
    CHECK_CODE(quire_query_page_cache(path, -1, 1, &counts, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_CODE(quire_query_page_cache(path, 0, -2, &counts, &error), QUIRE_E_OUT_OF_RANGE);
    CHECK_OK(quire_query_page_cache("none.bin", 0, 0, &counts, &error));
}

static void check_no_reader(void) {
    quire_reader reader;
    quire_source source;
    quire_page_cache counts;
    CHECK_CODE(quire_reader_open(&memory, DEPTH, &reader, &error), QUIRE_E_UNSUPPORTED);
    CHECK(reader.handle == -1);
    CHECK_OK(quire_reader_close(&reader, &error));
    CHECK_CODE(quire_source_open(&file, path, QUIRE_SOURCE_DIRECT, &source, &error),
               QUIRE_E_UNSUPPORTED);
    CHECK_CODE(quire_query_page_cache(path, 0, -1, &counts, &error), QUIRE_E_UNSUPPORTED);
}

/* ---- many at once ---- */

#if defined(HAS_KERNEL_HEADERS)

static int count_descriptors(void) {
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (folder != NULL && readdir(folder) != NULL) {
        count++;
    }
    closedir(folder);
    return count;
}

static quire_read read_at(const quire_source *source, long long offset, long long slot) {
    return (quire_read){.source = source->handle, .offset = offset, .length = SLOT,
                        .destination = memory.address + slot * SLOT, .tag = slot};
}

/* Each read of a round goes into a slot of its own; the last ones meet the end of the file. */
static void check_rounds(quire_reader *reader, const quire_source *source, int rounds) {
    quire_read reads[DEPTH];
    long long next = 1;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < DEPTH; i++) {
            next = next * 48271 % 2147483647;
            long long last = LENGTH / SLOT;
            reads[i] = read_at(source, next % (last + 1) * SLOT, i);
        }
        memset(bytes(&memory), 0, DEPTH * SLOT);
        quire_read asked[DEPTH];
        memcpy(asked, reads, sizeof reads);
        CHECK_OK(quire_reader_submit(reader, reads, DEPTH / 2, &error));
        CHECK_OK(quire_reader_submit(reader, reads + DEPTH / 2, DEPTH / 2, &error));
        CHECK_EQUAL(reader->under_way, DEPTH);
        int seen[DEPTH] = {0};
        for (int left = DEPTH; left > 0; left -= (int)reader->arrived) {
            if (!CHECK_OK(quire_reader_wait(reader, reads, 5, DEPTH, &error))) {
                return;
            }
            CHECK(reader->arrived >= (left < 5 ? left : 5));
            for (int i = 0; i < reader->arrived; i++) {
                const quire_read *from = &asked[reads[i].tag];
                long long there = LENGTH + 1000 - from->offset;
                CHECK(seen[reads[i].tag]++ == 0);
                CHECK_EQUAL(reads[i].code, QUIRE_OK);
                CHECK_EQUAL(reads[i].done, there < SLOT ? there : SLOT);
                CHECK(is_read(reads[i].tag * SLOT, from->offset, reads[i].done));
            }
        }
        CHECK_EQUAL(reader->under_way, 0);
    }
}

static void check_mistakes(quire_reader *reader, const quire_source *source) {
    quire_read reads[DEPTH + 1];
    for (int i = 0; i <= DEPTH; i++) {
        reads[i] = read_at(source, 0, i % DEPTH);
    }
    CHECK_CODE(quire_reader_submit(reader, reads, DEPTH + 1, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reader_submit(reader, reads, -1, &error), QUIRE_E_INVALID_ARGUMENT);
    static const long long outside[] = {-1, DEPTH * SLOT - SLOT + 1, INT32_MAX};
    for (int i = 0; i < 3; i++) {
        reads[1].destination = memory.address + outside[i];
        CHECK_CODE(quire_reader_submit(reader, reads, 2, &error), QUIRE_E_INVALID_ARGUMENT);
        CHECK_EQUAL(reader->under_way, 0);
    }
    CHECK_CODE(quire_reader_wait(reader, reads, -1, 1, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reader_wait(reader, reads, 2, 1, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_OK(quire_reader_wait(reader, reads, 1, 1, &error));
    CHECK_EQUAL(reader->arrived, 0);
    /* A read that the kernel refuses is a result, and the others arrive. */
    reads[0] = read_at(source, 0, 0);
    reads[0].source = 1 << 20;
    reads[1] = read_at(source, SLOT, 1);
    CHECK_OK(quire_reader_submit(reader, reads, 2, &error));
    CHECK_OK(quire_reader_wait(reader, reads, 2, 2, &error));
    for (int i = 0; i < 2; i++) {
        int is_wrong = reads[i].tag == 0;
        CHECK_EQUAL(reads[i].os_number, is_wrong ? EBADF : 0);
        CHECK_EQUAL(reads[i].code, is_wrong ? QUIRE_E_INVALID_ARGUMENT : QUIRE_OK);
        CHECK_EQUAL(reads[i].done, is_wrong ? 0 : SLOT);
    }
}

/* Closing waits for what is under way: nothing is written into memory that is somebody else's. */
static void check_end(const quire_source *source) {
    int before = count_descriptors();
    for (int round = 0; round < 300; round++) {
        quire_reader reader;
        CHECK_OK(quire_reader_open(&memory, DEPTH, &reader, &error));
        quire_read reads[DEPTH];
        for (int i = 0; i < DEPTH; i++) {
            reads[i] = read_at(source, i * (LENGTH / DEPTH) / SLOT * SLOT, i);
        }
        CHECK_OK(quire_reader_submit(&reader, reads, round % (DEPTH + 1), &error));
        CHECK_OK(quire_reader_close(&reader, &error));
        CHECK_OK(quire_reader_close(&reader, &error));
        CHECK(reader.handle == -1 && reader.under_way == 0);
        memset(bytes(&memory), 0, DEPTH * SLOT);
        CHECK(is_zero(&memory, 0, DEPTH * SLOT));
    }
    CHECK_EQUAL(count_descriptors(), before);
}

static void check_readers(int direct) {
    quire_source source;
    int32_t code = quire_source_open(&file, path, direct ? QUIRE_SOURCE_DIRECT : 0, &source,
                                     &error);
    if (code == QUIRE_E_UNSUPPORTED && direct) {
        skip("this file system has no reads past the page cache");
        return;
    }
    CHECK_OK(code);
    quire_reader reader;
    CHECK_OK(quire_reader_open(&memory, DEPTH, &reader, &error));
    check_rounds(&reader, &source, 30);
    check_mistakes(&reader, &source);
    CHECK_OK(quire_reader_close(&reader, &error));
    check_end(&source);
    CHECK_OK(quire_source_close(&source, &error));
}

/* What is read past the page cache is not in it afterwards. */
static void check_past_cache(void) {
    quire_source source;
    quire_reader reader;
    quire_page_cache counts;
    int32_t code = quire_source_open(&file, path, QUIRE_SOURCE_DIRECT, &source, &error);
    if (code == QUIRE_E_UNSUPPORTED) {
        skip("this file system has no reads past the page cache");
        return;
    }
    CHECK_OK(code);
    CHECK(source.memory_alignment > 1 && source.offset_alignment > 1);
    quire_outcome outcome;
    CHECK_OK(quire_evict(&file, path, 0, file.length, &outcome, &error));
    code = quire_query_page_cache(path, 0, -1, &counts, &error);
    if (code == QUIRE_E_UNSUPPORTED) {
        skip("this kernel does not tell what the page cache has");
    } else if (counts.cached == 0) {
        CHECK_OK(code);
        CHECK_OK(quire_reader_open(&memory, DEPTH, &reader, &error));
        check_rounds(&reader, &source, 1);
        CHECK_OK(quire_reader_close(&reader, &error));
        CHECK_OK(quire_query_page_cache(path, 0, -1, &counts, &error));
        CHECK_EQUAL(counts.cached, 0);
        CHECK_OK(quire_populate(&file, 0, 4 * counts.page_size, 0, &outcome, &error));
        CHECK_OK(quire_query_page_cache(path, 0, 4 * counts.page_size, &counts, &error));
        CHECK_EQUAL(counts.cached, 4);
    }
    quire_read crooked = {.offset = 1, .length = SLOT, .destination = memory.address};
    CHECK_CODE(quire_source_read(&source, &crooked, &error), QUIRE_E_INVALID_ARGUMENT);
    crooked = (quire_read){.offset = LENGTH, .length = SLOT, .destination = memory.address};
    CHECK_OK(quire_source_read(&source, &crooked, &error));
    CHECK_EQUAL(crooked.done, 1000);
    CHECK_OK(quire_source_close(&source, &error));
}

/* ---- where it is forbidden, and on kernels that do not have it ---- */

static void forbid(int first_call, int last_call, int number) {
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (unsigned int)first_call, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (unsigned int)last_call, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned int)number),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {sizeof rules / sizeof *rules, rules};
    CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static void check_forbidden(int first_call, int last_call, int number) {
    int before = count_descriptors();
    forbid(first_call, last_call, number);
    quire_reader reader;
    CHECK_CODE(quire_reader_open(&memory, DEPTH, &reader, &error), QUIRE_E_UNSUPPORTED);
    CHECK_EQUAL(error.os_number, number);
    CHECK(reader.handle == -1);
    CHECK_EQUAL(count_descriptors(), before);
    check_source();
}

static void child_of_an_old_kernel(void) {
    check_forbidden(425, 427, ENOSYS);
}

static void child_that_may_not(void) {
    check_forbidden(425, 425, EPERM);
}

static void child_that_may_only_open(void) {
    check_forbidden(426, 426, EPERM);
}

/* Enough for the ring itself, which counts too, and less than the memory. */
enum { RING_BYTES = DEPTH * SLOT / 4 };

/* The memory cannot be pinned: reads cost more and give the same. */
static void child_without_locks(void) {
    LIMIT_TO(RLIMIT_MEMLOCK, RING_BYTES);
    quire_reader reader;
    quire_source source;
    CHECK_OK(quire_source_open(&file, path, 0, &source, &error));
    drop_privileges();
    if (!CHECK_OK(quire_reader_open(&memory, DEPTH, &reader, &error))) {
        return;
    }
    CHECK_EQUAL(reader.registered, 0);
    check_rounds(&reader, &source, 3);
    CHECK_OK(quire_reader_close(&reader, &error));
    CHECK_OK(quire_source_close(&source, &error));
}

static void child_that_may_not_ask(void) {
    drop_privileges();
    quire_page_cache counts;
    int32_t code = quire_query_page_cache("/etc/passwd", 0, -1, &counts, &error);
    CHECK(code == QUIRE_E_ACCESS_DENIED || code == QUIRE_E_UNSUPPORTED);
}

static void check_system(void) {
    quire_reader reader;
    if (quire_reader_open(&memory, DEPTH, &reader, &error) == QUIRE_E_UNSUPPORTED) {
        skip("there is no io_uring here");
        return;
    }
    CHECK(reader.registered == 0 || reader.registered == 1);
    CHECK_OK(quire_reader_close(&reader, &error));
    CHECK_CODE(quire_reader_open(&memory, 0, &reader, &error), QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reader_open(&memory, QUIRE_READER_DEPTH + 1, &reader, &error),
               QUIRE_E_INVALID_ARGUMENT);
    CHECK_CODE(quire_reader_open(&file, DEPTH, &reader, &error), QUIRE_E_INVALID_ARGUMENT);
    check_readers(0);
    check_readers(1);
    check_past_cache();
    CHECK_IN_CHILD(child_of_an_old_kernel);
    CHECK_IN_CHILD(child_that_may_not);
    CHECK_IN_CHILD(child_that_may_only_open);
    CHECK_IN_CHILD(child_without_locks);
    CHECK_IN_CHILD(child_that_may_not_ask);
}

#else

static void check_system(void) {
    if (platform()->os == QUIRE_OS_LINUX) {
        printf("skip: no headers of the kernel's\n");
    }
}

#endif

int main(void) {
    open_file();
    check_source();
    check_refused();
    check_system();
    if (platform()->os != QUIRE_OS_LINUX) {
        check_no_reader();
    }
    close_file();
    return summary("check_ring_reads");
}

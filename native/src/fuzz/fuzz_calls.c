/* fuzz_calls.c - the C layer's checks of arguments, for libFuzzer and for fuzz_driver.c: an input
   is a kind of memory and the calls for it. Whatever they are given, calls end with a code of
   theirs, tell the same in their error, and leave the memory of everybody else alone. */
#define _GNU_SOURCE
#include "quire.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAGES 5
#define WORDS 4

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

/* What is left of the input; zeros behind its end. */
typedef struct input {
    const unsigned char *next;
    size_t left;
} input;

/* Memory that is called for, and a neighbour that no call may change. */
typedef struct target {
    quire_region region;
    const char *path;
    long long page;
    quire_error error;
} target;

static char path[64];

static void require(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "fuzz_calls: not so: %s\n", what);
        abort();
    }
}

static unsigned char take_byte(input *from) {
    if (from->left == 0) {
        return 0;
    }
    from->left--;
    return *from->next++;
}

static long long take_raw(input *from) {
    unsigned long long value = 0;
    for (int i = 0; i < 8; i++) {
        value = value << 8 | take_byte(from);
    }
    return (long long)value;
}

/* Mostly a number near a limit: of the region, of a page, of the type. */
static long long take_number(input *from, const target *on) {
    const long long near[] = {0, 1, -1, on->page, on->page * 2, on->region.length,
        on->region.base_length, on->region.length / 2, LLONG_MAX, LLONG_MIN, INT_MAX, -on->page};
    unsigned char choice = take_byte(from);
    if (choice >= 224) {
        return take_raw(from);
    }
    long long number = near[choice % (sizeof near / sizeof *near)];
    int beside = choice / 64 - 1; /* -1, 0, 1 */
    return (long long)((unsigned long long)number + (unsigned long long)beside);
}

static int32_t take_int(input *from) {
    unsigned char choice = take_byte(from);
    return choice < 240 ? choice % 32 - 4 : (int32_t)take_raw(from);
}

static void require_answer(const target *on, int32_t code) {
    require(strcmp(quire_code_name(code), "") != 0, "the code has a name");
    require(on->error.code == code, "the error tells the code that is returned");
    require(strcmp(quire_call_name(on->error.call), "") != 0 || on->error.call == 0,
            "the call that failed has a name");
}

static void require_outcome(const quire_outcome *outcome, int32_t code) {
    require(code != QUIRE_OK
                || (outcome->result >= QUIRE_APPLIED && outcome->result <= QUIRE_NOT_OFFERED),
            "a result");
    require(code != QUIRE_OK || outcome->bytes >= 0, "bytes that are not negative");
}

/* ---- calls about a range ---- */

/* The calls that follow may read: not allowing it is taken back. */
static int32_t call_protect(target *on, quire_range range, int32_t access) {
    int32_t code = quire_protect(&on->region, range.offset, range.length, access, &on->error);
    if (code == QUIRE_OK && access == QUIRE_ACCESS_NONE) {
        code = quire_protect(&on->region, range.offset, range.length, QUIRE_ACCESS_READ,
                             &on->error);
        require(code == QUIRE_OK, "reading is allowed again");
    }
    return code;
}

static int32_t call_range(input *from, target *on, int which) {
    long long offset = take_number(from, on);
    long long length = take_number(from, on);
    int32_t number = take_int(from);
    quire_outcome outcome = {0};
    int32_t code;
    switch (which) {
    case 0:
        code = quire_advise(&on->region, on->path, offset, length, number, &outcome, &on->error);
        break;
    case 1:
        code = quire_populate(&on->region, offset, length, number & 1, &outcome, &on->error);
        break;
    case 2:
        code = quire_evict(&on->region, on->path, offset, length, &outcome, &on->error);
        break;
    case 3:
        code = quire_discard(&on->region, on->path, offset, length, &outcome, &on->error);
        break;
    case 4:
        return quire_lock(&on->region, offset, length, number & 1, &on->error);
    case 5:
        return quire_unlock(&on->region, offset, length, &on->error);
    case 6:
        return quire_flush(&on->region, on->path, offset, length, number, &on->error);
    case 7:
        return quire_check_memory(&on->region, offset, length, number, &on->error);
    default:
        return call_protect(on, (quire_range){offset, length}, number);
    }
    require_outcome(&outcome, code);
    return code;
}

static int32_t call_prefetch(input *from, target *on) {
    quire_range ranges[WORDS];
    for (int i = 0; i < WORDS; i++) {
        ranges[i] = (quire_range){take_number(from, on), take_number(from, on)};
    }
    quire_outcome outcome = {0};
    long long count = take_byte(from) % (WORDS + 1);
    int32_t code = quire_prefetch(&on->region, on->path, ranges, count, &outcome, &on->error);
    require_outcome(&outcome, code);
    return code;
}

static int32_t call_residency(input *from, target *on) {
    quire_page_bits words[WORDS] = {{0}};
    long long offset = take_number(from, on);
    long long length = take_number(from, on);
    long long count = take_byte(from) % (WORDS + 1);
    quire_residency found = {0};
    int32_t code = quire_query_residency(&on->region, offset, length, words, count, &found,
                                         &on->error);
    require(code != QUIRE_OK || (found.resident >= 0 && found.resident <= found.pages),
            "no more pages are resident than there are");
    return code;
}

/* ---- reductions ---- */

static quire_lines take_lines(input *from, const target *on) {
    return (quire_lines){
        .offset = take_number(from, on),
        .groups = take_number(from, on),
        .group_stride = take_number(from, on),
        .lines = take_number(from, on),
        .line_stride = take_number(from, on),
        .length = take_number(from, on),
        .stride = take_number(from, on),
    };
}

static int32_t call_reduce(input *from, target *on) {
    quire_lines lines = take_lines(from, on);
    quire_reduction reduction = {0};
    long long first = take_number(from, on);
    long long count = take_number(from, on);
    /* An element may be read any number of times with a stride of 0: this is not to take hours. */
    if (count > 1 << 16) {
        count = count % (1 << 16) - 1;
    }
    int32_t element = take_int(from);
    int32_t what = take_int(from);
    return quire_reduce(&on->region, &lines, first, count, element, what, take_byte(from) % 4,
                        &reduction, &on->error);
}

/* ---- the whole region ---- */

static int32_t call_resize(input *from, target *on) {
    long long length = take_number(from, on);
    if (length > on->page * 64) {
        length %= on->page * 64; /* disks and memory have other tests */
    }
    return quire_resize(&on->region, on->path, length, take_int(from) & QUIRE_SPARSE, &on->error);
}

static int32_t call_wait(input *from, target *on) {
    long long offset = take_number(from, on);
    int32_t expected = take_int(from);
    return quire_wait(&on->region, offset, expected, 1, &on->error);
}

static int32_t call_seal(input *from, target *on) {
    quire_seals seals;
    int32_t code = quire_query_seals(&on->region, &seals, &on->error);
    require_answer(on, code);
    int32_t wanted = take_int(from);
    return take_byte(from) % 2 == 0 ? quire_seal(&on->region, wanted, &on->error)
                                    : quire_freeze(&on->region, wanted, &on->error);
}

/* ---- other memory, names, files ---- */

static int32_t call_map(input *from, target *on) {
    const int32_t flags = ~(QUIRE_POPULATE | QUIRE_EXTEND); /* memory and disks have other tests */
    long long offset = take_number(from, on);
    long long length = take_number(from, on);
    quire_region other;
    quire_error ignored;
    int32_t code;
    if (*on->path == '\0') {
        code = quire_map_anonymous(length, take_int(from) % 4, QUIRE_NO_RESERVE, &other,
                                   &on->error);
    } else {
        quire_file_request request = {on->path, offset, length, take_int(from) % 4,
            (take_byte(from) << 8 | take_byte(from)) & flags, {0}};
        code = quire_map_file(&request, &on->error);
        other = request.region;
    }
    require(code != QUIRE_OK || quire_unmap(&other, &ignored) == QUIRE_OK, "what is mapped ends");
    return code;
}

static int32_t call_name(input *from, target *on) {
    char name[8];
    for (size_t i = 0; i < sizeof name; i++) {
        name[i] = (char)take_byte(from);
    }
    name[sizeof name - 1] = '\0';
    quire_region other;
    quire_error ignored;
    int32_t code = quire_shared_open(name, QUIRE_READ_ONLY, 0, &other, &on->error);
    require(code != QUIRE_OK || quire_unmap(&other, &ignored) == QUIRE_OK, "what is mapped ends");
    return code;
}

static long long at_most(long long number, long long most) {
    return number > most ? number % most : number;
}

static int32_t call_output(input *from, target *on) {
    quire_output output;
    quire_error ignored;
    int32_t code = quire_output_open(path, &output, &on->error);
    if (code != QUIRE_OK) {
        return code;
    }
    char bytes[64] = {0};
    long long offset = at_most(take_number(from, on), on->page * 64);
    long long length = at_most(take_number(from, on), (long long)sizeof bytes);
    switch (take_byte(from) % 4) {
    case 0:
        code = quire_output_write(&output, offset, (long long)(uintptr_t)bytes, length, &on->error);
        break;
    case 1:
        code = quire_output_extend(&output, offset, (long long)(uintptr_t)bytes, length,
                                   &on->error);
        break;
    case 2:
        code = quire_output_cut(&output, offset, &on->error);
        break;
    default:
        code = quire_output_sync(&output, (int32_t)(offset & 1), &on->error);
        break;
    }
    require(quire_output_close(&output, "", &ignored) == QUIRE_OK && output.handle == -1,
            "the file is closed");
    return code;
}

static int32_t call(input *from, target *on) {
    int which = take_byte(from) % 20;
    quire_ranges returned;
    if (which < 9) {
        return call_range(from, on, which);
    }
    switch (which) {
    case 9:
        return call_prefetch(from, on);
    case 10:
        return call_residency(from, on);
    case 11:
    case 12:
        return call_reduce(from, on);
    case 13:
        return call_resize(from, on);
    case 14:
        return call_wait(from, on);
    case 15:
        return call_seal(from, on);
    case 16:
        return call_map(from, on);
    case 17:
        return call_name(from, on);
    case 18:
        return call_output(from, on);
    default:
        return quire_restore(&on->region, on->path, &returned, &on->error);
    }
}

/* ---- one input ---- */

static void make_file(long long length) {
    FILE *file = fopen(path, "wb");
    require(file != NULL, "the file is made");
    for (long long i = 0; i < length; i++) {
        putc((int)(i % 251), file);
    }
    require(fclose(file) == 0, "the file is written");
}

static void open_target(input *from, target *on) {
    unsigned char kind = take_byte(from) % 5;
    long long length = on->page * PAGES - take_byte(from);
    int32_t code;
    on->path = "";
    if (kind < 3) {
        make_file(length);
        quire_file_request request = {path, kind == 0 ? 0 : on->page, -1, kind, QUIRE_KEEP_FILE,
            {0}};
        on->path = path;
        code = quire_map_file(&request, &on->error);
        on->region = request.region;
    } else {
        code = quire_map_anonymous(length, kind == 3 ? QUIRE_KIND_ANONYMOUS_PRIVATE
                                                     : QUIRE_KIND_ANONYMOUS_SHARED,
                                   0, &on->region, &on->error);
    }
    require(code == QUIRE_OK, "the memory is mapped");
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size) {
    input from = {data, size};
    target on = {.page = sysconf(_SC_PAGESIZE)};
    quire_region neighbour;
    if (*path == '\0') {
        snprintf(path, sizeof path, "fuzz_calls.%ld", (long)getpid());
        quire_heal(1);
    }
    require(quire_map_anonymous(on.page, QUIRE_KIND_ANONYMOUS_PRIVATE, 0, &neighbour, &on.error)
                == QUIRE_OK, "the neighbour is mapped");
    memset((void *)(uintptr_t)neighbour.address, 0x5a, (size_t)on.page);
    open_target(&from, &on);
    while (from.left > 0) {
        require_answer(&on, call(&from, &on));
    }
    require_answer(&on, quire_unmap(&on.region, &on.error));
    require(on.region.length == 0 && on.region.base == 0, "what is unmapped is empty");
    for (long long i = 0; i < on.page; i++) {
        require(((unsigned char *)(uintptr_t)neighbour.address)[i] == 0x5a,
                "the neighbour is as it was");
    }
    require(quire_unmap(&neighbour, &on.error) == QUIRE_OK, "the neighbour is unmapped");
    unlink(path);
    return 0;
}

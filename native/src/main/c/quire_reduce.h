/*
 * quire_reduce.h - the private contract between quire_reduce.c, the versions of the kernels and the guard
 * they run under.
 */
#ifndef QUIRE_REDUCE_H
#define QUIRE_REDUCE_H

#include "quire_internal.h"

#include <stddef.h>

/* The order of summation, see quire.h: elements of a chunk, and lanes. */
#define CHUNK 256
#define LANES 32

/* All code that reads mapped bytes lies in a section of its own; the guard asks for its bounds. */
#if defined(__APPLE__)
#define KERNELS_SECTION "__TEXT,__kernels,regular,pure_instructions"
#elif defined(_WIN32)
#define KERNELS_SECTION ".kernels$m"
#else
#define KERNELS_SECTION "quire_kernels"
#endif

/* What a kernel works on. The reduction is the first member: the guard hands on a pointer to it. */
typedef struct reduction_job {
    quire_reduction total;     /* of the sequence */
    const quire_lines *lines;  /* where the elements are; their offset is not used */
    quire_line_results *each;  /* where results go if every line has its own; else null */
    long long first;           /* of the sequence */
} reduction_job;

/* Reduces count elements of the sequence, or every line; from is the first element of the first line, what
 * is an enum quire_what, and *total is the first member of a reduction_job. */
typedef void kernel(const char *from, long long count, int32_t what, quire_reduction *total);

#define ELEMENTS 12

/* One for each enum quire_element. */
typedef struct kernels {
    kernel *of[ELEMENTS];
} kernels;

/* The versions; those of another architecture are empty. */
extern const kernels kernels_baseline, kernels_avx2, kernels_avx512;

/* ---- the guard: offered by quire_guard.c and the operating system's file of it ---- */

/* Where a thread goes on after a fault: on its stack, above the frames of the kernel. */
typedef struct guard guard;

/* 1 if a fault in a kernel is known to come back now; installs what that takes at the first call. */
int32_t os_guard(void);
/* Runs the kernel; 1 if it faulted, and then *total is garbage. */
int32_t os_run_guarded(kernel *kernel, const char *from, long long count, int32_t what,
                       quire_reduction *total);

/* Enters and leaves the list of guards. */
void guard_enter(guard *own);
void guard_leave(guard *own);
/* The guard of the thread that faulted in a kernel with this stack pointer; null if there is none. */
guard *guard_above(uintptr_t stack_pointer);
/* 1 if it is known where the kernels are; before guard_covers, outside a handler. */
int32_t guard_locate(void);
/* 1 if the program counter is in a kernel. */
int32_t guard_covers(uintptr_t program_counter);

#endif

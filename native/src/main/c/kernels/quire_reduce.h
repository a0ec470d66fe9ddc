/*
 * quire_reduce.h - the private contract between quire_reduce.c, the versions of the kernels and the
 * system's file that runs them.
 */
#ifndef QUIRE_REDUCE_H
#define QUIRE_REDUCE_H

#include "quire_internal.h"

#include <stddef.h>

/* The order of summation, see quire.h: elements of a chunk, and lanes. */
#define CHUNK 256
#define LANES 32

/* On Windows all code that reads mapped bytes lies in a section of its own, so that a fault is
   known for one of it. */
#if defined(_WIN32)
#define IN_KERNELS_SECTION section(".kernels$m")
#else
#define IN_KERNELS_SECTION
#endif

/* What a kernel works on. The reduction is the first member: the guard hands on a pointer to it. */
typedef struct reduction_job {
    quire_reduction total;     /* of the sequence */
    const quire_lines *lines;  /* where the elements are; their offset is not used */
    quire_line_results *each;  /* where results go if every line has its own; else null */
    long long first;           /* of the sequence */
} reduction_job;

/* Reduces count elements of the sequence, or every line; from is the first element of the first
 * line, what is an enum quire_what, and *total is the first member of a reduction_job. */
typedef void kernel(const char *from, long long count, int32_t what, quire_reduction *total);

#define ELEMENTS 13

/* One for each enum quire_element. */
typedef struct kernels {
    kernel *of[ELEMENTS];
} kernels;

/* The versions; those of another architecture are empty. */
extern const kernels qi_kernels_baseline, qi_kernels_avx2, qi_kernels_avx512;

/* Runs the kernel over bytes of the region. QUIRE_OK, also where bytes are lost: the region's
   record tells. FAULT where there are no records, *total is garbage then. UNSUPPORTED if a fault
   would end the process. */
int32_t os_run_kernel(const quire_region *region, kernel *kernel, const char *from,
                      long long count, int32_t what, quire_reduction *total);

#endif

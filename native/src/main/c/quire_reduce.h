/*
 * quire_reduce.h - the private contract between quire_reduce.c, the versions of the kernels and the system's file
 * that runs them.
 */
#ifndef QUIRE_REDUCE_H
#define QUIRE_REDUCE_H

#include "quire_internal.h"

#include <stddef.h>

/* The order of summation, see dev.quire.internal.Moments: elements of a chunk, lanes of a row, chunks of a
   round. */
#define CHUNK 256
#define LANES 64
#define ROUND 64

/* On Windows all code that reads mapped bytes lies in a section of its own, so that a fault is known for one of it. */
#if defined(_WIN32)
#define IN_KERNELS_SECTION section(".kernels$m")
#else
#define IN_KERNELS_SECTION
#endif

/* With what, for sums: the processor does better when it is told of memory that is nearer. */
#define READ_NEAR 256

/* Reduces count elements; what is an enum quire_what. */
typedef void kernel(const char *from, long long count, int32_t what, quire_reduction *total);

#define ELEMENTS 12

/* One for each enum quire_element. */
typedef struct kernels {
    kernel *of[ELEMENTS];
} kernels;

/* The versions; those of another architecture are empty. */
extern const kernels kernels_baseline, kernels_avx2, kernels_avx512;

/* Runs the kernel over bytes of the region. QUIRE_OK, also where bytes are lost: the region's record tells. FAULT where
   there are no records, *total is garbage then. UNSUPPORTED if a fault would end the process. */
int32_t os_run_kernel(const quire_region *region, kernel *kernel, const char *from, long long count, int32_t what,
                      quire_reduction *total);

#endif

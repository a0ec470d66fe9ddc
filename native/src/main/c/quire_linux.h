/* quire_linux.h - what the two Linux files share. */
#ifndef QUIRE_LINUX_H
#define QUIRE_LINUX_H

#include "quire_posix.h"

/* Says yes to every advice and does nothing; copies of mappings, and what /proc tells of pages, are not to be relied on. */
int is_emulated(void);
int can_populate(void);
int can_punch_holes(void);
/* 1 if the kernel tells which pages are in memory: some say that all are. */
int residency_is_true(void);
int has_lock_on_fault(void);
int has_memory_files(void);
int can_list_segments(void);
int has_prefetch_many(void);

/* Calls visit for each area of this process in the span, in order, until it returns other than 0, and returns
 * that. */
int for_each_area(span place, int (*visit)(span area, void *argument), void *argument);

/* The number after a label in a file of /proc or /sys, or at its beginning for label ""; -1 if it is not
 * there. */
long long read_number(const char *path, const char *label);
long long huge_page_size(void);
/* 1 if the word in brackets in the file, the choice that is in force, is one that allows huge pages. */
int allows_huge_pages(const char *path);
#define HUGE_PAGES_OF_MEMORY "/sys/kernel/mm/transparent_hugepage/enabled"
#define HUGE_PAGES_OF_SHARED_MEMORY "/sys/kernel/mm/transparent_hugepage/shmem_enabled"

#endif

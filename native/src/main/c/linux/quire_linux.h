/*
 * quire_linux.h - what the Linux files share. quire_linux_facts.c reads /proc and /sys and builds
 * on nothing; quire_linux.c makes the calls; quire_linux_system.c sums up what the two know.
 */
#ifndef QUIRE_LINUX_H
#define QUIRE_LINUX_H

#include "quire_posix.h"

/* Says yes to every advice and does nothing; copies of mappings, and what /proc tells of pages, are
   not to be relied on. */
int qi_is_emulated(void);
int qi_can_populate(void);
int qi_can_punch_holes(void);
/* 1 if the kernel tells which pages are in memory: some say that all are. */
int qi_residency_is_true(void);
int qi_has_lock_on_fault(void);
int qi_has_memory_files(void);
int qi_can_list_segments(void);
int qi_has_prefetch_many(void);

/* Calls visit for each area of this process in the span, in order, until it returns other than 0,
 * and returns that. */
int qi_for_each_area(span place, int (*visit)(span area, void *argument), void *argument);

/* The number after a label in a file of /proc or /sys, or at its beginning for label ""; -1 if it
 * is not there. */
long long qi_read_number(const char *path, const char *label);
/* The decimal number that a text begins with; -1 if it begins with none. */
long long qi_number_at(const char *text);
/* Fills in memory and group. */
void qi_read_memory(quire_system *system);
long long qi_huge_page_size(void);
/* 1 if the word in brackets in the file, the choice that is in force, is one that allows huge
   pages. */
int qi_allows_huge_pages(const char *path);
#define HUGE_PAGES_OF_MEMORY "/sys/kernel/mm/transparent_hugepage/enabled"
#define HUGE_PAGES_OF_SHARED_MEMORY "/sys/kernel/mm/transparent_hugepage/shmem_enabled"

#endif

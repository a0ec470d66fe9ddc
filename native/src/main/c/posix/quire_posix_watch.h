/*
 * quire_posix_watch.h - which memory is ours, as a signal handler needs to know it.
 *
 *   quire_posix_watch.c    the places of all regions, their locks and records
 *   quire_posix_heal.c     what becomes of a lost page, and of one that returns
 *   quire_posix_signal.c   the handler
 */
#ifndef QUIRE_POSIX_WATCH_H
#define QUIRE_POSIX_WATCH_H

#include "quire_posix.h"

#include <stdatomic.h>

/* One watched region. The record comes first: its address is what a region knows of this.
   Everything but the lock and the record is written while the lock is held, or before the place is
   published. */
typedef struct watch {
    quire_record record;
    quire_range spare; /* where a range too many is put until two are joined */
    atomic_int lock;   /* the thread that holds it, by the system's number; 0 for none */
    atomic_int used;
    char *base;
    long long length;    /* whole pages */
    long long page_size; /* bytes of a page that can be mapped over */
    int protection;      /* PROT_ bits of the whole region */
    int is_private;
    /* the mapping is shared, and its file may have holes that cannot be read; residency is known */
    int may_lose_holes;
    int is_incomplete;   /* a page that is noted as lost is not mapped over */
    /* pages of a private mapping that count as lost are there, and may have been changed */
    int has_kept;
    atomic_uint hints;   /* bit h: hint h was given for the whole region */
    long long last_page; /* of the last fault in a page that is there, and its thread */
    int last_thread;
    int repeats; /* such faults in a row, of threads that did not get any further */
} watch;

/* Regions that are mapped now are watched; looks whether the handler is still the first.
   quire_posix_signal.c */
int qi_is_healing(void);

/* Maps zeroes over the page of the address if it is lost, and notes that. Returns 1 if the access
   can be made again, 0 if it is not ours or nothing could be done. poisoned: the memory itself
   failed. For the handler: only atomics and system calls. quire_posix_heal.c */
int qi_heal(char *address, int poisoned);

/* Sets mapped areas aside for overlays, before the first. quire_posix_heal.c */
void qi_reserve_ballast(void);

/* The watch of a region; null if faults in it are not healed. */
static inline watch *watch_of(const quire_region *region) {
    return (watch *)(uintptr_t)region->record;
}

/* The watch that covers the address, locked; null if there is none. For the signal handler. */
watch *qi_lock_watch_at(const char *address);
/* Waits for a handler at work. */
void qi_lock_watch(watch *own);
void qi_unlock_watch(watch *own);

/* Faults in the region are not healed from the one to the other, because its memory moves, shrinks
   or is mapped again. */
void qi_pause_watch(const quire_region *region);
/* The region is where it says now; anew: all of its pages were mapped again, so that none is lost
   any more. */
void qi_resume_watch(const quire_region *region, int anew);

/* The first lost range that ends behind a position, in bytes from the base; null if there is
   none. */
const quire_range *qi_next_lost(const watch *own, long long from);
/* Notes a range that meets none that is lost, and raises the count. Returns bytes between two
   ranges that count as lost from now on, because there are too many ranges: maybe none. */
quire_range qi_note_loss(watch *own, quire_range lost);
/* Replaces the lost ranges by those that remain, at most as many, and raises the count. */
void qi_note_return(watch *own, const quire_range *remaining, long long count);

#endif

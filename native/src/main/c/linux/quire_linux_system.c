/* quire_linux_system.c - Linux: what quire_query_system tells. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <string.h>
#include <sys/utsname.h>

static long long capabilities(void) {
    long long bits = QUIRE_CAN_RESIZE_IN_PLACE | QUIRE_CAN_EVICT | QUIRE_CAN_FLUSH_ASYNC
                     | QUIRE_CAN_REPLACE_OPEN_FILE | QUIRE_CAN_SHRINK_MAPPED_FILE | QUIRE_CAN_WAIT
                     | QUIRE_CAN_KEEP_SHARED;
    bits |= qi_can_populate() ? QUIRE_CAN_POPULATE : 0;
    bits |= qi_can_punch_holes() ? QUIRE_CAN_DISCARD_FILE : 0;
    bits |= qi_has_lock_on_fault() ? QUIRE_CAN_LOCK_ON_FAULT : 0;
    bits |= qi_residency_is_true() ? QUIRE_CAN_REPORT_RESIDENCY : 0;
    bits |= qi_has_memory_files() ? QUIRE_CAN_SEAL | QUIRE_CAN_ATTACH : 0;
    bits |= qi_can_list_segments() ? QUIRE_CAN_LIST_SHARED : 0;
    bits |= qi_has_prefetch_many() ? QUIRE_CAN_PREFETCH_MANY : 0;
    bits |=
        sys_advice(QUIRE_HUGEPAGE) >= 0 && qi_allows_huge_pages(HUGE_PAGES_OF_MEMORY)
            ? QUIRE_CAN_HUGE_PAGES : 0;
    return bits;
}

static long long hints(void) {
    long long bits = 0;
#define QUIRE_HINT(number, name, traits, sentence) \
    bits |= sys_advice(number) >= 0 ? 1LL << (number) : 0;
    QUIRE_HINTS
#undef QUIRE_HINT
    return bits;
}

void os_query_system(quire_system *system) {
    struct utsname kernel;
    system->os = QUIRE_OS_LINUX;
    if (uname(&kernel) == 0) {
        const char *minor = strchr(kernel.release, '.');
        system->os_major = (int32_t)qi_number_at(kernel.release);
        system->os_minor = minor == NULL ? -1 : (int32_t)qi_number_at(minor + 1);
    }
    system->page_size = os_page_size();
    system->granularity = os_granularity();
    system->huge_page_size = qi_huge_page_size();
    system->map_limit = os_area_limit();
    long long areas = os_count_areas();
    system->mapped = areas < 0 ? -1 : areas;
    system->lock_limit = qi_lock_limit();
    qi_read_memory(system);
    system->capabilities = capabilities();
    system->hints = hints();
}

#endif

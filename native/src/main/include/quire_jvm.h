/*
 * quire_jvm.h - the calls of a process's first mapping, as the JVM itself binds native methods.
 *
 * Everything else is bound from quire.h through the JDK's linker. To set that up takes a new
 * process longer than all the rest of its first mapping; until it is done, the three calls that a
 * mapping cannot do without come through here.
 */
#ifndef QUIRE_JVM_H
#define QUIRE_JVM_H

#include "quire.h"

/* Methods of dev.quire.internal.backing.FirstCalls. The first two arguments are the JVM's and not
   looked at; the others are the addresses of what quire_map_file and quire_unmap are given, or what
   quire_heal is. */
QUIRE_API int32_t Java_dev_quire_internal_backing_FirstCalls_mapFile(void *environment, void *type,
    long long request, long long error);
QUIRE_API int32_t Java_dev_quire_internal_backing_FirstCalls_unmap(void *environment, void *type,
    long long region, long long error);
QUIRE_API int32_t Java_dev_quire_internal_backing_FirstCalls_heal(void *environment, void *type,
    int32_t wanted);

#endif

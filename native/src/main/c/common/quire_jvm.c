/*
 * quire_jvm.c - three functions of quire.h for the JVM's own binding of native methods.
 */
#include "quire_jvm.h"

int32_t Java_dev_quire_internal_backing_FirstCalls_mapFile(void *environment, void *type,
                                                   long long request, long long error) {
    (void)environment;
    (void)type;
    return quire_map_file((quire_file_request *)(intptr_t)request, (quire_error *)(intptr_t)error);
}

int32_t Java_dev_quire_internal_backing_FirstCalls_unmap(void *environment, void *type,
    long long region, long long error) {
    (void)environment;
    (void)type;
    return quire_unmap((quire_region *)(intptr_t)region, (quire_error *)(intptr_t)error);
}

int32_t Java_dev_quire_internal_backing_FirstCalls_heal(void *environment, void *type,
    int32_t wanted) {
    (void)environment;
    (void)type;
    return quire_heal(wanted);
}

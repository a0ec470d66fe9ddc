/* quire_linux_facts.c - Linux: what /proc and /sys tell. */
#if defined(__linux__)

#define _GNU_SOURCE
#include "quire_linux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What a read of /proc gives at once, and more than any file read here for a number has before that
 * number.
 */
#define BUFFER_BYTES 4096
#define PATH_BYTES 4096

/* ---- reading ---- */

/* How often a fact could not be read because no descriptor was left: what is unknown for that
   reason is not unlimited. */
static atomic_llong facts_refused;

static int is_refused(int number) {
    return number == EMFILE || number == ENFILE;
}

static int open_fact(const char *path) {
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && is_refused(errno)) {
        atomic_fetch_add(&facts_refused, 1);
    }
    return descriptor;
}

static ssize_t read_again(int descriptor, char *buffer, size_t bytes) {
    ssize_t count;
    do {
        count = read(descriptor, buffer, bytes);
    } while (count < 0 && errno == EINTR);
    return count;
}

/* The beginning of the file as text: 0 for none. */
static int read_text(const char *path, char *text, size_t room) {
    int descriptor = open_fact(path);
    if (descriptor < 0) {
        return 0;
    }
    size_t length = 0;
    ssize_t count = 1;
    while (count > 0 && length < room - 1) {
        count = read_again(descriptor, text + length, room - 1 - length);
        length += count > 0 ? (size_t)count : 0;
    }
    close(descriptor);
    text[length] = '\0';
    return length > 0;
}

/* A text that begins with no number gives -1: "max" of a control group, for one. */
long long qi_number_at(const char *text) {
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    if (*text < '0' || *text > '9') {
        return -1;
    }
    long long number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        number = number > (LLONG_MAX - 9) / 10 ? LLONG_MAX : number * 10 + (*text - '0');
    }
    return number;
}

/* The text behind a label that begins a line. */
static const char *after_label(const char *text, const char *label) {
    size_t length = strlen(label);
    for (const char *line = text; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (strncmp(line, label, length) == 0) {
            return line + length;
        }
    }
    return NULL;
}

long long qi_read_number(const char *path, const char *label) {
    char text[BUFFER_BYTES];
    const char *found = read_text(path, text, sizeof text) ? after_label(text, label) : NULL;
    return found == NULL ? -1 : qi_number_at(found);
}

/* The kernel limits what a mount says of itself to a page, twice in a line. */
#define LINE_BYTES ((size_t)4 * BUFFER_BYTES)

typedef struct line_reader {
    int descriptor;
    char text[LINE_BYTES + 1];
    size_t length; /* of what was read */
    size_t taken;  /* of it, by the last line */
} line_reader;

/* The next line of the file, which ends the one before; longer ones than the buffer come in parts.
 * NULL at the end. */
static char *next_line(line_reader *reader) {
    memmove(reader->text, reader->text + reader->taken, reader->length - reader->taken);
    reader->length -= reader->taken;
    char *end;
    while ((end = memchr(reader->text, '\n', reader->length)) == NULL
           && reader->length < LINE_BYTES) {
        ssize_t count =
            read_again(reader->descriptor, reader->text + reader->length,
                       LINE_BYTES - reader->length);
        if (count <= 0) {
            break;
        }
        reader->length += (size_t)count;
    }
    size_t line = end == NULL ? reader->length : (size_t)(end - reader->text);
    reader->taken = line + (end != NULL);
    reader->text[line] = '\0';
    return reader->taken == 0 ? NULL : reader->text;
}

/* ---- mapped areas ---- */

/* The kernel's default, for a process that never had a descriptor to ask with. */
#define DEFAULT_AREA_LIMIT 65530

long long os_area_limit(void) {
    static atomic_llong known;
    long long refused = atomic_load(&facts_refused);
    long long limit = qi_read_number("/proc/sys/vm/max_map_count", "");
    if (limit >= 0) {
        atomic_store(&known, limit);
    } else if (atomic_load(&facts_refused) != refused) {
        limit = atomic_load(&known);
        return limit > 0 ? limit : DEFAULT_AREA_LIMIT;
    }
    return limit;
}

long long os_count_areas(void) {
    int descriptor = open_fact("/proc/self/maps");
    if (descriptor < 0) {
        return is_refused(errno) ? NO_DESCRIPTOR : -1;
    }
    char buffer[BUFFER_BYTES];
    long long lines = 0;
    ssize_t count;
    while ((count = read_again(descriptor, buffer, sizeof buffer)) > 0) {
        const char *end = buffer + count;
        for (const char *at = buffer; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
            lines++;
        }
    }
    close(descriptor);
    return lines;
}

/* A line of maps begins "7f12a000-7f12c000 ". */
static const char *hexadecimal_at(const char *text, unsigned long long *number) {
    static const char digits[] = "0123456789abcdef";
    const char *digit;
    *number = 0;
    for (; *text != '\0' && (digit = strchr(digits, *text)) != NULL; text++) {
        *number = *number * 16 + (unsigned long long)(digit - digits);
    }
    return text;
}

int qi_for_each_area(span place, int (*visit)(span area, void *argument), void *argument) {
    line_reader reader = {.descriptor = open_fact("/proc/self/maps")};
    if (reader.descriptor < 0) {
        return errno;
    }
    unsigned long long from = (uintptr_t)place.start;
    unsigned long long to = from + (unsigned long long)place.length;
    int result = 0;
    char *line;
    while (result == 0 && (line = next_line(&reader)) != NULL) {
        unsigned long long start;
        unsigned long long end;
        hexadecimal_at(hexadecimal_at(line, &start) + 1, &end);
        start = start > from ? start : from;
        end = end < to ? end : to;
        if (start < end) {
            result = visit((span){place.start + (start - from), (long long)(end - start)},
                           argument);
        }
    }
    close(reader.descriptor);
    return result;
}

/* ---- memory ---- */

static long long kibibytes(const char *path, const char *label) {
    long long number = qi_read_number(path, label);
    return number < 0 ? -1 : number * 1024;
}

long long sys_locked_bytes(void) {
    return kibibytes("/proc/self/status", "VmLck:");
}

/* Where one version of control groups keeps its numbers. */
typedef struct group_files {
    const char *controller; /* that the group is of in /proc/self/cgroup; version 2 names none */
    const char *type;       /* of its mount in /proc/self/mountinfo */
    const char *option;     /* of that mount */
    const char *limit;
    const char *used;
    const char *inactive; /* pages of files that can be given back at once, in memory.stat */
    const char *active;   /* and those that were used lately */
} group_files;

static const group_files versions[] = {
    {"", "cgroup2", "", "memory.max", "memory.current", "inactive_file ", "active_file "},
    {"memory", "cgroup", "memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
     "total_inactive_file ", "total_active_file "},
};

typedef struct group {
    char mount[PATH_BYTES];
    char path[PATH_BYTES * 2]; /* mount and the group's path below it */
} group;

/* 1 if a list such as "cpu,memory" names that one; a list without names is that of "". */
static int is_listed(const char *names, size_t length, const char *name) {
    const char *end = names + length;
    for (const char *at = names; at <= end; at++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma == NULL ? end : comma;
        if ((size_t)(stop - at) == strlen(name) && memcmp(at, name, strlen(name)) == 0) {
            return 1;
        }
        at = stop;
    }
    return 0;
}

/* The group's path in a line such as "4:cpu,memory:/a/b", or "0::/a/b". */
static int find_group(const char *controller, char *path) {
    line_reader reader = {.descriptor = open_fact("/proc/self/cgroup")};
    if (reader.descriptor < 0) {
        return 0;
    }
    char *line;
    int is_found = 0;
    while (!is_found && (line = next_line(&reader)) != NULL) {
        const char *names = strchr(line, ':');
        const char *end = names == NULL ? NULL : strchr(names + 1, ':');
        if (end != NULL && strlen(end + 1) < PATH_BYTES
            && is_listed(names + 1, (size_t)(end - names - 1), controller)) {
            memcpy(path, end + 1, strlen(end + 1) + 1);
            is_found = 1;
        }
    }
    close(reader.descriptor);
    return is_found;
}

/* A line of mountinfo: "35 31 0:32 ROOT MOUNT options [more ...] - TYPE source OPTIONS". */
static int parse_mount(char *line, const group_files *files, char **root, char **mount) {
    char *tail = strstr(line, " - ");
    if (tail == NULL) {
        return 0;
    }
    *tail = '\0';
    char *save = NULL;
    char *type = strtok_r(tail + 3, " ", &save);
    strtok_r(NULL, " ", &save);
    const char *options = strtok_r(NULL, " ", &save);
    if (type == NULL || strcmp(type, files->type) != 0 || options == NULL
        || !strstr(options, files->option)) {
        return 0;
    }
    char *field = strtok_r(line, " ", &save);
    for (int i = 0; i < 3 && field != NULL; i++) {
        field = strtok_r(NULL, " ", &save);
    }
    *root = field;
    *mount = field == NULL ? NULL : strtok_r(NULL, " ", &save);
    return *mount != NULL;
}

/* 1 if the path is the root's or lies below it: not that of "/ab" below "/a". */
static int is_below(const char *path, const char *root, size_t length) {
    return strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* In a container the mount may show only a part of the tree, from root on, and the group's path may
 * begin above it. */
static int find_mount(const group_files *files, const char *path, group *found) {
    line_reader reader = {.descriptor = open_fact("/proc/self/mountinfo")};
    if (reader.descriptor < 0) {
        return 0;
    }
    char *line;
    char *root;
    char *mount;
    int is_found = 0;
    while (!is_found && (line = next_line(&reader)) != NULL) {
        is_found = parse_mount(line, files, &root, &mount);
    }
    close(reader.descriptor);
    if (is_found) {
        size_t shown = strcmp(root, "/") == 0 ? 0 : strlen(root);
        (void)snprintf(found->mount, sizeof found->mount, "%s", mount);
        (void)snprintf(found->path, sizeof found->path, "%s%s", mount,
                 is_below(path, root, shown) ? path + shown : "");
    }
    return is_found;
}

static long long group_number(const group *place, const char *name, const char *label) {
    char path[PATH_BYTES * 2 + 64];
    (void)snprintf(path, sizeof path, "%s/%s", place->path, name);
    return qi_read_number(path, label);
}

/* Half of what was used lately counts as available, as it does in the kernel's MemAvailable. */
static long long group_left(const group *place, const group_files *files, long long limit) {
    long long used = group_number(place, files->used, "");
    long long inactive = group_number(place, "memory.stat", files->inactive);
    long long active = group_number(place, "memory.stat", files->active);
    long long reclaimable = (inactive > 0 ? inactive : 0) + (active > 0 ? active / 2 : 0);
    long long left = limit - used + (reclaimable < used ? reclaimable : used);
    return used < 0 ? -1 : left > 0 ? left : 0;
}

static void keep_smaller(long long *kept, long long value) {
    if (value >= 0 && (*kept < 0 || value < *kept)) {
        *kept = value;
    }
}

/* The smallest limit of the group and those above it; what version 1 calls unlimited is more than
 * the machine has. */
static void read_group(const group_files *files, long long total, long long *limit,
                       long long *left) {
    group place;
    char path[PATH_BYTES];
    if (!find_group(files->controller, path) || !find_mount(files, path, &place)) {
        return;
    }
    size_t top = strlen(place.mount);
    for (size_t length = strlen(place.path); length >= top; length--) {
        if (place.path[length] != '\0' && place.path[length] != '/') {
            continue;
        }
        place.path[length] = '\0';
        long long here = group_number(&place, files->limit, "");
        if (here >= 0 && (total < 0 || here < total)) {
            keep_smaller(limit, here);
            keep_smaller(left, group_left(&place, files, here));
        }
    }
}

void qi_read_memory(quire_system *system) {
    system->memory_total = kibibytes("/proc/meminfo", "MemTotal:");
    system->memory_available = kibibytes("/proc/meminfo", "MemAvailable:");
    for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
        read_group(&versions[i], system->memory_total, &system->group_limit,
                   &system->group_available);
    }
}

long long sys_memory_left(void) {
    quire_system system = {.group_limit = -1, .group_available = -1};
    long long refused = atomic_load(&facts_refused);
    qi_read_memory(&system);
    if (atomic_load(&facts_refused) != refused) {
        return NO_DESCRIPTOR;
    }
    long long left = system.memory_available;
    keep_smaller(&left, system.group_available);
    return left;
}

/* The halves of a device number as the kernel packs them for programs. */
static unsigned int major_of(unsigned long long device) {
    return (unsigned int)(device >> 8 & 0xfff);
}

static unsigned int minor_of(unsigned long long device) {
    return (unsigned int)((device & 0xff) | (device >> 12 & 0xfff00));
}

/* What a line of mountinfo says of its file system: "35 31 MAJOR:MINOR ... - TYPE ...". */
static int is_mount_in_memory(const char *line, unsigned int major, unsigned int minor) {
    char device[32];
    (void)snprintf(device, sizeof device, " %u:%u ", major, minor);
    const char *parent = strchr(line, ' ');
    const char *found = parent == NULL ? NULL : strchr(parent + 1, ' ');
    const char *type = found == NULL || strncmp(found, device, strlen(device)) != 0
                           ? NULL : strstr(found, " - ");
    return type != NULL
           && (strncmp(type, " - tmpfs ", 9) == 0 || strncmp(type, " - ramfs ", 9) == 0);
}

/* Memory files that a path of /proc leads to lie on a device that is mounted nowhere. */
static int is_device_of_memory_files(long long device) {
    struct stat status;
    int descriptor = sys_memory_create();
    if (descriptor < 0) {
        return 0;
    }
    int is_same = sys_fstat(descriptor, &status) == 0 && (long long)status.st_dev == device;
    close(descriptor);
    return is_same;
}

/* Asked anew each time: numbers of such devices are given again. */
int sys_is_memory_device(long long device) {
    if (!sys_may_lose_holes(device)) {
        return 0;
    }
    line_reader reader = {.descriptor = open_fact("/proc/self/mountinfo")};
    if (reader.descriptor < 0) {
        return is_refused(errno);
    }
    char *line;
    int is_found = 0;
    while (!is_found && (line = next_line(&reader)) != NULL) {
        is_found = is_mount_in_memory(line, major_of((unsigned long long)device),
                                      minor_of((unsigned long long)device));
    }
    close(reader.descriptor);
    return is_found || is_device_of_memory_files(device);
}

/* ---- huge pages ---- */

long long qi_huge_page_size(void) {
    static atomic_llong size; /* 0: not asked */
    long long known = atomic_load(&size);
    if (known == 0) {
        known = qi_read_number("/sys/kernel/mm/transparent_hugepage/hpage_pmd_size", "");
        atomic_store(&size, known);
    }
    return known;
}

int qi_allows_huge_pages(const char *path) {
    char text[BUFFER_BYTES];
    if (!read_text(path, text, sizeof text)) {
        return 0;
    }
    const char *choice = strchr(text, '[');
    return choice != NULL && strncmp(choice, "[never]", 7) != 0
           && strncmp(choice, "[deny]", 6) != 0;
}

/* ---- devices ---- */

/* What the kernel reads ahead by default, VM_READAHEAD_PAGES, where it does not tell for a
   device. */
#define READ_AHEAD_KIB 128

/* Devices a process has files on are few; two that share a slot only cost another look. */
#define DEVICE_SLOTS 16

/* One WILLNEED reads no more than the larger of the two: force_page_cache_readahead in
   mm/readahead.c. */
static long long read_prefetch_kib(unsigned int major, unsigned int minor) {
    static const char *const places[] = {
        "/sys/dev/block/%u:%u/queue/read_ahead_kb",
        "/sys/dev/block/%u:%u/queue/max_sectors_kb",
        "/sys/dev/block/%u:%u/../queue/read_ahead_kb", /* of the disk that a partition is on */
        "/sys/dev/block/%u:%u/../queue/max_sectors_kb",
        "/sys/class/bdi/%u:%u/read_ahead_kb", /* file systems without a disk of their own */
    };
    long long most = 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char path[128];
        (void)snprintf(path, sizeof path, places[i], major, minor);
        long long kib = qi_read_number(path, "");
        most = kib > most ? kib : most;
    }
    return most > 0 ? most : READ_AHEAD_KIB;
}

/* A slot holds the device in its upper and the kibibytes in its lower half. */
long long sys_prefetch_limit(long long device) {
    static atomic_ullong slots[DEVICE_SLOTS];
    unsigned long long key = (unsigned long long)device & UINT_MAX;
    atomic_ullong *slot = &slots[(key ^ key >> 8) % DEVICE_SLOTS];
    unsigned long long known = atomic_load(slot);
    if (known >> 32 != key || known == 0) {
        long long kib = read_prefetch_kib(major_of(key), minor_of(key));
        known = key << 32 | (unsigned long long)(kib < INT_MAX ? kib : INT_MAX);
        atomic_store(slot, known);
    }
    long long page = os_page_size();
    long long bytes = (long long)(known & UINT_MAX) * 1024 / page * page;
    return bytes > page ? bytes : page;
}

#endif

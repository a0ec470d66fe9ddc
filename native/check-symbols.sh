#!/bin/sh
# check-symbols.sh [LIBRARY...]: a library exports exactly the functions that its headers mark QUIRE_API, and an ELF one
# needs nothing but what every C library has that it promises to run on. Without an argument: what the NAR plugin linked.
set -eu
. "$(dirname "$0")/flags.sh"
headers="src/main/include/quire.h src/main/include/quire_jvm.h"

# glibc 2.17 is the oldest with 64-bit ARM and the one the manylinux2014 systems have. What is newer has to be a plain
# system call; on Debian 12, fstat and the pthread functions that moved into libc are the usual surprise.
floor=2.17

# What a library may ask of glibc 2.17 and of musl 1.1.24 alike: one file serves both. A new name goes here after a look
# into both; what only one of them has becomes a system call. The underscored ones are weak, or in both by ABI.
allowed='_ITM_deregisterTMCloneTable _ITM_registerTMCloneTable __cxa_finalize __errno_location __gmon_start__
    __stack_chk_fail close fallocate fchmod fchown fcntl fdatasync fstatfs fsync ftruncate geteuid getpid getrlimit link linkat madvise memchr
    memcmp memcpy memmove memset mincore mlock mmap mprotect mremap msync munlock munmap nanosleep open posix_fadvise pread pwrite
    raise read readlink rename sigaction sigaddset sigemptyset sigfillset sigismember sigprocmask snprintf strchr strcmp strlen
    strncmp strstr strtok_r
    sync_file_range syscall sysconf uname unlink'

declared() {
    # shellcheck disable=SC2086
    cat $headers | sed -e 's://.*$::' | tr '\n' '\001' | sed -e 's:/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/::g' | tr '\001' '\n' |
        sed -e ':again' -e '/\\$/{N;s/\\\n//;b again' -e '}' -e '/^[ \t]*#/d' | tr '\n' ' ' | tr ';{}' '\n\n\n' |
        sed -n 's/.*QUIRE_API[^(]*[ *]\([a-z_0-9A-Z]*\) *(.*/\1/p' | LC_ALL=C sort
}

exported() {
    case $1 in
    *aarch64/*.dll) llvm-objdump -p "$1" | sed -n '/^Export Table/,/^$/s/^ *[0-9]* *0x[0-9a-f]* *\([A-Za-z_0-9]*\)$/\1/p' ;;
    *.dll) $objdump -p "$1" | sed -n '/Name Pointer. Table/,/^$/s/^[ \t]*\[ *[0-9]*\].* \([A-Za-z_][A-Za-z_0-9]*\)$/\1/p' ;;
    *.dylib) $machnm -gU "$1" | sed -n 's/.* [A-Z] _//p' ;;
    *) readelf --dyn-syms -W "$1" | awk '$7 != "UND" && ($5 == "GLOBAL" || $5 == "WEAK") && $6 != "HIDDEN" && $8 != "" { sub(/@.*/, "", $8); print $8 }' ;;
    esac | LC_ALL=C sort
}

too_new() {
    readelf --dyn-syms -W "$1" | awk -v floor="$floor" '
        $7 == "UND" && match($8, /@+GLIBC_[0-9.]+$/) {
            version = substr($8, RSTART, RLENGTH); sub(/@+GLIBC_/, "", version)
            split(version, has, "."); split(floor, may, ".")
            if (has[1] + 0 > may[1] + 0 || (has[1] + 0 == may[1] + 0 && has[2] + 0 > may[2] + 0)) print $8
        }'
}

# Functions beyond the list, libraries beyond the C library, and thread-local storage, which musl lays out its own way.
foreign() {
    readelf --dyn-syms -W "$1" | awk -v allowed="$allowed" '
        BEGIN { count = split(allowed, names); for (i = 1; i <= count; i++) is[names[i]] = 1 }
        $7 == "UND" && $8 != "" { sub(/@.*/, "", $8); if (!($8 in is)) print $8 }'
    readelf -d -W "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | grep -v '^libc\.' || true
    readelf -l -W "$1" | awk '$1 == "TLS" { print "thread-local storage" }'
}

fail() { echo "check-symbols: $*" >&2; status=1; }

machnm=$(command -v llvm-nm || echo nm) # GNU's does not know Apple's format
objdump=$(command -v x86_64-w64-mingw32-objdump || echo objdump)
status=0
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find target/nar/lib -name '*quire.so' -o -name '*quire.dylib' -o -name '*quire.dll')
    [ $# -gt 0 ] || { echo 'check-symbols: the NAR plugin linked no library under target/nar/lib.' >&2; exit 1; }
fi
wanted=$(mktemp) found=$(mktemp)
trap 'rm -f "$wanted" "$found"' EXIT
declared >"$wanted"
[ -s "$wanted" ] || { echo "check-symbols: no QUIRE_API function found in $headers." >&2; exit 1; }
for library; do
    exported "$library" >"$found"
    missing=$(LC_ALL=C comm -23 "$wanted" "$found" | tr '\n' ' ')
    extra=$(LC_ALL=C comm -13 "$wanted" "$found" | tr '\n' ' ')
    [ -z "$missing" ] || fail "$library does not export what its headers declare: $missing"
    [ -z "$extra" ] || fail "$library exports what no header declares QUIRE_API: $extra"
    case $library in
    *.so)
        newer=$(too_new "$library" | tr '\n' ' ')
        [ -z "$newer" ] || fail "$library needs a glibc newer than $floor: $newer"
        other=$(foreign "$library" | tr '\n' ' ')
        [ -z "$other" ] || fail "$library needs what glibc $floor and musl do not both have: $other"
        ;;
    esac
done
[ $status -ne 0 ] || echo "check-symbols: $(wc -l <"$wanted" | tr -d ' ') functions exported, as declared: $*"
exit $status

#!/bin/sh
# check-symbols.sh [LIBRARY...]: a library exports exactly the functions that quire.h marks QUIRE_API, and an ELF one
# needs nothing newer than the oldest C library it promises to run on. Without an argument: what the NAR plugin linked.
set -eu
. "$(dirname "$0")/flags.sh"
header=src/main/include/quire.h

# glibc 2.17 is the oldest with 64-bit ARM and the one the manylinux2014 systems have. What is newer has to be a plain
# system call; on Debian 12, fstat and the pthread functions that moved into libc are the usual surprise.
floor=2.17

declared() {
    sed -e 's://.*$::' "$header" | tr '\n' '\001' | sed -e 's:/\*[^*]*\*\**\([^/*][^*]*\*\**\)*/::g' | tr '\001' '\n' |
        sed -e ':again' -e '/\\$/{N;s/\\\n//;b again' -e '}' -e '/^[ \t]*#/d' | tr '\n' ' ' | tr ';{}' '\n\n\n' |
        sed -n 's/.*QUIRE_API[^(]*[ *]\([a-z_0-9A-Z]*\) *(.*/\1/p' | LC_ALL=C sort
}

exported() {
    case $1 in
    *.dll) $objdump -p "$1" | sed -n '/Name Pointer. Table/,/^$/s/^[ \t]*\[ *[0-9]*\].* \([A-Za-z_][A-Za-z_0-9]*\)$/\1/p' ;;
    *.dylib) nm -gU "$1" | sed -n 's/.* [A-Z] _//p' ;;
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

fail() { echo "check-symbols: $*" >&2; status=1; }

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
[ -s "$wanted" ] || { echo "check-symbols: no QUIRE_API function found in $header." >&2; exit 1; }
for library; do
    exported "$library" >"$found"
    missing=$(LC_ALL=C comm -23 "$wanted" "$found" | tr '\n' ' ')
    extra=$(LC_ALL=C comm -13 "$wanted" "$found" | tr '\n' ' ')
    [ -z "$missing" ] || fail "$library does not export what quire.h declares: $missing"
    [ -z "$extra" ] || fail "$library exports what quire.h does not declare QUIRE_API: $extra"
    case $library in
    *.so)
        newer=$(too_new "$library" | tr '\n' ' ')
        [ -z "$newer" ] || fail "$library needs a glibc newer than $floor: $newer"
        ;;
    esac
done
[ $status -ne 0 ] || echo "check-symbols: $(wc -l <"$wanted" | tr -d ' ') functions exported, as declared: $*"
exit $status

#!/bin/sh
# shellcheck disable=SC2086
# coverage.sh: which lines of the C layer its conformance programs run: a table, and native/target/coverage/missed, the lines
# that none of them runs. For Linux with gcc.
set -eu
. "$(dirname "$0")/flags.sh"
out=$PWD/target/coverage
rm -rf "$out"
mkdir -p "$out/run"
flags="-O0 -g --coverage -fprofile-abs-path -fprofile-update=atomic"
sources=$(echo src/main/c/common/*.c src/main/c/posix/*.c src/main/c/linux/*.c src/main/c/kernels/*.c)

# A process that ends by _exit, as the children of the programs do, would not write what it counted.
cat >"$out/exit.c" <<'C'
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <unistd.h>
void __gcov_dump(void);
void _exit(int status) {
    __gcov_dump();
    for (;;) {
        syscall(SYS_exit_group, status);
    }
}
C

objects=
for source in $sources; do
    object=$out/$(basename $source .c).o
    compile gcc $flags -Wno-error -c -o $object $source &
    objects="$objects $object"
    [ $(jobs -p | wc -l) -lt 2 ] || wait
done
compile gcc -c -o $out/exit.o $out/exit.c
wait
# Children that have given up their rights count too.
chmod -R a+rwX "$out"
umask 0
for source in $programs; do
    program=$out/run/${source%.c}
    compile gcc -fprofile-update=atomic -o $program src/test/c/$source $objects $out/exit.o -lgcov -lm -lpthread -rdynamic
    (cd "$out/run" && ./${source%.c}) >$program.log 2>&1 || { cat $program.log >&2; echo "coverage: ${source%.c} failed" >&2; }
done

cd "$out"
gcov -r -s "$OLDPWD" *.gcda >/dev/null 2>&1
: >table
for report in *.c.gcov *.h.gcov; do
    awk -F: -v name="${report%.gcov}" '
        $1 ~ /^ *[0-9]+\*?$/ { hit++ }
        $1 ~ /#####|=====/ { missed++; print name ":" $2 + 0 ":" substr($0, index($0, $3)) >"/dev/stderr" }
        END { if (hit + missed) printf "%s %d %d\n", name, hit, hit + missed }' "$report" >>table 2>>missed.all
done
sort -u missed.all >missed
awk '{ printf "%-28s %5d of %5d lines %6.1f %%\n", $1, $2, $3, 100 * $2 / $3; hit += $2; all += $3 }
    END { printf "%-28s %5d of %5d lines %6.1f %%\n", "all", hit, all, 100 * hit / all }' table

#!/bin/sh
# shellcheck disable=SC2086
# sanitize.sh: compiles the C layer and its conformance programs with AddressSanitizer and UndefinedBehaviorSanitizer and
# runs them. Compiles again only what is older than a source.
set -eu
. "$(dirname "$0")/flags.sh"
cc=${CC:-gcc}
# With -O2 gcc takes five times as long over the kernels' vector code between the checks.
flags="-O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
out=target/sanitize
mkdir -p $out

probe=$out/probe
if ! printf 'int main(void) { return 0; }\n' | $cc $flags -x c -o $probe - 2>/dev/null || ! $probe 2>/dev/null; then
    echo "sanitize: $cc cannot build or run a program with sanitizers here: skipped"
    exit 0
fi

library=$out/libquire.so
stale() { [ ! -e "$1" ] || [ -n "$(find src pom.xml flags.sh sanitize.sh -newer "$1" | head -n 1)" ]; }
! stale $library || compile $cc $elf_flags $flags -shared -o $library src/main/c/*/*.c

passed=0 failed=0
for source in $programs; do
    name=${source%.c}
    program=$out/$name
    if stale $program; then
        compile $cc $elf_flags $flags -o $program src/test/c/$source -L$out -lquire '-Wl,-rpath,$ORIGIN'
    fi
    if (cd $out && ./$name) >$program.log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat $program.log >&2
        echo "sanitize: $name failed under the sanitizers" >&2
    fi
done
program=$out/fuzz_random
! stale $program || compile $cc $elf_flags $flags -o $program src/fuzz/*.c -L$out -lquire '-Wl,-rpath,$ORIGIN'
if (cd $out && ./fuzz_random 10) >$program.log 2>&1; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    cat $program.log >&2
    echo "sanitize: random calls failed under the sanitizers" >&2
fi
echo "sanitize: $passed passed, $failed failed (AddressSanitizer, UndefinedBehaviorSanitizer)"
[ $failed -eq 0 ]

#!/bin/sh
# shellcheck disable=SC2086
# fuzz.sh SECONDS [SEED]: random calls of the C layer under AddressSanitizer and UndefinedBehaviorSanitizer: with libFuzzer,
# which looks for new paths, where clang has it, else with numbers from a seed. target/fuzz keeps what libFuzzer found.
set -eu
. "$(dirname "$0")/flags.sh"
seconds=$1
out=$PWD/target/fuzz
mkdir -p "$out/corpus"
checks="-O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
if command -v clang >/dev/null &&
    compile clang $elf_flags $checks -fsanitize=fuzzer -o "$out/fuzz_calls" src/fuzz/fuzz_calls.c src/main/c/*/*.c -lm; then
    cd "$out"
    exec ./fuzz_calls -max_total_time="$seconds" -max_len=400 -print_final_stats=1 corpus
fi
compile ${CC:-gcc} $elf_flags $checks -o "$out/fuzz_random" src/fuzz/*.c src/main/c/*/*.c -lm
cd "$out"
exec ./fuzz_random "$seconds" ${2:-}

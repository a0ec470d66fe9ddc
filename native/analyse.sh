#!/bin/sh
# shellcheck disable=SC2086
# analyse.sh: looks for defects in the C layer without running it: gcc's analyser, and clang-tidy with .clang-tidy, where
# they are. A finding fails.
set -eu
. "$(dirname "$0")/flags.sh"
sources=$(echo src/main/c/common/*.c src/main/c/posix/*.c src/main/c/linux/*.c src/main/c/kernels/quire_reduce.c)
object=$(mktemp)
trap 'rm -f "$object"' EXIT
for source in $sources; do
    compile gcc $elf_flags -fanalyzer -c -o "$object" "$source"
done
echo "analyse: gcc -fanalyzer finds nothing in $(echo $sources | wc -w | tr -d ' ') files"
if ! command -v clang-tidy >/dev/null; then
    echo 'analyse: no clang-tidy here: skipped'
    exit 0
fi
clang-tidy -quiet $sources -- ${c_flags% -Werror*} -DQUIRE_VERSION=any -Isrc/main/include $folders 2>/dev/null
echo 'analyse: clang-tidy finds nothing'

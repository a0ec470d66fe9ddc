#!/bin/sh
# shellcheck disable=SC2086
# analyse.sh: gcc -fanalyzer, clang-tidy with the checks of ../.clang-tidy, and clang's analyzer by scan-build, over what
# Linux compiles. Ends at the first tool that finds something.
set -eu
. "$(dirname "$0")/flags.sh"
kernels=$(echo src/main/c/kernels/quire_kernels_*.c)
sources="$(echo src/main/c/common/*.c src/main/c/posix/*.c src/main/c/linux/*.c) src/main/c/kernels/quire_reduce.c"
clang_flags="-std=c11 -DQUIRE_VERSION=$version -Isrc/main/include $folders"

echo 'analyse: gcc -fanalyzer'
# -O0: optimisation removes paths that it would look at. It takes the lanes of a vector for the bits of a number, so the
# kernels are left to clang.
for source in $sources; do
    compile gcc -fPIC -O0 -fanalyzer -c -o /dev/null $source
done

echo 'analyse: clang-tidy'
clang-tidy --quiet $sources $kernels -- $clang_flags

echo 'analyse: scan-build'
scan-build --status-bugs -o target/analyse sh -euc 'for source in '"$sources $kernels"'; do
    $CC '"$clang_flags"' -O1 -c -o /dev/null $source
done'
echo 'analyse: nothing found'

#!/bin/sh
# shellcheck disable=SC2086
# cross.sh: builds the library and the conformance programs for every platform that this machine has a compiler for, and
# prints one table of results. The libraries go to target/cross/lib/SYSTEM-ARCHITECTURE, from where java/core
# takes them into its jar. With QUIRE_RUN=true the programs are run too, by an emulator where there has to be one. The
# table stays in target/cross/table, one row "PLATFORM|BUILT|RESULT" each. A library of other sources than there are now
# is built anew or removed; with QUIRE_SKIP=true it is only removed.
set -eu
. "$(dirname "$0")/flags.sh"
run=${QUIRE_RUN:-false}
out=target/cross
host="$(uname -s)-$(uname -m)"
mkdir -p $out/lib
sources=$(cat src/main/c/*/* src/main/include/* pom.xml flags.sh cross.sh | cksum)
broken=0

row() { printf '%s|%s|%s\n' "$1" "$2" "$3" >>$out/table; }
has() { command -v "$1" >/dev/null 2>&1; }
stale() { [ ! -e "$1" ] || [ -n "$(find src pom.xml flags.sh cross.sh -newer "$1" | head -n 1)" ]; }
# current TARGET: whether its library is of the sources as they are
current() { [ -d $out/lib/$1 ] && [ "$(cat $out/made/$1 2>/dev/null)" = "$sources" ]; }
forget() { rm -rf ${out:?}/lib/$1 $out/made/$1; }
absent() { forget $1 && row $1 no "skipped: $2"; }
limited() { if has timeout; then timeout 300 "$@"; else "$@"; fi; }

# compile_library TARGET COMPILER LIBRARY FLAG...
compile_library() {
    target=$1 made_by=$2 library=$3
    shift 3
    forget $target
    mkdir -p $out/lib/$target $out/made
    compile "$made_by" "$@" -o $out/lib/$target/$library src/main/c/*/*.c
    rm -f $out/lib/$target/*.lib $out/lib/$target/*.pdb # what zig's linker leaves beside it
    printf '%s\n' "$sources" >$out/made/$target
}

# build TARGET COMPILER LIBRARY SUFFIX COMPILE-FLAGS LINK-FLAGS TEST-FLAGS
build() {
    folder=$out/lib/$1 bin=$out/bin/$1
    current $1 || compile_library $1 "$2" $3 $5 -shared $6
    ./check-symbols.sh $folder/$3 >/dev/null
    ./check-hardening.sh $folder/$3 >/dev/null
    link_programs $1 "$2" $folder/$3 "$4" "$7"
}

# link_programs TARGET COMPILER LIBRARY SUFFIX FLAGS: the programs, and the library beside them
link_programs() {
    bin=$out/bin/$1
    mkdir -p $bin
    cp $3 $bin/
    for source in $programs; do
        program=$bin/${source%.c}$4
        if stale $program || [ -n "$(find $3 -newer $program)" ]; then
            compile "$2" $5 -o $program src/test/c/$source -L$bin -lquire
        fi
    done
}

# run TARGET SUFFIX RUNNER...: runs the programs and counts; a line "skip: ..." of a program is shown, never swallowed
run() {
    target=$1 suffix=$2
    shift 2
    if [ "$run" != true ]; then row $target yes 'not run (profile "platforms" runs them)'; return; fi
    passed=0 failed=0 skipped=0
    for source in $programs; do
        name=${source%.c}
        log=$PWD/$out/bin/$target/$name.log
        if (cd $out/bin/$target && limited "$@" ./$name$suffix) >"$log" 2>&1; then
            passed=$((passed + 1))
        else
            failed=$((failed + 1)) broken=1
            sed "s/^/$target $name: /" "$log" >&2
        fi
        skipped=$((skipped + $(grep -c '^skip: ' "$log" || true)))
        sed -n "s/^skip: /skipped on $target, $name: /p" "$log"
    done
    row $target yes "$passed passed, $failed failed, $skipped checks skipped"
}

windows_x86_64() {
    has x86_64-w64-mingw32-gcc || { absent windows-x86_64 'no x86_64-w64-mingw32-gcc'; return; }
    build windows-x86_64 x86_64-w64-mingw32-gcc quire.dll .exe \
        '-D_WIN32_WINNT=0x0A00 -Wa,-muse-unaligned-vector-move' \
        '-s -static-libgcc -Wl,--no-insert-timestamp' '-D_WIN32_WINNT=0x0A00 -D__USE_MINGW_ANSI_STDIO=1 -static-libgcc'
    if [ "$run" = true ] && ! has wine; then row windows-x86_64 yes 'skipped: no wine'; return; fi
    [ "$run" != true ] || wine_prefix
    run windows-x86_64 .exe wine
}

# A Wine of our own, so that nobody's settings change; the first start takes a quarter of a minute. One server serves all
# programs: left to itself it ends when there is nothing to do, and resets the connection of a program that starts just then.
wine_prefix() {
    export WINEDEBUG=-all WINEPREFIX="${XDG_CACHE_HOME:-$HOME/.cache}/quire/wine"
    mkdir -p "$WINEPREFIX"
    if [ ! -e "$WINEPREFIX/quire-is-ready" ]; then
        wine reg add 'HKCU\Software\Wine' /v Version /d win10 /f >/dev/null 2>&1
        wineserver -w
        : >"$WINEPREFIX/quire-is-ready"
    fi
    wineserver -p
    trap 'wineserver -k' EXIT
}

linux_aarch64() {
    [ $host != Linux-aarch64 ] || { forget linux-aarch64; return; }
    has aarch64-linux-gnu-gcc || { absent linux-aarch64 'no aarch64-linux-gnu-gcc'; return; }
    build linux-aarch64 aarch64-linux-gnu-gcc libquire.so '' "$elf_flags -mno-outline-atomics -mbranch-protection=standard" \
        '-s -Wl,-z,defs -Wl,-z,relro,-z,now,-z,nodelete,-z,noexecstack' \
        '-Wl,-rpath,$ORIGIN'
    if [ "$run" = true ] && ! has qemu-aarch64; then row linux-aarch64 yes 'skipped: no qemu-aarch64'; return; fi
    run linux-aarch64 '' qemu-aarch64 -L /usr/aarch64-linux-gnu
}

# zig TARGET ZIG-TARGET LIBRARY FLAGS HOST: by the compiler out of the Python package "ziglang", for systems that Debian has
# no compiler for. Nothing here can run what it makes; for macOS the programs are linked, to see that they could be.
zig() {
    [ $host != "$5" ] || { forget $1; return; }
    python3 -m ziglang version >/dev/null 2>&1 || { absent $1 'no python3 -m ziglang'; return; }
    folder=$out/lib/$1 compiler="python3 -m ziglang cc -target $2" linked=
    case $3 in *.dylib) shape="-shared -install_name @rpath/$3" ;; *) shape='-shared -s' ;; esac
    current $1 || compile_library $1 "$compiler" $3 $4 $shape
    checked='exports not checked: no llvm-nm'
    ./check-hardening.sh $folder/$3 >/dev/null
    if has llvm-nm; then ./check-symbols.sh $folder/$3 >/dev/null && checked='exports checked'; fi
    case $run$3 in
    true*.dylib)
        link_programs $1 "$compiler" $folder/$3 '' ''
        linked="$(echo $programs | wc -w | tr -d ' ') linked, "
        ;;
    esac
    row $1 yes "${linked}not run: no such machine here; $checked"
}

# shipped TARGET COMPILER: programs for the library that the NAR plugin linked here, which is the one that goes into the
# jar. It was linked against glibc, and has to serve programs of musl too.
shipped() {
    library=$(find target/nar/lib -name libquire.so | head -n 1)
    [ -n "$library" ] || { row $1 no 'skipped: the NAR plugin has not built its library'; return; }
    has $2 || { row $1 yes "skipped: no $2"; return; }
    link_programs $1 $2 "$library" '' '-Wl,-rpath,$ORIGIN'
    run $1 '' env LD_BIND_NOW=1
}

if [ "${QUIRE_SKIP:-false}" = true ]; then
    for folder in $out/lib/*/; do
        target=$(basename $folder)
        if [ -d $folder ] && ! current $target; then
            forget $target
            ! sed "/^$target|/d" $out/table >$out/table.new 2>/dev/null || mv $out/table.new $out/table
        fi
    done
    exit 0
fi

: >$out/table
case $host in
Linux-*)
    shipped linux-${host#*-} gcc
    shipped linux-${host#*-}-musl musl-gcc
    ;;
esac
linux_aarch64
windows_x86_64
zig windows-aarch64 aarch64-windows-gnu quire.dll '-U_WIN32_WINNT -D_WIN32_WINNT=0x0A00' none
zig macos-aarch64 aarch64-macos libquire.dylib '' Darwin-arm64
zig macos-x86_64 x86_64-macos libquire.dylib '' Darwin-x86_64
printf '\n%-20s %-6s %s\n' platform built 'conformance programs'
while IFS='|' read -r target built result; do printf '%-20s %-6s %s\n' "$target" "$built" "$result"; done <$out/table
printf '\n'
exit $broken

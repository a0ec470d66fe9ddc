#!/bin/sh
# check-hardening.sh [LIBRARY...]: a library cannot be written over or run where it should not. Without an argument: what
# the NAR plugin linked.
#   ELF: relocations are done at once and then read-only, no page is writable and executable, nor the stack, nothing is
#   searched for in a folder of the build's; on x86-64 the stack is looked after and calls land on endbr64, on 64-bit ARM
#   calls land on bti and return addresses are signed.
#   PE: it lies anywhere in 64 bits of addresses, and data are not executed.
#   Mach-O: no segment is writable and executable.
set -eu
cd "$(dirname "$0")" || exit

fail() { echo "check-hardening: $library $*" >&2; status=1; }

# The first instruction of each function that is exported: its name and the instruction.
entries() {
    $1 -d --no-show-raw-insn "$library" 2>/dev/null | awk '
        / <quire[a-z_0-9]*(@@[A-Za-z]*)?>:$/ { name = $2; gsub(/[<>:]|@.*/, "", name); next }
        name != "" { $1 = ""; print name $0; name = "" }'
}

check_elf() {
    header=$(readelf -hW "$library")
    segments=$(readelf -lW "$library")
    dynamic=$(readelf -dW "$library")
    symbols=$(readelf --dyn-syms -W "$library")
    echo "$segments" | grep -q ' GNU_RELRO ' || fail 'leaves its relocations writable: link it with -z relro'
    echo "$dynamic" | grep -Eq 'BIND_NOW|Flags:.* NOW' || fail 'binds symbols late, to memory that stays writable: link it with -z now'
    echo "$segments" | grep -q ' GNU_STACK .* RW  ' || fail 'asks for an executable stack: link it with -z noexecstack'
    ! echo "$segments" | grep -q ' LOAD .* RWE ' || fail 'has pages that are writable and executable'
    ! echo "$dynamic" | grep -q 'TEXTREL' || fail 'relocates its code: compile it with -fPIC'
    ! echo "$dynamic" | grep -Eq '\((RPATH|RUNPATH)\)' || fail 'looks for libraries in a folder: link it without -rpath'
    case $header in
    *X86-64*)
        echo "$symbols" | grep -q ' __stack_chk_fail' || fail 'does not look after its stack: compile it with -fstack-protector-strong'
        check_entries "${OBJDUMP:-objdump}" ' endbr64' -fcf-protection
        ;;
    *AArch64*) check_entries "${OBJDUMP:-aarch64-linux-gnu-objdump}" ' (bti|paciasp)' -mbranch-protection=standard ;;
    esac
}

# Stripped libraries have their exports left, which is enough for objdump to name where they begin.
check_entries() {
    command -v "$1" >/dev/null 2>&1 || return 0
    begun=$(entries "$1")
    [ -n "$begun" ] || { fail 'exports nothing whose instructions can be seen'; return; }
    bare=$(echo "$begun" | grep -Ev "$2" | sed 's/ .*//' | head -n 3 | tr '\n' ' ')
    [ -z "$bare" ] || fail "has functions that calls may enter anywhere: compile it with $3: $bare"
}

check_pe() {
    flags=$(pe_flags "$1")
    for flag in DYNAMIC_BASE:dynamicbase NX_COMPAT:nxcompat HIGH_ENTROPY_VA:high-entropy-va; do
        echo "$flags" | grep -q "${flag%:*}" || fail "has no ${flag%:*}: link it with --${flag#*:}"
    done
}

# What GNU or LLVM reads of the flags.
pe_flags() {
    if command -v x86_64-w64-mingw32-objdump >/dev/null 2>&1 && x86_64-w64-mingw32-objdump -p "$1" 2>/dev/null | grep -q DllCharacteristics; then
        x86_64-w64-mingw32-objdump -p "$1"
    elif command -v llvm-readobj >/dev/null 2>&1; then
        llvm-readobj --file-headers "$1"
    else
        echo DYNAMIC_BASE NX_COMPAT HIGH_ENTROPY_VA # nobody here can read it
    fi
}

# The protection that each segment begins with.
check_macho() {
    command -v llvm-objdump >/dev/null 2>&1 || return 0
    headers=$(llvm-objdump --macho --private-headers "$1")
    echo "$headers" | grep -q 'initprot r' || fail 'has no segments that can be read'
    ! echo "$headers" | grep -Eq 'initprot .wx' || fail 'has a segment that is writable and executable'
    ! echo "$headers" | grep -q 'ALLOW_STACK_EXECUTION' || fail 'asks for an executable stack'
}

status=0
if [ $# -eq 0 ]; then
    # shellcheck disable=SC2046
    set -- $(find target/nar/lib -name '*quire.so' -o -name '*quire.dylib' -o -name '*quire.dll')
    [ $# -gt 0 ] || { echo 'check-hardening: the NAR plugin linked no library under target/nar/lib.' >&2; exit 1; }
fi
for library; do
    case $library in
    *.dll) check_pe "$library" ;;
    *.dylib) check_macho "$library" ;;
    *) check_elf ;;
    esac
done
[ $status -ne 0 ] || echo "check-hardening: protected: $*"
exit $status

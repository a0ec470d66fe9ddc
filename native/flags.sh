# shellcheck shell=sh disable=SC2034
# Read by the scripts beside it: what the Maven build compiles with, and what there is to compile.
cd "$(dirname "$0")" || exit
c_flags=$(sed -n 's:.*<quire.c.flags>\(.*\)</quire.c.flags>.*:\1:p' pom.xml)
version=$(sed -n 's:.*<version>\(.*\)</version>.*:\1:p' pom.xml | head -n 1)
elf_flags='-fPIC -U_FORTIFY_SOURCE'
programs=$(cd src/test/c && echo check_*.c)
folders="-Isrc/main/c/common -Isrc/main/c/kernels -Isrc/main/c/posix -Isrc/main/c/linux -Isrc/main/c/windows"

# compile COMPILER ARGUMENT...: no file holds the folder's name, so that two builds of one source are the same bytes.
# shellcheck disable=SC2086
compile() {
    compiler=$1
    shift
    $compiler $c_flags "-DQUIRE_VERSION=$version" "-ffile-prefix-map=$PWD=native" -Isrc/main/include $folders "$@"
}

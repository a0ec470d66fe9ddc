# Read by the scripts beside it: what the Maven build compiles with, and what there is to compile.
cd "$(dirname "$0")"
read_property() { sed -n "s:.*<$1>\(.*\)</$1>.*:\1:p" pom.xml; }
c_flags="$(read_property quire.c.flags) -ffile-prefix-map=$PWD=native -Isrc/main/include"
elf_flags='-fPIC -U_FORTIFY_SOURCE'
programs=$(cd src/test/c && echo check_*.c)

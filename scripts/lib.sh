# shellcheck shell=sh
# Shell functions that the scripts beside this file share (POSIX sh). Sets: root, the repository's folder.

root=$(cd "$(dirname "$0")/.." && pwd)
version=25 # the JDK that the build and the tool need; Maven itself is content with 17

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# is_jdk FOLDER: whether a JDK (with a compiler) new enough is there. Its "release" file says, so no JVM is started.
is_jdk() {
    [ -r "$1/release" ] && { [ -x "$1/bin/javac" ] || [ -x "$1/bin/javac.exe" ]; } || return 1
    major=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
    [ "${major:-0}" -ge $version ]
}

java_on_path() {
    java=$(command -v java) || return 1
    java=$(readlink -f "$java" 2>/dev/null || echo "$java")
    dirname "$(dirname "$java")"
}

# find_jdk: sets jdk, or fails. JAVA_HOME goes first, then java on the PATH, then the usual places.
find_jdk() {
    for jdk in "${JAVA_HOME:-}" "$(java_on_path)" /usr/lib/jvm/* /Library/Java/JavaVirtualMachines/*/Contents/Home \
        "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* /opt/jdk* \
        '/c/Program Files/Java'/* '/c/Program Files/Eclipse Adoptium'/* '/c/Program Files/Microsoft'/jdk* \
        '/c/Program Files/Zulu'/* '/c/Program Files/Amazon Corretto'/*; do
        [ -n "$jdk" ] && is_jdk "$jdk" && return 0
    done
    return 1
}

# may_install: root on Debian or Ubuntu, unless QUIRE_INSTALL=no says that nothing is installed.
may_install() { [ "${QUIRE_INSTALL:-yes}" != no ] && [ "$(id -u)" = 0 ] && has apt-get; }

# install WHAT PACKAGE...: says what is missing and which packages it takes, then installs them with apt-get, whose own
# output is shown only if it fails.
install() {
    what=$1
    shift
    echo "${0##*/}: no $what found; installing with apt-get: $* (QUIRE_INSTALL=no prevents this)" >&2
    export DEBIAN_FRONTEND=noninteractive
    if ! log=$({ apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } 2>&1); then
        echo "$log" >&2
        return 1
    fi
}

need_jdk() {
    find_jdk && return
    if may_install && install "JDK $version" openjdk-$version-jdk-headless && find_jdk; then return; fi
    fail "no JDK $version or newer found: install one (for example from https://adoptium.net) and set JAVA_HOME to it"
}

need_maven() {
    has mvn && return
    if may_install; then install Maven maven && return; fi
    fail 'no Maven found: install Maven 3.8 or newer (apt install maven, brew install maven) so that "mvn" is on the PATH'
}

need_compiler() {
    if has gcc; then return; fi
    if may_install; then install 'C compiler' gcc libc6-dev && return; fi
    fail 'no C compiler found: install gcc (apt install gcc libc6-dev, on macOS xcode-select --install)'
}

# A Python that has NumPy, as the tests look for it (Python.java).
has_numpy() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import numpy' 2>/dev/null; then return; fi
    done
    return 1
}

# What is compared with NumPy is skipped without it: a whole build compares it.
need_numpy() {
    has_numpy && return
    if may_install; then install NumPy python3-numpy && has_numpy && return; fi
    fail 'no python3 with NumPy found, which the tests compare with: install it (apt install python3-numpy, pip install numpy)'
}

# maven ARGUMENT...: runs Maven on the JDK found, in the repository's folder, without the warnings of newer JDKs about what
# Maven itself uses.
maven() {
    case $root in
    *' '*) fail "the plugin that links the C library cannot work in a folder with a space in its path: $root" ;;
    esac
    need_jdk
    need_maven
    need_compiler
    (
        cd "$root" || exit
        export JAVA_HOME="$jdk"
        export MAVEN_OPTS="--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${MAVEN_OPTS:-}"
        # shellcheck disable=SC2086 # a list of arguments; Maven reads it by itself only from 3.9 on
        mvn --batch-mode --no-transfer-progress ${MAVEN_ARGS:-} "$@"
    )
}

# build_where_stale STAMP MODULE RESULT: packages a module and what it needs, without tests, unless nothing in the
# sources is newer than the stamp of the last time. Sets jdk.
build_where_stale() {
    need_jdk
    if [ -e "$1" ] && [ -e "$3" ]; then
        newer=$(cd "$root" && find pom.xml native/pom.xml native/aol.properties native/src/main generated/src \
            java/core/pom.xml java/core/src/main java/lucene/pom.xml java/lucene/src/main "$2/pom.xml" "$2/src/main" -newer "$1" | head -n 1)
        [ -n "$newer" ] || return 0
    fi
    first=
    [ -e "$3" ] || first=' (the first time it fetches what it builds with: minutes)'
    echo "${0##*/}: building ...$first" >&2
    before=$(mktemp)
    if ! log=$(maven -q package -pl "$2" -am -Dmaven.test.skip=true -Dquire.platforms.skip=true 2>&1); then
        echo "$log" >&2
        fail 'the build failed; what it said is above'
    fi
    mv "$before" "$1"
}

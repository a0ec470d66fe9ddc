/**
 * Memory mapping for the JVM: files, anonymous buffers and shared memory, with the operating system's paging hints.
 *
 * <p>Start with {@link dev.quire.Mapping}. The module calls native code: give it access with
 * {@code --enable-native-access=dev.quire}, or {@code ALL-UNNAMED} when it is on the class path.
 */
module dev.quire {
    requires jdk.jfr;
    requires static org.jspecify;

    exports dev.quire;
    exports dev.quire.hint;
    exports dev.quire.array;
    exports dev.quire.cache;
    exports dev.quire.error;
    exports dev.quire.scan;
    exports dev.quire.shared;
    exports dev.quire.slice;
}

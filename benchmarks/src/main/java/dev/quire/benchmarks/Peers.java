package dev.quire.benchmarks;

/** The options of the virtual machine that the peers need on JDK 25. */
final class Peers {
    /** Agrona reads and writes by the JDK's own {@code Unsafe}. */
    static final String AGRONA = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    // Chronicle and MapDB map and unmap by reflection.
    static final String OPEN_NIO = "--add-opens=java.base/java.nio=ALL-UNNAMED";
    static final String OPEN_CHANNELS = "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED";
    static final String OPEN_REFLECTION = "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED";
    static final String OPEN_LANG = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    static final String OPEN_IO = "--add-opens=java.base/java.io=ALL-UNNAMED";

    /** And read by the {@code Unsafe} that goes away. */
    static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

    private Peers() {}
}

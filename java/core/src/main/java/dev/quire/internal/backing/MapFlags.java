package dev.quire.internal.backing;

/**
 * The C layer's numbers for modes, kinds, flags and uses of mappings, for those who may not import the bindings.
 * Written out, because the bindings cannot be asked where native access is refused; a test compares them.
 */
public final class MapFlags {
    public static final int READ_ONLY = 0;
    public static final int READ_WRITE = 1;
    public static final int COPY_ON_WRITE = 2;

    public static final int KIND_ANONYMOUS_PRIVATE = 1;
    public static final int KIND_ANONYMOUS_SHARED = 2;

    public static final int CREATE = 1;
    public static final int CREATE_NEW = 2;
    public static final int EXTEND = 4;
    public static final int SPARSE = 8;
    public static final int POPULATE = 16;
    public static final int HUGE_PAGES = 32;
    public static final int NO_RESERVE = 64;
    public static final int KEEP_FILE = 128;
    public static final int NO_FOLLOW = 256;
    public static final int OPEN_SEQUENTIAL = 512;
    public static final int OPEN_RANDOM = 1024;

    public static final int USE_READ = 0;
    public static final int USE_WRITE = 1;
    public static final int USE_LOCK = 2;

    private MapFlags() {}
}

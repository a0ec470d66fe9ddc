package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;

/** The C layer's numbers for modes, kinds and flags of mappings, for those who may not import the bindings. */
public final class MapFlags {
    public static final int READ_ONLY = QuireHeader.QUIRE_READ_ONLY();
    public static final int READ_WRITE = QuireHeader.QUIRE_READ_WRITE();
    public static final int COPY_ON_WRITE = QuireHeader.QUIRE_COPY_ON_WRITE();
    public static final int CREATE = QuireHeader.QUIRE_CREATE();
    public static final int CREATE_NEW = QuireHeader.QUIRE_CREATE_NEW();
    public static final int EXTEND = QuireHeader.QUIRE_EXTEND();
    public static final int SPARSE = QuireHeader.QUIRE_SPARSE();
    public static final int POPULATE = QuireHeader.QUIRE_POPULATE();
    public static final int HUGE_PAGES = QuireHeader.QUIRE_HUGE_PAGES();
    public static final int NO_RESERVE = QuireHeader.QUIRE_NO_RESERVE();
    public static final int KEEP_FILE = QuireHeader.QUIRE_KEEP_FILE();
    public static final int NO_FOLLOW = QuireHeader.QUIRE_NO_FOLLOW();
    public static final int OPEN_SEQUENTIAL = QuireHeader.QUIRE_OPEN_SEQUENTIAL();
    public static final int OPEN_RANDOM = QuireHeader.QUIRE_OPEN_RANDOM();
    public static final int ANONYMOUS_PRIVATE = QuireHeader.QUIRE_KIND_ANONYMOUS_PRIVATE();
    public static final int ANONYMOUS_SHARED = QuireHeader.QUIRE_KIND_ANONYMOUS_SHARED();

    /** What has a meaning without a file. */
    public static final int ANONYMOUS = POPULATE | HUGE_PAGES | NO_RESERVE | KEEP_FILE;

    private MapFlags() {}
}

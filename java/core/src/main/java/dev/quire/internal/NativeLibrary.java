package dev.quire.internal;

import dev.quire.error.NotSupportedException;
final class NativeLibrary {
    private NativeLibrary() {}
    static void load() throws NotSupportedException {
        Loaded.touch();
    }
    private static final class Loaded {
        static { System.load(System.getProperty("dev.quire.library")); }
        static void touch() {}
    }
}

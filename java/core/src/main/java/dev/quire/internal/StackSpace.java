package dev.quire.internal;

/**
 * Room on the stack for what must not be left half done: a {@link StackOverflowError} comes here, before it begins, and
 * not in the middle of it.
 */
final class StackSpace {
    /**
     * Frames have 32 bytes and more when they are compiled, and some 100 when they are not: 16 KiB at least. A change
     * of a mapping, with the call of the C layer, takes a quarter of that.
     */
    private static final int FRAMES = 512;

    private StackSpace() {}

    /** Throws now if there is too little. Costs about a microsecond. */
    static void reserve() {
        int deepest = descend(FRAMES);
        if (deepest != FRAMES) {
            throw new AssertionError(deepest);
        }
    }

    private static int descend(int frames) {
        return frames == 0 ? 0 : descend(frames - 1) + 1;
    }
}

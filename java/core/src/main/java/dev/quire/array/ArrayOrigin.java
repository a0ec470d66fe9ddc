package dev.quire.array;

/** What an array and all its views have in common. */
final class ArrayOrigin {
    final String name;
    private boolean dirty;

    ArrayOrigin(String name) {
        this.name = name;
    }

    /** Remembers that a write was made or made possible. A plain field: it only tells, and tests before it stores. */
    void touch() {
        if (!dirty) {
            dirty = true;
        }
    }

    boolean isDirty() {
        return dirty;
    }
}

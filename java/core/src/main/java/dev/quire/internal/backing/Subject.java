package dev.quire.internal.backing;

/**
 * What a region maps, as messages and later calls need it.
 *
 * @param path of the file, or "" for memory without one: what the C layer opens again
 * @param text for messages: the path, the name, or a description
 */
public record Subject(String path, String text) {
    /** A file. */
    public static Subject file(String path) {
        return new Subject(path, path);
    }

    /** Memory without a file. */
    public static Subject memory(String description) {
        return new Subject("", description);
    }

    /** That it cannot be written, under the name that the user gave it, and what to do where something can be done. */
    public String readOnlyMessage(String name) {
        return "read-only: " + name
                + (path.isEmpty()
                        ? ", which was attached, sealed or protected for reading only"
                        : "; open it with READ_WRITE or COPY_ON_WRITE to write");
    }
}

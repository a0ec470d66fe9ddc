package dev.quire.array;

import java.lang.System.Logger.Level;
import java.util.function.Consumer;

/**
 * How a new array file takes its name. Immutable: each method returns changed options.
 *
 * @param replace whether a regular file that has the name is replaced; else it is refused. Anything else that has it
 *     (a folder, a pipe, a device) is always refused
 * @param followLinks whether the file that a symbolic link names is made or replaced; else a link is refused
 * @param notKept told in a sentence each what a file that was replaced had and the new one could not take over: its
 *     owner, group, permissions, attributes or further names. Called after the new file is there, by the thread that
 *     made it
 */
public record WriteOptions(boolean replace, boolean followLinks, Consumer<String> notKept) {
    /** Replaces, follows links, and logs what could not be kept as a warning of the logger {@code dev.quire}. */
    public static final WriteOptions DEFAULT = new WriteOptions(
            true, true, sentence -> System.getLogger("dev.quire").log(Level.WARNING, sentence));

    /** Another answer to a file that is there. */
    public WriteOptions replace(boolean replaces) {
        return new WriteOptions(replaces, followLinks, notKept);
    }

    /** Another answer to a symbolic link. */
    public WriteOptions followLinks(boolean follows) {
        return new WriteOptions(replace, follows, notKept);
    }

    /** Another listener for what could not be kept. */
    public WriteOptions notKept(Consumer<String> listener) {
        return new WriteOptions(replace, followLinks, listener);
    }
}

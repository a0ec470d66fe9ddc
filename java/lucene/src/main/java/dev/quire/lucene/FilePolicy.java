package dev.quire.lucene;

import dev.quire.hint.Hint;
import java.util.Objects;
import java.util.Set;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.PreloadHint;

/**
 * What is done with the pages of a file, or of a file inside a compound file, when it is opened. Immutable: each method
 * returns a changed policy.
 *
 * {@snippet :
 * FilePolicy.Chooser vectorsAtRandom = (file, context) -> file.endsWith(".vec")
 *         ? FilePolicy.NORMAL.hint(Hint.RANDOM)
 *         : FilePolicy.byContext(file, context);
 * }
 *
 * @param hint how the pages will be read: {@link Hint#NORMAL} leaves it to the operating system
 * @param isPreloaded whether all of it is brought into memory before opening returns
 * @param isLocked whether it is brought in and kept in memory until it is closed
 */
public record FilePolicy(Hint hint, boolean isPreloaded, boolean isLocked) {
    /** No hint, nothing brought in. */
    public static final FilePolicy NORMAL = new FilePolicy(Hint.NORMAL, false, false);

    /** Decides for each file. Called by every thread that opens one, or changes the context of one. */
    @FunctionalInterface
    public interface Chooser {
        /**
         * Chooses the policy.
         *
         * @param file name without a folder, such as {@code _0.vec}, also of a file inside a compound file
         * @param context what Lucene says of its use
         */
        FilePolicy choose(String file, IOContext context);
    }

    /** Refuses a missing hint. */
    public FilePolicy {
        Objects.requireNonNull(hint, "hint");
    }

    /** Changes the hint. */
    public FilePolicy hint(Hint other) {
        return new FilePolicy(other, isPreloaded, isLocked);
    }

    /** Brings the file into memory when it is opened. */
    public FilePolicy preload() {
        return new FilePolicy(hint, true, isLocked);
    }

    /** Brings the file into memory and keeps it there. The process needs the right to lock that much. */
    public FilePolicy lock() {
        return new FilePolicy(hint, isPreloaded, true);
    }

    /**
     * The default: {@link Hint#SEQUENTIAL} for what is read from front to back, which are merges, flushes and what says
     * so; preloading where Lucene asks for it. {@link Hint#RANDOM} for nothing: it switches read-ahead off, also while
     * a fresh index warms up, which then takes several times as long.
     */
    public static FilePolicy byContext(String file, IOContext context) {
        FilePolicy policy = context.hints().contains(PreloadHint.INSTANCE) ? NORMAL.preload() : NORMAL;
        return isSequential(context) ? policy.hint(Hint.SEQUENTIAL) : policy;
    }

    /**
     * As {@link #byContext}, and {@link Hint#RANDOM} for everything that Lucene reads at random, such as vectors: for
     * an index that is much larger than memory.
     */
    public static FilePolicy byContextWithRandom(String file, IOContext context) {
        FilePolicy policy = byContext(file, context);
        boolean isRandom = policy.hint() == Hint.NORMAL && context.hints().contains(DataAccessHint.RANDOM);
        return isRandom ? policy.hint(Hint.RANDOM) : policy;
    }

    private static boolean isSequential(IOContext context) {
        return Set.of(IOContext.Context.MERGE, IOContext.Context.FLUSH).contains(context.context())
                || context.hints().contains(DataAccessHint.SEQUENTIAL);
    }
}

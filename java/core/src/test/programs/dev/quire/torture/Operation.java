package dev.quire.torture;

import java.util.SplittableRandom;

/**
 * Something that threads do with the library, at random.
 *
 * @param declared what it may end with
 * @param subject what its exceptions name; "" for memory without a name
 */
record Operation(String name, Declared declared, String subject, Body body) {
    /** One call, or a few. */
    interface Body {
        void run(SplittableRandom random) throws Exception;
    }

    static <T> T any(java.util.List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }
}

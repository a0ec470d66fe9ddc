package dev.quire.internal.load;

import dev.quire.error.NotSupportedException;
import dev.quire.hint.LibraryFacts;
import dev.quire.internal.LibraryQuery;

/** Loads the library twice, as two calls would, and says what came of it. */
public final class LoadingMain {
    private LoadingMain() {}

    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            try {
                LibraryFacts library = LibraryQuery.describe();
                System.out.println("origin " + library.origin());
                System.out.println("file " + library.file());
                System.out.println("abi " + library.abiVersion() + " version " + library.version());
                library.passedOver().forEach(reason -> System.out.println("passed " + reason));
            } catch (NotSupportedException e) {
                System.out.println("refused " + e.code() + " " + e.getMessage());
            }
        }
    }
}

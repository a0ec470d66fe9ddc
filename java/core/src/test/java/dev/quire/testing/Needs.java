package dev.quire.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Platform;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.MappingException;

/** What a test needs of its platform: without it the test is aborted, and the report says why. */
public final class Needs {
    private Needs() {}

    public static void ability(Ability ability) throws MappingException {
        assumeTrue(has(ability), () -> "this platform cannot " + ability);
    }

    public static void superuser() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can set this up");
    }

    public static boolean has(Ability ability) throws MappingException {
        return Platform.facts().abilities().contains(ability);
    }
}

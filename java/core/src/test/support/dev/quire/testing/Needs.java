package dev.quire.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;

/** What a test needs of its platform: without it the test is aborted, and the report says why. */
public final class Needs {
    private Needs() {}

    public static void capability(Capability capability) throws MappingException {
        assumeTrue(has(capability), () -> "this platform cannot " + capability);
    }

    public static void superuser() {
        assumeTrue("root".equals(System.getProperty("user.name")), "only the superuser can set this up");
    }

    public static boolean has(Capability capability) throws MappingException {
        return Platform.facts().capabilities().contains(capability);
    }
}

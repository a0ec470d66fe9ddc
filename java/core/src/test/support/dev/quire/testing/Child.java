package dev.quire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.platform.commons.JUnitException;
import org.opentest4j.AssertionFailedError;

/** Children whose {@code main} uses JUnit's assertions: one that fails ends the child with a status of its own. */
public final class Child {
    private Child() {}

    public static ChildJvm of(Class<?> main, Object... arguments) {
        String[] texts = new String[arguments.length];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = arguments[i].toString();
        }
        ChildJvm child = ChildJvm.onClassPath(main, texts);
        for (Class<?> type : new Class<?>[] {Assertions.class, AssertionFailedError.class, JUnitException.class}) {
            child.before(jarOf(type));
        }
        return child;
    }

    /** Runs it and returns what it printed; fails unless it ended well. */
    public static String succeed(ChildJvm child) throws IOException, InterruptedException {
        ChildJvm.Exit exit = child.run();
        assertEquals(0, exit.status(), exit::toString);
        return exit.out();
    }

    /** The jar, or folder, that a class came from. */
    public static Path jarOf(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}

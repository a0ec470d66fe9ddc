package dev.quire.internal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Files under temporary names that go when the virtual machine ends in the midst of making them: Ctrl-C, System.exit.
 */
final class TemporaryNames {
    private static final Set<Path> FILES = ConcurrentHashMap.newKeySet();

    private TemporaryNames() {}

    /** Whether the hook is there: from the first file on. */
    private static final AtomicBoolean HOOKED = new AtomicBoolean();

    static void add(Path file) {
        FILES.add(file);
        if (!HOOKED.get() && HOOKED.compareAndSet(false, true)) {
            hook();
        }
    }

    private static void hook() {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(TemporaryNames::remove, "quire-temporaries"));
        } catch (IllegalStateException ending) {
            HOOKED.set(false); // another hook writes files; quire clean removes what it does not finish
        }
    }

    static void remove(Path file) {
        FILES.remove(file);
    }

    private static void remove() {
        for (Path file : FILES) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                System.getLogger("dev.quire").log(Level.WARNING, "left behind: " + file + ": " + e.getMessage());
            }
        }
    }
}

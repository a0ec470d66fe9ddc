package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;

/**
 * Acceptance 36 for files nobody thought of: any bytes give a header that holds together or an exception of the family,
 * within 1 MiB of allocation. Jazzer watches the time.
 *
 * <p>The fuzz classes try the inputs in their resource folder. With the environment variable {@code JAZZER_FUZZ=1} they
 * look for new ones for as long as {@code -Djazzer.max_duration} says; the build does both.
 */
final class Fuzzing {

    private static final long MAX_ALLOCATION = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Fuzzing() {}

    /** A parser and the checks on what it returned. */
    interface Target {
        void parse(ByteSource source) throws IOException;
    }

    static void run(byte[] input, Target target) throws IOException {
        if (allocated(input, target) > MAX_ALLOCATION) { // a first time loads and instruments classes
            long again = allocated(input, target);
            assertTrue(again <= MAX_ALLOCATION, () -> "allocated " + again + " bytes");
        }
    }

    private static long allocated(byte[] input, Target target) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            target.parse(ByteSource.of("input", input));
        } catch (ArrayFileException refused) {
            assertTrue(refused.file().startsWith("input"), refused::getMessage);
        }
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }
}

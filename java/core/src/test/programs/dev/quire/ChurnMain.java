package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.regex.Matcher;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Opens, touches and closes one kind of memory after the other, and compares what the process has before and after.
 *
 * <p>Arguments: folder, rounds for each kind. Needs native memory tracking. Prints a line for each kind.
 */
final class ChurnMain {
    private static final long SIZE = 64 << 10;

    /** Loads classes, fills pools and heap; compiles. */
    private static final int WARM_UP = 3_000;

    /** What the collector owns is counted only when it is gone: collected every so many rounds. */
    private static final int COLLECTED = 200;

    /** Less than anything that is forgotten takes: a malloc and what tracks it are 32 bytes. */
    private static final long BYTES_OF_A_ROUND = 16;

    /** What the virtual machine takes and gives by itself meanwhile. */
    private static final long SLACK_NATIVE_BYTES = 128 << 10;

    /** With the heap and compiled code. */
    private static final long SLACK_RESIDENT_BYTES = 24 << 20;

    /** A thread of the virtual machine comes or goes, with a stack and its guard. */
    private static final long SLACK_AREAS = 4;

    /** The virtual machine takes megabytes now and then; what a round forgets is missing every time. */
    private static final int ATTEMPTS = 8;

    private ChurnMain() {}

    private record State(long areas, long descriptors, long residentBytes, long nativeBytes) {
        /** As it is when the collector has unmapped all it can. */
        static State now() throws IOException, JMException, InterruptedException {
            long areas = Long.MAX_VALUE;
            while (ThisProcess.areas("").size() < areas) {
                areas = ThisProcess.areas("").size();
                System.gc();
                Thread.sleep(20);
            }
            return new State(
                    ThisProcess.areas("").size(),
                    ThisProcess.descriptors(""),
                    ThisProcess.status("VmRSS"),
                    trackedBytes());
        }

        /** Whether no more is there than before so many rounds. */
        boolean isAsBefore(State before, int rounds) {
            return areas <= before.areas + SLACK_AREAS
                    && residentBytes <= before.residentBytes + SLACK_RESIDENT_BYTES
                    && nativeBytes <= before.nativeBytes + SLACK_NATIVE_BYTES + BYTES_OF_A_ROUND * rounds;
        }

        /** All that the virtual machine has committed, but its heap, the code it compiled and what for. */
        private static long trackedBytes() throws JMException {
            String report = (String) ManagementFactory.getPlatformMBeanServer()
                    .invoke(
                            new ObjectName("com.sun.management:type=DiagnosticCommand"),
                            "vmNativeMemory",
                            new Object[] {new String[] {"summary"}},
                            new String[] {String[].class.getName()});
            return committed(report, "Total")
                    - committed(report, "Java Heap")
                    - committed(report, "Code")
                    - committed(report, "Compiler");
        }

        private static long committed(String report, String part) {
            Matcher matcher = java.util.regex.Pattern.compile(part + "[^\\n]*committed=(\\d+)KB")
                    .matcher(report);
            assertTrue(matcher.find(), report);
            return Long.parseLong(matcher.group(1)) * 1024;
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        State first = State.now(); // opens what the questions need
        assertTrue(first.areas() > 0 && first.nativeBytes() > 0, first::toString);
        for (MemoryKind subject : MemoryKind.all().toList()) {
            churn(subject, file, WARM_UP);
            for (int attempt = 1; !isClean(subject, file, rounds); attempt++) {
                assertTrue(attempt < ATTEMPTS, subject + " leaves something behind each time");
            }
        }
    }

    private static boolean isClean(MemoryKind subject, Path file, int rounds) throws Exception {
        State before = State.now();
        long start = System.nanoTime();
        churn(subject, file, rounds);
        double micros = (System.nanoTime() - start) / 1e3 / rounds;
        State after = State.now();
        boolean isClean = after.isAsBefore(before, rounds);
        System.out.printf(
                "%s: %d rounds of %.1f us; areas %+d, descriptors %+d, resident %+d KiB, native %+d KiB%s%n",
                subject,
                rounds,
                micros,
                after.areas() - before.areas(),
                after.descriptors() - before.descriptors(),
                (after.residentBytes() - before.residentBytes()) >> 10,
                (after.nativeBytes() - before.nativeBytes()) >> 10,
                isClean ? "" : "; once more");
        // What the collector had not yet closed before may be closed after: fewer are no leak.
        assertTrue(after.descriptors() <= before.descriptors(), () -> subject + ": " + before + ", then " + after);
        return isClean;
    }

    private static void churn(MemoryKind subject, Path file, int rounds) throws IOException, InterruptedException {
        for (int round = 0; round < rounds; round++) {
            touch(subject, file);
            if (!subject.isClosable() && round % COLLECTED == 0) {
                System.gc();
                Thread.sleep(5);
            }
        }
    }

    private static void touch(MemoryKind subject, Path file) throws IOException {
        boolean isFile = subject.kind().isFile();
        try (OpenMemory opened =
                isFile ? subject.map(file, MapOptions.DEFAULT) : subject.anonymous(SIZE, MapOptions.DEFAULT)) {
            byte expected = isFile ? Pattern.at(SIZE - 1) : 0;
            opened.use(views ->
                    assertEquals(expected, views.segment().get(ValueLayout.JAVA_BYTE, SIZE - 1), subject::toString));
        }
    }
}

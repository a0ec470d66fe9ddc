package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/**
 * Acceptance 36 for files nobody thought of. Any bytes give a header that holds together or an exception of the family,
 * within 1 MiB of allocation; Jazzer itself watches the time.
 *
 * <p>An ordinary run replays the committed inputs (resources/dev/quire/array/ParserFuzzInputs). With the environment
 * variable {@code JAZZER_FUZZ=1} one target, chosen by {@code -Dtest=ParserFuzz#npy}, looks for new ones.
 */
class ParserFuzz {

    private static final long MAX_ALLOCATION = 1 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A parser and the checks on what it returned. */
    private interface Target {
        void parse(ByteSource source) throws IOException;
    }

    @FuzzTest
    void npy(byte[] input) throws IOException {
        fuzz(input, source -> {
            NpyHeader header = NpyHeader.read(source, NpyHeader.DEFAULT_LIMIT);
            long dataBytes = header.shape().byteCount(header.descr().itemBytes());
            assertTrue(header.dataOffset() + dataBytes <= input.length, header::toString);
        });
    }

    @FuzzTest
    void sci(byte[] input) throws IOException {
        fuzz(input, source -> {
            SciHeader header = SciHeader.read(source);
            assertArrayEquals(Arrays.copyOf(input, SciHeader.BYTES), header.toBytes());
            assertTrue(SciHeader.BYTES + header.shape().byteCount(header.type().itemBytes()) <= input.length);
        });
    }

    @FuzzTest
    void zip(byte[] input) throws IOException {
        fuzz(input, source -> {
            for (ZipMember member : ZipDirectory.read(source).members()) {
                open(source, member);
            }
        });
    }

    private static void open(ByteSource archive, ZipMember member) throws IOException {
        try {
            ByteSource.Range range = member.open(archive);
            assertTrue(range.start() + range.length() <= archive.length(), member::toString);
        } catch (ArrayFileException refused) {
            assertTrue(refused.file().startsWith(archive.name()), refused::getMessage);
        }
    }

    private static void fuzz(byte[] input, Target target) throws IOException {
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

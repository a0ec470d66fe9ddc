package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteOrder;

/**
 * For files nobody thought of: any bytes give a header that holds together or an exception of the family, within 1 MiB
 * of allocation and eight times the input. Jazzer watches the time.
 *
 * <p>The fuzz classes try the inputs in their resource folder. With the environment variable {@code JAZZER_FUZZ=1} they
 * look for new ones for as long as {@code -Djazzer.max_duration} says; the build does both.
 */
final class Fuzzing {
    /** Instrumented classes allocate too. */
    private static final long BASE = 1 << 20;

    private Fuzzing() {}

    /** A parser and the checks on what it returned. */
    interface Target {
        void parse(Source source) throws IOException;
    }

    static void run(byte[] input, Target target) throws IOException {
        long most = BASE + (long) Opening.FACTOR * input.length;
        if (allocated(input, target) > most) { // a first time loads and instruments classes
            long again = allocated(input, target);
            assertTrue(again <= most, () -> "allocated " + again + " bytes");
        }
    }

    /** For what takes more memory than its header, as is right. */
    static void runUnbounded(byte[] input, Target target) throws IOException {
        allocated(input, target);
    }

    private static long allocated(byte[] input, Target target) throws IOException {
        try (Mapping memory = Mapping.anonymous(input.length + 1L, Lifetime.CONFINED)) {
            ByteSlice bytes = memory.bytes().slice(0, input.length);
            bytes.copyFrom(0, input, 0, input.length);
            return Opening.allocated(() -> {
                try {
                    target.parse(new Source("input", bytes, ByteOrder.LITTLE_ENDIAN));
                } catch (TensorFileException refused) {
                    assertTrue(refused.file().startsWith("input"), refused::getMessage);
                }
            });
        }
    }

    /** Whatever was found lies in the file, and can be looked at. */
    static void look(Contents contents, Source source) throws IOException {
        for (String name : contents.names()) {
            TensorInfo info = contents.find(name);
            assertTrue(info != null, name);
            assertTrue(info.offset() >= 0 && info.byteSize() >= 0, info::toString);
            assertTrue(info.offset() + info.byteSize() <= source.length(), info::toString);
            assertTrue(info.byteSize() == info.type().bytesOf(info.shape().elementCount()), info::toString);
        }
    }
}

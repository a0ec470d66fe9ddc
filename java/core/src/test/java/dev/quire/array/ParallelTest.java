package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reductions by several threads have the bits of one. */
class ParallelTest {
    /** Five blocks and a part, which ends within a chunk. */
    private static final int COUNT = 5 * (1 << 19) + 4567;

    @TempDir
    Path folder;

    private static ArrayView over(Mapping mapping, String dtype, long... shape) {
        return ArrayView.over(mapping.bytes(), DType.parse(dtype), Shape.of(shape), Order.C);
    }

    /** Numbers for which every order of additions has another result. */
    private static void fill(ArrayView array, double scale) {
        double[] values = new Random(5).doubles(COUNT).toArray();
        boolean whole = array.dtype().type().isInteger();
        for (int i = 0; i < COUNT; i++) {
            values[i] = whole ? Math.rint(values[i] * 120) : (values[i] - 0.3) * scale;
        }
        array.copyFrom(values);
    }

    private static List<Object> figures(ArrayView array) {
        return List.of(array.summary(), array.sum(), array.mean(), array.std(), array.min(), array.max());
    }

    private static void assertSame(ArrayView array) {
        List<Object> one = figures(array);
        for (int threads : new int[] {1, 2, 3, 7}) {
            assertEquals(one, figures(array.parallel(threads)), threads + " threads");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f8", "<f4", "<f2", "<i8", "<u8", ">i4", "<u2", "i1", "?"})
    void everyTypeHasTheSameBits(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 8L)) {
            ArrayView array = over(mapping, dtype, COUNT);
            if (dtype.equals("?")) {
                array.slice(Index.range(0, COUNT, 3)).fill(1);
            } else {
                fill(array, 1000);
            }
            assertSame(array);
            if (!dtype.contains("f")) {
                assertEquals(array.integerSummary(), array.parallel(3).integerSummary());
            }
        }
    }

    /** Some blocks are done before those that come first; what is left as a sum depends on the order. */
    @Test
    void blocksAreMergedInSequence() throws IOException {
        int length = 1 << 19;
        int half = 12;
        try (Mapping mapping = Mapping.anonymous(2L * half * length * 8)) {
            ArrayView array = over(mapping, "<f8", 2 * half, length);
            Random random = new Random(7);
            for (int row = 0; row < half; row++) {
                double scale = Math.pow(10, random.nextInt(120) - 60);
                double[] values = random.doubles(length).map(x -> x * scale).toArray();
                array.slice(Index.at(row)).copyFrom(values);
                array.slice(Index.at(half + (5 * row + 3) % half))
                        .copyFrom(Arrays.stream(values).map(x -> -x).toArray());
            }
            double one = array.sum();
            for (int round = 0; round < 30; round++) {
                assertEquals(one, array.parallel(7).sum());
            }
        }
    }

    @Test
    void viewsHaveTheSameBits() throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 8L)) {
            ArrayView array = over(mapping, "<f8", COUNT);
            fill(array, 1e10);
            assertSame(array.slice(Index.range(3, COUNT, 2)));
            assertSame(over(mapping, "<f8", 1601, 1637).slice(Index.range(5, 1600), Index.range(0, 1637, 1)));
            assertEquals(
                    array.slice(Index.range(0, 7)).sum(),
                    array.parallel(4).slice(Index.range(0, 7)).sum());
            assertEquals(0, array.slice(Index.range(5, 5)).parallel(4).sum());
        }
    }

    /** Elements that are infinite or NaN, and finite ones that overflow on the way, are reduced again and scaled. */
    @Test
    void whatIsNotFiniteHasTheSameBits() throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 8L)) {
            ArrayView array = over(mapping, "<f8", COUNT);
            fill(array, 1e308);
            assertTrue(Double.isFinite(array.mean()));
            assertSame(array);
            array.setDouble(COUNT / 2, Double.POSITIVE_INFINITY);
            assertSame(array);
            array.setDouble(COUNT - 1, Double.NEGATIVE_INFINITY);
            assertSame(array);
        }
    }

    /** The helpers read memory that is confined to the thread that waits for them. */
    @ParameterizedTest
    @ValueSource(strings = {"<f8", ">f8"})
    void confinedMemoryIsReadForItsThread(String dtype) throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 8L, Lifetime.CONFINED)) {
            ArrayView array = over(mapping, dtype, COUNT);
            fill(array, 3);
            assertSame(array);
        }
    }

    @Test
    void otherThreadsWork() throws IOException {
        try (Mapping mapping = Mapping.anonymous(COUNT * 8L)) {
            over(mapping, "<f8", COUNT).parallel(3).sum();
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .anyMatch(thread -> thread.isDaemon() && thread.getName().startsWith("quire-reduce-")));
        }
    }

    /** A virtual thread waits: it is not seen running only. */
    @Test
    void aVirtualThreadFreesItsCarrier() throws Exception {
        try (Mapping mapping = Mapping.anonymous(256L << 20)) {
            ArrayView array = over(mapping, "<f8", 32L << 20);
            array.fill(1);
            AtomicBoolean waited = new AtomicBoolean();
            AtomicReference<Double> sum = new AtomicReference<>();
            for (int round = 0; round < 200 && !waited.get(); round++) {
                Thread caller =
                        Thread.ofVirtual().start(() -> sum.set(array.parallel(2).sum()));
                while (caller.isAlive()) {
                    waited.compareAndSet(false, caller.getState() == Thread.State.WAITING);
                }
                caller.join();
                assertEquals(32 << 20, sum.get());
            }
            assertTrue(waited.get(), "never seen waiting");
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows cuts no file that is mapped")
    void aFileThatWasCutIsAnException() throws IOException {
        Path file = folder.resolve("cut");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(1), COUNT * 8L - 1);
        }
        try (Mapping mapping = Mapping.open(file, MapMode.READ_ONLY)) {
            ArrayView array = over(mapping, "<f8", COUNT).parallel(3);
            assertEquals(0, array.sum());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(COUNT * 4L);
            }
            MemoryFaultException e = assertThrows(MemoryFaultException.class, array::sum);
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
        Files.delete(file);
    }

    @Test
    void closedMemoryAndOddNumbersAreRefused() throws IOException {
        Mapping mapping = Mapping.anonymous(COUNT * 8L);
        ArrayView array = over(mapping, "<f8", COUNT);
        assertThrows(IllegalArgumentException.class, () -> array.parallel(0));
        mapping.close();
        assertThrows(IllegalStateException.class, () -> array.parallel(2).sum());
    }
}

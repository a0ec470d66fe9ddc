package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The commonest mistakes name the file: use after close, the wrong thread, an index outside. */
class NamedMistakesTest {
    private static final long SIZE = 4096;

    /** Every kind of access, by slices of a mapping. */
    private static final Map<String, Consumer<Mapping>> ACCESSES = Map.ofEntries(
            Map.entry("byte get", map -> map.bytes().get(0)),
            Map.entry("byte set", map -> map.bytes().set(0, (byte) 1)),
            Map.entry("short get", map -> map.shorts().get(0)),
            Map.entry("short set", map -> map.shorts().set(0, (short) 1)),
            Map.entry("int get", map -> map.ints().get(0)),
            Map.entry("int set", map -> map.ints().set(0, 1)),
            Map.entry("long get", map -> map.longs().get(0)),
            Map.entry("long set", map -> map.longs().set(0, 1)),
            Map.entry("float get", map -> map.floats().get(0)),
            Map.entry("float set", map -> map.floats().set(0, 1)),
            Map.entry("double get", map -> map.doubles().get(0)),
            Map.entry("double set", map -> map.doubles().set(0, 1)),
            Map.entry("volatile", map -> map.ints().getVolatile(0)),
            Map.entry("add", map -> map.longs().getAndAdd(0, 1)),
            Map.entry("bits", map -> map.ints().getAndBitwiseOr(0, 1)),
            Map.entry("copy out", map -> map.bytes().toArray()),
            Map.entry("copy in", map -> map.doubles().copyFrom(0, new double[3], 0, 3)),
            Map.entry("copy across", map -> map.longs().copyTo(0, map.longs(), 8, 8)),
            Map.entry("fill", map -> map.bytes().fill((byte) 0)),
            Map.entry("checksum", map -> map.bytes().crc32c()),
            Map.entry("sum", map -> map.floats().sum()));

    @TempDir
    Path folder;

    private static Iterable<String> accesses() {
        return ACCESSES.keySet();
    }

    private Path file() throws IOException {
        return Pattern.file(folder.resolve("named file"), SIZE);
    }

    private static void check(Path file, String begin, Class<? extends RuntimeException> type, Executable access) {
        RuntimeException mistake = assertThrows(type, access);
        assertEquals(begin + file, mistake.getMessage());
    }

    /** The slice is taken before the close, and used in a thread of its own. */
    private static Throwable inThread(Runnable access) throws Exception {
        FutureTask<Throwable> task = new FutureTask<>(() -> {
            try {
                access.run();
                return null;
            } catch (RuntimeException e) {
                return e;
            }
        });
        Thread.ofPlatform().start(task);
        return task.get();
    }

    @ParameterizedTest
    @MethodSource("accesses")
    void anotherThreadIsToldWhoseItIs(String access) throws Exception {
        Path file = file();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.CONFINED, MapOptions.DEFAULT)) {
            Throwable mistake = inThread(() -> ACCESSES.get(access).accept(map));
            assertTrue(mistake instanceof WrongThreadException, () -> access + ": " + mistake);
            assertEquals("opened by another thread, and confined to it: " + file, mistake.getMessage());
        }
    }

    @Test
    void useAfterCloseNamesTheFile() throws IOException {
        Path file = file();
        Mapping map = Mapping.open(file, MapMode.READ_WRITE);
        ByteSlice bytes = map.bytes();
        IntSlice ints = map.ints();
        LongSlice longs = map.longs();
        DoubleSlice doubles = map.doubles();
        map.close();
        String closed = "closed: ";
        Class<IllegalStateException> type = IllegalStateException.class;
        check(file, closed, type, () -> bytes.get(0));
        check(file, closed, type, () -> ints.set(0, 1));
        check(file, closed, type, () -> longs.getAndAdd(0, 1));
        check(file, closed, type, () -> longs.compareAndSet(0, 0, 1));
        check(file, closed, type, () -> doubles.get(1));
        check(file, closed, type, () -> doubles.toArray());
        check(file, closed, type, () -> doubles.copyFrom(0, new double[2], 0, 2));
        check(file, closed, type, () -> bytes.fill((byte) 1));
        check(file, closed, type, () -> bytes.copyTo(0, new byte[9], 0, 9));
        try (Mapping other = Mapping.open(Pattern.file(folder.resolve("other"), SIZE), MapMode.READ_WRITE)) {
            check(file, closed, type, () -> other.longs().copyTo(0, longs, 0, 8));
            check(file, closed, type, () -> longs.copyTo(0, other.longs(), 0, 8));
        }
    }

    @Test
    void anIndexOutsideNamesTheFile() throws IOException {
        Path file = file();
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            Class<IndexOutOfBoundsException> type = IndexOutOfBoundsException.class;
            check(
                    file,
                    "index 4096 is outside the 4096 elements of this slice of ",
                    type,
                    () -> map.bytes().get(SIZE));
            check(
                    file,
                    "index -1 is outside the 1024 elements of this slice of ",
                    type,
                    () -> map.ints().set(-1, 1));
            check(
                    file,
                    "index 512 is outside the 512 elements of this slice of ",
                    type,
                    () -> map.longs().getAndAdd(512, 1));
            check(
                    file,
                    "3 elements from 510 on are outside the 512 elements of this slice of ",
                    type,
                    () -> map.longs().copyTo(510, new long[3], 0, 3));
        }
    }

    /** Long copies are made in pieces: none is, if the array is too short for the last one. */
    @Test
    void aLongCopyWithAShortArrayCopiesNothing() throws IOException {
        int count = 9 << 20;
        try (Mapping map = Mapping.anonymous(count)) {
            byte[] ones = new byte[count - 1];
            Arrays.fill(ones, (byte) 1);
            assertThrows(IndexOutOfBoundsException.class, () -> map.bytes().copyFrom(0, ones, 0, count));
            assertEquals(0, map.bytes().get(0));
            assertThrows(IndexOutOfBoundsException.class, () -> map.bytes().copyTo(0, ones, 0, count));
            assertEquals(1, ones[0]);
        }
    }
}

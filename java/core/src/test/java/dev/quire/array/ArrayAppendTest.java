package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 37: growing a .npy in place. */
class ArrayAppendTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void create() throws IOException {
        file = folder.resolve("grows.npy");
        MappedArray.save(file, new double[][] {{0, 0, 0}, {1, 1, 1}});
    }

    private static String libraryFlag() {
        return "-Ddev.quire.library=" + System.getProperty("dev.quire.library", "");
    }

    private static ChildJvm child(Class<?> main, String... arguments) {
        ChildJvm child = ChildJvm.onClassPath(main, arguments);
        return System.getProperty("dev.quire.library") == null ? child : child.flags(libraryFlag());
    }

    private static ArrayView row(Mapping mapping, double value) {
        ArrayView row = ArrayView.over(mapping.bytes(), DType.parse("f8"), Shape.of(1, 3), Order.C);
        row.fill(value);
        return row;
    }

    @Test
    void aClosedAppenderSaysSo() throws IOException {
        ArrayAppender appender = ArrayAppender.open(file);
        appender.close();
        appender.close();
        try (Mapping mapping = Mapping.anonymous(24)) {
            ArrayView row = row(mapping, 5);
            IllegalStateException closed = assertThrows(IllegalStateException.class, () -> appender.append(row));
            assertTrue(closed.getMessage().contains(file.toString()), closed::getMessage);
        }
        assertEquals(Shape.of(2, 3), appender.shape());
        assertEquals(2, ((double[][]) MappedArray.load(file)).length);
    }

    @ParameterizedTest
    @EnumSource
    void aWriterThatDiesLeavesTheOldOrTheNewShape(ArrayAppender.Step step) throws Exception {
        ChildJvm.Exit exit =
                child(ArrayAppendMain.class, file.toString(), step.name()).run();
        assertEquals(99, exit.status(), exit::toString);
        boolean done = step.ordinal() >= ArrayAppender.Step.HEADER_WRITTEN.ordinal();
        double[][] rows = (double[][]) MappedArray.load(file);
        assertEquals(done ? 3 : 2, rows.length);
        assertArrayEquals(new double[] {1, 1, 1}, rows[1]);
        if (done) {
            assertArrayEquals(new double[] {7, 8, 9}, rows[2]);
        }
        try (Mapping mapping = Mapping.anonymous(24)) {
            Shape grown = MappedArray.append(file, row(mapping, 5));
            assertEquals(Shape.of(done ? 4 : 3, 3), grown);
        }
        rows = (double[][]) MappedArray.load(file);
        assertArrayEquals(new double[] {5, 5, 5}, rows[rows.length - 1]);
        assertEquals(1, Files.list(folder).count(), "no file is left beside it");
    }

    @Test
    void aSecondWriterIsRefused() throws Exception {
        try (ArrayAppender first = ArrayAppender.open(file)) {
            assertThrows(ArrayFileException.BeingWritten.class, () -> ArrayAppender.open(file));
            ChildJvm.Exit exit =
                    child(ArrayAppendMain.class, file.toString(), "EXTENDED").run();
            assertTrue(exit.err().contains("another writer is appending"), exit::toString);
            assertEquals(0, first.growthAxis());
        }
        ArrayAppender.open(file).close();
    }

    @Test
    void aReaderInAnotherProcessSeesWholeShapes() throws Exception {
        int rows = 300;
        ChildJvm.Running reader = child(ArrayAppendReaderMain.class, file.toString(), Integer.toString(rows))
                .start();
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping mapping = Mapping.anonymous(24)) {
            while (reader.process().isAlive() && !reader.out().contains("ready")) {
                Thread.sleep(5);
            }
            for (int i = 2; i < rows; i++) {
                appender.append(row(mapping, i));
            }
        }
        ChildJvm.Exit exit = reader.await();
        assertEquals(0, exit.status(), exit::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "FORTRAN"})
    void growsInTheRoomOfTheHeaderAndStaysWhatNumPyWrites(Order order) throws IOException {
        Path grown = folder.resolve("a.npy");
        ArraySpec spec = ArraySpec.of("<i4", 2, 2).order(order);
        MappedArray.create(grown, spec, new int[][] {{1, 2}, {3, 4}}).close();
        Path more = folder.resolve("b.npy");
        MappedArray.create(more, spec, new int[][] {{5, 6}, {7, 8}}).close();
        try (MappedArray rows = MappedArray.open(more, MapMode.READ_ONLY)) {
            MappedArray.append(grown, rows);
        }
        int[][] expected = order == Order.C
                ? new int[][] {{1, 2}, {3, 4}, {5, 6}, {7, 8}}
                : new int[][] {{1, 2, 5, 6}, {3, 4, 7, 8}};
        assertArrayEquals(expected, (int[][]) MappedArray.load(grown));
        Path once = folder.resolve("once.npy");
        MappedArray.create(once, JavaArrays.spec(expected).order(order), expected)
                .close();
        assertArrayEquals(Files.readAllBytes(once), Files.readAllBytes(grown));
    }

    @Test
    void growsFromNothing() throws IOException {
        Path empty = folder.resolve("empty.npy");
        MappedArray.create(empty, ArraySpec.of(">i2", 0, 3)).close();
        try (MappedArray rows = MappedArray.open(file, MapMode.READ_ONLY)) {
            MappedArray.append(empty, rows.slice("1"));
            assertEquals(Shape.of(3, 3), MappedArray.append(empty, rows));
            assertEquals(Shape.of(3, 3), MappedArray.append(empty, rows.slice("2:")), "no rows are no change");
        }
        assertArrayEquals(new short[][] {{1, 1, 1}, {0, 0, 0}, {1, 1, 1}}, (short[][]) MappedArray.load(empty));
    }

    @Test
    void refusesRowsThatDoNotFit() throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            ArrayView narrow = array.slice(":, 1:");
            assertThrows(ArrayFileException.ShapeMismatch.class, () -> MappedArray.append(file, narrow));
        }
        assertEquals(2, ((double[][]) MappedArray.load(file)).length);
        assertEquals(1, Stream.of(folder.toFile().list()).count());
    }
}

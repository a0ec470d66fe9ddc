package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.hint.Hint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.DoubleStream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 39: views are zero-copy, mean what NumPy's mean, and keep the mapping. */
class ArrayViewTest {
    @TempDir
    private Path folder;

    private Path file;

    /** Shape (4, 6), element k in C sequence is k. */
    @BeforeEach
    void create() throws IOException {
        file = folder.resolve("grid.npy");
        double[] values = DoubleStream.iterate(0, value -> value + 1).limit(24).toArray();
        MappedArray.create(file, ArraySpec.of("<f8", 4, 6), values).close();
    }

    private MappedArray open(MapMode mode) throws IOException {
        return MappedArray.open(file, mode);
    }

    @Test
    void aWriteThroughAnyViewIsAWriteToTheFile() throws IOException {
        try (MappedArray grid = open(MapMode.READ_WRITE)) {
            grid.slice("::-2, 1").setDouble(0, 100);
            grid.transpose().setDouble(5, 0, 101);
            grid.reshape(2, 2, 6).setDouble(1, 0, 2, 102);
            grid.flatten().setDouble(23, 103);
            grid.index(0, 1).setDouble(0, 104);
        }
        double[][] stored = (double[][]) MappedArray.load(file);
        double[] found = {stored[3][1], stored[0][5], stored[2][2], stored[3][5], stored[1][0]};
        assertArrayEquals(new double[] {100, 101, 102, 103, 104}, found);
    }

    @Test
    void viewsAreTheSameBytes() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            long start = grid.segment().address();
            for (ArrayView view : List.of(
                    grid.slice("1:3, ::2"),
                    grid.slice("::-1, ::-1"),
                    grid.transpose(),
                    grid.reshape(8, 3),
                    grid.flatten(),
                    grid.broadcast(5, 4, 6),
                    grid.index(1, -1))) {
                long offset = view.segment().address() - start;
                assertTrue(offset >= 0 && offset + view.segment().byteSize() <= 24 * 8, view::toString);
            }
        }
    }

    @Test
    void negativeStepsRunBackwards() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            ArrayView view = grid.slice("::-1, 4::-3");
            assertEquals(Shape.of(4, 2), view.shape());
            assertArrayEquals(new long[] {-48, -24}, view.strideBytes());
            assertArrayEquals(new double[] {22, 19, 16, 13, 10, 7, 4, 1}, view.toDoubles());
            assertEquals(22, view.max());
            assertEquals(7, view.argmin());
        }
    }

    @Test
    void broadcastRepeatsWithoutACopy() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            ArrayView wide = grid.slice("0").broadcast(1000, 1000, 6);
            assertEquals(1e6 * 15, wide.sum());
            assertEquals(4, wide.getDouble(999, 999, 4));
            assertArrayEquals(new long[] {0, 0, 8}, wide.strideBytes());
            assertThrows(IllegalArgumentException.class, () -> grid.broadcast(4, 7));
        }
    }

    @Test
    void reshapeRefusesWhatNeedsACopy() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            var failure = assertThrows(
                    IllegalArgumentException.class, () -> grid.transpose().flatten());
            assertTrue(failure.getMessage().contains("copy it first"), failure::getMessage);
            assertThrows(IllegalArgumentException.class, () -> grid.reshape(5, 5));
            assertArrayEquals(
                    grid.toDoubles(), grid.slice("None, ..., None").flatten().toDoubles());
        }
    }

    @Test
    void oneLengthIsLeftToReshape() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            assertEquals(Shape.of(24), grid.reshape(-1).shape());
            assertEquals(Shape.of(2, 4, 3), grid.reshape(2, -1, 3).shape());
            assertEquals(Shape.of(1, 24), grid.reshape(-1, 24).shape());
            assertEquals(14, grid.reshape(2, -1, 3).getDouble(1, 0, 2));
            assertEquals(Shape.of(0), grid.slice("4:").reshape(-1).shape());
            for (long[] wrong : new long[][] {{5, -1}, {-1, -1}, {0, -1}, {-2, 12}}) {
                assertThrows(IllegalArgumentException.class, () -> grid.reshape(wrong));
            }
            assertThrows(IllegalArgumentException.class, () -> grid.slice("4:").reshape(0, -1));
        }
    }

    @Test
    void onlyTheOwnerCloses() throws IOException {
        MappedArray grid = open(MapMode.READ_ONLY);
        ArrayView structured = grid.view();
        for (ArrayView view : List.of(
                structured,
                grid.slice("1:"),
                grid.transpose(),
                grid.reshape(-1),
                grid.flatten(),
                grid.broadcast(2, 4, 6),
                grid.index(0, 1),
                grid.chunks(2).findFirst().orElseThrow(),
                ArrayView.over(grid.bytes(), grid.dtype(), Shape.of(24), Order.C))) {
            assertFalse(view instanceof AutoCloseable, view::toString);
        }
        assertEquals(276, structured.sum());
        grid.close();
        assertThrows(IllegalStateException.class, structured::sum);
    }

    @Test
    void useAfterCloseNamesTheFile() throws IOException {
        MappedArray grid = open(MapMode.READ_WRITE);
        ArrayView view = grid.slice("1:, ::2");
        grid.close();
        for (Executable use : List.<Executable>of(
                () -> view.getDouble(0, 0),
                () -> view.setDouble(0, 0, 1),
                () -> view.setLong(0, 0, 1),
                view::sum,
                view::toDoubles,
                () -> view.forEach(_ -> {}),
                () -> view.fill(1),
                () -> view.copyFrom(new double[9]),
                () -> view.copyFrom(view),
                () -> copyToNew(view))) {
            assertEquals(
                    "closed: " + file,
                    assertThrows(IllegalStateException.class, use).getMessage());
        }
    }

    private static void copyToNew(ArrayView source) throws IOException {
        try (Mapping memory = Mapping.anonymous(72)) {
            ArrayView.over(memory.bytes(), DType.parse("f4"), Shape.of(3, 3), Order.C)
                    .copyFrom(source);
        }
    }

    @Test
    void useInAnotherThreadNamesTheFile() throws Exception {
        ArrayOptions confined = ArrayOptions.DEFAULT.lifetime(Lifetime.CONFINED);
        try (MappedArray grid = MappedArray.open(file, MapMode.READ_ONLY, confined);
                ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (Callable<Object> use : List.<Callable<Object>>of(
                    () -> grid.getDouble(0, 0), () -> grid.slice("::2").toDoubles())) {
                Throwable failure = assertThrows(
                                ExecutionException.class,
                                () -> other.submit(use).get())
                        .getCause();
                assertInstanceOf(WrongThreadException.class, failure);
                assertTrue(failure.getMessage().startsWith(file + " belongs to"), failure::getMessage);
            }
        }
    }

    /** Only the memory's own exceptions are told in other words. */
    @Test
    void whatABlockThrowsStaysWhatItIs() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            IllegalStateException own = new IllegalStateException("own");
            assertSame(
                    own,
                    assertThrows(
                            IllegalStateException.class,
                            () -> grid.guarded(() -> {
                                throw own;
                            })));
        }
    }

    @Test
    void countAndPathOfViews() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY);
                Mapping memory = Mapping.anonymous(8)) {
            assertEquals(24, grid.length());
            assertEquals(8, grid.slice("::2, 2:").length());
            assertFalse(grid.isEmpty());
            assertTrue(grid.slice("4:").isEmpty());
            assertEquals(Optional.of(file), grid.path());
            assertEquals(Optional.of(file), grid.slice("0").path());
            assertTrue(grid.isReadOnly());
            ArrayView one = ArrayView.over(memory.bytes(), DType.parse("f8"), Shape.of(), Order.C);
            assertEquals(1, one.length());
            assertEquals(Optional.empty(), one.path());
            assertFalse(one.isReadOnly());
        }
    }

    @Test
    void anIndexMessageNamesTheFileAndTheUsersAxis() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            String second = file + ": index 6 is outside axis 1 of shape (4, 6)";
            for (Executable mistake : List.<Executable>of(
                    () -> grid.slice("1, 6"),
                    () -> grid.slice("None, ..., None, 6"),
                    () -> grid.slice(Index.at(0), Index.at(6)),
                    () -> grid.index(1, 6),
                    () -> grid.getDouble(0, 6),
                    () -> grid.setDouble(0, 6, 1),
                    () -> grid.getDouble(new long[] {0, 6}))) {
                assertEquals(
                        second,
                        assertThrows(IndexOutOfBoundsException.class, mistake).getMessage());
            }
            ArrayView wide = grid.reshape(2, 2, 2, 3);
            String last = file + ": index -1 is outside axis 3 of shape (2, 2, 2, 3)";
            assertEquals(
                    last,
                    assertThrows(IndexOutOfBoundsException.class, () -> wide.getDouble(0, 0, 0, -1))
                            .getMessage());
            assertEquals(
                    file + ": 1 index for shape (4, 6)",
                    assertThrows(IllegalArgumentException.class, () -> grid.getDouble(0))
                            .getMessage());
        }
    }

    @Test
    void aSingleElementHasNoChunksAndNothingIsNoSelection() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            ArrayView one = grid.slice("1, 2");
            String failure = assertThrows(IllegalArgumentException.class, () -> one.chunks(1))
                    .getMessage();
            assertTrue(failure.contains("no axis to take chunks of"), failure);
            for (ArrayView array : List.of(grid, one)) {
                assertEquals(array.shape(), array.slice("()").shape());
                assertEquals(array.shape(), array.slice("...").shape());
                for (String nothing : List.of("", "[]", " [ ] ")) {
                    String said = assertThrows(IllegalArgumentException.class, () -> array.slice(nothing))
                            .getMessage();
                    assertTrue(said.contains("an empty selection; write ..."), said);
                }
            }
        }
    }

    /** The data begins at byte 128: two rows of 48 bytes are bytes 176 to 272. */
    @Test
    void flushIsOfTheViewsOwnBytes() throws IOException {
        Path dump = folder.resolve("flush.jfr");
        try (MappedArray grid = open(MapMode.READ_WRITE);
                Recording recording = new Recording()) {
            recording.enable("dev.quire.Flush");
            recording.start();
            grid.slice("1:3").flush();
            recording.stop();
            recording.dump(dump);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(dump);
        assertEquals(1, events.size());
        assertEquals(176, events.getFirst().getLong("offset"));
        assertEquals(96, events.getFirst().getLong("length"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 3, 4, 5, Long.MAX_VALUE})
    void chunksFollowEachOtherAlongTheFirstAxis(long positions) throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            List<ArrayView> chunks = grid.chunks(positions).toList();
            assertEquals(Math.ceilDiv(4, Math.min(positions, 4)), chunks.size());
            double[] all = chunks.stream()
                    .flatMapToDouble(chunk -> Arrays.stream(chunk.toDoubles()))
                    .toArray();
            assertArrayEquals(grid.toDoubles(), all);
        }
    }

    @Test
    void visitsElementsInTheSequenceOfMemory() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            double[] visited = new double[24];
            int[] count = {0};
            grid.transpose().forEach(value -> visited[count[0]++] = value);
            assertArrayEquals(grid.toDoubles(), visited);
        }
    }

    @Test
    void hintsAndResidencyAreOfTheViewsOwnBytes() throws IOException {
        Path large = folder.resolve("large.npy");
        try (MappedArray array = MappedArray.create(large, ArraySpec.of("<f8", 256, 4096))) {
            long pageSize = array.residency().pageSize();
            ArrayView rows = array.slice("100:102");
            long most = 2 * 4096 * 8 / pageSize + 1;
            assertTrue(rows.residency().pages() <= most, () -> rows.residency().pages() + " pages");
            assertTrue(array.residency().pages() > 2 * most);
            assertTrue(rows.advise(Hint.SEQUENTIAL).toString().length() > 0);
            rows.populate();
            if (rows.residency().known()) {
                assertEquals(rows.residency().pages(), rows.residency().residentPages());
            }
        }
    }

    @Test
    void aViewAloneKeepsTheMapping() throws Exception {
        ArrayOptions auto = ArrayOptions.DEFAULT
                .lifetime(Lifetime.AUTO)
                .mapping(MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE));
        ArrayView view =
                MappedArray.open(file, MapMode.READ_ONLY, auto).transpose().slice("1:3, ::-1");
        for (int i = 0; i < 20; i++) {
            System.gc();
            Thread.sleep(5);
            assertEquals(1 + 7 + 13 + 19 + 2 + 8 + 14 + 20, view.sum());
        }
    }

    @Test
    void sayWhatTheyAre() throws IOException {
        try (MappedArray grid = open(MapMode.READ_ONLY)) {
            assertEquals(
                    "ArrayView read-only, shape (2, 6), strides [96, 8] bytes, dtype <f8, " + file,
                    grid.slice("::2").toString());
        }
        try (MappedArray grid = open(MapMode.COPY_ON_WRITE)) {
            assertFalse(grid.isDirty());
            assertEquals(0, grid.bytes().get(0));
            assertTrue(grid.isDirty(), "writable bytes were handed out");
            assertTrue(grid.toString().startsWith("MappedArray copy-on-write (dirty), shape (4, 6)"), grid::toString);
        }
        try (MappedArray grid = open(MapMode.READ_WRITE)) {
            assertTrue(grid.toString().startsWith("MappedArray read-write, shape (4, 6)"), grid::toString);
        }
    }
}

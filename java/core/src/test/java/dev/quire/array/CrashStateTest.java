package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.internal.load.Bundled;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.WriteRecord;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Losses of power without one: the calls of a process that writes are recorded, and each folder that a crash may leave
 * at any point of them is made and opened. The file is old or new, never a third, and what was confirmed is there
 * (acceptance 51).
 */
@EnabledOnOs(OS.LINUX)
class CrashStateTest {
    @TempDir
    Path scratch;

    private Path folder;
    private int states;

    /**
     * A way to write; whether there is a file of the name before; whether the file system makes files without a name;
     * and how many states there are at least: few where the new bytes have no name until they are on the device.
     */
    @ParameterizedTest
    @CsvSource({
        "save,true,true,2",
        "save,true,false,100",
        "save,false,true,2",
        "save,false,false,100",
        "create,true,true,2",
        "create,false,false,100",
        "convert,true,false,100",
        "append,true,true,150",
        "flush,true,true,50"
    })
    void oldOrNewWheneverThePowerFails(String way, boolean isReplaced, boolean isUnnamed, int least) throws Exception {
        WriteRecord record = recorded(way, isReplaced, isUnnamed);
        replay(record, way, isReplaced);
        System.out.println(way + (isReplaced ? " over a file" : "") + (isUnnamed ? ": " : ", named: ") + states
                + " states after " + record.count("Content") + " writes and "
                + (record.count("Sync") + record.count("SyncNames")) + " flushes");
        assertTrue(states >= least, () -> states + " states");
    }

    /** Without the calls that bring bytes, or names, to the device, there are states that are neither old nor new. */
    @ParameterizedTest
    @CsvSource({"save,true,Sync", "save,true,SyncNames", "create,false,Sync", "append,true,Sync", "flush,true,Sync"})
    void everyFlushIsNeeded(String way, boolean isReplaced, String missing) throws Exception {
        WriteRecord record = recorded(way, isReplaced, true);
        assertTrue(record.count(missing) > 0);
        assertThrows(AssertionError.class, () -> replay(record.without(missing), way, isReplaced));
    }

    private WriteRecord recorded(String way, boolean isReplaced, boolean isUnnamed) throws Exception {
        folder = Files.createDirectory(scratch.resolve("recorded"));
        Path log = Files.createDirectory(scratch.resolve("log"));
        prepare(way, isReplaced);
        WriteRecord record = WriteRecord.before(folder);
        run(way, isUnnamed, log);
        record.read(log);
        assertEquals(hex(contents(folder)), hex(record.end()), "the record is not all that was done");
        return record;
    }

    private void replay(WriteRecord record, String way, boolean isReplaced) throws Exception {
        Path replayed = Files.createDirectory(scratch.resolve("replayed"));
        record.states(1, state -> {
            Path one = Files.createDirectory(replayed.resolve(Integer.toString(states++)));
            state.writeTo(one);
            try {
                check(one, way, isReplaced, state);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("state " + one + " after " + state.marks() + ": " + e.getMessage(), e);
            }
            remove(one);
        });
    }

    private void prepare(String way, boolean isReplaced) throws IOException {
        double[] old = new double[RecordedWriterMain.ELEMENTS];
        Arrays.fill(old, RecordedWriterMain.OLD);
        if (way.equals("append")) {
            double[][] rows = new double[RecordedWriterMain.ROWS][RecordedWriterMain.COLUMNS];
            for (int row = 0; row < rows.length; row++) {
                Arrays.fill(rows[row], row);
            }
            MappedArray.save(folder.resolve(RecordedWriterMain.FILE), rows);
        } else if (isReplaced) {
            MappedArray.save(folder.resolve(RecordedWriterMain.FILE), old);
        }
        if (way.equals("convert")) {
            Arrays.fill(old, RecordedWriterMain.NEW);
            MappedArray.save(folder.resolve(RecordedWriterMain.SOURCE), old);
        }
    }

    private void run(String way, boolean isUnnamed, Path log) throws Exception {
        try (InputStream source = CrashStateTest.class.getResourceAsStream("/record/record_writes.c")) {
            String code = new String(Objects.requireNonNull(source).readAllBytes(), StandardCharsets.UTF_8);
            Path recorder = Bundled.compiled(scratch, "librecord.so", code, "-ldl");
            ChildJvm.Exit exit = ChildJvm.onClassPath(RecordedWriterMain.class, folder.toString(), log.toString(), way)
                    .flags("-XX:TieredStopAtLevel=1", "-Xshare:auto")
                    .environment("QUIRE_RECORD_NAMED", isUnnamed ? "" : "yes")
                    .environment("LD_PRELOAD", recorder.toString())
                    .environment("QUIRE_RECORD_FOLDER", folder.toString())
                    .environment("QUIRE_RECORD_LOG", log.toString())
                    .run();
            assertEquals(0, exit.status(), exit::toString);
        }
    }

    private static void check(Path one, String way, boolean isReplaced, WriteRecord.State state) throws IOException {
        Path file = one.resolve(RecordedWriterMain.FILE);
        boolean hasBegun = state.marks().contains(RecordedWriterMain.BEGIN);
        int done = Math.max(0, state.marks().size() - 1);
        if (way.equals("append")) {
            checkRows(file, done, hasBegun);
        } else if (way.equals("flush")) {
            checkFlushed(file, done, hasBegun);
        } else if (Files.exists(file)) {
            double value = valueOf(file);
            boolean mayBeOld = done == 0 && isReplaced;
            assertTrue(
                    value == RecordedWriterMain.NEW && hasBegun || value == RecordedWriterMain.OLD && mayBeOld,
                    () -> "all elements are " + value);
        } else {
            assertTrue(done == 0 && !isReplaced, "there is no file");
        }
        Leftovers.clean(one);
        Set<String> names = contents(one).keySet();
        assertTrue(
                Set.of(RecordedWriterMain.FILE, RecordedWriterMain.SOURCE).containsAll(names),
                () -> "left behind: " + names);
    }

    /** The one number in all elements of a whole file. */
    private static double valueOf(Path file) throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertEquals(Shape.of(RecordedWriterMain.ELEMENTS), array.shape());
            assertEquals(array.min(), array.max(), "old and new elements in one file");
            return array.min();
        }
    }

    /** Stores are there or not, block for block, until the flush has returned. */
    private static void checkFlushed(Path file, int done, boolean hasBegun) throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            assertEquals(Shape.of(RecordedWriterMain.ELEMENTS), array.shape());
        } catch (ArrayFileException e) {
            assertTrue(hasBegun, e.getMessage()); // the header's bytes were stored over
        }
        if (done > 0) {
            try (Mapping mapping = Mapping.open(file, MapMode.READ_ONLY)) {
                assertEquals(RecordedWriterMain.NEW, mapping.doubles().min());
                assertEquals(RecordedWriterMain.NEW, mapping.doubles().max());
            }
        }
    }

    /**
     * As many rows as confirmed, or one more; and the file can be appended to. Where the file has grown and the mark
     * behind its rows has not come to the device, that is refused with the way out.
     */
    private static void checkRows(Path file, int done, boolean hasBegun) throws IOException {
        long rows = rows(file);
        long confirmed = RecordedWriterMain.ROWS + done;
        assertTrue(rows == confirmed || rows == confirmed + 1 && hasBegun, () -> rows + " rows");
        try {
            append(file, rows);
        } catch (ArrayFileException e) {
            assertTrue(e.getMessage().contains("Convert the array to a file of its own"), e.getMessage());
            assertEquals(rows, rows(file));
            Path own = file.resolveSibling(RecordedWriterMain.SOURCE);
            try (MappedArray from = MappedArray.open(file, MapMode.READ_ONLY)) {
                MappedArray.create(own, ArraySpec.of("<f8", rows, RecordedWriterMain.COLUMNS), from)
                        .close();
            }
            append(own, rows);
            Files.move(own, file, StandardCopyOption.REPLACE_EXISTING);
        }
        assertEquals(rows + 1, rows(file));
    }

    private static void append(Path file, long number) throws IOException {
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping memory = Mapping.anonymous(RecordedWriterMain.COLUMNS * 8L)) {
            ArrayView row =
                    ArrayView.over(memory.bytes(), DType.parse("f8"), Shape.of(RecordedWriterMain.COLUMNS), Order.C);
            row.fill(number);
            appender.append(row);
        }
    }

    /** How many rows there are; each must hold its own number. */
    private static long rows(Path file) throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            long count = array.shape().dim(0);
            for (long row = 0; row < count; row++) {
                assertEquals(row, array.index(0, row).min());
                assertEquals(row, array.index(0, row).max());
            }
            return count;
        }
    }

    private static Map<String, byte[]> contents(Path folder) throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                contents.put(Objects.requireNonNull(file.getFileName()).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static Map<String, String> hex(Map<String, byte[]> contents) {
        return contents.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        file -> HexFormat.of().formatHex(file.getValue()),
                        (a, b) -> a,
                        TreeMap::new));
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}

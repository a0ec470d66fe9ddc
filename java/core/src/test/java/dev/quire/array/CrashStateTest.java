package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Losses of power without one (acceptance 51): the calls of a process that writes are recorded, and each folder that a
 * crash may leave at any point of them is made and opened. The file is old or new, never a third, and what was
 * confirmed is there. {@link WriteRecord} tells what a crash may do.
 *
 * <p>Each wait for the device is then left out of the record, one at a time: that must leave a folder which is wrong,
 * so no wait is there for nothing, and the states are those that need it.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(value = 1, unit = TimeUnit.DAYS) // the long form takes as long as it is asked to
class CrashStateTest {
    /** States at random, at each point; {@code -Dquire.crash.samples=20000} by hand, with another seed. */
    private static final int SAMPLES = Integer.getInteger("quire.crash.samples", 200);

    private static final long SEED = Long.getLong("quire.crash.seed", 51);

    /** Memory, if there is such a folder: each state is appended to, and disks wait for that. */
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");

    @TempDir
    static Path tools;

    private static Path recorder;

    @TempDir
    Path scratch;

    private Path replayed;
    private String way;
    private boolean isReplaced;
    private Map<String, byte[]> before;
    private Map<String, byte[]> after;
    private int states;

    @BeforeAll
    static void compileTheRecorder() throws Exception {
        try (InputStream source = CrashStateTest.class.getResourceAsStream("/record/record_writes.c")) {
            String code = new String(Objects.requireNonNull(source).readAllBytes(), StandardCharsets.UTF_8);
            recorder = Bundled.compiled(tools, "librecord.so", code, "-ldl");
        }
    }

    @BeforeEach
    void takeAFolder() throws IOException {
        boolean hasMemory = Files.isDirectory(SHARED_MEMORY) && Files.isWritable(SHARED_MEMORY);
        replayed = Files.createTempDirectory(hasMemory ? SHARED_MEMORY : scratch, "quire-crash");
    }

    @AfterEach
    void removeTheFolder() throws IOException {
        try (Stream<Path> left = Files.list(replayed)) {
            for (Path one : left.toList()) {
                remove(one);
            }
        }
        Files.delete(replayed);
    }

    /**
     * A way to write; whether there is a file of the name before; whether the file system makes files without a name;
     * and how many states there are at least. They are few where the new bytes have no name until they are on the
     * device, since only names can be lost then.
     */
    @ParameterizedTest
    @CsvSource({
        "save,true,true,4",
        "save,true,false,250",
        "save,false,true,3",
        "save,false,false,250",
        "create,true,true,4",
        "create,false,false,250",
        "convert,true,false,150",
        "convert to .mmap,true,false,150",
        "convert to .raw,false,false,150",
        "append rows,true,true,400",
        "append columns,true,true,400",
        "flush,true,true,200",
        "flush a part,true,true,400",
        "resize and flush,true,true,400"
    })
    void oldOrNewWheneverThePowerFails(String chosen, boolean hasOld, boolean isUnnamed, int least) throws Exception {
        way = chosen;
        isReplaced = hasOld;
        WriteRecord record = recorded(isUnnamed);
        replay(record);
        int made = states;
        for (int wait = 0; wait < record.waits(); wait++) {
            WriteRecord without = record.withoutWait(wait);
            AssertionError wrong = assertThrows(AssertionError.class, () -> replay(without), record.wait(wait));
            System.out.println("  without the wait " + record.wait(wait) + ": " + wrong.getMessage());
        }
        System.out.println(way + (isReplaced ? " over a file" : "") + (isUnnamed ? ": " : ", named: ") + made
                + " states after " + record.count("Content") + " writes, and " + record.waits() + " waits needed");
        assertTrue(made >= least, () -> made + " states");
        assertTrue(record.waits() > 0);
    }

    // ------------------------------------------------------------------------------------------------------- record

    private WriteRecord recorded(boolean isUnnamed) throws Exception {
        Path folder = Files.createDirectory(scratch.resolve("recorded"));
        Path log = Files.createDirectory(scratch.resolve("log"));
        prepare(folder);
        before = contents(folder);
        WriteRecord record = WriteRecord.before(folder);
        ChildJvm.Exit exit = ChildJvm.onClassPath(RecordedWriterMain.class, folder.toString(), log.toString(), way)
                .flags("-XX:TieredStopAtLevel=1", "-Xshare:auto")
                .environment("QUIRE_RECORD_NAMED", isUnnamed ? "" : "yes")
                .environment("LD_PRELOAD", recorder.toString())
                .environment("QUIRE_RECORD_FOLDER", folder.toString())
                .environment("QUIRE_RECORD_LOG", log.toString())
                .run();
        assertEquals(0, exit.status(), exit::toString);
        record.read(log);
        after = contents(folder);
        assertEquals(hex(after), hex(record.end()), "the record is not all that was done");
        return record;
    }

    private void prepare(Path folder) throws IOException {
        Path file = folder.resolve(RecordedWriterMain.fileOf(way));
        double[] elements = new double[RecordedWriterMain.ELEMENTS];
        if (way.startsWith("append")) {
            prepareRows(file);
        } else if (isReplaced) {
            Arrays.fill(elements, RecordedWriterMain.OLD);
            MappedArray.save(file, elements);
        }
        if (way.startsWith("convert")) {
            Arrays.fill(elements, RecordedWriterMain.NEW);
            MappedArray.save(folder.resolve(RecordedWriterMain.SOURCE), elements);
        }
    }

    private void prepareRows(Path file) throws IOException {
        double[][] rows = new double[RecordedWriterMain.ROWS][RecordedWriterMain.COLUMNS];
        for (int row = 0; row < rows.length; row++) {
            Arrays.fill(rows[row], row);
        }
        MappedArray.save(file, rows);
        if (growthAxis() == 1) {
            try (MappedArray saved = MappedArray.open(file, MapMode.READ_ONLY)) {
                MappedArray.create(file, specOf(saved.shape().dim(0)), saved.transpose())
                        .close();
            }
        }
    }

    // ------------------------------------------------------------------------------------------------------- replay

    private void replay(WriteRecord record) throws Exception {
        states = 0;
        record.states(SEED, SAMPLES, state -> {
            Path one = Files.createDirectory(replayed.resolve(Integer.toString(states++)));
            state.writeTo(one);
            try {
                check(one, state);
            } catch (Exception | AssertionError e) {
                throw new AssertionError("state " + states + ", after " + state.marks() + ": " + e.getMessage(), e);
            } finally {
                remove(one);
            }
        });
    }

    private void check(Path one, WriteRecord.State state) throws IOException {
        Path file = one.resolve(RecordedWriterMain.fileOf(way));
        boolean hasBegun = state.marks().contains(RecordedWriterMain.BEGIN);
        int done = Math.max(0, state.marks().size() - 1);
        if (way.startsWith("append")) {
            checkRows(file, done, hasBegun);
        } else if (way.contains("flush")) {
            checkFlushed(file, done, hasBegun);
        } else {
            checkWhole(file, done, hasBegun);
        }
        Leftovers.clean(one);
        Set<String> names = contents(one).keySet();
        assertTrue(
                Set.of(RecordedWriterMain.fileOf(way), RecordedWriterMain.SOURCE)
                        .containsAll(names),
                () -> "left behind: " + names);
    }

    /** Old or new, each byte of it; new if it was said to be written. */
    private void checkWhole(Path file, int done, boolean hasBegun) throws IOException {
        String name = RecordedWriterMain.fileOf(way);
        if (!Files.exists(file)) {
            assertTrue(done == 0 && !isReplaced, "there is no file");
            return;
        }
        byte[] found = Files.readAllBytes(file);
        boolean isNew = Arrays.equals(found, after.get(name));
        boolean isOld = isReplaced && Arrays.equals(found, before.get(name));
        assertTrue(isNew && hasBegun || isOld && done == 0, () -> isOld ? "the old file" : "neither old nor new");
        try (MappedArray array = opened(file)) {
            assertEquals(Shape.of(RecordedWriterMain.ELEMENTS), array.shape());
            assertEquals(isNew ? RecordedWriterMain.NEW : RecordedWriterMain.OLD, array.min());
            assertEquals(array.min(), array.max());
        }
    }

    private MappedArray opened(Path file) throws IOException {
        return way.equals("convert to .raw")
                ? MappedArray.openRaw(file, MapMode.READ_ONLY, "<i4", RecordedWriterMain.ELEMENTS)
                : MappedArray.open(file, MapMode.READ_ONLY);
    }

    /**
     * Until a flush has returned, each block is old or new, and the array's header is stored over with the rest. What
     * the flush was asked for is new then, in a file that it may have made longer.
     */
    private void checkFlushed(Path file, int done, boolean hasBegun) throws IOException {
        byte[] found = Files.readAllBytes(file);
        byte[] wanted = after.get(RecordedWriterMain.fileOf(way));
        if (!hasBegun) {
            assertArrayEquals(before.get(RecordedWriterMain.fileOf(way)), found);
        } else if (done > 0) {
            int flushed = way.equals("flush a part") ? (int) RecordedWriterMain.FLUSHED_BYTES : wanted.length;
            assertEquals(wanted.length, found.length);
            assertTrue(Arrays.equals(wanted, 0, flushed, found, 0, flushed), "what was flushed is not there");
        }
        if (done > 0) {
            try (Mapping mapping = Mapping.open(file, MapMode.READ_ONLY)) {
                assertEquals(RecordedWriterMain.NEW, mapping.doubles().get(0));
            }
        }
    }

    // --------------------------------------------------------------------------------------------------------- rows

    /**
     * As many rows as confirmed, or one more; and the file can be appended to. Where the file has grown and the mark
     * behind its rows has not come to the device, that is refused with the way out, as {@link ArrayAppender} says.
     */
    private void checkRows(Path file, int done, boolean hasBegun) throws IOException {
        long rows = rows(file);
        long confirmed = RecordedWriterMain.ROWS + done;
        assertTrue(rows == confirmed || rows == confirmed + 1 && hasBegun, () -> rows + " rows");
        try {
            append(file, rows);
        } catch (ArrayFileException.SurplusBytes e) {
            assertEquals(rows, rows(file));
            Path own = file.resolveSibling(RecordedWriterMain.SOURCE);
            try (MappedArray from = MappedArray.open(file, MapMode.READ_ONLY)) {
                MappedArray.create(own, specOf(rows), from).close();
            }
            append(own, rows);
            Files.move(own, file, StandardCopyOption.REPLACE_EXISTING);
        }
        assertEquals(rows + 1, rows(file));
    }

    private int growthAxis() {
        return way.equals("append columns") ? 1 : 0;
    }

    private ArraySpec specOf(long rows) {
        return growthAxis() == 1
                ? ArraySpec.of("<f8", RecordedWriterMain.COLUMNS, rows).order(Order.FORTRAN)
                : ArraySpec.of("<f8", rows, RecordedWriterMain.COLUMNS);
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
    private long rows(Path file) throws IOException {
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            long count = array.shape().dim(growthAxis());
            for (long row = 0; row < count; row++) {
                ArrayView one = array.index(growthAxis(), row);
                assertEquals(Shape.of(RecordedWriterMain.COLUMNS), one.shape());
                assertEquals(row, one.min());
                assertEquals(row, one.max());
            }
            return count;
        }
    }

    // -------------------------------------------------------------------------------------------------------- files

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

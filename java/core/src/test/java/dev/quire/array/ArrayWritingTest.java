package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.LimitReachedException;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What writing an array file must not do to what is there. Each kind, and where it was seen:
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>kind</th><th>where it was</th><th>what holds it now</th></tr>
 * <tr><td>overwrites what it does not know</td><td>append to two arrays in one
 * file</td><td>{@code surplus...}</td></tr>
 * <tr><td>refused, yet changed</td><td>append of a value the type does not have; append in an interrupted thread</td>
 *     <td>{@code refused...}, {@code interrupt...}</td></tr>
 * <tr><td>replaces what is no file, or whose it is not</td><td>FIFO, device, link, 0600 file</td>
 *     <td>{@code onlyRegular...}, {@code link...}, {@code mode...}</td></tr>
 * <tr><td>opens names that others may plant</td><td>lock files beside the file</td><td>{@code planted...}</td></tr>
 * <tr><td>leaves files behind</td><td>Ctrl-C, kill</td><td>{@code anEnded...}, {@code clean...}</td></tr>
 * <tr><td>takes all there is, then refuses</td><td>create on a small disk</td><td>{@code aFullDisk...}</td></tr>
 * <tr><td>no end</td><td>paths of zip files; 200 million empty rows</td><td>{@code otherFile...},
 * {@code emptyRows...}</td></tr>
 * <tr><td>names a format by chance</td><td>create, save and convert</td><td>{@code theName...}</td></tr>
 * </table>
 */
class ArrayWritingTest {
    @TempDir
    private Path folder;

    private static final double[] OLD = {1, 2, 3};

    private Path saved(String name) throws IOException {
        Path file = folder.resolve(name);
        MappedArray.save(file, OLD);
        return file;
    }

    private static MappedArray open(Path file) throws IOException {
        return MappedArray.open(file, MapMode.READ_ONLY);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static ChildJvm child(Class<?> main, String... arguments) {
        ChildJvm child = ChildJvm.onClassPath(main, arguments);
        String library = System.getProperty("dev.quire.library");
        return library == null ? child : child.flags("-Ddev.quire.library=" + library);
    }

    // ------------------------------------------------------------------------------------------------------ surplus

    @Test
    void surplusBytesAreNeverOverwritten() throws IOException {
        Path file = saved("two.npy");
        byte[] both = joined(Files.readAllBytes(file), Files.readAllBytes(saved("b.npy")));
        Files.write(file, both);
        try (MappedArray row = open(folder.resolve("b.npy"))) {
            var failure = assertThrows(ArrayFileException.SurplusBytes.class, () -> MappedArray.append(file, row));
            assertEquals(152, failure.bytes());
            assertEquals(152, failure.offset());
            assertTrue(failure.getMessage().startsWith(file.toString()), failure::getMessage);
        }
        assertArrayEquals(both, Files.readAllBytes(file));
        assertEquals(new ArrayHeader.Surplus(152, false), ArrayHeader.surplus(file));
        assertArrayEquals(OLD, (double[]) MappedArray.load(file));
    }

    @Test
    void aMarkOfAnotherAppendIsSurplusToo() throws IOException {
        Path file = saved("a.npy");
        byte[] array = Files.readAllBytes(file);
        byte[] rows = new byte[40];
        List<byte[]> notOfIt = List.of(
                AppendMark.bytes(100, 152 + 40),
                AppendMark.bytes(152, 152 + 41),
                new byte[AppendMark.BYTES],
                Arrays.copyOf(AppendMark.bytes(152, 152 + 40), AppendMark.BYTES - 1));
        for (byte[] tail : notOfIt) {
            Files.write(file, joined(array, rows, tail));
            assertThrows(ArrayFileException.SurplusBytes.class, () -> ArrayAppender.open(file));
        }
        Files.write(file, joined(array, rows, AppendMark.bytes(152, 152 + 40)));
        assertEquals(new ArrayHeader.Surplus(76, true), ArrayHeader.surplus(file));
        MappedArray.append(file, open(saved("b.npy"))); // Windows cuts no file that is mapped
        assertArrayEquals(new double[] {1, 2, 3, 1, 2, 3}, (double[]) MappedArray.load(file));
        assertEquals(128 + 48, Files.size(file));
    }

    @ParameterizedTest
    @EnumSource
    void aKilledAppendIsTheOnlyOneThatLeavesBytes(ArrayAppender.Step step) throws Exception {
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new double[][] {{0, 0, 0}});
        assertEquals(
                99,
                child(ArrayAppendMain.class, file.toString(), step.name()).run().status());
        assertTrue(ArrayHeader.surplus(file).interrupted());
    }

    // ------------------------------------------------------------------------------------------------------ refused

    @Test
    void refusedRowsLeaveTheFileAsItWas() throws IOException {
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new int[][] {{0, 1, 2}, {3, 4, 5}});
        byte[] before = Files.readAllBytes(file);
        Path half = folder.resolve("half.npy");
        MappedArray.save(half, new double[][] {{1.5, 2, 3}});
        try (MappedArray rows = open(half);
                ArrayAppender appender = ArrayAppender.open(file)) {
            assertThrows(ArithmeticException.class, () -> appender.append(rows));
            assertArrayEquals(before, Files.readAllBytes(file));
            assertEquals(Shape.of(2, 3), appender.shape());
            ArrayView zeros = ArrayView.over(memory(24), DType.parse("f8"), Shape.of(1, 3), Order.C);
            assertEquals(Shape.of(3, 3), appender.append(zeros));
        }
        assertArrayEquals(new int[][] {{0, 1, 2}, {3, 4, 5}, {0, 0, 0}}, (int[][]) MappedArray.load(file));
    }

    private static ByteSlice memory(long bytes) throws IOException {
        return Mapping.anonymous(bytes).bytes();
    }

    @Test
    void aFailureAtAnyStepIsTakenBack() throws IOException {
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new double[][] {{0, 0, 0}});
        byte[] before = Files.readAllBytes(file);
        ArrayView row = ArrayView.over(memory(24), DType.parse("f8"), Shape.of(3), Order.C);
        for (ArrayAppender.Step step : ArrayAppender.Step.values()) {
            try (ArrayAppender appender = ArrayAppender.open(file, reached -> failAt(step, reached))) {
                assertThrows(OutOfMemoryError.class, () -> appender.append(row));
                assertEquals(Shape.of(1, 3), appender.shape());
            }
            assertArrayEquals(before, Files.readAllBytes(file), step::name);
        }
    }

    private static void failAt(ArrayAppender.Step step, ArrayAppender.Step reached) {
        if (step == reached) {
            throw new OutOfMemoryError("as a test has it");
        }
    }

    @Test
    void aClosedAppenderSaysSo() throws IOException {
        ArrayAppender appender = ArrayAppender.open(saved("a.npy"));
        appender.close();
        appender.close();
        ArrayView row = ArrayView.over(memory(8), DType.parse("f8"), Shape.of(1), Order.C);
        assertThrows(IllegalStateException.class, () -> appender.append(row));
    }

    // --------------------------------------------------------------------------------------------------- interrupts

    @Test
    void interruptsChangeNothing() throws IOException {
        Path file = folder.resolve("a.npy");
        ArrayView row = ArrayView.over(memory(8), DType.parse("f8"), Shape.of(1), Order.C);
        Thread.currentThread().interrupt();
        try {
            MappedArray.save(file, OLD);
            MappedArray.append(file, row);
            assertArrayEquals(new double[] {1, 2, 3, 0}, (double[]) MappedArray.load(file));
            assertTrue(Thread.currentThread().isInterrupted());
        } finally {
            boolean _ = Thread.interrupted();
        }
    }

    @Test
    void interruptedAppendsHappenOrAreReportedNever() throws Exception {
        Path file = folder.resolve("a.npy");
        MappedArray.create(file, ArraySpec.of("<f8", 0, 64)).close();
        ArrayView row = ArrayView.over(memory(512), DType.parse("f8"), Shape.of(1, 64), Order.C);
        Random random = new Random(3);
        List<Throwable> thrown = new ArrayList<>();
        int appends = 60;
        for (int i = 0; i < appends; i++) {
            Thread thread = new Thread(() -> {
                try {
                    MappedArray.append(file, row);
                } catch (Throwable e) {
                    thrown.add(e);
                }
            });
            thread.start();
            long until = System.nanoTime() + random.nextInt(3_000_000);
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            thread.interrupt();
            thread.join();
        }
        assertEquals(List.of(), thrown);
        assertEquals(Shape.of(appends, 64), ArrayHeader.read(file).shape());
    }

    // ----------------------------------------------------------------------------------------------------- replaced

    @Test
    void onlyRegularFilesAreReplaced() throws Exception {
        Path fifo = folder.resolve("fifo.npy");
        assumeTrue(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor() == 0, "there is no mkfifo");
        var failure = assertThrows(FileRefusedException.class, () -> MappedArray.save(fifo, OLD));
        assertEquals(ErrorCode.NOT_MAPPABLE, failure.code());
        assertTrue(failure.getMessage().contains(fifo.toString()), failure::getMessage);
        assertTrue(Files.exists(fifo) && !Files.isRegularFile(fifo));
        assertEquals(List.of("fifo.npy"), names());
    }

    @Test
    void foldersAreRefusedAndSoIsTheRoot() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner.npy"));
        for (Path path : List.of(inner, folder.getRoot(), folder.resolve("inner.npy/.."))) {
            ArraySpec spec = ArraySpec.of("f8", 1).format(ArrayFormat.NPY);
            var failure = assertThrows(FileRefusedException.class, () -> MappedArray.create(path, spec));
            assertEquals(ErrorCode.IS_DIRECTORY, failure.code());
        }
        assertEquals(List.of("inner.npy"), names());
    }

    @Test
    void linksAreFollowedUnlessTheyShallNotBe() throws IOException {
        Path target = saved("target.npy");
        Path link = Files.createSymbolicLink(folder.resolve("link.npy"), Path.of("target.npy"));
        ArraySpec spec = ArraySpec.of("f8", 5);
        var failure = assertThrows(
                FileRefusedException.class,
                () -> ArrayConversion.create(link, spec, WriteOptions.DEFAULT.followLinks(false)));
        assertEquals(ErrorCode.SYMBOLIC_LINK, failure.code());
        assertArrayEquals(OLD, (double[]) MappedArray.load(target));
        MappedArray.save(link, new double[] {4});
        assertTrue(Files.isSymbolicLink(link));
        assertArrayEquals(new double[] {4}, (double[]) MappedArray.load(target));
        Files.delete(target);
        MappedArray.save(link, new double[] {5});
        assertTrue(Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS));
        Path loop = Files.createSymbolicLink(folder.resolve("loop.npy"), Path.of("loop.npy"));
        assertThrows(IOException.class, () -> MappedArray.save(loop, OLD));
    }

    @Test
    void modeAndAttributesStayAndWhatCannotIsTold() throws IOException {
        assumeTrue(folder.getFileSystem().supportedFileAttributeViews().contains("posix"), "no permissions here");
        Path file = saved("a.npy");
        for (String mode : List.of("rw-------", "rw-r-----", "r--r--r--", "rwxrwxrwx")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            MappedArray.save(file, OLD);
            assertEquals(mode, PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        Files.createLink(folder.resolve("second.npy"), file);
        List<String> told = new ArrayList<>();
        ArrayConversion.create(file, ArraySpec.of("f8", 1), WriteOptions.DEFAULT.notKept(told::add));
        assertEquals(1, told.size());
        assertTrue(told.getFirst().contains("hard links"), told::toString);
        assertArrayEquals(OLD, (double[]) MappedArray.load(folder.resolve("second.npy")));
    }

    @Test
    void whatIsThereStaysUnlessItMayBeReplaced() throws IOException {
        Path file = saved("a.npy");
        WriteOptions options = WriteOptions.DEFAULT.replace(false);
        ArraySpec spec = ArraySpec.of("f8", 1);
        var failure = assertThrows(FileRefusedException.class, () -> ArrayConversion.create(file, spec, options));
        assertEquals(ErrorCode.EXISTS, failure.code());
        Path other = folder.resolve("b.npy");
        var late = assertThrows(
                FileRefusedException.class,
                () -> ArrayCreation.create(other, spec, options, _ -> Files.writeString(other, "precious")));
        assertEquals(ErrorCode.EXISTS, late.code());
        assertEquals("precious", Files.readString(other));
        assertArrayEquals(OLD, (double[]) MappedArray.load(file));
        assertEquals(List.of("a.npy", "b.npy"), names());
    }

    // ------------------------------------------------------------------------------------------------------ planted

    @Test
    void plantedLinksAreNotOpened() throws IOException {
        Path file = saved("a.npy");
        Path victim = Files.writeString(folder.resolve("thesis"), "years of work");
        for (String name : List.of(
                ".a.npy.quire-append", ".a.npy.0123456789abcdef.quire-lock", ".a.npy.0123456789abcdef.quire-new")) {
            Files.createSymbolicLink(folder.resolve(name), victim);
        }
        MappedArray.save(file, OLD);
        ArrayCreation.create(file, ArraySpec.of("f8", 3), WriteOptions.DEFAULT, true, array -> array.copyFrom(OLD));
        MappedArray.append(file, open(file));
        assertEquals("years of work", Files.readString(victim));
        assertEquals(5, names().size());
        Leftovers.clean(folder);
        assertEquals("years of work", Files.readString(victim));
        assertEquals(5, names().size());
    }

    // --------------------------------------------------------------------------------------------------- left behind

    @ParameterizedTest
    @ValueSource(strings = {"halt", "exit"})
    void anEndedWriterLeavesNothing(String end) throws Exception {
        assumeTrue(hasUnnamedFiles() || end.equals("exit"), "this file system has no files without a name");
        Path file = folder.resolve("a.npy");
        assertEquals(
                99, child(ArrayCreationMain.class, end, file.toString()).run().status());
        assertEquals(List.of(), names());
    }

    @Test
    void aNamedFileGoesWithItsWriterToo() throws Exception {
        Path file = folder.resolve("a.npy");
        assertEquals(
                99,
                child(ArrayCreationMain.class, "exit-named", file.toString())
                        .run()
                        .status());
        assertEquals(List.of(), names());
        assertEquals(
                99,
                child(ArrayCreationMain.class, "halt-named", file.toString())
                        .run()
                        .status());
        assertEquals(1, names().size());
        assertTrue(names().getFirst().matches("\\.a\\.npy\\.[0-9a-f]{16}\\.quire-new"), names().getFirst());
    }

    private boolean hasUnnamedFiles() throws IOException {
        Path probe = folder.resolve("probe.npy");
        List<String> seen = new ArrayList<>();
        ArrayCreation.create(probe, ArraySpec.of("f8", 1), _ -> seen.addAll(names()));
        Files.delete(probe);
        return seen.isEmpty();
    }

    @Test
    void cleanRemovesWhatNobodyWrites() throws Exception {
        Path file = folder.resolve("a.npy");
        assertEquals(
                99,
                child(ArrayCreationMain.class, "halt-named", file.toString())
                        .run()
                        .status());
        Files.writeString(folder.resolve(".mine.quire-newer"), "");
        List<Leftovers.Found> found = Leftovers.clean(folder);
        assertEquals(1, found.size());
        assertTrue(found.getFirst().kept().isEmpty() && found.getFirst().bytes() == 128 + 80, found::toString);
        assertEquals(List.of(".mine.quire-newer"), names());
        ArrayCreation.create(file, ArraySpec.of("f8", 1), WriteOptions.DEFAULT, true, _ -> {
            List<Leftovers.Found> living = Leftovers.clean(folder);
            assertEquals("it is being written", living.getFirst().kept().orElseThrow());
        });
        assertEquals(List.of(".mine.quire-newer", "a.npy"), names());
    }

    @Test
    void namesOfAnyLengthHaveATemporaryOne() throws IOException {
        String name = "\u00e4".repeat(125) + ".npy"; // 254 bytes
        Path file = folder.resolve(name);
        for (int i = 0; i < 2; i++) {
            ArrayCreation.create(file, ArraySpec.of("f8", 1), WriteOptions.DEFAULT, true, _ -> {});
            MappedArray.save(file, OLD);
        }
        assertEquals(List.of(name), names());
    }

    // --------------------------------------------------------------------------------------------------------- room

    @Test
    void aFullDiskIsToldBeforeAnythingIsTaken() throws Exception {
        ChildJvm.Exit exit = child(ArrayWritingMain.class, folder.toString())
                .under(Confinement.withFileSystem(folder, "size=4m"))
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().contains("as before"), exit::toString);
    }

    @Test
    void moreThanAnyDiskHasIsNoSpaceOrTooLarge() {
        MapOptions huge = MapOptions.DEFAULT.length(1L << 50).with(MapOptions.Option.CREATE, MapOptions.Option.EXTEND);
        Path raw = folder.resolve("raw");
        assertThrows(LimitReachedException.class, () -> Mapping.open(raw, MapMode.READ_WRITE, huge));
        assertThrows(
                LimitReachedException.class,
                () -> MappedArray.create(folder.resolve("a.npy"), ArraySpec.of("f8", 1L << 47)));
        assertFalse(Files.exists(raw));
    }

    // ------------------------------------------------------------------------------------------------------- no end

    @Test
    void otherFileSystemsAreRefusedAsByReaders() throws IOException {
        URI zip = URI.create("jar:" + folder.resolve("x.zip").toUri());
        try (FileSystem files = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
            Path path = files.getPath("/x.npy");
            ArrayView row = ArrayView.over(memory(8), DType.parse("f8"), Shape.of(1), Order.C);
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                assertThrows(IllegalArgumentException.class, () -> MappedArray.save(path, OLD));
                assertThrows(IllegalArgumentException.class, () -> MappedArray.create(path, ArraySpec.of("f8", 1)));
                assertThrows(IllegalArgumentException.class, () -> MappedArray.append(path, row));
            });
        }
    }

    @Test
    void emptyRowsByTheMillionAreRefused() throws IOException {
        Path file = folder.resolve("a.npy");
        MappedArray.create(file, ArraySpec.of("f8", 200_000_000, 0)).close();
        assertEquals(128, Files.size(file));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThrows(IllegalArgumentException.class, () -> MappedArray.load(file)));
        MappedArray.create(file, ArraySpec.of("f8", 0, 200_000_000)).close();
        assertEquals(0, ((double[][]) MappedArray.load(file)).length);
        MappedArray.create(file, ArraySpec.of("f8", 3, 0)).close();
        assertArrayEquals(new double[3][0], (double[][]) MappedArray.load(file));
    }

    // -------------------------------------------------------------------------------------------------------- names

    @Test
    void theNameDecidesTheFormatEverywhere() throws IOException {
        ArraySpec spec = ArraySpec.of("<f8", 3);
        Map<String, ArrayFormat> endings = Map.of(
                "npy",
                ArrayFormat.NPY,
                "NPY",
                ArrayFormat.NPY,
                "mmap",
                ArrayFormat.SCIRS2,
                "raw",
                ArrayFormat.RAW,
                "bin",
                ArrayFormat.RAW);
        for (Map.Entry<String, ArrayFormat> ending : endings.entrySet()) {
            Path created = folder.resolve("c." + ending.getKey());
            Path saved = folder.resolve("s." + ending.getKey());
            MappedArray.create(created, spec, OLD).close();
            MappedArray.save(saved, OLD);
            assertArrayEquals(Files.readAllBytes(saved), Files.readAllBytes(created), ending.getKey());
            assertTrue(spec.formatOf(created).hasFormat(ending.getValue()));
        }
        for (String unknown : List.of("x.csv", "x.png", "npy", "x.npz", ".npy2", "x.npy.gz")) {
            Path path = folder.resolve(unknown);
            assertThrows(IllegalArgumentException.class, () -> MappedArray.save(path, OLD), unknown);
            assertThrows(IllegalArgumentException.class, () -> MappedArray.create(path, spec), unknown);
            MappedArray.create(path, spec.format(ArrayFormat.NPY), OLD).close();
            assertArrayEquals(OLD, (double[]) MappedArray.load(path));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "FORTRAN"})
    void aStreamHasTheBytesOfAFile(Order order) throws IOException {
        Path file = folder.resolve("a.npy");
        for (Shape shape : List.of(Shape.of(3, 4, 5), Shape.of(), Shape.of(0, 3), Shape.of(2, 1, 300_000))) {
            ArraySpec spec =
                    ArraySpec.of(DType.parse(">f8"), shape).order(order).format(ArrayFormat.NPY);
            double[] values = new double[(int) shape.elementCount()];
            Arrays.setAll(values, i -> i);
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            try (MappedArray array = MappedArray.create(file, spec, values)) {
                ArrayConversion.convert(array, stream, spec, _ -> {});
            }
            assertArrayEquals(Files.readAllBytes(file), stream.toByteArray(), shape::toString);
        }
    }

    // ------------------------------------------------------------------------------------------------------ reading

    @Test
    void membersOfArchivesAreNotWrittenThrough() throws IOException {
        Path archive = Files.write(folder.resolve("arrays.npz"), Golden.bytes("arrays.npz"));
        String member = NpzMember.list(archive).getFirst().name();
        byte[] before = Files.readAllBytes(archive);
        var failure = assertThrows(
                ArrayFileException.ReadOnly.class,
                () -> MappedArray.openMember(archive, member, MapMode.READ_WRITE, ArrayOptions.DEFAULT));
        assertTrue(failure.getMessage().contains("checksum"), failure::getMessage);
        MappedArray.openMember(archive, member, MapMode.COPY_ON_WRITE, ArrayOptions.DEFAULT)
                .close();
        assertArrayEquals(before, Files.readAllBytes(archive));
    }

    @Test
    void anEmptyFileIsToldAsSuch() throws IOException {
        Path empty = Files.createFile(folder.resolve("empty.npy"));
        var failure = assertThrows(ArrayFileException.BadMagic.class, () -> open(empty));
        assertTrue(failure.getMessage().contains("empty (0 bytes)"), failure::getMessage);
    }

    @Test
    void complexArraysOfTheMostAxesAreSaved() throws IOException {
        long[] dims = new long[Shape.MAX_RANK];
        Arrays.fill(dims, 1);
        dims[3] = 2;
        dims[60] = 3;
        for (String dtype : List.of("<c16", ">c8")) {
            Path file = folder.resolve("a.npy");
            Path copy = folder.resolve("b.npy");
            MappedArray.create(file, ArraySpec.of(dtype, dims)).close();
            try (MappedArray array = MappedArray.open(file, MapMode.READ_WRITE)) {
                array.real().copyFrom(new double[] {1, 2, 3, 4, 5, 6});
                array.imaginary().copyFrom(new double[] {7, 8, 9, 10, 11, 12});
                array.save(copy);
            }
            assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(copy));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[('c', ('<f8', (5,)), (2,))]",
                "[('c', ('<f8', (2, 5)))]",
                "[('c', (('<f8', (5,)), (2,)))]",
                "[('c', ('<f8', 5), 2)]"
            })
    void aPairOfATypeAndAShapeIsASubArray(String descr) throws IOException {
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': (3,), }";
        ByteBuffer bytes = ByteBuffer.allocate(10 + 118 + 240).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put((text + " ".repeat(117 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < 30; i++) {
            bytes.putDouble(i);
        }
        Path file = Files.write(folder.resolve("pair.npy"), bytes.array());
        try (MappedArray array = open(file)) {
            ArrayView field = array.field("c");
            assertEquals(Shape.of(3, 2, 5), field.shape());
            assertEquals(29, field.getDouble(2, 1, 4));
            assertEquals(435, field.sum());
        }
    }
}

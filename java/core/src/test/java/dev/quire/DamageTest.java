package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.error.FileRefusedException;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Damage;
import dev.quire.hint.Durability;
import dev.quire.hint.Healing;
import dev.quire.testing.Child;
import dev.quire.testing.Confinement;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a mapping knows of lost bytes, how they come back, and that no flush confirms them. */
class DamageTest {
    private static final long PAGE = Platform.pageSize();
    private static final long SIZE = 16 * PAGE;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        file = Pattern.file(folder.resolve("file"), SIZE);
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static List<Lifetime<?>> lifetimes() {
        return List.of(Lifetime.CONFINED, Lifetime.SHARED, Lifetime.LEASED, Lifetime.AUTO);
    }

    /** The record of the mapping that was closed is the next one's: it says nothing of the block's accesses. */
    @Test
    void whatIsClosedMeanwhileIsNotCalledLost() throws IOException {
        Mapping map = Mapping.open(file, MapMode.READ_ONLY);
        IllegalStateException closed =
                assertThrows(IllegalStateException.class, () -> map.guarded(() -> replaceByAnother(map)));
        assertTrue(closed.getMessage().contains(file.toString()), closed.getMessage());
    }

    private static void replaceByAnother(Mapping map) {
        map.close();
        try {
            Mapping.anonymous(SIZE).close();
        } catch (MappingException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("lifetimes")
    void cutAndGrownAgain(Lifetime<?> lifetime) throws IOException {
        try (OpenMemory opened = new OpenMemory(Mapping.open(file, MapMode.READ_WRITE, lifetime, MapOptions.DEFAULT))) {
            MappedMemory memory = opened.memory();
            assertEquals(new Damage(List.of(), SIZE), memory.damage());
            cut(file, 6 * PAGE);
            assertEquals(new Damage(List.of(), 6 * PAGE), memory.damage(), "nobody has touched it");
            opened.use(views -> assertEquals(0, views.bytes().get(9 * PAGE + 1)));
            assertEquals(new Damage(List.of(new ByteRange(9 * PAGE, 7 * PAGE)), 6 * PAGE), memory.damage());
            assertThrows(MemoryFaultException.class, memory::populate);
            opened.use(views -> assertEquals(0, views.bytes().get(6 * PAGE)));
            assertEquals(
                    List.of(new ByteRange(6 * PAGE, 10 * PAGE)), memory.damage().lost());
            assertEquals(List.of(), memory.restore(), "the file has not grown again");
            Pattern.fill(file, 6 * PAGE, 4 * PAGE);
            assertEquals(List.of(new ByteRange(6 * PAGE, 4 * PAGE)), memory.restore());
            assertEquals(new Damage(List.of(new ByteRange(10 * PAGE, 6 * PAGE)), 10 * PAGE), memory.damage());
            opened.use(views -> Pattern.check(views.segment().asSlice(0, 10 * PAGE), 0));
            Pattern.fill(file, 10 * PAGE, 6 * PAGE);
            assertEquals(List.of(new ByteRange(10 * PAGE, 6 * PAGE)), memory.restore());
            assertTrue(memory.damage().isEmpty());
            opened.use(views ->
                    assertEquals(SIZE, memory.guarded(() -> views.bytes().toArray()).length));
            opened.use(views -> Pattern.check(views.segment(), 0));
        }
    }

    @Test
    void lossesOfAnyMappingAreCounted() throws IOException {
        try (Mapping whole = Mapping.open(file, MapMode.READ_ONLY);
                Mapping other = Mapping.open(Pattern.file(folder.resolve("other"), SIZE), MapMode.READ_ONLY)) {
            long before = MappedMemory.losses();
            Pattern.check(whole.segment(), 0);
            assertEquals(before, MappedMemory.losses(), "nothing is lost");
            cut(file, PAGE);
            assertEquals(before, MappedMemory.losses(), "nobody has touched it");
            assertEquals(0, whole.bytes().get(PAGE));
            long after = MappedMemory.losses();
            assertTrue(after > before, before + " to " + after);
            Pattern.check(other.segment(), 0);
            assertEquals(after, MappedMemory.losses(), "the other file is whole");
            Pattern.fill(file, PAGE, SIZE - PAGE);
            whole.restore();
            assertTrue(MappedMemory.losses() > after, "bytes came back");
        }
    }

    @Test
    void lossesMayBeAskedForBeforeAnythingIsMapped() throws Exception {
        assertEquals("0 0 lost", Child.succeed(Child.of(LossesMain.class, file)));
    }

    @Test
    void rangesAreCountedFromWhereTheMappingBegins() throws IOException {
        try (Mapping map = Mapping.open(
                file, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(PAGE + 5).length(3 * PAGE))) {
            cut(file, 2 * PAGE);
            assertEquals(0, map.bytes().get(PAGE - 5), "the first byte of the page that is lost");
            assertEquals(
                    List.of(new ByteRange(PAGE - 5, 2 * PAGE + 5)), map.damage().lost());
            Pattern.check(map.segment().asSlice(0, PAGE - 5), PAGE + 5);
        }
    }

    @Test
    void whatIsStoredInLostPagesIsDropped() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            cut(file, 0);
            map.bytes().set(3, (byte) 77);
            assertEquals(77, map.bytes().get(3), "kept until then");
            assertThrows(MemoryFaultException.class, () -> map.bytes().toArray());
            Pattern.fill(file, 0, SIZE);
            map.restore();
            Pattern.check(map.segment(), 0);
        }
    }

    @Test
    void copyOnWriteKeepsItsOwnChangesOfPagesThatAreThere() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.COPY_ON_WRITE)) {
            map.bytes().set(1, (byte) 77);
            map.bytes().set(8 * PAGE, (byte) 78);
            cut(file, 4 * PAGE);
            assertEquals(0, map.bytes().get(8 * PAGE), "the kernel drops private pages behind the end of the file");
            assertEquals(77, map.bytes().get(1));
            Pattern.fill(file, 4 * PAGE, 12 * PAGE);
            map.restore();
            assertEquals(77, map.bytes().get(1));
            assertEquals(Pattern.at(8 * PAGE), map.bytes().get(8 * PAGE));
        }
    }

    /** A hole is what the file holds now, and no damage. */
    @Test
    void punchedIsNotLost() throws Exception {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE);
                Mapping other = Mapping.open(file, MapMode.READ_WRITE)) {
            assumeTrue(other.discard(2 * PAGE, PAGE).bytes() > 0, "no holes in this file system");
            byte[] bytes = map.bytes().toArray();
            assertEquals(0, bytes[(int) (2 * PAGE)]);
            assertTrue(map.damage().isEmpty());
        }
    }

    @Test
    void aReplacedFileIsNotRestoredFrom() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            cut(file, 0);
            assertEquals(0, map.bytes().get(5));
            Path other = Pattern.file(folder.resolve("other"), SIZE);
            Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
            assertThrows(MappingException.class, map::restore);
            assertEquals(new Damage(List.of(new ByteRange(0, SIZE)), -1), map.damage());
            assertThrows(MemoryFaultException.class, () -> map.bytes().crc32c());
        }
    }

    /** The file that was mapped has no name any more, and is reached through a page of it that is still mapped. */
    @Test
    void aRenamedFileIsRestoredThroughTheMapping() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            cut(file, 4 * PAGE);
            assertEquals(0, map.bytes().get(5 * PAGE));
            assertEquals(0, map.bytes().get(4 * PAGE));
            Path moved = Files.move(file, folder.resolve("moved"));
            Pattern.fill(moved, 4 * PAGE, 12 * PAGE);
            assertEquals(List.of(new ByteRange(4 * PAGE, 12 * PAGE)), map.restore());
            Pattern.check(map.segment(), 0);
        }
    }

    @Test
    void guardsOfSeveralMappingsNameTheOneThatLost() throws IOException {
        Path healthy = Pattern.file(folder.resolve("healthy"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                Mapping other = Mapping.open(healthy, MapMode.READ_ONLY)) {
            assertEquals(-1L, MappedMemory.guarded(() -> map.bytes().mismatch(other.bytes()), map, other));
            cut(healthy, 0);
            MemoryFaultException fault = assertThrows(
                    MemoryFaultException.class,
                    () -> MappedMemory.guarded(() -> map.segment().mismatch(other.segment()), map, other));
            assertEquals(healthy.toString(), fault.subject());
            assertEquals(7, MappedMemory.guarded(() -> 7, map));
            assertThrows(MemoryFaultException.class, () -> MappedMemory.guarded(() -> 7, map, other), "lost before");
        }
    }

    @Test
    void whatABlockThrewIsSuppressed() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            cut(file, 0);
            IllegalStateException own =
                    new IllegalStateException("no such record: " + map.bytes().get(1));
            MemoryFaultException fault = assertThrows(
                    MemoryFaultException.class,
                    () -> map.guarded((Runnable) () -> {
                        throw own;
                    }));
            assertEquals(List.of(own), Arrays.asList(fault.getSuppressed()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void flushConfirmsNothingThatIsLost(Durability durability) throws IOException {
        for (String how : List.of("cut", "renamed and cut", "unlinked and cut", "replaced and cut")) {
            Path own = Pattern.file(folder.resolve(how), SIZE);
            MapOptions kept = MapOptions.DEFAULT.with(MapOptions.Option.KEEP_FILE);
            for (MapOptions options : List.of(MapOptions.DEFAULT, kept)) {
                Pattern.file(own, SIZE);
                try (Mapping map = Mapping.open(own, MapMode.READ_WRITE, options);
                        FileChannel channel = FileChannel.open(own, StandardOpenOption.WRITE)) {
                    map.bytes().fill((byte) 7);
                    switch (how) {
                        case "renamed and cut" ->
                            Files.move(own, folder.resolve("moved"), StandardCopyOption.REPLACE_EXISTING);
                        case "unlinked and cut" -> Files.delete(own);
                        case "replaced and cut" ->
                            Files.move(
                                    Pattern.file(folder.resolve("new"), SIZE),
                                    own,
                                    StandardCopyOption.REPLACE_EXISTING);
                        default -> {}
                    }
                    channel.truncate(PAGE);
                    refusesToFlush(how, map, durability, true);
                    map.bytes().set(5 * PAGE, (byte) 9);
                    boolean isKnown = how.equals("cut") || options == kept;
                    refusesToFlush(how + ", and stored", map, durability, isKnown);
                }
            }
        }
    }

    /** While the file can be asked how long it is, that is the answer; then, that pages are lost. */
    private static void refusesToFlush(String how, Mapping map, Durability durability, boolean isKnown) {
        Class<? extends Exception> type = isKnown ? FileRefusedException.class : MemoryFaultException.class;
        Exception refused = assertThrows(type, () -> map.flush(0, SIZE, durability), how + " was confirmed");
        String reason = isKnown
                ? "the file became shorter than the range while it was mapped [FILE_TRUNCATED"
                : "pages of the range cannot be brought into memory [FAULT]";
        assertTrue(refused.getMessage().contains(reason), refused::toString);
    }

    @Test
    void afterResizeAndProtectDamageIsWhereItWas() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            cut(file, 4 * PAGE);
            assertEquals(0, map.bytes().get(4 * PAGE));
            map.protect(true);
            assertEquals(
                    List.of(new ByteRange(4 * PAGE, 12 * PAGE)), map.damage().lost());
            assertEquals(0, map.bytes().get(15 * PAGE));
            map.protect(false);
            Pattern.fill(file, 4 * PAGE, 12 * PAGE);
            map.resize(8 * PAGE);
            assertEquals(
                    List.of(new ByteRange(4 * PAGE, 4 * PAGE)), map.damage().lost());
            map.resize(32 * PAGE);
            assertFalse(map.damage().lost().stream().anyMatch(range -> range.end() > 8 * PAGE), map.damage()::toString);
            map.restore();
            assertTrue(map.damage().isEmpty());
            Pattern.check(map.segment().asSlice(0, 8 * PAGE), 0);
        }
    }

    @Test
    void aFullDiskIsDamageToo() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        String[] mounted = Confinement.withFileSystem(small, "size=1m");
        assertEquals("ok\n", Child.succeed(Child.of(Full.class, small).under(mounted)));
    }

    /** In a small file system of its own. */
    static final class Full {
        private Full() {}

        public static void main(String[] arguments) throws IOException {
            Path file = Path.of(arguments[0]).resolve("sparse");
            Path filler = file.resolveSibling("filler");
            MapOptions options = MapOptions.DEFAULT
                    .length(SIZE)
                    .with(MapOptions.Option.CREATE, MapOptions.Option.EXTEND, MapOptions.Option.SPARSE);
            try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, options)) {
                map.bytes().slice(0, PAGE).fill((byte) 1);
                assertThrows(IOException.class, () -> Files.write(filler, new byte[2 << 20]));
                map.bytes().set(4 * PAGE, (byte) 2);
                assertTrue(map.damage().lostBytes() >= PAGE, map.damage()::toString);
                assertThrows(
                        MemoryFaultException.class,
                        () -> map.bytes().slice(4 * PAGE, PAGE).toArray());
                assertThrows(MemoryFaultException.class, () -> map.flush(4 * PAGE, PAGE, Durability.CACHE));
                map.flush(0, PAGE, Durability.CACHE);
                Files.delete(filler);
                assertFalse(map.restore().isEmpty());
                assertTrue(map.damage().isEmpty(), map.damage()::toString);
                map.bytes().fill((byte) 3);
                map.flush();
            }
            byte[] expected = new byte[(int) SIZE];
            Arrays.fill(expected, (byte) 3);
            assertTrue(Arrays.equals(expected, Files.readAllBytes(file)));
            System.out.println("ok");
        }
    }
}

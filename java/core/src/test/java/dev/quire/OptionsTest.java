package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapOptions.Option;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What can be asked for when memory is mapped. */
class OptionsTest {
    private static final long SIZE = (1 << 20) + 5;

    @TempDir
    Path folder;

    @Test
    void optionsAreValues() {
        MapOptions options = MapOptions.DEFAULT.offset(3).length(4).with(Option.POPULATE, Option.KEEP_FILE);
        MapOptions hinted = options.hint(Hint.RANDOM);
        assertEquals(3, hinted.offset());
        assertEquals(4, hinted.length());
        assertEquals(Hint.RANDOM, hinted.hint());
        assertTrue(hinted.has(Option.POPULATE) && hinted.has(Option.KEEP_FILE));
        assertFalse(hinted.has(Option.EXTEND));
        assertNull(options.hint());
        assertEquals(0, MapOptions.DEFAULT.offset());
        assertEquals(-1, MapOptions.DEFAULT.length());
        assertThrows(IllegalArgumentException.class, () -> options.offset(-1));
        assertThrows(IllegalArgumentException.class, () -> options.length(-1));
        assertThrows(NullPointerException.class, () -> options.hint(null));
    }

    @ParameterizedTest
    @EnumSource(names = {"CREATE", "CREATE_NEW", "EXTEND"})
    void whatChangesTheFileNeedsAWritableMapping(Option option) throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        MapOptions options = MapOptions.DEFAULT.length(2 * SIZE).with(option);
        for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.COPY_ON_WRITE}) {
            assertThrows(IllegalArgumentException.class, () -> Mapping.open(file, mode, options));
        }
        assertEquals(SIZE, Files.size(file));
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#all")
    void populateBringsEverythingIn(MemoryKind subject) throws IOException {
        MapOptions options = MapOptions.DEFAULT.with(Option.POPULATE);
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (OpenMemory opened =
                subject.kind().isFile() ? subject.map(file, options) : subject.anonymous(SIZE, options)) {
            Residency residency = opened.memory().residency();
            // Windows has no way to copy the pages of a file for writing before somebody writes to them.
            boolean isGranted = !OS.WINDOWS.isCurrentOs() || subject.kind() != MemoryKind.Kind.COPY_ON_WRITE_FILE;
            assertEquals(isGranted, opened.memory().granted(Option.POPULATE));
            assertTrue(residency.known());
            assertEquals(residency.pages(), residency.residentPages());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#all")
    void everyFirstHintIsTaken(MemoryKind subject) throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        for (Hint hint : Hint.values()) {
            MapOptions options = MapOptions.DEFAULT.hint(hint);
            boolean isFile = subject.kind().isFile();
            try (OpenMemory opened = isFile ? subject.map(file, options) : subject.anonymous(SIZE, options)) {
                opened.use(views -> {
                    if (isFile) {
                        Pattern.check(views.segment(), 0);
                    } else {
                        Pattern.checkZero(views.segment());
                    }
                });
            }
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void randomIsKnownToTheKernel() throws IOException {
        Path file = Pattern.file(folder.resolve("hinted"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, MapOptions.DEFAULT.hint(Hint.RANDOM))) {
            assertEquals(SIZE, map.byteSize());
            assertTrue(flags("hinted").contains(" rr"), () -> "VmFlags of a RANDOM mapping");
            map.advise(Hint.NORMAL);
            assertFalse(flags("hinted").contains(" rr"), () -> "VmFlags after NORMAL");
        }
    }

    /** The kernel's flags of the area that maps a file. */
    private static String flags(String name) throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            inside |= line.endsWith(name);
            if (inside && line.startsWith("VmFlags:")) {
                return line;
            }
        }
        throw new AssertionError("no area of " + name);
    }

    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows promises no memory that it does not have")
    @Test
    void memoryNobodyHasIsMappedWithoutReserve() throws IOException {
        long much = 4 * Platform.facts().memoryBytes();
        try (Mapping map = Mapping.anonymous(much, Lifetime.SHARED, MapOptions.DEFAULT.with(Option.NO_RESERVE))) {
            assertTrue(map.granted(Option.NO_RESERVE));
            map.segment().set(ValueLayout.JAVA_BYTE, much - 1, (byte) 1);
        }
        try (Mapping map = Mapping.anonymous(much)) {
            assertEquals(much, map.byteSize());
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void hugePagesAreAskedFor() throws IOException {
        long size = 4 * Math.max(Platform.facts().hugePageBytes(), 1 << 20);
        MapOptions options = MapOptions.DEFAULT.with(Option.HUGE_PAGES);
        try (Mapping map = Mapping.anonymous(size, Lifetime.SHARED, options)) {
            Pattern.write(map.segment(), 0);
            Pattern.check(map.segment(), 0);
            String setting = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
            assertEquals(!setting.contains("[never]"), map.granted(Option.HUGE_PAGES));
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void hugePagesAreThere() throws IOException {
        String setting = Files.readString(Path.of("/sys/kernel/mm/transparent_hugepage/enabled"));
        assumeTrue(!setting.contains("[never]"), "huge pages are switched off");
        long size = 8 * Platform.facts().hugePageBytes();
        MapOptions options = MapOptions.DEFAULT.with(Option.HUGE_PAGES);
        try (Mapping map = Mapping.anonymous(size, Lifetime.SHARED, options)) {
            map.populateForWriting(0, size);
            long kib = hugeKib(map.segment().address());
            assumeTrue(kib >= 0, "an emulator: no area begins there");
            assertTrue(kib > 0, () -> "AnonHugePages of a buffer of " + size + " bytes: " + kib + " KiB");
        }
    }

    /** What the kernel says of the area that holds an address, -1 if it knows of none. */
    private static long hugeKib(long address) throws IOException {
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            String[] words = line.split("[ -]+");
            if (words[0].matches("[0-9a-f]+")) {
                inside = Long.compareUnsigned(Long.parseUnsignedLong(words[0], 16), address) <= 0
                        && Long.compareUnsigned(address, Long.parseUnsignedLong(words[1], 16)) < 0;
            }
            if (inside && words[0].equals("AnonHugePages:")) {
                return Long.parseLong(words[1]);
            }
        }
        return -1;
    }

    @Test
    void aSymbolicLinkIsFollowedUnlessRefused() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        try (Mapping map = Mapping.open(link, MapMode.READ_ONLY)) {
            Pattern.check(map.segment(), 0);
            assertFalse(map.isReplaced());
        }
        MapOptions options = MapOptions.DEFAULT.with(Option.NO_FOLLOW);
        FileRefusedException refused =
                assertThrows(FileRefusedException.class, () -> Mapping.open(link, MapMode.READ_ONLY, options));
        assertEquals(ErrorCode.SYMBOLIC_LINK, refused.code());
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, options)) {
            assertTrue(map.granted(Option.NO_FOLLOW));
        }
    }

    @EnabledOnOs(OS.LINUX)
    @Test
    void noDescriptorIsKeptUnlessAskedFor() throws IOException {
        Path file = Pattern.file(folder.resolve("descriptors"), SIZE);
        for (MapMode mode : MapMode.values()) {
            try (Mapping map = Mapping.open(file, mode)) {
                assertEquals(0, ThisProcess.descriptors("descriptors"), map::toString);
            }
            try (Mapping map = Mapping.open(file, mode, MapOptions.DEFAULT.with(Option.KEEP_FILE))) {
                assertTrue(map.granted(Option.KEEP_FILE));
                assertEquals(1, ThisProcess.descriptors("descriptors"), map::toString);
            }
            assertEquals(0, ThisProcess.descriptors("descriptors"));
        }
    }
}

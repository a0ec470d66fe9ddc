package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.SystemFailureException;
import dev.quire.hint.Healing;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.Pin;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.WeakReference;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Memory that somebody keeps an address of: acceptance 18a. */
@EnabledOnOs(OS.LINUX)
class PinTest {
    private static final long PAGE = Platform.pageSize();
    private static final long SIZE = 100_003;

    @TempDir
    Path folder;

    private static List<MemoryKind> closable() {
        return MemoryKind.all().filter(MemoryKind::isClosable).toList();
    }

    /** The segment of the pin reads where it says, and so does whoever has the address. */
    @ParameterizedTest
    @MethodSource("closable")
    void theLastPinUnmaps(MemoryKind kind) throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            OpenMemory opened = kind.open(folder, SIZE);
            MappedMemory memory = opened.memory();
            Pin first = other.submit(memory::pin).get(30, TimeUnit.SECONDS);
            Pin second = memory.pin();
            long address = first.address();
            assertEquals(SIZE, first.byteSize());
            assertEquals(kind.kind().mode == MapMode.READ_ONLY, first.isReadOnly());
            opened.close();
            assertTrue(memory.isClosed());
            assertThrows(IllegalStateException.class, memory::pin);
            MemorySegment segment = first.segment();
            assertEquals(address, segment.address());
            assertEquals(address, second.address());
            second.close();
            other.submit(() -> Pattern.check(segment, 0)).get(30, TimeUnit.SECONDS);
            assertTrue(isMapped(address));
            other.submit(first::close).get(30, TimeUnit.SECONDS);
            first.close();
            assertFalse(isMapped(address));
            assertThrows(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 0));
            assertThrows(IllegalStateException.class, first::address);
            assertThrows(IllegalStateException.class, first::segment);
            assertThrows(IllegalStateException.class, first::requireIntact);
            assertTrue(first.isClosed());
        }
    }

    private static boolean isMapped(long address) throws IOException {
        return ThisProcess.areas("").stream()
                .map(line -> line.split("[- ]", 3))
                .anyMatch(area -> Long.parseUnsignedLong(area[0], 16) <= address
                        && address < Long.parseUnsignedLong(area[1], 16));
    }

    /** Nothing of what was pinned ends with a close that comes from another thread than the pin. */
    @Test
    void aClosedPinKeepsNothing() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.pin().close();
            map.bytes().pin().close();
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    @Test
    void aSliceIsPinnedWhereItLies() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(1000))) {
            ByteSlice slice = map.bytes().slice(500, 88);
            try (Pin pin = slice.shorts().pin()) {
                assertEquals(slice.segment().address(), pin.address());
                assertEquals(88, pin.byteSize());
                Pattern.check(pin.segment(), 1500);
                assertTrue(pin.toString().contains("88 bytes at 500 of " + file), pin.toString());
            }
        }
    }

    @Test
    void changesWaitForPins() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED)) {
            try (Pin pin = map.pin()) {
                Duration brief = Duration.ofMillis(20);
                SystemFailureException resize = assertThrows(SystemFailureException.class, () -> map.resize(7, brief));
                assertEquals(ErrorCode.TIMED_OUT, resize.code());
                assertThrows(SystemFailureException.class, () -> map.protect(true, brief));
                Pattern.check(pin.segment(), 0);
            }
            map.resize(7, Duration.ofSeconds(30));
            try (Pin pin = map.pin()) {
                assertEquals(7, pin.byteSize());
            }
        }
    }

    /** Its bytes are elsewhere by now, if there are any. */
    @Test
    void aSliceThatHasEndedIsNotPinned() throws IOException {
        try (Mapping map = Mapping.anonymous(SIZE)) {
            ByteSlice slice = map.bytes();
            map.resize(2 * SIZE);
            assertThrows(IllegalStateException.class, slice::pin);
            assertTrue(slice.isClosed());
            map.resize(SIZE); // nobody waits for a pin
        }
    }

    @Test
    void closingOneOfTwoSegmentsLeavesTheOther() throws IOException {
        try (Mapping map = Mapping.anonymous(SIZE);
                Pin left = map.pin()) {
            Pin right = map.pin();
            MemorySegment mine = right.segment();
            mine.set(ValueLayout.JAVA_BYTE, 3, (byte) 9);
            right.close();
            assertEquals(9, left.segment().get(ValueLayout.JAVA_BYTE, 3));
            assertEquals(9, map.bytes().get(3));
        }
    }

    @Test
    void theCollectorLeavesWhatIsPinned() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        List<WeakReference<AutoMapping>> forgotten = new ArrayList<>();
        long address = pinnedAndForgotten(file, forgotten);
        for (int i = 0; i < 500 && forgotten.getFirst().get() != null; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertNull(forgotten.getFirst().get());
        for (int i = 0; i < 10; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertTrue(isMapped(address));
    }

    private static long pinnedAndForgotten(Path file, List<WeakReference<AutoMapping>> forgotten) throws IOException {
        AutoMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO);
        forgotten.add(new WeakReference<>(map));
        return map.pin().address();
    }

    @Test
    @Timeout(60)
    void theCollectorTakesWhatWasPinned() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO).pin().close();
        while (!ThisProcess.areas(folder.toString()).isEmpty()) {
            System.gc();
            Thread.sleep(5);
        }
    }

    @Test
    void lostBytesAreToldOfAlsoWhenTheyCameBack() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        Path file = Pattern.file(folder.resolve("file"), 8 * PAGE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            Pin pin = map.pin();
            Pin before = map.bytes().slice(0, 2 * PAGE).pin();
            pin.requireIntact();
            cut(file, 4 * PAGE);
            assertEquals(0, pin.segment().get(ValueLayout.JAVA_BYTE, 5 * PAGE));
            MemoryFaultException fault = assertThrows(MemoryFaultException.class, pin::requireIntact);
            assertTrue(fault.getMessage().contains(file.toString()), fault.getMessage());
            assertThrows(MemoryFaultException.class, () -> pin.guarded(() -> 1));
            before.requireIntact();
            pin.requireIntact(PAGE, PAGE);
            assertThrows(MemoryFaultException.class, () -> pin.requireIntact(7 * PAGE, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> pin.requireIntact(7 * PAGE, PAGE + 1));
            assertEquals(1, before.guarded(() -> 1));
            Pattern.fill(file, 4 * PAGE, 4 * PAGE);
            assertFalse(map.restore().isEmpty());
            assertThrows(MemoryFaultException.class, pin::requireIntact);
            assertEquals(1, pin.guarded(() -> 1));
            Pin now = map.pin();
            now.requireIntact();
            List.of(pin, before, now).forEach(Pin::close);
        }
    }

    private static void cut(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    /** A pin is refused or keeps the memory: both are so, whenever the close comes. */
    @Test
    @Timeout(120)
    void pinsAgainstAClose() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (ExecutorService others = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < 300; i++) {
                Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                List<Future<?>> work =
                        List.of(others.submit(() -> pinUntilClosed(map)), others.submit(() -> pinUntilClosed(map)));
                Thread.sleep(0, 100_000);
                map.close();
                for (Future<?> done : work) {
                    done.get(60, TimeUnit.SECONDS);
                }
                assertEquals(List.of(), ThisProcess.areas(folder.toString()));
            }
        }
    }

    private static void pinUntilClosed(Mapping map) {
        try {
            for (; ; ) {
                try (Pin pin = map.pin()) {
                    assertEquals(Pattern.at(SIZE - 1), pin.segment().get(ValueLayout.JAVA_BYTE, SIZE - 1));
                }
            }
        } catch (IllegalStateException e) {
            assertTrue(map.isClosed(), e::toString);
        }
    }

    @Test
    void whereSlicesLieInTheirFile() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(4099));
                Mapping memory = Mapping.anonymous(10)) {
            assertEquals(4099, map.fileOffset());
            assertEquals(4099 + 11, map.bytes().slice(11, 8).fileOffset());
            assertEquals(4099 + 11, map.bytes().slice(11, 8).longs().fileOffset());
            assertThrows(UnsupportedOperationException.class, memory::fileOffset);
            assertThrows(
                    UnsupportedOperationException.class, () -> memory.bytes().fileOffset());
            assertFalse(map.isClosed());
            assertFalse(map.bytes().isClosed());
        }
    }
}

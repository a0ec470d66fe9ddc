package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.shared.MessageRing;
import dev.quire.shared.WaitStrategy;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of memory that others own. */
final class OutsideMemoryTest {
    private static final int SIZE = (9 << 20) + 8;

    @TempDir
    Path folder;

    @Test
    void whatSlicesDoIsDone() throws IOException {
        try (Arena arena = Arena.ofShared();
                Mapping map = Mapping.anonymous(SIZE)) {
            MemorySegment segment = arena.allocate(SIZE, 8);
            Pattern.write(segment, 0);
            ByteSlice slice = ByteSlice.of(segment);
            assertEquals(SIZE, slice.length());
            assertEquals(Pattern.at(SIZE - 1), slice.get(SIZE - 1));
            assertArrayEquals(Pattern.bytes(0, SIZE), slice.toArray());
            slice.copyTo(0, map.bytes(), 0, SIZE);
            assertTrue(slice.contentEquals(map.bytes()));
            assertEquals(map.bytes().sum(), slice.sum());
            assertEquals(map.longs().summary(), slice.longs().summary());
            CRC32C expected = new CRC32C();
            expected.update(Pattern.bytes(0, SIZE));
            assertEquals(expected.getValue(), slice.crc32c());
            map.bytes().set(7, (byte) ~map.bytes().get(7));
            map.bytes().copyTo(0, slice, 0, SIZE);
            assertEquals(-1, slice.mismatch(map.bytes()));
            slice.longs().set(1, 40);
            assertEquals(40, slice.longs().getAndAdd(1, 2));
            assertEquals(42, segment.get(ValueLayout.JAVA_LONG, 8));
            assertTrue(slice.toString().contains("memory from outside"), slice.toString());
        }
    }

    @Test
    void itEndsWithItsArena() {
        Arena arena = Arena.ofShared();
        ByteSlice slice = ByteSlice.of(arena.allocate(1 << 20));
        assertFalse(slice.isClosed());
        arena.close();
        assertTrue(slice.isClosed());
        assertThrows(IllegalStateException.class, () -> slice.get(0));
        assertThrows(IllegalStateException.class, () -> slice.copyTo(0, new byte[9], 0, 9));
        assertThrows(IllegalStateException.class, slice::toArray);
        assertThrows(IllegalStateException.class, slice::sum);
        assertThrows(IllegalStateException.class, slice::crc32c);
        assertThrows(IllegalStateException.class, slice::prefetch);
    }

    @Test
    void itIsForTheThreadsOfItsSegment() {
        try (Arena arena = Arena.ofConfined()) {
            ByteSlice slice = ByteSlice.of(arena.allocate(1 << 20));
            CompletionException wrong = assertThrows(
                    CompletionException.class,
                    () -> CompletableFuture.supplyAsync(slice::sum).join());
            assertEquals(WrongThreadException.class, wrong.getCause().getClass());
        }
    }

    @Test
    void whatNeedsItsOwnerIsRefused() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> ByteSlice.of(MemorySegment.ofArray(new byte[3])));
        try (Arena arena = Arena.ofShared()) {
            ByteSlice slice = ByteSlice.of(arena.allocate(MessageRing.byteSize(1024), 8));
            assertEquals(HintResult.UNSUPPORTED, slice.advise(Hint.RANDOM).result());
            assertEquals(HintResult.UNSUPPORTED, slice.populate().result());
            assertFalse(slice.residency().known());
            assertFalse(slice.isResident());
            assertThrows(UnsupportedOperationException.class, slice::pin);
            assertThrows(UnsupportedOperationException.class, slice::fileOffset);
            assertThrows(UnsupportedOperationException.class, () -> MessageRing.producer(slice, WaitStrategy.PARK));
            ByteSlice readOnly = ByteSlice.of(slice.segment().asReadOnly());
            assertThrows(ReadOnlyMemoryException.class, () -> readOnly.fill((byte) 1));
        }
    }

    /** Memory of Quire's that comes back as a segment has no record of its own. */
    @Test
    void lostBytesOfMappedMemoryAreToldOf() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
        long page = Platform.pageSize();
        Path file = Pattern.file(folder.resolve("file"), 4 * page);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            ByteSlice slice = ByteSlice.of(map.segment());
            Pattern.check(MemorySegment.ofArray(slice.toArray()), 0);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(page);
            }
            assertThrows(MemoryFaultException.class, slice::toArray);
            assertThrows(MemoryFaultException.class, slice::sum);
            assertThrows(MemoryFaultException.class, slice::toArray);
            assertEquals(page, slice.slice(0, page).toArray().length);
        }
    }
}

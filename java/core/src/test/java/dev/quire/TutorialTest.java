package dev.quire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import dev.quire.slice.LongSlice;
import dev.quire.slice.Summary;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Welcome. This is the tutorial, and it is a test, so it cannot be out of date. Read it from top to bottom; every step
 * stands for itself.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class TutorialTest {
    @TempDir
    Path folder;

    private Path path;

    /** We need a file: a thousand doubles, 0 to 999, little-endian, behind a header of 10 bytes. */
    @BeforeEach
    void makeAFile() throws IOException {
        path = folder.resolve("numbers.bin");
        MapOptions options =
                MapOptions.DEFAULT.length(10 + 8000).with(MapOptions.Option.CREATE, MapOptions.Option.EXTEND);
        try (Mapping map = Mapping.open(path, MapMode.READ_WRITE, options)) {
            DoubleSlice numbers = map.bytes().slice(10, 8000).doubles(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < numbers.length(); i++) {
                numbers.set(i, i);
            }
        }
    }

    /** Step 1: map a file and read it. The data begins at an odd offset, and that is fine. */
    @Test
    @Order(1)
    void read() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(10))) {
            DoubleSlice numbers = map.bytes().doubles(ByteOrder.LITTLE_ENDIAN);
            assertEquals(1000, numbers.length());
            assertEquals(7.0, numbers.get(7));
            Summary summary = numbers.summary();
            assertEquals(499_500, summary.sum());
            assertEquals(499.5, summary.mean());
            assertEquals(999, summary.max());
        }
    }

    /** Step 2: say what you will do, and read what the platform did with it. */
    @Test
    @Order(2)
    void advise() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            Outcome outcome = map.advise(Hint.SEQUENTIAL);
            assertEquals(Platform.supports(Hint.SEQUENTIAL), outcome.result() != HintResult.UNSUPPORTED);
            map.prefetch(List.of(new ByteRange(0, 100), new ByteRange(4000, 100)));
            map.populate();
            Residency residency = map.residency();
            assertTrue(!residency.known() || residency.residentPages() == residency.pages());
        }
    }

    /** Step 3: write. Changes reach the file; flush says when they are safe. */
    @Test
    @Order(3)
    void write() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_WRITE)) {
            map.bytes().set(0, (byte) 'Q');
            map.flush(0, 1, Durability.DEVICE);
        }
        assertEquals('Q', Files.readAllBytes(path)[0]);
    }

    /** Step 4: or keep changes to yourself, page by page. */
    @Test
    @Order(4)
    void copyOnWrite() throws IOException {
        byte[] before = Files.readAllBytes(path);
        try (Mapping map = Mapping.open(path, MapMode.COPY_ON_WRITE)) {
            map.bytes().fill((byte) 1);
            assertEquals(1, map.bytes().get(500));
        }
        assertArrayEquals(before, Files.readAllBytes(path));
    }

    /** Step 5: a read-only mapping refuses every way of writing. */
    @Test
    @Order(5)
    void readOnly() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            ByteSlice bytes = map.bytes();
            assertThrows(ReadOnlyMemoryException.class, () -> bytes.set(0, (byte) 1));
            assertThrows(ReadOnlyMemoryException.class, () -> bytes.copyFrom(0, new byte[1], 0, 1));
        }
    }

    /** Step 6: close. Views that are still around throw; they do not crash. Closing twice is fine. */
    @Test
    @Order(6)
    void close() throws IOException {
        Mapping map = Mapping.open(path, MapMode.READ_ONLY);
        ByteSlice bytes = map.bytes();
        map.close();
        map.close();
        assertThrows(IllegalStateException.class, () -> bytes.get(0));
    }

    /** Step 7: many threads that open and close often take leases, which cost next to nothing. */
    @Test
    @Order(7)
    @SuppressWarnings("try") // closed while a lease is out, on purpose
    void lease() throws IOException {
        try (LeasedMapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.LEASED)) {
            try (Lease lease = map.lease()) {
                map.close();
                assertEquals(8010, lease.bytes().length());
            }
            assertThrows(IllegalStateException.class, map::lease);
        }
    }

    /** Step 8: memory without a file, with words that threads can share. */
    @Test
    @Order(8)
    void anonymous() throws Exception {
        try (Mapping buffer = Mapping.anonymous(4096)) {
            LongSlice words = buffer.longs();
            Thread other = Thread.ofVirtual().start(() -> words.getAndAdd(0, 41));
            words.getAndAdd(0, 1);
            other.join();
            assertEquals(42, words.getAcquire(0));
        }
    }

    /** Step 9: make a file longer. Its blocks are allocated at once, so a full disk is noticed here and not later. */
    @Test
    @Order(9)
    void resize() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_WRITE)) {
            ByteSlice before = map.bytes();
            map.resize(1 << 20);
            assertThrows(IllegalStateException.class, () -> before.get(0));
            assertEquals(1 << 20, map.bytes().length());
        }
        assertEquals(1 << 20, Files.size(path));
        try (LeasedMapping map = Mapping.open(path, MapMode.READ_WRITE, Lifetime.LEASED)) {
            map.resize(8010, Duration.ofSeconds(1));
            assertEquals(8010, map.byteSize());
        }
    }

    /** Step 10: what the system refuses is an exception that says what, where and why. */
    @Test
    @Order(10)
    void failures() {
        MappingException missing =
                assertThrows(MappingException.class, () -> Mapping.open(folder.resolve("missing"), MapMode.READ_ONLY));
        assertEquals(ErrorCode.NOT_FOUND, missing.code());
        MappingException tooShort = assertThrows(
                MappingException.class,
                () -> Mapping.open(path, MapMode.READ_ONLY, MapOptions.DEFAULT.length(1 << 20)));
        assertEquals(ErrorCode.FILE_TOO_SHORT, tooShort.code());
        assertEquals(8010, tooShort.details().limit());
    }

    /** Step 11: a block of element accesses that must not miss a fault runs guarded. */
    @Test
    @Order(11)
    void guarded() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            ByteSlice bytes = map.bytes();
            long total = map.guarded(() -> {
                long sum = 0;
                for (long i = 0; i < bytes.length(); i++) {
                    sum += bytes.get(i);
                }
                return sum;
            });
            assertEquals(bytes.summary().sum().longValueExact(), total);
        }
    }
}

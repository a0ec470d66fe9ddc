package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lease;
import dev.quire.LeasedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What readers of a scan get when its mapping is closed, resized or protected meanwhile. */
class ScanChangeTest {
    private static final int SIZE = 300_007;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Pattern.file(folder.resolve("scanned"), SIZE);
    }

    @Test
    void theMappingMayBeClosedUnderTheScan() throws Exception {
        Pattern.file(file, 8 << 20);
        for (int run = 0; run < 200; run++) {
            Mapping map = Mapping.open(file, MapMode.READ_ONLY);
            map.evict();
            int closeAt = run * (int) Platform.pageSize();
            try (Scan scan = Scan.of(
                    map.bytes(),
                    ScanOptions.DEFAULT.chunk(65_536).window(1 << 20).budget(2 << 20))) {
                assertThrows(
                        IllegalStateException.class,
                        () -> scan.forEach(chunk -> {
                            if (chunk.offset() + chunk.byteSize() > closeAt) {
                                map.close();
                            }
                            chunk.get(0);
                        }));
            }
        }
    }

    @Test
    void theMappingMayBeResizedUnderTheScan() throws Exception {
        Pattern.file(file, 8 << 20);
        for (int run = 1; run < 20; run++) {
            int keep = run * 100_000;
            try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
                map.resize(8 << 20);
                try (Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(65_536))) {
                    assertThrows(
                            IllegalStateException.class,
                            () -> scan.forEach(chunk -> {
                                resize(map, keep);
                                chunk.get(0);
                            }));
                }
                assertEquals(keep, map.byteSize());
            }
        }
    }

    /** Also if the reader does not touch a byte of its chunk. */
    @ParameterizedTest
    @ValueSource(strings = {"close", "resize", "protect"})
    void whatHappenedToTheMappingIsSaid(String change) throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE);
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(10_000))) {
            IllegalStateException refused =
                    assertThrows(IllegalStateException.class, () -> scan.forEach(_ -> change(map, change)));
            assertTrue(refused.getMessage().contains("closed, resized or protected"), refused::toString);
            assertTrue(refused.getMessage().contains(file.toString()), refused::toString);
            assertEquals(10_000, scan.doneBytes());
            if (!change.equals("close")) {
                try (Scan again = Scan.of(map.bytes())) {
                    again.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
                    assertEquals(map.byteSize(), again.doneBytes());
                }
            }
        }
    }

    private static void change(Mapping map, String change) {
        switch (change) {
            case "close" -> map.close();
            case "resize" -> resize(map, 200_000);
            default -> protect(map, true);
        }
    }

    private static void protect(Mapping map, boolean readOnly) {
        try {
            map.protect(readOnly);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theProtectionMayChangeUnderTheScan() throws IOException {
        Pattern.file(file, 8 << 20);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            for (int run = 0; run < 100; run++) {
                int changeAt = run * 64 * 1024;
                boolean readOnly = run % 2 == 0;
                map.evict();
                try (Scan scan = Scan.of(
                        map.bytes(),
                        ScanOptions.DEFAULT.chunk(65_536).window(1 << 20).budget(2 << 20))) {
                    assertThrows(
                            IllegalStateException.class,
                            () -> scan.forEach(chunk -> {
                                if (chunk.offset() == changeAt) {
                                    protect(map, readOnly);
                                }
                                chunk.get(0);
                            }));
                }
            }
            Pattern.check(map.segment(), 0);
        }
    }

    @Test
    void aLeaseThatIsScannedHoldsChangesOffAndOutlivesTheClose() throws IOException {
        LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED);
        map.evict();
        try (Lease lease = map.lease();
                Scan scan = Scan.of(
                        lease.bytes(),
                        ScanOptions.DEFAULT.chunk(10_000).window(65_536).budget(65_536))) {
            scan.forEach(chunk -> {
                if (chunk.offset() == 10_000) {
                    MappingException refused =
                            assertThrows(MappingException.class, () -> map.protect(true, Duration.ofMillis(5)));
                    assertEquals(ErrorCode.TIMED_OUT, refused.code());
                    refused = assertThrows(MappingException.class, () -> map.resize(1_000, Duration.ofMillis(5)));
                    assertEquals(ErrorCode.TIMED_OUT, refused.code());
                }
                if (chunk.offset() == 20_000) {
                    map.close();
                }
                Pattern.check(chunk.segment(), chunk.offset());
            });
            assertEquals(SIZE, scan.doneBytes());
        }
    }

    private static void resize(Mapping map, long size) {
        try {
            map.resize(size);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

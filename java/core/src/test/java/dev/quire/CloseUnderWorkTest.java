package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Hint;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Closes and resizes while work is under way, and what is said of views, leases and mappings that are over. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class CloseUnderWorkTest {
    private static final int SIZE = 8 << 20;

    @TempDir
    Path folder;

    private Path file() throws IOException {
        return Pattern.file(folder.resolve("file"), SIZE);
    }

    /** The JDK's checksum works on a buffer whose arena cannot be closed meanwhile. */
    @Test
    void aChecksumHoldsUpNoClose() throws Exception {
        for (int round = 0; round < 50; round++) {
            Mapping map = Mapping.open(round == 0 ? file() : folder.resolve("file"), MapMode.READ_ONLY);
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
                while (true) {
                    map.bytes().crc32c();
                }
            });
            Thread.sleep(2);
            map.close();
            ExecutionException end = assertThrows(ExecutionException.class, () -> reading.get(60, TimeUnit.SECONDS));
            assertEquals(IllegalStateException.class, end.getCause().getClass());
            assertTrue(end.getCause().getMessage().startsWith("closed: "), end.getCause()::toString);
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    @Test
    void underALeaseLostBytesAreToldAfterACloseToo() throws IOException {
        Path file = file();
        LeasedMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED);
        try (Lease lease = map.lease()) {
            map.close();
            assertEquals(SIZE, lease.bytes().toArray().length);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(0);
            }
            assertThrows(MemoryFaultException.class, () -> lease.bytes().toArray());
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()));
    }

    /** A call for everything is for everything that there is when it comes to it. */
    @Test
    void callsForEverythingGoOnThroughAResize() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (Mapping map = Mapping.open(file(), MapMode.READ_WRITE)) {
            CompletableFuture<Void> calling = CompletableFuture.runAsync(() -> {
                try {
                    while (!over.get()) {
                        map.flush();
                        map.populate();
                        map.advise(Hint.WILLNEED);
                        map.residency();
                        map.unlock();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            for (int i = 0; i < 2_000 && !calling.isDone(); i++) {
                map.resize(i % 2 == 0 ? SIZE / 8 : SIZE);
            }
            over.set(true);
            calling.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void aViewThatAResizeEndedIsNotCalledClosed() throws IOException {
        try (Mapping map = Mapping.open(file(), MapMode.READ_WRITE)) {
            var before = map.bytes();
            map.resize(SIZE / 2);
            IllegalStateException over = assertThrows(IllegalStateException.class, () -> before.get(0));
            assertTrue(over.getMessage().contains("a resize"), over::getMessage);
        }
    }

    @Test
    void aClosedMappingAnswersNothing() throws IOException {
        Mapping map = Mapping.open(file(), MapMode.READ_ONLY);
        var bytes = map.bytes();
        map.close();
        for (IllegalStateException closed : List.of(
                assertThrows(IllegalStateException.class, () -> map.guarded(() -> 5)),
                assertThrows(IllegalStateException.class, map::file),
                assertThrows(IllegalStateException.class, map::isReplaced),
                assertThrows(IllegalStateException.class, () -> bytes.mismatch(bytes)),
                assertThrows(IllegalStateException.class, bytes::crc32c))) {
            assertTrue(closed.getMessage().contains("file"), closed::getMessage);
        }
    }
}

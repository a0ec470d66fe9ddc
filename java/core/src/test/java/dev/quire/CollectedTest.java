package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.advice.ByteRange;
import dev.quire.testing.ThisProcess;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** AUTO has no close: a call of many slices keeps its mapping, of which nobody else knows any more, until it returns. */
@EnabledOnOs(OS.LINUX)
class CollectedTest {
    private static final long SIZE = 200 << 20;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void makeFile() throws Exception {
        file = folder.resolve("file");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
    }

    private interface Call {
        void run(AutoMapping map) throws Exception;
    }

    enum Work {
        POPULATE(AutoMapping::populate),
        POPULATE_SLICE(map -> map.bytes().populate()),
        ENSURE_RESIDENT(map -> map.ensureResident(0, SIZE)),
        FLUSH(AutoMapping::flush),
        POPULATE_ON_A_THREAD(map -> map.prefetchAsync(List.of(new ByteRange(0, SIZE), new ByteRange(0, SIZE)))
                .get(60, TimeUnit.SECONDS)),
        SUM(map -> map.longs().sum());

        final Call call;

        Work(Call call) {
            this.call = call;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallKeepsWhatItWorksOn(Work work) throws Exception {
        Thread collector = Thread.ofPlatform().daemon().start(() -> {
            while (!Thread.interrupted()) {
                System.gc();
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                work.call.run(Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO));
            }
        } finally {
            collector.interrupt();
            collector.join();
        }
        for (int i = 0; i < 200 && !ThisProcess.areas(folder.toString()).isEmpty(); i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertEquals(List.of(), ThisProcess.areas(folder.toString()), "unmapped in the end");
    }
}

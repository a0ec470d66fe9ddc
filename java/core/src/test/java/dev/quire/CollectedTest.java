package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.hint.ByteRange;
import dev.quire.testing.Child;
import dev.quire.testing.ThisProcess;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * AUTO has no close: a call of many slices keeps its mapping, of which nobody else knows any more, until it returns.
 */
@EnabledOnOs(OS.LINUX)
class CollectedTest {
    private static final long SIZE = 200 << 20;

    @TempDir
    Path folder;

    private interface Call {
        void run(AutoMapping map) throws Exception;
    }

    enum Work {
        POPULATE(AutoMapping::populate),
        POPULATE_SLICE(map -> map.bytes().populate()),
        ENSURE_RESIDENT(map -> map.ensureResident(0, SIZE)),
        FLUSH(AutoMapping::flush),
        /** So many calls that the collector runs between them, however fast they are. */
        POPULATE_ON_A_THREAD(map -> map.populateAsync(Collections.nCopies(2_000, new ByteRange(0, 4096)))
                .get(60, TimeUnit.SECONDS)),
        SUM(map -> map.longs().sum());

        final Call call;

        Work(Call call) {
            this.call = call;
        }
    }

    /** Compiled code forgets what it does not use any more; code that is interpreted keeps it. */
    @ParameterizedTest
    @EnumSource
    void aCallKeepsWhatItWorksOn(Work work) throws Exception {
        Path file = folder.resolve("file");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        Child.succeed(Child.of(Calls.class, file, work)
                .flags(
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-Xcomp",
                        "-XX:CompileCommand=quiet",
                        "-XX:CompileCommand=compileonly,dev.quire.*::*"));
    }

    static final class Calls {
        public static void main(String[] arguments) throws Exception {
            Path file = Path.of(arguments[0]);
            Thread collector = Thread.ofPlatform().daemon().start(() -> {
                while (!Thread.interrupted()) {
                    System.gc();
                }
            });
            for (int i = 0; i < 10; i++) {
                Work.valueOf(arguments[1]).call.run(Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO));
            }
            collector.interrupt();
            collector.join();
            for (int i = 0; i < 200 && !ThisProcess.areas(file.toString()).isEmpty(); i++) {
                System.gc();
                Thread.sleep(10);
            }
            assertEquals(List.of(), ThisProcess.areas(file.toString()), "unmapped in the end");
        }
    }
}

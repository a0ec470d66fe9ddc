package dev.quire.agrona;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agrona's rings and counters in a file that two processes map. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TwoProcessesTest {
    static final int TOLD_BYTES = 64 << 10;
    static final int VALUE_BYTES = 16 << 10;

    private static final int MESSAGES = 100_000;
    private static final int TIMES = 500_000;

    @TempDir
    Path folder;

    private Mapping created(long size) throws IOException {
        MapOptions options = MapOptions.DEFAULT
                .with(MapOptions.Option.CREATE_NEW, MapOptions.Option.EXTEND)
                .length(size);
        return Mapping.open(folder.resolve("shared"), MapMode.READ_WRITE, options);
    }

    /** Every message of every other process, whole and in its order. */
    @ParameterizedTest
    @ValueSource(strings = {"one", "many"})
    void ringsCarryMessages(String kind) throws Exception {
        int senders = kind.equals("one") ? 1 : 2;
        try (Mapping map = created((64 << 10) + RingBufferDescriptor.TRAILER_LENGTH);
                PinnedBuffer buffer = PinnedBuffer.of(map.bytes())) {
            RingBuffer ring = senders == 1 ? new OneToOneRingBuffer(buffer) : new ManyToOneRingBuffer(buffer);
            List<Process> others = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                others.add(start(i, kind, MESSAGES));
            }
            long[] seen = new long[MESSAGES];
            long total = 0;
            while (total < (long) senders * MESSAGES) {
                total += ring.read((type, message, index, length) -> {
                    long number = message.getLong(index);
                    assertEquals(7, type);
                    assertEquals(OtherProcessMain.length(number), length);
                    for (int at = 8; at < length; at++) {
                        assertEquals((byte) number, message.getByte(index + at));
                    }
                    assertTrue(
                            number == 0 || seen[(int) number - 1] > seen[(int) number],
                            () -> "out of order: " + number);
                    seen[(int) number]++;
                });
            }
            for (int i = 0; i < senders; i++) {
                finish(i, others.get(i));
            }
            assertEquals(0, ring.size());
            buffer.requireIntact();
        }
    }

    /** No count of either process is lost. */
    @Test
    void countersCountInBoth() throws Exception {
        try (Mapping map = created(TOLD_BYTES + VALUE_BYTES);
                PinnedBuffer told = PinnedBuffer.of(map.bytes().slice(0, TOLD_BYTES));
                PinnedBuffer values = PinnedBuffer.of(map.bytes().slice(TOLD_BYTES, VALUE_BYTES))) {
            CountersManager counters = new CountersManager(told, values);
            counters.allocate("other", 4);
            AtomicCounter counter = counters.newCounter("shared", 5);
            Process other = start(0, "count", TIMES);
            for (int i = 0; i < TIMES; i++) {
                counter.increment();
            }
            finish(0, other);
            assertEquals(2L * TIMES, counter.get());
            assertEquals(2L * TIMES, counters.getCounterValue(counter.id()));
        }
    }

    private Process start(int number, String what, long count) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx256m"));
        command.addAll(List.of("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OtherProcessMain.class.getName()));
        command.addAll(List.of(what, folder.resolve("shared").toString(), Long.toString(count)));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(number).toFile())
                .start();
    }

    private Path output(int number) {
        return folder.resolve("output" + number);
    }

    private void finish(int number, Process process) throws IOException, InterruptedException {
        try {
            assertTrue(process.waitFor(120, TimeUnit.SECONDS), "still running");
            String printed = Files.readString(output(number));
            assertEquals(0, process.exitValue(), printed);
            assertTrue(printed.endsWith("done" + System.lineSeparator()), printed);
        } finally {
            process.destroyForcibly();
        }
    }
}

package dev.quire.agrona;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersReader;

/** The other process: writes messages into a ring of Agrona's, or counts in its counters. */
final class OtherProcessMain {
    private OtherProcessMain() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[1]);
        long number = Long.parseLong(arguments[2]);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            switch (arguments[0]) {
                case "one" -> send(map.bytes(), false, number);
                case "many" -> send(map.bytes(), true, number);
                default -> count(map.bytes(), number);
            }
        }
        System.out.println("done");
    }

    private static void send(ByteSlice memory, boolean many, long messages) {
        try (PinnedBuffer buffer = PinnedBuffer.of(memory)) {
            RingBuffer ring = many ? new ManyToOneRingBuffer(buffer) : new OneToOneRingBuffer(buffer);
            UnsafeBuffer message = new UnsafeBuffer(new byte[8 + 40]);
            for (long i = 0; i < messages; i++) {
                message.putLong(0, i);
                message.setMemory(8, 40, (byte) i);
                while (!ring.write(7, message, 0, length(i))) {
                    Thread.onSpinWait();
                }
            }
        }
    }

    static int length(long message) {
        return (int) (8 + message % 41);
    }

    /** The counters' values stand behind what is told of them. */
    private static void count(ByteSlice memory, long times) {
        try (PinnedBuffer told = PinnedBuffer.of(memory.slice(0, TwoProcessesTest.TOLD_BYTES));
                PinnedBuffer values =
                        PinnedBuffer.of(memory.slice(TwoProcessesTest.TOLD_BYTES, TwoProcessesTest.VALUE_BYTES))) {
            int[] found = {-1};
            new CountersReader(told, values).forEach((id, type, key, label) -> {
                found[0] = label.equals("shared") && type == 5 ? id : found[0];
            });
            AtomicCounter counter = new AtomicCounter(values, found[0]);
            for (long i = 0; i < times; i++) {
                counter.increment();
            }
        }
    }
}

package dev.quire.shared;

import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.MapFlags;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.LongSlice;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * A record that many read while one writes: readers get whole snapshots and never hold the writer up. Between threads
 * and between processes that map the same memory.
 *
 * <p>In memory: a number that is odd while the record is being written, the writer, and at byte {@value #HEADER_BYTES}
 * the record. Reading copies the record and looks whether the number changed meanwhile. A writer that died leaves the
 * number odd: readers time out until the next writer, which takes over, has written the whole record.
 *
 * @see <a href="https://www.hpl.hp.com/techreports/2012/HPL-2012-68.pdf">Boehm: Can seqlocks get along with programming
 *     language memory models?</a>
 */
public final class SequenceLock {
    /** Bytes before the record: a cache line. */
    public static final int HEADER_BYTES = 64;

    /** Between two questions whether another writer lives, which cost some 50 microseconds each. */
    private static final long ALIVE_NANOS = 1_000_000;

    /** Between two looks at whether another writer is done. */
    private static final long WRITER_NANOS = 1_000;

    private static final int SEQUENCE = 0;
    private static final int WRITER = 1;

    private final LongSlice words;
    private final ByteSlice record;
    private final WaitStrategy strategy;

    /**
     * A lock over memory that all who use it map; zeroes are a lock whose record is zero.
     *
     * @param memory {@value #HEADER_BYTES} bytes and the record, beginning at a multiple of 8 in memory
     * @param strategy how {@link #read} waits for a writer; nobody wakes it: {@link WaitStrategy#FUTEX} is as
     *     {@link WaitStrategy#PARK}
     * @throws IllegalArgumentException if the memory is mapped {@link dev.quire.MapMode#COPY_ON_WRITE}: nobody else
     *     would see what is written
     */
    public SequenceLock(ByteSlice memory, WaitStrategy strategy) {
        Region region = SliceDoor.region(memory);
        if (region.extent().mode() == MapFlags.COPY_ON_WRITE) {
            throw new IllegalArgumentException("a sequence lock needs memory that others see: "
                    + region.subject().text() + " is mapped copy-on-write");
        }
        this.strategy = strategy;
        this.words = memory.slice(0, 2 * Long.BYTES).longs();
        this.record = memory.slice(HEADER_BYTES, memory.length() - HEADER_BYTES);
    }

    /** How long the record is. */
    public int recordBytes() {
        return Math.toIntExact(record.length());
    }

    /**
     * Writes the whole record. Waits for another writer, unless that one is dead.
     *
     * @throws IllegalArgumentException if it has another length
     */
    public void write(byte[] value) {
        requireLength(value);
        guarded(() -> {
            claim(ProcessIdentity.current().word());
            store(value);
            return value;
        });
    }

    private <T> T guarded(Faults.Access<T, RuntimeException> block) {
        long from = words.offset();
        return Faults.guarded(SliceDoor.region(record), from, record.offset() + record.byteSize() - from, block);
    }

    private void store(byte[] value) {
        try {
            long odd = words.getAcquire(SEQUENCE) + 1 | 1;
            words.setOpaque(SEQUENCE, odd);
            VarHandle.storeStoreFence();
            record.copyFrom(0, value, 0, value.length);
            words.setRelease(SEQUENCE, odd + 1);
        } finally {
            words.setRelease(WRITER, 0);
        }
    }

    private void claim(long mine) {
        if (words.compareAndSet(WRITER, 0, mine)) {
            return;
        }
        try (Deadline deadline = Deadline.endless()) {
            long asked = System.nanoTime();
            long losses = Faults.count(SliceDoor.region(words));
            while (!words.compareAndSet(WRITER, 0, mine)) {
                Faults.check(SliceDoor.region(words), words.offset(), words.byteSize(), losses);
                long other = words.getAcquire(WRITER);
                if (other != 0 && other != mine && System.nanoTime() - asked > ALIVE_NANOS) {
                    if (!ProcessIdentity.ofWord(other).isAlive() && words.compareAndSet(WRITER, other, mine)) {
                        return;
                    }
                    asked = System.nanoTime();
                }
                deadline.park(WRITER_NANOS);
            }
        }
    }

    /**
     * Copies a snapshot of the record.
     *
     * @return false if there was none in that time: writing did not pause for as long as a copy takes, or the writer
     *     died
     * @throws IllegalArgumentException if the target has another length
     */
    public boolean read(byte[] target, Duration timeout) {
        requireLength(target);
        return guarded(() -> copied(target, timeout));
    }

    private boolean copied(byte[] target, Duration limit) {
        try (Deadline deadline = Deadline.of(limit)) {
            for (int looks = 0; !tryRead(target); looks++) {
                if (deadline.left() <= 0) {
                    return false;
                }
                strategy.pause(looks, deadline);
            }
            return true;
        }
    }

    /** One attempt at a snapshot; after false the target holds anything. */
    private boolean tryRead(byte[] target) {
        long before = words.getAcquire(SEQUENCE);
        if ((before & 1) != 0) {
            return false;
        }
        record.copyTo(0, target, 0, target.length);
        VarHandle.acquireFence();
        return words.getOpaque(SEQUENCE) == before;
    }

    private void requireLength(byte[] array) {
        if (array.length != record.length()) {
            throw new IllegalArgumentException("the record has " + record.length() + " bytes, not " + array.length);
        }
    }
}

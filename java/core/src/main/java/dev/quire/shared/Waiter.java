package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import dev.quire.internal.SharedCalls;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.IntSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.function.BooleanSupplier;

/**
 * One side's waiting for the other, with three words in shared memory: whether this side sleeps by futex at all, whether it
 * sleeps now, and the word it sleeps on. The other side pays for waking only if the first is set.
 */
final class Waiter {
    /** Bytes of its words: a cache line of their own, that is rarely written. */
    static final int BYTES = 64;

    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long AT_ENABLED = 0;
    private static final long AT_ASLEEP = 4;
    private static final long AT_WORD = 8;

    /** The longest sleep at once, so that the death of the other side never means more than a delay. */
    private static final long SLEEP_NANOS = 10_000_000;

    private final Region region;
    private final MemorySegment words;
    private final IntSlice ints;
    private final long offset;
    private WaitStrategy strategy;

    Waiter(ByteSlice memory, long at, WaitStrategy strategy) {
        this.region = memory.region();
        this.words = memory.segment().asSlice(at, BYTES);
        this.ints = memory.slice(at, BYTES).ints();
        this.offset = memory.offset() + at;
        this.strategy = strategy;
    }

    /** Before this side waits for the first time. */
    void enable() {
        INT.setVolatile(words, AT_ASLEEP, 0);
        INT.setVolatile(words, AT_ENABLED, strategy == WaitStrategy.FUTEX ? 1 : 0);
    }

    /** Waits until something holds, for at most that long; whether it does. */
    boolean await(BooleanSupplier holds, long nanos) throws MappingException {
        long start = System.nanoTime();
        for (int looks = 0; !holds.getAsBoolean(); looks++) {
            long left = nanos - (System.nanoTime() - start);
            if (left <= 0) {
                return false;
            }
            if (strategy == WaitStrategy.FUTEX && looks >= WaitStrategy.SPINS) {
                sleep(holds, Math.min(left, SLEEP_NANOS));
            } else {
                strategy.pause(looks, left);
            }
        }
        return true;
    }

    private void sleep(BooleanSupplier holds, long nanos) throws MappingException {
        int word = (int) INT.getVolatile(words, AT_WORD);
        INT.setVolatile(words, AT_ASLEEP, 1);
        VarHandle.fullFence();
        if (!holds.getAsBoolean() && !SharedCalls.await(region, offset + AT_WORD, word, nanos)) {
            strategy = WaitStrategy.PARK;
        }
        INT.setVolatile(words, AT_ASLEEP, 0);
    }

    /** For the other side, after it has changed what is waited for. */
    void wake() throws MappingException {
        if ((int) INT.getOpaque(words, AT_ENABLED) != 0) {
            wakeSleeper();
        }
    }

    private void wakeSleeper() throws MappingException {
        VarHandle.fullFence();
        if ((int) INT.getVolatile(words, AT_ASLEEP) != 0) {
            ints.getAndAdd(AT_WORD / Integer.BYTES, 1);
            SharedCalls.wake(region, offset + AT_WORD);
        }
    }
}

package dev.quire.shared;

import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.internal.SharedCalls;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * One side's waiting for the other, with three words in shared memory: whether this side sleeps by futex at all,
 * whether it sleeps now, and the word it sleeps on. The other side pays for waking only if the first is set.
 */
final class Waiter {
    private static final long AT_ENABLED = 0;
    private static final long AT_ASLEEP = 4;
    private static final long AT_WORD = 8;

    /** The longest sleep at once, so that the death of the other side never means more than a delay. */
    private static final long SLEEP_NANOS = 10_000_000;

    private final RingMemory memory;
    private final long words;
    private final long word;
    private WaitStrategy strategy;

    /**
     * For the thread of an end.
     *
     * @param at where its words are in the ring's header: a cache line of their own, that is rarely written
     */
    Waiter(RingMemory memory, long at, WaitStrategy strategy) {
        this.memory = memory;
        this.words = memory.base() + at;
        this.word = memory.offset() + at + AT_WORD;
        this.strategy = strategy;
    }

    private int get(long at) {
        return (int) RingMemory.INT.getVolatile(memory.all(), words + at);
    }

    private void set(long at, int value) {
        RingMemory.INT.setVolatile(memory.all(), words + at, value);
    }

    /** Before this side waits for the first time. */
    void enable() {
        set(AT_ASLEEP, 0);
        set(AT_ENABLED, strategy == WaitStrategy.FUTEX ? 1 : 0);
    }

    /** Waits until something holds, for at most that long; whether it does. */
    boolean await(BooleanSupplier holds, Duration limit) throws MappingException {
        try (Deadline deadline = Deadline.of(limit)) {
            long before = memory.losses();
            for (int looks = 0; !holds.getAsBoolean(); looks++) {
                memory.requireThere(before);
                long left = deadline.left();
                if (left <= 0) {
                    return false;
                }
                if (strategy == WaitStrategy.FUTEX && looks >= WaitStrategy.SPINS) {
                    sleep(holds, Math.min(left, SLEEP_NANOS));
                } else {
                    strategy.pause(looks, deadline);
                }
            }
            return true;
        }
    }

    private void sleep(BooleanSupplier holds, long nanos) throws MappingException {
        int seen = get(AT_WORD);
        set(AT_ASLEEP, 1);
        VarHandle.fullFence();
        if (!holds.getAsBoolean() && !SharedCalls.await(memory.region(), word, seen, nanos)) {
            strategy = WaitStrategy.PARK;
        }
        set(AT_ASLEEP, 0);
    }

    /** For the other side, after it has changed what is waited for. */
    void wake() throws MappingException {
        if ((int) RingMemory.INT.getOpaque(memory.all(), words + AT_ENABLED) != 0) {
            wakeSleeper();
        }
    }

    private void wakeSleeper() throws MappingException {
        VarHandle.fullFence();
        if (get(AT_ASLEEP) != 0) {
            if (!Faults.HEALED && memory.mayFault()) {
                Faults.touch(memory.all(), words + AT_WORD);
            }
            int _ = (int) RingMemory.INT.getAndAdd(memory.all(), words + AT_WORD, 1);
            SharedCalls.wake(memory.region(), word);
        }
    }
}

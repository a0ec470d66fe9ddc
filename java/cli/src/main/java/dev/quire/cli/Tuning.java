package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import dev.quire.slice.ByteSlice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads a file by each policy of a pattern, cold and warm, several times, and keeps the medians. */
final class Tuning {
    /** Long enough for a slow disk to show what it can, short enough to wait for. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    /** Little more than that is not cold: what others have mapped or locked stays. */
    private static final double COLD_SHARE = 0.05;

    private static final int LAPS = 3;

    /** Bytes are used by copying them, so many at once: it fits the processor's second cache. */
    private static final int BLOCK_BYTES = 64 << 10;

    private final Mapping map;
    private final ByteSlice bytes;
    private final long[] offsets;
    private final List<Policy> policies;
    private final byte[] block = new byte[BLOCK_BYTES];

    Tuning(Mapping map, ByteSlice bytes, AccessPattern pattern) {
        this.map = map;
        this.bytes = bytes;
        this.offsets = pattern.offsets(bytes.byteSize());
        this.policies = pattern.policies();
    }

    /** How one reading went. */
    record Lap(long bytes, double seconds) {
        double gigabytesPerSecond() {
            return bytes / Math.max(seconds, 1e-9) / 1e9;
        }
    }

    /**
     * A policy and its median laps; no cold one where the pages cannot be dropped, or nobody tells whether they were.
     */
    record Run(Policy policy, Optional<Lap> cold, Lap warm) {}

    /** All policies. The first lap of each, which warms the compiler up, does not count. */
    List<Run> run() throws MappingException {
        for (Policy policy : policies) {
            warm(policy);
        }
        List<Run> runs = new ArrayList<>();
        for (Policy policy : policies) {
            List<Lap> cold = new ArrayList<>();
            List<Lap> warm = new ArrayList<>();
            for (int lap = 0; lap < LAPS; lap++) {
                cold(policy).ifPresent(cold::add);
                warm.add(warm(policy));
            }
            runs.add(new Run(policy, cold.isEmpty() ? Optional.empty() : Optional.of(median(cold)), median(warm)));
        }
        return runs;
    }

    private static Lap median(List<Lap> laps) {
        return laps.stream()
                .sorted(Comparator.comparingDouble(Lap::gigabytesPerSecond))
                .toList()
                .get(laps.size() / 2);
    }

    private Optional<Lap> cold(Policy policy) throws MappingException {
        map.evict(0, bytes.byteSize());
        Residency left = bytes.residency();
        if (!left.known() || left.residentPages() > COLD_SHARE * left.pages()) {
            return Optional.empty();
        }
        return Optional.of(lap(policy));
    }

    private Lap warm(Policy policy) throws MappingException {
        bytes.populate();
        return lap(policy);
    }

    private Lap lap(Policy policy) throws MappingException {
        Reading reading = new Reading(System.nanoTime());
        policy.way().read(reading);
        Lap lap = new Lap(reading.done, (System.nanoTime() - reading.start) / 1e9);
        bytes.advise(Hint.NORMAL);
        return lap;
    }

    private final class Reading implements Policy.Reads {
        private final long start;
        private long done;

        Reading(long start) {
            this.start = start;
        }

        @Override
        public ByteSlice bytes() {
            return bytes;
        }

        @Override
        public long[] offsets() {
            return offsets;
        }

        @Override
        public void use(ByteSlice part) {
            for (long at = 0; at < part.byteSize(); at += BLOCK_BYTES) {
                part.copyTo(at, block, 0, (int) Math.min(BLOCK_BYTES, part.byteSize() - at));
            }
            done += part.byteSize();
        }

        @Override
        public boolean isTimeOver() {
            return System.nanoTime() - start > PATIENCE_NANOS;
        }
    }
}

package dev.quire.internal.reduce;

import dev.quire.internal.ffi.quire_reduction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What some chunks of a sequence have, apart from each other: sums, means and deviations, for a reducer that merges
 * them in sequence. Kernels and the loops in Java store it alike.
 */
final class ChunkResults {
    private static final int MOMENTS = 3;

    private final MemorySegment sums;
    private final MemorySegment moments;
    private int sumCount;
    private int momentCount;

    /** Room for so many chunks. */
    ChunkResults(int chunks) {
        Arena arena = Arena.ofAuto();
        this.sums = arena.allocate(ValueLayout.JAVA_DOUBLE, chunks);
        this.moments = arena.allocate(ValueLayout.JAVA_DOUBLE, (long) chunks * MOMENTS);
    }

    /** This, without what was put. */
    ChunkResults cleared() {
        sumCount = 0;
        momentCount = 0;
        return this;
    }

    /** Makes a kernel store here, from the first place on. */
    void receive(MemorySegment reduction) {
        quire_reduction.sums(reduction, sums.address());
        quire_reduction.moments(reduction, moments.address());
    }

    void putSum(double sum) {
        sums.setAtIndex(ValueLayout.JAVA_DOUBLE, sumCount++, sum);
    }

    void putMoments(double mean, double correction, double deviations) {
        long at = (long) momentCount++ * MOMENTS;
        moments.setAtIndex(ValueLayout.JAVA_DOUBLE, at, mean);
        moments.setAtIndex(ValueLayout.JAVA_DOUBLE, at + 1, correction);
        moments.setAtIndex(ValueLayout.JAVA_DOUBLE, at + 2, deviations);
    }

    double sum(int chunk) {
        return sums.getAtIndex(ValueLayout.JAVA_DOUBLE, chunk);
    }

    double mean(int chunk) {
        return moments.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) chunk * MOMENTS);
    }

    /** What the mean lacks. */
    double correction(int chunk) {
        return moments.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) chunk * MOMENTS + 1);
    }

    double deviations(int chunk) {
        return moments.getAtIndex(ValueLayout.JAVA_DOUBLE, (long) chunk * MOMENTS + 2);
    }
}

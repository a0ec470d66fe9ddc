package dev.quire.array;

import java.lang.foreign.MemorySegment;

/**
 * Loops over doubles in the machine's byte order where they lie, in the shape that HotSpot makes good code of. A copy to the heap
 * first costs as much again (measured: 100 million doubles by columns 33 ms like this, 77 with a copy; 45 in NumPy).
 */
final class DoubleLoops {
    /** Rows that are taken at once: each result is then loaded and stored once for so many elements. */
    static final int ROWS = 4;

    /** Elements whose sum loses little by itself; sums of so many are added with compensation. */
    private static final int BLOCK = 1024;

    private DoubleLoops() {}

    /** All elements of a layout, with what each addition of a block loses kept and added at the end (Neumaier 1974). */
    static double sum(MemorySegment from, ArrayLayout layout) {
        RunCursor run = RunCursor.inMemory(layout);
        double sum = 0;
        double error = 0;
        while (run.next(BLOCK)) {
            double block = sum(from, run.at, run.stride, run.count);
            double total = sum + block;
            error += Math.abs(sum) >= Math.abs(block) ? (sum - total) + block : (block - total) + sum;
            sum = total;
        }
        return Double.isFinite(sum) ? sum + error : sum; // behind an infinity or NaN the lost parts mean nothing
    }

    /** Eight sums side by side, since an addition takes longer than what is between two. */
    private static double sum(MemorySegment from, long at, long step, int count) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i + 7 < count; i += 8) {
            long next = at + i * step;
            a += from.get(Elements.DOUBLE, next);
            b += from.get(Elements.DOUBLE, next + step);
            c += from.get(Elements.DOUBLE, next + 2 * step);
            d += from.get(Elements.DOUBLE, next + 3 * step);
            e += from.get(Elements.DOUBLE, next + 4 * step);
            f += from.get(Elements.DOUBLE, next + 5 * step);
            g += from.get(Elements.DOUBLE, next + 6 * step);
            h += from.get(Elements.DOUBLE, next + 7 * step);
        }
        for (; i < count; i++) {
            a += from.get(Elements.DOUBLE, at + i * step);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /** Adds four rows of neighbours to so many results. */
    static void add(MemorySegment from, long at, long row, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            double upper = from.get(Elements.DOUBLE, p) + from.get(Elements.DOUBLE, p + row);
            double lower = from.get(Elements.DOUBLE, p + 2 * row) + from.get(Elements.DOUBLE, p + 3 * row);
            results[first + i] += upper + lower;
        }
    }

    /** Adds four rows of elements that are apart; the compiler makes better code of a distance that it knows. */
    static void add(MemorySegment from, long at, long row, long step, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * step;
            double upper = from.get(Elements.DOUBLE, p) + from.get(Elements.DOUBLE, p + row);
            double lower = from.get(Elements.DOUBLE, p + 2 * row) + from.get(Elements.DOUBLE, p + 3 * row);
            results[first + i] += upper + lower;
        }
    }

    /** Adds the squared distances of four rows of neighbours from a mean each. */
    static void addSquares(
            MemorySegment from, long at, long row, double[] means, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            double mean = means[first + i];
            double a = from.get(Elements.DOUBLE, p) - mean;
            double b = from.get(Elements.DOUBLE, p + row) - mean;
            double c = from.get(Elements.DOUBLE, p + 2 * row) - mean;
            double d = from.get(Elements.DOUBLE, p + 3 * row) - mean;
            results[first + i] += (a * a + b * b) + (c * c + d * d);
        }
    }

    /** Keeps the smallest of four rows of neighbours. */
    static void min(MemorySegment from, long at, long row, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            double upper = Math.min(from.get(Elements.DOUBLE, p), from.get(Elements.DOUBLE, p + row));
            double lower = Math.min(from.get(Elements.DOUBLE, p + 2 * row), from.get(Elements.DOUBLE, p + 3 * row));
            results[first + i] = Math.min(results[first + i], Math.min(upper, lower));
        }
    }

    /** Keeps the largest of four rows of neighbours. */
    static void max(MemorySegment from, long at, long row, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            double upper = Math.max(from.get(Elements.DOUBLE, p), from.get(Elements.DOUBLE, p + row));
            double lower = Math.max(from.get(Elements.DOUBLE, p + 2 * row), from.get(Elements.DOUBLE, p + 3 * row));
            results[first + i] = Math.max(results[first + i], Math.max(upper, lower));
        }
    }
}

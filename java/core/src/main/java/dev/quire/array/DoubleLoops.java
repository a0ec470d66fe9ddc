package dev.quire.array;

import java.lang.foreign.MemorySegment;

/**
 * Loops over doubles in the machine's byte order where they lie, in the shape that HotSpot makes good code of. A copy to the heap
 * first costs as much again. How much memory is under way at once decides: 100 million doubles by columns took 51 ms row by row,
 * 33 in fours, 29 in sixteens (32 in NumPy); every other one of rows took 22 ms from front to back, 15 in eight places at once.
 */
final class DoubleLoops {
    /** Rows that every loop takes at once: each result is then loaded and stored once for so many elements. */
    static final int ROWS = 4;

    /** Rows that {@link #addMany} takes at once, and all others in fours. */
    static final int MANY_ROWS = 16;

    /** Elements whose sum loses little by itself; sums of so many are added with compensation. */
    private static final int BLOCK = 4096;

    private DoubleLoops() {}

    /** All elements of a layout, with what each addition of a block loses kept and added at the end (Neumaier 1974). */
    static double sum(MemorySegment from, ArrayLayout layout) {
        RunCursor run = RunCursor.inMemory(layout);
        double sum = 0;
        double error = 0;
        while (run.next(BLOCK)) {
            double block = run.stride == 2 * Double.BYTES
                    ? sumOfEveryOther(from, run.at, run.count)
                    : sum(from, run.at, run.stride, run.count);
            double total = sum + block;
            error += Math.abs(sum) >= Math.abs(block) ? (sum - total) + block : (block - total) + sum;
            sum = total;
        }
        return Double.isFinite(sum) ? sum + error : sum; // behind an infinity or NaN the lost parts mean nothing
    }

    /** Eight sums side by side, since an addition takes longer than what is between two. */
    private static double sum(MemorySegment from, long at, long step, int count) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int rounds = count / 8;
        for (int i = 0; i < rounds; i++) {
            long p = at + i * 8L * step;
            a += from.get(Elements.DOUBLE, p);
            b += from.get(Elements.DOUBLE, p + step);
            c += from.get(Elements.DOUBLE, p + 2 * step);
            d += from.get(Elements.DOUBLE, p + 3 * step);
            e += from.get(Elements.DOUBLE, p + 4 * step);
            f += from.get(Elements.DOUBLE, p + 5 * step);
            g += from.get(Elements.DOUBLE, p + 6 * step);
            h += from.get(Elements.DOUBLE, p + 7 * step);
        }
        for (int i = 8 * rounds; i < count; i++) {
            a += from.get(Elements.DOUBLE, at + i * step);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /** The same in eight places at once. Of this distance, the usual one, the compiler checks no bounds within the loop. */
    private static double sumOfEveryOther(MemorySegment from, long at, int count) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int rounds = count / 8;
        long apart = rounds * 16L;
        for (int i = 0; i < rounds; i++) {
            long p = at + i * 16L;
            a += from.get(Elements.DOUBLE, p);
            b += from.get(Elements.DOUBLE, p + apart);
            c += from.get(Elements.DOUBLE, p + 2 * apart);
            d += from.get(Elements.DOUBLE, p + 3 * apart);
            e += from.get(Elements.DOUBLE, p + 4 * apart);
            f += from.get(Elements.DOUBLE, p + 5 * apart);
            g += from.get(Elements.DOUBLE, p + 6 * apart);
            h += from.get(Elements.DOUBLE, p + 7 * apart);
        }
        for (int i = 8 * rounds; i < count; i++) {
            a += from.get(Elements.DOUBLE, at + i * 16L);
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /**
     * The smallest element of a layout that has some. Apart from {@link #max}: of every other element of 2 MiB, one loop for
     * both took 9 % longer with a choice as in {@link #extreme}, 17 % with a sign.
     */
    static double min(MemorySegment from, ArrayLayout layout) {
        RunCursor run = RunCursor.inMemory(layout);
        double a = Double.POSITIVE_INFINITY, b = a, c = a, d = a;
        while (run.next(BLOCK)) {
            long step = run.stride;
            long apart = run.count / 4 * step;
            int i = 0;
            for (long p = run.at; i < run.count / 4; i++, p += step) {
                a = Math.min(a, from.get(Elements.DOUBLE, p));
                b = Math.min(b, from.get(Elements.DOUBLE, p + apart));
                c = Math.min(c, from.get(Elements.DOUBLE, p + 2 * apart));
                d = Math.min(d, from.get(Elements.DOUBLE, p + 3 * apart));
            }
            for (i = run.count / 4 * 4; i < run.count; i++) {
                a = Math.min(a, from.get(Elements.DOUBLE, run.at + i * step));
            }
        }
        return Math.min(Math.min(a, b), Math.min(c, d));
    }

    /** The largest. */
    static double max(MemorySegment from, ArrayLayout layout) {
        RunCursor run = RunCursor.inMemory(layout);
        double a = Double.NEGATIVE_INFINITY, b = a, c = a, d = a;
        while (run.next(BLOCK)) {
            long step = run.stride;
            long apart = run.count / 4 * step;
            int i = 0;
            for (long p = run.at; i < run.count / 4; i++, p += step) {
                a = Math.max(a, from.get(Elements.DOUBLE, p));
                b = Math.max(b, from.get(Elements.DOUBLE, p + apart));
                c = Math.max(c, from.get(Elements.DOUBLE, p + 2 * apart));
                d = Math.max(d, from.get(Elements.DOUBLE, p + 3 * apart));
            }
            for (i = run.count / 4 * 4; i < run.count; i++) {
                a = Math.max(a, from.get(Elements.DOUBLE, run.at + i * step));
            }
        }
        return Math.max(Math.max(a, b), Math.max(c, d));
    }

    /** Adds four rows of neighbours to so many results. */
    static void add(MemorySegment from, long at, long row, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            results[first + i] += four(from, at + i * 8L, row);
        }
    }

    /** Adds sixteen. */
    static void addMany(MemorySegment from, long at, long row, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            results[first + i] += (four(from, p, row) + four(from, p + 4 * row, row))
                    + (four(from, p + 8 * row, row) + four(from, p + 12 * row, row));
        }
    }

    private static double four(MemorySegment from, long at, long row) {
        double upper = from.get(Elements.DOUBLE, at) + from.get(Elements.DOUBLE, at + row);
        return upper + (from.get(Elements.DOUBLE, at + 2 * row) + from.get(Elements.DOUBLE, at + 3 * row));
    }

    /** Adds four rows of elements that are apart; the compiler makes better code of a distance that it knows. */
    static void add(MemorySegment from, long at, long row, long step, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            results[first + i] += four(from, at + i * step, row);
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

    /** Keeps the smallest or the largest of four rows of neighbours. The compiler makes a loop of each. */
    static void extremes(
            MemorySegment from, long at, long row, boolean smallest, double[] results, int first, int count) {
        for (int i = 0; i < count; i++) {
            long p = at + i * 8L;
            double upper = extreme(smallest, from.get(Elements.DOUBLE, p), from.get(Elements.DOUBLE, p + row));
            double lower =
                    extreme(smallest, from.get(Elements.DOUBLE, p + 2 * row), from.get(Elements.DOUBLE, p + 3 * row));
            results[first + i] = extreme(smallest, results[first + i], extreme(smallest, upper, lower));
        }
    }

    /** One of two, or NaN if one of them is. */
    static double extreme(boolean smallest, double one, double other) {
        return smallest ? Math.min(one, other) : Math.max(one, other);
    }
}

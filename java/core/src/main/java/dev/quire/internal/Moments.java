package dev.quire.internal;

/**
 * Mean and squared deviations, merged chunk by chunk.
 *
 * <p>Source: Chan, Golub, LeVeque, "Algorithms for computing the sample variance", 1983: the deviations of a union are those
 * of its parts around their own means plus what the means differ.
 */
final class Moments {
    private long count;
    private double mean;
    private double deviations;

    /** Adds a chunk of which the mean and the sum of squared deviations around it are known. */
    void add(long chunkCount, double chunkMean, double chunkDeviations) {
        long all = count + chunkCount;
        double delta = chunkMean - mean;
        deviations += chunkDeviations + delta * delta * ((double) count * chunkCount / all);
        mean += delta * chunkCount / all;
        count = all;
    }

    /** The standard deviation of everything added. */
    double std() {
        return Math.sqrt(deviations / count);
    }

    /** The sum of squared deviations around a value. */
    static double deviations(double[] values, int count, double around) {
        double a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int whole = count & -8;
        for (int i = 0; i < whole; i += 8) {
            a += square(values[i] - around);
            b += square(values[i + 1] - around);
            c += square(values[i + 2] - around);
            d += square(values[i + 3] - around);
            e += square(values[i + 4] - around);
            f += square(values[i + 5] - around);
            g += square(values[i + 6] - around);
            h += square(values[i + 7] - around);
        }
        double sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
        for (int i = whole; i < count; i++) {
            sum += square(values[i] - around);
        }
        return sum;
    }

    static double square(double x) {
        return x * x;
    }
}

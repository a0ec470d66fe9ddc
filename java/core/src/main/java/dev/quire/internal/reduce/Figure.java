package dev.quire.internal.reduce;

/** One number that a reduction comes to. */
public enum Figure {
    /** The sum. */
    SUM(What.SUM),
    /** The sum divided by the count. */
    MEAN(What.SUM),
    /** The standard deviation. */
    STD(What.DEVIATIONS),
    /** The smallest; NaN if there is none. */
    MIN(What.EXTREMES),
    /** The largest; NaN if there is none. */
    MAX(What.EXTREMES);

    private final What what;

    Figure(What what) {
        this.what = what;
    }

    /** What a reducer must compute for it. */
    public What what() {
        return what;
    }

    /** The number, of a reducer that has all its elements. */
    public double of(Reducer reducer) {
        return switch (this) {
            case SUM -> reducer.sum();
            case MEAN -> reducer.mean();
            case STD -> reducer.std();
            case MIN -> reducer.min();
            case MAX -> reducer.max();
        };
    }

    /** The number, of what a kernel has for a line: the sum, the squared deviations, or the extreme. */
    double ofLine(double result, long length) {
        return switch (this) {
            case SUM -> result;
            case MEAN -> result / length;
            case STD -> Math.sqrt(result / length);
            case MIN, MAX -> length == 0 ? Double.NaN : result;
        };
    }
}

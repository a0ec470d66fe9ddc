package dev.quire.internal.reduce;

/** One number that a reduction comes to. */
public enum Figure {
    /** The sum. */
    SUM(Statistics.SUM),
    /** The sum divided by the count. */
    MEAN(Statistics.SUM),
    /** The standard deviation. */
    STD(Statistics.DEVIATIONS),
    /** The smallest; NaN if there is none. */
    MIN(Statistics.EXTREMES),
    /** The largest; NaN if there is none. */
    MAX(Statistics.EXTREMES);

    private final Statistics what;

    Figure(Statistics what) {
        this.what = what;
    }

    /** What a reducer must compute for it. */
    public Statistics statistics() {
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
        return FloatingReducer.oneNaN(
                switch (this) {
                    case SUM -> result;
                    case MEAN -> result / length;
                    case STD -> Math.sqrt(result / length);
                    case MIN, MAX -> length == 0 ? Double.NaN : result;
                });
    }
}

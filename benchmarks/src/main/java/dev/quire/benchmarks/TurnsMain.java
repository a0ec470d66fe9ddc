package dev.quire.benchmarks;

import dev.quire.hint.Hint;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of two benchmarks by turns in one process, where JMH measures each in forks of its own: what the machine does
 * meanwhile meets all of them. Prints the median of all rounds, the quartiles, and the ratio to the first row.
 *
 * <p>{@code java -cp benchmarks/target/benchmarks.jar --enable-native-access=ALL-UNNAMED -Dquire.benchmarks=benchmarks
 * dev.quire.benchmarks.TurnsMain hints}, or {@code scan}; another argument is the number of rounds, further ones are
 * hints.
 */
final class TurnsMain {
    /** Those that leave a file's pages where they are. */
    private static final List<Hint> HOT = List.of(
            Hint.NORMAL,
            Hint.SEQUENTIAL,
            Hint.RANDOM,
            Hint.WILLNEED,
            Hint.COLD,
            Hint.HUGEPAGE,
            Hint.NOHUGEPAGE,
            Hint.DONTDUMP,
            Hint.DODUMP,
            Hint.DONTFORK,
            Hint.DOFORK);

    private static final int CALLS = 50_000;
    private static final int WARM_UP = 10;

    private TurnsMain() {}

    /** One turn of a row: nanoseconds for each operation. */
    private interface Turn {
        double take() throws Throwable;
    }

    public static void main(String[] arguments) throws Throwable {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 15;
        String subject = arguments.length > 0 ? arguments[0] : "";
        if (subject.equals("hints")) {
            List<Hint> hints = arguments.length > 2
                    ? Arrays.stream(arguments).skip(2).map(Hint::valueOf).toList()
                    : HOT;
            for (Hint hint : hints) {
                hints(hint, rounds);
            }
        } else if (subject.equals("scan")) {
            scan(rounds);
        } else {
            System.err.println("usage: TurnsMain hints [ROUNDS [HINT...]] | scan [ROUNDS]");
            System.exit(2);
        }
    }

    private static void hints(Hint hint, int rounds) throws Throwable {
        HintBenchmark benchmark = new HintBenchmark();
        benchmark.hint = hint;
        benchmark.prepare();
        Map<String, Turn> rows = new LinkedHashMap<>();
        rows.put(hint + " bareDowncall", () -> bare(benchmark));
        rows.put(hint + " quire", () -> quire(benchmark));
        print(rows, WARM_UP, rounds, 1, "ns");
        benchmark.remove();
    }

    private static double bare(HintBenchmark benchmark) throws Throwable {
        long failed = 0;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            failed |= benchmark.hint_bareDowncall();
        }
        return perCall(System.nanoTime() - start, failed == 0);
    }

    private static double quire(HintBenchmark benchmark) {
        boolean isDone = true;
        long start = System.nanoTime();
        for (int i = 0; i < CALLS; i++) {
            isDone &= benchmark.hint_quire().isComplete();
        }
        return perCall(System.nanoTime() - start, isDone);
    }

    private static double perCall(long nanos, boolean isDone) {
        if (!isDone) {
            throw new IllegalStateException("a hint was refused");
        }
        return nanos / (double) CALLS;
    }

    /** Each row twice, and the second time counts: the first may get memory that the host has to find. */
    private static void scan(int rounds) throws Throwable {
        ColdFile file = new ColdFile();
        file.write();
        ScanBenchmark benchmark = new ScanBenchmark();
        Map<String, Turn> rows = new LinkedHashMap<>();
        rows.put("cRead", () -> cold(file, () -> benchmark.sequential_cRead(file)));
        rows.put("cMapSequential", () -> cold(file, () -> benchmark.sequential_cMapSequential(file)));
        rows.put("jdkRead", () -> cold(file, () -> benchmark.sequential_jdkRead(file)));
        rows.put("jdkMap", () -> cold(file, () -> benchmark.sequential_jdkMap(file)));
        rows.put("quireScan", () -> cold(file, () -> benchmark.sequential_quireScan(file)));
        rows.put("quireKeeping", () -> cold(file, () -> benchmark.sequential_quireKeeping(file)));
        print(rows, 1, rounds, 1e6, "ms");
        file.remove();
    }

    /** What sums the file's words. */
    private interface Sum {
        long take() throws Throwable;
    }

    private static double cold(ColdFile file, Sum work) throws Throwable {
        file.makeCold();
        long expected = work.take();
        file.makeCold();
        long start = System.nanoTime();
        long sum = work.take();
        long nanos = System.nanoTime() - start;
        if (sum != expected) {
            throw new IllegalStateException("two sums of one file differ: " + sum + ", " + expected);
        }
        return nanos;
    }

    private static void print(Map<String, Turn> rows, int warmUp, int rounds, double unit, String name)
            throws Throwable {
        Map<String, double[]> all = new LinkedHashMap<>();
        for (int round = -warmUp; round < rounds; round++) {
            for (Map.Entry<String, Turn> row : rows.entrySet()) {
                double nanos = row.getValue().take();
                if (round >= 0) {
                    all.computeIfAbsent(row.getKey(), _ -> new double[rounds])[round] = nanos / unit;
                }
            }
        }
        double first = 0;
        for (Map.Entry<String, double[]> row : all.entrySet()) {
            double[] is = row.getValue();
            Arrays.sort(is);
            double median = is[rounds / 2];
            first = first == 0 ? median : first;
            System.out.printf(
                    "%-24s %.1f (%.1f to %.1f) %s, %.2f%n",
                    row.getKey(), median, is[rounds / 4], is[3 * rounds / 4], name, median / first);
        }
    }
}

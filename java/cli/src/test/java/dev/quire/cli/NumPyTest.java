package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The figures beside those of NumPy, where it is installed (Debian: python3-numpy). */
class NumPyTest {
    /** Integers are summed by Python, which is exact; NumPy itself adds in the width of the type. */
    private static final String PROGRAM = """
            import json, sys, numpy as np
            a = np.fromfile(sys.argv[1], dtype=sys.argv[2], count=999, offset=5)
            whole = a.dtype.kind in 'iu'
            exact = lambda x: int(x) if whole else float(x)
            text = lambda x: x if isinstance(x, int) or np.isfinite(x) else str(x)
            f = {'count': a.size, 'sum': sum(a.tolist()) if whole else float(a.sum(dtype='f8')),
                 'mean': float(a.mean(dtype='f8')), 'std': float(a.std(dtype='f8')),
                 'min': exact(a.min()), 'max': exact(a.max())}
            print(json.dumps({k: text(v) for k, v in f.items()}))
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findNumPy() {
        assumeTrue(NumPy.isHere(), "no Python with NumPy here: apt install python3-numpy");
    }

    private static Map<String, Object> numPy(Path file, String dtype) throws IOException {
        return JsonReader.object(NumPy.run(PROGRAM, file, dtype));
    }

    private void assertAgrees(Samples samples, String dtype) throws IOException {
        byte[] bytes = new byte[5 + samples.bytes().length];
        System.arraycopy(samples.bytes(), 0, bytes, 5, samples.bytes().length);
        Path file = Files.write(folder.resolve("numbers"), bytes);
        long count = Math.min(999, samples.bytes().length / samples.dtype().itemBytes());
        Map<String, Object> ours = Tool.run("stats", file, "--dtype", dtype, "--offset", 5, "--count", count, "--json")
                .json();
        Map<String, Object> theirs = numPy(file, dtype);
        for (String name : List.of("count", "min", "max")) {
            assertSame(theirs.get(name), ours.get(name), 0);
        }
        double tolerance = scale(theirs) * 1e-12;
        for (String name : List.of("mean", "std")) {
            assertSame(theirs.get(name), ours.get(name), tolerance);
        }
        boolean whole = samples.dtype().type().isInteger();
        assertSame(theirs.get("sum"), ours.get("sum"), whole ? 0 : tolerance * count);
    }

    private static double scale(Map<String, Object> facts) {
        return facts.get("std") instanceof BigDecimal std ? std.doubleValue() : 0;
    }

    private static void assertSame(Object theirs, Object ours, double tolerance) {
        if (theirs instanceof BigDecimal number && ours instanceof BigDecimal other) {
            assertTrue(
                    number.subtract(other).abs().compareTo(new BigDecimal(tolerance)) <= 0,
                    () -> "NumPy says " + theirs + ", quire " + ours);
        } else {
            assertEquals(Double.parseDouble(spelled(theirs)), Double.parseDouble(spelled(ours)));
        }
    }

    /** NumPy's {@code nan} and {@code -inf} in Java's words. */
    private static String spelled(Object value) {
        return value.toString().replace("nan", "NaN").replaceAll("inf$", "Infinity");
    }

    @ParameterizedTest
    @MethodSource("dev.quire.cli.Samples#dtypes")
    void everyDtypeAgrees(String dtype) throws IOException {
        assertAgrees(Samples.random(dtype, 999), dtype);
    }

    static Stream<String> floats() {
        return Samples.dtypes().filter(dtype -> dtype.contains("f"));
    }

    @ParameterizedTest
    @MethodSource("floats")
    void whatIsNoNumberAgrees(String dtype) throws IOException {
        assertAgrees(Samples.of(dtype, 1, Double.NaN, 2), dtype);
        assertAgrees(Samples.of(dtype, 1, Double.POSITIVE_INFINITY, 2), dtype);
        assertAgrees(Samples.of(dtype, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY), dtype);
        assertAgrees(Samples.of(dtype, -0.0, 0.0), dtype);
    }
}

package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** Statistics, selections and conversions of files that NumPy wrote, beside what NumPy makes of them. */
class NumPyArraysTest {
    private static final String MAKE = """
            import sys, numpy as np
            path, dtype, order = sys.argv[1:]
            a = np.random.default_rng(1).integers(0, 100, (5, 6, 7)).astype(dtype)
            np.save(path, np.array(a, order=order))
            """;

    private static final String FACTS = """
            import json, sys, numpy as np
            a = np.load(sys.argv[1])
            print(json.dumps({'dtype': a.dtype.str, 'shape': a.shape, 'sum': float(a.sum(dtype='f8')),
              'mean': float(a.mean(dtype='f8')), 'std': float(a.astype('f8').std()),
              'min': float(a.min()), 'max': float(a.max())}))
            """;

    private static final String SELECT = """
            import json, sys, numpy as np
            a = np.load(sys.argv[1])
            for s in ['...', '0:10,::2', '::-2,-1,1:-1', '...,-1', '-1,::-1', 'None,2:3,...',
                      '4:1:-1,3,5:0:-2', '3,2,1', ':0']:
                print(json.dumps(eval('a[' + s + ']').tolist()))
            """;

    private static final List<String> SELECTIONS = List.of(
            "...", "0:10,::2", "::-2,-1,1:-1", "...,-1", "-1,::-1", "None,2:3,...", "4:1:-1,3,5:0:-2", "3,2,1", ":0");

    private static final String CONVERT = """
            import sys, numpy as np
            np.save(sys.argv[2], np.array(np.load(sys.argv[1]).astype(sys.argv[3]), order=sys.argv[4]))
            """;

    @TempDir
    private Path folder;

    @BeforeAll
    static void findNumPy() {
        assumeTrue(NumPy.isHere(), "no Python with NumPy here: apt install python3-numpy");
    }

    static Stream<String> dtypes() {
        return Stream.of("?", "<i1", ">i2", "<i4", ">i8", "<u1", "<u2", ">u4", "<u8", ">f2", "<f4", ">f8");
    }

    private Path made(String dtype, String order) throws IOException {
        Path file = folder.resolve("theirs.npy");
        NumPy.run(MAKE, file, dtype, order);
        return file;
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void factsAndStatisticsAgree(String dtype) throws IOException {
        for (String order : List.of("C", "F")) {
            Path file = made(dtype, order);
            Map<String, Object> theirs = JsonReader.object(NumPy.run(FACTS, file));
            Map<String, Object> info = Tool.run("info", file, "--json").json();
            assertEquals(theirs.get("dtype"), info.get("dtype"));
            assertEquals(theirs.get("shape"), info.get("shape"));
            assertEquals(order, info.get("order"));
            Map<String, Object> stats = Tool.run("stats", file, "--json").json();
            for (String name : List.of("sum", "mean", "std", "min", "max")) {
                double expected = ((BigDecimal) theirs.get(name)).doubleValue();
                assertEquals(expected, ((BigDecimal) stats.get(name)).doubleValue(), 1e-12 * expected, name);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void selectionsAgree(String dtype) throws IOException {
        for (String order : List.of("C", "F")) {
            Path file = made(dtype, order);
            List<String> theirs = NumPy.run(SELECT, file).lines().toList();
            assertEquals(SELECTIONS.size(), theirs.size());
            for (int i = 0; i < theirs.size(); i++) {
                String selection = "[" + SELECTIONS.get(i) + "]";
                assertEquals(
                        JsonReader.value(theirs.get(i)),
                        Tool.run("slice", file, selection, "--json").json().get("values"),
                        selection);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dtypes")
    void conversionsAreTheFilesOfNumPy(String dtype) throws IOException {
        Path file = made("<i2", "C");
        for (String order : List.of("C", "F")) {
            Path theirs = folder.resolve("expected.npy");
            Path ours = folder.resolve("ours.npy");
            String target = dtype.equals("?") ? "<i4" : dtype; // NumPy makes any number true, Quire refuses that
            NumPy.run(CONVERT, file, theirs, target, order);
            Tool.run("convert", file, ours, "--dtype", target, "--order", order, "--force")
                    .fine();
            assertArrayEquals(Files.readAllBytes(theirs), Files.readAllBytes(ours));
        }
    }
}

package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Acceptance 32, 33: NumPy itself reads what Quire writes, and writes the same bytes. Skipped where there is no NumPy. */
class NumPyTest {
    private static final String PYTHON = "/usr/bin/python3";

    private static final String CHECK = """
            import sys, pathlib, numpy as np
            checked = 0
            for path in sorted(pathlib.Path(sys.argv[1]).glob('*.npy')):
                dtype, order = path.stem.split('_')[:2]
                a = np.load(path)
                n = np.arange(a.size).reshape(a.shape)
                want = (n % 100 if a.dtype.kind != 'b' else n % 100 != 0)
                assert (a == want).all(), path
                assert a.dtype.str == np.dtype(dtype.replace('L', '<').replace('B', '>')).str, path
                again = path.with_suffix('.again')
                with open(again, 'wb') as file:
                    np.save(file, a)
                assert again.read_bytes() == path.read_bytes(), path
                checked += 1
            print(checked)
            """;

    @TempDir
    private Path folder;

    private static Process python(String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of(PYTHON));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private static boolean hasNumPy() throws InterruptedException {
        try {
            return python("-c", "import numpy").waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no Python here
        }
    }

    @Test
    void numPyReadsAndWritesTheSame() throws IOException, InterruptedException {
        assumeTrue(hasNumPy(), "no NumPy at " + PYTHON);
        int written = 0;
        for (ElementType type : ElementType.values()) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (Order memory : Order.values()) {
                    written += write(type, order, memory);
                }
            }
        }
        Process check = python("-c", CHECK, folder.toString());
        String answer = new String(check.getInputStream().readAllBytes());
        check.waitFor(1, TimeUnit.MINUTES);
        assertEquals(Integer.toString(written), answer.strip());
    }

    private int write(ElementType type, ByteOrder order, Order memory) throws IOException {
        List<Shape> shapes =
                List.of(Shape.of(), Shape.of(3, 0, 2), Shape.of(7), Shape.of(3, 4), Shape.of(2, 1, 3, 1, 2, 2));
        for (Shape shape : shapes) {
            double[] values = new double[(int) shape.elementCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 100;
            }
            String letter = order == ByteOrder.LITTLE_ENDIAN ? "L" : "B";
            Path file = folder.resolve(letter + type.code() + "_" + memory + "_" + shape.rank() + ".npy");
            ArraySpec spec = ArraySpec.of(new DType(type, order), shape).order(memory);
            Path plain = folder.resolve("source.tmp");
            MappedArray.create(plain, ArraySpec.of(DType.parse("f8"), shape), values)
                    .close();
            ArrayConversion.convert(plain, file, spec, _ -> {});
        }
        Files.delete(folder.resolve("source.tmp"));
        return shapes.size();
    }
}

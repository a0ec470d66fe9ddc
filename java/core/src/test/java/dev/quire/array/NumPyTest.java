package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.testing.Python;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Acceptance 32, 33: NumPy itself reads what Quire writes, and writes the same bytes. Skipped where there is no NumPy.
 */
class NumPyTest {
    private static final List<Shape> SHAPES =
            List.of(Shape.of(), Shape.of(3, 0, 2), Shape.of(7), Shape.of(3, 4), Shape.of(2, 1, 3, 1, 2, 2));

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

    /**
     * Random bits, also those of NaN; and what NumPy itself makes of every other row, and of the last axis reversed.
     */
    private static final String WRITE = """
            import sys, pathlib, numpy as np
            folder = pathlib.Path(sys.argv[1])
            random = np.random.default_rng(5)
            def save(name, values):
                with open(folder / name, 'wb') as file:
                    np.save(file, values)
            for code in 'b1 i1 i2 i4 i8 u1 u2 u4 u8 f2 f4 f8 c8 c16'.split():
                for dtype in np.dtype('<' + code), np.dtype('>' + code):
                    for order in 'CF':
                        for shape in (), (3, 0, 2), (7,), (3, 4), (2, 1, 3, 1, 2, 2):
                            count = int(np.prod(shape)) * dtype.itemsize
                            bits = random.integers(0, 2 if code == 'b1' else 256, count, 'u1')
                            a = bits.view(dtype).reshape(shape, order=order)
                            name = f'{"LB"[dtype.str[0] == ">"]}{code}_{order}_{len(shape)}'
                            save(name + '.npy', a)
                            if shape:
                                save(name + '.step', a[::2])
                                save(name + '.back', a[..., ::-1])
            print('written')
            """;

    @TempDir
    private Path folder;

    private static List<ElementType> types() {
        return Stream.of(ElementType.values()).filter(ElementType::isOfNumPy).toList();
    }

    private String python(String program) throws IOException, InterruptedException {
        return Python.run(program, folder.toString());
    }

    @Test
    void numPyReadsAndWritesTheSame() throws Exception {
        int written = 0;
        for (ElementType type : types()) {
            for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
                for (Order memory : Order.values()) {
                    written += write(type, order, memory);
                }
            }
        }
        assertEquals(Integer.toString(written), python(CHECK));
    }

    private int write(ElementType type, ByteOrder order, Order memory) throws IOException {
        for (Shape shape : SHAPES) {
            double[] values = new double[(int) shape.elementCount()];
            for (int i = 0; i < values.length; i++) {
                values[i] = i % 100;
            }
            String letter = order == ByteOrder.LITTLE_ENDIAN ? "L" : "B";
            Path file = folder.resolve(letter + type.code() + "_" + memory + "_" + shape.rank() + ".npy");
            ArraySpec spec = ArraySpec.of(new DType(type, order), shape).order(memory);
            Path plain = folder.resolve("source.tmp");
            MappedArray.create(plain, ArraySpec.of(DType.parse("f8"), shape).format(ArrayFormat.NPY), values)
                    .close();
            ArrayConversion.convert(plain, file, spec, _ -> {});
        }
        Files.delete(folder.resolve("source.tmp"));
        return SHAPES.size();
    }

    @Test
    void savesWhatNumPyWroteByteForByteAndItsViewsToo() throws Exception {
        assertEquals("written", python(WRITE));
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.list(folder)) {
            all.filter(file -> file.toString().endsWith(".npy")).forEach(files::add);
        }
        assertEquals((types().size() * 2 - 3) * 2 * SHAPES.size(), files.size());
        for (Path file : files) {
            try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
                assertSaves(file, array);
                if (array.shape().rank() > 0) {
                    assertSaves(sibling(file, ".step"), array.slice("::2"));
                    assertSaves(sibling(file, ".back"), array.slice("..., ::-1"));
                }
            }
        }
    }

    private static Path sibling(Path file, String ending) {
        return Path.of(file.toString().replace(".npy", ending));
    }

    private void assertSaves(Path expected, ArrayView array) throws IOException {
        Path saved = folder.resolve("saved.npy");
        array.save(saved);
        assertArrayEquals(Files.readAllBytes(expected), Files.readAllBytes(saved), expected::toString);
        assertTrue(Files.deleteIfExists(saved));
    }
}

package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.MappedArray;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Python;
import dev.quire.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory between this and a Python process, in both directions, as the guide describes it: acceptance 53. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "Python has no resource tracker there, which the guide's lines use")
class PythonSharingTest {
    private static final Path GUIDE = Repository.file("java/core/src/main/java/dev/quire/doc-files/python.md");

    /** What both sides of a test know. */
    private final String name = Creation.freshName();

    @AfterEach
    void remove() throws Exception {
        for (String one : List.of(name, Creation.PREFIX + name)) {
            try {
                RawSegment.unlink(one);
            } catch (MappingException gone) {
                assertEquals(ErrorCode.NOT_FOUND, gone.code());
            }
        }
    }

    /** The lines of Python in the guide that define {@code attach}. */
    private static String guide() {
        Matcher block = Pattern.compile("(?s)```python\n(.*?)```").matcher(Repository.text(GUIDE));
        assertTrue(block.find());
        assertTrue(block.group(1).lines().filter(line -> !line.isBlank()).count() <= 12, "twelve lines of Python");
        return block.group(1);
    }

    /** The use ends as a program's does: nothing of it is deleted by hand. */
    private static final String USE = """
            import sys
            memory, array = attach(sys.argv[1])
            assert array.dtype.str == sys.argv[2], array.dtype.str
            assert str(array.shape).replace(' ', '') == sys.argv[3], array.shape
            assert array.flags.c_contiguous or sys.argv[4] == 'FORTRAN'
            assert array.flags.f_contiguous or sys.argv[4] == 'C'
            expected = np.arange(array.size).reshape(array.shape)
            assert (array == expected).all(), array
            array[...] = expected * 2
            print(array.size)
            del array
            memory.close()
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "<f8; 4,5; C",
                ">i4; 4,5; FORTRAN",
                "|u1; 7; C",
                "<c16; 2,1,3; C",
                "<f4; ; C",
                "<f2; 3,0; C",
                ">u8; 2,3,4; FORTRAN"
            })
    void twelveLinesOfPythonOpenASharedArray(String dtype, String dims, Order order) throws Exception {
        long[] lengths = dims == null
                ? new long[0]
                : List.of(dims.split(",", -1)).stream()
                        .mapToLong(Long::parseLong)
                        .toArray();
        Shape shape = Shape.of(lengths);
        try (SharedArray shared = SharedArray.create(name, DType.parse(dtype), shape, order)) {
            ArrayView array = shared.array();
            ArrayView numbers = array.dtype().type().isComplex() ? array.real() : array;
            numbers.copyFrom(numbers(array.length(), 1));
            String said =
                    Python.run(guide() + USE, name, dtype, shape.toString().replace(" ", ""), order.name());
            assertEquals(Long.toString(array.length()), said);
            assertArrayEquals(numbers(array.length(), 2), numbers.toDoubles());
        }
        SharedArray.open(name, MapMode.READ_ONLY, Duration.ZERO).close();
    }

    private static double[] numbers(long count, double step) {
        return LongStream.range(0, count).mapToDouble(i -> i * step).toArray();
    }

    @Test
    void whatIsNoSegmentOfQuireIsRefusedByTheTwelveLines() throws Exception {
        String use = """
                import sys
                try:
                    attach(sys.argv[1])
                except ValueError as error:
                    print(error)
                """;
        try (RawSegment other = RawSegment.create(Creation.PREFIX + name, 4096)) {
            assertTrue(Python.run(guide() + use, name).contains("no complete header"));
            assertEquals(0, other.bytes().get(0));
        }
    }

    /** What the guide warns of; the line that it gives against it is in the other tests. */
    @Test
    void aPlainSharedMemoryOfPythonTakesTheNameAway() throws Exception {
        try (SharedArray shared = SharedArray.create(name, DType.parse("<f8"), Shape.of(4), Order.C)) {
            Python.run("""
                    import sys
                    from multiprocessing import shared_memory
                    shared_memory.SharedMemory('quire.' + sys.argv[1]).close()
                    """, name);
            assertEquals(4, shared.array().length(), "the memory stays");
            assertTrue(isGoneSoon(), "Python's tracker, a process of its own, has not removed the name");
        }
    }

    private boolean isGoneSoon() throws Exception {
        for (int attempt = 0; attempt < 500; attempt++) {
            try (SharedArray there = SharedArray.open(name, MapMode.READ_ONLY, Duration.ZERO)) {
                assertEquals(4, there.array().length());
            } catch (MappingException e) {
                assertEquals(ErrorCode.NOT_FOUND, e.code());
                return true;
            }
            Thread.sleep(20);
        }
        return false;
    }

    private static final String MAKER = """
            import sys, numpy as np
            from multiprocessing import shared_memory
            memory = shared_memory.SharedMemory(create=True, size=4 * 5 * 8)
            table = np.ndarray((4, 5), '<f8', memory.buf)
            table[...] = np.arange(20).reshape(4, 5)
            print(memory.name, flush=True)
            sys.stdin.readline()
            assert table[3, 2] == 1.5, table
            del table
            memory.close()
            memory.unlink()
            print('removed')
            """;

    @Test
    void javaOpensWhatPythonMade() throws Exception {
        try (Python python = Python.start(MAKER)) {
            String made = python.line();
            try (RawSegment memory = RawSegment.open(made, MapMode.READ_WRITE)) {
                ArrayView table = memory.array("<f8", 4, 5);
                assertEquals(made, memory.name());
                assertEquals(190, table.sum());
                assertEquals(17, table.getDouble(3, 2));
                table.setDouble(3, 2, 1.5);
                String short160 = assertThrows(IllegalArgumentException.class, () -> memory.array("<f8", 400, 500))
                        .getMessage();
                assertTrue(short160.contains(made) && short160.contains("(400, 500)"), short160);
            }
            RawSegment.open(made, MapMode.READ_ONLY).close();
            python.tell("look");
            assertEquals("removed", python.end());
            MappingException gone =
                    assertThrows(MappingException.class, () -> RawSegment.open(made, MapMode.READ_ONLY));
            assertEquals(ErrorCode.NOT_FOUND, gone.code());
            assertTrue(gone.getMessage().contains(made), gone.getMessage());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere segments are no files")
    void aSegmentIsAlsoAFileOfNumbers() throws Exception {
        try (Python python = Python.start(MAKER)) {
            Path file = Path.of("/dev/shm", python.line());
            try (MappedArray table = MappedArray.openRaw(file, MapMode.READ_WRITE, "<f8", -1, 5)) {
                assertEquals(190, table.sum());
                table.setDouble(3, 2, 1.5);
            }
            python.tell("look");
            assertEquals("removed", python.end());
        }
    }

    @Test
    void pythonOpensRawMemoryThatJavaMade() throws Exception {
        String use = """
                import sys, numpy as np
                from multiprocessing import resource_tracker, shared_memory
                memory = shared_memory.SharedMemory(sys.argv[1])
                resource_tracker.unregister(memory._name, 'shared_memory')
                array = np.ndarray((2, 3), '>i4', memory.buf)
                assert (array == [[1, 2, 3], [4, 5, 6]]).all(), array
                array[1, 2] = -7
                del array
                memory.close()
                """;
        try (RawSegment memory = RawSegment.create(24)) {
            ArrayView array = memory.array(">i4", 2, 3);
            array.copyFrom(new int[][] {{1, 2, 3}, {4, 5, 6}});
            try {
                Python.run(use, memory.name());
                assertEquals(-7, array.getLong(1, 2));
            } finally {
                RawSegment.unlink(memory.name());
            }
        }
    }

    @Test
    void aLivingPythonProcessKeepsMemoryThatOnlyLooksLikeOurs() throws Exception {
        Needs.capability(Capability.LIST_SHARED);
        String maker = """
                import sys
                from multiprocessing import shared_memory
                memory = shared_memory.SharedMemory('quire.' + sys.argv[1], create=True, size=4096)
                memory.buf[40] = 7
                print('made', flush=True)
                sys.stdin.readline()
                print(memory.buf[40])
                memory.close()
                memory.unlink()
                """;
        try (Python python = Python.start(maker, name)) {
            assertEquals("made", python.line());
            Segments.Segment found = Segments.list().stream()
                    .filter(segment -> segment.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            assertFalse(found.isOrphan());
            assertTrue(found.header().isEmpty() && found.creator().isEmpty());
            assertEquals(List.of(), Segments.removeOrphans(List.of(found)));
            assertTrue(Files.exists(Path.of("/dev/shm", Creation.PREFIX + name)));
            python.tell("look");
            assertEquals("7", python.end());
        }
    }
}

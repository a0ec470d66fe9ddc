package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 34, 35, 36: what a header may say, and what is refused and why. */
class NpyHeaderTest {

    private static final String GOOD = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }";

    private static byte[] file(int version, String text, int dataBytes) {
        Charset charset = version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
        return file(version, text.getBytes(charset), dataBytes);
    }

    private static byte[] file(int version, byte[] text, int dataBytes) {
        ByteBuffer file = ByteBuffer.allocate(12 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
        if (version == 1) {
            file.putShort((short) text.length);
        } else {
            file.putInt(text.length);
        }
        file.put(text);
        return Arrays.copyOf(file.array(), file.position() + dataBytes);
    }

    private static NpyHeader read(byte[] file) throws IOException {
        return NpyHeader.read(ByteSource.of("a.npy", file), NpyHeader.DEFAULT_LIMIT);
    }

    private static NpyHeader read(String text) throws IOException {
        return read(file(1, text, 1000));
    }

    private static <E extends ArrayFileException> E refused(Class<E> kind, byte[] file) {
        E failure = assertThrows(kind, () -> read(file));
        assertTrue(failure.getMessage().startsWith("a.npy: "), failure::getMessage);
        assertEquals("a.npy", failure.file());
        return failure;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                GOOD + "\n",
                " \t{\"shape\":(3,4),\n\"descr\":\"<f8\",\r\n\"fortran_order\":False}   \n",
                "{u'descr': u'<f8', u'fortran_order': False, u'shape': (3L, 4L)}",
                "{'descr': '=f8', 'fortran_order': False, 'shape': (3, 4,)}",
                "{'descr': 'float64', 'fortran_order': False, 'shape': (3, 4)}",
                "{'descr': '\\x3cf\\u0038', 'fortran_order': False, 'shape': ((3), (+4))}",
                "({'descr': 'd', 'fortran_order': False, 'shape': (3, 4)})",
            })
    void readsVariants(String text) throws IOException {
        NpyHeader header = read(text);
        assertEquals(DType.of(ElementType.FLOAT64), header.descr());
        assertEquals(Shape.of(3, 4), header.shape());
        assertEquals(Order.C, header.order());
        assertEquals(10 + text.length(), header.dataOffset());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            ()          | ()
            (5,)        | (5,)
            (0,)        | (0,)
            (0, 1048576, 1048576, 1024) | (0, 1048576, 1048576, 1024)
            (1, 2, 3, 4, 1, 2) | (1, 2, 3, 4, 1, 2)
            """)
    void readsShapes(String written, String shape) throws IOException {
        NpyHeader header = read("{'descr': '<f8', 'fortran_order': True, 'shape': " + written + "}");
        assertEquals(shape, header.shape().toString());
        assertEquals(Order.FORTRAN, header.order());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            (-1, 4)                 | has the negative dimension -1
            (True, 2)               | a boolean for a dimension
            ('3',)                  | a string for a dimension
            (3)                     | shape is a number, not a tuple
            [3, 4]                  | shape is a list, not a tuple
            None                    | shape is None, not a tuple
            (3.0, 4)                | not a whole number
            (0x10,)                 | not a whole number
            (010,)                  | not a whole number
            (3e2,)                  | not a whole number
            (99999999999999999999,) | exceeds 64 bits
            (4294967296, 4294967296)| more than 2^63 - 1 elements
            (0, 4294967296, 4294967296) | more than 2^63 - 1 elements
            (2305843009213693952,)  | more than 2^63 - 1 bytes
            (3, 4                   | the header is not the Python dict it should be
            (3 4)                   | expected ',' or ')'
            (,)                     | not a Python literal
            """)
    void refusesShapes(String written, String problem) {
        byte[] file = file(1, "{'descr': '<f8', 'fortran_order': False, 'shape': " + written + ", }", 1000);
        ArrayFileException failure = refused(ArrayFileException.BadHeader.class, file);
        assertTrue(failure.getMessage().contains(problem), failure::getMessage);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            42                                              | the header is a number, not a dict
            ['descr', 'fortran_order', 'shape']             | the header is a list, not a dict
            {'descr', 'fortran_order', 'shape'}             | expected ':'
            {}                                              | not exactly descr, fortran_order, shape
            {'descr': '<f8', 'shape': ()}                   | not exactly descr, fortran_order, shape
            {'descr': '<f8', 'fortran_order': False, 'shape': (), 'x': 1} | not exactly descr, fortran_order, shape
            {'descr': '<f8', 'fortran_order': False, 'shape': (), 'shape': ()} | the key 'shape' twice
            {1: '<f8'}                                      | a key that is not a string
            {'descr': '<f8', 'fortran_order': 0, 'shape': ()} | fortran_order is a number, not a boolean
            {'descr': '<f8', 'fortran_order': false, 'shape': ()} | not a Python literal
            {'descr': 8, 'fortran_order': False, 'shape': ()}      | descr is a number, not a dtype
            {'descr': '<f7', 'fortran_order': False, 'shape': ()}  | '<f7' is not a dtype NumPy writes
            {'descr': '', 'fortran_order': False, 'shape': ()}     | '' is not a dtype NumPy writes
            {'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': ()} | descr is a tuple, not a dtype
            {'descr': [('a', '<f8'), ('a', '<f8')], 'fortran_order': False, 'shape': ()} | the field name 'a' twice
            {'descr': [('a',)], 'fortran_order': False, 'shape': ()} | a field that is not (name, dtype)
            {'descr': [(1, '<f8')], 'fortran_order': False, 'shape': ()} | a field whose name is a number
            {'descr': [('a', '<f8', (65536, 65536))], 'fortran_order': False, 'shape': ()} | a field of more than
            {'descr': [('a', '<f8', -1)], 'fortran_order': False, 'shape': ()} | the negative dimension -1
            {'descr': '<f8', 'fortran_order': False, 'shape': ()} {} | something follows the closing brace
            {'descr': '<f8                                  | a string without end
            {'descr\\q': 1}                                 | an escape that is none of
            {'descr\\U00110000': 1}                         | an escape that is not a character
            __import__('os').abort()                        | not a Python literal
            """)
    void refusesTexts(String text, String problem) {
        ArrayFileException failure = refused(ArrayFileException.BadHeader.class, file(1, text, 1000));
        assertTrue(failure.getMessage().contains(problem), failure::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "((1,),"})
    void refusesDeepNesting(String opening) {
        String text = opening.repeat(9_000 / opening.length());
        ArrayFileException failure = refused(ArrayFileException.BadHeader.class, file(1, text, 0));
        assertTrue(
                failure.getMessage().contains("nested more than 64 deep")
                        || failure.getMessage().contains("not a Python literal")
                        || failure.getMessage().contains("the text ends early"),
                failure::getMessage);
    }

    @Test
    void refusesAMillionDimensions() {
        String shape = "(" + "1,".repeat(1_000_000) + ")";
        byte[] file = file(2, "{'descr': '|u1', 'fortran_order': False, 'shape': " + shape + "}", 1);
        refused(ArrayFileException.BadHeader.class, file);
        ArrayFileException trusted = assertThrows(
                ArrayFileException.BadHeader.class,
                () -> NpyHeader.read(ByteSource.of("a.npy", file), Integer.MAX_VALUE));
        assertTrue(trusted.getMessage().contains("shape with 1000000 axes; the most is 64"), trusted::getMessage);
    }

    @Test
    void refusesALengthOf4GiBOnAShortFile() {
        byte[] file = Arrays.copyOf(file(2, GOOD, 0), 100);
        Arrays.fill(file, 8, 12, (byte) 0xFF);
        ArrayFileException.Truncated failure = refused(ArrayFileException.Truncated.class, file);
        assertEquals(12 + 0xFFFFFFFFL, failure.expectedBytes());
        assertEquals(100, failure.foundBytes());
    }

    @Test
    void namesExpectedAndFoundWhenAByteIsMissing() {
        byte[] file = file(1, GOOD, 96);
        ArrayFileException.Truncated failure =
                refused(ArrayFileException.Truncated.class, Arrays.copyOf(file, file.length - 1));
        assertEquals(file.length, failure.expectedBytes());
        assertEquals(file.length - 1, failure.foundBytes());
        assertEquals(
                "a.npy: truncated: shape (3, 4) of <f8 needs " + file.length + " bytes with the header, the file has "
                        + (file.length - 1),
                failure.getMessage());
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] file = file(1, GOOD, 96);
        for (int length = 0; length < file.length; length++) {
            refused(ArrayFileException.Truncated.class, Arrays.copyOf(file, length));
        }
        read(file);
        read(Arrays.copyOf(file, file.length + 5));
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,1", "2,1", "4,0", "255,255"})
    void refusesVersions(int major, int minor) {
        byte[] file = file(1, GOOD, 96);
        file[6] = (byte) major;
        file[7] = (byte) minor;
        ArrayFileException.UnsupportedVersion failure = refused(ArrayFileException.UnsupportedVersion.class, file);
        assertEquals(major + "." + minor, failure.version());
    }

    @Test
    void refusesAWrongMagic() {
        byte[] file = file(1, GOOD, 96);
        file[1] = 'n';
        refused(ArrayFileException.BadMagic.class, file);
        assertFalse(NpyHeader.matches(ByteBuffer.wrap(file)));
        assertFalse(NpyHeader.matches(ByteBuffer.allocate(3)));
    }

    @Test
    void takesPython2NumbersInOldVersionsOnly() throws IOException {
        String text = "{'descr': '<f8', 'fortran_order': False, 'shape': (3L,)}";
        assertEquals(Shape.of(3), read(file(2, text, 24)).shape());
        refused(ArrayFileException.BadHeader.class, file(3, text, 24));
    }

    @Test
    void refusesBrokenUtf8AndKeepsLatin1() throws IOException {
        byte[] text = "{'descr': [('\u00e9', '<f8')], 'fortran_order': False, 'shape': ()}"
                .getBytes(StandardCharsets.ISO_8859_1);
        refused(ArrayFileException.BadHeader.class, file(3, text, 8));
        assertEquals("[('\u00e9', '<f8')]", read(file(1, text, 8)).descr().toString());
    }

    @Test
    void countsTheLimitInCharacters() throws IOException {
        String text = "{'descr': [('\ud83d\ude00', '<f8')], 'fortran_order': False, 'shape': ()}";
        int characters = text.codePointCount(0, text.length());
        byte[] file = file(3, text, 8);
        assertEquals(3, NpyHeader.read(ByteSource.of("a.npy", file), characters).version());
        assertThrows(
                ArrayFileException.BadHeader.class, () -> NpyHeader.read(ByteSource.of("a.npy", file), characters - 1));
    }

    @Test
    void keepsTheHeaderLengthWhileTheGrowthAxisGrows() {
        for (Order order : Order.values()) {
            long offset =
                    NpyHeader.of(DType.parse("<f8"), Shape.of(1, 1), order).dataOffset();
            for (long n = 10; n > 0 && n < 1_000_000_000_000_000_000L; n *= 10) {
                Shape shape = order == Order.C ? Shape.of(n, 1) : Shape.of(1, n);
                assertEquals(
                        offset, NpyHeader.of(DType.parse("<f8"), shape, order).dataOffset());
            }
        }
    }

    @Test
    void rewritesTheShapeInPlaceWhileThereIsRoom() throws IOException {
        NpyHeader header = NpyHeader.of(DType.parse("<f8"), Shape.of(3, 4), Order.C);
        NpyHeader grown = header.withShape(Shape.of(1L << 60, 1)).orElseThrow();
        assertArrayEquals(
                NpyHeader.of(DType.parse("<f8"), Shape.of(1L << 60, 1), Order.C).toBytes(), grown.toBytes());
        byte[] tight = file(1, GOOD.replace(" ", "") + "\n", 96);
        assertEquals(Optional.empty(), read(tight).withShape(Shape.of(1000000000, 4)));
        NpyHeader python2 = NpyHeader.read(Golden.source("python2.npy"), NpyHeader.DEFAULT_LIMIT);
        byte[] rewritten = python2.withShape(Shape.of(9, 3)).orElseThrow().toBytes();
        assertEquals(
                Shape.of(9, 3),
                read(Arrays.copyOf(rewritten, rewritten.length + 108)).shape());
    }

    @Test
    void showsHostileTextHarmlessly() {
        ArrayFileException failure =
                refused(ArrayFileException.BadHeader.class, file(1, "\u001b[31m\u0007" + "x".repeat(5000), 0));
        assertTrue(failure.getMessage().contains("\\x1b[31m\\x07"), failure::getMessage);
        assertTrue(failure.getMessage().length() < 300, failure::getMessage);
    }
}

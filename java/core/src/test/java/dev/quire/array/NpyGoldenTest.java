package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Acceptance 32, 33, 34: headers and element places as NumPy has them. */
class NpyGoldenTest {

    private static final byte[] ARCHIVE = Golden.bytes("arrays.npz");

    static Stream<Golden.Member> members() {
        return Golden.members();
    }

    private static ByteSource.Range open(Golden.Member member) throws IOException {
        ByteSource archive = ByteSource.of("arrays.npz", ARCHIVE);
        return ZipDirectory.read(archive).find(member.name()).open(archive);
    }

    private static byte[] contents(Golden.Member member) {
        return Arrays.copyOfRange(ARCHIVE, (int) member.start(), (int) (member.start() + member.bytes()));
    }

    @ParameterizedTest
    @MethodSource("members")
    void findsEveryMemberInPlace(Golden.Member member) throws IOException {
        ByteSource.Range range = open(member);
        assertEquals(member.start(), range.start());
        assertEquals(member.bytes(), range.length());
        CRC32 crc = new CRC32();
        crc.update(range.read("all", 0, (int) range.length()));
        assertEquals(member.crc(), crc.getValue());
        assertEquals("arrays.npz!" + member.name() + ".npy", range.name());
    }

    @ParameterizedTest
    @MethodSource("members")
    void readsEveryHeader(Golden.Member member) throws IOException {
        NpyHeader header = NpyHeader.read(open(member), NpyHeader.DEFAULT_LIMIT);
        assertEquals(
                new NpyHeader(1, DType.parse(member.dtype()), member.shape(), member.order(), member.headerBytes()),
                header);
        assertEquals(member.dtype(), header.descr().toString());
    }

    @ParameterizedTest
    @MethodSource("members")
    void writesEveryHeaderByteForByte(Golden.Member member) {
        byte[] expected = Arrays.copyOf(contents(member), (int) member.headerBytes());
        Order saved = member.shape().savedOrder(member.name().contains("_F_") ? Order.FORTRAN : Order.C);
        assertArrayEquals(
                expected,
                NpyHeader.of(DType.parse(member.dtype()), member.shape(), saved).toBytes());
    }

    @ParameterizedTest
    @MethodSource("members")
    void findsEveryElement(Golden.Member member) {
        byte[] contents = contents(member);
        int itemBytes = member.type().itemBytes();
        ArrayLayout layout = ArrayLayout.contiguous(member.shape(), member.order(), itemBytes);
        long k = 0;
        for (long[] index : Indices.of(member.shape())) {
            int at = (int) (member.headerBytes() + layout.offsetOf(index));
            assertArrayEquals(member.element(k++), Arrays.copyOfRange(contents, at, at + itemBytes));
        }
        assertEquals(member.shape().elementCount(), k);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsEveryVersion(int version) throws IOException {
        byte[] file = Golden.bytes("version" + version + ".npy");
        NpyHeader header = NpyHeader.read(ByteSource.of("v", file), NpyHeader.DEFAULT_LIMIT);
        assertEquals(new NpyHeader(version, DType.parse("<i4"), Shape.of(2, 3), Order.C, 128), header);
        assertArrayEquals(Arrays.copyOf(file, 128), header.toBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wide_v2.npy",
                "unicode_v3.npy",
                "nested.npy",
                "aligned.npy",
                "strings.npy",
                "dates.npy",
                "objects.npy"
            })
    void rewritesRareHeadersByteForByte(String name) throws IOException {
        byte[] file = Golden.bytes(name);
        NpyHeader header = NpyHeader.read(ByteSource.of(name, file), 100_000);
        byte[] expected = Arrays.copyOf(file, (int) header.dataOffset());
        assertArrayEquals(expected, header.toBytes());
        assertArrayEquals(
                expected,
                NpyHeader.of(header.descr(), header.shape(), header.order()).toBytes());
    }

    @Test
    void refusesAHeaderLongerThanTheLimitUnlessRaised() throws IOException {
        ArrayFileException failure = assertThrows(
                ArrayFileException.BadHeader.class,
                () -> NpyHeader.read(Golden.source("wide_v2.npy"), NpyHeader.DEFAULT_LIMIT));
        assertTrue(failure.getMessage().contains("limit of 10000 characters"), failure::getMessage);
        NpyHeader header = NpyHeader.read(Golden.source("wide_v2.npy"), 100_000);
        assertEquals(2, header.version());
        StructuredType type = assertInstanceOf(StructuredType.class, header.descr());
        assertEquals(2900, type.fields().size());
        assertEquals(4 * 2899, type.field("field02899").orElseThrow().offset());
    }

    @Test
    void readsPython2AndUnalignedFiles() throws IOException {
        NpyHeader python2 = NpyHeader.read(Golden.source("python2.npy"), NpyHeader.DEFAULT_LIMIT);
        assertEquals(new NpyHeader(1, DType.parse("<i4"), Shape.of(2, 3), Order.C, 80), python2);
        NpyHeader odd = NpyHeader.read(Golden.source("odd_offset.npy"), NpyHeader.DEFAULT_LIMIT);
        assertEquals(new NpyHeader(1, DType.parse("i4"), Shape.of(2, 3), Order.C, 67), odd);
    }

    @Test
    void readsNestedFieldsWithTheirTitlesAndShapes() throws IOException {
        NpyHeader header = NpyHeader.read(Golden.source("nested.npy"), NpyHeader.DEFAULT_LIMIT);
        StructuredType type = assertInstanceOf(StructuredType.class, header.descr());
        assertEquals(4 + 16 + 24 + 20, type.itemBytes());
        StructuredType.Field place = type.field("pos").orElseThrow();
        assertEquals(place, type.field("the place").orElseThrow());
        StructuredType inner = assertInstanceOf(StructuredType.class, place.type());
        assertEquals(
                new StructuredType.Field("y", Optional.empty(), 8, DType.parse(">f8"), Shape.of()),
                inner.field("y").orElseThrow());
        assertEquals(
                new StructuredType.Field("grid", Optional.empty(), 20, DType.parse("<f4"), Shape.of(2, 3)),
                type.field("grid").orElseThrow());
        assertEquals(
                new UnmappableType("<U5", "unicode strings", 20),
                type.field("label").orElseThrow().type());
    }

    @Test
    void leavesGapsOutOfTheFields() throws IOException {
        NpyHeader header = NpyHeader.read(Golden.source("aligned.npy"), NpyHeader.DEFAULT_LIMIT);
        StructuredType type = assertInstanceOf(StructuredType.class, header.descr());
        assertEquals(24, type.itemBytes());
        assertEquals(
                "[flag, value, small]",
                type.fields().stream().map(StructuredType.Field::name).toList().toString());
        assertEquals(8, type.field("value").orElseThrow().offset());
        assertEquals(16, type.field("small").orElseThrow().offset());
    }
}

package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ZipDirectoryTest {

    private static final byte[] CONTENT = "content".getBytes(StandardCharsets.US_ASCII);

    private static byte[] zip(String comment, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.setComment(comment);
            for (String name : names) {
                ZipEntry entry = new ZipEntry(name);
                CRC32 crc = new CRC32();
                crc.update(CONTENT);
                entry.setMethod(ZipEntry.STORED);
                entry.setSize(CONTENT.length);
                entry.setCrc(crc.getValue());
                entry.setExtra(new byte[] {(byte) 0xCA, (byte) 0xFE, 2, 0, 1, 2});
                zip.putNextEntry(entry);
                zip.write(CONTENT);
            }
        }
        return bytes.toByteArray();
    }

    private static ByteSource source(byte[] bytes) {
        return ByteSource.of("a.npz", bytes);
    }

    private static String content(byte[] zip, String name) throws IOException {
        ByteSource archive = source(zip);
        ByteSource.Range range = ZipDirectory.read(archive).find(name).open(archive);
        return StandardCharsets.US_ASCII
                .decode(range.read("content", 0, (int) range.length()))
                .toString();
    }

    @Test
    void findsMembersByTheirNameOrTheArraysName() throws IOException {
        byte[] zip = zip("", "a.npy", "b", "gr\u00fc\u00dfe/\u6e29.npy");
        assertEquals("content", content(zip, "a"));
        assertEquals("content", content(zip, "a.npy"));
        assertEquals("content", content(zip, "b"));
        assertEquals("content", content(zip, "gr\u00fc\u00dfe/\u6e29"));
        List<String> names = ZipDirectory.read(source(zip)).members().stream()
                .map(ZipMember::name)
                .toList();
        assertEquals(List.of("a.npy", "b", "gr\u00fc\u00dfe/\u6e29.npy"), names);
    }

    @Test
    void namesWhatThereIsIfAMemberIsMissing() throws IOException {
        ArrayFileException failure =
                assertThrows(ArrayFileException.MemberNotFound.class, () -> content(zip("", "a.npy", "b.npy"), "c"));
        assertEquals("a.npz: no member 'c'; it has 'a.npy', 'b.npy'", failure.getMessage());
        ArrayFileException empty = assertThrows(ArrayFileException.MemberNotFound.class, () -> content(zip(""), "c"));
        assertTrue(empty.getMessage().endsWith("it has none"), empty::getMessage);
    }

    @Test
    void readsPastAComment() throws IOException {
        assertEquals("content", content(zip("x".repeat(65_535), "a.npy"), "a"));
        assertEquals("content", content(zip("PK\u0005\u0006 is not the end", "a.npy"), "a"));
    }

    @Test
    void readsMoreMembersThanOneWindowHolds() throws IOException {
        String[] names = new String[3_000];
        Arrays.setAll(names, i -> "member" + "x".repeat(200) + i);
        byte[] zip = zip("", names);
        assertEquals(3_000, ZipDirectory.read(source(zip)).members().size());
        assertEquals("content", content(zip, names[2_999]));
    }

    @Test
    void saysHowToStoreADeflatedMember() {
        byte[] zip = Golden.bytes("deflated.npz");
        ArrayFileException failure = assertThrows(ArrayFileException.MemberNotMappable.class, () -> content(zip, "x"));
        assertEquals(
                "a.npz!x.npy: deflated, so it cannot be mapped in place; store it instead: numpy.savez, not"
                        + " numpy.savez_compressed, or zip -0",
                failure.getMessage());
    }

    @Test
    void refusesEncryptedMembersAndOtherMethods() throws IOException {
        byte[] zip = zip("", "a.npy");
        int central = (int) ZipDirectory.read(source(zip)).start();
        byte[] encrypted = zip.clone();
        encrypted[central + 8] |= 1;
        ArrayFileException failure =
                assertThrows(ArrayFileException.MemberNotMappable.class, () -> content(encrypted, "a"));
        assertTrue(failure.getMessage().contains("encrypted"), failure::getMessage);
        byte[] lzma = zip.clone();
        lzma[central + 10] = 14;
        failure = assertThrows(ArrayFileException.MemberNotMappable.class, () -> content(lzma, "a"));
        assertTrue(failure.getMessage().contains("compressed (method 14)"), failure::getMessage);
    }

    @Test
    void refusesEveryTruncation() throws IOException {
        byte[] zip = zip("", "a.npy");
        for (int length = 0; length < zip.length; length++) {
            byte[] cut = Arrays.copyOf(zip, length);
            assertThrows(ArrayFileException.BadMagic.class, () -> ZipDirectory.read(source(cut)));
        }
    }

    @Test
    void refusesADirectoryThatIsNotWhereItShouldBe() throws IOException {
        byte[] zip = zip("", "a.npy");
        int end = zip.length - 22;
        assertRefused(zip, end + 4, 1, "several disks");
        assertRefused(zip, end + 10, 2, "no room for 2 members");
        assertRefused(zip, end + 12, 0x7FFFFFFF, "does not lie before its end");
        assertRefused(zip, end + 16, 0x7FFFFFFF, "does not lie before its end");
        int central = (int) ZipDirectory.read(source(zip)).start();
        assertRefused(zip, central, 0, "no entry where one should be");
        assertRefused(zip, central + 28, 0xFFFF, "is cut off");
        assertRefused(zip, central + 24, 6, "stored, but with 7 bytes in the archive for 6");
        assertRefused(zip, central + 42, 1, "no local header at byte 1");
    }

    private static void assertRefused(byte[] zip, int at, int value, String problem) {
        byte[] changed = zip.clone();
        ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
        ArrayFileException failure = assertThrows(ArrayFileException.BadHeader.class, () -> content(changed, "a"));
        assertTrue(failure.getMessage().contains(problem), failure::getMessage);
    }

    @Test
    void refusesAMemberThatEndsAfterTheArchive() throws IOException {
        byte[] zip = zip("", "a.npy");
        int central = (int) ZipDirectory.read(source(zip)).start();
        ByteBuffer.wrap(zip)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(central + 20, 5000)
                .putInt(central + 24, 5000);
        assertThrows(ArrayFileException.Truncated.class, () -> content(zip, "a"));
    }

    /**
     * A sparse archive of more than 100 GiB, its directory behind ZIP64 records: opening reads only what is written.
     */
    @Test
    void readsZip64AtTheEndOfAHugeFile(@TempDir Path folder) throws IOException {
        long memberOffset = 5L << 30;
        long dataBytes = 100L << 30;
        long directory = memberOffset + 30 + 5 + dataBytes;
        Shape shape = Shape.of(dataBytes / 8 - 16);
        try (FileChannel channel = FileChannel.open(
                folder.resolve("huge.npz"),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.SPARSE,
                StandardOpenOption.WRITE)) {
            channel.write(local(), memberOffset);
            channel.write(
                    ByteBuffer.wrap(
                            NpyHeader.of(DType.parse("<f8"), shape, Order.C).toBytes()),
                    memberOffset + 35);
            channel.write(directory(memberOffset, dataBytes, directory), directory);
        }
        Path path = folder.resolve("huge.npz");
        try (Mapping mapping = Mapping.open(path, MapMode.READ_ONLY)) {
            ByteSource archive = new MappedSource("huge.npz", mapping.bytes());
            ZipMember member = ZipDirectory.read(archive).find("a");
            assertEquals(new ZipMember("a.npy", 0, false, dataBytes, dataBytes, memberOffset), member);
            ByteSource.Range range = member.open(archive);
            assertEquals(memberOffset + 35, range.start());
            assertEquals(dataBytes, range.length());
            try (MappedArray array = MappedArray.openMember(path, "a", MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
                assertEquals(shape, array.shape());
                assertEquals(0, array.getDouble(shape.dim(0) - 1));
            }
        }
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer local() {
        ByteBuffer local =
                buffer(35).putInt(0x04034b50).position(26).putShort((short) 5).putShort((short) 0);
        return local.put("a.npy".getBytes(StandardCharsets.US_ASCII)).flip();
    }

    private static ByteBuffer directory(long memberOffset, long dataBytes, long directory) {
        ByteBuffer all = buffer(46 + 5 + 28 + 56 + 20 + 22);
        all.putInt(0, 0x02014b50)
                .putInt(20, -1)
                .putInt(24, -1)
                .putShort(28, (short) 5)
                .putShort(30, (short) 28);
        all.putInt(42, -1).put(46, "a.npy".getBytes(StandardCharsets.US_ASCII));
        all.position(51).putShort((short) 1).putShort((short) 24);
        all.putLong(dataBytes).putLong(dataBytes).putLong(memberOffset);
        int end64 = all.position();
        all.putInt(0x06064b50)
                .putLong(44)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .putLong(1)
                .putLong(1);
        all.putLong(end64).putLong(directory);
        all.putInt(0x07064b50).putInt(0).putLong(directory + end64).putInt(1);
        all.putInt(0x06054b50).putInt(0).putInt(-1).putInt(-1).putInt(-1).putShort((short) 0);
        return all.flip();
    }

    @Test
    void refusesAZip64RecordThatIsNotThere() {
        byte[] end = directory(0, 0, 0).array();
        byte[] archive = Arrays.copyOfRange(end, 46 + 5 + 28 + 56, end.length);
        for (long place : new long[] {-1, 0, 1, 60, Long.MAX_VALUE}) {
            ByteBuffer.wrap(archive).order(ByteOrder.LITTLE_ENDIAN).putLong(8, place);
            assertThrows(ArrayFileException.BadHeader.class, () -> ZipDirectory.read(source(archive)));
        }
    }

    @Test
    void recognisesAnArchiveByItsStart() throws IOException {
        assertTrue(ZipDirectory.matches(ByteBuffer.wrap(zip("", "a"))));
        assertTrue(ZipDirectory.matches(ByteBuffer.wrap(zip(""))));
        assertFalse(ZipDirectory.matches(ByteBuffer.wrap(new byte[] {'P', 'K', 3})));
        assertFalse(ZipDirectory.matches(ByteBuffer.wrap(CONTENT)));
    }
}

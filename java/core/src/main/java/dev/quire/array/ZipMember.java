package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * One entry of a zip archive's central directory.
 *
 * <pre>
 * central = 'PK' 01 02  u16 u16  u16 flags  u16 method  u32 time  u32 crc  u32 compressed  u32 size
 *           u16 n  u16 e  u16 c  u16 disk  u16 u32  u32 header  name[n]  { u16 id  u16 k  extra[k] }[e]  comment[c]
 * local   = 'PK' 03 04  u16  u16 flags  u16 method  u32 time  u32 crc  u32 compressed  u32 size
 *           u16 n  u16 e  name[n]  extra[e]  data
 * </pre>
 *
 * The extra field 1 (ZIP64) holds, as u64 and in this order, those of size, compressed and header that have all bits
 * set in the entry. A member's checksum is not verified: that would read all of it.
 *
 * @param name its path in the archive
 * @param method 0 stored, 8 deflated
 * @param encrypted whether its bytes are encrypted
 * @param storedBytes bytes it takes in the archive
 * @param bytes bytes of its content
 * @param headerOffset where its local header is
 */
record ZipMember(String name, int method, boolean encrypted, long storedBytes, long bytes, long headerOffset) {

    /** Size of an entry without name, extra fields and comment. */
    static final int CENTRAL_BYTES = 46;

    /** The most an entry can take: each of the three variable parts has a u16 for its length. */
    static final int MAX_CENTRAL_BYTES = CENTRAL_BYTES + 3 * 0xFFFF;

    private static final int CENTRAL = 0x02014b50;
    private static final int LOCAL = 0x04034b50;
    private static final int LOCAL_BYTES = 30;
    private static final int ENCRYPTED_FLAG = 1;
    private static final int ZIP64_EXTRA = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;

    /** Reads the entry at the buffer's position and moves past it. */
    static ZipMember read(String archive, ByteBuffer window) throws ArrayFileException.BadHeader {
        int at = window.position();
        if (window.remaining() < CENTRAL_BYTES || window.getInt(at) != CENTRAL) {
            throw new ArrayFileException.BadHeader(archive, "the central directory has no entry where one should be");
        }
        int nameBytes = Short.toUnsignedInt(window.getShort(at + 28));
        int extraBytes = Short.toUnsignedInt(window.getShort(at + 30));
        int commentBytes = Short.toUnsignedInt(window.getShort(at + 32));
        if (window.remaining() < CENTRAL_BYTES + nameBytes + extraBytes + commentBytes) {
            throw new ArrayFileException.BadHeader(archive, "the last entry of the central directory is cut off");
        }
        window.position(at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes);
        String name = decode(window.slice(at + CENTRAL_BYTES, nameBytes));
        ByteBuffer wide = zip64(window.slice(at + CENTRAL_BYTES + nameBytes, extraBytes));
        long bytes = widen(window.getInt(at + 24), wide);
        long storedBytes = widen(window.getInt(at + 20), wide);
        long headerOffset = widen(window.getInt(at + 42), wide);
        if ((bytes | storedBytes | headerOffset) < 0) {
            throw new ArrayFileException.BadHeader(
                    archive, "member " + PythonText.excerpt(name) + " has a size or place of more than 63 bits");
        }
        boolean encrypted = (window.getShort(at + 8) & ENCRYPTED_FLAG) != 0;
        int method = Short.toUnsignedInt(window.getShort(at + 10));
        return new ZipMember(name, method, encrypted, storedBytes, bytes, headerOffset);
    }

    /** UTF-8, which every writer of arrays uses beyond ASCII; the byte values where it is not that. */
    private static String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.duplicate()).toString();
        } catch (CharacterCodingException notUtf8) {
            return StandardCharsets.ISO_8859_1.decode(bytes).toString();
        }
    }

    /** The content of the ZIP64 extra field, or nothing. */
    private static ByteBuffer zip64(ByteBuffer extra) {
        extra.order(ByteOrder.LITTLE_ENDIAN);
        while (extra.remaining() >= 4) {
            int id = Short.toUnsignedInt(extra.getShort());
            int count = Math.min(Short.toUnsignedInt(extra.getShort()), extra.remaining());
            if (id == ZIP64_EXTRA) {
                return extra.slice(extra.position(), count).order(ByteOrder.LITTLE_ENDIAN);
            }
            extra.position(extra.position() + count);
        }
        return ByteBuffer.allocate(0);
    }

    /** A u32, or the next u64 of the ZIP64 field in its place; without one the u32 means itself. */
    private static long widen(int field, ByteBuffer wide) {
        return field == -1 && wide.remaining() >= Long.BYTES ? wide.getLong() : Integer.toUnsignedLong(field);
    }

    /** Whether the member's bytes are in the archive as they are. */
    boolean isMappable() {
        return method == STORED && !encrypted;
    }

    /**
     * The member's content, in place.
     *
     * @throws ArrayFileException.MemberNotMappable if it is deflated or encrypted
     * @throws ArrayFileException if it is not where the directory says
     */
    ByteSource.Range open(ByteSource archive) throws IOException {
        String path = archive.name() + "!" + PythonText.plain(name);
        requireMappable(path);
        return archive.range(path, dataOffset(archive, path), bytes);
    }

    /** Where the content begins in the archive: after the local header, whose extra fields are its own. */
    private long dataOffset(ByteSource archive, String path) throws IOException {
        ByteBuffer local = archive.read("the local header of " + PythonText.excerpt(name), headerOffset, LOCAL_BYTES);
        if (local.getInt(0) != LOCAL) {
            throw new ArrayFileException.BadHeader(path, "no local header at byte " + headerOffset + " of the archive");
        }
        int variable = Short.toUnsignedInt(local.getShort(26)) + Short.toUnsignedInt(local.getShort(28));
        return headerOffset + LOCAL_BYTES + variable;
    }

    private void requireMappable(String path) throws ArrayFileException {
        if (encrypted) {
            throw new ArrayFileException.MemberNotMappable(path, "encrypted, so it cannot be mapped in place");
        }
        if (method != STORED) {
            throw new ArrayFileException.MemberNotMappable(
                    path,
                    (method == DEFLATED ? "deflated" : "compressed (method " + method + ")")
                            + ", so it cannot be mapped in place; store it instead: numpy.savez, not"
                            + " numpy.savez_compressed, or zip -0");
        }
        if (storedBytes != bytes) {
            throw new ArrayFileException.BadHeader(
                    path, "stored, but with " + storedBytes + " bytes in the archive for " + bytes + " of content");
        }
    }
}

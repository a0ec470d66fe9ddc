package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * What stands at the end of a {@code .npy} file while rows are appended to it, so that what an interrupted append
 * leaves can be told from data: an array may have others behind it.
 *
 * <pre>
 * mark = magic[16] u64 start  u64 end  u32 crc32c      all numbers little-endian
 *        start: where the rows begin, end: where they end and the mark begins; crc32c of all before it
 * </pre>
 *
 * The file gets its longer size and the mark by one call, so that a writer that is killed never leaves one without the
 * other. A loss of power may; the file is then refused as one with something else behind its array.
 */
final class AppendMark {
    /** Bytes of a mark. */
    static final int BYTES = 36;

    private static final byte[] MAGIC = "\u0093QUIRE append\r\n\0".getBytes(StandardCharsets.ISO_8859_1);

    private AppendMark() {}

    /** The mark behind rows from an offset up to another. */
    static byte[] bytes(long start, long end) {
        ByteBuffer mark = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        mark.put(MAGIC).putLong(start).putLong(end);
        CRC32C crc = new CRC32C();
        crc.update(mark.array(), 0, mark.position());
        return mark.putInt((int) crc.getValue()).array();
    }

    /** Whether a file that is longer than its array ends in the mark of an append to that array. */
    static boolean isAtEndOf(ByteSource source, long dataEnd) throws IOException {
        long at = source.length() - BYTES;
        if (at < dataEnd) {
            return false;
        }
        byte[] found = new byte[BYTES];
        source.read("the end of the file", at, BYTES).get(found);
        long start = ByteBuffer.wrap(found).order(ByteOrder.LITTLE_ENDIAN).getLong(MAGIC.length);
        boolean isOfArray = start == dataEnd || at == dataEnd;
        return isOfArray && Arrays.equals(found, bytes(start, at));
    }

    /** Refuses a file that has something behind its array, unless an interrupted append left it. */
    static void requireNothingElse(ByteSource source, long dataEnd) throws IOException {
        if (source.length() > dataEnd && !isAtEndOf(source, dataEnd)) {
            throw new ArrayFileException.SurplusBytes(source.name(), source.length() - dataEnd, dataEnd);
        }
    }
}

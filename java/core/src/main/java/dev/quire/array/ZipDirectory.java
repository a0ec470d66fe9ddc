package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The central directory of a zip archive, which is what a {@code .npz} file is. Of the format it reads, all numbers
 * little-endian:
 *
 * <pre>
 * archive   = { local data } { central } [ end64 locator64 ] end
 * end       = 'PK' 05 06  u16 disk  u16 disk  u16 entries  u16 entries  u32 size  u32 offset  u16 n  comment[n]
 * locator64 = 'PK' 06 07  u32 disk  u64 offset of end64  u32 disks
 * end64     = 'PK' 06 06  u64 n  u16 u16  u32 disk  u32 disk  u64 entries  u64 entries  u64 size  u64 offset  ...
 * central, local: see {@link ZipMember}
 * </pre>
 *
 * Bytes behind the archive, fewer than 64 KiB, are passed over. end64 counts where end has all bits set. Archives of
 * several disks are refused. Opening reads the last 64 KiB at most; walking the members reads the directory once
 * through a buffer of at most {@value #WINDOW_BYTES} bytes.
 *
 * @param source the archive
 * @param entries how many members the archive says it has
 * @param start where the central directory begins
 * @param end where it ends
 * @see <a href="https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT">PKWARE: APPNOTE, 4.3 and 4.5.3</a>
 */
record ZipDirectory(ByteSource source, long entries, long start, long end) {

    /** More than the longest entry: 46 bytes and three lengths of a u16. */
    private static final int WINDOW_BYTES = 256 * 1024;

    private static final int END = 0x06054b50;
    private static final int END_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 0xFFFF;
    private static final int LOCATOR64 = 0x07064b50;
    private static final int LOCATOR64_BYTES = 20;
    private static final int END64 = 0x06064b50;
    private static final int END64_BYTES = 56;
    private static final int LOCAL = 0x04034b50;

    /** Whether this is how an archive begins: with a member, or with its end if it has none. */
    static boolean matches(ByteBuffer start) {
        if (start.remaining() < Integer.BYTES) {
            return false;
        }
        int signature = start.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt();
        return signature == LOCAL || signature == END;
    }

    /**
     * Finds the directory of an archive.
     *
     * @throws ArrayFileException if there is none, or it does not lie within the archive
     */
    static ZipDirectory read(ByteSource source) throws IOException {
        long length = source.length();
        int tailBytes = (int) Math.min(length, END_BYTES + MAX_COMMENT_BYTES);
        ByteBuffer tail = source.read("the end of the archive", length - tailBytes, tailBytes);
        int at = endIn(tail);
        if (at < 0) {
            throw new ArrayFileException.BadMagic(
                    source.name(), "not a zip archive, or its end is missing: no end of central directory");
        }
        return fromEnd(
                source, length - tailBytes + at, tail.position(at).slice().order(ByteOrder.LITTLE_ENDIAN));
    }

    /**
     * Where the end record is whose comment ends the file; else, as in Python, the last one: others may have added
     * bytes.
     */
    private static int endIn(ByteBuffer tail) {
        int last = -1;
        for (int at = tail.limit() - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END) {
                if (at + END_BYTES + Short.toUnsignedInt(tail.getShort(at + 20)) == tail.limit()) {
                    return at;
                }
                last = Math.max(last, at);
            }
        }
        return last;
    }

    private static ZipDirectory fromEnd(ByteSource source, long position, ByteBuffer end) throws IOException {
        int disks = Short.toUnsignedInt(end.getShort(4)) | Short.toUnsignedInt(end.getShort(6));
        int entries = Short.toUnsignedInt(end.getShort(10));
        long size = Integer.toUnsignedLong(end.getInt(12));
        long offset = Integer.toUnsignedLong(end.getInt(16));
        boolean zip64 = entries == 0xFFFF || size == 0xFFFFFFFFL || offset == 0xFFFFFFFFL || disks == 0xFFFF;
        if (zip64 && position >= LOCATOR64_BYTES) {
            ByteBuffer locator = source.read("the ZIP64 locator", position - LOCATOR64_BYTES, LOCATOR64_BYTES);
            if (locator.getInt(0) == LOCATOR64) {
                return fromEnd64(source, locator.getLong(8), position);
            }
        }
        return within(source, disks, entries, offset, size, position);
    }

    private static ZipDirectory fromEnd64(ByteSource source, long position, long limit) throws IOException {
        if (position < 0 || position > limit - END64_BYTES) {
            throw new ArrayFileException.BadHeader(
                    source.name(), "the ZIP64 end of central directory is not where the locator says");
        }
        ByteBuffer end = source.read("the ZIP64 end of central directory", position, END64_BYTES);
        if (end.getInt(0) != END64) {
            throw new ArrayFileException.BadHeader(
                    source.name(), "the ZIP64 end of central directory is not where the locator says");
        }
        int disks = end.getInt(16) | end.getInt(20);
        return within(source, disks, end.getLong(32), end.getLong(48), end.getLong(40), position);
    }

    private static ZipDirectory within(ByteSource source, int disks, long entries, long offset, long size, long limit)
            throws ArrayFileException.BadHeader {
        if (disks != 0) {
            throw new ArrayFileException.BadHeader(source.name(), "an archive of several disks");
        }
        if (offset < 0 || size < 0 || offset > limit || size > limit - offset) {
            throw new ArrayFileException.BadHeader(
                    source.name(),
                    "the central directory of " + Long.toUnsignedString(size) + " bytes at "
                            + Long.toUnsignedString(offset) + " does not lie before its end at " + limit);
        }
        if (entries < 0 || entries > size / ZipMember.CENTRAL_BYTES) {
            throw new ArrayFileException.BadHeader(
                    source.name(),
                    "the central directory of " + size + " bytes has no room for " + Long.toUnsignedString(entries)
                            + " members");
        }
        return new ZipDirectory(source, entries, offset, offset + size);
    }

    /** All members, in the order of the directory. */
    List<ZipMember> members() throws IOException {
        List<ZipMember> members = new ArrayList<>();
        forEach(members::add);
        return members;
    }

    /**
     * The member of this name, or of this name followed by {@code .npy} as NumPy stores an array; the last one if there
     * are several, as in Python.
     *
     * @throws ArrayFileException.MemberNotFound if there is none
     */
    ZipMember find(String name) throws IOException {
        Finder finder = new Finder(name);
        forEach(finder);
        return finder.result(source.name());
    }

    private void forEach(Consumer<ZipMember> visitor) throws IOException {
        ByteBuffer window = ByteBuffer.allocate((int) Math.min(end - start, WINDOW_BYTES))
                .order(ByteOrder.LITTLE_ENDIAN)
                .limit(0);
        long position = start;
        for (long entry = 0; entry < entries; entry++) {
            if (window.remaining() < Math.min(end - position, ZipMember.MAX_CENTRAL_BYTES)) {
                window.clear().limit((int) Math.min(end - position, window.capacity()));
                source.readFully("the central directory", position, window);
            }
            int before = window.position();
            visitor.accept(ZipMember.read(source.name(), window));
            position += window.position() - before;
        }
    }

    /** Keeps the last member of a name, and the first few names for the message. */
    private static final class Finder implements Consumer<ZipMember> {
        private static final int NAMES_SHOWN = 8;

        private final String wanted;
        private final List<String> names = new ArrayList<>();
        private Optional<ZipMember> exact = Optional.empty();
        private Optional<ZipMember> array = Optional.empty();

        Finder(String wanted) {
            this.wanted = wanted;
        }

        @Override
        public void accept(ZipMember member) {
            if (member.name().equals(wanted)) {
                exact = Optional.of(member);
            } else if (member.name().equals(wanted + ".npy")) {
                array = Optional.of(member);
            }
            if (names.size() <= NAMES_SHOWN) {
                names.add(names.size() < NAMES_SHOWN ? PythonText.excerpt(member.name()) : "...");
            }
        }

        ZipMember result(String archive) throws ArrayFileException.MemberNotFound {
            return exact.or(() -> array)
                    .orElseThrow(() -> new ArrayFileException.MemberNotFound(
                            archive,
                            "no member " + PythonText.excerpt(wanted) + "; it has "
                                    + (names.isEmpty() ? "none" : String.join(", ", names))));
        }
    }
}

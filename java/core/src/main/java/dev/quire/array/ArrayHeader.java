package dev.quire.array;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an array file says about its elements, those that cannot be mapped included: {@link MappedArray#open} refuses
 * a file of texts or dates, this tells that they are texts or dates.
 *
 * @param format of the file
 * @param name the file, or {@code archive.npz!member}
 * @param descriptor what an element is
 * @param shape the length of each axis
 * @param order of the elements in the file
 * @param dataOffset bytes of the file before the first element
 */
public record ArrayHeader(
        ArrayFormat format, String name, Descriptor descriptor, Shape shape, Order order, long dataOffset) {
    /** Enough to know every format by. */
    private static final int START_BYTES = 8;

    /**
     * Reads the header of a file whose format its content tells; of an archive, that of its only member. Maps the
     * file and unmaps it.
     *
     * @throws ArrayFileException if it is not what its format says
     */
    public static ArrayHeader read(Path path) throws IOException {
        return ArrayFiles.header(path, source -> recognised(source, NpyHeader.DEFAULT_LIMIT));
    }

    /** Reads the header of a stored member of a {@code .npz}; its name may leave out {@code .npy}. */
    public static ArrayHeader readMember(Path path, String member) throws IOException {
        return ArrayFiles.header(path, source -> member(source, member, NpyHeader.DEFAULT_LIMIT));
    }

    /** The format that the first bytes of a file tell; empty if they tell none. */
    public static Optional<ArrayFormat> formatOf(Path path) throws IOException {
        return ArrayFiles.read(path, ArrayHeader::formatIn);
    }

    /**
     * What a file has behind its array.
     *
     * @param bytes how many; 0 for an archive
     * @param interrupted whether they are rows that an interrupted append left, which the next one removes. Else they
     *     are not known, and perhaps another array: {@link ArrayAppender} refuses to overwrite them
     */
    public record Surplus(long bytes, boolean interrupted) {}

    /** What a file has behind its array: nothing, as a rule. Maps the file and unmaps it. */
    public static Surplus surplus(Path path) throws IOException {
        return ArrayFiles.surplus(path);
    }

    /** Size of all elements in bytes. */
    public long dataBytes() {
        return shape.byteCount(descriptor.itemBytes());
    }

    private static Optional<ArrayFormat> formatIn(ByteSource source) throws IOException {
        ByteBuffer start = source.read("the start", 0, (int) Math.min(START_BYTES, source.length()));
        if (NpyHeader.matches(start)) {
            return Optional.of(ArrayFormat.NPY);
        }
        if (SciHeader.matches(start)) {
            return Optional.of(ArrayFormat.SCIRS2);
        }
        return ZipDirectory.matches(start) ? Optional.of(ArrayFormat.NPZ) : Optional.empty();
    }

    static ArrayHeader recognised(ByteSource source, int limit) throws IOException {
        Optional<ArrayFormat> format = formatIn(source);
        if (format.isEmpty()) {
            throw new ArrayFileException.BadMagic(
                    source.name(),
                    source.length() == 0
                            ? "the file is empty (0 bytes), so there is no array in it"
                            : "not an array: it starts like none of .npy, .npz and .mmap; raw bytes need openRaw");
        }
        return switch (format.get()) {
            case NPY -> npy(source, limit);
            case SCIRS2 -> sci(source);
            case NPZ, RAW -> onlyMember(source, limit);
        };
    }

    static ArrayHeader npy(ByteSource source, int limit) throws IOException {
        NpyHeader header = NpyHeader.read(source, limit);
        return new ArrayHeader(
                ArrayFormat.NPY, source.name(), header.descr(), header.shape(), header.order(), header.dataOffset());
    }

    static ArrayHeader sci(ByteSource source) throws IOException {
        SciHeader header = SciHeader.read(source);
        DType dtype = new DType(header.type(), ByteOrder.LITTLE_ENDIAN);
        return new ArrayHeader(ArrayFormat.SCIRS2, source.name(), dtype, header.shape(), Order.C, SciHeader.BYTES);
    }

    static ArrayHeader member(ByteSource archive, String name, int limit) throws IOException {
        return member(archive, ZipDirectory.read(archive).find(name), limit);
    }

    private static ArrayHeader member(ByteSource archive, ZipMember member, int limit) throws IOException {
        ByteSource.Range content = member.open(archive);
        ArrayHeader inside = npy(content, limit);
        return new ArrayHeader(
                ArrayFormat.NPZ,
                inside.name,
                inside.descriptor,
                inside.shape,
                inside.order,
                content.start() + inside.dataOffset);
    }

    private static ArrayHeader onlyMember(ByteSource source, int limit) throws IOException {
        List<ZipMember> members = ZipDirectory.read(source).members();
        if (members.size() != 1) {
            throw new ArrayFileException.MemberNotFound(
                    source.name(), "an archive of " + members.size() + " members; name one of them");
        }
        return member(source, members.getFirst(), limit);
    }
}

package dev.quire.array;

import dev.quire.GroupedMapping;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.Views;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** From a file to an array: one mapping of the whole file, whose header is read through it. */
final class ArrayFiles {
    /** How often a header is read again that changes while it is read; a writer changes it for microseconds. */
    private static final int ATTEMPTS = 20;

    private ArrayFiles() {}

    /** Reads something about a file. */
    interface Reader<T> {
        T read(ByteSource source) throws IOException;
    }

    /** What is made of a mapped file and its header. */
    private interface Use<T> {
        T of(MappedMemory memory, ArrayHeader header) throws IOException;
    }

    /** Reads a file of any content, or of none, through a mapping. */
    static <T> T read(Path path, Reader<T> reader) throws IOException {
        try (Mapping mapping = Mapping.open(path, MapMode.READ_ONLY, Lifetime.CONFINED)) {
            return reader.read(new MappedSource(path.toString(), mapping.bytes()));
        }
    }

    static ArrayHeader header(Path path, Reader<ArrayHeader> reader) throws IOException {
        ArrayOptions options = ArrayOptions.DEFAULT.lifetime(Lifetime.CONFINED);
        return open(path, MapMode.READ_ONLY, options, reader, (memory, header) -> {
            closeQuietly(memory);
            return header;
        });
    }

    /** What lies behind the array of a {@code .npy} file. */
    static ArrayHeader.Surplus surplus(Path path) throws IOException {
        return read(path, source -> {
            ArrayHeader found = ArrayHeader.recognised(source, NpyHeader.DEFAULT_LIMIT);
            long end = found.dataOffset() + found.dataBytes();
            boolean ends = found.format() == ArrayFormat.NPZ || source.length() <= end;
            return new ArrayHeader.Surplus(
                    ends ? 0 : source.length() - end, !ends && AppendMark.isAtEndOf(source, end));
        });
    }

    static MappedArray open(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> ArrayHeader.recognised(source, options.headerLimit()));
    }

    static MappedArray openNpy(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> ArrayHeader.npy(source, options.headerLimit()));
    }

    static MappedArray openSci(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, ArrayHeader::sci);
    }

    static MappedArray openMember(Path path, String member, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> ArrayHeader.member(source, member, options.headerLimit()));
    }

    static MappedArray openRaw(Path path, RawLayout raw, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> {
            Shape shape = raw.shapeIn(source.name(), source.length());
            return new ArrayHeader(ArrayFormat.RAW, source.name(), raw.dtype(), shape, raw.order(), raw.offset());
        });
    }

    private static MappedArray open(Path path, MapMode mode, ArrayOptions options, Reader<ArrayHeader> reader)
            throws IOException {
        return open(path, mode, options, reader, (memory, header) -> {
            requireWritable(header, mode);
            MappedArray array = array(memory, header);
            requireDType(array, options);
            return array;
        });
    }

    private static <T> T open(Path path, MapMode mode, ArrayOptions options, Reader<ArrayHeader> reader, Use<T> use)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            MappedMemory memory = Mapping.open(path, mode, options.lifetime(), options.mapping());
            try {
                return use.of(memory, agreed(path, memory, reader));
            } catch (Changing changing) {
                closeQuietly(memory);
                if (attempt == ATTEMPTS) {
                    throw changing.failure;
                }
                Thread.onSpinWait();
            } catch (Throwable e) {
                closeQuietly(memory);
                throw e;
            }
        }
    }

    /** An archive keeps a checksum of each member, which a store through a mapping would make wrong. */
    private static void requireWritable(ArrayHeader header, MapMode mode) throws ArrayFileException {
        if (mode == MapMode.READ_WRITE && header.format() == ArrayFormat.NPZ) {
            throw new ArrayFileException.ReadOnly(
                    header.name(),
                    "a member of an archive cannot be written to in place, since the archive has a checksum of it; "
                            + "open it READ_ONLY or COPY_ON_WRITE, or convert it to a .npy");
        }
    }

    private static void requireDType(MappedArray array, ArrayOptions options) throws ArrayFileException {
        if (options.dtype().isPresent() && !options.dtype().get().equals(array.descriptor())) {
            throw new ArrayFileException.DTypeMismatch(
                    array.name(),
                    options.dtype().get().toString(),
                    array.descriptor().toString());
        }
    }

    private static void closeQuietly(MappedMemory memory) {
        switch (memory) {
            case Mapping mapping -> mapping.close();
            case GroupedMapping grouped -> SliceDoor.region(grouped.bytes()).close(); // nobody has seen it
            default -> {}
        }
    }

    /** A header that was being written while it was read. */
    private static final class Changing extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException failure;

        Changing(IOException failure) {
            super(failure);
            this.failure = failure;
        }
    }

    /** What two readings in a row agree about. The mapping is as long as the file was before the first. */
    private static ArrayHeader agreed(Path path, MappedMemory memory, Reader<ArrayHeader> reader) throws IOException {
        ByteSlice whole = ((Views) memory).bytes();
        MappedSource source = new MappedSource(path.toString(), whole);
        byte[] before = start(whole);
        ArrayHeader found;
        try {
            found = reader.read(source);
        } catch (ArrayFileException.Truncated | ArrayFileException.BadHeader failure) {
            boolean grown = memory.file().size() != whole.length();
            if (grown || !Arrays.equals(before, start(whole))) {
                throw new Changing(failure);
            }
            throw failure;
        }
        if (!Arrays.equals(before, start(whole))) {
            throw new Changing(new ArrayFileException.BadHeader(source.name(), "the header keeps changing"));
        }
        return found;
    }

    /** More of a header than a change of the shape can touch. */
    private static byte[] start(ByteSlice whole) {
        byte[] start = new byte[(int) Math.min(whole.length(), 256)];
        whole.copyTo(0, start, 0, start.length);
        return start;
    }

    private static MappedArray array(MappedMemory memory, ArrayHeader found) throws IOException {
        if (found.descriptor() instanceof UnmappableType unmappable) {
            throw new ArrayFileException.UnsupportedDType(
                    found.name(), unmappable.descr(), "is a type of " + unmappable.kind() + ", which cannot be mapped");
        }
        long bytes = found.shape().byteCount(found.descriptor().itemBytes());
        ByteSlice data = ((Views) memory).bytes().slice(found.dataOffset(), bytes);
        return new MappedArray(memory, data, found);
    }
}

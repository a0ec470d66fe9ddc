package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.Views;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** From a file to an array: one mapping of the whole file, whose header is read through it. */
final class ArrayFiles {
    /** How often a header is read again that changes while it is read; a writer changes it for microseconds. */
    private static final int ATTEMPTS = 20;

    /** Enough to know every format by. */
    private static final int START_BYTES = 8;

    private ArrayFiles() {}

    /** What a header says about the bytes of a mapped file. */
    private record Found(ArrayFormat format, String name, Descriptor descr, Shape shape, Order order, long offset) {}

    /** Reads a header. */
    private interface Reader {
        Found read(ByteSource source) throws IOException;
    }

    static MappedArray open(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> recognised(source, options.headerLimit()));
    }

    static MappedArray openNpy(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> npy(source, options.headerLimit()));
    }

    static MappedArray openSci(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, ArrayFiles::sci);
    }

    static MappedArray openMember(Path path, String member, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> {
            ZipMember found = ZipDirectory.read(source).find(member);
            return member(source, found, options.headerLimit());
        });
    }

    static MappedArray openRaw(Path path, RawLayout raw, MapMode mode, ArrayOptions options) throws IOException {
        return open(path, mode, options, source -> {
            Shape shape = raw.shapeIn(source.name(), source.length());
            return new Found(ArrayFormat.RAW, source.name(), raw.dtype(), shape, raw.order(), raw.offset());
        });
    }

    private static Found recognised(ByteSource source, int limit) throws IOException {
        int count = (int) Math.min(START_BYTES, source.length());
        ByteBuffer start = source.read("the start", 0, count);
        if (NpyHeader.matches(start)) {
            return npy(source, limit);
        }
        if (SciHeader.matches(start)) {
            return sci(source);
        }
        if (ZipDirectory.matches(start)) {
            return onlyMember(source, limit);
        }
        throw new ArrayFileException.BadMagic(
                source.name(), "not an array: it starts like none of .npy, .npz and .mmap; raw bytes need openRaw");
    }

    private static Found npy(ByteSource source, int limit) throws IOException {
        NpyHeader header = NpyHeader.read(source, limit);
        return new Found(
                ArrayFormat.NPY, source.name(), header.descr(), header.shape(), header.order(), header.dataOffset());
    }

    private static Found sci(ByteSource source) throws IOException {
        SciHeader header = SciHeader.read(source);
        DType dtype = new DType(header.type(), ByteOrder.LITTLE_ENDIAN);
        return new Found(ArrayFormat.SCIRS2, source.name(), dtype, header.shape(), Order.C, SciHeader.BYTES);
    }

    private static Found member(ByteSource archive, ZipMember member, int limit) throws IOException {
        ByteSource.Range content = member.open(archive);
        Found inside = npy(content, limit);
        return new Found(
                ArrayFormat.NPZ,
                inside.name(),
                inside.descr(),
                inside.shape(),
                inside.order(),
                content.start() + inside.offset());
    }

    private static Found onlyMember(ByteSource source, int limit) throws IOException {
        List<ZipMember> members = ZipDirectory.read(source).members();
        if (members.size() != 1) {
            throw new ArrayFileException.MemberNotFound(
                    source.name(), "an archive of " + members.size() + " members; name one of them");
        }
        return member(source, members.getFirst(), limit);
    }

    private static MappedArray open(Path path, MapMode mode, ArrayOptions options, Reader reader) throws IOException {
        for (int attempt = 1; ; attempt++) {
            MappedMemory memory = Mapping.open(path, mode, options.lifetime(), options.mapping());
            try {
                return agreed(path, memory, reader);
            } catch (Changing changing) {
                closeQuietly(memory);
                if (attempt == ATTEMPTS) {
                    throw changing.refusal;
                }
                Thread.onSpinWait();
            } catch (Throwable e) {
                closeQuietly(memory);
                throw e;
            }
        }
    }

    private static void closeQuietly(MappedMemory memory) {
        if (memory instanceof Mapping mapping) {
            mapping.close();
        }
    }

    /** A header that was being written while it was read. */
    private static final class Changing extends IOException {
        private static final long serialVersionUID = 1L;

        private final IOException refusal;

        Changing(IOException refusal) {
            super(refusal);
            this.refusal = refusal;
        }
    }

    /** What two readings in a row agree about. The mapping is as long as the file was before the first. */
    private static MappedArray agreed(Path path, MappedMemory memory, Reader reader) throws IOException {
        ByteSlice whole = ((Views) memory).bytes();
        MappedSource source = new MappedSource(path.toString(), whole);
        byte[] before = start(whole);
        Found found;
        try {
            found = reader.read(source);
        } catch (ArrayFileException.Truncated | ArrayFileException.BadHeader refusal) {
            boolean grown = memory.file().size() != whole.length();
            if (grown || !Arrays.equals(before, start(whole))) {
                throw new Changing(refusal);
            }
            throw refusal;
        }
        if (!Arrays.equals(before, start(whole))) {
            throw new Changing(new ArrayFileException.BadHeader(source.name(), "the header keeps changing"));
        }
        return array(memory, whole, found);
    }

    /** More of a header than a change of the shape can touch. */
    private static byte[] start(ByteSlice whole) {
        byte[] start = new byte[(int) Math.min(whole.length(), 256)];
        whole.copyTo(0, start, 0, start.length);
        return start;
    }

    private static MappedArray array(MappedMemory memory, ByteSlice whole, Found found) throws IOException {
        if (found.descr instanceof UnmappableType unmappable) {
            throw new ArrayFileException.UnsupportedDType(
                    found.name, unmappable.descr(), "is a type of " + unmappable.kind() + ", which cannot be mapped");
        }
        long bytes = found.shape.byteCount(found.descr.itemBytes());
        ByteSlice data = whole.slice(found.offset, bytes);
        ArrayOrigin origin = ArrayOrigin.file(found.name, found.format, memory, found.offset);
        ArrayLayout layout = ArrayLayout.contiguous(found.shape, found.order, found.descr.itemBytes());
        return new MappedArray(origin, data, found.descr, layout);
    }
}

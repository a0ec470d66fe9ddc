package dev.quire.tensors;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.MappingGroup;
import dev.quire.array.ArrayView;
import dev.quire.array.WriteOptions;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of many named arrays, mapped: safetensors, one or a model's many; GGUF; an archive of NumPy's. The package's
 * text begins with a program.
 *
 * <p>Opening reads the header and nothing else: it costs what the header costs, whatever the size of the tensors, and
 * allocates at most 64 KiB and eight times the header's size. A tensor is a view of the mapped file: nothing is read
 * until its elements are.
 *
 * <p><b>Threads.</b> Any thread may use it, and its views. <b>Closing</b> unmaps all files of a model by one handshake
 * with all threads; views throw {@link IllegalStateException} from then on.
 */
public final class TensorFile implements AutoCloseable {
    private final Path path;
    private final TensorFormat format;
    private final MappingGroup group;
    private final Contents contents;

    private TensorFile(Path path, TensorFormat format, MappingGroup group, Contents contents) {
        this.path = path;
        this.format = format;
        this.group = group;
        this.contents = contents;
    }

    /**
     * Opens a file for reading, in the format that its content tells.
     *
     * @throws TensorFileException if it has none of the formats, or not what its format demands
     * @throws dev.quire.array.ArrayFileException if an archive is none
     * @throws dev.quire.error.MappingException if the system refuses the file, or one that an index names
     */
    public static TensorFile open(Path path) throws IOException {
        return open(path, MapMode.READ_ONLY, MapOptions.DEFAULT);
    }

    /**
     * Opens a file, in the format that its content tells.
     *
     * @param mode whether stores into tensors are refused, reach the file, or stay in memory. An archive is not opened
     *     for writing, since it has a checksum of each member
     * @param options of the mapping, hints among them. {@link MapOptions.Option#NO_FOLLOW} refuses a file, and one that
     *     an index names, that is a symbolic link; by default links are followed, since caches of models are made
     *     of them
     * @throws TensorFileException if it has none of the formats, or not what its format demands
     * @throws dev.quire.array.ArrayFileException if an archive is none
     * @throws dev.quire.error.MappingException if the system refuses the file, or one that an index names
     * @throws IllegalArgumentException if the options have an offset or a length: whole files are mapped
     */
    public static TensorFile open(Path path, MapMode mode, MapOptions options) throws IOException {
        if (options.offset() != 0 || options.length() >= 0) {
            throw new IllegalArgumentException("a file of tensors is mapped as a whole, without offset and length");
        }
        MappingGroup group = new MappingGroup();
        try {
            return new Opening(path, mode, options, group).open();
        } catch (MemoryFaultException e) {
            close(group, e);
            throw new TensorFileException.Truncated(
                    e.subject(), "the header", Source.end(e.offset(), e.length()), e.sizeNow(), e);
        } catch (Throwable e) {
            close(group, e);
            throw e;
        }
    }

    private static void close(MappingGroup group, Throwable reason) {
        try {
            group.close();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** What opening a file and the files that it names has in common. */
    private record Opening(Path path, MapMode mode, MapOptions options, MappingGroup group) {
        TensorFile open() throws IOException {
            Source source = map(path);
            byte[] start = new byte[(int) Math.min(source.length(), 8)];
            source.bytes().copyTo(0, start, 0, start.length);
            if (GgufHeader.matches(start)) {
                return file(TensorFormat.GGUF, GgufHeader.read(source));
            }
            if (SafetensorsHeader.matches(source)) {
                return file(TensorFormat.SAFETENSORS, SafetensorsHeader.read(source));
            }
            if (start.length > 3 && start[0] == 'P' && start[1] == 'K' && (start[2] == 3 || start[2] == 5)) {
                return archive(source);
            }
            if (ShardIndex.matches(source)) {
                return file(TensorFormat.SAFETENSORS_INDEX, ShardIndex.read(source, this::shard));
            }
            if (source.length() > 8 && source.bytes().get(8) == '{') {
                return file(TensorFormat.SAFETENSORS, SafetensorsHeader.read(source)); // which says what is wrong
            }
            throw new TensorFileException.BadMagic(
                    source.name(),
                    source.length() == 0
                            ? "the file is empty (0 bytes), so there is no tensor in it"
                            : "no file of tensors: it starts like none of safetensors, its index, GGUF and .npz");
        }

        private TensorFile file(TensorFormat format, Contents contents) {
            return new TensorFile(path, format, group, contents);
        }

        private Source map(Path file) throws IOException {
            return new Source(file.toString(), group.open(file, mode, options).bytes(), ByteOrder.LITTLE_ENDIAN);
        }

        private SafetensorsHeader shard(String name) throws IOException {
            return SafetensorsHeader.read(map(path.resolveSibling(name)));
        }

        private TensorFile archive(Source source) throws IOException {
            if (mode == MapMode.READ_WRITE) {
                throw new TensorFileException.UnsupportedType(
                        source.name(),
                        ".npz",
                        "cannot be written to in place, since an archive has a checksum of each member; "
                                + "open it READ_ONLY or COPY_ON_WRITE");
            }
            return file(TensorFormat.NPZ, NpzContents.read(source, path));
        }
    }

    /** The format that the content told. */
    public TensorFormat format() {
        return format;
    }

    /** The file that was opened. */
    public Path path() {
        return path;
    }

    // ---------------------------------------------------------------------------------------------------- tensors

    /**
     * The names of all tensors: in the sequence of their data, of a model in many files in that of its index. Each call
     * makes the list.
     */
    public List<String> names() {
        return contents.names();
    }

    /**
     * What the file says of all tensors, in the sequence of {@link #names()}. Of an archive, reads the header of each
     * member.
     *
     * @throws IOException if a member of an archive cannot be mapped
     */
    public List<TensorInfo> tensors() throws IOException {
        List<TensorInfo> all = new ArrayList<>();
        for (String name : contents.names()) {
            all.add(info(name));
        }
        return all;
    }

    /** Whether there is a tensor of that name. */
    public boolean contains(String name) {
        return format == TensorFormat.NPZ ? contents.names().contains(name) : isKnown(name);
    }

    private boolean isKnown(String name) {
        try {
            return contents.find(name) != null;
        } catch (IOException e) {
            throw new IllegalStateException("only an archive reads for this", e);
        }
    }

    /**
     * What the file says of a tensor.
     *
     * @throws TensorFileException.NotFound if there is none of that name
     * @throws IOException if it is a member of an archive that cannot be mapped
     */
    public TensorInfo info(String name) throws IOException {
        TensorInfo info = contents.find(name);
        if (info == null) {
            throw new TensorFileException.NotFound(path.toString(), "there is no tensor " + Quoted.of(name));
        }
        return info;
    }

    /**
     * A tensor as an array, without a copy.
     *
     * @throws TensorFileException.NotFound if there is none of that name
     * @throws TensorFileException.UnsupportedType if its type is none of arrays: {@link #blocks} has it
     * @throws IOException if it is a member of an archive that cannot be mapped
     * @throws IllegalStateException if this is closed
     */
    public ArrayView tensor(String name) throws IOException {
        TensorInfo info = info(name);
        if (info.dtype().isEmpty()) {
            throw new TensorFileException.UnsupportedType(
                    info.file(),
                    info.type().toString(),
                    "of tensor " + Quoted.of(name) + " has no element type; blocks() has its bytes"
                            + (info.type().isReadable() ? ", and reads them as floats" : ""));
        }
        return ArrayView.over(bytes(info), info.dtype().get(), info.shape(), info.order());
    }

    /**
     * The bytes of a tensor of any type as they are in the file, without a copy.
     *
     * @throws TensorFileException.NotFound if there is none of that name
     * @throws IOException if it is a member of an archive that cannot be mapped
     * @throws IllegalStateException if this is closed
     */
    public ByteSlice bytes(String name) throws IOException {
        return bytes(info(name));
    }

    private static ByteSlice bytes(TensorInfo info) {
        return info.source().bytes().slice(info.offset(), info.byteSize());
    }

    /**
     * A tensor of any type as rows of blocks, which can be read as floats: quantised ones, and those of 16 and 32 bits.
     *
     * @throws TensorFileException.NotFound if there is none of that name
     * @throws IOException if it is a member of an archive that cannot be mapped
     * @throws IllegalStateException if this is closed
     */
    public BlockView blocks(String name) throws IOException {
        TensorInfo info = info(name);
        return new BlockView(info, bytes(info));
    }

    /**
     * Gives a hint for the pages of a tensor of any type. Costs what {@code madvise} costs.
     *
     * @return what the platform did with it
     * @throws TensorFileException.NotFound if there is no tensor of that name
     * @throws IOException if it is a member of an archive that cannot be mapped
     */
    public Outcome advise(String name, Hint hint) throws IOException {
        return bytes(name).advise(hint);
    }

    // --------------------------------------------------------------------------------------------------- metadata

    /**
     * The metadata, in the file's sequence, in a new map: of safetensors its texts, of an index the single values of
     * its {@code metadata}, of GGUF all pairs, whose arrays stay in the file; of an archive nothing.
     *
     * @throws IOException if the file no longer is what it was when it was opened
     */
    public Map<String, MetadataValue> metadata() throws IOException {
        return contents.metadata();
    }

    /**
     * The text of one entry of the metadata: {@code metadata("general.architecture")}.
     *
     * @throws TensorFileException.NotFound if there is none of that key
     * @throws IOException if the file no longer is what it was when it was opened
     */
    public String metadata(String key) throws IOException {
        MetadataValue value = contents.metadata(key);
        if (value == null) {
            throw new TensorFileException.NotFound(path.toString(), "the metadata has no " + Quoted.of(key));
        }
        return value.text();
    }

    // ---------------------------------------------------------------------------------------------------- writing

    /**
     * Writes arrays as a safetensors file, byte for byte as the reference does. {@link SafetensorsWriter} does it with
     * metadata, with types that arrays do not have, and piece by piece.
     *
     * @throws dev.quire.error.MappingException if the system refuses the file
     * @throws IllegalArgumentException if safetensors does not have an array's type
     */
    public static void write(Path path, Map<String, ArrayView> tensors) throws IOException {
        SafetensorsWriter writer = new SafetensorsWriter();
        tensors.forEach(writer::add);
        writer.write(path, WriteOptions.DEFAULT);
    }

    /** Unmaps all files. Closing again does nothing. */
    @Override
    public void close() {
        group.close();
    }

    /** File, format and number of tensors. */
    @Override
    public String toString() {
        return path + ": " + format + " of " + contents.names().size() + " tensors";
    }
}

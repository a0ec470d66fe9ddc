package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * An array file that is mapped: opened, created, made longer and closed here; its elements are those of an
 * {@link ArrayView}.
 *
 * {@snippet :
 * try (MappedArray prices = MappedArray.open(path, MapMode.READ_ONLY)) {
 *     double first = prices.getDouble(0, 3);
 *     double[] sums = prices.slice("::2, 1:").along(0).sum();
 * }
 * }
 *
 * <p>Views (slices, transposes, fields ...) share the bytes and have nothing to close: {@link #close()} revokes them
 * all. Opening costs the same for every size of file.
 */
public final class MappedArray extends ArrayView implements AutoCloseable {
    private final MappedMemory memory;
    private final ArrayFormat format;
    private final long dataOffset;

    /**
     * An array that owns its mapping.
     *
     * @param data the bytes of the elements
     */
    MappedArray(MappedMemory memory, ByteSlice data, ArrayHeader header) {
        super(
                new ArrayOrigin(header.name()),
                data,
                header.descriptor(),
                ArrayLayout.contiguous(
                        header.shape(), header.order(), header.descriptor().itemBytes()));
        this.memory = memory;
        this.format = header.format();
        this.dataOffset = header.dataOffset();
    }

    // ------------------------------------------------------------------------------------------------- open, create

    /**
     * Opens a file whose format its content tells: {@code .npy}, {@code .mmap}, or a {@code .npz} with one member.
     *
     * @throws ArrayFileException if it is not what its format says, or cannot be mapped
     * @throws MappingException if the system refuses
     */
    public static MappedArray open(Path path, MapMode mode) throws IOException {
        return ArrayFiles.open(path, mode, ArrayOptions.DEFAULT);
    }

    /**
     * Opens a file whose format its content tells, with another lifetime, hints, limits, or an expected dtype.
     *
     * @throws ArrayFileException if it is not what its format says, cannot be mapped, or has another dtype than
     *     expected
     * @throws MappingException if the system refuses
     */
    public static MappedArray open(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.open(path, mode, options);
    }

    /** Opens a NumPy {@code .npy}; anything else is an {@link ArrayFileException}. */
    public static MappedArray openNpy(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openNpy(path, mode, options);
    }

    /** Opens a SciRS2 {@code .mmap}; anything else is an {@link ArrayFileException}. */
    public static MappedArray openSci(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openSci(path, mode, options);
    }

    /**
     * Opens a stored member of a {@code .npz}, in place; its name may leave out {@code .npy}. See
     * {@link NpzMember#list}.
     */
    public static MappedArray openMember(Path path, String member, MapMode mode, ArrayOptions options)
            throws IOException {
        return ArrayFiles.openMember(path, member, mode, options);
    }

    /**
     * Opens a file without a header, from its first byte on and in C order:
     * {@code openRaw(path, MapMode.READ_ONLY, "<f4", -1, 3)}.
     *
     * @param dtype as {@link DType#parse} reads it
     * @param shape the length of each axis; one may be -1, for as many as the file has. Without lengths, the array has
     *     one axis as long as the file
     * @throws ArrayFileException if the file does not have that shape
     */
    public static MappedArray openRaw(Path path, MapMode mode, String dtype, long... shape) throws IOException {
        RawLayout raw = RawLayout.of(DType.parse(dtype), shape.length == 0 ? new long[] {-1} : shape);
        return openRaw(path, raw, mode, ArrayOptions.DEFAULT);
    }

    /**
     * Opens a file without a header, with any layout.
     *
     * @throws ArrayFileException if the file does not have that shape
     */
    public static MappedArray openRaw(Path path, RawLayout raw, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openRaw(path, raw, mode, options);
    }

    /**
     * Creates a file of zeros, replacing one that is there, and opens it for reading and writing. Whole or not at all;
     * blocks are allocated, so that a full disk is an error here and the old file stays.
     *
     * @throws dev.quire.error.FileRefusedException with {@code FILE_BUSY} on Windows, if the file that is there is
     *     mapped or open
     */
    public static MappedArray create(Path path, ArraySpec spec) throws IOException {
        return created(path, spec, _ -> {});
    }

    /**
     * Creates a file with one value in every element, as {@link #create(Path, ArraySpec)} does.
     *
     * @throws ArithmeticException if it is not a value of the dtype; no file is made then
     */
    public static MappedArray create(Path path, ArraySpec spec, double fill) throws IOException {
        return created(path, spec, array -> array.fill(fill));
    }

    /**
     * Creates a file with one whole number in every element, as {@link #create(Path, ArraySpec)} does.
     *
     * @throws ArithmeticException if it is not a value of the dtype; no file is made then
     */
    public static MappedArray create(Path path, ArraySpec spec, long fill) throws IOException {
        return created(path, spec, array -> array.fill(fill));
    }

    /**
     * Creates a file with the elements of another array, converted as {@link #copyFrom(ArrayView)} does.
     *
     * @throws ArithmeticException if one is not a value of the dtype; no file is made then
     */
    public static MappedArray create(Path path, ArraySpec spec, ArrayView source) throws IOException {
        return created(path, spec, array -> array.copyFrom(source));
    }

    /**
     * Creates a file with the elements of a Java array, converted as {@link #copyFrom(Object)} does.
     *
     * @param javaArray nested as the spec's shape, or flat with as many elements
     * @throws ArithmeticException if one is not a value of the dtype; no file is made then
     */
    public static MappedArray create(Path path, ArraySpec spec, Object javaArray) throws IOException {
        return created(path, spec, array -> array.copyFrom(javaArray));
    }

    private static MappedArray created(Path path, ArraySpec spec, ArrayFiller filler) throws IOException {
        ArrayCreation.create(path, spec, filler);
        if (spec.formatOf(path).hasFormat(ArrayFormat.RAW)) {
            RawLayout raw = new RawLayout(spec.dtype(), spec.shape().dims(), spec.order(), 0);
            return openRaw(path, raw, MapMode.READ_WRITE, ArrayOptions.DEFAULT);
        }
        return open(path, MapMode.READ_WRITE);
    }

    /** Saves a Java array, flat or nested, in the format the name asks for and the dtype of its components. */
    public static void save(Path path, Object javaArray) throws IOException {
        ArraySpec spec = JavaArrays.spec(javaArray).formatOf(path);
        ArrayCreation.create(path, spec, array -> array.copyFrom(javaArray));
    }

    /** Loads a file as a Java array, nested as its shape: {@code double[][]} for a 2-d {@code f8}. */
    public static Object load(Path path) throws IOException {
        try (MappedArray array = open(path, MapMode.READ_ONLY)) {
            return array.toJavaArray();
        }
    }

    /** Appends rows to a {@code .npy} file: see {@link ArrayAppender}. Returns the new shape. */
    public static Shape append(Path path, ArrayView rows) throws IOException {
        try (ArrayAppender appender = ArrayAppender.open(path)) {
            return appender.append(rows);
        }
    }

    // ------------------------------------------------------------------------------------------------------- the file

    /** The format of the file. */
    public ArrayFormat format() {
        return format;
    }

    /** What was asked for when it was opened. */
    public MapMode mode() {
        return memory.mode();
    }

    /** Bytes of the file before the first element. */
    public long dataOffset() {
        return dataOffset;
    }

    /** The mapping underneath, of the whole file. */
    public MappedMemory memory() {
        return memory;
    }

    /** Whether a write was made, or a writable view of the bytes handed out, since it was opened. */
    public boolean isDirty() {
        return origin.isDirty();
    }

    /** The whole array, for others who are not to close it. */
    public ArrayView view() {
        return new ArrayView(origin, bytes, descriptor(), layout);
    }

    /**
     * Revokes this array and every view of it, and unmaps. Closing again does nothing; nor does closing an array of
     * {@link dev.quire.Lifetime#AUTO}, which stays mapped as long as a view is reachable, or of a
     * {@link dev.quire.MappingGroup}, which ends with the group.
     */
    @Override
    public void close() {
        if (memory instanceof Mapping mapping) {
            mapping.close();
        }
    }

    @Override
    public String toString() {
        String mode = mode().name().toLowerCase(Locale.ROOT).replace('_', '-');
        String state = mode() == MapMode.COPY_ON_WRITE ? (isDirty() ? " (dirty)" : " (clean)") : "";
        return "MappedArray " + mode + state + ", " + description();
    }
}

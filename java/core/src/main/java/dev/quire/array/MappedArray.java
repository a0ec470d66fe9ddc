package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A mapped array of any number of axes: shape, strides and an element type over mapped bytes.
 *
 * {@snippet :
 * try (MappedArray prices = MappedArray.open(path, MapMode.READ_ONLY)) {
 *     double first = prices.getDouble(0, 3);
 *     double[] sums = prices.slice("::2, 1:").along(0).sum();
 * }
 * }
 *
 * <p>Views (slices, transposes, fields ...) share the bytes, and {@link #close()} on the array or on any of its views revokes all.
 * Element access promises that the virtual machine survives a truncated file; everything that goes through many elements throws
 * {@link dev.quire.error.MemoryFaultException} before it hands out a result. Threads may share an array as its
 * {@link dev.quire.Lifetime} says; nothing here synchronises accesses to elements. Opening costs the same for every size of file.
 */
public final class MappedArray extends ArrayContents implements AutoCloseable {
    MappedArray(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        super(origin, bytes, descriptor, layout);
    }

    // ------------------------------------------------------------------------------------------------- open, create

    /** Opens a file whose format its content tells: {@code .npy}, {@code .mmap}, or a {@code .npz} with one member. */
    public static MappedArray open(Path path, MapMode mode) throws IOException {
        return ArrayFiles.open(path, mode, ArrayOptions.DEFAULT);
    }

    /**
     * The same with options.
     *
     * @throws ArrayFileException if it is not what its format says, or cannot be mapped
     * @throws MappingException if the system refuses
     */
    public static MappedArray open(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.open(path, mode, options);
    }

    /** Opens a NumPy {@code .npy}. */
    public static MappedArray openNpy(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openNpy(path, mode, options);
    }

    /** Opens a SciRS2 {@code .mmap}. */
    public static MappedArray openSci(Path path, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openSci(path, mode, options);
    }

    /** Opens a stored member of a {@code .npz}, in place; its name may leave out {@code .npy}. See {@link NpzMember#list}. */
    public static MappedArray openMember(Path path, String member, MapMode mode, ArrayOptions options)
            throws IOException {
        return ArrayFiles.openMember(path, member, mode, options);
    }

    /** Opens bytes without a header. */
    public static MappedArray openRaw(Path path, RawLayout raw, MapMode mode, ArrayOptions options) throws IOException {
        return ArrayFiles.openRaw(path, raw, mode, options);
    }

    /** Mapped bytes that somebody else keeps, as an array; closing it does nothing. They may be longer than needed. */
    public static MappedArray over(ByteSlice bytes, DType dtype, Shape shape, Order order) {
        ArrayLayout layout = ArrayLayout.contiguous(shape, order, dtype.itemBytes());
        MapMode mode = bytes.isReadOnly() ? MapMode.READ_ONLY : MapMode.READ_WRITE;
        ArrayOrigin origin = ArrayOrigin.borrowed(bytes.region().subject().text(), mode, bytes.offset());
        return new MappedArray(origin, bytes.slice(0, shape.byteCount(dtype.itemBytes())), dtype, layout);
    }

    /**
     * Creates a file of zeros, replacing one that is there, and opens it for reading and writing. Whole or not at all; blocks are
     * allocated, so that a full disk is a refusal here and the old file stays.
     *
     * @throws dev.quire.error.FileRefusedException with {@code FILE_BUSY} on Windows, if the file that is there is mapped or open
     */
    public static MappedArray create(Path path, ArraySpec spec) throws IOException {
        return create(path, spec, _ -> {});
    }

    /** The same with one value in every element. */
    public static MappedArray create(Path path, ArraySpec spec, double fill) throws IOException {
        return create(path, spec, array -> array.fill(fill));
    }

    /** The same from another array, converted as {@link #copyFrom(MappedArray)} does. */
    public static MappedArray create(Path path, ArraySpec spec, MappedArray source) throws IOException {
        return create(path, spec, array -> array.copyFrom(source));
    }

    /** The same from a Java array, flat or nested; its shape must be the spec's or, for a flat one, have as many elements. */
    public static MappedArray create(Path path, ArraySpec spec, Object javaArray) throws IOException {
        return create(path, spec, array -> JavaArrays.copy(javaArray, array));
    }

    private static MappedArray create(Path path, ArraySpec spec, ArrayCreation.Filler filler) throws IOException {
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
        ArrayCreation.create(path, spec, array -> JavaArrays.copy(javaArray, array));
    }

    /**
     * Saves this array, or view, in the format the name asks for. A {@code .npy} is in Fortran order if the elements here are and not
     * also in C order, as NumPy's {@code save} has it; all else is in C order.
     */
    public void save(Path path) throws IOException {
        ArraySpec spec = ArraySpec.of(dtype(), shape()).formatOf(path);
        if (spec.hasFormat(ArrayFormat.NPY) && isContiguous(Order.FORTRAN) && !isContiguous(Order.C)) {
            spec = spec.order(Order.FORTRAN);
        }
        ArrayCreation.create(path, spec, array -> array.copyFrom(this));
    }

    /** Loads a file as a Java array, nested as its shape: {@code double[][]} for a 2-d {@code f8}. */
    public static Object load(Path path) throws IOException {
        try (MappedArray array = open(path, MapMode.READ_ONLY)) {
            return array.toJavaArray();
        }
    }

    /** Appends rows to a {@code .npy} file: see {@link ArrayAppender}. Returns the new shape. */
    public static Shape append(Path path, MappedArray rows) throws IOException {
        try (ArrayAppender appender = ArrayAppender.open(path)) {
            return appender.append(rows);
        }
    }

    // --------------------------------------------------------------------------------------------------------- views

    private MappedArray view(ArrayLayout newLayout) {
        return new MappedArray(origin, bytes, descriptor(), newLayout);
    }

    /** What Python writes between brackets: {@code slice("0:10, ::-2")}, {@code slice("..., 3")}. */
    public MappedArray slice(String selection) {
        return view(layout.select(Index.parse(selection)));
    }

    /** A selection: {@code slice(Index.range(0, 10), Index.at(3))}. */
    public MappedArray slice(Index... parts) {
        return view(layout.select(List.of(parts)));
    }

    /** One position of an axis, which goes away. */
    public MappedArray index(int axis, long position) {
        return view(layout.at(axis, position));
    }

    MappedArray insertAxis(int axis) {
        return view(layout.insertAxis(axis));
    }

    /** The axes in reverse, or in the order given. */
    public MappedArray transpose(int... axes) {
        return view(axes.length == 0 ? layout.transpose() : layout.transpose(axes));
    }

    /**
     * Another shape over the same elements in C sequence.
     *
     * @throws ArrayFileException.NotContiguous if that has no strides, so that a copy would be needed
     */
    public MappedArray reshape(long... dims) throws ArrayFileException.NotContiguous {
        Shape target = Shape.of(dims);
        return view(layout.reshape(target, Order.C)
                .orElseThrow(() -> new ArrayFileException.NotContiguous(
                        origin.name, "no view of shape " + target + " of " + layout + "; copy it first")));
    }

    /** All elements as one axis; throws as {@link #reshape} does. */
    public MappedArray flatten() throws ArrayFileException.NotContiguous {
        return reshape(shape().elementCount());
    }

    /** Axes of length 1, and missing ones in front, repeated up to a shape. */
    public MappedArray broadcast(long... dims) {
        return new MappedArray(origin, bytes, descriptor(), layout.broadcast(Shape.of(dims)));
    }

    /** One field of every structured element. */
    public MappedArray field(String name) {
        if (!(descriptor() instanceof StructuredType structured)) {
            throw new UnsupportedOperationException(
                    "the elements of " + origin.name + " have no fields: " + descriptor());
        }
        StructuredType.Field field = structured
                .field(name)
                .orElseThrow(() ->
                        new IllegalArgumentException("no field " + PythonText.quote(name) + " in " + descriptor()));
        if (field.type() instanceof UnmappableType unmappable) {
            throw new UnsupportedOperationException("field " + field + " is of " + unmappable.kind());
        }
        ArrayLayout part = layout.part(field.offset(), field.type().itemBytes(), field.shape());
        return new MappedArray(origin, bytes, field.type(), part);
    }

    /** The real part of every complex element. */
    public MappedArray real() {
        return half(0);
    }

    /** The imaginary part of every complex element. */
    public MappedArray imaginary() {
        return half(1);
    }

    private MappedArray half(int place) {
        ElementType type = dtype().type();
        if (!type.isComplex()) {
            throw new UnsupportedOperationException(type + " elements have no parts");
        }
        ElementType part = type == ElementType.COMPLEX64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        ArrayLayout half = layout.part((long) place * part.itemBytes(), part.itemBytes(), Shape.of());
        return new MappedArray(origin, bytes, new DType(part, dtype().order()), half);
    }

    /** Parts of at most so many positions of the first axis, one after the other. */
    public Stream<MappedArray> chunks(long positions) {
        if (positions < 1) {
            throw new IllegalArgumentException("chunks of " + positions);
        }
        long length = shape().dim(0);
        return LongStream.range(0, Math.ceilDiv(length, positions))
                .map(chunk -> chunk * positions)
                .mapToObj(from -> slice(Index.range(from, from + Math.min(positions, length - from))));
    }

    /**
     * The same array, which closing does not close: for who lends it to others.
     */
    public MappedArray lent() {
        return new MappedArray(origin.lent(), bytes, descriptor(), layout);
    }

    /** Revokes this array and every view of the same file, and unmaps. Closing again does nothing. */
    @Override
    public void close() {
        origin.close();
    }

    @Override
    public String toString() {
        String mode = origin.mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
        String state = origin.mode == MapMode.COPY_ON_WRITE ? (isDirty() ? " (dirty)" : " (clean)") : "";
        return "MappedArray " + mode + state + ", shape " + shape() + ", strides " + Arrays.toString(strideBytes())
                + " bytes, dtype " + descriptor() + ", " + origin.name;
    }
}

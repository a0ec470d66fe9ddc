package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MappedMemory;
import dev.quire.advice.Advice;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
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
public final class MappedArray extends ArrayElements implements AutoCloseable {
    private final Descriptor descriptor;

    MappedArray(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        super(origin, bytes, descriptor, layout);
        this.descriptor = descriptor;
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
    public static MappedArray openRaw(Path path, RawLayout raw, MapMode mode, ArrayOptions options)
            throws IOException {
        return ArrayFiles.openRaw(path, raw, mode, options);
    }

    /** Mapped bytes that somebody else keeps, as an array; closing it does nothing. They may be longer than needed. */
    public static MappedArray over(ByteSlice bytes, DType dtype, Shape shape, Order order) {
        ArrayLayout layout = ArrayLayout.contiguous(shape, order, dtype.itemBytes());
        MapMode mode = bytes.isReadOnly() ? MapMode.READ_ONLY : MapMode.READ_WRITE;
        ArrayOrigin origin =
                ArrayOrigin.borrowed(bytes.region().subject().text(), mode, bytes.offset());
        return new MappedArray(origin, bytes.slice(0, shape.byteCount(dtype.itemBytes())), dtype, layout);
    }

    /**
     * Creates a file of zeros, replacing one that is there, and opens it for reading and writing. Whole or not at all; blocks are
     * allocated, so that a full disk is a refusal here and the old file stays.
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
        if (spec.format() == ArrayFormat.RAW) {
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

    /** Saves this array, or view, in the format the name asks for. */
    public void save(Path path) throws IOException {
        ArraySpec spec = ArraySpec.of(dtype(), shape()).formatOf(path);
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

    // --------------------------------------------------------------------------------------------------------- facts

    /** The length of each axis. */
    public Shape shape() {
        return layout.shape();
    }

    /** Bytes from one element to the next along each axis; negative for reversed axes, 0 for repeated ones. */
    public long[] strideBytes() {
        return layout.strides();
    }

    /** Element type and byte order. */
    public DType dtype() {
        if (descriptor instanceof DType dtype) {
            return dtype;
        }
        throw new UnsupportedOperationException(
                "the elements of " + origin.name + " are structured; take a field(name)");
    }

    /** What an element is: a {@link DType}, or a {@link StructuredType} whose {@link #field fields} are arrays. */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Where it came from. */
    public ArrayFormat format() {
        return origin.format;
    }

    /** What was asked for when it was opened. */
    public MapMode mode() {
        return origin.mode;
    }

    /** The file, or {@code archive.npz!member}, or a description of memory. */
    public String name() {
        return origin.name;
    }

    /** Bytes of the file before the data of the whole array. */
    public long dataOffset() {
        return origin.dataOffset;
    }

    /** The mapping underneath; empty if somebody else keeps it. */
    public Optional<MappedMemory> memory() {
        return origin.memory;
    }

    /** Whether a write was made or a writable view of the bytes handed out since it was opened. */
    public boolean isDirty() {
        return origin.isDirty();
    }

    /** Whether the elements follow each other without gaps. */
    public boolean isContiguous(Order order) {
        return layout.isContiguous(order);
    }

    /**
     * The bytes from the first to the last element, gaps included.
     */
    public ByteSlice bytes() {
        if (!readOnly) {
            origin.touch();
        }
        return span();
    }

    private ByteSlice span() {
        return bytes.slice(layout.lowestByte(), layout.endByte() - layout.lowestByte());
    }

    // --------------------------------------------------------------------------------------------------------- views

    private MappedArray view(ArrayLayout newLayout) {
        return new MappedArray(origin, bytes, descriptor, newLayout);
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
        return view(layout.reshape(target, Order.C).orElseThrow(() -> new ArrayFileException.NotContiguous(
                origin.name, "no view of shape " + target + " of " + layout + "; copy it first")));
    }

    /** All elements as one axis; throws as {@link #reshape} does. */
    public MappedArray flatten() throws ArrayFileException.NotContiguous {
        return reshape(shape().elementCount());
    }

    /** Axes of length 1, and missing ones in front, repeated up to a shape. */
    public MappedArray broadcast(long... dims) {
        return new MappedArray(origin, bytes, descriptor, layout.broadcast(Shape.of(dims)));
    }

    /** One field of every structured element. */
    public MappedArray field(String name) {
        if (!(descriptor instanceof StructuredType structured)) {
            throw new UnsupportedOperationException("the elements of " + origin.name + " have no fields: " + descriptor);
        }
        StructuredType.Field field = structured
                .field(name)
                .orElseThrow(() -> new IllegalArgumentException("no field " + PythonText.quote(name) + " in " + descriptor));
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
        return LongStream.iterate(0, from -> from < length, from -> from + positions)
                .mapToObj(from -> slice(Index.range(from, Math.min(length, from + positions))));
    }

    // ---------------------------------------------------------------------------------------------------------- bulk

    private Runs.Memory elements() {
        return new Runs.Memory(segment, dtype().type(), swapped);
    }

    private <T> T guarded(Supplier<T> block) {
        return Faults.guarded(bytes.region(), block);
    }

    /** What is done with each element in {@link #forEach}. */
    @FunctionalInterface
    public interface Visitor {
        /** Takes one element. */
        void accept(double value);
    }

    /** Every element as a double, in the sequence of memory. No value that a fault touched is handed over. */
    public void forEach(Visitor visitor) {
        Runs.Memory memory = elements();
        double[] buffer = new double[Runs.CHUNK];
        RunCursor run = RunCursor.inMemory(layout);
        while (run.next(buffer.length)) {
            guarded(() -> {
                Runs.read(memory, run, buffer, 0);
                return true;
            });
            for (int i = 0; i < run.count; i++) {
                visitor.accept(buffer[i]);
            }
        }
    }

    /** All elements as doubles in C sequence. */
    public double[] toDoubles() {
        return guarded(() -> {
            double[] all = new double[JavaArrays.length(shape())];
            ArrayCopies.read(elements(), layout, all);
            return all;
        });
    }

    /** All whole numbers in C sequence; {@code u8} as bits. */
    public long[] toLongs() {
        return guarded(() -> {
            long[] all = new long[JavaArrays.length(shape())];
            ArrayCopies.read(elements(), layout, all);
            return all;
        });
    }

    /** A Java array nested as the shape, of the narrowest component that holds the dtype. */
    public Object toJavaArray() {
        return guarded(() -> JavaArrays.from(this));
    }

    /** Stores all elements from a flat array in C sequence. */
    public void copyFrom(double[] values) {
        JavaArrays.copy(values, this);
    }

    /** Stores all whole numbers from a flat array in C sequence. */
    public void copyFrom(long[] values) {
        JavaArrays.copy(values, this);
    }

    /** Stores the elements of another array of the same shape, or one that can be broadcast to it; see the other method. */
    public void copyFrom(MappedArray source) {
        copyFrom(source, _ -> {});
    }

    /**
     * Stores the elements of another array. Whole numbers must be values of this dtype and floats must not become infinite, or it
     * is an {@link ArithmeticException}; floats are rounded. A complex array takes real ones; the reverse is refused. The bytes
     * of both must not overlap, or be the same.
     *
     * @param progress told the number of elements done, now and then
     */
    public void copyFrom(MappedArray source, LongConsumer progress) {
        requireWritable();
        MappedArray from = source.shape().equals(shape()) ? source : source.broadcast(shape().dims());
        if (dtype().type().isComplex()) {
            real().copyFrom(from.dtype().type().isComplex() ? from.real() : from, progress);
            if (from.dtype().type().isComplex()) {
                imaginary().copyFrom(from.imaginary(), progress);
            } else {
                imaginary().fill(0);
            }
            return;
        }
        guarded(() -> source.guarded(() -> {
            ArrayCopies.copy(from.elements(), from.layout, elements(), layout, progress);
            return true;
        }));
    }

    /** Stores one value in every element; in complex ones as the real part. */
    public void fill(double value) {
        requireWritable();
        if (dtype().type().isComplex()) {
            real().fill(value);
            imaginary().fill(0);
            return;
        }
        double[] values = new double[Runs.CHUNK];
        Arrays.fill(values, value);
        guarded(() -> {
            RunCursor run = RunCursor.inMemory(layout);
            while (run.next(Runs.CHUNK)) {
                Runs.write(elements(), run, values, 0);
            }
            return true;
        });
    }

    void write(double[] values, int from) {
        requireWritable();
        ArrayCopies.write(elements(), layout, values, from);
    }

    void write(long[] values, int from) {
        requireWritable();
        ArrayCopies.write(elements(), layout, values, from);
    }

    <T> T guardedWrite(Supplier<T> block) {
        requireWritable();
        return guarded(block);
    }

    // ----------------------------------------------------------------------------------------------------- reductions

    private <T> T reduced(java.util.function.Function<ArrayReductions, T> reduction) {
        return guarded(() -> reduction.apply(new ArrayReductions(elements(), layout)));
    }

    /** Count, sum, mean, deviation and extremes of all elements, with NaN as NumPy has it. */
    public Summary summary() {
        return reduced(ArrayReductions::summary);
    }

    /** The same of whole numbers or bools, with an exact sum. */
    public IntegerSummary wholeSummary() {
        return reduced(ArrayReductions::wholeSummary);
    }

    /** The sum of all elements. */
    public double sum() {
        return reduced(ArrayReductions::sum);
    }

    /** The mean of all elements; NaN if there is none. */
    public double mean() {
        return sum() / shape().elementCount();
    }

    /** The standard deviation of all elements, dividing by the count; NaN if there is none. */
    public double std() {
        return summary().std();
    }

    /** The smallest element; NaN if there is a NaN or no element. */
    public double min() {
        return reduced(ArrayReductions::min);
    }

    /** The largest element; NaN if there is a NaN or no element. */
    public double max() {
        return reduced(ArrayReductions::max);
    }

    /** The place in C sequence of the first smallest element, or of the first NaN. */
    public long argmin() {
        return reduced(all -> all.argExtreme(true));
    }

    /** The place in C sequence of the first largest element, or of the first NaN. */
    public long argmax() {
        return reduced(all -> all.argExtreme(false));
    }

    /** Whether any element is not 0; NaN is not. */
    public boolean any() {
        return reduced(all -> all.hasTruth(true));
    }

    /** Whether no element is 0. */
    public boolean all() {
        return !reduced(all -> all.hasTruth(false));
    }

    /** Reductions along an axis: {@code along(0).sum()} has one sum for each column of a 2-d array. */
    public AxisReduction along(int axis) {
        Objects.checkIndex(axis, shape().rank());
        return new AxisReduction(bytes.region(), elements(), layout, axis);
    }

    // ---------------------------------------------------------------------------------------------------------- pages

    /** Gives a hint for the pages that hold these elements. */
    public Outcome advise(Advice advice) {
        return span().advise(advice);
    }

    /** Asks for the pages to be read in, and returns at once. */
    public Outcome prefetch() {
        return span().prefetch();
    }

    /** Brings the pages in. */
    public Outcome populate() throws MappingException {
        return span().populate();
    }

    /** Which of the pages are in memory. */
    public Residency residency() {
        return span().residency();
    }

    /** Writes all changes of the file to the device. Copy-on-write and read-only arrays have none. */
    public void flush() throws MappingException {
        if (origin.memory.isPresent()) {
            origin.memory.get().flush();
        }
    }

    /**
     * The same array, which closing does not close: for who lends it to others.
     */
    public MappedArray lent() {
        return new MappedArray(origin.lent(), bytes, descriptor, layout);
    }

    /** The bytes from the first to the last element as a segment of the JDK. */
    public MemorySegment segment() {
        return bytes().segment();
    }

    /** Revokes this array and every view of the same file, and unmaps. Closing again does nothing. */
    @Override
    public void close() {
        origin.close();
    }

    @Override
    public String toString() {
        String mode = origin.mode.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        String state = origin.mode == MapMode.COPY_ON_WRITE ? (isDirty() ? " (dirty)" : " (clean)") : "";
        return "MappedArray " + mode + state + ", shape " + shape() + ", strides " + Arrays.toString(strideBytes())
                + " bytes, dtype " + descriptor + ", " + origin.name;
    }
}

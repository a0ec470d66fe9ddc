package dev.quire.array;

import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.internal.Faults;
import dev.quire.internal.Pages;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.IntegerSummary;
import dev.quire.slice.Summary;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleConsumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Elements of any number of axes in mapped memory: shape, strides and an element type over bytes that somebody else
 * keeps mapped. A view has nothing to close. It lives as long as its memory: once the {@link MappedArray}, the
 * {@link dev.quire.Mapping} or the lease that it came from is closed, every method that touches elements throws
 * {@link IllegalStateException}.
 *
 * <p><b>Elements.</b> Indices come first, one for each axis, count from 0 and are checked; another number of indices
 * than the array has axes is an {@link IllegalArgumentException}. The methods for one to four axes make no garbage.
 * {@code getDouble} reads every type but complex ones; {@code getLong} whole numbers and bool, {@code uint64} as its
 * bits; {@code getInt} the types that an int holds; {@code getFloat} those that a float holds: anything else is an
 * {@link UnsupportedOperationException}. The package's text says which values a type has: any other is an
 * {@link ArithmeticException} from every method that stores.
 *
 * <p><b>Views of views</b> share the bytes and copy nothing. <b>Reductions and copies</b> of many elements throw
 * {@link dev.quire.error.MemoryFaultException} before they hand out a result that a truncated file damaged; access to
 * single elements promises only that the virtual machine survives. Threads may share a view as the
 * {@link dev.quire.Lifetime} of its memory says; nothing here synchronises accesses to elements.
 */
public sealed class ArrayView permits MappedArray {
    final ArrayOrigin origin;
    final ByteSlice bytes;
    final ArrayLayout layout;
    private final Descriptor descriptor;
    private final MemorySegment segment;
    private final boolean swapped;
    private final boolean readOnly;
    private final ElementType type;
    private final int rank;
    private final long offset;
    private final long dim0;
    private final long dim1;
    private final long dim2;
    private final long dim3;
    private final long stride0;
    private final long stride1;
    private final long stride2;
    private final long stride3;
    private final int threads;

    ArrayView(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout) {
        this(origin, bytes, descriptor, layout, 1);
    }

    private ArrayView(ArrayOrigin origin, ByteSlice bytes, Descriptor descriptor, ArrayLayout layout, int threads) {
        this.threads = threads;
        this.origin = origin;
        this.bytes = bytes;
        this.layout = layout;
        this.descriptor = descriptor;
        this.segment = bytes.segment();
        this.readOnly = bytes.isReadOnly();
        boolean plain = descriptor instanceof DType;
        this.type = descriptor instanceof DType dtype ? dtype.type() : ElementType.UINT8;
        this.swapped = descriptor instanceof DType dtype && dtype.order() != ByteOrder.nativeOrder();
        int axes = layout.shape().rank();
        this.rank = plain ? axes : -1; // a structured element is not a number, so no count of indices is right
        this.offset = layout.offset();
        this.dim0 = axes > 0 ? layout.shape().dim(0) : 0;
        this.dim1 = axes > 1 ? layout.shape().dim(1) : 0;
        this.dim2 = axes > 2 ? layout.shape().dim(2) : 0;
        this.dim3 = axes > 3 ? layout.shape().dim(3) : 0;
        this.stride0 = axes > 0 ? layout.stride(0) : 0;
        this.stride1 = axes > 1 ? layout.stride(1) : 0;
        this.stride2 = axes > 2 ? layout.stride(2) : 0;
        this.stride3 = axes > 3 ? layout.stride(3) : 0;
    }

    /**
     * Mapped bytes as an array, without a copy: those of a mapping, of a lease, of shared memory. They may be longer
     * than the array.
     *
     * @throws IndexOutOfBoundsException if they are shorter
     */
    public static ArrayView over(ByteSlice bytes, DType dtype, Shape shape, Order order) {
        ArrayLayout layout = ArrayLayout.contiguous(shape, order, dtype.itemBytes());
        ArrayOrigin origin = new ArrayOrigin(SliceDoor.region(bytes).subject().text());
        return new ArrayView(origin, bytes.slice(0, shape.byteCount(dtype.itemBytes())), dtype, layout);
    }

    // ------------------------------------------------------------------------------------------------------- elements

    private long at(long i) {
        requireRank(1);
        try {
            return offset + Objects.checkIndex(i, dim0) * stride0;
        } catch (IndexOutOfBoundsException e) {
            throw outside(e, i);
        }
    }

    private long at(long i, long j) {
        requireRank(2);
        try {
            return offset + Objects.checkIndex(i, dim0) * stride0 + Objects.checkIndex(j, dim1) * stride1;
        } catch (IndexOutOfBoundsException e) {
            throw outside(e, i, j);
        }
    }

    private long at(long i, long j, long k) {
        requireRank(3);
        try {
            return offset
                    + Objects.checkIndex(i, dim0) * stride0
                    + Objects.checkIndex(j, dim1) * stride1
                    + Objects.checkIndex(k, dim2) * stride2;
        } catch (IndexOutOfBoundsException e) {
            throw outside(e, i, j, k);
        }
    }

    private long at(long i, long j, long k, long l) {
        requireRank(4);
        try {
            return offset
                    + Objects.checkIndex(i, dim0) * stride0
                    + Objects.checkIndex(j, dim1) * stride1
                    + Objects.checkIndex(k, dim2) * stride2
                    + Objects.checkIndex(l, dim3) * stride3;
        } catch (IndexOutOfBoundsException e) {
            throw outside(e, i, j, k, l);
        }
    }

    private long at(long[] index) {
        requireRank(index.length);
        try {
            return layout.offsetOf(index);
        } catch (IndexOutOfBoundsException e) {
            throw named(e);
        }
    }

    /**
     * Which index, of which axis of which array. The JDK's check tells the number only, at no cost to those that pass.
     */
    private IndexOutOfBoundsException outside(IndexOutOfBoundsException check, long... index) {
        try {
            layout.offsetOf(index);
            return check;
        } catch (IndexOutOfBoundsException e) {
            return named(e);
        }
    }

    private IndexOutOfBoundsException named(IndexOutOfBoundsException e) {
        return new IndexOutOfBoundsException(origin.name + ": " + e.getMessage());
    }

    /** The JDK's exceptions after a close and in the wrong thread name no memory: these do. */
    private RuntimeException unreachable(RuntimeException e) {
        if (!segment.scope().isAlive()) {
            return new IllegalStateException("closed: " + origin.name, e);
        }
        Thread thread = Thread.currentThread();
        if (!segment.isAccessibleBy(thread)) {
            return new WrongThreadException(
                    origin.name + " belongs to the thread that opened it (CONFINED); this is " + thread.getName(), e);
        }
        return e;
    }

    private void requireRank(int indices) {
        if (rank != indices) {
            throw new IllegalArgumentException(origin.name + ": "
                    + (rank < 0
                            ? "the elements are structured; take a field(name)"
                            : indices + (indices == 1 ? " index" : " indices") + " for shape " + layout.shape()));
        }
    }

    private void requireWritable() {
        if (readOnly) {
            throw ErrorDoor.readOnly(SliceDoor.region(bytes).subject().readOnlyMessage(origin.name));
        }
        origin.touch();
    }

    private double doubleAt(long at) {
        try {
            return type == ElementType.FLOAT64
                    ? Elements.getDouble(segment, swapped, at)
                    : Elements.real(segment, type, swapped, at);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    private long longAt(long at) {
        try {
            return type == ElementType.INT64
                    ? Elements.getLong(segment, swapped, at)
                    : Elements.whole(segment, type, swapped, at);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    private int intAt(long at) {
        if (type == ElementType.UINT32 || type == ElementType.INT64 || type == ElementType.UINT64) {
            throw new UnsupportedOperationException("an int does not hold " + type + " elements; use getLong");
        }
        try {
            return type == ElementType.INT32
                    ? Elements.getInt(segment, swapped, at)
                    : (int) Elements.whole(segment, type, swapped, at);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    private float floatAt(long at) {
        if (type.kind() != 'f' || type == ElementType.FLOAT64) {
            throw new UnsupportedOperationException("a float does not hold " + type + " elements; use getDouble");
        }
        try {
            return type == ElementType.FLOAT32
                    ? Elements.getFloat(segment, swapped, at)
                    : (float) Elements.real(segment, type, swapped, at);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    private void storeDouble(long at, double value) {
        requireWritable();
        try {
            Elements.setReal(segment, type, swapped, at, value);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    private void storeLong(long at, long value) {
        requireWritable();
        try {
            Elements.setWhole(segment, type, swapped, at, value);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    /** Reads the element {@code [i]} of a 1-d array as a double. */
    public final double getDouble(long i) {
        return doubleAt(at(i));
    }

    /** Reads the element {@code [i, j]} of a 2-d array as a double. */
    public final double getDouble(long i, long j) {
        return doubleAt(at(i, j));
    }

    /** Reads the element {@code [i, j, k]} of a 3-d array as a double. */
    public final double getDouble(long i, long j, long k) {
        return doubleAt(at(i, j, k));
    }

    /** Reads the element {@code [i, j, k, l]} of a 4-d array as a double. */
    public final double getDouble(long i, long j, long k, long l) {
        return doubleAt(at(i, j, k, l));
    }

    /** Reads an element of an array of any rank as a double; without an index, the only element of a 0-d array. */
    public final double getDouble(long... index) {
        return doubleAt(at(index));
    }

    /** Reads the element {@code [i]} of a 1-d array as a long. */
    public final long getLong(long i) {
        return longAt(at(i));
    }

    /** Reads the element {@code [i, j]} of a 2-d array as a long. */
    public final long getLong(long i, long j) {
        return longAt(at(i, j));
    }

    /** Reads the element {@code [i, j, k]} of a 3-d array as a long. */
    public final long getLong(long i, long j, long k) {
        return longAt(at(i, j, k));
    }

    /** Reads the element {@code [i, j, k, l]} of a 4-d array as a long. */
    public final long getLong(long i, long j, long k, long l) {
        return longAt(at(i, j, k, l));
    }

    /** Reads an element of an array of any rank as a long; without an index, the only element of a 0-d array. */
    public final long getLong(long... index) {
        return longAt(at(index));
    }

    /** Reads the element {@code [i]} of a 1-d array as an int. */
    public final int getInt(long i) {
        return intAt(at(i));
    }

    /** Reads the element {@code [i, j]} of a 2-d array as an int. */
    public final int getInt(long i, long j) {
        return intAt(at(i, j));
    }

    /** Reads the element {@code [i, j, k]} of a 3-d array as an int. */
    public final int getInt(long i, long j, long k) {
        return intAt(at(i, j, k));
    }

    /** Reads the element {@code [i, j, k, l]} of a 4-d array as an int. */
    public final int getInt(long i, long j, long k, long l) {
        return intAt(at(i, j, k, l));
    }

    /** Reads an element of an array of any rank as an int; without an index, the only element of a 0-d array. */
    public final int getInt(long... index) {
        return intAt(at(index));
    }

    /** Reads the element {@code [i]} of a 1-d array as a float. */
    public final float getFloat(long i) {
        return floatAt(at(i));
    }

    /** Reads the element {@code [i, j]} of a 2-d array as a float. */
    public final float getFloat(long i, long j) {
        return floatAt(at(i, j));
    }

    /** Reads the element {@code [i, j, k]} of a 3-d array as a float. */
    public final float getFloat(long i, long j, long k) {
        return floatAt(at(i, j, k));
    }

    /** Reads the element {@code [i, j, k, l]} of a 4-d array as a float. */
    public final float getFloat(long i, long j, long k, long l) {
        return floatAt(at(i, j, k, l));
    }

    /** Reads an element of an array of any rank as a float; without an index, the only element of a 0-d array. */
    public final float getFloat(long... index) {
        return floatAt(at(index));
    }

    /** Stores a double as the element {@code [i]} of a 1-d array. */
    public final void setDouble(long i, double value) {
        storeDouble(at(i), value);
    }

    /** Stores a double as the element {@code [i, j]} of a 2-d array. */
    public final void setDouble(long i, long j, double value) {
        storeDouble(at(i, j), value);
    }

    /** Stores a double as the element {@code [i, j, k]} of a 3-d array. */
    public final void setDouble(long i, long j, long k, double value) {
        storeDouble(at(i, j, k), value);
    }

    /** Stores a double as the element {@code [i, j, k, l]} of a 4-d array. */
    public final void setDouble(long i, long j, long k, long l, double value) {
        storeDouble(at(i, j, k, l), value);
    }

    /** Stores a double in an array of any rank; a 0-d array has the index {@code {}}. */
    public final void setAt(long[] index, double value) {
        storeDouble(at(index), value);
    }

    /** Stores a whole number as the element {@code [i]} of a 1-d array. */
    public final void setLong(long i, long value) {
        storeLong(at(i), value);
    }

    /** Stores a whole number as the element {@code [i, j]} of a 2-d array. */
    public final void setLong(long i, long j, long value) {
        storeLong(at(i, j), value);
    }

    /** Stores a whole number as the element {@code [i, j, k]} of a 3-d array. */
    public final void setLong(long i, long j, long k, long value) {
        storeLong(at(i, j, k), value);
    }

    /** Stores a whole number as the element {@code [i, j, k, l]} of a 4-d array. */
    public final void setLong(long i, long j, long k, long l, long value) {
        storeLong(at(i, j, k, l), value);
    }

    /** Stores a whole number in an array of any rank; a 0-d array has the index {@code {}}. */
    public final void setAt(long[] index, long value) {
        storeLong(at(index), value);
    }

    // ---------------------------------------------------------------------------------------------------------- facts

    /** The length of each axis. */
    public final Shape shape() {
        return layout.shape();
    }

    /** The number of elements of all axes, NumPy's {@code size}. */
    public final long length() {
        return layout.shape().elementCount();
    }

    /** Whether there is no element. */
    public final boolean isEmpty() {
        return layout.shape().isEmpty();
    }

    /** Bytes from one element to the next along each axis; negative for reversed axes, 0 for repeated ones. */
    public final long[] strideBytes() {
        return layout.strides();
    }

    /**
     * Element type and byte order.
     *
     * @throws UnsupportedOperationException if the elements are structured
     */
    public final DType dtype() {
        if (descriptor instanceof DType dtype) {
            return dtype;
        }
        throw new UnsupportedOperationException(
                "the elements of " + origin.name + " are structured; take a field(name)");
    }

    /** What an element is: a {@link DType}, or a {@link StructuredType} whose {@link #field fields} are arrays. */
    public final Descriptor descriptor() {
        return descriptor;
    }

    /** The file, or {@code archive.npz!member}, or a description of memory. */
    public final String name() {
        return origin.name;
    }

    /** The path of the file as it was given, for a member that of its archive; empty for memory without a file. */
    public final Optional<Path> path() {
        String path = SliceDoor.region(bytes).subject().path();
        return path.isEmpty() ? Optional.empty() : Optional.of(FileNames.path(path));
    }

    /** Whether storing throws {@link ReadOnlyMemoryException}. */
    public final boolean isReadOnly() {
        return readOnly;
    }

    /** Whether the elements follow each other without gaps in this order. */
    public final boolean isContiguous(Order order) {
        return layout.isContiguous(order);
    }

    /** The bytes from the first to the last element, gaps included. */
    public final ByteSlice bytes() {
        if (!readOnly) {
            origin.touch();
        }
        return span();
    }

    private ByteSlice span() {
        return bytes.slice(layout.lowestByte(), layout.endByte() - layout.lowestByte());
    }

    /** The bytes from the first to the last element, gaps included, as a segment of the JDK. */
    public final MemorySegment segment() {
        return bytes().segment();
    }

    final Runs.Memory elements() {
        return new Runs.Memory(SliceDoor.region(bytes), segment, dtype().type(), swapped);
    }

    /**
     * Runs a block of accesses to single elements and throws its faults before it returns.
     *
     * @throws dev.quire.error.MemoryFaultException if the block met bytes that the file no longer has
     */
    public final <T> T guarded(Supplier<T> block) {
        long length = layout.endByte() - layout.lowestByte();
        try {
            return Faults.guarded(SliceDoor.region(bytes), bytes.offset() + layout.lowestByte(), length, block::get);
        } catch (IllegalStateException | WrongThreadException e) {
            throw unreachable(e);
        }
    }

    // ---------------------------------------------------------------------------------------------------------- views

    private ArrayView view(ArrayLayout newLayout) {
        return new ArrayView(origin, bytes, descriptor, newLayout, threads);
    }

    /**
     * Selects what Python writes between brackets: {@code slice("0:10, ::-2")}, {@code slice("..., 3")}.
     *
     * @throws IllegalArgumentException if it is not a selection, or has more indices than the array has axes
     * @throws IndexOutOfBoundsException if a single index is outside its axis
     */
    public final ArrayView slice(String selection) {
        return select(Index.parse(selection));
    }

    /**
     * Selects by one {@link Index} for each axis: {@code slice(Index.range(0, 10), Index.at(3))}. Axes without one are
     * taken whole.
     *
     * @throws IllegalArgumentException if there are more indices than the array has axes
     * @throws IndexOutOfBoundsException if a single index is outside its axis
     */
    public final ArrayView slice(Index... parts) {
        return select(List.of(parts));
    }

    private ArrayView select(List<Index> parts) {
        try {
            return view(layout.select(parts));
        } catch (IndexOutOfBoundsException e) {
            throw named(e);
        }
    }

    /**
     * One position of an axis, which the result does not have: a row of a table is {@code index(0, row)}. Negative
     * positions count from the end.
     *
     * @throws IndexOutOfBoundsException if the position is outside the axis, or there is no such axis
     */
    public final ArrayView index(int axis, long position) {
        try {
            return view(layout.at(axis, position));
        } catch (IndexOutOfBoundsException e) {
            throw named(e);
        }
    }

    final ArrayView insertAxis(int axis) {
        return view(layout.insertAxis(axis));
    }

    /**
     * The axes in another sequence: axis {@code i} of the result is axis {@code axes[i]} of this array; in reverse if
     * none are given.
     *
     * @throws IllegalArgumentException unless every axis is named once
     */
    public final ArrayView transpose(int... axes) {
        return view(axes.length == 0 ? layout.transpose() : layout.transpose(axes));
    }

    /**
     * A view of the elements, in C order, under another shape. One length may be -1, for as many as the others leave:
     * {@code reshape(-1)} is one axis of all elements.
     *
     * @throws IllegalArgumentException if the shape has another number of elements, or if it has no strides over these,
     *     so that they would have to be copied
     */
    public final ArrayView reshape(long... dims) {
        Shape target = Shape.holding(length(), dims);
        return view(layout.reshape(target, Order.C)
                .orElseThrow(() -> new IllegalArgumentException(
                        origin.name + ": no view of shape " + target + " of " + layout + "; copy it first")));
    }

    /**
     * All elements in C sequence as one axis.
     *
     * @throws IllegalArgumentException if they are not evenly spaced, so that they would have to be copied
     */
    public final ArrayView flatten() {
        return reshape(-1);
    }

    /**
     * Axes of length 1, and missing ones in front, repeated up to a shape. The repeats are the same bytes.
     *
     * @throws IllegalArgumentException if an axis of another length would have to change
     */
    public final ArrayView broadcast(long... dims) {
        return view(layout.broadcast(Shape.of(dims)));
    }

    /**
     * The same bytes as elements of another type of the same length, in the byte order that the dtype says: the bits of
     * {@code <u2} elements as {@code <bfloat16}, those of {@code <i4} as {@code <f4}. Nothing is copied.
     *
     * @throws IllegalArgumentException if elements of that type have another length
     * @throws UnsupportedOperationException if the elements are structured; take a {@link #field(String)}
     */
    public final ArrayView view(DType dtype) {
        DType now = dtype();
        if (now.itemBytes() != dtype.itemBytes()) {
            throw new IllegalArgumentException("elements of " + origin.name + " have " + now.itemBytes() + " bytes ("
                    + now + "), and those of " + dtype + " have " + dtype.itemBytes());
        }
        return new ArrayView(origin, bytes, dtype, layout, threads);
    }

    /**
     * One field of every structured element.
     *
     * @throws IllegalArgumentException if there is no field of that name
     * @throws UnsupportedOperationException if the elements have no fields, or the field is of a type that cannot be
     *     mapped
     */
    public final ArrayView field(String name) {
        if (!(descriptor instanceof StructuredType structured)) {
            throw new UnsupportedOperationException(
                    "the elements of " + origin.name + " have no fields: " + descriptor);
        }
        StructuredType.Field field = structured
                .field(name)
                .orElseThrow(
                        () -> new IllegalArgumentException("no field " + PythonText.quote(name) + " in " + descriptor));
        if (field.type() instanceof UnmappableType unmappable) {
            throw new UnsupportedOperationException("field " + field + " is of " + unmappable.kind());
        }
        ArrayLayout part = layout.part(field.offset(), field.type().itemBytes(), field.shape());
        return new ArrayView(origin, bytes, field.type(), part, threads);
    }

    /**
     * The real part of every complex element.
     *
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public final ArrayView real() {
        return half(0);
    }

    /**
     * The imaginary part of every complex element.
     *
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public final ArrayView imaginary() {
        return half(1);
    }

    private ArrayView half(int place) {
        ElementType whole = dtype().type();
        if (!whole.isComplex()) {
            throw new UnsupportedOperationException(whole + " elements have no parts");
        }
        ElementType part = whole == ElementType.COMPLEX64 ? ElementType.FLOAT32 : ElementType.FLOAT64;
        ArrayLayout half = layout.part((long) place * part.itemBytes(), part.itemBytes(), Shape.of());
        return new ArrayView(origin, bytes, new DType(part, dtype().order()), half, threads);
    }

    /**
     * Parts of at most so many positions of the first axis, one after the other.
     *
     * @throws IllegalArgumentException if the number is below 1, or the array is a single element without an axis
     */
    public final Stream<ArrayView> chunks(long positions) {
        if (positions < 1) {
            throw new IllegalArgumentException("chunks of " + positions);
        }
        if (shape().rank() == 0) {
            throw new IllegalArgumentException(origin.name + " has no axis to take chunks of: its shape is ()");
        }
        long length = shape().dim(0);
        return LongStream.range(0, Math.ceilDiv(length, positions))
                .map(chunk -> chunk * positions)
                .mapToObj(from -> slice(Index.range(from, from + Math.min(positions, length - from))));
    }

    // ----------------------------------------------------------------------------------------------------- reductions

    /**
     * The same elements, whose {@link #summary()}, {@link #integerSummary()}, {@link #sum()}, {@link #mean()},
     * {@link #std()}, {@link #min()} and {@link #max()} are computed by several threads. The results have the same bits
     * whatever the number. It pays where the elements take a millisecond or more and one thread does not use all of the
     * memory's bandwidth; below some 500,000 elements one thread does it. Views of the view do likewise; reductions
     * along an axis and searches stay with the calling thread.
     *
     * <p>The calling thread is one of the threads; a virtual thread waits for as many others, and its carrier is free
     * meanwhile. The others are daemon threads of the library, shared by all reductions. Nobody else may use memory of
     * {@link dev.quire.Lifetime#CONFINED} still, but they read it while its own thread waits for them. If the mapping
     * is closed meanwhile, the reduction throws {@link IllegalStateException}.
     *
     * @param threads how many at most; 1 for the calling thread alone
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public final ArrayView parallel(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("a reduction by " + threads + " threads; at least 1");
        }
        return new ArrayView(origin, bytes, descriptor, layout, threads);
    }

    private <T> T reduced(Function<ArrayReductions, T> reduction) {
        return guarded(() -> reduction.apply(new ArrayReductions(elements(), layout, threads)));
    }

    /** Count, sum, mean, deviation and extremes of all elements in one pass, with NaN as NumPy has it. */
    public final Summary summary() {
        return reduced(ArrayReductions::summary);
    }

    /**
     * Count, exact sum, mean, deviation and extremes of whole numbers or bools in one pass.
     *
     * @throws UnsupportedOperationException if the elements are not whole numbers
     */
    public final IntegerSummary integerSummary() {
        return reduced(ArrayReductions::wholeSummary);
    }

    /** The sum of all elements. */
    public final double sum() {
        return reduced(ArrayReductions::sum);
    }

    /** The mean of all elements; NaN if there is none. */
    public final double mean() {
        return reduced(ArrayReductions::mean);
    }

    /**
     * The sum of all complex elements: its real and its imaginary part. They have the bits of {@code real().sum()} and
     * {@code imaginary().sum()}; memory is read twice.
     *
     * @return two numbers, the real part first; 0 and 0 if there is no element
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public final double[] sumComplex() {
        elements().requireComplex();
        return new double[] {real().sum(), imaginary().sum()};
    }

    /**
     * The mean of all complex elements: its real and its imaginary part. They have the bits of {@code real().mean()}
     * and {@code imaginary().mean()}; memory is read twice.
     *
     * @return two numbers, the real part first; NaN and NaN if there is no element
     * @throws UnsupportedOperationException if the elements are not complex
     */
    public final double[] meanComplex() {
        elements().requireComplex();
        return new double[] {real().mean(), imaginary().mean()};
    }

    /** The standard deviation of all elements, dividing by the count; NaN if there is none. */
    public final double std() {
        return reduced(ArrayReductions::std);
    }

    /** The smallest element; NaN if there is a NaN or no element. */
    public final double min() {
        return reduced(ArrayReductions::min);
    }

    /** The largest element; NaN if there is a NaN or no element. */
    public final double max() {
        return reduced(ArrayReductions::max);
    }

    /** The place in C sequence of the first smallest element, or of the first NaN. */
    public final long argmin() {
        return reduced(all -> all.argExtreme(true));
    }

    /** The place in C sequence of the first largest element, or of the first NaN. */
    public final long argmax() {
        return reduced(all -> all.argExtreme(false));
    }

    /** Whether any element is not 0; NaN is not. */
    public final boolean any() {
        return reduced(all -> all.hasTruth(true));
    }

    /** Whether no element is 0. */
    public final boolean all() {
        return !reduced(all -> all.hasTruth(false));
    }

    /** Reductions along an axis: {@code along(0).sum()} has one sum for each column of a 2-d array. */
    public final AxisReduction along(int axis) {
        if (axis < 0 || axis >= shape().rank()) {
            throw new IndexOutOfBoundsException(
                    origin.name + ": axis " + axis + " is outside the " + shape().rank() + " axes of " + shape());
        }
        return new AxisReduction(this, layout, axis);
    }

    // ---------------------------------------------------------------------------------------------------------- bulk

    /** Every element as a double, in the sequence of memory. No value that a fault touched is handed over. */
    public final void forEach(DoubleConsumer consumer) {
        Runs.Memory memory = elements();
        double[] buffer = new double[Runs.CHUNK];
        RunCursor run = RunCursor.inMemory(layout);
        while (run.next(buffer.length)) {
            guarded(() -> {
                Runs.read(memory, run, buffer, 0);
                return true;
            });
            for (int i = 0; i < run.count; i++) {
                consumer.accept(buffer[i]);
            }
        }
    }

    /**
     * All elements as doubles in C sequence.
     *
     * @throws OutOfMemoryError if they do not fit a Java array
     */
    public final double[] toDoubles() {
        Runs.Memory memory = elements();
        return guarded(() -> {
            double[] all = new double[JavaArrays.length(shape())];
            ArrayCopies.inSequence(layout, (run, at) -> Runs.read(memory, run, all, at));
            return all;
        });
    }

    /**
     * All whole numbers, or bools as 0 and 1, in C sequence; {@code uint64} as bits.
     *
     * @throws OutOfMemoryError if they do not fit a Java array
     * @throws UnsupportedOperationException if the elements are not whole numbers
     */
    public final long[] toLongs() {
        Runs.Memory memory = elements();
        return guarded(() -> {
            long[] all = new long[JavaArrays.length(shape())];
            ArrayCopies.inSequence(layout, (run, at) -> Runs.read(memory, run, all, at));
            return all;
        });
    }

    /**
     * A Java array nested as the shape, of the narrowest component that holds the dtype: {@code double[][]} for a 2-d
     * {@code f8}, {@code int[]} for a 1-d {@code u2}. A 0-d array is an array of one.
     *
     * @throws OutOfMemoryError if it does not fit the heap
     */
    public final Object toJavaArray() {
        return guarded(() -> JavaArrays.from(this));
    }

    /**
     * Stores the elements of a Java array: a nested one of this array's shape, or a flat one of as many elements, in C
     * sequence. Its components may be of any primitive type; a {@code long} has the bits of a {@code uint64}, all
     * others are numbers, {@code true} is 1.
     *
     * @throws IllegalArgumentException if it is not such an array
     * @throws ArithmeticException if a value is not one of this dtype; elements before it may be stored
     */
    public final void copyFrom(Object javaArray) {
        requireWritable();
        guarded(() -> {
            JavaArrays.copy(javaArray, this);
            return true;
        });
    }

    /**
     * Stores the elements of another array of this shape, or of one that can be broadcast to it. Elements of the same
     * type are copied bit by bit; others are converted. A complex array takes real elements; the reverse is refused.
     * The bytes of both must not overlap, or be the same.
     *
     * @throws IllegalArgumentException if the shapes do not fit
     * @throws ArithmeticException if a value is not one of this dtype; elements before it may be stored
     */
    public final void copyFrom(ArrayView source) {
        copyFrom(source, _ -> {});
    }

    /**
     * Stores the elements of another array as {@link #copyFrom(ArrayView)} does, and tells how far it is.
     *
     * @param progress told the number of elements done, now and then
     */
    public final void copyFrom(ArrayView source, LongConsumer progress) {
        requireWritable();
        ArrayView from = source.shape().equals(shape()) ? source : source.broadcast(shape().dims());
        boolean bits = from.dtype().type() == dtype().type();
        if (dtype().type().isComplex() && !bits) {
            real().copyFrom(from.dtype().type().isComplex() ? from.real() : from, progress);
            if (from.dtype().type().isComplex()) {
                imaginary().copyFrom(from.imaginary(), progress);
            } else {
                imaginary().fill(0);
            }
            return;
        }
        source.guarded(() -> guarded(() -> {
            if (bits) {
                BitCopies.copy(from.elements(), from.layout, elements(), layout, progress);
            } else {
                ArrayCopies.copy(from.elements(), from.layout, elements(), layout, progress);
            }
            return true;
        }));
    }

    /**
     * Stores one value in every element; in complex ones as the real part.
     *
     * @throws ArithmeticException if it is not a value of this dtype
     */
    public final void fill(double value) {
        double[] values = new double[Runs.CHUNK];
        Arrays.fill(values, value);
        fill((memory, run) -> Runs.write(memory, run, values, 0));
    }

    /**
     * Stores one whole number in every element; in complex ones as the real part.
     *
     * @throws ArithmeticException if it is not a value of this dtype
     */
    public final void fill(long value) {
        long[] values = new long[Runs.CHUNK];
        Arrays.fill(values, value);
        fill((memory, run) -> Runs.write(memory, run, values, 0));
    }

    /** Writes one run. */
    private interface RunWriter {
        void write(Runs.Memory memory, RunCursor run);
    }

    private void fill(RunWriter writer) {
        requireWritable();
        if (dtype().type().isComplex()) {
            real().fill(writer);
            imaginary().fill(0);
            return;
        }
        Runs.Memory memory = elements();
        guarded(() -> {
            RunCursor run = RunCursor.inMemory(layout);
            while (run.next(Runs.CHUNK)) {
                writer.write(memory, run);
            }
            return true;
        });
    }

    /**
     * Saves these elements as a file of their own, in the format that the name asks for. A {@code .npy} is in Fortran
     * order if the elements here are and not also in C order, as NumPy's {@code save} has it; all else is in C order.
     */
    public final void save(Path path) throws IOException {
        ArraySpec spec = ArraySpec.of(dtype(), shape()).formatOf(path);
        if (spec.hasFormat(ArrayFormat.NPY) && isContiguous(Order.FORTRAN) && !isContiguous(Order.C)) {
            spec = spec.order(Order.FORTRAN);
        }
        ArrayCreation.create(path, spec, array -> array.copyFrom(this));
    }

    // ---------------------------------------------------------------------------------------------------------- pages

    /** Gives a hint for the pages that hold these elements. */
    public final Outcome advise(Hint hint) {
        return span().advise(hint);
    }

    /** Asks for the pages that hold these elements to be read in, and returns at once. */
    public final Outcome prefetch() {
        return span().prefetch();
    }

    /**
     * Brings the pages that hold these elements in, for reading, and returns when they are there.
     *
     * @throws dev.quire.error.MemoryFaultException if the file no longer has one of them
     */
    public final Outcome populate() throws MappingException {
        return span().populate();
    }

    /** Which of the pages that hold these elements are in memory. */
    public final Residency residency() {
        return span().residency();
    }

    /**
     * Writes the changes of the pages that hold these elements to the device. Copy-on-write and read-only memory has
     * none.
     *
     * @throws dev.quire.error.FileRefusedException with {@code FILE_TRUNCATED} if the file is shorter now
     */
    public final void flush() throws MappingException {
        ByteSlice span = span();
        Pages.flush(SliceDoor.region(bytes), span.offset(), span.byteSize(), Durability.DEVICE);
    }

    final String description() {
        return "shape " + shape() + ", strides " + Arrays.toString(strideBytes()) + " bytes, dtype " + descriptor + ", "
                + origin.name;
    }

    @Override
    public String toString() {
        return "ArrayView" + (readOnly ? " read-only, " : ", ") + description();
    }
}

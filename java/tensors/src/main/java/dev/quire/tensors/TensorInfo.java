package dev.quire.tensors;

import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import java.util.Optional;

/** What a file says of one tensor. Immutable, and readable after the file is closed. */
public final class TensorInfo {
    private final Source source;
    private final String name;
    private final TensorType type;
    private final long[] dims;
    private final Order order;
    private final long offset;
    private final long byteSize;

    /**
     * @param dims is kept
     * @param offset from where the data of the source begins
     */
    TensorInfo(Source source, String name, TensorType type, long[] dims, Order order, long offset, long byteSize) {
        this.source = source;
        this.name = name;
        this.type = type;
        this.dims = dims;
        this.order = order;
        this.offset = offset;
        this.byteSize = byteSize;
    }

    /** The tensor's name. */
    public String name() {
        return name;
    }

    /** What its elements are. */
    public TensorType type() {
        return type;
    }

    /**
     * The length of each axis, the slowest first: GGUF writes them the other way round. A quantised tensor's is that
     * of its elements.
     */
    public Shape shape() {
        return Shape.of(dims);
    }

    /** The sequence of the elements in the file: {@link Order#C}, but for some arrays of NumPy. */
    public Order order() {
        return order;
    }

    /** The element type with its byte order, as arrays have it; empty for types without one. */
    public Optional<DType> dtype() {
        return type.elementType().map(element -> new DType(element, source.order()));
    }

    /** The size in bytes. */
    public long byteSize() {
        return byteSize;
    }

    /** Where the file has its first byte. No alignment is promised. */
    public long offset() {
        return source.dataStart() + offset;
    }

    /** The file that it lies in: one of the shards of a model that has them. */
    public String file() {
        return source.name();
    }

    Source source() {
        return source;
    }

    long relativeOffset() {
        return offset;
    }

    /** As a line of a table: {@code wte.weight F16 (50257, 768)}. */
    @Override
    public String toString() {
        return name + " " + type + " " + shape();
    }
}

package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.MappingException;
import java.time.Duration;

/**
 * Shared memory that holds one array: its type, shape and order are in the memory itself, so that who attaches needs
 * the name only. Every dtype of NumPy's own.
 *
 * {@snippet :
 * try (SharedArray prices = SharedArray.create("prices", DType.parse("<f8"), Shape.of(4, 5), Order.C)) {
 *     prices.array().setDouble(3, 2, 1.5);
 * }
 * // elsewhere
 * try (SharedArray prices = SharedArray.open("prices", MapMode.READ_ONLY, Duration.ofSeconds(1))) {
 *     double[] sums = prices.array().along(0).sum();
 * }
 * }
 *
 * <p>NumPy opens it too: the guide <a href="../doc-files/python.html">sharing with Python</a>.
 *
 * <p>Nothing here orders accesses of different processes: see {@link SequenceLock}, or the atomics of
 * {@link SharedMemory#bytes()}.
 *
 * @param memory what holds it
 */
public record SharedArray(SharedMemory memory) implements AutoCloseable {
    /** Creates an array of zeroes under a name; errors as for {@link SharedMemory#create(String, long)}. */
    public static SharedArray create(String name, DType dtype, Shape shape, Order order) throws MappingException {
        return new SharedArray(Creation.create(name, dtype, shape, order));
    }

    /**
     * Creates an array of zeroes under a name that nobody can guess: {@code memory().name()}.
     *
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if there is not that much memory, or the
     *     process's group may not use that much
     */
    public static SharedArray create(DType dtype, Shape shape, Order order) throws MappingException {
        return create(Creation.freshName(), dtype, shape, order);
    }

    /** Creates an array of zeroes without a name. */
    public static SharedArray anonymous(DType dtype, Shape shape, Order order) throws MappingException {
        return new SharedArray(Creation.anonymous(dtype, shape, order));
    }

    /** Maps an array that another process created; errors as for {@link SharedMemory#open}. */
    public static SharedArray open(String name, MapMode mode, Duration timeout) throws MappingException {
        return new SharedArray(SharedMemory.open(name, mode, timeout));
    }

    /** Maps the array that is there, which must be the same in type, shape and order, or creates it. */
    public static SharedArray openOrCreate(String name, DType dtype, Shape shape, Order order, Duration timeout)
            throws MappingException {
        return new SharedArray(Creation.openOrCreate(name, dtype, shape, order, timeout));
    }

    /** Maps an array without a name; errors as for {@link SharedMemory#attach}. */
    public static SharedArray attach(String handle, MapMode mode, Duration timeout) throws MappingException {
        return new SharedArray(SharedMemory.attach(handle, mode, timeout));
    }

    /** The elements; {@link #close()} revokes them. */
    public ArrayView array() {
        SegmentHeader header = memory.header();
        return ArrayView.over(memory.bytes(), header.dtype(), header.shape(), header.order());
    }

    /** Closes the memory; the name stays. */
    @Override
    public void close() {
        memory.close();
    }
}

package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.internal.NativeLibrary;
import dev.quire.internal.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Makes a {@code .npy} file longer in place, along its first axis in C order and its last in Fortran order. One at a time: a
 * second one is refused, in this process or another. A crash at any moment leaves a valid file with the old or the new shape:
 * the rows are written behind the data and brought to the device, then the whole header is written by one call.
 *
 * <p>Quire's readers see the old or the new shape, since they read the header until two readings agree; other programs that
 * read it in the microsecond it is written may see half of each. Arrays that are open keep their shape; open again to see more.
 * One thread at a time.
 */
public final class ArrayAppender implements AutoCloseable {
    /** What has been done, for tests that die at each. */
    enum Step {
        EXTENDED,
        WRITTEN,
        DATA_ON_DEVICE,
        HEADER_WRITTEN,
        HEADER_ON_DEVICE
    }

    private final Path path;
    private final SiblingLock lock;
    private final FileChannel channel;
    private final Consumer<Step> observer;
    private NpyHeader header;

    private ArrayAppender(Path path, SiblingLock lock, FileChannel channel, Consumer<Step> observer)
            throws IOException {
        this.path = path;
        this.lock = lock;
        this.channel = channel;
        this.observer = observer;
        this.header = NpyHeader.read(ByteSource.of(path.toString(), channel), NpyHeader.DEFAULT_LIMIT);
    }

    /**
     * Takes the file for appending.
     *
     * @throws ArrayFileException.BeingWritten if somebody else appends to it
     * @throws ArrayFileException if it is no {@code .npy} file
     */
    public static ArrayAppender open(Path path) throws IOException {
        return open(path, _ -> {});
    }

    static ArrayAppender open(Path path, Consumer<Step> observer) throws IOException {
        Path real = path.toRealPath();
        Path beside = real.resolveSibling("." + real.getFileName() + ".quire-append");
        SiblingLock lock =
                SiblingLock.tryTake(beside).orElseThrow(() -> new ArrayFileException.BeingWritten(path.toString()));
        boolean open = false;
        try {
            FileChannel channel = FileChannel.open(real, StandardOpenOption.READ, StandardOpenOption.WRITE);
            try {
                ArrayAppender appender = new ArrayAppender(real, lock, channel, observer);
                open = true;
                return appender;
            } finally {
                if (!open) {
                    channel.close();
                }
            }
        } finally {
            if (!open) {
                lock.close();
            }
        }
    }

    /** The shape of the file now. */
    public Shape shape() {
        return header.shape();
    }

    /** The axis that grows. */
    public int growthAxis() {
        return header.order() == Order.C ? 0 : header.shape().rank() - 1;
    }

    /**
     * Appends rows: an array of the file's shape but for the growth axis, or one row without that axis. Elements are converted
     * as by {@link ArrayView#copyFrom(ArrayView)}.
     *
     * @return the new shape
     * @throws ArrayFileException.ShapeMismatch if the rows do not fit
     * @throws ArrayFileException.BadHeader if the header has no room for the longer shape
     */
    public Shape append(ArrayView rows) throws IOException {
        if (!(header.descr() instanceof DType dtype)) {
            throw new ArrayFileException.UnsupportedDType(
                    path.toString(), header.descr().toString(), "cannot be appended to");
        }
        ArrayView added = asRows(rows);
        int axis = growthAxis();
        long[] dims = header.shape().dims();
        dims[axis] = Math.addExact(dims[axis], added.shape().dim(axis));
        Shape grown = Shape.of(dims);
        NpyHeader next = header.withShape(grown)
                .orElseThrow(() -> new ArrayFileException.BadHeader(
                        path.toString(), "the header has no room for shape " + grown + "; convert the file once"));
        long bytes = added.shape().byteCount(dtype.itemBytes());
        if (bytes > 0) {
            writeRows(added, dtype, bytes);
        }
        writeHeader(next);
        return grown;
    }

    private ArrayView asRows(ArrayView rows) throws IOException {
        Shape old = header.shape();
        if (old.rank() == 0) {
            throw new ArrayFileException.ShapeMismatch(path.toString(), "a single element has no axis to grow along");
        }
        int axis = growthAxis();
        ArrayView added = rows.shape().rank() == old.rank() - 1 ? rows.insertAxis(axis) : rows;
        boolean fits = added.shape().rank() == old.rank();
        for (int i = 0; fits && i < old.rank(); i++) {
            fits = i == axis || added.shape().dim(i) == old.dim(i);
        }
        if (!fits) {
            throw new ArrayFileException.ShapeMismatch(
                    path.toString(),
                    "rows of shape " + rows.shape() + " do not fit shape " + old + " along axis " + axis);
        }
        return added;
    }

    private void writeRows(ArrayView rows, DType dtype, long bytes) throws IOException {
        NativeLibrary.require(
                "append to", Subject.file(path.toString()), "only the native library allocates blocks for the rows");
        long end = header.dataOffset() + header.shape().byteCount(dtype.itemBytes());
        MapOptions options = MapOptions.DEFAULT.offset(end).length(bytes).with(MapOptions.Option.EXTEND);
        try (Mapping mapping = Mapping.open(path, MapMode.READ_WRITE, options)) {
            observer.accept(Step.EXTENDED);
            ArrayView.over(mapping.bytes(), dtype, rows.shape(), header.order()).copyFrom(rows);
            observer.accept(Step.WRITTEN);
            mapping.flush();
        }
        channel.force(false);
        observer.accept(Step.DATA_ON_DEVICE);
    }

    private void writeHeader(NpyHeader next) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Objects.requireNonNull(next.toBytes()));
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position()); // once, unless the system takes less
        }
        header = next;
        observer.accept(Step.HEADER_WRITTEN);
        channel.force(true);
        observer.accept(Step.HEADER_ON_DEVICE);
    }

    /** Lets others append. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            lock.close();
        }
    }
}

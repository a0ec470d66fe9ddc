package dev.quire.array;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.Durability;
import dev.quire.internal.OutputFile;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Makes a {@code .npy} file longer in place, along its first axis in C order and its last in Fortran order. One at a
 * time: a second one is refused, in this process or another. An append that throws has not happened: the file has its
 * old size and shape, or the message says that they could not be brought back. A crash at any moment leaves a valid
 * file with the old or the new shape: the rows are written behind the data and brought to the device, then the whole
 * header is written by one call and brought there too. Interrupting the thread changes nothing.
 *
 * <p>Nothing that lies behind the array is ever overwritten: a file with such bytes is refused, unless they are rows
 * that an interrupted append left, which it marked as its own. A loss of power may keep the longer file and lose the
 * mark: the array is whole then, with its old shape, but the next append is refused with {@link
 * ArrayFileException.SurplusBytes} until the array is converted to a file of its own.
 *
 * <p>Quire's readers see the old or the new shape, since they read the header until two readings agree; other
 * programs that read it in the microsecond it is written may see half of each. Arrays that are open keep their shape;
 * open again to see more. One thread at a time.
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
    private final OutputFile file;
    private final Consumer<Step> observer;
    private NpyHeader header;
    private long size;
    private boolean closed;

    private ArrayAppender(Path path, OutputFile file, Consumer<Step> observer) throws IOException {
        this.path = path;
        this.file = file;
        this.observer = observer;
        Region region = file.map(0, -1);
        try (Arena arena = Arena.ofShared()) {
            ByteSlice bytes = SliceDoor.bytes(region, region.view(arena), 0);
            ByteSource source = new MappedSource(path.toString(), bytes);
            this.header = NpyHeader.read(source, NpyHeader.DEFAULT_LIMIT);
            this.size = source.length();
            AppendMark.requireNothingElse(source, end());
        } finally {
            region.close();
        }
    }

    /**
     * Takes the file for appending. Costs opening, locking and mapping it.
     *
     * @throws ArrayFileException.BeingWritten if somebody else appends to it
     * @throws ArrayFileException.SurplusBytes if something lies behind the array that an append would overwrite
     * @throws ArrayFileException if it is not a {@code .npy} file
     * @throws IllegalArgumentException if the path is not of the default file system
     */
    public static ArrayAppender open(Path path) throws IOException {
        return open(path, _ -> {});
    }

    static ArrayAppender open(Path path, Consumer<Step> observer) throws IOException {
        OutputFile.requireDefaultFileSystem(path);
        Subject subject = Subject.file(FileNames.text(path));
        NativeLibrary.require("append to", subject, "only the native library allocates blocks for the rows");
        OutputFile file = openFile(subject, path);
        try {
            return new ArrayAppender(path, file, observer);
        } catch (Throwable e) {
            file.close();
            throw e;
        }
    }

    private static OutputFile openFile(Subject subject, Path path) throws IOException {
        try {
            return OutputFile.open(subject, path.toRealPath());
        } catch (MappingException e) {
            if (e.code() == ErrorCode.FILE_BUSY) {
                ArrayFileException busy = new ArrayFileException.BeingWritten(path.toString());
                busy.initCause(e);
                throw busy;
            }
            throw e;
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

    /** Where the array's data ends. */
    private long end() {
        return header.dataOffset() + header.shape().byteCount(header.descr().itemBytes());
    }

    /**
     * Appends rows: an array of the file's shape but for the growth axis, or one row without that axis. Elements are
     * converted as by {@link ArrayView#copyFrom(ArrayView)}. Costs writing the rows and bringing them and then the
     * header to the device.
     *
     * @return the new shape
     * @throws ArrayFileException.ShapeMismatch if the rows do not fit
     * @throws ArrayFileException.BadHeader if the header has no room for the longer shape
     * @throws ArithmeticException if the file's type does not have a value of the rows
     * @throws IllegalStateException if the appender is closed
     */
    public Shape append(ArrayView rows) throws IOException {
        if (closed) {
            throw new IllegalStateException("the appender to " + path + " is closed");
        }
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
        if (!grown.equals(header.shape())) {
            append(added, dtype, bytes, next);
        }
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

    // -------------------------------------------------------------------------------------------------------- steps

    private void append(ArrayView rows, DType dtype, long bytes, NpyHeader next) throws IOException {
        long end = end();
        NpyHeader before = header;
        boolean done = false;
        try {
            if (bytes > 0) {
                cutLeftovers(end, end + bytes);
                file.extend(end + bytes, AppendMark.bytes(end, end + bytes));
                size = end + bytes + AppendMark.BYTES;
                observer.accept(Step.EXTENDED);
                writeRows(rows, dtype, end, bytes);
            }
            writeHeader(next);
            done = true;
        } catch (Throwable e) {
            takeBack(before, end, e);
            throw e;
        } finally {
            if (done) {
                cutMark(end + bytes);
            }
        }
    }

    /**
     * Windows cuts no file that somebody has mapped; rows and a mark that reach beyond the leftover can be written over
     * it instead.
     */
    private void cutLeftovers(long end, long newEnd) throws MappingException {
        if (size == end) {
            return;
        }
        try {
            file.cut(end);
            size = end;
        } catch (MappingException e) {
            if (e.code() != ErrorCode.FILE_BUSY || size > newEnd + AppendMark.BYTES) {
                throw e;
            }
        }
    }

    private void writeRows(ArrayView rows, DType dtype, long end, long length) throws IOException {
        Region region = file.map(end, length);
        try (Arena arena = Arena.ofShared()) {
            ByteSlice bytes = SliceDoor.bytes(region, region.view(arena), 0);
            ArrayView.over(bytes, dtype, rows.shape(), header.order()).copyFrom(rows);
            observer.accept(Step.WRITTEN);
            Pages.flush(region, 0, length, Durability.DEVICE);
        } finally {
            region.close();
        }
        file.sync(false);
        observer.accept(Step.DATA_ON_DEVICE);
    }

    private void writeHeader(NpyHeader next) throws IOException {
        file.write(0, next.toBytes());
        header = next;
        observer.accept(Step.HEADER_WRITTEN);
        file.sync(true);
        observer.accept(Step.HEADER_ON_DEVICE);
    }

    /** The append has happened: a mark that cannot be removed now is known as one, and the next append tries again. */
    private void cutMark(long end) {
        if (size > end) {
            try {
                file.cut(end);
                size = end;
            } catch (MappingException e) {
                size = end + AppendMark.BYTES;
            }
        }
    }

    /** What was done until an append failed. Rows that stay have their mark behind them. */
    private void takeBack(NpyHeader before, long end, Throwable why) {
        try {
            if (!header.equals(before)) {
                file.write(0, before.toBytes());
                file.sync(true);
                header = before;
            }
            if (size > end) {
                file.cut(end);
                size = end;
            }
        } catch (MappingException e) {
            why.addSuppressed(new IOException(
                    path + ": the failed append could not be taken back; its shape is "
                            + (header.equals(before) ? "the old one" : "not known"),
                    e));
        }
    }

    /** Lets others append. Closing again does nothing. */
    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}

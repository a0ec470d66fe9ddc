package dev.quire.array;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/**
 * From one array file to another: any format, dtype, byte order and order to any other, in bounded heap whatever the
 * size, since both sides are mapped. The result is whole or not there; values that the dtype does not have are an
 * {@link ArithmeticException}.
 */
public final class ArrayConversion {
    /** Bytes that are converted at once on the way to a stream. */
    private static final int PIECE_BYTES = 1 << 20;

    private ArrayConversion() {}

    /**
     * Converts a file in the format its content tells.
     *
     * @param spec what the result shall be; its shape must be the source's
     * @param progress told the number of elements done, now and then
     */
    public static void convert(Path source, Path target, ArraySpec spec, LongConsumer progress) throws IOException {
        try (MappedArray array = MappedArray.open(source, MapMode.READ_ONLY)) {
            convert(array, target, spec, progress);
        }
    }

    /**
     * Converts an array, or a view of one, to a file that replaces one of that name.
     *
     * @param spec what the result shall be; its shape must be the source's
     * @param progress told the number of elements done, now and then
     */
    public static void convert(ArrayView source, Path target, ArraySpec spec, LongConsumer progress)
            throws IOException {
        convert(source, target, spec, WriteOptions.DEFAULT, progress);
    }

    /**
     * Converts an array, or a view of one, to a file.
     *
     * @param spec what the result shall be; its shape must be the source's
     * @param options what becomes of a file that has the name
     * @param progress told the number of elements done, now and then
     */
    public static void convert(
            ArrayView source, Path target, ArraySpec spec, WriteOptions options, LongConsumer progress)
            throws IOException {
        requireShape(source, target.toString(), spec);
        ArrayCreation.create(target, spec, options, array -> array.copyFrom(source, progress));
    }

    /** Creates a file of zeros: what {@link MappedArray#create(Path, ArraySpec)} does, but that it does not open it. */
    public static void create(Path target, ArraySpec spec, WriteOptions options) throws IOException {
        ArrayCreation.create(target, spec, options, _ -> {});
    }

    /**
     * Creates a file whose elements a function stores. The file gets its name when they are on the device: it is whole
     * or not there, and one that it replaces stays as it is until then. Its blocks are allocated first, so that a full
     * disk is known before anything is stored.
     *
     * @param spec format, type and shape of the new file
     * @param options what becomes of a file that has the name
     * @param filler called once, by this thread; what it throws ends the creation and is thrown
     * @throws dev.quire.error.MappingException if the system refuses the file, its size or its name
     */
    public static void create(Path target, ArraySpec spec, WriteOptions options, ArrayFiller filler)
            throws IOException {
        ArrayCreation.create(target, spec, options, filler);
    }

    /**
     * Writes an array, or a view of one, as the bytes that a file would have. Those that were written before a
     * failure stay.
     *
     * @param target is not closed
     * @param spec what the result shall be: its shape must be the source's, and its format known
     * @param progress told the number of elements done, now and then
     */
    public static void convert(ArrayView source, OutputStream target, ArraySpec spec, LongConsumer progress)
            throws IOException {
        requireShape(source, "the output", spec);
        if (spec.format().isEmpty()) {
            throw new IllegalArgumentException("a stream has no name that could tell its format; give one");
        }
        target.write(spec.header("the output"));
        try (Mapping memory = Mapping.anonymous(PIECE_BYTES, Lifetime.CONFINED)) {
            boolean fortran = spec.savedOrder() == Order.FORTRAN;
            new Pieces(memory, target, spec.dtype(), progress).write(fortran ? source.transpose() : source);
        }
    }

    private static void requireShape(ArrayView source, String target, ArraySpec spec) throws ArrayFileException {
        if (!spec.shape().equals(source.shape())) {
            throw new ArrayFileException.ShapeMismatch(
                    target, "shape " + spec.shape() + " for elements of shape " + source.shape());
        }
    }

    /** Writes elements in C order, piece by piece. */
    private static final class Pieces {
        private final Mapping memory;
        private final OutputStream target;
        private final DType dtype;
        private final LongConsumer progress;
        private final byte[] bytes = new byte[PIECE_BYTES];
        private long done;

        Pieces(Mapping memory, OutputStream target, DType dtype, LongConsumer progress) {
            this.memory = memory;
            this.target = target;
            this.dtype = dtype;
            this.progress = progress;
        }

        /**
         * Parts of the first axis that fit, one after the other; of one position that does not fit, parts of the
         * next.
         */
        void write(ArrayView part) throws IOException {
            if (part.shape().isEmpty()) {
                return;
            }
            long size = part.shape().byteCount(dtype.itemBytes());
            if (size <= PIECE_BYTES) {
                copy(part, (int) size);
                return;
            }
            long length = part.shape().dim(0);
            long row = size / length;
            long step = Math.max(1, PIECE_BYTES / row);
            for (long from = 0; from < length; from += step) {
                write(step == 1 ? part.index(0, from) : part.slice(Index.range(from, Math.min(length, from + step))));
            }
        }

        private void copy(ArrayView part, int size) throws IOException {
            ArrayView.over(memory.bytes(), dtype, part.shape(), Order.C).copyFrom(part);
            memory.bytes().copyTo(0, bytes, 0, size);
            target.write(bytes, 0, size);
            done += part.shape().elementCount();
            progress.accept(done);
        }
    }
}

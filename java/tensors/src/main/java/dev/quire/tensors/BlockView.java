package dev.quire.tensors;

import dev.quire.array.Shape;
import dev.quire.slice.ByteSlice;
import java.util.Objects;

/**
 * A tensor as rows of blocks: the raw bytes with their geometry, and its elements as floats. A row is what the last
 * axis has. It lives as long as the {@link TensorFile}; threads may share it.
 *
 * <p>Floats are made on the heap, from bytes that are copied there: they are those of the file when it is read, and
 * bytes that are lost are a {@link dev.quire.error.MemoryFaultException}, not zeros. The values are those of the
 * reference implementation (ggml, and the Python package {@code gguf}), bit for bit.
 */
public final class BlockView {
    /** What is copied to the heap at once: small enough for the nearest cache. */
    private static final int PIECE_BYTES = 16 << 10;

    private final TensorInfo info;
    private final ByteSlice bytes;
    private final long elements;
    private final long rowElements;

    BlockView(TensorInfo info, ByteSlice bytes) {
        this.info = info;
        this.bytes = bytes;
        Shape shape = info.shape();
        this.elements = shape.elementCount();
        long last = shape.rank() == 0 ? 1 : shape.dim(shape.rank() - 1);
        this.rowElements = last % info.type().blockElements() == 0 ? last : elements;
    }

    /** What the file says of the tensor. */
    public TensorInfo info() {
        return info;
    }

    /** How many elements the tensor has. */
    public long elements() {
        return elements;
    }

    /**
     * How many rows: the product of all axes but the last. A tensor whose rows do not end with a block, which
     * safetensors allows for types below a byte, is one row; one without elements has none.
     */
    public long rows() {
        return elements == 0 ? 0 : elements / rowElements;
    }

    /** How many blocks a row has. */
    public long blocksPerRow() {
        return rowElements / info.type().blockElements();
    }

    /** How many elements a block has. */
    public int blockElements() {
        return info.type().blockElements();
    }

    /** How many bytes a block has. */
    public int blockBytes() {
        return info.type().blockBytes();
    }

    /** All blocks, as they are in the file. */
    public ByteSlice bytes() {
        return bytes;
    }

    /**
     * The blocks of one row, as they are in the file; no bytes are copied.
     *
     * @throws IndexOutOfBoundsException unless {@code 0 <= row < rows()}
     */
    public ByteSlice row(long row) {
        Objects.checkIndex(row, rows());
        long size = blocksPerRow() * blockBytes();
        return bytes.slice(row * size, size);
    }

    /**
     * Reads elements as floats, in the sequence of the file. Whole blocks are fastest. Needs 16 KiB of heap beside the
     * target.
     *
     * @param first the first element, counted over all rows
     * @param target where they go
     * @param from the first index there
     * @param count how many
     * @throws UnsupportedOperationException if the type is none that {@link TensorType#isReadable} says
     * @throws IndexOutOfBoundsException if the tensor or the target has fewer
     * @throws dev.quire.error.MemoryFaultException if the file has lost bytes of them
     * @throws IllegalStateException if the file is closed
     */
    public void read(long first, float[] target, int from, int count) {
        Objects.checkFromIndexSize(first, count, elements);
        Objects.checkFromIndexSize(from, count, target.length);
        BlockDecoder decoder = decoder();
        int size = blockElements();
        int head = (int) Math.min(count, (size - first % size) % size);
        int whole = (count - head) / size;
        readPart(decoder, first, target, from, head);
        readBlocks(decoder, (first + head) / size, target, from + head, whole);
        int done = head + whole * size;
        readPart(decoder, first + done, target, from + done, count - done);
    }

    /**
     * All elements as floats.
     *
     * @throws UnsupportedOperationException if the type is none that {@link TensorType#isReadable} says
     * @throws IllegalStateException if the tensor has more elements than an array holds, or the file is closed
     */
    public float[] toFloats() {
        decoder();
        if (elements > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException(
                    Quoted.of(info.name()) + " has " + elements + " elements, more than an array; read parts of it");
        }
        float[] all = new float[(int) elements];
        read(0, all, 0, all.length);
        return all;
    }

    private BlockDecoder decoder() {
        BlockDecoder decoder = BlockDecoder.of(info.type());
        if (decoder == null) {
            throw new UnsupportedOperationException(info.file() + ": " + Quoted.of(info.name()) + " has type "
                    + info.type() + ", of which Quire makes no floats; bytes() and row() give its blocks");
        }
        return decoder;
    }

    /** A part of one block. */
    private void readPart(BlockDecoder decoder, long first, float[] target, int from, int count) {
        if (count > 0) {
            float[] block = new float[blockElements()];
            readBlocks(decoder, first / block.length, block, 0, 1);
            int skipped = (int) (first % block.length);
            System.arraycopy(block, skipped, target, from, count);
        }
    }

    private void readBlocks(BlockDecoder decoder, long block, float[] target, int from, int count) {
        int most = Math.min(count, PIECE_BYTES / blockBytes());
        byte[] piece = new byte[most * blockBytes()];
        BlockDecoder.Blocks blocks =
                new BlockDecoder.Blocks(piece, info.source().order());
        for (int done = 0; done < count; done += most) {
            int now = Math.min(most, count - done);
            bytes.copyTo((block + done) * blockBytes(), piece, 0, now * blockBytes());
            decoder.decode(blocks, now, target, from + done * blockElements());
        }
    }

    /** As a line of a table. */
    @Override
    public String toString() {
        return info + ": " + rows() + " rows of " + blocksPerRow() + " blocks of " + blockBytes() + " bytes";
    }
}

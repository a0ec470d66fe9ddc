package dev.quire.agrona;

import dev.quire.slice.Pin;
import dev.quire.slice.Slice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.Supplier;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An {@link org.agrona.concurrent.AtomicBuffer} over mapped memory, with Agrona's own code and speed. It holds a {@link
 * Pin}: until it is closed the memory stays where it is, whatever becomes of the mapping, so Agrona's ring buffers,
 * counters and other buffers may be wrapped around it. Close it when they are done; any thread may.
 *
 * <p>Indexes are 32 bits wide, so it has less than 2 GiB; a slice chooses which. Atomic operations want memory that
 * begins at a multiple of 8: {@link #verifyAlignment()} tells.
 *
 * <p>Lost bytes of a file, because it was truncated, read as zeros. Methods that read many bytes (those that copy out,
 * strings, numbers in text, comparisons) look at the bytes they have read before they return, and throw {@link
 * dev.quire.error.MemoryFaultException}. Single elements, and everything that others do with the memory, are told of
 * by {@link #requireIntact()}, and at the latest by {@link #close()}.
 *
 * <p>As Agrona has it, buffers of one class with the same bytes are equal: this one and an {@link UnsafeBuffer} are
 * not, and {@link #compareTo} compares them.
 *
 * <p>After a close the buffer has no bytes: Agrona's bounds check throws {@link IndexOutOfBoundsException}. Where that
 * check is switched off, and for buffers that were wrapped around this one, using it then ends the virtual machine.
 */
public final class PinnedBuffer extends UnsafeBuffer implements AutoCloseable {
    /** Before a string. */
    private static final int LENGTH_BYTES = Integer.BYTES;

    private final Pin pin;

    /** Not while Agrona's constructor wraps. */
    private final boolean isWrapped;

    private PinnedBuffer(Pin pin, int length) {
        super(pin.address(), length);
        this.pin = pin;
        this.isWrapped = true;
    }

    /**
     * A buffer over a slice, with a pin of its own.
     *
     * @throws IllegalArgumentException if the memory is read-only, or has 2 GiB or more
     * @throws IllegalStateException if the mapping is closed
     */
    public static PinnedBuffer of(Slice slice) {
        Pin pin = slice.pin();
        try {
            requireWritable(slice.isReadOnly());
            return of(pin);
        } catch (Throwable e) {
            pin.close();
            throw e;
        }
    }

    /**
     * A buffer over what is pinned. It takes the pin over, and closes it when it is closed itself; if it is refused,
     * the pin is still the caller's.
     *
     * @throws IllegalArgumentException if the memory is read-only, or has 2 GiB or more
     * @throws IllegalStateException if the pin is closed
     */
    public static PinnedBuffer of(Pin pin) {
        requireWritable(pin.isReadOnly());
        if (pin.byteSize() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    pin.byteSize() + " bytes do not fit a buffer, which counts to 2 GiB; slice them: " + pin);
        }
        return new PinnedBuffer(pin, (int) pin.byteSize());
    }

    private static void requireWritable(boolean readOnly) {
        if (readOnly) {
            throw new IllegalArgumentException(
                    "read-only memory, and a store by Agrona would end the virtual machine; map COPY_ON_WRITE");
        }
    }

    /**
     * Returns if no byte of the buffer is lost, nor was since it was made. Costs two loads.
     *
     * @throws dev.quire.error.MemoryFaultException if one is or was
     * @throws IllegalStateException if the buffer is closed
     */
    public void requireIntact() {
        pin.requireIntact();
    }

    /** Whether {@link #close()} was called. */
    public boolean isClosed() {
        return pin.isClosed();
    }

    /**
     * Gives the memory back: nobody may use it through Agrona any more. The last pin of a closed mapping unmaps it.
     * Closing again does nothing.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes were lost; the buffer is closed all the same
     */
    @Override
    public synchronized void close() {
        if (pin.isClosed()) {
            return;
        }
        try {
            pin.requireIntact();
        } finally {
            super.wrap(0, 0);
            pin.close();
        }
    }

    // ------------------------------------------------------------------------------------------- stays where it is

    private static UnsupportedOperationException staysHere() {
        return new UnsupportedOperationException("a pinned buffer is of its own memory; wrap an UnsafeBuffer");
    }

    /** Refused. */
    @Override
    public void wrap(byte[] buffer) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(byte[] buffer, int offset, int length) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(ByteBuffer buffer) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(ByteBuffer buffer, int offset, int length) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(DirectBuffer buffer) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(DirectBuffer buffer, int offset, int length) {
        throw staysHere();
    }

    /** Refused. */
    @Override
    public void wrap(long address, int length) {
        if (isWrapped) {
            throw staysHere();
        }
        super.wrap(address, length);
    }

    // ----------------------------------------------------------------------------- looks before it hands out a result

    /** Returns if the bytes that were read are there. */
    private void requireRead(int index, int length) {
        if (length > 0) {
            pin.requireIntact(index, length);
        }
    }

    private <T> T read(T result, int index, int length) {
        requireRead(index, length);
        return result;
    }

    /** A string and its length; bytes that are lost say 0. */
    private <T> T text(T result, int index, int length) {
        requireRead(index, LENGTH_BYTES + Math.max(0, length));
        return result;
    }

    @Override
    public void getBytes(int index, byte[] target) {
        super.getBytes(index, target);
        requireRead(index, target.length);
    }

    @Override
    public void getBytes(int index, byte[] target, int offset, int length) {
        super.getBytes(index, target, offset, length);
        requireRead(index, length);
    }

    @Override
    public void getBytes(int index, MutableDirectBuffer target, int targetIndex, int length) {
        super.getBytes(index, target, targetIndex, length);
        requireRead(index, length);
    }

    @Override
    public void getBytes(int index, ByteBuffer target, int length) {
        super.getBytes(index, target, length);
        requireRead(index, length);
    }

    @Override
    public void getBytes(int index, ByteBuffer target, int targetOffset, int length) {
        super.getBytes(index, target, targetOffset, length);
        requireRead(index, length);
    }

    @Override
    public String getStringAscii(int index) {
        return text(super.getStringAscii(index), index, getInt(index));
    }

    @Override
    public int getStringAscii(int index, Appendable target) {
        return text(super.getStringAscii(index, target), index, getInt(index));
    }

    @Override
    public String getStringAscii(int index, ByteOrder order) {
        return text(super.getStringAscii(index, order), index, getInt(index, order));
    }

    @Override
    public int getStringAscii(int index, Appendable target, ByteOrder order) {
        return text(super.getStringAscii(index, target, order), index, getInt(index, order));
    }

    @Override
    public String getStringAscii(int index, int length) {
        return text(super.getStringAscii(index, length), index, length);
    }

    @Override
    public int getStringAscii(int index, int length, Appendable target) {
        return text(super.getStringAscii(index, length, target), index, length);
    }

    @Override
    public String getStringWithoutLengthAscii(int index, int length) {
        return read(super.getStringWithoutLengthAscii(index, length), index, length);
    }

    @Override
    public int getStringWithoutLengthAscii(int index, int length, Appendable target) {
        return read(super.getStringWithoutLengthAscii(index, length, target), index, length);
    }

    @Override
    public String getStringUtf8(int index) {
        return text(super.getStringUtf8(index), index, getInt(index));
    }

    @Override
    public String getStringUtf8(int index, ByteOrder order) {
        return text(super.getStringUtf8(index, order), index, getInt(index, order));
    }

    @Override
    public String getStringUtf8(int index, int length) {
        return text(super.getStringUtf8(index, length), index, length);
    }

    @Override
    public String getStringWithoutLengthUtf8(int index, int length) {
        return read(super.getStringWithoutLengthUtf8(index, length), index, length);
    }

    private <N> N number(int index, int length, Supplier<N> parse) {
        try {
            return read(parse.get(), index, length);
        } catch (NumberFormatException e) {
            requireRead(index, length); // zeros of lost bytes are no digits
            throw e;
        }
    }

    @Override
    public int parseNaturalIntAscii(int index, int length) {
        return number(index, length, () -> super.parseNaturalIntAscii(index, length));
    }

    @Override
    public long parseNaturalLongAscii(int index, int length) {
        return number(index, length, () -> super.parseNaturalLongAscii(index, length));
    }

    @Override
    public int parseIntAscii(int index, int length) {
        return number(index, length, () -> super.parseIntAscii(index, length));
    }

    @Override
    public long parseLongAscii(int index, int length) {
        return number(index, length, () -> super.parseLongAscii(index, length));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return read(super.equals(other), 0, capacity());
    }

    @Override
    public int hashCode() {
        return read(super.hashCode(), 0, capacity());
    }

    @Override
    public int compareTo(DirectBuffer other) {
        return read(super.compareTo(other), 0, capacity());
    }
}

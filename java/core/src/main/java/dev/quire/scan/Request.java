package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.internal.Pages;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.slice.ByteSlice;
import org.jspecify.annotations.Nullable;

/** A record that a batch is to read: where it is, and while it is read into a buffer, where it goes. */
final class Request {
    final int index;
    final Route route;
    final ByteSlice target;

    /** Where the bytes are read from in the file, and how many: aligned as the source wants it. */
    private long from;

    private long bytes;
    private int slot;
    private long address;
    private volatile @Nullable Throwable failure;
    private volatile long done;

    Request(int index, Route route, ByteSlice target) {
        this.index = index;
        this.route = route;
        this.target = target;
    }

    /** The bytes of the file that hold the record. */
    void align(long alignment) {
        long begin = SliceDoor.region(target).extent().fileOffset() + target.offset();
        from = begin & -alignment;
        bytes = (begin + target.byteSize() + alignment - 1 & -alignment) - from;
    }

    long from() {
        return from;
    }

    long bytes() {
        return bytes;
    }

    int slot() {
        return slot;
    }

    long address() {
        return address;
    }

    void place(int newSlot, long newAddress) {
        slot = newSlot;
        address = newAddress;
        done = 0;
        failure = null;
    }

    /** What a ring has read; less than the record is read again by {@link #check}, which tells why. */
    void arrived(long count) {
        done = count;
    }

    /** Reads on the calling thread; a failure waits for {@link #check}. */
    void readNow() {
        try {
            done = route.source().read(from, bytes, address);
        } catch (MappingException | RuntimeException | Error e) {
            failure = e;
        }
    }

    /** Where the record begins in its slot. */
    long skip() {
        return SliceDoor.region(target).extent().fileOffset() + target.offset() - from;
    }

    /**
     * Throws if the record's bytes are not there.
     *
     * @throws dev.quire.error.MemoryFaultException if the file does not have them any more
     */
    void check() throws MappingException {
        rethrow();
        if (done < skip() + target.byteSize()) {
            Blocking.run(() -> {
                readNow();
                return this;
            });
            rethrow();
        }
        if (done < skip() + target.byteSize()) {
            throw gone();
        }
    }

    private void rethrow() throws MappingException {
        switch (failure) {
            case null -> {}
            case MappingException e -> throw e;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private RuntimeException gone() {
        String text = SliceDoor.region(target).subject().text();
        long size = Pages.sizeNow(SliceDoor.region(target));
        String now = size >= 0 ? "; it has " + size + " bytes now" : "";
        return ErrorDoor.fault(
                text + ": the bytes in the range " + target.offset() + " to " + (target.offset() + target.byteSize())
                        + " of the mapping could not be read: the file was truncated" + now,
                text,
                target.offset(),
                target.byteSize(),
                size,
                null);
    }
}

package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Residency;
import dev.quire.internal.Faults;
import dev.quire.internal.Pages;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads records that lie anywhere in mapped memory, with many requests at the device at once.
 *
 * {@snippet :
 * Gather.of(map.bytes()).forEach(offsets, 4096, (i, record) -> sums[i] = record.longs().get(0));
 * }
 *
 * <p>Records are asked for in batches ({@code process_madvise} with {@code WILLNEED}), each batch while the one before
 * is read. Each record is populated before it is handed out, so that its reader takes no page fault. A record costs
 * about a microsecond beside the device's time. The pages stay in memory. The calling thread does all the work; several
 * threads may use one gather.
 *
 * @param target the bytes in which the records lie
 * @param depth how many records are under way at once; half of them are asked for at a time
 */
public record Gather(ByteSlice target, int depth) {
    /** Receives the records. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads a record.
         *
         * @param index position of the record's offset in the array of offsets
         * @param bytes the record, without a copy; valid as long as the target is
         */
        void read(int index, ByteSlice bytes);
    }

    /**
     * @throws IllegalArgumentException if the depth is not positive
     */
    public Gather {
        Objects.requireNonNull(target, "target");
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth + " is less than 1");
        }
    }

    /** A gather with 256 records under way. */
    public static Gather of(ByteSlice target) {
        return new Gather(target, Tunables.GATHER_DEPTH);
    }

    /**
     * Reads records of one length, in the order of their offsets.
     *
     * @param offsets in bytes, from the target's first byte; copied, so that a later change of the array has no effect
     * @param recordBytes how many bytes each record has
     * @throws IndexOutOfBoundsException if a record does not lie inside the target; no record is read then
     * @throws dev.quire.error.MemoryFaultException if a record's bytes are gone, because the file was truncated for
     *     example
     * @throws MappingException if the system refuses to bring pages in
     * @throws IllegalStateException if the mapping is closed, or was made shorter meanwhile
     */
    public void forEach(long[] offsets, long recordBytes, Reader reader) throws MappingException {
        run(offsets.clone(), recordBytes, reader, false);
    }

    /**
     * Reads records of one length: those that are in memory first, while the others are being read from the device.
     *
     * @param offsets in bytes, from the target's first byte; copied, so that a later change of the array has no effect
     * @param recordBytes how many bytes each record has
     * @throws IndexOutOfBoundsException if a record does not lie inside the target; no record is read then
     * @throws dev.quire.error.MemoryFaultException if a record's bytes are gone, because the file was truncated for
     *     example
     * @throws MappingException if the system refuses to bring pages in
     * @throws IllegalStateException if the mapping is closed, or was made shorter meanwhile
     */
    public void forEachAsTheyCome(long[] offsets, long recordBytes, Reader reader) throws MappingException {
        run(offsets.clone(), recordBytes, reader, true);
    }

    private void run(long[] offsets, long recordBytes, Reader reader, boolean asTheyCome) throws MappingException {
        for (long offset : offsets) {
            if (offset < 0 || recordBytes < 0 || recordBytes > target.byteSize() - offset) {
                throw new IndexOutOfBoundsException(
                        "a record of " + recordBytes + " bytes at byte " + offset + " is not inside " + target);
            }
        }
        try {
            readAll(offsets, recordBytes, reader, asTheyCome);
        } finally {
            Reference.reachabilityFence(target);
        }
    }

    private void readAll(long[] offsets, long recordBytes, Reader reader, boolean asTheyCome) throws MappingException {
        List<Integer> underWay = new ArrayList<>();
        int asked = 0;
        while (asked < offsets.length || !underWay.isEmpty()) {
            if (underWay.size() <= depth / 2 && asked < offsets.length) {
                int end = (int) Math.min(offsets.length, (long) asked + depth - underWay.size());
                ask(offsets, asked, end, recordBytes);
                for (; asked < end; asked++) {
                    underWay.add(asked);
                }
            }
            int few = asked == offsets.length ? 0 : depth / 2;
            read(underWay, few, offsets, recordBytes, reader, asTheyCome);
        }
    }

    private void ask(long[] offsets, int from, int end, long recordBytes) {
        List<ByteRange> ranges = new ArrayList<>(end - from);
        for (int i = from; i < end; i++) {
            ranges.add(new ByteRange(target.offset() + offsets[i], recordBytes));
        }
        try {
            Pages.prefetch(SliceDoor.region(target), ranges);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalStateException("resized under the reader: " + target, e); // the offsets were inside
        }
    }

    /**
     * Reads until few are left: in one pass those that may be read now, or else only the one that was asked for first.
     */
    private void read(
            List<Integer> underWay, int few, long[] offsets, long recordBytes, Reader reader, boolean asTheyCome)
            throws MappingException {
        int surplus = underWay.size() - few;
        List<Integer> later = new ArrayList<>();
        int done = 0;
        for (int index : underWay) {
            ByteSlice record = target.slice(offsets[index], recordBytes);
            if (done < surplus && (!asTheyCome || isInMemory(record))) {
                read(index, record, reader);
                done++;
            } else {
                later.add(index);
            }
        }
        if (done == 0 && surplus > 0) {
            int oldest = later.removeFirst();
            read(oldest, target.slice(offsets[oldest], recordBytes), reader);
        }
        underWay.clear();
        underWay.addAll(later);
    }

    private static boolean isInMemory(ByteSlice record) {
        Residency residency = record.residency();
        return !residency.known() || residency.residentPages() == residency.pages();
    }

    private void read(int index, ByteSlice record, Reader reader) throws MappingException {
        record.populate();
        Faults.guarded(SliceDoor.region(target), record.offset(), record.byteSize(), () -> {
            reader.read(index, record);
            return 0;
        });
    }
}

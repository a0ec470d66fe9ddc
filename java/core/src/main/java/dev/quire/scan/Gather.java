package dev.quire.scan;

import dev.quire.advice.ByteRange;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.internal.Pages;
import dev.quire.slice.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads records that lie anywhere in mapped memory, with many requests before the device at once.
 *
 * {@snippet :
 * Gather.of(map.bytes()).forEach(offsets, 4096, (i, record) -> sums[i] = record.longs().get(0));
 * }
 *
 * <p>Records are asked for in batches ({@code process_madvise} with {@code WILLNEED}), the next ones while those before are
 * read, and each is populated before it is handed out, so that its reader takes no page fault. Costs about a microsecond a
 * record beside the device's time. What is brought in stays. The calling thread does it all.
 *
 * @param target where the records lie
 * @param depth how many records are under way at once; half of them are asked for at a time
 */
public record Gather(ByteSlice target, int depth) {
    /** Disks with queues reach their limit there. */
    private static final int USUAL_DEPTH = 256;

    /** Takes the records. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads one.
         *
         * @param index of its offset among those asked for
         * @param bytes valid as long as the target is
         */
        void read(int index, ByteSlice bytes);
    }

    /**
     * @throws IllegalArgumentException if the depth is not positive
     */
    public Gather {
        Objects.requireNonNull(target, "target");
        if (depth < 1) {
            throw new IllegalArgumentException("depth " + depth);
        }
    }

    /** With 256 records under way. */
    public static Gather of(ByteSlice target) {
        return new Gather(target, USUAL_DEPTH);
    }

    /**
     * Reads records of one length, in the order of the offsets given.
     *
     * @param offsets from the target's first byte
     * @throws IndexOutOfBoundsException if a record does not lie inside; none is read then
     * @throws dev.quire.error.MemoryFaultException if a record cannot be had: the file was truncated
     * @throws IllegalStateException if the mapping is closed
     */
    public void forEach(long[] offsets, long recordBytes, Reader reader) throws MappingException {
        run(offsets, recordBytes, reader, false);
    }

    /** The same, with records that are in memory before those that are still being read. */
    public void forEachAsTheyCome(long[] offsets, long recordBytes, Reader reader) throws MappingException {
        run(offsets, recordBytes, reader, true);
    }

    private void run(long[] offsets, long recordBytes, Reader reader, boolean asTheyCome) throws MappingException {
        for (long offset : offsets) {
            Objects.checkFromIndexSize(offset, recordBytes, target.byteSize());
        }
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
            Pages.prefetch(target.region(), ranges);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalStateException("resized under the reader: " + target, e); // the offsets were inside
        }
    }

    /** Reads until few are left: in one pass those that may be read now, or else the one that was asked for first. */
    private void read(
            List<Integer> underWay, int few, long[] offsets, long recordBytes, Reader reader, boolean asTheyCome)
            throws MappingException {
        int surplus = underWay.size() - few;
        List<Integer> later = new ArrayList<>();
        int done = 0;
        for (int index : underWay) {
            ByteSlice record = target.slice(offsets[index], recordBytes);
            if (done < surplus && (!asTheyCome || isThere(record))) {
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

    private static boolean isThere(ByteSlice record) {
        Residency residency = record.residency();
        return !residency.known() || residency.residentPages() == residency.pages();
    }

    private void read(int index, ByteSlice record, Reader reader) throws MappingException {
        record.populate();
        Faults.guarded(target.region(), record.offset(), record.byteSize(), () -> {
            reader.read(index, record);
            return 0;
        });
    }
}

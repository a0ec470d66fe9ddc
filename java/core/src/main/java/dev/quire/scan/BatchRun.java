package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Residency;
import dev.quire.internal.Counters.Count;
import dev.quire.internal.Faults;
import dev.quire.internal.Pages;
import dev.quire.internal.ReadRing;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** One run of a batch. Reads in place are asked for first, and go on while those into buffers are made. */
final class BatchRun {
    /** Keeps the compiler from leaving out the loads. */
    @SuppressWarnings("UnusedVariable")
    private static int touched;

    private final BatchFiles files;
    private final ReadOptions options;
    private final List<Request> requests;
    private final Batch.Reader reader;
    private final BooleanSupplier cancelled;
    private final List<Request> inPlace = new ArrayList<>();
    private final List<Request> mapped = new ArrayList<>();
    private final List<Request> direct = new ArrayList<>();
    private final List<Request> buffered = new ArrayList<>();

    BatchRun(BatchFiles files, List<Request> requests, Batch.Reader reader, BooleanSupplier cancelled) {
        this.files = files;
        this.options = files.options();
        this.requests = requests;
        this.reader = reader;
        this.cancelled = cancelled;
    }

    BatchOutcome run() throws MappingException {
        sort();
        int asked = prefetch(0, options.depth());
        readInPlace();
        copied(direct, ReadWay.DIRECT);
        copied(buffered, ReadWay.BUFFERED);
        readMapped(asked);
        count();
        return new BatchOutcome(inPlace.size(), mapped.size(), direct.size(), buffered.size());
    }

    private void count() {
        count(inPlace, Count.IN_PLACE_READS);
        count(mapped, Count.MAPPED_READS);
        count(direct, Count.DIRECT_READS);
        count(buffered, Count.BUFFERED_READS);
        regions(requests).forEach((region, _) -> region.counters().add(Count.BATCHES, 1));
    }

    private static void count(List<Request> its, Count way) {
        regions(its).forEach((region, count) -> region.counters().add(way, count));
    }

    private static IdentityHashMap<Region, Long> regions(List<Request> its) {
        IdentityHashMap<Region, Long> counts = new IdentityHashMap<>();
        its.forEach(one -> counts.merge(SliceDoor.region(one.target), 1L, Long::sum));
        return counts;
    }

    // ------------------------------------------------------------------------------------------------ choosing a way

    private void sort() {
        IdentityHashMap<Route, List<Request>> byRoute = new IdentityHashMap<>();
        for (Request one : requests) {
            byRoute.computeIfAbsent(one.route, _ -> new ArrayList<>()).add(one);
        }
        byRoute.forEach(this::sort);
    }

    private void sort(Route route, List<Request> its) {
        Region region = SliceDoor.region(its.getFirst().target);
        ReadWay wanted = options.way();
        if (wanted == ReadWay.AUTO) {
            if (isWarm(route, its)) {
                inPlace.addAll(its);
                return;
            }
            wanted = route.cold();
        }
        ReadWay way = route.opened(region, wanted, wanted == ReadWay.DIRECT && files.hasRing());
        if (way == ReadWay.BUFFERED && options.way() == ReadWay.AUTO) {
            way = ReadWay.MAPPED; // the same pages, without a copy
        }
        long alignment = way == ReadWay.MAPPED ? 1 : route.source().alignment();
        for (Request one : its) {
            one.align(alignment);
            boolean isCopied = way != ReadWay.MAPPED && one.bytes() > 0 && one.bytes() <= Tunables.MOST_COPIED;
            (isCopied ? way == ReadWay.DIRECT ? direct : buffered : mapped).add(one);
        }
    }

    /** Asks about a few; what the answer costs is more than reading a record that is there. */
    private static boolean isWarm(Route route, List<Request> its) {
        if (route.isTrusted()) {
            return true;
        }
        int step = Math.max(1, its.size() / Tunables.SAMPLES);
        boolean isWarm = true;
        for (int i = 0; i < its.size() && isWarm; i += step) {
            Residency residency = its.get(i).target.residency();
            isWarm = residency.known() && residency.residentPages() == residency.pages();
        }
        route.warm(isWarm);
        return isWarm;
    }

    // ------------------------------------------------------------------------------------------------------ in place

    /**
     * Each page is touched first: where that takes long, the pages are not in memory any more, and the rest is brought
     * in.
     */
    private void readInPlace() throws MappingException {
        long page = SystemQuery.stepBytes();
        for (int i = 0; i < inPlace.size(); ) {
            int end = Math.min(inPlace.size(), i + options.depth());
            long start = System.nanoTime();
            long pages = 0;
            for (int at = i; at < end; at++) {
                pages += touch(inPlace.get(at).target, page);
            }
            if (System.nanoTime() - start > pages * Tunables.TOUCH_NANOS) {
                inPlace.get(i).route.warm(false);
            }
            for (; i < end; i++) {
                hand(inPlace.get(i), inPlace.get(i).target);
            }
        }
    }

    private static long touch(ByteSlice record, long page) {
        long pages = 0;
        for (long at = 0; at < record.byteSize(); at += page, pages++) {
            touched += record.get(at);
        }
        return pages + 1;
    }

    /** Asks for some; how many were asked for until now. */
    private int prefetch(int from, int count) {
        int end = Math.min(mapped.size(), from + count);
        IdentityHashMap<Region, List<ByteRange>> ranges = new IdentityHashMap<>();
        for (Request one : mapped.subList(from, end)) {
            ranges.computeIfAbsent(SliceDoor.region(one.target), _ -> new ArrayList<>())
                    .add(new ByteRange(one.target.offset(), one.target.byteSize()));
        }
        try {
            ranges.forEach(Pages::prefetch);
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalStateException("resized under the batch", e); // they were inside
        }
        return end;
    }

    /** Half of what may be under way is asked for while the other half is read. */
    private void readMapped(int askedBefore) throws MappingException {
        int asked = askedBefore;
        int half = Math.max(1, options.depth() / 2);
        long start = System.nanoTime();
        for (int i = 0; i < mapped.size(); ) {
            int from = i;
            SliceDoor.region(mapped.get(i).target).counters().add(Count.WAITS, 1);
            int end = Math.min(asked, i + half);
            Blocking.run(() -> {
                for (Request one : mapped.subList(from, end)) {
                    one.target.populate();
                }
                return this;
            });
            asked = prefetch(asked, end - from);
            for (; i < end; i++) {
                hand(mapped.get(i), mapped.get(i).target);
            }
        }
        cost(mapped, ReadWay.MAPPED, start);
    }

    private static void cost(List<Request> its, ReadWay way, long start) {
        if (!its.isEmpty()) {
            double each = (double) (System.nanoTime() - start) / its.size();
            its.stream().map(one -> one.route).distinct().forEach(route -> route.cost(way, each));
        }
    }

    private void hand(Request one, ByteSlice record) throws MappingException {
        requireWanted();
        Faults.guarded(SliceDoor.region(one.target), one.target.offset(), one.target.byteSize(), () -> {
            reader.read(one.index, record);
            return this;
        });
    }

    private void requireWanted() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the batch was cancelled");
        }
    }

    // --------------------------------------------------------------------------------------------------- into buffers

    private void copied(List<Request> its, ReadWay way) throws MappingException {
        if (its.isEmpty()) {
            return;
        }
        long most = its.stream().mapToLong(Request::bytes).max().getAsLong();
        Buffers buffers = files.buffers(most);
        ReadRing ring = way == ReadWay.DIRECT ? buffers.ring() : null;
        long start = System.nanoTime();
        transferred(its, buffers, ring != null ? new Transfer.ByRing(ring, buffers.slots()) : new Transfer.ByPool());
        cost(its, way, start);
    }

    /** Nothing is under way any more when it ends: the slots are used again. */
    private void transferred(List<Request> its, Buffers buffers, Transfer transfer) throws MappingException {
        Deque<Integer> free = new ArrayDeque<>();
        for (int slot = 0; slot < buffers.slots(); slot++) {
            free.add(slot);
        }
        int next = 0;
        int underWay = 0;
        try {
            while (next < its.size() || underWay > 0) {
                List<Request> begun = new ArrayList<>();
                for (; next < its.size() && !free.isEmpty(); next++) {
                    int slot = free.remove();
                    its.get(next).place(slot, buffers.address(slot));
                    begun.add(its.get(next));
                }
                underWay += begun.size();
                transfer.begin(begun);
                List<Request> arrived = transfer.arrived();
                arrived.stream()
                        .findFirst()
                        .ifPresent(
                                one -> SliceDoor.region(one.target).counters().add(Count.WAITS, 1));
                underWay -= arrived.size();
                for (Request one : arrived) {
                    handCopy(one, buffers);
                    free.add(one.slot());
                }
            }
        } finally {
            while (underWay > 0) {
                underWay -= transfer.arrived().size();
            }
        }
    }

    private void handCopy(Request one, Buffers buffers) throws MappingException {
        requireWanted();
        if (!one.target.segment().scope().isAlive()) {
            throw new IllegalStateException(
                    "closed: " + SliceDoor.region(one.target).subject().text());
        }
        one.check();
        reader.read(one.index, buffers.record(one));
    }
}

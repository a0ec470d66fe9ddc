package dev.quire;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/**
 * Readers, writers, page calls, resizes, protection and closes at random on mappings of every kind and lifetime, in
 * platform and virtual threads. Every byte that is read is verified.
 *
 * <p>Arguments: folder, seconds. Prints what was done. Exit status 0; 1 if something was wrong; 2 if a thread hangs.
 */
final class StressMain {
    private static final Duration PATIENCE = Duration.ofMillis(2);
    private static final int READERS = 4;
    private static final Hint[] HINTS = Hint.values();

    /** What is refused to those who wait too little, lock too much, or have another file than the path names now. */
    private static final Set<ErrorCode> EXPECTED = EnumSet.of(
            ErrorCode.TIMED_OUT,
            ErrorCode.LOCK_LIMIT,
            ErrorCode.MAP_LIMIT,
            ErrorCode.FILE_REPLACED,
            ErrorCode.NOT_FOUND);

    private final List<StressSlot> slots = new ArrayList<>();
    private final LongAdder reads = new LongAdder();
    private final LongAdder scans = new LongAdder();
    private final LongAdder calls = new LongAdder();
    private final LongAdder changes = new LongAdder();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Path folder;
    private volatile long end;

    private StressMain(Path folder) throws IOException {
        this.folder = folder;
        for (MemoryKind subject : MemoryKind.all().toList()) {
            if (subject.lifetime() != Lifetime.CONFINED) {
                slots.add(new StressSlot(subject, folder));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        StressMain stress = new StressMain(Path.of(arguments[0]));
        long half = TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[1])) / 2;
        stress.end = System.nanoTime() + half;
        stress.finish(stress.startClosing());
        stress.end = System.nanoTime() + half;
        stress.finish(stress.startAll());
        stress.print();
    }

    private void finish(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            long left = end - System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            if (!thread.join(Duration.ofNanos(Math.max(left, 1)))) {
                System.out.println(thread + " hangs");
                List.of(thread.getStackTrace()).forEach(System.out::println);
                System.exit(2);
            }
        }
        Throwable failed = failure.get();
        if (failed != null) {
            print();
            failed.printStackTrace();
            System.exit(1);
        }
    }

    private void print() {
        System.out.printf(
                "closes %d, under readers %d, reads %d, scans %d, page calls %d, changes %d%n",
                slots.stream().mapToLong(slot -> slot.closes.sum()).sum(),
                slots.stream().mapToLong(slot -> slot.closesUnderReaders.sum()).sum(),
                reads.sum(),
                scans.sum(),
                calls.sum(),
                changes.sum());
    }

    private interface Work {
        void once(StressSlot slot, Random random) throws IOException;
    }

    /** Nothing but short reads and closes of what is cheap to open, so that there are many. */
    private List<Thread> startClosing() {
        List<Thread> threads = new ArrayList<>();
        List<StressSlot> cheap = slots.stream()
                .filter(slot -> slot.subject.isClosable()
                        && slot.subject.kind().isFile()
                        && !slot.subject.kind().isResizable())
                .toList();
        for (StressSlot slot : cheap) {
            threads.add(start(Thread.ofPlatform().name("closer of " + slot.subject), List.of(slot), StressMain::close));
            threads.add(start(Thread.ofPlatform().name("reader of " + slot.subject), List.of(slot), this::readShortly));
            threads.add(start(Thread.ofVirtual().name("virtual reader"), cheap, this::readShortly));
        }
        return threads;
    }

    private List<Thread> startAll() throws IOException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < READERS; i++) {
            threads.add(start(Thread.ofPlatform().name("reader-" + i), this::read));
            threads.add(start(Thread.ofVirtual().name("virtual-reader-" + i), this::read));
        }
        threads.add(start(Thread.ofPlatform().name("pages"), this::callForPages));
        threads.add(start(Thread.ofVirtual().name("virtual-pages"), this::callForPages));
        threads.add(start(Thread.ofPlatform().name("changer"), this::change));
        for (int half = 0; half < 2; half++) {
            int odd = half;
            List<StressSlot> mine = slots.stream()
                    .filter(slot -> slots.indexOf(slot) % 2 == odd)
                    .toList();
            threads.add(start(Thread.ofPlatform().name("closer-" + half), mine, StressMain::close));
        }
        List<StressConfined> confined = new ArrayList<>();
        for (MemoryKind subject : MemoryKind.all()
                .filter(one -> one.lifetime() == Lifetime.CONFINED)
                .toList()) {
            StressConfined one = new StressConfined(subject, folder);
            confined.add(one);
            threads.add(start(Thread.ofVirtual().name("confined " + subject), (slot, random) -> one.once(random)));
        }
        threads.add(start(Thread.ofPlatform().name("pages of confined"), (slot, random) -> {
            pageCall(confined.get(random.nextInt(confined.size())).current(), random);
        }));
        return threads;
    }

    private Thread start(Thread.Builder builder, Work work) {
        return start(builder, slots, work);
    }

    private Thread start(Thread.Builder builder, List<StressSlot> mine, Work work) {
        return builder.start(() -> {
            Random random = ThreadLocalRandom.current();
            while (System.nanoTime() < end && failure.get() == null) {
                try {
                    work.once(mine.get(random.nextInt(mine.size())), random);
                } catch (Throwable e) {
                    if (!isExpected(e)) {
                        failure.compareAndSet(null, e);
                    }
                    Thread.interrupted(); // the virtual machine interrupts whom the close of a shared arena throws out
                }
            }
        });
    }

    /** What those see who come too late, or between two sizes or protections. */
    private static boolean isExpected(Throwable e) {
        return switch (e) {
            case IllegalStateException closed -> true;
            case ReadOnlyMemoryException protectedNow -> true;
            case IndexOutOfBoundsException shorterNow -> true;
            case MappingException refused -> EXPECTED.contains(refused.code());
            default -> false;
        };
    }

    private void readShortly(StressSlot slot, Random random) {
        slot.readers.incrementAndGet();
        try {
            slot.current().use(views -> {
                for (int i = 0; i < 20; i++) {
                    StressSlot.check(views.segment(), random.nextLong(StressSlot.KEPT), 20);
                }
            });
            reads.increment();
        } finally {
            slot.readers.decrementAndGet();
        }
    }

    private void read(StressSlot slot, Random random) {
        slot.readers.incrementAndGet();
        try {
            OpenMemory opened = slot.current();
            opened.use(views -> {
                MemorySegment segment = views.segment();
                long from = random.nextLong(StressSlot.KEPT);
                StressSlot.check(segment, from, random.nextInt(5_000));
                if (!segment.isReadOnly() && random.nextInt(4) == 0) {
                    StressSlot.write(segment, from, random.nextInt(500));
                }
                switch (random.nextInt(16)) {
                    case 0, 1 -> pageCall(opened, random);
                    case 2 -> {
                        byte[] copied = views.bytes().slice(0, from).toArray();
                        StressSlot.checkCopy(copied, 0);
                    }
                    case 3 -> views.bytes().slice(0, from).crc32c();
                    case 4 -> views.bytes().summary();
                    case 5 -> views.bytes().mismatch(views.bytes());
                    case 6 -> scan(views.bytes().slice(from, StressSlot.KEPT - from));
                    default -> {}
                }
            });
            reads.increment();
        } finally {
            slot.readers.decrementAndGet();
        }
    }

    /** A thread of the scan's own brings pages in and drops them meanwhile. */
    private void scan(ByteSlice bytes) {
        try (Scan scan = Scan.of(bytes, ScanOptions.DEFAULT.chunk(5_000).budget(20_000))) {
            scan.forEach(chunk -> StressSlot.checkCopy(chunk.toArray(), chunk.offset()));
        }
        scans.increment();
    }

    private void callForPages(StressSlot slot, Random random) {
        pageCall(slot.current(), random);
    }

    private void pageCall(OpenMemory opened, Random random) {
        MappedMemory memory = opened.memory();
        long offset = random.nextLong(StressSlot.KEPT);
        long length = random.nextLong(memory.byteSize() - offset + 1);
        calls.increment();
        try {
            switch (random.nextInt(11)) {
                case 0 -> memory.populate(offset, length);
                case 1 -> memory.populateForWriting(offset, length);
                case 2 -> memory.prefetch(List.of(new ByteRange(offset, length), new ByteRange(0, offset)));
                case 3 -> memory.residency(offset, length);
                case 4 -> memory.evict(offset, length);
                case 5 -> memory.flush(offset, length, Durability.CACHE);
                case 6 -> memory.lock(offset, length);
                case 7 -> memory.unlock(offset, length);
                case 8 -> populateAsync(memory, offset, length);
                default -> memory.advise(offset, length, HINTS[random.nextInt(HINTS.length)]);
            }
        } catch (MappingException e) {
            if (!EXPECTED.contains(e.code())) {
                throw new AssertionError(e);
            }
        }
    }

    /** Half of them are left alone, to end when they may. */
    private static void populateAsync(MappedMemory memory, long offset, long length) throws MappingException {
        Future<?> there = memory.populateAsync(List.of(new ByteRange(offset, length), new ByteRange(0, offset)));
        if (offset % 2 == 0) {
            try {
                there.get();
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case MappingException refused -> throw refused;
                    case RuntimeException closed -> throw closed;
                    default -> throw new AssertionError(e);
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(
                        "another mapping was closed a moment ago, under an access of this thread", e);
            }
        }
    }

    private void change(StressSlot slot, Random random) throws IOException {
        boolean resize = slot.subject.kind().isResizable() && random.nextBoolean();
        long size = random.nextLong(StressSlot.KEPT, StressSlot.LARGEST);
        boolean readOnly = !slot.subject.kind().isWritable() || random.nextBoolean();
        switch (slot.current().memory()) {
            case Mapping mapping when resize -> mapping.resize(size);
            case Mapping mapping -> mapping.protect(readOnly);
            case LeasedMapping leased when resize -> leased.resize(size, PATIENCE);
            case LeasedMapping leased -> leased.protect(readOnly, PATIENCE);
            case GroupedMapping grouped -> grouped.residency();
            case AutoMapping auto -> auto.residency();
        }
        changes.increment();
    }

    private static void close(StressSlot slot, Random random) throws IOException {
        slot.reopen();
    }
}

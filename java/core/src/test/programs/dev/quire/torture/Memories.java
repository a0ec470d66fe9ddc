package dev.quire.torture;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.MappingGroup;
import dev.quire.OpenMemory;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.MappingException;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RawSegment;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.Seal;
import dev.quire.shared.Segments;
import dev.quire.shared.SequenceLock;
import dev.quire.shared.SharedArray;
import dev.quire.shared.SharedMemory;
import dev.quire.shared.WaitStrategy;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Memory without files: counters, a buffer that is resized and protected, and what processes share. */
final class Memories {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MESSAGES = 50;

    private final long seed;
    private final Counts counts;
    private final Mapping counters =
            Mapping.anonymous(4_096, Lifetime.SHARED, MapOptions.DEFAULT.with(MapOptions.Option.SHAREABLE));
    private final LongAdder added = new LongAdder();
    private final OpenMemory changing = new OpenMemory(Mapping.anonymous(50_000, Lifetime.LEASED));
    private final Mapping records = Mapping.anonymous(4_096);
    private final AtomicLong names = new AtomicLong();

    Memories(long seed, Counts counts) throws MappingException {
        this.seed = seed;
        this.counts = counts;
    }

    void addTo(List<Operation> all) {
        all.add(new Operation("memory.atomics", Declared.ACCESS, "", this::atomics));
        all.add(new Operation("memory.changing", Declared.CHANGING, "", this::changing));
        all.add(new Operation("memory.group", Declared.SHARED, "", this::group));
        all.add(new Operation("shared.array", Declared.SHARED, "", this::array));
        all.add(new Operation("shared.anonymous", Declared.SHARED, "", this::anonymous));
        all.add(new Operation("shared.ring", Declared.SHARED, "", this::ring));
        all.add(new Operation("shared.record", Declared.ACCESS, "", this::record));
        all.add(new Operation("shared.segments", Declared.SHARED, "", this::segments));
    }

    /** Element 0 counts what all threads add; element 1 is 0 but for bits that a thread sets and clears again. */
    private void atomics(SplittableRandom random) {
        var longs = counters.longs();
        switch (random.nextInt(3)) {
            case 0 -> longs.getAndAdd(0, 1);
            case 1 -> counters.bytes().longs().getAndAdd(0, 1);
            default -> {
                long before;
                do {
                    before = longs.getVolatile(0);
                } while (!longs.compareAndSet(0, before, before + 1));
            }
        }
        added.increment();
        var ints = counters.ints();
        int bit = 1 << random.nextInt(31);
        ints.getAndBitwiseOr(4, bit);
        ints.getAndBitwiseAnd(4, ~bit);
        ints.getAndBitwiseXor(5, bit);
        ints.getAndBitwiseXor(5, bit);
    }

    private void changing(SplittableRandom random) throws MappingException {
        switch (random.nextInt(8)) {
            case 0 -> {
                changing.resize(1 + random.nextInt(100_000));
                counts.add("sabotage resize");
            }
            case 1 -> {
                changing.protect(random.nextInt(3) == 0);
                counts.add("sabotage protect");
            }
            case 2 -> changing.memory().discard(random.nextInt(20_000), 10_000);
            case 3, 4 ->
                changing.use(views -> {
                    ByteSlice bytes = views.bytes();
                    int length = (int) Math.min(2_000, bytes.byteSize());
                    bytes.copyFrom(0, Versions.content(seed, 0, length, random.nextInt(Versions.COUNT)), 0, length);
                });
            default ->
                changing.use(views -> Versions.check(seed, 0, views.bytes().toArray()));
        }
    }

    private void group(SplittableRandom random) throws MappingException {
        try (MappingGroup group = new MappingGroup()) {
            for (int i = 1; i < 4; i++) {
                var mapping = Mapping.anonymous(i * 5_000L, group.lifetime());
                mapping.bytes().ints().fill(i);
                expect(i, mapping.bytes().ints().min());
            }
        }
    }

    private static void expect(long expected, long found) {
        if (expected != found) {
            throw new AssertionError(found + " and not " + expected);
        }
    }

    private String name() {
        return "torture-" + ProcessHandle.current().pid() + "-" + names.incrementAndGet();
    }

    private void array(SplittableRandom random) throws MappingException {
        String name = name();
        long value = random.nextInt();
        try (SharedArray made = SharedArray.create(name, DType.parse("<i4"), Shape.of(10, 10), Order.C)) {
            try {
                made.array().fill(value);
                try (SharedArray seen = SharedArray.open(name, MapMode.READ_ONLY, PATIENCE)) {
                    expect(value, seen.array().getLong(9, 9));
                }
            } finally {
                SharedMemory.unlink(name);
            }
        }
    }

    private void anonymous(SplittableRandom random) throws MappingException {
        try (SharedMemory made = SharedMemory.anonymous(9_000);
                SharedMemory seen = SharedMemory.attach(made.handle(), MapMode.READ_ONLY, PATIENCE)) {
            byte[] content = Versions.content(seed, 0, 9_000, 1);
            made.bytes().copyFrom(0, content, 0, content.length);
            made.seal(Seal.SHRINK, Seal.GROW);
            if (!Arrays.equals(content, seen.bytes().toArray())) {
                throw new AssertionError("another content through " + made.handle());
            }
        }
    }

    private void ring(SplittableRandom random) throws Exception {
        WaitStrategy strategy = WaitStrategy.values()[random.nextInt(WaitStrategy.values().length)];
        try (SharedMemory memory = SharedMemory.anonymous(MessageRing.byteSize(4_096))) {
            RingProducer producer = MessageRing.producer(memory.bytes(), strategy);
            RingConsumer consumer = MessageRing.consumer(memory.bytes(), strategy);
            try {
                for (int i = 0; i < MESSAGES; i++) {
                    byte[] message = Versions.content(seed, i, 1 + random.nextInt(200), 2);
                    if (!producer.offer(message)) {
                        throw new AssertionError("no room for message " + i);
                    }
                    byte[] received = consumer.receive(PATIENCE);
                    if (!Arrays.equals(message, received)) {
                        throw new AssertionError("message " + i + " came as " + Arrays.toString(received));
                    }
                }
            } finally {
                producer.close();
                consumer.close();
            }
        }
    }

    /** Each record has one value in all its bytes. */
    private void record(SplittableRandom random) {
        SequenceLock lock =
                new SequenceLock(records.bytes().slice(0, SequenceLock.HEADER_BYTES + 256), WaitStrategy.PARK);
        byte[] record = new byte[256];
        if (random.nextBoolean()) {
            Arrays.fill(record, (byte) random.nextInt());
            lock.write(record);
        } else if (lock.read(record, PATIENCE)) {
            for (byte value : record) {
                expect(record[0], value);
            }
        }
    }

    private void segments(SplittableRandom random) throws IOException {
        String name = name();
        try (RawSegment made = RawSegment.create(name, 100)) {
            try (RawSegment seen = RawSegment.open(name, MapMode.READ_ONLY)) {
                made.bytes().set(99, (byte) 7);
                expect(7, seen.bytes().get(99));
            } finally {
                RawSegment.unlink(name);
            }
        }
        Segments.list();
    }

    /** Every addition counts once, and closes everything. */
    void end() {
        expect(added.sum(), counters.longs().get(0));
        expect(0, counters.ints().get(4));
        expect(0, counters.ints().get(5));
        counters.close();
        changing.close();
        records.close();
    }
}

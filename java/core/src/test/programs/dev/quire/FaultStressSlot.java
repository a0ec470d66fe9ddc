package dev.quire;

import dev.quire.FaultForeign.Reader;
import dev.quire.FaultOperations.Read;
import dev.quire.FaultOperations.Write;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/** Files of {@link FaultStressMain}, and what is done to them. */
final class FaultStressSlot {
    static final int SIZE = FaultOperations.SIZE;
    private static final int PAGE = (int) Platform.pageSize();
    private static final MemorySegment WHOLE = FaultForeign.whole(Arena.global(), SIZE);
    private static final ByteSlice WHOLE_BYTES = wholeBytes();
    private static final List<Read> READS = FaultOperations.reads(WHOLE_BYTES);
    private static final List<Read> LOOPS = FaultOperations.loops();
    private static final List<Write> WRITES = FaultOperations.writes();
    private static final List<Reader> READERS = FaultForeign.readers(WHOLE);
    private static final Object[] EXPECTED =
            READS.stream().map(read -> read.of(WHOLE_BYTES)).toArray();
    private static final Object[] EXPECTED_OF_LOOPS =
            LOOPS.stream().map(read -> read.of(WHOLE_BYTES)).toArray();
    private static final Object[] EXPECTED_OF_READERS =
            READERS.stream().map(reader -> reader.of(WHOLE)).toArray();

    private FaultStressSlot() {}

    /** Makes what results are compared with, before the clock runs. */
    static void prepare() {
        for (int i = 0; i < READS.size(); i++) {
            if (!FaultOperations.same(EXPECTED[i], READS.get(i).of(WHOLE_BYTES))) {
                throw new AssertionError(READS.get(i).name() + " finds something else each time");
            }
        }
    }

    private static ByteSlice wholeBytes() {
        try {
            AutoMapping memory = Mapping.anonymous(SIZE, Lifetime.AUTO);
            memory.bytes().copyFrom(0, FaultOperations.content(0, SIZE), 0, SIZE);
            return memory.bytes();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static FileChannel writing(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE);
    }

    /**
     * A file of known content, which is truncated at the beginning of a page, so that the kernel itself makes no zeros,
     * and grows again by that content. Stores are of that content too: every byte that is read is right, or lost.
     */
    static final class Cut {
        private final Path file;
        private final MapMode mode;
        private final Lifetime<?> lifetime;
        private final FaultStressCounts counts;
        private volatile OpenMemory current;

        Cut(Path file, MapMode mode, Lifetime<?> lifetime, FaultStressCounts counts) throws IOException {
            this.file = file;
            this.mode = mode;
            this.lifetime = lifetime;
            this.counts = counts;
            Files.write(file, FaultOperations.content(0, SIZE));
            this.current = open();
        }

        private OpenMemory open() throws IOException {
            return new OpenMemory(Mapping.open(file, mode, lifetime, MapOptions.DEFAULT));
        }

        /** Down to the beginning of a page and up again, with readers in between. */
        synchronized void cut(SplittableRandom random) throws Exception {
            int size = (int) Math.min(random.nextInt(SIZE / PAGE) * PAGE, Files.size(file)); // never a hole
            if (random.nextInt(50) == 0) {
                run("truncate", "-s", Integer.toString(size), file.toString());
            } else {
                try (FileChannel channel = writing(file)) {
                    channel.truncate(size);
                }
            }
            counts.add("cuts");
            Thread.sleep(0, random.nextInt(999_999));
            try (FileChannel channel = writing(file)) {
                for (int at = size; at < SIZE; at += PAGE) {
                    channel.write(ByteBuffer.wrap(FaultOperations.content(at, PAGE)), at);
                }
            } catch (IOException e) {
                counts.add("grown again in part"); // its disk is full
            }
        }

        void restore(SplittableRandom random) {
            try {
                if (!current.memory().damage().isEmpty()) {
                    counts.add("damage seen");
                    current.memory().restore();
                    counts.add("restored");
                }
                if (random.nextInt(4) == 0) {
                    current.memory().populate();
                }
            } catch (IllegalStateException e) {
                counts.add("closed");
            } catch (MemoryFaultException e) {
                counts.add("faults of populate");
            } catch (MappingException e) {
                counts.add("refused " + e.code());
            }
        }

        /** Only as whole as its file: in the moment of opening it may be short. */
        synchronized void reopen(SplittableRandom random) throws Exception {
            if (Files.size(file) < SIZE) {
                return;
            }
            OpenMemory old = current;
            current = open();
            close(old, counts);
            counts.add("mapped anew");
            Thread.sleep(random.nextInt(20));
        }

        void use(SplittableRandom random) {
            OpenMemory opened = current;
            try {
                opened.use(views -> {
                    int kind = random.nextInt(10);
                    if (kind < 5) {
                        read(views, random);
                    } else if (kind < 6) {
                        loop(opened.memory(), views, random);
                    } else if (kind < 8) {
                        foreign(opened.memory(), views, random);
                    } else if (mode != MapMode.READ_ONLY) {
                        write(views, random);
                    }
                });
            } catch (IllegalStateException e) {
                counts.add("closed");
            }
        }

        private void read(Views views, SplittableRandom random) {
            int which = random.nextInt(READS.size());
            try {
                Object found = READS.get(which).of(views.bytes());
                compare(READS.get(which).name(), EXPECTED[which], found);
                counts.add("reads");
            } catch (MemoryFaultException e) {
                counts.add("faults of reads");
            }
        }

        private void compare(String name, Object expected, Object found) {
            if (!FaultOperations.same(expected, found)) {
                throw new AssertionError(
                        file + " " + mode + ", " + name + ": " + text(found) + " and not " + text(expected));
            }
        }

        private static String text(Object value) {
            String text = Arrays.deepToString(new Object[] {value});
            return text.length() < 300 ? text : text.substring(0, 300);
        }

        private void loop(MappedMemory memory, Views views, SplittableRandom random) {
            int which = random.nextInt(LOOPS.size());
            Read loop = LOOPS.get(which);
            if (random.nextInt(3) == 0) {
                loop.of(views.bytes()); // may be anything, but an error
                counts.add("loops without a guard");
                return;
            }
            try {
                Object found = memory.guarded(() -> loop.of(views.bytes()));
                compare(loop.name(), EXPECTED_OF_LOOPS[which], found);
                counts.add("loops");
            } catch (MemoryFaultException e) {
                counts.add("faults of loops");
            }
        }

        private void foreign(MappedMemory memory, Views views, SplittableRandom random) {
            int which = random.nextInt(READERS.size());
            Reader reader = READERS.get(which);
            try {
                Object found = memory.guarded(() -> reader.of(views.segment()));
                compare(reader.name(), EXPECTED_OF_READERS[which], found);
                counts.add("foreign reads");
            } catch (MemoryFaultException e) {
                counts.add("faults of foreign reads");
            }
        }

        private void write(Views views, SplittableRandom random) {
            try {
                WRITES.get(random.nextInt(WRITES.size())).to(views.bytes(), WHOLE_BYTES);
                counts.add("writes");
            } catch (MemoryFaultException e) {
                counts.add("faults of writes");
            }
        }
    }

    /** While native code of the JDK's or a downcall uses a segment, the JDK does not let it be closed. */
    private static void close(OpenMemory opened, FaultStressCounts counts) throws InterruptedException {
        while (true) {
            try {
                opened.close();
                return;
            } catch (IllegalStateException e) {
                if (!e.getMessage().contains("acquired")) {
                    throw e;
                }
                counts.add("closed later");
                Thread.sleep(1);
            }
        }
    }

    private static void run(String... command) throws Exception {
        new ProcessBuilder(command).start().waitFor();
    }

    /** A sparse file on a small file system that others fill and free: one thread writes it. */
    static final class Full {
        private static final int FILLER = 256 << 10;
        private final Path folder;
        private final Path file;
        private final FaultStressCounts counts;
        private final Mapping map;

        Full(Path folder, FaultStressCounts counts) throws IOException {
            this.folder = folder;
            this.file = folder.resolve("sparse");
            this.counts = counts;
            Files.write(file, new byte[0]);
            MapOptions options = MapOptions.DEFAULT
                    .length(SIZE)
                    .with(MapOptions.Option.CREATE, MapOptions.Option.EXTEND, MapOptions.Option.SPARSE);
            this.map = Mapping.open(file, MapMode.READ_WRITE, options);
        }

        void fillOrFree(SplittableRandom random) throws Exception {
            Path filler = folder.resolve("filler" + random.nextInt(40));
            if (random.nextInt(3) == 0) {
                Files.deleteIfExists(filler);
            } else {
                try {
                    Files.write(filler, new byte[FILLER]);
                } catch (IOException e) {
                    counts.add("disk full");
                    Thread.sleep(random.nextInt(3));
                }
            }
        }

        /** What a flush confirmed is in the file. */
        void write(SplittableRandom random) throws IOException {
            int from = random.nextInt(SIZE / PAGE) * PAGE;
            int length = (1 + random.nextInt((SIZE - from) / PAGE)) * PAGE;
            byte value = (byte) (1 + random.nextInt(100));
            try {
                store(from, length, value, random.nextBoolean());
                map.flush(from, length, random.nextBoolean() ? Durability.CACHE : Durability.DEVICE);
                counts.add("flushes");
            } catch (MemoryFaultException e) {
                counts.add("faults on a full disk");
                recover(random);
                return;
            } catch (MappingException e) {
                counts.add("flush refused " + e.code());
                recover(random);
                return;
            }
            check(from, length, value);
            if (random.nextInt(4) == 0) {
                map.discard(from, length);
            }
        }

        private void store(int from, int length, byte value, boolean bulk) {
            ByteSlice bytes = map.bytes().slice(from, length);
            if (bulk) {
                bytes.fill(value);
            } else {
                for (int i = 0; i < length; i++) {
                    bytes.set(i, value);
                }
            }
        }

        private void recover(SplittableRandom random) throws IOException {
            if (random.nextInt(2) == 0) {
                map.restore();
                counts.add("restored on a full disk");
            }
        }

        private void check(int from, int length, byte value) throws IOException {
            ByteBuffer found = ByteBuffer.allocate(length);
            try (FileChannel channel = FileChannel.open(file)) {
                channel.read(found, from);
            }
            for (int i = 0; i < length; i++) {
                if (found.get(i) != value) {
                    throw new AssertionError(
                            "flush of " + from + " to " + (from + length) + " confirmed, and byte " + (from + i)
                                    + " of the file is " + found.get(i) + " and not " + value + "; " + map.damage());
                }
            }
        }
    }

    /** A file of anything, which is cut anywhere, punched, replaced, resized and protected. */
    static final class Wild {
        private final Path file;
        private final Path other;
        private final FaultStressCounts counts;
        private volatile Mapping current;

        Wild(Path file, Path other, FaultStressCounts counts) throws IOException {
            this.file = file;
            this.other = other;
            this.counts = counts;
            Files.write(file, new byte[SIZE]);
            this.current = Mapping.open(file, MapMode.READ_WRITE);
        }

        void spoil(SplittableRandom random) throws Exception {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    try (FileChannel channel = writing(file)) {
                        channel.truncate(random.nextInt(SIZE));
                    }
                }
                case 2, 3 -> {
                    try (FileChannel channel = writing(file)) {
                        channel.write(ByteBuffer.allocate(1), random.nextInt(SIZE) + SIZE / 2);
                    }
                }
                case 4 -> {
                    String at = Integer.toString(random.nextInt(SIZE));
                    run("fallocate", "-p", "-o", at, "-l", Integer.toString(SIZE / 4), file.toString());
                }
                default -> {
                    Files.write(other, new byte[SIZE]);
                    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            counts.add("spoilt");
            Thread.sleep(0, random.nextInt(999_999));
        }

        void change(SplittableRandom random) throws Exception {
            try {
                switch (random.nextInt(6)) {
                    case 0 -> {
                        Mapping old = current;
                        current = Mapping.open(file, MapMode.READ_WRITE);
                        close(new OpenMemory(old), counts);
                    }
                    case 1 -> current.resize(1 + random.nextInt(2 * SIZE));
                    case 2 -> current.protect(random.nextInt(4) == 0);
                    case 3 -> current.restore();
                    case 4 -> current.flush();
                    default -> current.advise(Hint.values()[random.nextInt(Hint.values().length)]);
                }
                counts.add("changes");
            } catch (MappingException e) {
                counts.add("change refused " + e.code());
            } catch (MemoryFaultException e) {
                counts.add("faults of changes");
            } catch (UnsupportedOperationException | IllegalStateException | IllegalArgumentException e) {
                counts.add("change not allowed"); // read-only now, or the file has another length than the mapping
            }
        }

        void use(SplittableRandom random) {
            Mapping map = current;
            try {
                once(map, random);
                counts.add("wild uses");
            } catch (MemoryFaultException e) {
                counts.add("faults of wild uses");
            } catch (MappingException e) {
                counts.add("use refused " + e.code());
            } catch (IllegalStateException e) {
                counts.add("closed");
            } catch (IndexOutOfBoundsException
                    | IllegalArgumentException
                    | NoSuchElementException // it has less than a page now: an array without elements
                    | UnsupportedOperationException e) {
                counts.add("changed meanwhile");
            }
        }

        private void once(Mapping map, SplittableRandom random) throws MappingException {
            ByteSlice bytes = map.bytes().slice(0, map.byteSize() / PAGE * PAGE);
            long at = bytes.byteSize() < 16 ? 0 : random.nextLong(bytes.byteSize() / 8);
            switch (random.nextInt(12)) {
                case 0 -> bytes.longs().getAndAdd(at, 1);
                case 1 -> bytes.longs().compareAndSet(at, 0, 1);
                case 2 -> bytes.longs().getAndBitwiseOr(at, 1L << 40);
                case 3 -> bytes.ints().getAndSet(at, 7);
                case 4 -> bytes.ints().compareAndExchange(at, 0, -1);
                case 5 -> setBits(bytes);
                case 6 -> bytes.fill((byte) random.nextInt());
                case 7 -> FaultOperations.array(bytes, "<f2").fill(1.5);
                case 8 -> READS.get(random.nextInt(READS.size())).of(bytes);
                case 9 -> READERS.get(random.nextInt(READERS.size())).of(bytes.segment());
                case 10 -> map.discard(at, PAGE);
                default -> {
                    map.evict();
                    map.lock(at, PAGE);
                    map.unlock();
                }
            }
        }

        private static void setBits(ByteSlice bytes) {
            for (long i = 0; i < bytes.longs().length(); i += 3) {
                bytes.longs().set(i, bytes.longs().get(i) | 1L << 40);
            }
        }
    }
}

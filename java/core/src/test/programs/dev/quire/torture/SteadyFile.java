package dev.quire.torture;

import dev.quire.FaultOperations;
import dev.quire.FaultOperations.Read;
import dev.quire.FaultOperations.Write;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.MappedMemory;
import dev.quire.Mapping;
import dev.quire.MappingGroup;
import dev.quire.OpenMemory;
import dev.quire.Platform;
import dev.quire.Views;
import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A file of one content, which another process cuts at pages and writes again. Every bulk result is that of the whole
 * content, or is not handed out; stores are of that content too.
 */
final class SteadyFile {
    private static final int PAGE = 4096;
    private static final Hint[] HINTS = Hint.values();
    private static final ByteSlice WHOLE = whole();
    private static final List<Read> READS = FaultOperations.reads(WHOLE);
    private static final List<Read> LOOPS = FaultOperations.loops();
    private static final List<Write> WRITES = FaultOperations.writes();
    private static final Object[] EXPECTED =
            READS.stream().map(read -> read.of(WHOLE)).toArray();
    private static final Object[] EXPECTED_OF_LOOPS =
            LOOPS.stream().map(read -> read.of(WHOLE)).toArray();

    private final Path file;
    private final MapMode mode;
    private final @Nullable Lifetime<?> lifetime;
    private final Counts counts;
    private volatile OpenMemory current;

    /**
     * Maps a file that is there.
     *
     * @param lifetime null for one of a group
     */
    SteadyFile(Path file, MapMode mode, @Nullable Lifetime<?> lifetime, Counts counts) throws IOException {
        this.file = file;
        this.mode = mode;
        this.lifetime = lifetime;
        this.counts = counts;
        this.current = open();
    }

    private static ByteSlice whole() {
        try {
            ByteSlice bytes =
                    Mapping.anonymous(FaultOperations.SIZE, Lifetime.AUTO).bytes();
            bytes.copyFrom(0, FaultOperations.content(0, FaultOperations.SIZE), 0, FaultOperations.SIZE);
            return bytes;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private OpenMemory open() throws MappingException {
        MappingGroup group = new MappingGroup();
        Lifetime<?> life = lifetime == null ? group.lifetime() : lifetime;
        return new OpenMemory(Mapping.open(file, mode, life, MapOptions.DEFAULT), group);
    }

    static void addTo(List<Operation> all, List<SteadyFile> files, String folder) {
        add(all, files, "read", Declared.ACCESS, folder, SteadyFile::read);
        add(all, files, "loop", Declared.ACCESS, folder, SteadyFile::loop);
        add(all, files, "elements", Declared.ACCESS, folder, SteadyFile::elements);
        add(all, files, "buffer", Declared.ACCESS, folder, SteadyFile::buffer);
        add(all, files, "write", Declared.ACCESS, folder, SteadyFile::write);
        add(all, files, "scan", Declared.ACCESS, folder, SteadyFile::scan);
        add(all, files, "gather", Declared.PAGES, folder, SteadyFile::gather);
        add(all, files, "reopen", Declared.OPEN, folder, SteadyFile::reopen);
        add(all, files, "confined", Declared.PAGES, folder, SteadyFile::confined);
        add(all, files, "restore", Declared.PAGES, folder, SteadyFile::restore);
        add(all, files, "pages", Declared.PAGES, folder, SteadyFile::pages);
        add(all, files, "hint", Declared.ACCESS, folder, SteadyFile::hint);
        add(all, files, "lock", Declared.LOCKS, folder, SteadyFile::lock);
        add(all, files, "facts", Declared.PAGES, folder, SteadyFile::facts);
    }

    private interface Step {
        void take(SteadyFile file, SplittableRandom random) throws Exception;
    }

    private static void add(
            List<Operation> all, List<SteadyFile> files, String name, Declared declared, String folder, Step step) {
        Operation.Body body = random -> step.take(Operation.any(files, random), random);
        all.add(new Operation("steady." + name, declared, folder, body));
    }

    private void same(String name, Object expected, Object found) {
        if (!FaultOperations.same(expected, found)) {
            String text = Arrays.deepToString(new Object[] {found});
            throw new AssertionError(
                    file + " " + mode + ", " + name + ": " + text.substring(0, Math.min(300, text.length())));
        }
    }

    private void read(SplittableRandom random) {
        int which = random.nextInt(READS.size());
        same(
                READS.get(which).name(),
                EXPECTED[which],
                current.get(views -> READS.get(which).of(views.bytes())));
    }

    private void loop(SplittableRandom random) {
        int which = random.nextInt(LOOPS.size());
        OpenMemory opened = current;
        Read loop = LOOPS.get(which);
        Object found = opened.get(views -> random.nextBoolean()
                ? opened.memory().guarded(() -> loop.of(views.bytes()))
                : MappedMemory.guarded(() -> loop.of(views.bytes()), opened.memory(), opened.memory()));
        same(loop.name(), EXPECTED_OF_LOOPS[which], found);
    }

    private void elements(SplittableRandom random) {
        int from = random.nextInt(FaultOperations.SIZE - 256);
        byte[] found = current.get(views -> {
            byte[] bytes = new byte[256];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = views.bytes().get(from + i);
            }
            return bytes;
        });
        Versions.checkSteadyOrLost(from, found);
    }

    private void buffer(SplittableRandom random) {
        OpenMemory opened = current;
        byte[] found = opened.get(views -> opened.memory().guarded(() -> {
            ByteBuffer buffer = views.bytes().byteBuffer();
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        }));
        same("buffer", FaultOperations.content(0, FaultOperations.SIZE), found);
    }

    private void write(SplittableRandom random) {
        if (mode != MapMode.READ_ONLY) {
            Write write = Operation.any(WRITES, random);
            current.use(views -> write.to(views.bytes(), WHOLE));
        }
    }

    private void scan(SplittableRandom random) {
        long chunk = PAGE * (1L + random.nextInt(3));
        byte[] found = current.get(views -> {
            byte[] bytes = new byte[FaultOperations.SIZE];
            try (Scan scan = Scan.of(views.bytes(), ScanOptions.DEFAULT.chunk(chunk))) {
                int[] at = {0};
                scan.forEach(piece -> {
                    piece.copyTo(0, bytes, at[0], (int) piece.length());
                    at[0] += (int) piece.length();
                });
            }
            return bytes;
        });
        same("scan", FaultOperations.content(0, FaultOperations.SIZE), found);
    }

    private void gather(SplittableRandom random) throws MappingException {
        long[] offsets = random.longs(20, 0, FaultOperations.SIZE - 128).toArray();
        boolean inOrder = random.nextBoolean();
        MappingException[] refused = new MappingException[1];
        current.use(views -> {
            Gather.Reader reader = (index, bytes) ->
                    same("record", FaultOperations.content((int) offsets[index], 128), bytes.toArray());
            try {
                if (inOrder) {
                    Gather.of(views.bytes()).forEach(offsets, 128, reader);
                } else {
                    Gather.of(views.bytes()).forEachAsTheyCome(offsets, 128, reader);
                }
            } catch (MappingException e) {
                refused[0] = e;
            }
        });
        if (refused[0] != null) {
            throw refused[0];
        }
    }

    /** Closes what others read. A file that is cut at this moment is not taken. */
    private synchronized void reopen(SplittableRandom random) throws Exception {
        OpenMemory opened = open();
        if (opened.memory().byteSize() < FaultOperations.SIZE) {
            close(opened, counts);
            return;
        }
        OpenMemory old = current;
        current = opened;
        close(old, counts);
        counts.add("sabotage close");
    }

    /** Until methods of the JDK have done with its segment. */
    static void close(OpenMemory opened, Counts counts) throws InterruptedException {
        while (true) {
            try {
                opened.close();
                return;
            } catch (IllegalStateException e) {
                if (!String.valueOf(e.getMessage()).contains("acquired")) {
                    throw e;
                }
                counts.add("closed later");
                Thread.onSpinWait();
            }
        }
    }

    private void confined(SplittableRandom random) throws IOException {
        try (Mapping map = Mapping.open(file, mode, Lifetime.CONFINED)) {
            if (map.byteSize() == FaultOperations.SIZE) {
                int which = random.nextInt(READS.size());
                same(READS.get(which).name(), EXPECTED[which], READS.get(which).of(map.bytes()));
            }
        }
    }

    private void restore(SplittableRandom random) throws MappingException {
        MappedMemory memory = current.memory();
        if (!memory.damage().isEmpty()) {
            counts.add("damage seen");
            counts.add(memory.restore().isEmpty() ? "damage stays" : "damage restored");
        }
    }

    private void pages(SplittableRandom random) throws Exception {
        MappedMemory memory = current.memory();
        long from = random.nextLong(FaultOperations.SIZE);
        long length = random.nextLong(FaultOperations.SIZE - from + 1);
        switch (random.nextInt(8)) {
            case 0 -> memory.flush(from, length, Durability.values()[random.nextInt(3)]);
            case 1 -> memory.evict(from, length);
            case 2 -> memory.populate(from, length);
            case 3 -> memory.populateForWriting(from, length);
            case 4 -> memory.ensureResident(from, length);
            case 5 -> await(memory, new ByteRange(from, length));
            case 6 -> memory.residency(from, length);
            default -> memory.flush();
        }
    }

    private static void await(MappedMemory memory, ByteRange range) throws Exception {
        try {
            memory.populateAsync(List.of(range)).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } catch (InterruptedException e) {
            Thread.interrupted(); // this thread does not wait any more
        }
    }

    private void hint(SplittableRandom random) {
        MappedMemory memory = current.memory();
        long from = random.nextLong(FaultOperations.SIZE);
        long length = random.nextLong(FaultOperations.SIZE - from + 1);
        switch (random.nextInt(4)) {
            case 0 -> memory.prefetch(List.of(new ByteRange(from, length), new ByteRange(0, 1)));
            case 1 -> memory.advise(HINTS[random.nextInt(HINTS.length)]);
            case 2 -> current.use(views -> hint(views, random));
            default -> memory.advise(from, length, HINTS[random.nextInt(HINTS.length)]);
        }
    }

    private static void hint(Views views, SplittableRandom random) {
        views.bytes().advise(HINTS[random.nextInt(HINTS.length)]);
        views.longs().prefetch();
        views.doubles().residency();
    }

    private void lock(SplittableRandom random) throws MappingException {
        MappedMemory memory = current.memory();
        long from = random.nextLong(FaultOperations.SIZE);
        long length = random.nextLong(FaultOperations.SIZE - from + 1);
        if (random.nextBoolean()) {
            memory.lock(from, length);
        } else {
            memory.lockOnFault(from, length);
        }
        memory.unlock();
    }

    private void facts(SplittableRandom random) throws MappingException {
        MappedMemory memory = current.memory();
        if (memory.isReplaced()
                || memory.file().size() > FaultOperations.SIZE
                || !memory.path().orElseThrow().equals(file)) {
            throw new AssertionError(memory + " is not " + file);
        }
        memory.granted(MapOptions.Option.values()[random.nextInt(MapOptions.Option.values().length)]);
        Platform.facts();
    }

    void end() throws InterruptedException {
        close(current, counts);
    }
}

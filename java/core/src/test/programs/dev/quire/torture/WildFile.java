package dev.quire.torture;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.MapOptions.Option;
import dev.quire.Mapping;
import dev.quire.OpenMemory;
import dev.quire.error.MappingException;
import dev.quire.hint.Durability;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A file that another process cuts anywhere, punches, lengthens, replaces, removes and forbids, and that is resized,
 * protected and closed here. Each byte that is read is of some version, or zero.
 */
final class WildFile {
    static final int SIZE = 64 << 10;

    /** One mapping, and where in the file it begins. */
    private record Opened(OpenMemory memory, long offset) {}

    private final Path file;
    private final long seed;
    private final Counts counts;
    private volatile Opened current;

    WildFile(Path file, long seed, Counts counts) throws IOException {
        this.file = file;
        this.seed = seed;
        this.counts = counts;
        this.current = new Opened(new OpenMemory(Mapping.open(file, MapMode.READ_WRITE)), 0);
    }

    static void addTo(List<Operation> all, List<WildFile> files, String folder) {
        add(all, files, "read", Declared.CHANGING, folder, WildFile::read);
        add(all, files, "store", Declared.CHANGING, folder, WildFile::store);
        add(all, files, "copy", Declared.CHANGING, folder, WildFile::copy);
        add(all, files, "open", Declared.OPEN, folder, WildFile::open);
        add(all, files, "resize", Declared.CHANGING, folder, WildFile::resize);
        add(all, files, "protect", Declared.CHANGING, folder, WildFile::protect);
        add(all, files, "pages", Declared.CHANGING, folder, WildFile::pages);
    }

    private interface Step {
        void take(WildFile file, SplittableRandom random) throws Exception;
    }

    private static void add(
            List<Operation> all, List<WildFile> files, String name, Declared declared, String folder, Step step) {
        Operation.Body body = random -> step.take(Operation.any(files, random), random);
        all.add(new Operation("wild." + name, declared, folder, body));
    }

    private static ByteSlice part(ByteSlice bytes, SplittableRandom random) {
        long from = random.nextLong(bytes.byteSize() + 1);
        return bytes.slice(from, random.nextLong(Math.min(bytes.byteSize() - from, 8_000) + 1));
    }

    private void read(SplittableRandom random) {
        Opened opened = current;
        opened.memory.use(views -> {
            ByteSlice part = part(views.bytes(), random);
            Versions.check(seed, opened.offset + part.offset(), part.toArray());
        });
    }

    private void store(SplittableRandom random) {
        Opened opened = current;
        opened.memory.use(views -> {
            ByteSlice part = part(views.bytes(), random);
            int length = (int) part.length();
            int version = random.nextInt(Versions.COUNT);
            byte[] content = Versions.content(seed, opened.offset + part.offset(), length, version);
            if (random.nextBoolean()) {
                part.copyFrom(0, content, 0, length);
            } else {
                for (int i = 0; i < length; i++) {
                    part.set(i, content[i]);
                }
            }
        });
    }

    /** Into memory of its own, where a copy that failed may have done a part. */
    private void copy(SplittableRandom random) throws IOException {
        Opened opened = current;
        try (Mapping target = Mapping.anonymous(8_192)) {
            opened.memory.use(views -> {
                ByteSlice part = part(views.bytes(), random);
                part.copyTo(0, target.bytes(), 0, part.length());
                Versions.check(
                        seed,
                        opened.offset + part.offset(),
                        target.bytes().slice(0, part.length()).toArray());
            });
        }
    }

    private synchronized void open(SplittableRandom random) throws Exception {
        List<Lifetime<?>> lifetimes = List.of(Lifetime.SHARED, Lifetime.LEASED, Lifetime.AUTO);
        MapMode mode = MapMode.values()[random.nextInt(3)];
        MapOptions options = MapOptions.DEFAULT;
        long offset = 0;
        if (random.nextInt(3) == 0) {
            offset = random.nextInt(SIZE / 2);
            options = options.offset(offset).length(1 + random.nextInt(SIZE / 2));
        }
        List<Option> more = List.of(Option.POPULATE, Option.NO_RESERVE, Option.KEEP_FILE, Option.NO_FOLLOW);
        options = options.with(Operation.any(more, random));
        if (mode == MapMode.READ_WRITE && random.nextInt(4) == 0) {
            options = options.with(Option.CREATE, Option.EXTEND).length(SIZE / 2);
        }
        Opened opened =
                new Opened(new OpenMemory(Mapping.open(file, mode, Operation.any(lifetimes, random), options)), offset);
        Opened old = current;
        current = opened;
        SteadyFile.close(old.memory, counts);
    }

    private void resize(SplittableRandom random) throws MappingException {
        counts.add("sabotage resize");
        current.memory.resize(1 + random.nextInt(2 * SIZE));
    }

    private void protect(SplittableRandom random) throws MappingException {
        counts.add("sabotage protect");
        current.memory.protect(random.nextInt(4) == 0);
    }

    private void pages(SplittableRandom random) throws MappingException {
        var memory = current.memory.memory();
        long size = memory.byteSize();
        long from = random.nextLong(size + 1);
        long length = random.nextLong(size - from + 1);
        switch (random.nextInt(6)) {
            case 0 -> memory.flush(from, length, Durability.values()[random.nextInt(3)]);
            case 1 -> memory.evict(from, length);
            case 2 -> memory.discard(from, length);
            case 3 -> memory.populate(from, length);
            case 4 -> memory.isReplaced();
            default -> {
                if (!memory.damage().isEmpty()) {
                    counts.add("damage seen");
                    memory.restore();
                }
            }
        }
    }

    void end() throws InterruptedException {
        SteadyFile.close(current.memory, counts);
    }
}

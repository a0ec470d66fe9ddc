package dev.quire.torture;

import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.MappingGroup;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Takes all there is of something, for a moment in which others need it too. One thread does it. */
final class Limits {
    /** As many steps as do everything once. */
    static final int KINDS = 12;

    private static final long HUGE = 8L << 40;
    private static final long PAGE = 4_096;
    private static final long LOCKED = 1 << 20;

    private final @Nullable Path small;
    private final Counts counts;

    /**
     * Begins nothing yet.
     *
     * @param small a folder of a small file system, or null
     */
    Limits(@Nullable Path small, Counts counts) {
        this.small = small;
        this.counts = counts;
        for (String what : List.of("descriptors", "areas", "addresses", "locked memory")) {
            counts.expect("sabotage exhaust " + what);
        }
        if (small != null) {
            counts.expect("sabotage fill disk");
        }
    }

    /** Everything once, and then at random. */
    void step(int number, SplittableRandom random) throws Exception {
        switch (number < KINDS ? number : random.nextInt(KINDS)) {
            case 0 -> areas();
            case 1, 2 -> addresses();
            case 3 -> descriptors();
            case 4, 5 -> locked();
            default -> fill();
        }
        Thread.sleep(random.nextInt(100));
    }

    private void descriptors() throws Exception {
        List<FileInputStream> open = new ArrayList<>();
        try {
            for (int i = 0; i < 100_000; i++) {
                open.add(new FileInputStream("/dev/null"));
            }
        } catch (IOException e) {
            counts.add("sabotage exhaust descriptors");
            Thread.sleep(20);
        } finally {
            for (FileInputStream one : open) {
                one.close();
            }
        }
    }

    /** Every second page gets a hint of its own, which makes it an area. */
    private void areas() throws Exception {
        try (Mapping map = Mapping.anonymous(140_000 * PAGE)) {
            for (long page = 0; page < 140_000; page += 2) {
                if (!map.advise(page * PAGE, PAGE, Hint.DONTDUMP).isComplete()) {
                    counts.add("sabotage exhaust areas");
                    Thread.sleep(2);
                    return;
                }
            }
        } catch (MappingException e) {
            refused(e, "areas");
        }
    }

    /** Pieces so large that the JVM's own needs find room between them. */
    private void addresses() throws Exception {
        try (MappingGroup group = new MappingGroup()) {
            for (int i = 0; i < 100; i++) {
                Mapping.anonymous(HUGE, group.lifetime(), MapOptions.DEFAULT.with(MapOptions.Option.NO_RESERVE));
            }
        } catch (MappingException e) {
            refused(e, "addresses");
        }
    }

    private void locked() throws Exception {
        try (Mapping map = Mapping.anonymous(LOCKED)) {
            map.lock();
        } catch (MappingException e) {
            refused(e, "locked memory");
        }
    }

    private void refused(MappingException e, String what) throws InterruptedException {
        counts.add("exception " + Declared.LIMITS.kindOf(e, ""));
        counts.add("sabotage exhaust " + what);
        Thread.sleep(2);
    }

    private void fill() throws IOException {
        if (small != null) {
            Path filler = small.resolve("filler");
            if (!Files.deleteIfExists(filler)) {
                try {
                    Files.write(filler, new byte[4 << 20]);
                } catch (IOException e) {
                    counts.add("sabotage fill disk");
                }
            }
        }
    }
}

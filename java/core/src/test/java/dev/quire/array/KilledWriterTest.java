package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.slice.LongSlice;
import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Acceptance 51: writers that are killed at any moment leave each file old or new and whole, what they were told is
 * written is there, and nothing else stays in the folder.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS) // its children have limits of their own
class KilledWriterTest {
    /** How often a writer is killed; {@code -Dquire.kills=1000} by hand. */
    private static final int ROUNDS = Integer.getInteger("quire.kills", 15);

    private static final Set<String> FILES = Set.of(
            KilledWriterMain.SAVED,
            KilledWriterMain.CREATED,
            KilledWriterMain.CONVERTED,
            KilledWriterMain.FLUSHED,
            KilledWriterMain.ROWS);

    /** The moments of a kill after the writer is ready: some generations are written in the longest. */
    private static final int MILLISECONDS = 500;

    @TempDir
    Path folder;

    /** The generations in each file after the last round; of rows.npy, how many rows there are. */
    private final Map<String, Set<Long>> there = new HashMap<>();

    @Test
    void oldOrNewAfterEveryKill() throws Exception {
        Random random = new Random(51);
        long first = 1;
        long inMidst = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String wanted = round == 0 ? KilledWriterMain.FLUSHED : "ready"; // each file is there once
            Map<String, Long> confirmed = confirmed(killed(first, wanted, random.nextInt(MILLISECONDS)));
            for (String file : FILES) {
                inMidst += check(file, confirmed, first) ? 1 : 0;
            }
            Leftovers.clean(folder);
            assertTrue(FILES.containsAll(names()), () -> "left behind: " + namesOrNone());
            first = confirmed.values().stream().mapToLong(value -> value).max().orElse(first) + 2;
        }
        System.out.println(
                ROUNDS + " kills, generations up to " + first + ", files found in the midst of it " + inMidst);
        assertTrue(there.keySet().containsAll(FILES), () -> "written at all: " + there);
    }

    /** What a writer said until it was killed, so many milliseconds after it said what is wanted. */
    private String killed(long first, String wanted, int milliseconds) throws Exception {
        ChildJvm.Running writer = ChildJvm.onClassPath(KilledWriterMain.class, folder.toString(), Long.toString(first))
                .flags("-XX:TieredStopAtLevel=1", "-Xshare:auto")
                .start();
        while (!writer.out().contains(wanted) && writer.process().isAlive()) {
            Thread.sleep(5);
        }
        Thread.sleep(milliseconds);
        writer.process().destroyForcibly();
        ChildJvm.Exit exit = writer.await();
        assertEquals(137, exit.status(), exit::toString);
        return exit.out();
    }

    /** The last generation of each file that a writer told of. A line that was cut short is none. */
    private static Map<String, Long> confirmed(String out) {
        Map<String, Long> last = new HashMap<>();
        for (String line : out.substring(0, out.lastIndexOf('\n') + 1).lines().toList()) {
            String[] words = line.split(" ");
            last.put(words[0], Long.parseLong(words[1]));
        }
        return last;
    }

    /** Whether the file is the one that the writer was at, rather than the last it told of. */
    private boolean check(String file, Map<String, Long> confirmed, long first) throws IOException {
        Long told = confirmed.get(file);
        Set<Long> before = told == null ? there.getOrDefault(file, Set.of()) : Set.of(told);
        if (!Files.exists(folder.resolve(file))) {
            assertEquals(Set.of(), before, file + " is gone");
            return false;
        }
        boolean isRows = file.equals(KilledWriterMain.ROWS);
        Set<Long> allowed = new HashSet<>(before);
        if (told != null || isRows) {
            allowed.add(before.stream().mapToLong(value -> value).max().orElse(0) + 1);
        } else {
            allowed.add(first);
        }
        if (file.equals(KilledWriterMain.FLUSHED) && before.isEmpty()) {
            allowed.add(0L); // as it was made
        }
        Set<Long> found = isRows ? Set.of(rows(file)) : generations(file);
        boolean isWhole = found.size() == 1 || file.equals(KilledWriterMain.FLUSHED);
        assertTrue(
                isWhole && allowed.containsAll(found), () -> file + " has " + found + ", which is not of " + allowed);
        there.put(file, found);
        return !before.containsAll(found);
    }

    /** How many rows there are; each must hold its own number. */
    private long rows(String file) throws IOException {
        try (MappedArray rows = MappedArray.open(folder.resolve(file), MapMode.READ_ONLY)) {
            long count = rows.shape().dim(0);
            for (long row = 0; row < count; row++) {
                ArrayView one = rows.index(0, row);
                assertEquals(row, one.min(), file);
                assertEquals(row, one.max(), file);
            }
            return count;
        }
    }

    /** Every value in a file. */
    private Set<Long> generations(String file) throws IOException {
        Path path = folder.resolve(file);
        if (file.equals(KilledWriterMain.FLUSHED)) {
            try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
                LongSlice longs = map.longs();
                return Stream.of(longs.summary().min(), longs.summary().max()).collect(Collectors.toSet());
            }
        }
        try (MappedArray array = MappedArray.open(path, MapMode.READ_ONLY)) {
            assertEquals(
                    List.of((long) KilledWriterMain.ELEMENTS),
                    List.of(array.shape().dim(0)));
            return Stream.of((long) array.min(), (long) array.max()).collect(Collectors.toSet());
        }
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).collect(Collectors.toSet());
        }
    }

    private String namesOrNone() {
        try {
            return names().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }
}

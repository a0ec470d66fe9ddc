package dev.quire.cli;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.cli.HintRace.Lap;
import dev.quire.error.MappingException;
import dev.quire.hint.Residency;
import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;

/** The steps of the tour. Each shows a line of Java and what came of running it. */
final class Tour {
    /** Enough for a disk to show its speed, little enough to be read page by page five times within seconds. */
    private static final long RACE_BYTES = 16 << 20;

    private static final long BUFFER_BYTES = 1 << 20;

    /** The header of a JDK image is seven integers in the byte order of its machine; the first one marks it. */
    private static final int HEADER_BYTES = 28;

    private static final int IMAGE_MARK = 0xCAFEDADA;
    private static final int IMAGE_RESOURCES = 3;

    /** What is left of 80 columns beside a hint's name, answer and speed. */
    private static final int BAR_COLUMNS = 45;

    private final Path file;
    private final Consumer<Step> audience;
    private int shown;

    Tour(Path file, Consumer<Step> audience) {
        this.file = file;
        this.audience = audience;
    }

    /**
     * One step.
     *
     * @param number that it has
     * @param name for programs
     * @param title what it is about
     * @param java the line that did it
     * @param seen what came of it
     * @param facts the same for programs
     */
    record Step(int number, String name, String title, String java, List<String> seen, Map<String, Object> facts) {
        List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("");
            lines.add(number + " " + title);
            lines.add("    " + java);
            seen.forEach(line -> lines.add("  " + line));
            return lines;
        }
    }

    void run() throws MappingException {
        Mapping.open(file, MapMode.READ_ONLY).close(); // loads the native library, which is not to be timed
        long start = System.nanoTime();
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            if (map.byteSize() < Platform.pageSize()) {
                throw new IllegalArgumentException(
                        "tour " + file + ": " + Text.bytes(map.byteSize()) + " are too few to show something");
            }
            showMapping(map, seconds);
            showNumbers(map);
            showResidency(map.residency());
            showHints(map.byteSize());
        }
        showSharing();
    }

    private void showMapping(Mapping map, double seconds) {
        show(
                "open",
                "Map a file of any size. Nothing is read yet, and no descriptor stays open.",
                "Mapping map = Mapping.open(path, MapMode.READ_ONLY);",
                List.of(Text.bytes(map.byteSize()) + " mapped in " + Text.seconds(seconds)),
                facts("bytes", map.byteSize(), "seconds", seconds));
    }

    private void showNumbers(Mapping map) {
        IntSlice header = map.bytes().slice(0, HEADER_BYTES).ints();
        IntSlice swapped = map.bytes().slice(0, HEADER_BYTES).ints(otherOrder());
        List<String> seen = new ArrayList<>();
        seen.add(
                "header.get(0) is " + hex(header.get(0)) + ", and " + hex(swapped.get(0)) + " in the other byte order");
        if (header.get(0) == IMAGE_MARK) {
            seen.add("which marks a JDK image; header.get(3) counts its resources: "
                    + Text.count(header.get(IMAGE_RESOURCES)));
        }
        show(
                "numbers",
                "See bytes as numbers, checked and without a copy, in either byte order.",
                "IntSlice header = map.bytes().slice(0, " + HEADER_BYTES + ").ints();",
                seen,
                facts("first", header.get(0), "swapped", swapped.get(0)));
    }

    private void showResidency(Residency residency) {
        show(
                "residency",
                "Ask which pages are in memory.",
                "Residency pages = map.residency();",
                List.of(ResidencyPicture.bar(residency), ResidencyPicture.sentence(residency), ResidencyPicture.LEGEND),
                ResidencyPicture.facts(residency));
    }

    private void showHints(long fileBytes) throws MappingException {
        long length = Math.min(RACE_BYTES, fileBytes);
        List<Lap> laps = HintRace.run(file, fileBytes - length, length);
        double fastest = laps.stream().mapToDouble(Lap::bytesPerSecond).max().orElseThrow();
        List<String> seen = new ArrayList<>();
        laps.forEach(lap -> seen.add(line(lap, fastest)));
        long cold = laps.stream().mapToLong(Lap::coldBytes).min().orElseThrow();
        if (cold < 0) {
            seen.add("(the system does not tell whether the pages were dropped)");
        } else if (cold < length / 2) {
            seen.add("(only " + Text.bytes(cold) + " could be dropped first, so this is memory, not the disk)");
        }
        show(
                "hints",
                "Say what you will do. The last " + Text.bytes(length) + ", dropped from memory each time:",
                "map.evict(); map.advise(Hint.SEQUENTIAL);",
                seen,
                facts("bytes", length, "passes", laps.stream().map(Tour::facts).toList()));
    }

    private static String line(Lap lap, double fastest) {
        int width = (int) Math.max(1, Math.round(lap.bytesPerSecond() / fastest * BAR_COLUMNS));
        return String.format(
                Locale.ROOT,
                "%-10s %-8s %9s %s",
                lap.name(),
                lap.outcome().result(),
                Text.rate(lap.readBytes(), lap.seconds()),
                "#".repeat(width));
    }

    private static Map<String, Object> facts(Lap lap) {
        Map<String, Object> facts =
                facts("name", lap.name(), "result", lap.outcome().result());
        facts.put("coldBytes", lap.coldBytes());
        facts.put("readBytes", lap.readBytes());
        facts.put("seconds", lap.seconds());
        return facts;
    }

    private void showSharing() throws MappingException {
        LongSlice longs;
        Statistics read;
        try (Mapping buffer = Mapping.anonymous(BUFFER_BYTES)) {
            longs = buffer.longs();
            inThread(() -> fill(buffer.longs()));
            read = inThread(() -> Statistics.of(buffer.longs().summary()));
        }
        show(
                "share",
                "Share memory off the Java heap between threads; read all of it in one pass.",
                "Mapping buffer = Mapping.anonymous(1 << 20);  buffer.longs().summary()",
                List.of(
                        "one thread counted up from 0; another one found a sum of " + read.sum(),
                        "in " + Text.count(read.count(), "number") + ", mean " + read.mean() + ", max " + read.max()),
                facts("count", read.count(), "sum", read.sum()));
        showClosed(longs);
    }

    private static long fill(LongSlice longs) {
        for (long index = 0; index < longs.length(); index++) {
            longs.set(index, index);
        }
        return longs.length();
    }

    private void showClosed(LongSlice longs) {
        String failure;
        try {
            failure = "nothing, but " + longs.get(0);
        } catch (IllegalStateException e) {
            failure = e.toString().replace("java.lang.", "");
        }
        show(
                "close",
                "Close it: the memory is gone, and using it is an exception, never a crash.",
                "buffer.close();  longs.get(0);",
                List.of(failure),
                Map.of("failure", failure));
    }

    private static <T> T inThread(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        try {
            return task.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("a thread of the tour failed: " + e.getMessage(), e);
        }
    }

    private void show(String name, String title, String java, List<String> seen, Map<String, Object> facts) {
        shown++;
        audience.accept(new Step(shown, name, title, java, seen, facts));
    }

    private static ByteOrder otherOrder() {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    private static String hex(int number) {
        return String.format(Locale.ROOT, "0x%08X", number);
    }

    private static Map<String, Object> facts(String name, Object value, String secondName, Object secondValue) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put(name, value);
        facts.put(secondName, secondValue);
        return facts;
    }
}

package dev.quire.torture;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Random operations of the whole interface in child JVMs, one mode after the other, while this process spoils their
 * files, stops them, and kills writers beside them.
 *
 * <p>Arguments: {@code --minutes N --seed S}, and {@code --mode K} for one mode alone. A seed repeats what every thread
 * chooses, in its order; how the system runs the threads cannot be repeated. Exit status 0, or 1 after a failure.
 */
public final class TortureMain {
    /** The kind of threads, and flags. */
    public static final List<String> MODES = List.of(
            "platform -XX:+UseG1GC",
            "platform -Xint",
            "platform -XX:TieredStopAtLevel=1",
            "platform -XX:-TieredCompilation",
            "platform -XX:+UseZGC",
            "platform -XX:+UseShenandoahGC",
            "platform -XX:+UseParallelGC",
            "platform -XX:+UseSerialGC -Xmx32m",
            "virtual -XX:+UseG1GC");

    private static final Pattern COUNT = Pattern.compile("count (.*)=(\\d+)");
    private static final int KILLED = 128 + 9;

    private final Map<String, Long> totals = new TreeMap<>();
    private final Path folder;
    private final long seed;
    private volatile @Nullable Throwable wrong;

    /** Uses a folder that is empty. */
    public TortureMain(Path folder, long seed) {
        this.folder = folder;
        this.seed = seed;
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, Long> given =
                new TreeMap<>(Map.of("--minutes", 1L, "--seed", System.nanoTime() % 100_000, "--mode", -1L));
        for (int i = 0; i < arguments.length; i += 2) {
            if (!given.containsKey(arguments[i]) || i + 1 == arguments.length) {
                System.err.println("usage: scripts/torture --minutes N --seed S [--mode K]");
                System.exit(2);
            }
            given.put(arguments[i], Long.parseLong(arguments[i + 1]));
        }
        long mode = given.get("--mode");
        Path folder = Files.createTempDirectory("quire-torture");
        TortureMain torture = new TortureMain(folder, given.get("--seed"));
        List<String> modes = mode < 0 ? MODES : MODES.subList((int) mode, (int) mode + 1);
        int seconds = (int) Math.max(3, given.get("--minutes") * 60 / modes.size());
        try {
            for (String one : modes) {
                torture.run(one, seconds);
            }
        } finally {
            torture.totals.forEach((what, count) -> System.out.println(what + " = " + count));
            remove(folder);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** What was done and happened in all runs so far. */
    public Map<String, Long> totals() {
        return totals;
    }

    /**
     * One mode for so many seconds.
     *
     * @throws AssertionError if anything was wrong: how to repeat it is in the message
     */
    public void run(String mode, int seconds) throws Exception {
        System.out.println(
                "torture: --seed " + seed + " --mode " + MODES.indexOf(mode) + " (" + mode + "), " + seconds + " s");
        Path own = Files.createDirectory(folder.resolve("mode-" + MODES.indexOf(mode)));
        Path small = Confinement.canMount() ? Files.createDirectory(own.resolve("small")) : null;
        if (small == null) {
            System.out.println("torture: no small file system can be mounted here; no disk is filled");
        }
        FileSaboteur.prepare(own);
        ChildJvm.Running child = child(own, small, mode.split(" "), seconds).start();
        Counts counts = new Counts();
        counts.expect("sabotage kill");
        Thread killer = Thread.ofPlatform().start(() -> kill(own, child, counts));
        FileSaboteur saboteur = new FileSaboteur(own, child.process().pid(), counts);
        SplittableRandom random = new SplittableRandom(seed);
        while (child.process().isAlive()) {
            if (child.out().contains("ready")) {
                saboteur.step(random);
            } else {
                Thread.sleep(10);
            }
        }
        killer.join();
        report(mode, child.await(), counts);
        if (wrong != null) {
            throw new AssertionError("torture failed beside the child, --seed " + seed + ": " + wrong, wrong);
        }
    }

    private ChildJvm child(Path own, @Nullable Path small, String[] words, int seconds) throws Exception {
        ChildJvm child = Child.of(ChildMain.class, own, small == null ? "-" : small, seconds, seed, words[0])
                .flags("-Xmx256m", "-Dquire.faults.size=" + FileSaboteur.STEADY_BYTES)
                .flags(List.of(words).subList(1, words.length).toArray(String[]::new))
                .timeout(Duration.ofSeconds(seconds + 240));
        if (small != null) {
            child.under(Confinement.withFileSystem(small, "size=1m"));
        }
        return child.under(Confinement.withLimit("-n 300"))
                .under(Confinement.withLimit("-l 256"))
                .under(Confinement.withoutPrivileges());
    }

    private void kill(Path own, ChildJvm.Running child, Counts counts) {
        SplittableRandom random = new SplittableRandom(seed + 1);
        try {
            while (child.process().isAlive()) {
                ChildJvm.Running victim = ChildJvm.onClassPath(VictimMain.class, own.toString())
                        .flags("-XX:TieredStopAtLevel=1", "-Xmx64m")
                        .start();
                victim.process().waitFor(1_000 + random.nextInt(2_000), TimeUnit.MILLISECONDS);
                victim.process().destroyForcibly();
                ChildJvm.Exit exit = victim.await();
                if (exit.status() != KILLED) {
                    throw new AssertionError("a writer ended before it was killed: " + exit);
                }
                counts.add("sabotage kill");
                Thread.sleep(random.nextInt(1_000));
            }
        } catch (Throwable e) {
            wrong = e;
        }
    }

    private void report(String mode, ChildJvm.Exit exit, Counts counts) {
        if (exit.status() != 0) {
            throw new AssertionError(
                    "torture failed: scripts/torture --seed " + seed + " --mode " + MODES.indexOf(mode) + ": " + exit);
        }
        List<String> printed = new ArrayList<>(exit.out().lines().toList());
        for (String line : printed) {
            Matcher count = COUNT.matcher(line);
            if (count.matches()) {
                totals.merge(count.group(1), Long.parseLong(count.group(2)), Long::sum);
            }
        }
        counts.all().forEach((what, count) -> totals.merge(what, count, Long::sum));
    }
}

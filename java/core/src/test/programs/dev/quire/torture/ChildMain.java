package dev.quire.torture;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Random operations of the whole interface in many threads, on files that {@link FileSaboteur} spoils meanwhile.
 *
 * <p>Arguments: folder, folder of a small file system or {@code -}, seconds, seed, {@code platform} or {@code virtual}
 * for the threads. Exit status 0; 1 if something was wrong; 2 if a thread hangs. Prints counts.
 */
final class ChildMain {
    private static final int WORKERS = 8;
    private static final int MOST_SHOWN = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Counts counts = new Counts();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Set<String> shown = ConcurrentHashMap.newKeySet();
    private final List<Operation> operations = new ArrayList<>();
    private final List<SteadyFile> steady = new ArrayList<>();
    private final List<WildFile> wild = new ArrayList<>();
    private final List<ArrayFiles> arrays = new ArrayList<>();
    private final List<Thread> workers = new ArrayList<>();
    private final Path folder;
    private final Memories memories;
    private final long seed;
    private final boolean mayRunOut;
    private volatile long end;

    private ChildMain(Path folder, @Nullable Path small, long seed) throws IOException {
        this.folder = folder;
        this.seed = seed;
        this.mayRunOut = Runtime.getRuntime().maxMemory() < 100 << 20;
        for (Path file : FileSaboteur.steady(folder)) {
            for (MapMode mode : MapMode.values()) {
                Lifetime<?> lifetime = List.of(Lifetime.SHARED, Lifetime.LEASED, Lifetime.AUTO)
                        .get((steady.size() + mode.ordinal()) % 3);
                steady.add(new SteadyFile(file, mode, lifetime, counts));
            }
            steady.add(new SteadyFile(file, MapMode.READ_WRITE, null, counts));
        }
        for (Path file : FileSaboteur.wild(folder)) {
            wild.add(new WildFile(file, FileSaboteur.seed(file), counts));
        }
        arrays.add(new ArrayFiles(folder, "array"));
        if (small != null) {
            ArrayFiles.prepare(small);
            arrays.add(new ArrayFiles(small, "disk"));
        }
        this.memories = new Memories(seed, counts);
        SteadyFile.addTo(operations, steady, folder.toString());
        WildFile.addTo(operations, wild, folder.toString());
        arrays.forEach(files -> files.addTo(operations));
        memories.addTo(operations);
        operations.forEach(operation -> counts.expect("operation " + operation.name()));
        List.of("interrupt", "close", "resize", "protect").forEach(what -> counts.expect("sabotage " + what));
    }

    public static void main(String[] arguments) throws Exception {
        loadClasses();
        Path folder = Path.of(arguments[0]);
        Path small = arguments[1].equals("-") ? null : Path.of(arguments[1]);
        ChildMain child = new ChildMain(folder, small, Long.parseLong(arguments[3]));
        Limits limits = new Limits(small, child.counts);
        child.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.parseLong(arguments[2]));
        System.out.println("ready");
        child.run(limits, arguments[4]);
        child.counts.all().forEach((what, count) -> System.out.println("count " + what + "=" + count));
        if (child.failure.get() != null) {
            System.exit(1);
        }
    }

    /** A class that is first needed while there is no descriptor left could not be read. */
    private static void loadClasses() throws Exception {
        Path tests = Path.of(ChildMain.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        load(ChildJvm.classes(), ".*");
        load(tests, "dev\\.quire\\.(torture|testing)\\..*|dev\\.quire\\.(FaultOperations|OpenMemory).*");
    }

    private static void load(Path root, String names) throws Exception {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList()) {
                String name = root.relativize(file).toString().replace('/', '.').replaceFirst("\\.class$", "");
                if (file.toString().endsWith(".class") && name.matches(names) && !name.contains("-info")) {
                    Class.forName(name, false, ChildMain.class.getClassLoader());
                }
            }
        }
    }

    private void run(Limits limits, String kind) throws Exception {
        for (int i = 0; i < WORKERS; i++) {
            boolean virtual = kind.equals("virtual") || i % 2 == 1;
            Thread.Builder builder = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            SplittableRandom seeds = new SplittableRandom(seed * 1_000 + i);
            int worker = i;
            workers.add(builder.name("worker-" + i).start(() -> work(worker, seeds)));
        }
        List<Thread> saboteurs = new ArrayList<>();
        SplittableRandom exhausting = new SplittableRandom(seed * 1_000 + 100);
        saboteurs.add(
                Thread.ofPlatform().name("exhauster").start(() -> repeat(number -> limits.step(number, exhausting))));
        SplittableRandom interrupting = new SplittableRandom(seed * 1_000 + 101);
        saboteurs.add(Thread.ofPlatform().name("interrupter").start(() -> repeat(_ -> interrupt(interrupting))));
        for (Thread thread : Stream.concat(workers.stream(), saboteurs.stream()).toList()) {
            long left = end - System.nanoTime() + PATIENCE.toNanos();
            if (!thread.join(Duration.ofNanos(Math.max(left, 1)))) {
                hang(thread);
            }
        }
        if (failure.get() == null) {
            finish();
        }
    }

    private interface Step {
        void take(int number) throws Exception;
    }

    private void repeat(Step step) {
        for (int number = 0; number < Limits.KINDS || System.nanoTime() < end; number++) {
            try {
                step.take(number);
            } catch (Throwable e) {
                fail(Thread.currentThread().getName(), e);
            }
        }
    }

    private void interrupt(SplittableRandom random) throws InterruptedException {
        Operation.any(workers, random).interrupt();
        counts.add("sabotage interrupt");
        Thread.sleep(1 + random.nextInt(10));
    }

    /**
     * Each operation gets its random numbers from its own number, so that they do not depend on those before it. Before
     * anything is chosen, the workers together do everything once.
     */
    private void work(int worker, SplittableRandom seeds) {
        long first = operations.size() / WORKERS + 1;
        for (long number = 0; number < first || System.nanoTime() < end; number++) {
            SplittableRandom random = seeds.split();
            int next = (int) (number * WORKERS + worker);
            Operation operation = number < first && next < operations.size()
                    ? operations.get(next)
                    : Operation.any(operations, random);
            counts.add("operation " + operation.name());
            try {
                operation.body().run(random);
            } catch (Throwable e) {
                judge(operation, number, e);
            }
            Thread.interrupted(); // the next operation is not the one that was meant
            Thread.yield();
        }
    }

    private void judge(Operation operation, long number, Throwable thrown) {
        if (mayRunOut && thrown instanceof OutOfMemoryError) {
            counts.add("exception OutOfMemoryError");
            return;
        }
        try {
            if (thrown instanceof Error) {
                throw thrown;
            }
            counts.add("exception " + operation.declared().kindOf(thrown, operation.subject()));
        } catch (Throwable e) {
            fail(Thread.currentThread().getName() + ", operation " + number + ", " + operation.name(), e);
        }
    }

    private void fail(String where, Throwable e) {
        failure.set(e);
        if (shown.size() < MOST_SHOWN && shown.add(where.replaceFirst(".*, ", "") + e)) {
            System.out.println("wrong: seed " + seed + ", " + where + ": " + e);
            e.printStackTrace();
        }
    }

    private void hang(Thread thread) {
        System.out.println("wrong: seed " + seed + ", " + thread + " hangs");
        workers.forEach(worker -> {
            System.out.println(worker);
            List.of(worker.getStackTrace()).forEach(frame -> System.out.println("    " + frame));
        });
        Thread.getAllStackTraces().forEach((other, frames) -> {
            System.out.println(other);
            List.of(frames).forEach(frame -> System.out.println("    " + frame));
        });
        System.out.flush();
        Runtime.getRuntime().halt(2);
    }

    /** Closes everything: then nothing of ours is mapped or open. */
    private void finish() throws Exception {
        try {
            for (SteadyFile file : steady) {
                file.end();
            }
            for (WildFile file : wild) {
                file.end();
            }
            steady.clear();
            wild.clear();
            operations.clear();
            arrays.forEach(ArrayFiles::end);
            memories.end();
            nothingIsLeft();
        } catch (Throwable e) {
            fail("at the end", e);
        }
    }

    private void nothingIsLeft() throws IOException, InterruptedException {
        String shared = "torture-" + ProcessHandle.current().pid() + "-";
        for (int attempt = 0; ; attempt++) {
            System.gc();
            List<String> areas = new ArrayList<>(ThisProcess.areas(folder.toString()));
            areas.addAll(ThisProcess.areas(shared));
            long descriptors = ThisProcess.descriptors(folder.toString()) + ThisProcess.descriptors(shared);
            if (areas.isEmpty() && descriptors == 0) {
                return;
            }
            if (attempt == 100) {
                throw new AssertionError("still mapped: " + areas + ", and open: " + descriptors);
            }
            Thread.sleep(50);
        }
    }
}

package dev.quire;

import dev.quire.FaultStressSlot.Cut;
import dev.quire.FaultStressSlot.Full;
import dev.quire.FaultStressSlot.Wild;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Everything that reads and stores, at random, while others truncate files, let them grow, punch and replace them, fill
 * a small disk and free it, and map, unmap, resize, protect and restore. Three kinds of files: of {@link Cut} every
 * result is compared with what the whole file gives; of {@link Full} every flush that was confirmed is looked for in
 * the file; {@link Wild} files only have to be survived, with none but the exceptions that are documented.
 *
 * <p>Arguments: folder, folder of a small file system or {@code -}, seconds, seed, {@code platform} or {@code virtual}
 * for the threads that use mappings. Exit status 0; 1 if something was wrong; 2 if a thread hangs.
 */
final class FaultStressMain {
    private static final int READERS = 3;

    private final FaultStressCounts counts = new FaultStressCounts();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private final long seed;
    private final boolean virtual;
    private final long end;

    private FaultStressMain(long seed, long seconds, boolean virtual) {
        this.seed = seed;
        this.virtual = virtual;
        this.end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    /** One step of a thread. */
    interface Step {
        void take(SplittableRandom random) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        FaultStressSlot.prepare();
        FaultStressMain main = new FaultStressMain(
                Long.parseLong(arguments[3]), Long.parseLong(arguments[2]), arguments[4].equals("virtual"));
        main.startAll(Path.of(arguments[0]), arguments[1].equals("-") ? null : Path.of(arguments[1]));
        main.finish();
        System.out.println(main.counts);
        Throwable failed = main.failure.get();
        if (failed != null) {
            failed.printStackTrace();
            System.exit(1);
        }
        System.exit(0);
    }

    private void startAll(Path folder, @Nullable Path small) throws IOException {
        List<Cut> cuts = new ArrayList<>();
        for (MapMode mode : MapMode.values()) {
            cuts.add(new Cut(folder.resolve("cut-" + mode), mode, Lifetime.SHARED, counts));
            cuts.add(new Cut(folder.resolve("leased-" + mode), mode, Lifetime.LEASED, counts));
        }
        cuts.add(new Cut(folder.resolve("auto"), MapMode.READ_WRITE, Lifetime.AUTO, counts));
        if (small != null) {
            cuts.add(new Cut(small.resolve("cut"), MapMode.READ_WRITE, Lifetime.SHARED, counts));
            Full full = new Full(small, counts);
            start(Thread.ofPlatform().name("disk"), full::fillOrFree);
            start(Thread.ofPlatform().name("writer on a full disk"), full::write);
        }
        List<Wild> wild = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            wild.add(new Wild(folder.resolve("wild" + i), folder.resolve("new" + i), counts));
        }
        start(Thread.ofPlatform().name("cutter"), random -> any(cuts, random).cut(random));
        start(Thread.ofPlatform().name("restorer"), random -> any(cuts, random).restore(random));
        start(Thread.ofPlatform().name("mapper"), random -> any(cuts, random).reopen(random));
        start(Thread.ofPlatform().name("saboteur"), random -> any(wild, random).spoil(random));
        start(Thread.ofPlatform().name("changer"), random -> any(wild, random).change(random));
        for (int i = 0; i < READERS; i++) {
            start(user(i, "reader "), random -> any(cuts, random).use(random));
            start(user(i, "wild "), random -> any(wild, random).use(random));
        }
        start(
                Thread.ofVirtual().name("virtual reader"),
                random -> any(cuts, random).use(random));
        start(
                Thread.ofVirtual().name("virtual wild"),
                random -> any(wild, random).use(random));
    }

    private Thread.Builder user(int number, String name) {
        return virtual
                ? Thread.ofVirtual().name(name + number)
                : Thread.ofPlatform().name(name + number);
    }

    private static <T> T any(List<T> all, SplittableRandom random) {
        return all.get(random.nextInt(all.size()));
    }

    private void start(Thread.Builder builder, Step step) {
        SplittableRandom random = new SplittableRandom(seed * 1_000 + threads.size());
        threads.add(builder.start(() -> {
            try {
                while (System.nanoTime() < end && failure.get() == null) {
                    step.take(random);
                    Thread.yield();
                }
            } catch (Throwable e) {
                failure.compareAndSet(null, e);
            }
        }));
    }

    private void finish() throws InterruptedException {
        for (Thread thread : threads) {
            long left = end - System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
            if (!thread.join(Duration.ofNanos(Math.max(left, 1)))) {
                System.out.println(thread + " hangs; " + counts);
                for (Thread other : threads) {
                    System.out.println(other);
                    List.of(other.getStackTrace()).forEach(frame -> System.out.println("    " + frame));
                }
                System.out.flush();
                Runtime.getRuntime().halt(2);
            }
        }
    }
}

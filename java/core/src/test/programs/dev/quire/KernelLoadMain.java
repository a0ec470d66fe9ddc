package dev.quire;

import dev.quire.error.FileRefusedException;
import dev.quire.error.MemoryFaultException;
import dev.quire.testing.Pattern;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reduces files in several threads while others truncate them and make them whole again, and while loops in Java meet
 * the same faults: both handlers are at work at once. Prints how often the reductions faulted and how often they did
 * not.
 *
 * <p>Arguments: folder, anything, {@code platform} or {@code virtual}, milliseconds.
 */
final class KernelLoadMain {
    private static final int THREADS = 4;
    private static final int SIZE = 1 << 20;
    private static final int WAYS = 5;

    private static final Object[] EXPECTED = new Object[WAYS];
    private static final AtomicLong FAULTS = new AtomicLong();
    private static final AtomicLong RESULTS = new AtomicLong();
    private static final AtomicLong LOOP_FAULTS = new AtomicLong();
    private static volatile boolean over;
    /** Keeps results in use. */
    static volatile Object garbage;

    private KernelLoadMain() {}

    public static void main(String[] arguments) throws Exception {
        boolean virtual = arguments[2].equals("virtual");
        List<Thread> threads = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Path path = Path.of(arguments[0]).resolve("load" + i);
            Files.write(path, content());
            breakAndMend(path); // from here on its second half has zeros, or is lost
            expect(path);
            Thread.Builder reducers = virtual ? Thread.ofVirtual() : Thread.ofPlatform();
            for (Work work : List.<Work>of(KernelLoadMain::reduce, KernelLoadMain::readElements)) {
                threads.add(reducers.start(() -> run(work, path, failures)));
            }
            threads.add(Thread.ofPlatform().start(() -> run(KernelLoadMain::breakAndMend, path, failures)));
        }
        long end = System.nanoTime() + Long.parseLong(arguments[3]) * 1_000_000;
        while (!over
                && (System.nanoTime() < end || FAULTS.get() == 0 || RESULTS.get() == 0 || LOOP_FAULTS.get() == 0)) {
            garbage = new byte[100_000];
            Thread.sleep(1);
        }
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        for (Throwable failure : failures) {
            failure.printStackTrace();
        }
        System.out.println(FAULTS + " faults, " + RESULTS + " results, " + LOOP_FAULTS + " faults of loops");
        System.out.println(failures.isEmpty() ? "end" : "failed");
    }

    /** Without a number that is infinite or none, which would hide the others. */
    private static byte[] content() {
        byte[] bytes = Pattern.bytes(0, SIZE);
        for (int i = 0; i < SIZE; i++) {
            bytes[i] &= 0x3F;
        }
        return bytes;
    }

    private interface Work {
        void on(Path path) throws Exception;
    }

    private static void run(Work work, Path path, List<Throwable> failures) {
        try {
            while (!over) {
                work.on(path);
                Thread.yield();
            }
        } catch (Throwable e) {
            synchronized (failures) {
                failures.add(e);
            }
            over = true;
        }
    }

    private static void reduce(Path path) throws Exception {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.SHARED, MapOptions.DEFAULT.length(SIZE))) {
            for (int i = 0; i < 10; i++) {
                reduce(map, i % WAYS);
            }
        } catch (FileRefusedException e) {
            Thread.onSpinWait(); // truncated before it was mapped
        }
    }

    /** All files have the same bytes, and so the same results, while nothing happens to them. */
    private static void expect(Path path) throws Exception {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            for (int way = 0; way < WAYS; way++) {
                EXPECTED[way] = result(map, way);
            }
        }
    }

    private static Object result(Mapping map, int way) {
        return switch (way) {
            case 0 -> map.doubles().sum();
            case 1 -> map.floats().summary();
            case 2 -> map.longs().summary();
            case 3 -> map.bytes().unsignedSummary();
            default -> map.doubles().max();
        };
    }

    private static void reduce(Mapping map, int way) {
        try {
            Object result = result(map, way);
            if (!result.equals(EXPECTED[way])) {
                throw new AssertionError("way " + way + ": " + result + " instead of " + EXPECTED[way]);
            }
            RESULTS.incrementAndGet();
        } catch (MemoryFaultException e) {
            FAULTS.incrementAndGet();
        }
    }

    private static void readElements(Path path) throws Exception {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.SHARED, MapOptions.DEFAULT.length(SIZE))) {
            map.guarded(() -> {
                long sum = 0;
                for (long i = 0; i < map.byteSize(); i += 512) {
                    sum += map.bytes().get(i);
                }
                garbage = sum;
            });
        } catch (MemoryFaultException e) {
            LOOP_FAULTS.incrementAndGet();
        } catch (FileRefusedException e) {
            Thread.onSpinWait();
        }
    }

    private static void breakAndMend(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE / 2);
            Thread.sleep(0, 200_000);
            file.setLength(SIZE);
            Thread.sleep(0, 500_000);
        }
    }
}

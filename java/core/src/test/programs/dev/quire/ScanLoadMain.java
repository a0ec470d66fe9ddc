package dev.quire;

import dev.quire.error.FileRefusedException;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/**
 * Scans, gathers and brings pages in, in several threads, while others truncate the files and make them whole again. A
 * way that ends without a fault must have seen bytes of the file, or the zeros that grew behind its cut, and nothing
 * else. Prints how often each way met a fault and how often it did not; goes on until each has done both.
 *
 * <p>Arguments: folder, {@code platform} or {@code virtual}, milliseconds.
 */
final class ScanLoadMain {
    private static final int FILES = 2;
    private static final int SIZE = 1 << 18;
    private static final int RECORD = 64;
    /** Few enough bytes of the file for the interpreter to read them between two cuts. */
    private static final int STEP = 7;

    private static final byte[] CONTENT = Pattern.bytes(0, SIZE);
    private static final ScanOptions OPTIONS =
            ScanOptions.DEFAULT.chunk(10_000).window(40_000).budget(80_000);

    private static volatile boolean over;

    private ScanLoadMain() {}

    /** One way of reading a mapping. What is read counts the bytes that it cannot have been. */
    private enum Way {
        SCAN {
            @Override
            void read(Mapping map, AtomicLong wrong) {
                scan(map, OPTIONS, scan -> scan.forEach(ScanLoadMain::check));
            }
        },
        SCAN_BY_A_SECOND_MAPPING {
            @Override
            void read(Mapping map, AtomicLong wrong) {
                ScanOptions options = ScanOptions.DEFAULT.chunk(30_000).delimiter((byte) 3);
                scan(map, options, scan -> scan.forEach(chunk -> wrong.addAndGet(wrongBytes(chunk))));
            }
        },
        PARALLEL_STREAM {
            @Override
            void read(Mapping map, AtomicLong wrong) {
                scan(
                        map,
                        OPTIONS,
                        scan -> wrong.addAndGet(scan.stream()
                                .parallel()
                                .mapToLong(ScanLoadMain::wrongBytes)
                                .sum()));
            }
        },
        GATHER {
            @Override
            void read(Mapping map, AtomicLong wrong) throws MappingException {
                Gather.of(map.bytes()).forEach(offsets(), RECORD, (_, record) -> check(record));
            }
        },
        GATHER_AS_THEY_COME {
            @Override
            void read(Mapping map, AtomicLong wrong) throws MappingException {
                Gather.of(map.bytes())
                        .forEachAsTheyCome(offsets(), RECORD, (_, record) -> wrong.addAndGet(wrongBytes(record)));
            }
        },
        ENSURE_RESIDENT {
            @Override
            void read(Mapping map, AtomicLong wrong) throws MappingException {
                for (int i = 0; i < 100; i++) {
                    map.ensureResident(0, SIZE);
                }
            }
        };

        final AtomicLong faults = new AtomicLong();
        final AtomicLong ends = new AtomicLong();

        abstract void read(Mapping map, AtomicLong wrong) throws MappingException;

        boolean hasSeenBoth() {
            return faults.get() > 0 && ends.get() > 0;
        }
    }

    private interface Reading {
        void of(Scan scan);
    }

    private static void scan(Mapping map, ScanOptions options, Reading reading) {
        try (Scan scan = Scan.of(map.bytes(), options)) {
            reading.of(scan);
        }
    }

    private static long wrongBytes(ByteSlice bytes) {
        long wrong = 0;
        for (long i = 0; i < bytes.length(); i += STEP) {
            byte found = bytes.get(i);
            wrong += found == 0 || found == CONTENT[(int) (bytes.offset() + i)] ? 0 : 1;
        }
        return wrong;
    }

    /** Garbage that leads a reader astray must end in the fault all the same. */
    private static void check(ByteSlice bytes) {
        if (wrongBytes(bytes) > 0) {
            throw new IllegalStateException("garbage");
        }
    }

    private static long[] offsets() {
        return LongStream.range(0, 500)
                .map(_ -> ThreadLocalRandom.current().nextLong(SIZE - RECORD))
                .toArray();
    }

    public static void main(String[] arguments) throws Exception {
        ThreadFactory readers = arguments[1].equals("virtual")
                ? Thread.ofVirtual().factory()
                : Thread.ofPlatform().factory();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            Path path = Pattern.file(Path.of(arguments[0]).resolve("load" + i), SIZE);
            threads.add(readers.newThread(() -> run(ScanLoadMain::readInEveryWay, path, failures)));
            threads.add(Thread.ofPlatform().unstarted(() -> run(ScanLoadMain::breakAndMend, path, failures)));
        }
        threads.forEach(Thread::start);
        long end = System.nanoTime() + Long.parseLong(arguments[2]) * 1_000_000;
        while (failures.isEmpty() && (System.nanoTime() < end || !haveAllSeenBoth())) {
            Thread.sleep(1);
        }
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        failures.forEach(Throwable::printStackTrace);
        Map<Way, String> counts = new TreeMap<>();
        for (Way way : Way.values()) {
            counts.put(way, way.faults + " faults, " + way.ends + " ends");
        }
        System.out.println(counts);
        System.out.println(failures.isEmpty() ? "end" : "failed");
    }

    private static boolean haveAllSeenBoth() {
        for (Way way : Way.values()) {
            if (!way.hasSeenBoth()) {
                return false;
            }
        }
        return true;
    }

    private interface Work {
        void on(Path path) throws Exception;
    }

    private static void run(Work work, Path path, List<Throwable> failures) {
        try {
            while (!over) {
                work.on(path);
            }
        } catch (Throwable e) {
            failures.add(e);
        }
    }

    private static void readInEveryWay(Path path) throws Exception {
        for (Way way : Way.values()) {
            MapOptions whole = MapOptions.DEFAULT.length(SIZE);
            try (Mapping map = Mapping.open(path, MapMode.READ_ONLY, Lifetime.SHARED, whole)) {
                read(way, map);
            } catch (FileRefusedException e) {
                Thread.onSpinWait(); // truncated before it was mapped
            }
        }
    }

    private static void read(Way way, Mapping map) throws MappingException {
        AtomicLong wrong = new AtomicLong();
        try {
            way.read(map, wrong);
            if (wrong.get() > 0) {
                throw new AssertionError(way + " handed out " + wrong + " bytes of garbage");
            }
            way.ends.incrementAndGet();
        } catch (MemoryFaultException e) {
            way.faults.incrementAndGet();
        }
    }

    private static void breakAndMend(Path path) throws Exception {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(SIZE / 2);
            Thread.sleep(0, 300_000);
            file.setLength(SIZE);
            Thread.sleep(ThreadLocalRandom.current().nextInt(1, 30));
        }
    }
}

package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Does everything to memory whose bytes are gone, and prints a line for each: the attempt, how the bytes went, and how
 * often which verdict came. Each attempt is first made on a healthy file, so often that it is compiled.
 *
 * <p>Arguments: folder, how often to warm up, {@code platform} or {@code virtual}, and optionally a folder on a small
 * file system in memory, which is filled up.
 */
final class FaultMain {
    /** More than a warm attempt needs to run from healthy bytes into those that are gone. */
    static final int SIZE = 32 << 10;

    private static final int HEALTHY_SIZE = 1_024;
    private static final int RUNS = 3;

    /** How bytes go. */
    enum Breakage {
        TRUNCATED,
        TRUNCATED_IN_THE_MIDDLE,
        TRUNCATED_BY_ANOTHER_PROCESS,
        TRUNCATED_IN_MEMORY,
        DISK_FULL
    }

    private final Path folder;
    private final int warmups;
    private final Path small;
    private final Path healthy;
    private final byte[] content = Pattern.bytes(0, SIZE);
    private Path file;

    private FaultMain(String[] arguments) {
        this.folder = Path.of(arguments[0]);
        this.warmups = Integer.parseInt(arguments[1]);
        this.small = arguments.length > 3 ? Path.of(arguments[3]) : null;
        this.healthy = folder.resolve("healthy");
        this.file = folder.resolve("broken");
    }

    public static void main(String[] arguments) throws Exception {
        FaultMain main = new FaultMain(arguments);
        Throwable[] failure = new Throwable[1];
        Thread.Builder builder = arguments[2].equals("virtual") ? Thread.ofVirtual() : Thread.ofPlatform();
        builder.start(() -> {
                    try {
                        main.run();
                    } catch (Throwable e) {
                        failure[0] = e;
                    }
                })
                .join();
        if (failure[0] != null) {
            failure[0].printStackTrace();
            System.exit(1);
        }
        System.out.println("end");
    }

    private void run() throws Exception {
        for (FaultAttempt attempt : FaultAttempt.ALL) {
            warmUp(attempt);
        }
        Pattern.file(healthy, HEALTHY_SIZE);
        attempt(Breakage.TRUNCATED);
        attempt(Breakage.TRUNCATED_IN_THE_MIDDLE);
        attempt(Breakage.TRUNCATED_BY_ANOTHER_PROCESS);
        if (small != null) {
            file = small.resolve("broken");
            attempt(Breakage.TRUNCATED_IN_MEMORY);
            fillUp();
            attempt(Breakage.DISK_FULL);
        }
    }

    private void attempt(Breakage breakage) throws Exception {
        for (FaultAttempt attempt : FaultAttempt.ALL) {
            System.out.println(attempt.name() + " " + breakage + " " + verdicts(attempt, breakage));
        }
    }

    private void warmUp(FaultAttempt attempt) throws Exception {
        Pattern.file(healthy, HEALTHY_SIZE);
        int times = Math.min(warmups, attempt.isHot() ? attempt.mostWarmups() : 100);
        try (Mapping map = Mapping.open(healthy, attempt.mode())) {
            FaultTarget target = new FaultTarget(map, map);
            for (int i = 0; i < times; i++) {
                attempt.body().on(target);
            }
        }
    }

    private void fillUp() throws IOException {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(0);
            sparse.setLength(SIZE);
        }
        byte[] block = new byte[4096];
        try (var filler = Files.newOutputStream(small.resolve("filler"))) {
            while (true) {
                filler.write(block);
            }
        } catch (IOException e) {
            System.out.println("full: " + e.getMessage());
        }
    }

    private Map<String, Integer> verdicts(FaultAttempt attempt, Breakage breakage) throws Exception {
        Map<String, Integer> verdicts = new TreeMap<>();
        int runs = breakage == Breakage.TRUNCATED_BY_ANOTHER_PROCESS ? 1 : RUNS;
        for (int run = 0; run < runs; run++) {
            if (breakage != Breakage.DISK_FULL) {
                Files.write(file, content);
            }
            try (Mapping map = Mapping.open(file, attempt.mode());
                    Mapping other = Mapping.open(healthy, MapMode.READ_ONLY)) {
                takeAway(breakage);
                verdicts.merge(verdict(attempt, new FaultTarget(map, other)), 1, Integer::sum);
                verdicts.merge("late " + late(other), 1, Integer::sum);
            }
        }
        return verdicts;
    }

    private void takeAway(Breakage breakage) throws Exception {
        switch (breakage) {
            case TRUNCATED -> truncate(0);
            case TRUNCATED_IN_THE_MIDDLE, TRUNCATED_IN_MEMORY -> truncate(SIZE / 2);
            case TRUNCATED_BY_ANOTHER_PROCESS ->
                new ProcessBuilder("truncate", "-s", "0", file.toString())
                        .start()
                        .waitFor();
            case DISK_FULL -> {}
        }
    }

    private void truncate(long size) throws IOException {
        try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
            shorter.setLength(size);
        }
    }

    private String verdict(FaultAttempt attempt, FaultTarget target) {
        try {
            attempt.body().on(target);
            return "returned";
        } catch (MemoryFaultException e) {
            boolean right = e.subject().equals(file.toString());
            return right ? "fault" : "fault of " + e.subject() + " " + e.length();
        } catch (MappingException e) {
            return "refused";
        } catch (InternalError e) {
            return "error";
        } catch (Exception e) {
            e.printStackTrace();
            return e.toString();
        }
    }

    /** Whether a fault was still under way when the attempt was over. */
    private static String late(Mapping other) {
        try {
            other.guarded(() -> {});
            return "none";
        } catch (MemoryFaultException e) {
            return "fault";
        }
    }
}

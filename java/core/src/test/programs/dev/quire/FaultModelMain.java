package dev.quire;

import dev.quire.FaultOperations.Read;
import dev.quire.FaultOperations.Write;
import dev.quire.error.MemoryFaultException;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Every bulk operation of every type, on a file that was cut before and on one that is cut and grows again meanwhile,
 * at the beginnings of pages: what returns has to be what the whole file gives, since its bytes are never zero. Beside
 * the damage operations go on.
 *
 * <p>Arguments: folder, milliseconds for each operation, seed.
 */
final class FaultModelMain {
    private static final int SIZE = FaultOperations.SIZE;
    private static final int HALF = SIZE / 2;
    private static final int PAGE = (int) Platform.pageSize();

    private final Path file;
    private final long nanos;
    private final SplittableRandom random;
    private final ByteSlice whole;
    private int faults;
    private int results;

    private FaultModelMain(String[] arguments) throws IOException {
        this.file = Path.of(arguments[0]).resolve("file");
        this.nanos = Long.parseLong(arguments[1]) * 1_000_000;
        this.random = new SplittableRandom(Long.parseLong(arguments[2]));
        AutoMapping memory = Mapping.anonymous(SIZE, Lifetime.AUTO);
        memory.bytes().copyFrom(0, FaultOperations.content(0, SIZE), 0, SIZE);
        this.whole = memory.bytes();
    }

    public static void main(String[] arguments) throws Exception {
        FaultModelMain main = new FaultModelMain(arguments);
        Files.write(main.file, FaultOperations.content(0, SIZE));
        List<Read> reads = FaultOperations.reads(main.whole);
        List<Read> ofHalf = FaultOperations.reads(main.whole.slice(0, HALF));
        for (int i = 0; i < reads.size(); i++) {
            main.readCutBefore(reads.get(i), ofHalf.get(i));
            main.readCutMeanwhile(reads.get(i));
        }
        for (Write write : FaultOperations.writes()) {
            for (MapMode mode : List.of(MapMode.READ_WRITE, MapMode.COPY_ON_WRITE)) {
                main.writeCutBefore(write, mode);
                main.writeCutMeanwhile(write, mode);
            }
        }
        System.out.println(main.results + " results, " + main.faults + " faults");
        System.exit(0);
    }

    private void cut(int size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private void grow(int from) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(FaultOperations.content(from, SIZE - from)), from);
        }
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(text);
        }
    }

    // ---------------------------------------------------------------------------------------------------- reads

    private void readCutBefore(Read read, Read ofHalf) throws IOException {
        Object expected = ofHalf.of(whole.slice(0, HALF));
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            cut(HALF);
            requireFault(read.name(), () -> read.of(map.bytes()));
            require(map.damage().lostBytes() == HALF, read.name() + ": " + map.damage());
            require(
                    FaultOperations.same(expected, ofHalf.of(map.bytes().slice(0, HALF))),
                    read.name() + " beside the damage");
            requireFault(read.name() + " again", () -> read.of(map.bytes()));
            grow(HALF);
            requireFault(read.name() + " before restore", () -> read.of(map.bytes()));
            map.restore();
            require(FaultOperations.same(read.of(whole), read.of(map.bytes())), read.name() + " behind restore");
        }
    }

    private void requireFault(String name, Runnable body) {
        try {
            body.run();
        } catch (MemoryFaultException e) {
            require(e.subject().equals(file.toString()) && e.getCause() == null, name + ": " + e);
            faults++;
            return;
        }
        throw new AssertionError(name + " returned in spite of the damage");
    }

    private void readCutMeanwhile(Read read) throws Exception {
        Object expected = read.of(whole);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            Thread cutter = startCutting();
            while (cutter.isAlive()) {
                try {
                    Object found = read.of(map.bytes());
                    require(FaultOperations.same(expected, found), read.name() + " handed out lost bytes");
                    results++;
                } catch (MemoryFaultException e) {
                    faults++;
                    map.restore();
                }
            }
            cutter.join();
        }
    }

    private Thread startCutting() {
        long end = System.nanoTime() + nanos;
        long seed = random.nextLong();
        return Thread.ofPlatform().start(() -> {
            SplittableRandom own = new SplittableRandom(seed);
            try {
                while (System.nanoTime() < end) {
                    int size = own.nextInt(SIZE / PAGE) * PAGE;
                    cut(size);
                    Thread.onSpinWait();
                    grow(size);
                    Thread.sleep(0, own.nextInt(300_000));
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    // --------------------------------------------------------------------------------------------------- writes

    private void writeCutBefore(Write write, MapMode mode) throws IOException {
        try (Mapping map = Mapping.open(file, mode)) {
            cut(HALF);
            requireFault(write.name(), () -> write.to(map.bytes(), whole));
            write.to(map.bytes().slice(0, HALF), whole.slice(0, HALF));
            require(map.bytes().slice(0, HALF).mismatch(whole.slice(0, HALF)) == -1, write.name());
            grow(HALF);
        }
    }

    private void writeCutMeanwhile(Write write, MapMode mode) throws Exception {
        try (Mapping map = Mapping.open(file, mode)) {
            Thread cutter = startCutting();
            while (cutter.isAlive()) {
                try {
                    write.to(map.bytes(), whole);
                    results++;
                } catch (MemoryFaultException e) {
                    faults++;
                    map.restore();
                }
            }
            cutter.join();
            map.restore();
        }
        require(Files.mismatch(file, expected()) == -1, write.name() + " of " + mode);
    }

    private Path expected() throws IOException {
        Path expected = file.resolveSibling("expected");
        if (Files.notExists(expected)) {
            Files.write(expected, FaultOperations.content(0, SIZE));
        }
        return expected;
    }
}

package dev.quire;

import dev.quire.FaultForeign.Reader;
import dev.quire.error.MemoryFaultException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Other people's code over mappings whose files were cut before, and are cut meanwhile. Prints a line for each reader:
 * what a guard said of a file that was cut before, what {@code damage()} said without one, and how often a file was cut
 * under a reader.
 *
 * <p>Arguments: folder, milliseconds for each, {@code libraries} if Agrona, Netty and Lucene are on the class path.
 */
final class FaultForeignMain {
    private static final int SIZE = FaultOperations.SIZE;
    private static final int CUT = SIZE / 4;

    private final Path file;
    private final long nanos;
    private final MemorySegment whole = FaultForeign.whole(Arena.global(), SIZE);

    private FaultForeignMain(String[] arguments) {
        this.file = Path.of(arguments[0]).resolve("file");
        this.nanos = Long.parseLong(arguments[1]) * 1_000_000;
    }

    public static void main(String[] arguments) throws Exception {
        FaultForeignMain main = new FaultForeignMain(arguments);
        List<Reader> readers = new ArrayList<>(FaultForeign.readers(main.whole));
        if (arguments[2].equals("libraries")) {
            readers.addAll(FaultLibraries.readers());
        }
        for (Reader reader : readers) {
            Object expected = reader.of(main.whole);
            long end = System.nanoTime() + main.nanos;
            for (int i = 0; i < 20_000 && System.nanoTime() < end; i++) {
                same(reader, expected, reader.of(main.whole));
            }
            System.out.println(reader.name() + ": " + main.cutBefore(reader, expected) + ", " + main.damage(reader)
                    + ", " + main.cutMeanwhile(reader, expected));
        }
        System.out.println("end");
        System.exit(0);
    }

    private static void same(Reader reader, Object expected, Object found) {
        if (!FaultOperations.same(expected, found)) {
            throw new AssertionError(reader.name() + ": " + found + " and not " + expected);
        }
    }

    private Mapping open() throws Exception {
        Files.write(file, FaultOperations.content(0, SIZE));
        return Mapping.open(file, MapMode.READ_ONLY);
    }

    private void cut(int size) throws Exception {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private String cutBefore(Reader reader, Object expected) throws Exception {
        try (Mapping map = open()) {
            same(reader, expected, map.guarded(() -> reader.of(map.segment())));
            cut(CUT);
            try {
                return "returned " + map.guarded(() -> reader.of(map.segment()));
            } catch (MemoryFaultException e) {
                return e.getCause() == null ? "fault" : "fault after " + e.getCause();
            }
        }
    }

    private String damage(Reader reader) throws Exception {
        try (Mapping map = open()) {
            cut(CUT);
            Object found = reader.of(map.segment());
            return found != null && map.damage().lostBytes() == SIZE - CUT
                    ? "damage"
                    : map.damage().toString();
        }
    }

    /** Reads over and over until the cut is met, wherever in a read it comes. */
    private String cutMeanwhile(Reader reader, Object expected) throws Exception {
        long end = System.nanoTime() + nanos;
        do {
            try (Mapping map = open()) {
                Thread cutter = Thread.ofPlatform().start(() -> {
                    try {
                        cut(CUT);
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
                try {
                    while (true) {
                        same(reader, expected, map.guarded(() -> reader.of(map.segment())));
                    }
                } catch (MemoryFaultException e) {
                    cutter.join();
                }
            }
        } while (System.nanoTime() < end);
        return "cut";
    }
}

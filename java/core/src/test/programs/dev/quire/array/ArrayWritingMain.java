package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Is refused more than a small disk has, and watches what is free meanwhile: argument folder. */
final class ArrayWritingMain {
    private static final int MIB = 1 << 20;

    private ArrayWritingMain() {}

    private interface Attempt {
        void run() throws IOException;
    }

    private static void refused(Path folder, Attempt attempt) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        try {
            attempt.run();
            throw new AssertionError("the disk is larger than thought");
        } catch (MappingException full) {
            if (full.code() != ErrorCode.NO_SPACE
                    || full.details().osNumber() != 0
                    || full.details().limit() != free) {
                throw new AssertionError("not asked for first: " + full.getMessage(), full);
            }
        }
        if (Files.getFileStore(folder).getUsableSpace() != free) {
            throw new AssertionError("taken and kept");
        }
    }

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        Path file = folder.resolve("a.npy");
        Path raw = folder.resolve("raw");
        MappedArray.save(file, new double[MIB / 8]);
        refused(folder, () -> MappedArray.create(folder.resolve("b.npy"), ArraySpec.of("f8", MIB)));
        refused(folder, () -> MappedArray.create(file, ArraySpec.of("f8", MIB)));
        try (MappedArray rows = MappedArray.open(file, MapMode.READ_ONLY)) {
            refused(folder, () -> MappedArray.append(file, rows.index(0, 0).broadcast(MIB)));
        }
        MapOptions long8 = MapOptions.DEFAULT.length(8L * MIB).with(MapOptions.Option.EXTEND, MapOptions.Option.CREATE);
        refused(folder, () -> Mapping.open(raw, MapMode.READ_WRITE, long8));
        Files.write(raw, new byte[1000]);
        try (Mapping mapping = Mapping.open(raw, MapMode.READ_WRITE)) {
            refused(folder, () -> mapping.resize(8L * MIB));
        }
        if (Files.size(raw) != 1000 || Files.size(file) != 128 + MIB) {
            throw new AssertionError("a file has another size");
        }
        System.out.println("as before");
    }
}

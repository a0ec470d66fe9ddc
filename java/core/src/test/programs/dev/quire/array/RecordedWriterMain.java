package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes one file in one way, while its calls are recorded. Arguments: folder, the log's folder, the way. Says when the
 * call that writes begins and when it has returned. Every element of an old file is {@link #OLD} and of a new one
 * {@link #NEW}; each row of a file that grows holds its own number.
 */
final class RecordedWriterMain {
    static final String SOURCE = "source.npy";
    static final String BEGIN = "begin";
    static final int ELEMENTS = 5000;
    static final int ROWS = 3;

    /** A row has seven blocks, so every subset of them is tried. */
    static final int COLUMNS = 400;

    static final int APPENDS = 3;
    static final double OLD = 1;
    static final double NEW = 2;

    /** Of a mapping of which only a part is flushed, that part. */
    static final long FLUSHED_BYTES = 16384;

    private final Path folder;
    private final Path file;
    private final Path log;

    private RecordedWriterMain(Path folder, Path log, String way) {
        this.folder = folder;
        this.file = folder.resolve(fileOf(way));
        this.log = log;
    }

    /** The name of the file that is written in a way. */
    static String fileOf(String way) {
        return switch (way) {
            case "convert to .mmap" -> "file.mmap";
            case "convert to .raw" -> "file.raw";
            default -> "file.npy";
        };
    }

    public static void main(String[] arguments) throws IOException {
        String way = arguments[2];
        RecordedWriterMain writer = new RecordedWriterMain(Path.of(arguments[0]), Path.of(arguments[1]), way);
        switch (way) {
            case "save" -> writer.save();
            case "create" -> writer.create();
            case "convert", "convert to .mmap", "convert to .raw" -> writer.convert();
            case "append rows" -> writer.append(Order.C);
            case "append columns" -> writer.append(Order.FORTRAN);
            case "flush" -> writer.flush(0);
            case "flush a part" -> writer.flush(FLUSHED_BYTES);
            case "resize and flush" -> writer.resize();
            default -> throw new IllegalArgumentException(way);
        }
    }

    private void mark(String what) throws IOException {
        Files.createDirectory(log.resolve("mark-" + what));
    }

    private void save() throws IOException {
        double[] content = new double[ELEMENTS];
        Arrays.fill(content, NEW);
        mark(BEGIN);
        MappedArray.save(file, content);
        mark("1");
    }

    private void create() throws IOException {
        mark(BEGIN);
        MappedArray.create(file, ArraySpec.of("<f8", ELEMENTS), NEW).close();
        mark("1");
    }

    private void convert() throws IOException {
        mark(BEGIN);
        ArrayConversion.convert(folder.resolve(SOURCE), file, ArraySpec.of("<i4", ELEMENTS), _ -> {});
        mark("1");
    }

    private void append(Order order) throws IOException {
        mark(BEGIN);
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping memory = Mapping.anonymous(COLUMNS * 8L)) {
            ArrayView row = ArrayView.over(memory.bytes(), DType.parse("f8"), Shape.of(COLUMNS), order);
            for (int i = 0; i < APPENDS; i++) {
                row.fill(ROWS + i);
                appender.append(row);
                mark(Integer.toString(i + 1));
            }
        }
    }

    /** Flushes so many bytes; 0 means all. */
    private void flush(long bytes) throws IOException {
        try (Mapping mapping = Mapping.open(file, MapMode.READ_WRITE)) {
            mark(BEGIN);
            mapping.doubles().fill(NEW);
            if (bytes == 0) {
                mapping.flush();
            } else {
                mapping.flush(0, bytes, Durability.DEVICE);
            }
            mark("1");
        }
    }

    private void resize() throws IOException {
        try (Mapping mapping = Mapping.open(file, MapMode.READ_WRITE)) {
            mark(BEGIN);
            mapping.resize(2 * mapping.byteSize());
            mapping.doubles().fill(NEW);
            mapping.flush();
            mark("1");
        }
    }
}

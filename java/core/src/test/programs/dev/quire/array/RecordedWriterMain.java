package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
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
    static final String FILE = "file.npy";
    static final String SOURCE = "source.npy";
    static final String BEGIN = "begin";
    static final int ELEMENTS = 5000;
    static final int ROWS = 3;
    static final int COLUMNS = 400;
    static final int APPENDS = 3;
    static final double OLD = 1;
    static final double NEW = 2;

    private final Path file;
    private final Path log;

    private RecordedWriterMain(Path folder, Path log) {
        this.file = folder.resolve(FILE);
        this.log = log;
    }

    public static void main(String[] arguments) throws IOException {
        RecordedWriterMain writer = new RecordedWriterMain(Path.of(arguments[0]), Path.of(arguments[1]));
        switch (arguments[2]) {
            case "save" -> writer.save();
            case "create" -> writer.create();
            case "convert" -> writer.convert();
            case "append" -> writer.append();
            case "flush" -> writer.flush();
            default -> throw new IllegalArgumentException(arguments[2]);
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
        Path source = file.resolveSibling(SOURCE);
        try (MappedArray from = MappedArray.open(source, MapMode.READ_ONLY)) {
            mark(BEGIN);
            MappedArray.create(file, ArraySpec.of("<i4", ELEMENTS), from).close();
            mark("1");
        }
    }

    private void append() throws IOException {
        mark(BEGIN);
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping memory = Mapping.anonymous(COLUMNS * 8L)) {
            ArrayView row = ArrayView.over(memory.bytes(), DType.parse("f8"), Shape.of(COLUMNS), Order.C);
            for (int i = 0; i < APPENDS; i++) {
                row.fill(ROWS + i);
                appender.append(row);
                mark(Integer.toString(i + 1));
            }
        }
    }

    private void flush() throws IOException {
        try (Mapping mapping = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT)) {
            mark(BEGIN);
            mapping.doubles().fill(NEW);
            mapping.flush();
            mark("1");
        }
    }
}

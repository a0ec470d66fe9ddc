package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes files in every way, over and over, until it is killed. The content of each file is the number of its
 * generation, in every element. Arguments: folder, first generation. Prints the file and its generation when the call
 * that wrote it has returned; for {@code rows.npy}, which grows, how many rows it has.
 */
final class KilledWriterMain {
    static final String SAVED = "saved.npy";
    static final String CREATED = "created.mmap";
    static final String CONVERTED = "converted.npy";
    static final String FLUSHED = "flushed";
    static final String ROWS = "rows.npy";
    static final int ELEMENTS = 50_000;
    static final int COLUMNS = 300;

    private final Path folder;

    private KilledWriterMain(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws IOException {
        KilledWriterMain writer = new KilledWriterMain(Path.of(arguments[0]));
        long generation = Long.parseLong(arguments[1]);
        MapOptions made =
                MapOptions.DEFAULT.length(ELEMENTS * 8L).with(MapOptions.Option.EXTEND, MapOptions.Option.CREATE);
        try (Mapping flushed = Mapping.open(writer.folder.resolve(FLUSHED), MapMode.READ_WRITE, made)) {
            say("ready", generation);
            for (; ; generation++) {
                writer.write(generation);
                writer.append();
                flushed.longs().fill(generation);
                flushed.flush();
                say(FLUSHED, generation);
            }
        }
    }

    private void write(long generation) throws IOException {
        double[] content = new double[ELEMENTS];
        Arrays.fill(content, generation);
        MappedArray.save(folder.resolve(SAVED), content);
        say(SAVED, generation);
        MappedArray.create(folder.resolve(CREATED), ArraySpec.of("<f8", ELEMENTS), generation)
                .close();
        say(CREATED, generation);
        try (MappedArray source = MappedArray.open(folder.resolve(SAVED), MapMode.READ_ONLY)) {
            MappedArray.create(folder.resolve(CONVERTED), ArraySpec.of("<i4", ELEMENTS), source)
                    .close();
        }
        say(CONVERTED, generation);
    }

    /** Each row holds its own number. */
    private void append() throws IOException {
        Path file = folder.resolve(ROWS);
        if (!Files.exists(file)) {
            MappedArray.save(file, new double[1][COLUMNS]);
            say(ROWS, 1);
        }
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping memory = Mapping.anonymous(COLUMNS * 8L)) {
            ArrayView row = ArrayView.over(memory.bytes(), DType.parse("f8"), Shape.of(COLUMNS), Order.C);
            row.fill(appender.shape().dim(0));
            say(ROWS, appender.append(row).dim(0));
        }
    }

    private static void say(String file, long generation) {
        System.out.println(file + " " + generation);
        System.out.flush();
    }
}

package dev.quire.torture;

import dev.quire.array.MappedArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.LongStream;

/** Saves and appends in a folder until it is killed. What it leaves has to be whole for everybody else. */
final class VictimMain {
    private VictimMain() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        for (long version = 0; ; version = (version + 1) % 1_000) {
            long first = version * 1_000_000;
            MappedArray.save(
                    folder.resolve(ArrayFiles.SAVED),
                    LongStream.range(first, first + 1_000).toArray());
            try {
                ArrayFiles.append(folder.resolve(ArrayFiles.ROWS));
            } catch (IOException | RuntimeException e) {
                Declared.ARRAY.kindOf(e, folder.toString()); // others append to the file, and replace it
            }
        }
    }
}

package dev.quire.cli;

import dev.quire.array.ArrayAppender;
import dev.quire.array.ArrayFileException;
import dev.quire.array.ArrayView;
import dev.quire.array.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Rows at the end of an array file. */
@Command(
        name = "append",
        header = "Append rows to a .npy file, in place.",
        description = {
            "It grows along its first axis, in Fortran order along its last. Readers see the old or the "
                    + "new array, also after a crash. Values that its type does not have are refused, and so "
                    + "is a file that has something behind the array.",
            "The options are about ROWS."
        })
final class AppendCommand extends ReportingCommand {
    @Parameters(index = "0", paramLabel = "FILE", description = "The .npy file that grows.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Parameters(
            index = "1",
            paramLabel = "ROWS",
            description =
                    "The array to append: .npy, .npz, SciRS2 .mmap, or raw with --dtype. Several rows, or one without "
                            + "the axis that grows.")
    @SuppressWarnings("NullAway.Init")
    private Path source;

    @Mixin
    private ArrayInput input = new ArrayInput();

    @Mixin
    private RawOptions raw = new RawOptions();

    @Override
    Report report() throws IOException {
        try (ArrayInput.OpenMemory opened = input.open(source, raw.raw());
                ArrayAppender appender = ArrayAppender.open(file)) {
            ArrayView rows = opened.elements();
            Shape before = appender.shape();
            long start = System.nanoTime();
            Shape after = appender.append(rows);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Grown(file, before, after, rows.length(), seconds);
        } catch (ArrayFileException.BadMagic other) {
            throw new IOException(
                    file + ": not a .npy file, and only those grow; quire convert makes one of it", other);
        } catch (ArithmeticException loss) {
            throw new IOException(file + ": not changed, since " + loss.getMessage(), loss);
        }
    }

    private record Grown(Path file, Shape before, Shape after, long elements, double seconds) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", file);
            facts.put("shapeBefore", ArrayDescription.dims(before));
            facts.put("shape", ArrayDescription.dims(after));
            facts.put("elements", elements);
            facts.put("seconds", seconds);
            return facts;
        }

        @Override
        public List<String> lines() {
            return List.of(file + ": from shape " + before + " to " + after + ", " + Text.count(elements, "element")
                    + " more in " + Text.seconds(seconds));
        }
    }
}

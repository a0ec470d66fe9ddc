package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.array.ArrayView;
import dev.quire.array.MappedArray;
import dev.quire.shared.SegmentHeader;
import dev.quire.shared.SharedArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Fills shared memory from a file. */
@Command(
        name = "write",
        header = "Copy a file into shared memory.",
        description =
                "The elements of a .npy, .npz or .mmap file, which must have the memory's shape, are converted to its "
                        + "dtype; any other file is bytes, and must have as many.")
final class ShmWriteCommand extends SegmentCommand {
    @Parameters(index = "1", paramLabel = "FILE", description = "The file.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Override
    Report report() throws IOException {
        try (SharedArray target = named(name -> SharedArray.open(name, MapMode.READ_WRITE, PATIENCE))) {
            String kind = file.toString().toLowerCase(Locale.ROOT);
            if (kind.endsWith(".npy") || kind.endsWith(".npz") || kind.endsWith(".mmap")) {
                copyArray(target.array());
            } else {
                copyBytes(target);
            }
            return new Written(name(), target.memory().header(), file);
        }
    }

    private void copyArray(ArrayView target) throws IOException {
        try (MappedArray source = MappedArray.open(file, MapMode.READ_ONLY)) {
            if (!source.shape().equals(target.shape())) {
                throw new IllegalArgumentException(
                        file + " has shape " + source.shape() + ", the memory has " + target.shape());
            }
            target.copyFrom(source);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private void copyBytes(SharedArray target) throws IOException {
        try (Mapping source = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED)) {
            long bytes = target.memory().bytes().length();
            if (source.byteSize() != bytes) {
                throw new IllegalArgumentException(file + " has " + Text.count(source.byteSize(), "byte")
                        + ", the memory has " + Text.count(bytes, "byte"));
            }
            source.bytes().copyTo(0, target.memory().bytes(), 0, bytes);
        }
    }

    private record Written(String name, SegmentHeader header, Path file) implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new SegmentReport(name, header).facts();
            facts.put("path", file);
            return facts;
        }

        @Override
        public List<String> lines() {
            return List.of(name + ": " + Text.count(header.byteSize(), "byte") + " from " + file);
        }
    }
}

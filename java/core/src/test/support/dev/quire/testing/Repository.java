package dev.quire.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The files around the compiled classes, for tests that read sources and documents. */
public final class Repository {
    private static final Path ROOT = find();

    private Repository() {}

    private static Path find() {
        Path folder = ChildJvm.classes();
        while (!Files.exists(folder.resolve("scripts/lib.sh"))) {
            folder = Objects.requireNonNull(folder.getParent(), "the repository is around the compiled classes");
        }
        return folder;
    }

    /** A file or folder, named from the repository's own folder. */
    public static Path file(String name) {
        return ROOT.resolve(name);
    }

    public static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static List<String> lines(Path file) {
        return text(file).lines().toList();
    }

    /** The path as a message shows it. */
    public static String name(Path file) {
        return ROOT.relativize(file).toString().replace('\\', '/');
    }

    /** The files under a folder whose names end so, without what a build made, in the order of their names. */
    public static List<Path> files(String folder, String ending) {
        try (Stream<Path> all = Files.walk(file(folder))) {
            return all.filter(path ->
                            path.toString().endsWith(ending) && !name(path).matches("(.*/)?target/.*"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

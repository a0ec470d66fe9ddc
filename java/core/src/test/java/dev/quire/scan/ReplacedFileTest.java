package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scan needs the file's name to map it once more and to drop its pages; it does without. */
@Timeout(30)
class ReplacedFileTest {
    private static final long SIZE = 8 << 20;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        Needs.capability(Capability.REPLACE_OPEN_FILE);
        file = Pattern.file(folder.resolve("scanned"), SIZE);
    }

    private enum Change {
        FILE {
            @Override
            void apply(Path path) throws IOException {
                Path other = Files.write(path.resolveSibling("other"), new byte[(int) SIZE]);
                Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        SHORT_FILE {
            @Override
            void apply(Path path) throws IOException {
                Path other = Files.write(path.resolveSibling("other"), new byte[100]);
                Files.move(other, path, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        NOTHING {
            @Override
            void apply(Path path) throws IOException {
                Files.delete(path);
            }
        },
        FOLDER {
            @Override
            void apply(Path path) throws IOException {
                Files.delete(path);
                Files.createDirectory(path);
            }
        },
        LINK {
            @Override
            void apply(Path path) throws IOException {
                Files.delete(path);
                Files.createSymbolicLink(path, path);
            }
        };

        abstract void apply(Path path) throws IOException;
    }

    @ParameterizedTest
    @CsvSource({
        "FILE, -1, 67108864",
        "FILE, 1048576, 67108864",
        "FILE, 1048576, 1000000",
        "SHORT_FILE, -1, 67108864",
        "SHORT_FILE, 1048576, 1000000",
        "NOTHING, -1, 67108864",
        "NOTHING, 1048576, 67108864",
        "NOTHING, 1048576, 1000000",
        "FOLDER, -1, 1000000",
        "FOLDER, 1048576, 67108864",
        "LINK, -1, 67108864",
        "LINK, 1048576, 1000000"
    })
    void whatIsMappedIsScanned(Change change, long changeAt, long budget) throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            map.evict();
            if (changeAt < 0) {
                change.apply(file);
            }
            try (Scan scan =
                    Scan.of(map.bytes(), ScanOptions.DEFAULT.chunk(1 << 18).budget(budget))) {
                scan.forEach(chunk -> {
                    if (chunk.offset() == changeAt) {
                        apply(change);
                    }
                    Pattern.check(chunk.segment(), chunk.offset());
                });
                assertEquals(SIZE, scan.doneBytes());
            }
        }
        if (change == Change.FILE) {
            try (Mapping other = Mapping.open(file, MapMode.READ_ONLY)) {
                assertEquals(other.residency().pages(), other.residency().residentPages(), "another file's pages went");
            }
        }
    }

    private void apply(Change change) {
        try {
            change.apply(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A first use of the library that fails leaves the process as it was: the next one tries again where that may help. */
class FirstUseTest {
    @TempDir
    Path folder;

    @Test
    void onAnInterruptedThreadItWorks() throws Exception {
        Child.succeed(Child.of(Interrupted.class).flags("-Ddev.quire.cache=" + folder.resolve("cache")));
    }

    static final class Interrupted {
        public static void main(String[] arguments) throws IOException {
            Thread.currentThread().interrupt();
            try (Mapping map = Mapping.anonymous(100)) {
                assertTrue(Thread.interrupted());
                map.bytes().set(0, (byte) 1);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutDescriptorsItWorksLater() throws Exception {
        Child.succeed(Child.of(Descriptors.class, ChildJvm.classes(), folder.resolve("file"))
                .under("sh", "-c", "ulimit -n 200; exec \"$@\"", "sh")
                .flags("-Ddev.quire.cache=" + folder.resolve("cache")));
    }

    static final class Descriptors {
        public static void main(String[] arguments) throws Exception {
            Path file = Files.write(Path.of(arguments[1]), new byte[100]);
            loadClasses(Path.of(arguments[0]));
            List<InputStream> all = new ArrayList<>();
            assertThrows(IOException.class, () -> {
                while (true) {
                    all.add(new FileInputStream("/dev/null"));
                }
            });
            assertThrows(MappingException.class, () -> Mapping.open(file, MapMode.READ_ONLY));
            assertThrows(UncheckedIOException.class, Platform::pageSize);
            assertThrows(UncheckedIOException.class, () -> Platform.supports(Hint.RANDOM));
            for (InputStream one : all) {
                one.close();
            }
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
                assertEquals(0, map.bytes().sum().longValueExact());
                assertTrue(Platform.pageSize() > 0);
                assertTrue(Platform.supports(Hint.RANDOM));
            }
        }

        /** As those in a jar are: found without a descriptor. Static initialisers do not run. */
        private static void loadClasses(Path classes) throws Exception {
            try (var files = Files.walk(classes)) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".class")).toList()) {
                    String name = classes.relativize(file).toString().replace('/', '.');
                    if (!name.equals("module-info.class")) {
                        Class.forName(
                                name.substring(0, name.length() - ".class".length()),
                                false,
                                FirstUseTest.class.getClassLoader());
                    }
                }
            }
            Class.forName(Mapping.class.getName());
            assertThrows(RuntimeException.class, () -> {
                throw new UncheckedIOException(new IOException());
            });
            assertThrows(FileNotFoundException.class, () -> new FileInputStream("/dev/no").close());
        }
    }

    /** A named library that comes to be there. */
    @Test
    void aLibraryThatIsPutThereLaterIsFound() throws Exception {
        Path library = folder.resolve("late.library");
        Child.succeed(Child.of(Late.class, library).flags("-Ddev.quire.library=" + library));
    }

    static final class Late {
        public static void main(String[] arguments) throws IOException {
            Path library = Path.of(arguments[0]);
            assertThrows(MappingException.class, () -> Mapping.anonymous(1));
            assertThrows(UncheckedIOException.class, Platform::pageSize);
            try (var files = Files.walk(ChildJvm.classes().resolve("META-INF/native"))) {
                Path built = files.filter(file -> !file.toString().endsWith(".sha256"))
                        .filter(file -> Files.isRegularFile(file))
                        .filter(file -> file.getParent().endsWith(folderOfThisMachine()))
                        .findFirst()
                        .orElseThrow();
                Files.copy(built, library);
            }
            Mapping.anonymous(1).close();
            assertTrue(Platform.pageSize() > 0);
        }

        private static String folderOfThisMachine() {
            return dev.quire.internal.load.NativePlatform.current().toString();
        }
    }

    @Test
    void withoutTheFlightRecorderEverythingWorks() throws Exception {
        Child.succeed(Child.of(NoRecorder.class, folder.resolve("file")).flags("--limit-modules", "java.base"));
    }

    static final class NoRecorder {
        public static void main(String[] arguments) throws IOException {
            assertTrue(ModuleLayer.boot().findModule("jdk.jfr").isEmpty());
            Path file = Files.write(Path.of(arguments[0]), new byte[10_000]);
            try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
                map.advise(Hint.RANDOM);
                map.populate();
                map.flush();
                map.resize(20_000);
                map.protect(true);
                assertEquals(20_000, map.bytes().byteSize());
            }
        }
    }
}

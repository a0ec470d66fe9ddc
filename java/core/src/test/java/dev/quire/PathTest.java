package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Names that are not plain: acceptance 12. */
class PathTest {
    private static final int LONG = 4_000;

    /** What its file systems allow. */
    private static final java.util.regex.Pattern ON_WINDOWS =
            java.util.regex.Pattern.compile("[^<>:\"/\\\\|?*\\p{Cntrl}]*[^ .<>:\"/\\\\|?*\\p{Cntrl}]");

    @TempDir
    Path folder;

    @Test
    void spacesAndWhatShellsAndFormatsTakeForThemselves() throws IOException {
        for (String name :
                new String[] {"a b  c", " ", "%s%n", "quo\"te'", "new\nline", "$HOME", "-x", "what?", "back\\slash"}) {
            if (!OS.WINDOWS.isCurrentOs() || ON_WINDOWS.matcher(name).matches()) {
                map(folder.resolve(name));
            }
        }
    }

    @Test
    void fourThousandBytes() throws IOException {
        Path deep = folder;
        while (deep.toString().length() < LONG - 202) {
            deep = deep.resolve("d".repeat(200));
        }
        Files.createDirectories(deep);
        Path file = deep.resolve("f".repeat(LONG - 1 - deep.toString().length()));
        assertEquals(LONG, file.toString().length());
        map(file);
    }

    @Test
    void relativeToTheCurrentFolder() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), 100);
        Path relative = Path.of("").toAbsolutePath().relativize(file.toRealPath());
        try (Mapping map = Mapping.open(relative, MapMode.READ_ONLY)) {
            Pattern.check(map.segment(), 0);
        }
    }

    /** Which names Java itself can write depends on the locale it was started in. */
    @Test
    void allOfUnicode() throws Exception {
        Child.succeed(Child.of(AllOfUnicode.class, folder).environment("LC_ALL", "C.UTF-8"));
    }

    /** What a folder lists can be mapped, also where the names have no text in the locale Java was started in. */
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "its names are UTF-16 in every locale")
    @Test
    void namesThatTheLocaleDoesNotHave() throws Exception {
        Child.succeed(Child.of(AllOfUnicode.class, folder).environment("LC_ALL", "C.UTF-8"));
        Child.succeed(Child.of(Listed.class, folder).environment("LC_ALL", "C"));
        Child.succeed(Child.of(Listed.class, folder)
                .environment("LC_ALL", "C")
                .flags("-Dos.arch=riscv64", "-Djava.library.path=" + folder));
    }

    /** Linux takes any bytes for a name: these are Latin-1, cut UTF-8 and a half of a pair. */
    @EnabledOnOs(OS.LINUX)
    @Test
    void namesThatAreNotUtf8() throws Exception {
        Path plain = Pattern.file(folder.resolve("plain"), 5_000);
        for (String name : new String[] {"caf\\351", "\\303", "\\303\\251 \\303", "\\355\\262\\251"}) {
            String copy = "cp \"$0\" \"$0$(printf '" + name + "')\"";
            assertEquals(
                    0,
                    new ProcessBuilder("sh", "-c", copy, plain.toString())
                            .start()
                            .waitFor());
        }
        for (String locale : new String[] {"C.UTF-8", "C"}) {
            Child.succeed(Child.of(NotUtf8.class, folder).environment("LC_ALL", locale));
            Child.succeed(Child.of(NotUtf8.class, folder)
                    .environment("LC_ALL", locale)
                    .flags("-Dos.arch=riscv64", "-Djava.library.path=" + folder));
        }
    }

    static final class NotUtf8 {
        public static void main(String[] arguments) throws IOException {
            assertEquals(5, mapAll(Path.of(arguments[0])));
        }
    }

    static final class Listed {
        public static void main(String[] arguments) throws IOException {
            assertNotEquals("UTF-8", System.getProperty("sun.jnu.encoding"));
            assertEquals(AllOfUnicode.NAMES.length, mapAll(Path.of(arguments[0])));
        }
    }

    private static int mapAll(Path folder) throws IOException {
        int count = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                count++;
                try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
                    Pattern.check(map.segment().asSlice(0, 5_000), 0);
                    assertFalse(map.isReplaced());
                    assertTrue(Files.isSameFile(file, map.path().orElseThrow()));
                }
            }
        }
        return count;
    }

    static final class AllOfUnicode {
        static final String[] NAMES = {
            "größe", "文書", "файл", "e\u0301", "\u00e9", "😀", "\u202e", "€".repeat(80), "100 % ü#&"
        };

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            for (String name : NAMES) {
                assertTrue(name.getBytes(StandardCharsets.UTF_8).length > name.length());
                map(folder.resolve(name));
            }
        }
    }

    private static void map(Path file) throws IOException {
        Pattern.file(file, 5_000);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            Pattern.check(map.segment(), 0);
            assertEquals(file, map.path().orElseThrow());
            map.flush();
            map.evict();
            map.resize(6_000);
            assertEquals(6_000, map.file().size());
        }
    }
}

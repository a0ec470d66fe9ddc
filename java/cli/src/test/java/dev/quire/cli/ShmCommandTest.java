package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.array.MappedArray;
import dev.quire.shared.Segments;
import dev.quire.shared.SharedArray;
import dev.quire.shared.SharedMemory;
import java.io.BufferedReader;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@EnabledOnOs(OS.LINUX)
class ShmCommandTest {
    private final String name = "cli-" + UUID.randomUUID();

    @TempDir
    private Path folder;

    @AfterEach
    void remove() throws Exception {
        Files.deleteIfExists(Path.of("/dev/shm/quire." + name));
    }

    private static Tool shm(Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = "shm";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return Tool.run(all);
    }

    private void create(String dtype, String shape) {
        shm("create", name, "--dtype", dtype, "--shape", shape).fine();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "list", "info", "read", "write", "remove"})
    void everyCommandExplainsItself(String command) {
        Tool help = shm(command, "--help").fine();
        assertTrue(help.out().contains("Usage: quire shm " + command), help.out());
        assertTrue(help.out().contains("--json"), help.out());
        assertTrue(shm("--help").fine().out().contains("\n  " + command + " "));
    }

    @Test
    void createdMemoryStaysAndSaysWhatItIs() throws Exception {
        Map<String, Object> made =
                shm("create", name, "--dtype", "f8", "--shape", "4,5", "--json").json();
        assertEquals("<f8", made.get("dtype"));
        assertEquals(160, Tool.number(made, "bytes"));
        assertEquals(made, shm("info", name, "--json").json());
        assertTrue(Files.exists(Path.of("/dev/shm/quire." + name)));
        assertFalse(
                Segments.orphans().stream().anyMatch(segment -> segment.name().equals(name)));
        try (SharedArray array = SharedArray.open(name, MapMode.READ_ONLY, Duration.ZERO)) {
            assertEquals(4, array.array().shape().dim(0));
        }
        assertTrue(shm("info", name).fine().out().contains("shape        (4, 5)"));
    }

    @Test
    void withoutANameItHasOneThatNobodyCanGuess() {
        Map<String, Object> made = shm("create", "--shape", "3", "--json").json();
        Map<String, Object> other = shm("create", "--shape", "3", "--json").json();
        try {
            assertTrue(String.valueOf(made.get("name")).matches("[0-9a-v]{12,16}"), made::toString);
            assertFalse(made.get("name").equals(other.get("name")));
            assertEquals(made, shm("info", made.get("name"), "--json").json());
        } finally {
            shm("remove", made.get("name")).fine();
            shm("remove", other.get("name")).fine();
        }
    }

    @Test
    void theListHasIt() {
        create("<i4", "3");
        List<?> all = (List<?>) shm("list", "--json").json().get("segments");
        Map<?, ?> mine = all.stream()
                .map(each -> (Map<?, ?>) each)
                .filter(each -> name.equals(each.get("name")))
                .findFirst()
                .orElseThrow();
        assertEquals("<i4", mine.get("dtype"));
        assertEquals(true, mine.get("complete"));
        assertEquals(false, mine.get("orphan"));
        assertTrue(shm("list").fine().out().contains(name));
        assertFalse(shm("list", "--orphans").fine().out().contains(name));
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        create("i2", "2,3");
        Path file = folder.resolve("a.npy");
        MappedArray.save(file, new int[][] {{1, -2, 3}, {4, 5, 600}});
        shm("write", name, file).fine();
        assertEquals(List.of("1 -2 3", "4 5 600"), shm("read", name).fine().lines());
        List<?> values =
                (List<?>) shm("read", name, "--count", 2, "--json").json().get("values");
        assertEquals("[1, -2]", String.valueOf(values));
        assertTrue(shm("read", name, "--count", 4).fine().out().contains("... 2 elements more"));
        Path saved = folder.resolve("b.npy");
        shm("read", name, "--out", saved).fine();
        assertArrayEquals(new short[][] {{1, -2, 3}, {4, 5, 600}}, (short[][]) MappedArray.load(saved));
    }

    @Test
    void bytesAreTakenAsTheyAre() throws Exception {
        create(">u2", "2");
        Path file = Files.write(folder.resolve("bytes"), new byte[] {1, 2, (byte) 255, (byte) 254});
        assertEquals(4, Tool.number(shm("write", name, file, "--json").json(), "bytes"));
        assertEquals("258 65534", shm("read", name).fine().out().strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"?; true false", "f2; 0.0 0.0", "c8; [0.0, 0.0] [0.0, 0.0]", "u8; 1 0"})
    void everyKindOfElementIsShown(String dtype, String expected) throws Exception {
        create(dtype, "2");
        if (!expected.contains(".")) {
            try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, Duration.ZERO)) {
                memory.bytes().set(0, (byte) 1);
            }
        }
        assertEquals(expected, shm("read", name).fine().out().strip());
    }

    @Test
    void anElementWithoutAxesAndNoElements() {
        create("f4", "");
        assertEquals("0.0", shm("read", name).fine().out().strip());
        shm("remove", name).fine();
        create("f4", "3,0");
        assertEquals("", shm("read", name).fine().out());
    }

    @Test
    void whatCannotBeIsRefused() throws Exception {
        assertTrue(shm("info", name).details().contains("no such"));
        assertTrue(shm("read", name).details().contains("no such"));
        assertTrue(shm("write", name, folder.resolve("x")).details().contains("no such"));
        assertTrue(shm("remove", name).details().contains("no such"));
        create("u1", "3");
        assertTrue(shm("create", name, "--shape", "3").details().contains("is there already"));
        assertTrue(shm("create", name + "-2", "--shape", "99999999999999")
                .details()
                .contains("exceeds what there is"));
        Path file = Files.write(folder.resolve("short"), new byte[2]);
        assertTrue(shm("write", name, file).details().contains("2 bytes"));
        Path array = folder.resolve("a.npy");
        MappedArray.save(array, new int[] {1, 2, 300});
        assertTrue(shm("write", name, array).details().contains("300"));
        MappedArray.save(array, new int[] {1, 2});
        assertTrue(shm("write", name, array).details().contains("shape"));
        String unsaved =
                shm("read", name, "--out", folder.resolve("none/b.npy")).details();
        assertTrue(unsaved.contains("none"), unsaved);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "frob",
                "create",
                "create x y --shape 4",
                "create x",
                "create x --shape 1,,2",
                "create x --shape -1",
                "create x --shape 4 --dtype f3",
                "create .x --shape 4",
                "create a/b --shape 4",
                "create x --shape 9223372036854775807,2",
                "info",
                "info a/b",
                "read a/b",
                "read x --count many",
                "read x --count=-1",
                "write x",
                "write a/b c",
                "remove",
                "remove x --orphans",
                "remove x --yes",
                "remove --yes",
                "remove a/b",
                "list x"
            })
    void whatIsWrongIsSaid(String line) {
        shm((Object[]) line.split(" ")).misuse();
    }

    @Test
    void whatIsNotCompleteIsRefusedInTheToolsWords() throws Exception {
        Files.write(Path.of("/dev/shm/quire." + name), new byte[2000]);
        for (String command : List.of("info", "read")) {
            String failure = shm(command, name).details();
            assertTrue(failure.contains("quire shm list") && failure.contains(name), failure);
            assertFalse(failure.contains("Segments"), failure);
        }
    }

    /** The first 40 bytes of a header: its creator has a number that no process has. */
    private void orphan() throws Exception {
        ByteBuffer head = ByteBuffer.allocate(2000).order(ByteOrder.nativeOrder());
        head.putLong(0, 0x51554952_4553484DL).putInt(8, 2).putLong(24, 1 << 23).putLong(32, 7);
        Files.write(Path.of("/dev/shm/quire." + name), head.array());
    }

    private boolean isThere() {
        return Files.exists(Path.of("/dev/shm/quire." + name));
    }

    @Test
    void orphansAreListedAndRemovedWithYes() throws Exception {
        orphan();
        assertTrue(shm("list", "--orphans").fine().out().contains(name));
        Object removed = shm("remove", "--orphans", "--yes", "--json").json().get("removed");
        assertTrue(String.valueOf(removed).contains(name));
        assertFalse(isThere());
        assertTrue(shm("info", name).details().contains("no such"));
    }

    @Test
    void whereNobodyCanBeAskedOrphansStayAndAreNamed() throws Exception {
        orphan();
        for (Object[] command : new Object[][] {{"remove", "--orphans"}, {"remove", "--orphans", "--json"}}) {
            String refused = shm(command).details();
            assertTrue(refused.contains(name) && refused.contains("--yes"), refused);
            assertTrue(isThere());
        }
    }

    @ParameterizedTest
    @CsvSource({"n, true", "'', true", "y, false", "Yes, false"})
    void atATerminalSomebodyIsAsked(String answer, boolean stays) throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "no script(1), which makes terminals");
        orphan();
        String command = String.join(" ", ProcessTest.command("shm", "remove", "--orphans"));
        Process process = new ProcessBuilder("/usr/bin/script", "-qec", command, "/dev/null")
                .redirectErrorStream(true)
                .start();
        try (Writer keyboard = process.outputWriter();
                BufferedReader screen = process.inputReader()) {
            StringBuilder shown = new StringBuilder();
            while (shown.indexOf("[y/N]") < 0) {
                int one = screen.read();
                assertTrue(one >= 0, shown::toString);
                shown.append((char) one);
            }
            assertTrue(shown.indexOf(name) >= 0 && shown.indexOf("(orphan)") >= 0, shown::toString);
            assertTrue(isThere(), "nothing happens before the answer");
            keyboard.write(answer + "\n");
            keyboard.flush();
            String rest = screen.lines().collect(Collectors.joining("\n"));
            assertEquals(0, process.waitFor(), rest);
            assertEquals(stays, isThere(), rest);
        }
    }

    @Test
    void whatHasNoHeaderOfOursIsNamedAndStays() throws Exception {
        Path file = Files.write(Path.of("/dev/shm/quire." + name), new byte[2000]);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        String listed = shm("list").fine().out();
        assertTrue(listed.lines().anyMatch(line -> line.contains(name) && line.contains("without a header")), listed);
        assertFalse(shm("list", "--orphans").fine().out().contains(name));
        String removed = shm("remove", "--orphans", "--yes").fine().out();
        assertFalse(removed.contains(name), removed);
        assertTrue(isThere());
        shm("remove", name).fine();
        assertFalse(isThere());
    }
}

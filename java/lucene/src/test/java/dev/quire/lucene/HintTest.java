package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.PreloadHint;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Policies, hints, prefetches: with the kernel's eyes, and in the counts. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the effects are looked at through /proc")
class HintTest {
    private static final long PAGE = Platform.pageSize();
    private static final int SIZE = 256 * (int) PAGE;
    private static final IOContext RANDOM = IOContext.DEFAULT.withHints(DataAccessHint.RANDOM);
    private static final IOContext SEQUENTIAL = IOContext.DEFAULT.withHints(DataAccessHint.SEQUENTIAL);

    @TempDir
    Path folder;

    private static void create(Directory directory, String name) throws IOException {
        try (IndexOutput output = directory.createOutput(name, IOContext.DEFAULT)) {
            output.writeBytes(new byte[SIZE], SIZE);
        }
    }

    /** What /proc says of a file's areas: {@code rr} read at random, {@code sr} in sequence, {@code lo} locked. */
    private String flags(String name) throws IOException {
        boolean isOurs = false;
        StringBuilder flags = new StringBuilder();
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                isOurs = line.endsWith(folder.resolve(name).toString());
            } else if (isOurs && line.startsWith("VmFlags:")) {
                flags.append(line.substring("VmFlags:".length())).append(' ');
            }
        }
        return flags.toString();
    }

    private static long calls(QuireDirectory directory, String request, HintResult result) {
        return directory.hintCounts().stream()
                .filter(count -> count.request().equals(request) && count.result() == result)
                .mapToLong(HintCount::calls)
                .sum();
    }

    private static long bytes(QuireDirectory directory, String request) {
        return directory.hintCounts().stream()
                .filter(count -> count.request().equals(request))
                .mapToLong(HintCount::bytes)
                .sum();
    }

    /** Drops a file from memory; the test is left out where that does not work. */
    private void makeCold(String name) throws IOException {
        try (Mapping map = Mapping.open(folder.resolve(name), MapMode.READ_ONLY)) {
            for (int i = 0; i < 100 && map.residency().residentPages() > 0; i++) {
                map.evict();
            }
            assumeTrue(map.residency().known() && map.residency().residentPages() == 0, "pages do not go");
        }
    }

    private static long resident(QuireDirectory directory, String name) {
        return directory.residency().stream()
                .filter(file -> file.file().equals(name))
                .mapToLong(file -> file.residency().residentPages())
                .sum();
    }

    /** Pages come in some time after they were asked for. */
    private static void awaitResident(QuireDirectory directory, String name, long pages) throws InterruptedException {
        for (int i = 0; i < 10_000 && resident(directory, name) < pages; i++) {
            Thread.sleep(1);
        }
        assertTrue(resident(directory, name) >= pages, resident(directory, name) + " of " + pages + " pages came");
    }

    @Test
    void theContextDecidesAndRandomIsAskedFor() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder);
                QuireDirectory atRandom = new QuireDirectory(folder, FilePolicy::byContextWithRandom)) {
            create(directory, "_0.vec");
            try (IndexInput input = directory.openInput("_0.vec", RANDOM)) {
                assertFalse(flags("_0.vec").contains(" rr "), "not by default");
                assertTrue(input.isEfficientFor(SEQUENTIAL));
            }
            assertEquals(List.of(), directory.hintCounts());
            try (IndexInput input = atRandom.openInput("_0.vec", RANDOM)) {
                assertTrue(flags("_0.vec").contains(" rr "));
                assertFalse(input.isEfficientFor(SEQUENTIAL));
                input.updateIOContext(SEQUENTIAL);
                assertTrue(flags("_0.vec").contains(" sr "));
                assertTrue(input.isEfficientFor(SEQUENTIAL));
                assertFalse(input.isEfficientFor(RANDOM));
                input.updateIOContext(IOContext.DEFAULT);
                assertFalse(flags("_0.vec").matches(".* (rr|sr) .*"));
            }
            try (IndexInput input = directory.openInput("_0.vec", IOContext.merge())) {
                assertTrue(flags("_0.vec").contains(" sr "), "a merge");
                assertEquals(0, input.getFilePointer());
            }
            assertEquals(
                    List.of(
                            new HintCount("NORMAL", HintResult.APPLIED, 1, SIZE),
                            new HintCount("RANDOM", HintResult.APPLIED, 1, SIZE),
                            new HintCount("SEQUENTIAL", HintResult.APPLIED, 1, SIZE)),
                    atRandom.hintCounts());
        }
    }

    @Test
    void aPartOfACompoundFileHasItsOwnPolicy() throws IOException {
        FilePolicy.Chooser policies =
                (file, context) -> file.endsWith(".vec") ? FilePolicy.NORMAL.hint(Hint.RANDOM) : FilePolicy.NORMAL;
        try (QuireDirectory directory = new QuireDirectory(folder, policies)) {
            create(directory, "_0.cfs");
            try (IndexInput compound = directory.openInput("_0.cfs", IOContext.DEFAULT)) {
                IndexInput part = compound.slice("_0.vec", 64 * PAGE, 64 * PAGE, IOContext.DEFAULT);
                assertEquals(64 * PAGE, bytes(directory, "RANDOM"));
                part.updateIOContext(IOContext.DEFAULT);
                assertEquals(128 * PAGE, bytes(directory, "RANDOM"));
            }
        }
    }

    @Test
    void filesArePreloadedAndLocked() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            create(directory, "_0.a");
            makeCold("_0.a");
            IOContext preload = IOContext.DEFAULT.withHints(PreloadHint.INSTANCE);
            try (IndexInput input = directory.openInput("_0.a", preload)) {
                assertEquals(SIZE / PAGE, resident(directory, "_0.a"));
                assertEquals(Optional.of(true), input.isLoaded());
                assertEquals(1, calls(directory, "PRELOAD", HintResult.APPLIED));
            }
            assertEquals(List.of(), directory.residency(), "closed");
        }
        try (QuireDirectory directory = new QuireDirectory(folder, (file, context) -> FilePolicy.NORMAL.lock());
                IndexInput input = directory.openInput("_0.a", IOContext.DEFAULT)) {
            assertTrue(flags("_0.a").contains(" lo "));
            assertEquals(1, calls(directory, "LOCK", HintResult.APPLIED));
            assertEquals(Optional.of(true), input.isLoaded());
        }
    }

    @Test
    void aPrefetchBringsPagesIn() throws Exception {
        try (QuireDirectory directory =
                new QuireDirectory(folder, (file, context) -> FilePolicy.NORMAL.hint(Hint.RANDOM))) {
            create(directory, "_0.vec");
            makeCold("_0.vec");
            try (IndexInput input = directory.openInput("_0.vec", IOContext.DEFAULT)) {
                assertEquals(Optional.of(false), input.isLoaded());
                IndexInput slice = input.slice("part", 8 * PAGE, 8 * PAGE);
                slice.prefetch(4 * PAGE, 2 * PAGE);
                awaitResident(directory, "_0.vec", 2);
                assertEquals(2, resident(directory, "_0.vec"));
                assertEquals(
                        Optional.of(true),
                        input.slice("there", 12 * PAGE, 2 * PAGE).isLoaded());
                for (int i = 0; i < 100; i++) {
                    slice.prefetch(4 * PAGE, 2 * PAGE);
                }
                assertEquals(1, calls(directory, "PREFETCH", HintResult.APPLIED));
                assertEquals(100, calls(directory, "PREFETCH", HintResult.IGNORED), "they are there");
                assertThrows(EOFException.class, () -> slice.prefetch(8 * PAGE, 1));
            }
        }
    }

    @Test
    void aBatchAsksOnceForManyInputs() throws Exception {
        try (QuireDirectory directory =
                new QuireDirectory(folder, (file, context) -> FilePolicy.NORMAL.hint(Hint.RANDOM))) {
            List<IndexInput> inputs = new ArrayList<>();
            for (String name : List.of("_0.vec", "_1.vec")) {
                create(directory, name);
                makeCold(name);
                inputs.add(directory.openInput(name, IOContext.DEFAULT));
            }
            PrefetchBatch batch = new PrefetchBatch();
            for (IndexInput input : inputs) {
                for (int page = 30; page >= 0; page -= 2) {
                    batch.add(input, page * PAGE, 10);
                    batch.add(input.slice("later", 100 * PAGE, 50 * PAGE), page * PAGE, PAGE);
                }
            }
            assertEquals(64, batch.size());
            assertEquals(0, resident(directory, "_0.vec"), "nothing is asked for yet");
            batch.run();
            assertEquals(0, batch.size());
            awaitResident(directory, "_0.vec", 32);
            awaitResident(directory, "_1.vec", 32);
            assertEquals(32, resident(directory, "_0.vec"));
            assertEquals(2, calls(directory, "PREFETCH", HintResult.APPLIED), "one for each file");
            batch.run();
            assertEquals(2, calls(directory, "PREFETCH", HintResult.APPLIED), "it is empty");
            for (IndexInput input : inputs) {
                assertThrows(EOFException.class, () -> batch.add(input, SIZE, 1));
                input.close();
            }
        }
    }

    @Test
    void aBatchTakesInputsOfOtherDirectories() throws IOException {
        try (Directory other = new ByteBuffersDirectory();
                QuireDirectory directory = new QuireDirectory(folder)) {
            create(other, "_0.vec");
            create(directory, "_0.vec");
            try (IndexInput theirs = other.openInput("_0.vec", IOContext.DEFAULT);
                    IndexInput ours = directory.openInput("_0.vec", IOContext.DEFAULT)) {
                new PrefetchBatch().add(theirs, 0, 100).add(ours, 0, 100).run();
                assertEquals(1, calls(directory, "PREFETCH", HintResult.APPLIED));
            }
        }
    }
}

package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.Platform;
import dev.quire.hint.Healing;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What is truncated while it is read is {@link CorruptIndexException}, and no zeros. */
class TruncationTest {
    private static final int PAGE = (int) Platform.pageSize();
    private static final int SIZE = 16 * PAGE;

    @TempDir
    Path folder;

    @BeforeEach
    void faultsAreHealed() throws IOException {
        assumeTrue(Platform.facts().healing() == Healing.ON, "faults are not healed here");
    }

    private QuireIndexInput create(QuireDirectory directory, String name) throws IOException {
        try (IndexOutput output = directory.createOutput(name, IOContext.DEFAULT)) {
            byte[] ones = new byte[SIZE];
            java.util.Arrays.fill(ones, (byte) 1);
            output.writeBytes(ones, SIZE);
        }
        return (QuireIndexInput) directory.openInput(name, IOContext.DEFAULT);
    }

    private void cut(String name) throws IOException {
        try (FileChannel channel = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
            channel.truncate(PAGE);
        }
    }

    /** Each method by itself is the first to touch what is gone. */
    @Test
    void everyReadTells() throws IOException {
        int calls;
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            try (QuireIndexInput input = create(directory, "_0.dat")) {
                calls = reads(input).size();
                input.seek(2 * PAGE);
                for (Executable read : reads(input)) {
                    run(read);
                }
            }
            for (int i = 0; i < calls; i++) {
                String name = "_" + i + ".cut";
                QuireIndexInput input = create(directory, name);
                input.seek(2 * PAGE);
                cut(name);
                CorruptIndexException corrupt =
                        assertThrows(CorruptIndexException.class, reads(input).get(i), "call " + i);
                assertTrue(corrupt.getMessage().contains("truncated to " + PAGE + " bytes"), corrupt::getMessage);
                assertTrue(corrupt.getMessage().contains(name), corrupt::getMessage);
                assertThrows(CorruptIndexException.class, () -> input.seek(0), "what is known stays known");
                input.close();
            }
        }
    }

    private static void run(Executable read) {
        org.junit.jupiter.api.Assertions.assertDoesNotThrow(read);
    }

    private static List<Executable> reads(QuireIndexInput input) {
        return List.of(
                input::readByte,
                input::readShort,
                input::readInt,
                input::readLong,
                input::readVInt,
                input::readVLong,
                () -> input.readBytes(new byte[10], 0, 10),
                () -> input.readInts(new int[10], 0, 10),
                () -> input.readLongs(new long[10], 0, 10),
                () -> input.readFloats(new float[10], 0, 10),
                () -> input.readByte(2 * PAGE),
                () -> input.readShort(2 * PAGE),
                () -> input.readInt(2 * PAGE),
                () -> input.readLong(2 * PAGE),
                () -> input.readBytes(2 * PAGE, new byte[10], 0, 10),
                () -> input.clone().readByte(),
                () -> input.slice("part", 2 * PAGE, 10).readByte());
    }

    @Test
    void aSegmentThatWasHandedOutTellsAtTheNextCallOfItsGroup() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            QuireIndexInput vectors = create(directory, "_0.vec");
            QuireIndexInput graph = create(directory, "_0.vex");
            QuireIndexInput other = create(directory, "_1.vex");
            MemorySegment segment = vectors.segmentSliceOrNull(0, SIZE);
            cut("_0.vec");
            assertEquals(1, graph.readByte());
            directory.checkDamage();
            assertEquals(0, segment.get(ValueLayout.JAVA_BYTE, 2 * PAGE));
            for (Executable call : List.<Executable>of(
                    graph::readByte, () -> graph.seek(0), () -> vectors.seek(0), directory::checkDamage)) {
                CorruptIndexException corrupt = assertThrows(CorruptIndexException.class, call);
                assertTrue(corrupt.getMessage().contains("_0.vec"), corrupt::getMessage);
            }
            assertEquals(1, other.readByte(), "another segment is whole");
            assertThrows(CorruptIndexException.class, vectors::close);
            assertEquals(1, graph.readByte(), "closed with an exception, which is enough");
            graph.close();
            other.close();
            assertEquals(0, directory.openGroups());
        }
    }

    @Test
    void whatNobodyReadThroughASegmentIsClosedInSilence() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            QuireIndexInput input = create(directory, "_0.dat");
            QuireIndexInput neighbour = create(directory, "_0.oth");
            input.seek(2 * PAGE);
            cut("_0.dat");
            assertThrows(CorruptIndexException.class, input::readByte);
            assertEquals(1, neighbour.readByte(), "what was read of it was refused at once");
            input.close();
            neighbour.close();
        }
    }

    @Test
    void aPreloadOfWhatIsGoneTells() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder, (name, context) -> FilePolicy.NORMAL.preload())) {
            QuireIndexInput input = create(directory, "_0.dat");
            cut("_0.dat");
            assertThrows(
                    CorruptIndexException.class, () -> input.slice("part", 0, SIZE, IOContext.DEFAULT), "of a slice");
            input.close();
        }
    }

    /** The virtual machine lives, with Lucene's scorers in the Vector API and without. */
    @Test
    void searchesEndAndTheProcessLives() throws Exception {
        Path index = Files.createDirectory(folder.resolve("index"));
        try (QuireDirectory directory = new QuireDirectory(index)) {
            GeneratedIndex.writeSegments(directory, 3_000, 1);
        }
        Set<String> all = Set.of("doc", "dvd", "fdt", "kdd", "pos", "tim", "vec", "vex");
        String withVectors = truncate(index, ".*", "--add-modules", "jdk.incubator.vector");
        assertTrue(kinds(withVectors).containsAll(all), withVectors);
        assertTrue(withVectors.contains("closed: "), "segments are handed out: " + withVectors);
        String without = truncate(index, ".*\\.vec");
        assertEquals(Set.of("vec"), kinds(without), without);
        assertFalse(without.contains("closed: "), without);
    }

    private String truncate(Path index, String names, String... flags) throws Exception {
        Path work = Files.createTempDirectory(folder, "work");
        return ChildJvm.succeed(work, List.of(flags), TruncationMain.class, index, work, names);
    }

    private static Set<String> kinds(String printed) {
        return printed.lines()
                .filter(line -> line.startsWith("survived "))
                .map(line -> line.substring("survived ".length()))
                .collect(Collectors.toSet());
    }
}

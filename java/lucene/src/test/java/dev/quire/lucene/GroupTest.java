package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The files of a segment end together. */
class GroupTest {
    private static final int SEGMENTS = 10;

    @TempDir
    Path folder;

    private static void create(QuireDirectory directory, String name) throws IOException {
        try (IndexOutput output = directory.createOutput(name, IOContext.DEFAULT)) {
            output.writeLong(1);
        }
    }

    /** The mappings of the folder's files. */
    private long mapped() throws IOException {
        try (Stream<String> areas = Files.lines(Path.of("/proc/self/maps"))) {
            return areas.filter(area -> area.contains(folder.toString())).count();
        }
    }

    @Test
    void theNameTellsTheGroup() {
        assertEquals("_a", FileGroups.key("_a.fdt"));
        assertEquals("_a", FileGroups.key("_a_Lucene104_0.doc"));
        assertEquals("_a_1", FileGroups.key("_a_1.liv"));
        assertEquals("_a_2", FileGroups.key("_a_2_Lucene90_0.dvd"));
        assertEquals("_a_bkd_0.tmp", FileGroups.key("_a_bkd_0.tmp"));
        assertEquals("segments_3", FileGroups.key("segments_3"));
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void theLastOfASegmentEndsItsMappings() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            for (String name : List.of("_0.fdt", "_0.tim", "_0_1.liv", "_1.fdt", "other")) {
                create(directory, name);
            }
            IndexInput stored = directory.openInput("_0.fdt", IOContext.DEFAULT);
            IndexInput terms = directory.openInput("_0.tim", IOContext.DEFAULT);
            IndexInput clone = stored.clone();
            IndexInput live = directory.openInput("_0_1.liv", IOContext.DEFAULT);
            IndexInput next = directory.openInput("_1.fdt", IOContext.DEFAULT);
            IndexInput other = directory.openInput("other", IOContext.DEFAULT);
            assertEquals(5, mapped());
            assertEquals(4, directory.openGroups());
            live.close();
            assertEquals(4, mapped(), "a generation goes by itself");
            stored.close();
            stored.close();
            assertEquals(4, mapped(), "the segment is in use");
            assertEquals(1, clone.readLong());
            assertThrows(AlreadyClosedException.class, stored::readLong);
            terms.close();
            assertEquals(2, mapped());
            assertThrows(AlreadyClosedException.class, clone::readLong);
            next.close();
            other.close();
            assertEquals(0, mapped());
            assertEquals(0, directory.openGroups());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void whatIsRefusedLeavesNothing() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            assertThrows(
                    java.nio.file.NoSuchFileException.class, () -> directory.openInput("_0.fdt", IOContext.DEFAULT));
            assertEquals(0, directory.openGroups());
            create(directory, "_0.fdt");
            IllegalStateException failure = new IllegalStateException("no policy");
            try (QuireDirectory refusing = new QuireDirectory(folder, (file, context) -> {
                throw failure;
            })) {
                assertThrows(IllegalStateException.class, () -> refusing.openInput("_0.fdt", IOContext.DEFAULT));
                assertEquals(0, refusing.openGroups());
            }
            assertEquals(0, mapped());
        }
    }

    @Test
    void aReaderOfTenSegmentsCostsTenHandshakes() throws Exception {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            GeneratedIndex.writeSegments(directory, 10 * SEGMENTS, SEGMENTS);
            try (DirectoryReader reader = DirectoryReader.open(directory)) {
                assertEquals(SEGMENTS, reader.leaves().size());
            }
        }
        Path work = Files.createDirectory(folder.resolve("work"));
        String log = ChildJvm.succeed(work, List.of("-Xlog:handshake=info:stdout"), HandshakeMain.class, folder);
        assertEquals(0, handshakes(log, "OPENING", "CLOSING " + SEGMENTS), log);
        assertEquals(SEGMENTS, handshakes(log, "CLOSING", "CLOSED 0"), log);
    }

    /** How many closed memory. */
    private static long handshakes(String log, String from, String to) {
        return log.substring(log.indexOf(from), log.indexOf(to))
                .lines()
                .filter(line -> line.contains("CloseScopedMemory"))
                .count();
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.shared.Seal;
import dev.quire.shared.SharedMemory;
import dev.quire.testing.Child;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What flight recordings show. In a child, because one of the events is a fault. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
class EventsTest {
    private static final List<String> NAMES = List.of(
            "Start",
            "Map",
            "Unmap",
            "Resize",
            "Protect",
            "Seal",
            "Freeze",
            "Restore",
            "Hint",
            "Populate",
            "Prefetch",
            "Flush",
            "Lock",
            "Evict",
            "Discard",
            "Fault");

    @TempDir
    Path folder;

    @Test
    void everyEventAppearsWithWhatItWasAbout() throws Exception {
        Child.succeed(Child.of(JfrEvents.class, folder));
    }

    @Test
    void nothingIsRecordedOfWhatIsDisabled() throws Exception {
        Child.succeed(Child.of(Disabled.class, folder));
    }

    @Test
    void everyKindOfMemoryHasAMapForItsUnmapAndEveryChangeIsThere() throws Exception {
        Child.succeed(Child.of(Changed.class, folder));
    }

    private interface Use {
        void run(Path file) throws IOException;
    }

    private static Map<String, List<RecordedEvent>> record(Path folder, boolean enabled, Use use) throws IOException {
        Path dump = folder.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            for (String name : NAMES) {
                if (enabled) {
                    recording.enable("dev.quire." + name);
                } else {
                    recording.disable("dev.quire." + name);
                }
            }
            use.run(folder.resolve("file"));
            recording.stop();
            recording.dump(dump);
        }
        Map<String, List<RecordedEvent>> events = RecordingFile.readAllEvents(dump).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.quire."))
                .collect(Collectors.groupingBy(
                        event -> event.getEventType().getName().substring(10)));
        Files.delete(dump);
        return events;
    }

    private static void use(Path file) throws IOException {
        Pattern.file(file, 100_000);
        Mapping map = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.offset(5));
        map.advise(10, 20, Hint.RANDOM);
        map.populate(30, 40);
        map.prefetch(List.of(new ByteRange(1, 2)));
        map.flush(50, 60, Durability.ASYNC);
        map.lock(70, 80);
        map.unlock();
        map.evict(90, 100);
        map.discard(0, 0);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
        assertThrows(
                MemoryFaultException.class,
                () -> map.guarded(() -> map.segment().get(ValueLayout.JAVA_BYTE, 50_000)));
        map.close();
    }

    static final class JfrEvents {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            String file = folder.resolve("file").toString();
            Map<String, List<RecordedEvent>> events = record(folder, true, EventsTest::use);
            checkStart(events.getOrDefault("Start", List.of()));
            checkStart(record(folder, true, EventsTest::use).getOrDefault("Start", List.of()));
            check(events, "Map", file, 5, 99_995);
            check(events, "Unmap", file, 5, 99_995);
            check(events, "Hint", file, 10, 20);
            check(events, "Populate", file, 30, 40);
            check(events, "Prefetch", file, 0, 99_995);
            check(events, "Flush", file, 50, 60);
            check(events, "Lock", file, 70, 80);
            check(events, "Evict", file, 90, 100);
            check(events, "Discard", file, 0, 0);
            check(events, "Fault", file, 0, 99_995);
            assertEquals("RANDOM", events.get("Hint").getFirst().getString("hint"));
            assertTrue(events.get("Map").getFirst().getLong("bytes") >= 99_995);
            assertTrue(events.get("Populate").getFirst().getLong("bytes") >= 40);
        }

        private static void checkStart(List<RecordedEvent> found) throws IOException {
            assertEquals(1, found.size(), "one at the first mapping, or at the beginning of the recording");
            RecordedEvent event = found.getFirst();
            assertEquals(Platform.library().file(), event.getString("library"));
            assertEquals(Platform.library().version(), event.getString("version"));
            assertEquals(Platform.library().kernels(), event.getString("kernels"));
            assertEquals(Platform.facts().healing().name(), event.getString("healing"));
        }

        private static void check(
                Map<String, List<RecordedEvent>> events, String name, String file, long offset, long length) {
            List<RecordedEvent> found = events.getOrDefault(name, List.of());
            assertEquals(1, found.size(), name);
            RecordedEvent event = found.getFirst();
            assertEquals(file, event.getString("subject"), name);
            assertEquals(offset, event.getLong("offset"), name);
            assertEquals(length, event.getLong("length"), name);
            assertFalse(event.getString("outcome").isEmpty(), name);
            assertFalse(event.getDuration().isNegative(), name);
        }
    }

    private static void change(Path file) throws IOException {
        Pattern.file(file, 100_000);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.resize(200_000);
            map.protect(true);
            map.restore();
        }
        String name = "quire-events-" + ProcessHandle.current().pid();
        SharedMemory created = SharedMemory.create(name, 1000);
        SharedMemory.open(name, MapMode.READ_ONLY, Duration.ofSeconds(10)).close();
        SharedMemory.unlink(name);
        created.close();
        try (SharedMemory anonymous = SharedMemory.anonymous(1000)) {
            SharedMemory.attach(anonymous.handle(), MapMode.READ_ONLY, Duration.ofSeconds(10))
                    .close();
            anonymous.seal(Seal.WRITE);
        }
        Mapping.anonymous(1000).close();
    }

    static final class Changed {
        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            Map<String, List<RecordedEvent>> events = record(folder, true, EventsTest::change);
            assertEquals(texts(events.get("Unmap")), texts(events.get("Map")));
            assertEquals(6, events.get("Map").size());
            String file = folder.resolve("file").toString();
            JfrEvents.check(events, "Resize", file, 0, 200_000);
            JfrEvents.check(events, "Protect", file, 0, 200_000);
            JfrEvents.check(events, "Restore", file, 0, 200_000);
            assertEquals("read-only", events.get("Protect").getFirst().getString("outcome"));
            assertEquals(1, events.get("Seal").size());
            assertEquals(1, events.get("Freeze").size());
        }

        private static List<String> texts(List<RecordedEvent> events) {
            return events.stream()
                    .map(event -> event.getString("subject"))
                    .sorted()
                    .toList();
        }
    }

    static final class Disabled {
        public static void main(String[] arguments) throws IOException {
            assertEquals(Map.of(), record(Path.of(arguments[0]), false, EventsTest::use));
        }
    }
}

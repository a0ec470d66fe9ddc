package dev.quire.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a process did to the files of a folder, as {@code record_writes.c} has written it down, and the folders that a
 * loss of power may leave at any point of it.
 *
 * <p>The rules are POSIX's, which are harder than those of any file system of today: bytes and the size of a file that
 * no call has brought to the device are there or not, each block of 512 bytes for itself; a name that came, went or
 * changed since the folder was brought to the device has done so or not, in the order of the calls; a rename is whole.
 */
public final class WriteRecord {
    private static final int BLOCK = 512;

    /** States at random, beside those that are made by rule. */
    private static final int RANDOM = 200;

    /** A call. Contents are read from the log's folder. */
    private sealed interface Event {
        record Content(long inode, byte[] bytes) implements Event {}

        record Entry(String name, long inode) implements Event {}

        record Rename(String from, String to) implements Event {}

        record Unlink(String name) implements Event {}

        record Sync(long inode, long from, long to) implements Event {}

        record SyncNames() implements Event {}

        record Mark(String text) implements Event {}
    }

    /** A file's bytes: those on the device, and what each block and the size may be instead. */
    private static final class FileState {
        private byte[] durable = new byte[0];
        private final List<byte[]> later = new ArrayList<>();

        byte[] latest() {
            return later.isEmpty() ? durable : later.getLast();
        }

        void sync(long from, long to) {
            byte[] latest = latest();
            byte[] merged = Arrays.copyOf(durable, latest.length);
            int end = to < 0 ? latest.length : (int) Math.min(to, latest.length);
            if (from < end) {
                System.arraycopy(latest, (int) from, merged, (int) from, end - (int) from);
            }
            durable = merged;
            if (Arrays.equals(merged, latest)) {
                later.clear();
            } else {
                // What was stored before this call has gone to the device where it was asked for.
                later.replaceAll(version -> {
                    byte[] now = Arrays.copyOf(version, latest.length);
                    System.arraycopy(latest, (int) from, now, (int) from, end - (int) from);
                    return now;
                });
            }
        }

        /** Versions of the whole file of which each block may be taken. */
        List<byte[]> versions() {
            List<byte[]> all = new ArrayList<>(List.of(durable));
            all.addAll(later);
            return all;
        }
    }

    /** One folder that a crash may leave. */
    public record State(Map<String, byte[]> files, List<String> marks) {
        /** Writes it. */
        public void writeTo(Path folder) throws IOException {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(folder.resolve(file.getKey()), file.getValue());
            }
        }
    }

    /** Takes states. */
    public interface States {
        /** Takes one; the same state never comes twice with the same marks. */
        void accept(State state) throws Exception;
    }

    private final Map<String, Long> firstNames;
    private final Map<Long, byte[]> firstBytes;
    private final List<Event> events = new ArrayList<>();

    private WriteRecord(Map<String, Long> names, Map<Long, byte[]> bytes) {
        this.firstNames = names;
        this.firstBytes = bytes;
    }

    /** A folder as it is before the process starts: all of it is on the device. */
    public static WriteRecord before(Path folder) throws IOException {
        Map<String, Long> names = new TreeMap<>();
        Map<Long, byte[]> bytes = new TreeMap<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                long inode = (Long) Files.getAttribute(file, "unix:ino");
                names.put(Objects.requireNonNull(file.getFileName()).toString(), inode);
                bytes.put(inode, Files.readAllBytes(file));
            }
        }
        return new WriteRecord(names, bytes);
    }

    /** Reads what the process did. */
    public void read(Path log) throws IOException {
        for (String line : Files.readAllLines(log.resolve("log"))) {
            String[] words = line.split(" ");
            events.add(
                    switch (words[0]) {
                        case "content" ->
                            new Event.Content(Long.parseLong(words[1]), Files.readAllBytes(log.resolve(words[2])));
                        case "entry" -> new Event.Entry(words[1], Long.parseLong(words[2]));
                        case "rename" -> new Event.Rename(words[1], words[2]);
                        case "unlink" -> new Event.Unlink(words[1]);
                        case "sync" ->
                            new Event.Sync(
                                    Long.parseLong(words[1]), Long.parseLong(words[2]), Long.parseLong(words[3]));
                        case "syncnames" -> new Event.SyncNames();
                        case "mark" -> new Event.Mark(words[1]);
                        default -> throw new IllegalArgumentException(line);
                    });
        }
    }

    /** The same process, had it made no calls of a kind. */
    public WriteRecord without(String kind) {
        WriteRecord other = new WriteRecord(firstNames, firstBytes);
        events.stream()
                .filter(event -> !event.getClass().getSimpleName().equals(kind))
                .forEach(other.events::add);
        return other;
    }

    /** How many calls there are of a kind: "Sync", "Content". */
    public long count(String kind) {
        return events.stream()
                .filter(event -> event.getClass().getSimpleName().equals(kind))
                .count();
    }

    /** The folder after the last call, everything done. */
    public Map<String, byte[]> end() {
        Model model = new Model(firstNames, firstBytes);
        events.forEach(model::apply);
        return model.files(model.names.getLast(), (inode, file) -> file.latest());
    }

    /** Every state of every point, from the first call to the last. */
    public void states(long seed, States to) throws Exception {
        Model model = new Model(firstNames, firstBytes);
        Random random = new Random(seed);
        for (Event event : events) {
            model.apply(event);
            model.states(random, to);
        }
    }

    /** Chooses what a file's bytes are. */
    private interface Choice {
        byte[] of(long inode, FileState file);
    }

    /** The folder at a point. */
    private static final class Model {
        private final Map<Long, FileState> files = new TreeMap<>();
        private final Set<List<Object>> seen = new HashSet<>();
        private List<String> marks = List.of();

        /** What the names may be: the first are on the device, each further one is a call more. */
        private final List<Map<String, Long>> names = new ArrayList<>();

        Model(Map<String, Long> firstNames, Map<Long, byte[]> firstBytes) {
            names.add(new TreeMap<>(firstNames));
            firstBytes.forEach((inode, bytes) -> file(inode).durable = bytes);
        }

        private FileState file(long inode) {
            return files.computeIfAbsent(inode, any -> new FileState());
        }

        void apply(Event event) {
            Map<String, Long> now = new TreeMap<>(names.getLast());
            switch (event) {
                case Event.Content(long inode, byte[] bytes) -> {
                    if (!Arrays.equals(bytes, file(inode).latest())) {
                        file(inode).later.add(bytes);
                    }
                }
                case Event.Sync(long inode, long from, long to) -> file(inode).sync(from, to);
                case Event.Entry(String name, long inode) -> now.put(name, inode);
                case Event.Unlink(String name) -> now.remove(name);
                case Event.Rename(String from, String to) -> now.put(to, Objects.requireNonNull(now.remove(from)));
                case Event.SyncNames() -> names.subList(0, names.size() - 1).clear();
                case Event.Mark(String text) -> {
                    marks = new ArrayList<>(marks);
                    marks.add(text);
                }
            }
            if (!now.equals(names.getLast())) {
                names.add(now);
            }
        }

        Map<String, byte[]> files(Map<String, Long> from, Choice choice) {
            Map<String, byte[]> chosen = new TreeMap<>();
            from.forEach((name, inode) -> chosen.put(name, choice.of(inode, file(inode))));
            return chosen;
        }

        void states(Random random, States to) throws Exception {
            for (Map<String, Long> some : names) {
                emit(some, (inode, file) -> file.durable, to);
                emit(some, (inode, file) -> file.latest(), to);
                for (long one : new HashSet<>(some.values())) {
                    for (byte[] version : file(one).versions()) {
                        blocks(some, one, version, to);
                    }
                }
                for (int i = 0; i < RANDOM; i++) {
                    emit(some, (inode, file) -> mixed(file.versions(), random), to);
                }
            }
        }

        /** A version of one file, and each of its blocks alone new, and alone old. */
        private void blocks(Map<String, Long> some, long one, byte[] version, States to) throws Exception {
            byte[] durable = file(one).durable;
            emit(some, (inode, file) -> inode == one ? version : file.durable, to);
            emit(some, (inode, file) -> inode == one ? Arrays.copyOf(version, durable.length) : file.latest(), to);
            emit(some, (inode, file) -> inode == one ? Arrays.copyOf(durable, version.length) : file.latest(), to);
            for (int at = 0; at < Math.max(version.length, durable.length); at += BLOCK) {
                byte[] oldAlone = version.clone();
                take(durable, at, oldAlone);
                emit(some, (inode, file) -> inode == one ? oldAlone : file.latest(), to);
                byte[] newAlone = Arrays.copyOf(durable, Math.max(durable.length, version.length));
                take(version, at, newAlone);
                emit(some, (inode, file) -> inode == one ? newAlone : file.durable, to);
            }
        }

        /** Takes a block over; what the source does not have is zero. */
        private static void take(byte[] from, int at, byte[] to) {
            for (int i = at; i < Math.min(at + BLOCK, to.length); i++) {
                to[i] = i < from.length ? from[i] : 0;
            }
        }

        private static byte[] mixed(List<byte[]> versions, Random random) {
            byte[] mixed = new byte[versions.get(random.nextInt(versions.size())).length];
            for (int at = 0; at < mixed.length; at += BLOCK) {
                take(versions.get(random.nextInt(versions.size())), at, mixed);
            }
            return mixed;
        }

        private void emit(Map<String, Long> some, Choice choice, States to) throws Exception {
            Map<String, byte[]> chosen = files(some, choice);
            List<Object> key = new ArrayList<>(marks);
            chosen.forEach((name, bytes) -> {
                key.add(name);
                key.add(bytes.length);
                key.add(Arrays.hashCode(bytes));
            });
            if (seen.add(key)) {
                to.accept(new State(chosen, marks));
            }
        }
    }
}

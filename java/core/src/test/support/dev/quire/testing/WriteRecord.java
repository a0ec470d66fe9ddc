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
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * What a process did to the files of a folder, as {@code record_writes.c} has written it down, and the folders that a
 * loss of power may leave at any point of it.
 *
 * <p>The rules are POSIX's, which ask more of a writer than the file systems in use do: bytes and the size of a file
 * that no call has brought to the device are there or not, each block of 512 bytes for itself, in any order; so is each
 * change of a name since the folder was brought to the device. One block, and one rename, is whole.
 *
 * <p>The states of a point are: nothing and everything; each block alone missing and alone there; every subset of the
 * blocks where they are few; and samples at random, by blocks of 512 bytes and by pages. Of names, every subset.
 */
public final class WriteRecord {
    private static final int BLOCK = 512;

    private static final int PAGE = 4096;

    /** Blocks of which every subset is a state; of more there are too many. */
    private static final int FEW_BLOCKS = 8;

    private static final int FEW_NAMES = 8;

    /** What a name is of that has gone. */
    private static final long GONE = -1;

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

    /** The first event after which a state is one of this process alone. */
    private int firstOwn;

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

    /** How many times the process waited for the device: flushes with no change between them count as one. */
    public int waits() {
        int waits = 0;
        for (int i = 0; i < events.size(); i++) {
            waits += isFlush(i) && !isFlush(i - 1) ? 1 : 0;
        }
        return waits;
    }

    /** The same process, had it not waited for the device one of these times; its states are those from then on. */
    public WriteRecord withoutWait(int number) {
        WriteRecord other = new WriteRecord(firstNames, firstBytes);
        int wait = -1;
        for (int i = 0; i < events.size(); i++) {
            wait += isFlush(i) && !isFlush(i - 1) ? 1 : 0;
            if (!isFlush(i) || wait != number) {
                other.events.add(events.get(i));
            } else {
                other.firstOwn = other.events.size();
            }
        }
        return other;
    }

    /** What was flushed in one of these times and what was done before it, for people. */
    public String wait(int number) {
        StringBuilder text = new StringBuilder();
        int wait = -1;
        String before = "start";
        for (int i = 0; i < events.size(); i++) {
            String kind = events.get(i).getClass().getSimpleName();
            wait += isFlush(i) && !isFlush(i - 1) ? 1 : 0;
            if (!isFlush(i)) {
                before = kind;
            } else if (wait == number) {
                text.append(text.isEmpty() ? "after " + before + ":" : "")
                        .append(' ')
                        .append(kind);
            }
        }
        return text.toString();
    }

    private boolean isFlush(int i) {
        return i >= 0 && (events.get(i) instanceof Event.Sync || events.get(i) instanceof Event.SyncNames);
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
        return model.files(model.latestNames(), (inode, file) -> file.latest());
    }

    /**
     * The states of every point, from the first call to the last.
     *
     * @param samples how many at random, at each point and for each folder of names
     */
    public void states(long seed, int samples, States to) throws Exception {
        Model model = new Model(firstNames, firstBytes);
        Random random = new Random(seed);
        for (int i = 0; i < events.size(); i++) {
            model.apply(events.get(i));
            if (i >= firstOwn && !isFlush(i)) { // a flush only takes states away
                model.states(random, samples, to);
            }
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

        private Map<String, Long> durableNames;

        /** Changes of names that may have come to the device or not. */
        private final List<Map<String, Long>> laterNames = new ArrayList<>();

        Model(Map<String, Long> firstNames, Map<Long, byte[]> firstBytes) {
            durableNames = new TreeMap<>(firstNames);
            firstBytes.forEach((inode, bytes) -> file(inode).durable = bytes);
        }

        private FileState file(long inode) {
            return files.computeIfAbsent(inode, any -> new FileState());
        }

        void apply(Event event) {
            switch (event) {
                case Event.Content(long inode, byte[] bytes) -> {
                    if (!Arrays.equals(bytes, file(inode).latest())) {
                        file(inode).later.add(bytes);
                    }
                }
                case Event.Sync(long inode, long from, long to) -> file(inode).sync(from, to);
                case Event.Entry(String name, long inode) -> laterNames.add(Map.of(name, inode));
                case Event.Unlink(String name) -> laterNames.add(Map.of(name, GONE));
                case Event.Rename(String from, String to) -> {
                    long inode = Objects.requireNonNull(latestNames().get(from), from);
                    laterNames.add(Map.of(from, GONE, to, inode));
                }
                case Event.SyncNames() -> {
                    durableNames = latestNames();
                    laterNames.clear();
                }
                case Event.Mark(String text) -> {
                    marks = new ArrayList<>(marks);
                    marks.add(text);
                }
            }
        }

        Map<String, Long> latestNames() {
            return names((1 << laterNames.size()) - 1);
        }

        /** The names, if some of the changes have come to the device: a bit each. */
        private Map<String, Long> names(int some) {
            Map<String, Long> now = new TreeMap<>(durableNames);
            for (int i = 0; i < laterNames.size(); i++) {
                if ((some >> i & 1) != 0) {
                    now.putAll(laterNames.get(i));
                }
            }
            now.values().removeIf(inode -> inode == GONE);
            return now;
        }

        Map<String, byte[]> files(Map<String, Long> from, Choice choice) {
            Map<String, byte[]> chosen = new TreeMap<>();
            from.forEach((name, inode) -> chosen.put(name, choice.of(inode, file(inode))));
            return chosen;
        }

        void states(Random random, int samples, States to) throws Exception {
            if (laterNames.size() > FEW_NAMES) {
                throw new IllegalStateException(laterNames.size() + " changes of names without a flush");
            }
            for (int some = 0; some < 1 << laterNames.size(); some++) {
                states(names(some), random, samples, to);
            }
        }

        private void states(Map<String, Long> some, Random random, int samples, States to) throws Exception {
            emit(some, (inode, file) -> file.durable, to);
            emit(some, (inode, file) -> file.latest(), to);
            boolean areChoices = false;
            for (long one : new HashSet<>(some.values())) {
                for (byte[] version : file(one).later) {
                    areChoices = true;
                    blocks(some, one, version, to);
                    subsets(some, one, version, to);
                }
            }
            for (int i = 0; areChoices && i < samples; i++) {
                int block = random.nextBoolean() ? BLOCK : PAGE;
                emit(some, (inode, file) -> mixed(file.versions(), block, random), to);
            }
        }

        /** Every subset of the blocks in which a version differs from what is on the device, in both sizes. */
        private void subsets(Map<String, Long> some, long one, byte[] version, States to) throws Exception {
            byte[] durable = file(one).durable;
            List<Integer> changed = new ArrayList<>();
            for (int at = 0; at < Math.max(version.length, durable.length); at += BLOCK) {
                byte[] block = Arrays.copyOf(durable, Math.max(version.length, durable.length));
                take(version, at, BLOCK, block);
                if (!Arrays.equals(block, Arrays.copyOf(durable, block.length))) {
                    changed.add(at);
                }
            }
            for (int subset = 0; changed.size() <= FEW_BLOCKS && subset < 1 << changed.size(); subset++) {
                byte[] mixed = Arrays.copyOf(durable, Math.max(version.length, durable.length));
                for (int i = 0; i < changed.size(); i++) {
                    if ((subset >> i & 1) != 0) {
                        take(version, changed.get(i), BLOCK, mixed);
                    }
                }
                emit(some, (inode, file) -> inode == one ? Arrays.copyOf(mixed, version.length) : file.latest(), to);
                emit(some, (inode, file) -> inode == one ? Arrays.copyOf(mixed, durable.length) : file.latest(), to);
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
                take(durable, at, BLOCK, oldAlone);
                emit(some, (inode, file) -> inode == one ? oldAlone : file.latest(), to);
                byte[] newAlone = Arrays.copyOf(durable, Math.max(durable.length, version.length));
                take(version, at, BLOCK, newAlone);
                emit(some, (inode, file) -> inode == one ? newAlone : file.durable, to);
            }
        }

        /** Takes a block over; what the source does not have is zero. */
        private static void take(byte[] from, int at, int block, byte[] to) {
            for (int i = at; i < Math.min(at + block, to.length); i++) {
                to[i] = i < from.length ? from[i] : 0;
            }
        }

        private static byte[] mixed(List<byte[]> versions, int block, Random random) {
            byte[] mixed = new byte[versions.get(random.nextInt(versions.size())).length];
            for (int at = 0; at < mixed.length; at += block) {
                take(versions.get(random.nextInt(versions.size())), at, block, mixed);
            }
            return mixed;
        }

        /** {@link Arrays#hashCode(byte[])} is the same for many files of blocks that are alike. */
        private static long checksum(Checksum sum, byte[] bytes) {
            sum.update(bytes);
            return sum.getValue();
        }

        private void emit(Map<String, Long> some, Choice choice, States to) throws Exception {
            Map<String, byte[]> chosen = files(some, choice);
            List<Object> key = new ArrayList<>(marks);
            chosen.forEach((name, bytes) -> {
                key.add(name);
                key.add(bytes.length);
                key.add(checksum(new CRC32(), bytes));
                key.add(checksum(new CRC32C(), bytes));
            });
            if (seen.add(key)) {
                to.accept(new State(chosen, marks));
            }
        }
    }
}

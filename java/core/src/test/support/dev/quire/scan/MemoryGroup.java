package dev.quire.scan;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** A group of processes with limited memory, of either version of Linux's. */
record MemoryGroup(Path folder, boolean isFirstVersion) {
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    static MemoryGroup make(long limitBytes) throws IOException {
        boolean isFirstVersion = Files.exists(GROUPS.resolve("memory/memory.failcnt"));
        Optional<Path> parent = isFirstVersion ? Optional.of(GROUPS.resolve("memory")) : second();
        assumeTrue(parent.isPresent(), "no memory groups");
        MemoryGroup group = new MemoryGroup(
                parent.get().resolve("quire-scan-" + ProcessHandle.current().pid()), isFirstVersion);
        try {
            Files.createDirectory(group.folder);
            Files.writeString(group.limit(), String.valueOf(limitBytes));
        } catch (IOException e) {
            Files.deleteIfExists(group.folder);
            assumeTrue(false, "may not make a memory group: " + e);
        }
        return group;
    }

    private static Optional<Path> second() throws IOException {
        for (Path parent : new Path[] {GROUPS, GROUPS.resolve("unified")}) {
            Path passedOn = parent.resolve("cgroup.subtree_control");
            if (Files.exists(passedOn) && Files.readString(passedOn).contains("memory")) {
                return Optional.of(parent);
            }
        }
        return Optional.empty();
    }

    private Path limit() {
        return folder.resolve(isFirstVersion ? "memory.limit_in_bytes" : "memory.max");
    }

    Path members() {
        return folder.resolve("cgroup.procs");
    }

    /** How often memory was not available within the limit. */
    long failures() throws IOException {
        if (isFirstVersion) {
            return Long.parseLong(
                    Files.readString(folder.resolve("memory.failcnt")).strip());
        }
        try (Stream<String> lines = Files.lines(folder.resolve("memory.events"))) {
            return lines.filter(line -> line.startsWith("max "))
                    .mapToLong(line -> Long.parseLong(line.substring(4)))
                    .sum();
        }
    }

    void remove() throws IOException {
        Files.delete(folder);
    }
}

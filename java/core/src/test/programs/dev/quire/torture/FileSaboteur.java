package dev.quire.torture;

import dev.quire.FaultOperations;
import dev.quire.array.MappedArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** Spoils files that another process has mapped, and stops that process. One thread uses it. */
final class FileSaboteur {
    /** The size of a steady file. */
    static final int STEADY_BYTES = 32 << 10;

    private static final int PAGE = 4096;
    private static final List<String> KINDS = List.of(
            "truncate",
            "extend",
            "punch",
            "replace",
            "delete",
            "forbid",
            "overwrite",
            "cut array",
            "cut and heal",
            "stop");

    private final Path folder;
    private final long pid;
    private final Counts counts;
    private int steps;

    /** Spoils the files of {@link #prepare}, and stops a process now and then. */
    FileSaboteur(Path folder, long pid, Counts counts) {
        this.folder = folder;
        this.pid = pid;
        this.counts = counts;
        KINDS.forEach(kind -> counts.expect("sabotage " + kind));
    }

    static List<Path> steady(Path folder) {
        return List.of(folder.resolve("steady-0"), folder.resolve("steady-1"), folder.resolve("steady-2"));
    }

    static List<Path> wild(Path folder) {
        return List.of(folder.resolve("wild-0"), folder.resolve("wild-1"), folder.resolve("wild-2"));
    }

    static long seed(Path file) {
        return file.getFileName().hashCode();
    }

    /** Makes all files as they are at first. */
    static void prepare(Path folder) throws IOException {
        for (Path file : steady(folder)) {
            Files.write(file, FaultOperations.content(0, STEADY_BYTES));
        }
        for (Path file : wild(folder)) {
            Files.write(file, Versions.content(seed(file), 0, WildFile.SIZE, 0));
        }
        ArrayFiles.prepare(folder);
    }

    /** Everything once, and then at random. */
    void step(SplittableRandom random) throws Exception {
        boolean isFirst = steps < KINDS.size();
        String kind = isFirst ? KINDS.get(steps) : Operation.any(KINDS, random);
        steps++;
        Path file = Operation.any(wild(folder), random);
        switch (kind) {
            case "truncate" -> truncate(file, random.nextInt(WildFile.SIZE));
            case "extend", "overwrite" -> write(kind, file, random);
            case "punch" -> punch(file, random);
            case "replace" -> replace(file, random);
            case "delete" -> delete(file, random);
            case "forbid" -> forbid(random.nextBoolean() ? file : anArray(random));
            case "cut array" -> cutArray(random);
            case "cut and heal" -> cutAndHeal(Operation.any(steady(folder), random), random);
            default -> {
                if (!isFirst && random.nextInt(10) != 0) {
                    return;
                }
                signal("-STOP");
                Thread.sleep(random.nextInt(100));
                signal("-CONT");
            }
        }
        counts.add("sabotage " + kind);
        Thread.sleep(0, random.nextInt(999_999));
    }

    private static void run(String... command) throws Exception {
        int status =
                new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        if (status != 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
    }

    private void signal(String signal) throws Exception {
        if (ProcessHandle.of(pid).isPresent()) {
            new ProcessBuilder("kill", signal, Long.toString(pid)).start().waitFor();
        }
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    private static void write(String kind, Path file, SplittableRandom random) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long at = kind.equals("extend") ? channel.size() : random.nextInt(WildFile.SIZE);
            if (at < 4L * WildFile.SIZE) {
                byte[] content =
                        Versions.content(seed(file), at, random.nextInt(20_000), random.nextInt(Versions.COUNT));
                channel.write(ByteBuffer.wrap(content), at);
            }
        }
    }

    private static void punch(Path file, SplittableRandom random) throws Exception {
        String at = Integer.toString(random.nextInt(WildFile.SIZE));
        run(
                "fallocate",
                "-p",
                "-o",
                at,
                "-l",
                Integer.toString(1 + random.nextInt(WildFile.SIZE / 2)),
                file.toString());
    }

    private static void replace(Path file, SplittableRandom random) throws IOException {
        Path other = file.resolveSibling("replacement");
        Files.write(other, Versions.content(seed(file), 0, random.nextInt(2 * WildFile.SIZE), 1));
        Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void delete(Path file, SplittableRandom random) throws Exception {
        if (random.nextInt(4) == 0) {
            Files.deleteIfExists(folder.resolve(ArrayFiles.SAVED));
            return;
        }
        Files.delete(file);
        Thread.sleep(random.nextInt(3));
        Files.write(file, Versions.content(seed(file), 0, WildFile.SIZE, random.nextInt(Versions.COUNT)));
    }

    private Path anArray(SplittableRandom random) {
        return folder.resolve(random.nextBoolean() ? ArrayFiles.SAVED : ArrayFiles.PACKED);
    }

    private static void forbid(Path file) throws Exception {
        if (Files.exists(file)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            Thread.sleep(2);
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
        }
    }

    /** Cuts an array's file, or writes the one that grows anew. */
    private void cutArray(SplittableRandom random) throws IOException {
        switch (random.nextInt(3)) {
            case 0 -> {
                Path rows = folder.resolve("rows.npy");
                ArrayFiles.rows(rows);
                Files.move(rows, folder.resolve(ArrayFiles.ROWS), StandardCopyOption.ATOMIC_MOVE);
            }
            case 1 -> {
                Path member = folder.resolve("member.npy");
                MappedArray.save(member, LongStream.range(0, 1_000).toArray());
                ArrayFiles.pack(folder.resolve("packed.npz"), member);
                Files.move(
                        folder.resolve("packed.npz"),
                        folder.resolve(ArrayFiles.PACKED),
                        StandardCopyOption.ATOMIC_MOVE);
            }
            default -> {
                Path packed = folder.resolve(ArrayFiles.PACKED);
                long pages = Files.size(packed) / PAGE; // behind an end within a page the kernel makes zeros
                truncate(packed, random.nextLong(pages + 1) * PAGE);
            }
        }
    }

    /** Down to the beginning of a page and up again, so that no page has zeros that the kernel made. */
    private static void cutAndHeal(Path file, SplittableRandom random) throws Exception {
        int size = random.nextInt(STEADY_BYTES / PAGE) * PAGE;
        truncate(file, size);
        Thread.sleep(0, random.nextInt(999_999));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int at = size; at < STEADY_BYTES; at += PAGE) {
                channel.write(ByteBuffer.wrap(FaultOperations.content(at, PAGE)), at);
            }
        }
    }
}

package dev.quire;

import static dev.quire.FallbackMain.check;
import static dev.quire.FallbackMain.code;
import static dev.quire.FallbackMain.refused;
import static dev.quire.FallbackMain.thrown;

import dev.quire.MapOptions.Option;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.MemoryFaultException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;

/** What becomes of files that the JDK maps: part of {@link FallbackMain}. */
final class FallbackFiles {
    private static final MapOptions BEYOND_MAPPABLE = MapOptions.DEFAULT.length(1L << 60);

    private FallbackFiles() {}

    static void run(Path folder) throws Exception {
        creates(folder);
        extends_(folder.resolve("extended"));
        links(folder);
        if (!System.getProperty("os.name").startsWith("Windows")) { // nobody can truncate a file there that is mapped
            truncatedUnderLeases(Files.write(folder.resolve("cut"), new byte[100_000]));
            withoutPermission(Files.write(folder.resolve("read-only"), new byte[100]));
        }
    }

    private static void creates(Path folder) throws Exception {
        Path file = folder.resolve("created");
        MapOptions sparse = MapOptions.DEFAULT.length(1000).with(Option.EXTEND, Option.SPARSE);
        for (Option option : new Option[] {Option.CREATE, Option.CREATE_NEW}) {
            MapOptions creating = MapOptions.DEFAULT.with(option);
            check(
                    code(() -> Mapping.open(file, MapMode.READ_WRITE, creating.length(10))) == ErrorCode.FILE_TOO_SHORT,
                    "too long a range");
            MapOptions huge = BEYOND_MAPPABLE.with(option, Option.EXTEND, Option.SPARSE);
            thrown(java.io.IOException.class, () -> Mapping.open(file, MapMode.READ_WRITE, huge));
            check(Files.notExists(file), "what was created for nothing is removed");
            try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, sparse.with(option))) {
                check(map.byteSize() == 1000 && Files.size(file) == 1000, "creates");
            }
            Files.delete(file);
        }
        Files.write(file, new byte[] {1, 2});
        check(
                code(() -> Mapping.open(file, MapMode.READ_WRITE, sparse.with(Option.CREATE_NEW))) == ErrorCode.EXISTS,
                "is there");
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.with(Option.CREATE))) {
            check(map.byteSize() == 2 && map.bytes().get(1) == 2, "opens what is there");
        }
    }

    private static void extends_(Path file) throws Exception {
        Files.write(file, new byte[] {1, 2});
        MapOptions sparse = MapOptions.DEFAULT.with(Option.EXTEND, Option.SPARSE);
        thrown(
                java.io.IOException.class,
                () -> Mapping.open(file, MapMode.READ_WRITE, BEYOND_MAPPABLE.with(Option.EXTEND, Option.SPARSE)));
        check(Files.size(file) == 2, "a file that could not be mapped is as it was");
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED, sparse.length(5000))) {
            check(Files.size(file) == 5000, "extends when it is opened");
            try (Lease lease = map.lease()) {
                check(lease.bytes().get(1) == 2 && lease.bytes().get(4999) == 0, "reads");
            }
        }
        String message = refused(() -> Mapping.open(
                file, MapMode.READ_WRITE, MapOptions.DEFAULT.with(Option.EXTEND).length(6000)));
        check(message.contains("SPARSE leaves them out"), message);
    }

    private static void links(Path folder) throws Exception {
        Path target = Files.write(folder.resolve("target"), new byte[10]);
        Path link = folder.resolve("link");
        try {
            Files.createSymbolicLink(link, target);
        } catch (java.io.IOException | UnsupportedOperationException e) {
            return; // this system makes none
        }
        if (!Files.isSymbolicLink(link)) {
            return; // under Wine they are files that lead nowhere
        }
        MapOptions refusing = MapOptions.DEFAULT.with(Option.NO_FOLLOW);
        check(
                code(() -> Mapping.open(link, MapMode.READ_ONLY, refusing)) == ErrorCode.SYMBOLIC_LINK,
                "a link is refused");
        Mapping.open(link, MapMode.READ_ONLY).close();
        Mapping.open(target, MapMode.READ_ONLY, refusing).close();
        Files.delete(target);
        MapOptions creating = MapOptions.DEFAULT.with(Option.CREATE);
        Mapping.open(link, MapMode.READ_WRITE, creating).close();
        check(Files.exists(target, LinkOption.NOFOLLOW_LINKS), "a link to no file makes one");
    }

    private static void truncatedUnderLeases(Path file) throws Exception {
        for (MapMode mode : new MapMode[] {MapMode.READ_ONLY, MapMode.READ_WRITE}) {
            Files.write(file, new byte[100_000]);
            try (LeasedMapping map = Mapping.open(file, mode, Lifetime.LEASED)) {
                try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                    shorter.setLength(10);
                }
                MemoryFaultException fault = thrown(MemoryFaultException.class, map::lease);
                check(fault.getMessage().contains("the file has 10 bytes"), fault.getMessage());
                check(Files.size(file) == 10, "a lease made the file longer");
                thrown(MemoryFaultException.class, () -> map.ensureResident(0, 100_000));
                if (mode == MapMode.READ_WRITE) {
                    check(code(map::flush) == ErrorCode.FILE_TRUNCATED, "truncated");
                }
                Files.write(file, new byte[100_000]);
                try (Lease lease = map.lease()) {
                    check(lease.bytes().get(99_999) == 0, "a lease that failed is not out");
                }
            }
        }
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED)) {
            refused(() -> map.resize(10, Duration.ofSeconds(1)));
        }
    }

    private static void withoutPermission(Path file) throws Exception {
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("r--r--r--"));
        if (Files.isWritable(file)) {
            return; // root is stopped by no permission
        }
        FileRefusedException denied =
                thrown(FileRefusedException.class, () -> Mapping.open(file, MapMode.COPY_ON_WRITE));
        check(denied.code() == ErrorCode.ACCESS_DENIED, denied.getMessage());
        check(
                denied.getMessage().contains("copy-on-write needs the permission to write the file"),
                denied.getMessage());
        check(denied.getMessage().contains(Platform.fallbackReason()), denied.getMessage());
        System.out.println("denied");
    }
}

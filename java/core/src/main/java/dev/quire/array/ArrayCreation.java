package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.advice.SystemFacts.Ability;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.NativeLibrary;
import dev.quire.internal.Refusals;
import dev.quire.internal.Subject;
import dev.quire.internal.SystemQuery;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A new array file, whole or not at all: it is written under another name in the same directory, with its blocks allocated, and
 * renamed when it is on the device. A lock beside it tells whether its creator lives.
 */
final class ArrayCreation {
    private static final String NEW = ".quire-new";
    private static final String LOCK = ".quire-lock";

    private ArrayCreation() {}

    /** Puts the elements in. */
    interface Filler {
        void fill(ArrayView array) throws IOException;
    }

    static void create(Path path, ArraySpec spec, Filler filler) throws IOException {
        Path target = path.toAbsolutePath();
        Path folder = Objects.requireNonNull(target.getParent(), "a path of a file");
        String name =
                Objects.requireNonNull(target.getFileName(), "a path of a file").toString();
        byte[] header = spec.header(path.toString());
        NativeLibrary.require(
                "create", Subject.file(path.toString()), "only the native library allocates a new array's blocks");
        removeLeftovers(folder, name);
        String stem = "." + name + "."
                + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        Path fresh = folder.resolve(stem + NEW);
        try (SiblingLock lock = SiblingLock.tryTake(folder.resolve(stem + LOCK))
                .orElseThrow(() -> new IllegalStateException("a random name is taken: " + stem))) {
            Objects.requireNonNull(lock);
            try {
                write(fresh, spec, header, filler);
                replace(fresh, target, path);
                flushNames(folder);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
    }

    private static void write(Path fresh, ArraySpec spec, byte[] header, Filler filler) throws IOException {
        long dataBytes = spec.shape().byteCount(spec.dtype().itemBytes());
        MapOptions options = MapOptions.DEFAULT
                .length(Math.addExact(header.length, dataBytes))
                .with(MapOptions.Option.CREATE_NEW, MapOptions.Option.EXTEND);
        try (Mapping mapping = Mapping.open(fresh, MapMode.READ_WRITE, options)) {
            ByteSlice whole = mapping.bytes();
            whole.copyFrom(0, header, 0, header.length);
            Order order = spec.format() == ArrayFormat.NPY ? spec.shape().savedOrder(spec.order()) : spec.order();
            filler.fill(ArrayView.over(whole.slice(header.length, dataBytes), spec.dtype(), spec.shape(), order));
            mapping.flush();
        }
    }

    private static void replace(Path fresh, Path target, Path asked) throws IOException {
        try {
            Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (FileSystemException e) {
            if (SystemQuery.can(Ability.REPLACE_OPEN_FILE) || !Files.isRegularFile(target)) {
                throw e;
            }
            MappingException busy = Refusals.own(
                    "replace",
                    Subject.file(asked.toString()),
                    ErrorCode.FILE_BUSY,
                    "the platform refused, as it does while the file is mapped or open");
            busy.initCause(e);
            throw busy;
        }
    }

    /**
     * Brings a folder's names to the device: POSIX asks for that by {@code fsync} of the folder. Windows has no such call, and
     * opens no folder: NTFS keeps a journal of the names.
     */
    private static void flushNames(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    /** Removes what creators of this file left that do not live any more. */
    private static void removeLeftovers(Path folder, String name) throws IOException {
        try (DirectoryStream<Path> locks = Files.newDirectoryStream(folder, file -> isLockOf(file, name))) {
            for (Path found : locks) {
                Optional<SiblingLock> lock = SiblingLock.tryTake(found);
                if (lock.isPresent()) {
                    try (SiblingLock taken = lock.get()) {
                        Objects.requireNonNull(taken);
                        String text = found.toString();
                        Files.deleteIfExists(Path.of(text.substring(0, text.length() - LOCK.length()) + NEW));
                    }
                }
            }
        }
    }

    private static boolean isLockOf(Path file, String name) {
        String text = String.valueOf(file.getFileName());
        return text.startsWith("." + name + ".")
                && text.endsWith(LOCK)
                && text.length() == name.length() + 2 + 2 * Long.BYTES + LOCK.length();
    }
}

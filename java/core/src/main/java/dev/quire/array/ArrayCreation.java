package dev.quire.array;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.Durability;
import dev.quire.internal.OutputFile;
import dev.quire.internal.OutputFile.NotKept;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A new array file, whole or not at all: it gets its name when it is complete and on the device. Until then it has
 * none, where the system has such files, and goes with its process; see {@link Leftovers} for elsewhere.
 */
final class ArrayCreation {
    /** As many as the kernel of Linux follows. */
    private static final int MOST_LINKS = 40;

    private ArrayCreation() {}

    static void create(Path path, ArraySpec spec, ArrayFiller filler) throws IOException {
        create(path, spec, WriteOptions.DEFAULT, filler);
    }

    static void create(Path path, ArraySpec spec, WriteOptions options, ArrayFiller filler) throws IOException {
        create(path, spec, options, false, filler);
    }

    /** As if the system had no files without a name, if it shall have one. */
    static void create(Path path, ArraySpec spec, WriteOptions options, boolean named, ArrayFiller filler)
            throws IOException {
        OutputFile.requireDefaultFileSystem(path);
        ArraySpec known = spec.formatOf(path);
        Subject subject = Subject.file(FileNames.text(path));
        byte[] header = known.header(path.toString());
        long dataBytes = known.shape().byteCount(known.dtype().itemBytes());
        Path target = target(path, subject, options);
        boolean replaces = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        NativeLibrary.require("create", subject, "only the native library allocates a new array's blocks");
        try (OutputFile file =
                OutputFile.create(subject, target, Math.addExact(header.length, dataBytes), replaces, named)) {
            if (file.hasTemporaryName()) {
                Leftovers.removeBefore(target);
            }
            fill(file, known, header, filler);
            tell(path, file.publish(options.replace()), options);
        }
    }

    private static void fill(OutputFile file, ArraySpec spec, byte[] header, ArrayFiller filler) throws IOException {
        Region region = file.map(0, -1);
        try (Arena arena = Arena.ofShared()) {
            ByteSlice whole = SliceDoor.bytes(region, region.view(arena), 0);
            whole.copyFrom(0, header, 0, header.length);
            ByteSlice data = whole.slice(header.length, whole.length() - header.length);
            filler.fill(ArrayView.over(data, spec.dtype(), spec.shape(), spec.savedOrder()));
            Pages.flush(region, 0, region.length(), Durability.DEVICE);
        } finally {
            region.close();
        }
    }

    // ------------------------------------------------------------------------------------------------------- target

    /** The file that is made or replaced: behind links, if they are followed. Refuses what must not be replaced. */
    private static Path target(Path path, Subject subject, WriteOptions options) throws IOException {
        Path target = path.toAbsolutePath();
        for (int links = 0; links <= MOST_LINKS; links++) {
            Optional<BasicFileAttributes> found = attributes(target, LinkOption.NOFOLLOW_LINKS);
            if (found.isEmpty()) {
                return target;
            }
            if (!found.get().isSymbolicLink()) {
                requireReplaceable(found.get(), subject, options);
                return target;
            }
            if (!options.followLinks()) {
                throw refused(subject, ErrorCode.SYMBOLIC_LINK, "it is a symbolic link, and links are not followed");
            }
            Optional<BasicFileAttributes> _ = attributes(target); // the system may deny to follow somebody else's link
            target = Objects.requireNonNull(target.getParent(), "a link is in a folder")
                    .resolve(Files.readSymbolicLink(target));
        }
        throw refused(subject, ErrorCode.NOT_FOUND, "too many symbolic links lead to each other");
    }

    private static Optional<BasicFileAttributes> attributes(Path path, LinkOption... options) throws IOException {
        try {
            return Optional.of(Files.readAttributes(path, BasicFileAttributes.class, options));
        } catch (NoSuchFileException free) {
            return Optional.empty();
        }
    }

    private static void requireReplaceable(BasicFileAttributes found, Subject subject, WriteOptions options)
            throws MappingException {
        if (found.isDirectory()) {
            throw refused(subject, ErrorCode.IS_DIRECTORY, "it is a directory; name a file in it");
        }
        if (!found.isRegularFile()) {
            throw refused(
                    subject, ErrorCode.NOT_MAPPABLE, "it is not a regular file, and only such a file is replaced");
        }
        if (!options.replace()) {
            throw refused(subject, ErrorCode.EXISTS, "the file exists already");
        }
    }

    private static MappingException refused(Subject subject, ErrorCode code, String sentence) {
        return Failures.own("create", subject, code, sentence);
    }

    // ---------------------------------------------------------------------------------------------------- not kept

    private static void tell(Path path, Set<NotKept> lost, WriteOptions options) {
        for (NotKept one : lost) {
            String what = switch (one) {
                case OWNER -> "its owner could not be kept; it is yours now";
                case GROUP -> "its group could not be kept";
                case MODE -> "its permissions could not be kept; nobody has more than before";
                case ATTRIBUTES -> "its access control list or attributes could not be kept";
                case LINKS -> "its other names (hard links) still name the old file";
            };
            options.notKept().accept(path + ": replaced; " + what);
        }
    }
}

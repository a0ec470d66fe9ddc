package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.FailureDetails;
import dev.quire.error.MappingException;
import dev.quire.internal.door.ErrorDoor;
import dev.quire.internal.load.LoadFailure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** The JDK's files in the words of the C layer: what they are, and why they were refused. */
public final class JdkFiles {
    private static final boolean UNIX =
            FileSystems.getDefault().supportedFileAttributeViews().contains("unix");

    private JdkFiles() {}

    static ErrorCode code(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> ErrorCode.NOT_FOUND;
            case AccessDeniedException _ -> ErrorCode.ACCESS_DENIED;
            case FileAlreadyExistsException _ -> ErrorCode.EXISTS;
            case IOException failed when failed.getCause() instanceof OutOfMemoryError -> ErrorCode.NO_MEMORY;
            default -> ErrorCode.IO_ERROR;
        };
    }

    static MappingException refused(Subject subject, long offset, long length, ErrorCode code, String sentence) {
        return ErrorDoor.<MappingException>refused(
                new FailureDetails("map", subject.text(), offset, length, code, sentence, "", 0, "", -1));
    }

    /**
     * What a path names now. The JDK does not tell the allocated blocks: the size stands for them. Nor does it tell a
     * number on Windows, where the name stands for it: nobody can replace a file there that is mapped.
     */
    static FileStatus status(Path path) throws IOException {
        BasicFileAttributes file = Files.readAttributes(path, BasicFileAttributes.class);
        long device = UNIX ? (Long) Files.getAttribute(path, "unix:dev") : 0;
        long number = UNIX
                ? (Long) Files.getAttribute(path, "unix:ino")
                : path.toRealPath().toString().hashCode();
        long modified = file.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        return new FileStatus(device, number, file.size(), file.size(), modified, file.isRegularFile());
    }

    /** What a subject's path names now, or an error. */
    static FileStatus status(Subject subject) throws MappingException {
        try {
            return status(FileNames.path(subject.path()));
        } catch (IOException e) {
            throw refused(subject, -1, -1, code(e), LoadFailure.reason(e));
        }
    }
}

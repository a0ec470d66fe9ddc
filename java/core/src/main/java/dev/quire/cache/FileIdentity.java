package dev.quire.cache;

import dev.quire.MapMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * What tells whether a path still names what was mapped: device and inode where there are any, size, and the time of
 * the last change. The time does not count for a writable mapping, which changes it itself.
 */
record FileIdentity(String key, long size, Optional<FileTime> modified) {
    static FileIdentity of(Path path, MapMode mode) throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        Optional<FileTime> modified =
                mode == MapMode.READ_WRITE ? Optional.empty() : Optional.of(now.lastModifiedTime());
        return new FileIdentity(String.valueOf(now.fileKey()), now.size(), modified);
    }
}

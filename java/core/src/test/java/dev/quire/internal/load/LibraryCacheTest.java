package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LibraryCacheTest {
    private static final byte[] CONTENT = {1, 2, 3};

    @TempDir
    Path folder;

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "LOCALAPPDATA is set there")
    void whereEachPlatformKeepsSuchFiles() {
        Path home = Path.of(System.getProperty("user.home"));
        assertEquals(home.resolve("Library/Caches/quire"), LibraryCache.usual(new NativePlatform("macos", "aarch64")));
        assertNull(LibraryCache.usual(new NativePlatform("windows", "x86_64")), "LOCALAPPDATA is not set here");
    }

    @Test
    void writesAndRecognisesContent() throws Exception {
        LibraryCache cache = LibraryCache.open(folder.resolve("a/b"));
        Path file = cache.file("x");
        assertFalse(cache.holds(file, CONTENT));
        cache.write(file, CONTENT);
        assertTrue(cache.holds(file, CONTENT));
        assertFalse(cache.holds(file, new byte[] {1, 2, 4}));
        assertFalse(cache.holds(file, new byte[] {1, 2}));
        cache.write(file, new byte[] {4});
        assertArrayEquals(new byte[] {4}, Files.readAllBytes(file));
    }

    @Test
    void tidiesUpBehindProcessesThatWereKilled() throws Exception {
        LibraryCache cache = LibraryCache.open(folder.resolve("a"));
        Path old = old(Files.createFile(cache.file("x.123.456")));
        Path fresh = Files.createFile(cache.file("x.124.457"));
        Path other = old(Files.createFile(cache.file("y")));
        cache.write(cache.file("x"), CONTENT);
        assertTrue(Files.notExists(old));
        assertTrue(Files.exists(fresh) && Files.exists(other));
    }

    @Test
    void removesWhatEarlierRunsLeftInTheTemporaryDirectory() throws Exception {
        NativePlatform windows = new NativePlatform("windows", "x86_64");
        Path unused = directory("quire-123", "0123-2-quire.dll");
        Path foreign = directory("quire-child", "data");
        Path running = directory("quire-124", "0123-2-quire.dll");
        Files.setLastModifiedTime(running, FileTime.from(Instant.now()));
        Path file = old(Files.createFile(folder.resolve("quire-file")));
        LibraryCache.removeUnused(folder, windows);
        assertTrue(Files.notExists(unused));
        for (Path left : new Path[] {foreign.resolve("data"), running.resolve("0123-2-quire.dll"), file}) {
            assertTrue(Files.exists(left), left::toString);
        }
        LibraryCache.removeUnused(folder.resolve("none"), windows);
    }

    private Path directory(String name, String content) throws IOException {
        Path directory = Files.createDirectory(folder.resolve(name));
        Files.createFile(directory.resolve(content));
        return old(directory);
    }

    private static Path old(Path path) throws IOException {
        return Files.setLastModifiedTime(path, FileTime.from(Instant.now().minusSeconds(4000)));
    }

    @Test
    void aFailedWriteLeavesNothingBehind() throws Exception {
        LibraryCache cache = LibraryCache.open(folder.resolve("a"));
        Path occupied = Files.createDirectories(cache.file("x"));
        Files.createFile(occupied.resolve("inside"));
        assertThrows(IOException.class, () -> cache.write(occupied, CONTENT));
        try (var left = Files.list(occupied.getParent())) {
            assertEquals(List.of(occupied), left.toList());
        }
    }
}

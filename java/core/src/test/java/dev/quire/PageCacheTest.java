package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.error.FileRefusedException;
import dev.quire.hint.Durability;
import dev.quire.hint.Residency;
import dev.quire.testing.Child;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What the page cache has of files, by what reads and writes of others do to it. */
@EnabledOnOs(OS.LINUX)
class PageCacheTest {
    private static final int PAGES = 100;

    @TempDir
    Path folder;

    @Test
    void cachedDirtyAndEvicted() throws IOException {
        long page = Platform.pageSize();
        Path file = Pattern.file(folder.resolve("cached"), PAGES * page);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.flush();
            map.evict();
            PageCache gone = PageCache.of(file);
            assertEquals(page, gone.pageBytes());
            assertTrue(gone.isKnown());
            assertEquals(map.residency().residentPages(), gone.cachedPages());
            map.populate(0, 10 * page);
            assertEquals(map.residency().residentPages(), PageCache.of(file).cachedPages());
            assertEquals(10, PageCache.of(file, 0, 10 * page).cachedPages());
            assertEquals(10 * page, PageCache.of(file, 0, 10 * page).cachedBytes());
            assumeTrue(gone.dirtyPages() >= 0, "this kernel has no cachestat");
            assertEquals(0, PageCache.of(file, 0, 10 * page).dirtyPages());
            map.bytes().set(2 * page, (byte) 1);
            PageCache changed = PageCache.of(file, 0, 10 * page);
            assertTrue(changed.dirtyPages() + changed.writebackPages() >= 1, changed::toString);
            Residency residency = map.residency(2 * page, page);
            assertTrue(residency.dirtyPages() + residency.writebackPages() == 1);
            assertEquals(0, map.residency(page, page).dirtyPages());
            map.flush(0, map.byteSize(), Durability.DEVICE);
            assertEquals(0, map.residency().dirtyPages());
        }
    }

    @Test
    void aHugeSparseFile() throws IOException {
        Path file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(2L << 40);
        }
        assumeTrue(PageCache.of(folder.resolve(file)).evictedPages() >= 0, "this kernel has no cachestat");
        assertEquals(0, PageCache.of(file).cachedPages());
    }

    @Test
    void memoryWithoutAFileHasNoChanges() throws IOException {
        try (Mapping memory = Mapping.anonymous(10_000)) {
            assertEquals(-1, memory.residency().dirtyPages());
            assertEquals(-1, memory.residency().writebackPages());
        }
    }

    @Test
    void refused() {
        assertThrows(FileRefusedException.class, () -> PageCache.of(folder.resolve("none")));
        assertThrows(IllegalArgumentException.class, () -> PageCache.of(folder.resolve("none"), -1, 0));
    }

    @Test
    @Timeout(120)
    void whereTheKernelRefusesItIsUnknown() throws Exception {
        Needs.superuser();
        Path file = Files.createTempFile("quire-not-mine", ".bin");
        try {
            Files.write(file, new byte[10_000]);
            Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
            String told = Child.succeed(Child.of(PageCacheMain.class, file)
                    .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
            assertEquals("false -1 -1", told.strip());
            assertFalse(PageCache.of(file).cachedPages() < 0);
        } finally {
            Files.delete(file);
        }
    }
}

package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of dynamic linkers as they were met, and what is made of them. */
class LoadFailureTest {
    private static final Path FILE = Path.of("/nowhere/libquire.so");

    private static LoadFailure failure(String said) {
        return LoadFailure.of(FILE, new UnsatisfiedLinkError(said));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "libc.musl-x86_64.so.1: cannot open shared object file: No such file or directory",
                "Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by libquire.so)",
                "Error relocating /nowhere/libquire.so: __fprintf_chk: symbol not found",
                "libc.so: invalid ELF header"
            })
    void anotherCLibrary(String said) {
        assertEquals(
                "it was built for another C library (" + said + ")",
                failure(FILE + ": " + said).reason());
        assertFalse(failure(said).dueToPlace());
    }

    @Test
    void newerCLibrary() {
        String said = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by " + FILE + ")";
        LoadFailure failure = failure(FILE + ": " + said);
        assertEquals(
                "it needs GLIBC_2.38, which this system's C library does not have (" + said + ")", failure.reason());
        assertFalse(failure.dueToPlace());
    }

    @Test
    void codeMayNotRunThere() {
        LoadFailure failure = failure(FILE + ": failed to map segment from shared object");
        assertTrue(failure.reason().startsWith("the system does not let code from there run"), failure::reason);
        assertTrue(failure.dueToPlace());
    }

    @Test
    void whatIsNotKnownIsQuotedInOneLine() {
        LoadFailure failure = failure(FILE + ": " + FILE + ": undefined symbol: x\nand more");
        assertEquals("undefined symbol: x and more", failure.reason());
        assertFalse(failure.dueToPlace());
    }

    @Test
    void theNearestMountDecides() {
        String table = "/dev/a / ext4 rw,noexec 0 0\n"
                + "/dev/b /home ext4 rw,nosuid 0 0\n"
                + "tmpfs /home/u/my\\040cache tmpfs rw,nosuid,noexec,relatime 0 0\n"
                + "tmpfs /home/v tmpfs rw,noexec 0 0\n"
                + "tmpfs /home/v tmpfs rw 0 0\n";
        assertEquals("/", LoadFailure.noexecMount(Path.of("/homes/x"), table));
        assertEquals("", LoadFailure.noexecMount(Path.of("/home/u/x"), table));
        assertEquals("/home/u/my cache", LoadFailure.noexecMount(Path.of("/home/u/my cache/x"), table));
        assertEquals("", LoadFailure.noexecMount(Path.of("/home/v/x"), table), "the later mount hides the earlier");
        assertEquals("", LoadFailure.noexecMount(Path.of("/x"), ""));
    }
}

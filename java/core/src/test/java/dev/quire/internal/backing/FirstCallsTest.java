package dev.quire.internal.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.internal.ffi.QuireHeader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the JVM binds itself does what the bindings do; a mapping may be made by the one and ended by the other. */
class FirstCallsTest {
    @TempDir
    Path folder;

    private CallFrame frame;

    @BeforeEach
    void load() throws Exception {
        NativeLibrary.load();
        frame = CallFrame.take();
    }

    @Test
    void mapsAndUnmaps() throws Exception {
        byte[] content = {1, 2, 3};
        request(Files.write(folder.resolve("a"), content));
        assertEquals(QuireHeader.QUIRE_OK(), first());
        Extent made = frame.made();
        assertEquals(3, made.length());
        assertEquals(QuireHeader.QUIRE_OK(), QuireHeader.quire_unmap(frame.changing(made), frame.error));

        assertEquals(QuireHeader.QUIRE_OK(), QuireHeader.quire_map_file(frame.request, frame.error));
        assertEquals(
                QuireHeader.QUIRE_OK(),
                FirstCalls.unmap(frame.changing(frame.made()).address(), frame.error.address()));
        frame.giveBack();
    }

    @Test
    void refusesWithTheReason() {
        request(folder.resolve("missing"));
        assertEquals(ErrorCode.NOT_FOUND, ErrorCode.of(first()));
        frame.giveBack();
    }

    /** Sooner or later: a thread sets the linker up from when the library was loaded. */
    @Test
    void leavesThemToTheBindings() throws Exception {
        for (int i = 0; i < 1000 && !LinkerStart.isDone(); i++) {
            Thread.sleep(10);
        }
        assertTrue(LinkerStart.isDone());
    }

    private void request(Path path) {
        frame.storeRequest(frame.text(path.toString()), 0, -1, MapFlags.READ_ONLY, 0);
    }

    private int first() {
        return FirstCalls.mapFile(frame.request.address(), frame.error.address());
    }
}

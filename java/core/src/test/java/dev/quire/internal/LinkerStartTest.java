package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quire.internal.ffi.QuireHeader;
import org.junit.jupiter.api.Test;

/** What is set up ahead is what the first mapping asks the linker for; else it would be work for nothing. */
class LinkerStartTest {
    @Test
    void shapesAreThoseOfTheBindings() throws Exception {
        NativeLibrary.load(); // the descriptors' classes look their functions up
        assertEquals(QuireHeader.quire_map_file$descriptor(), LinkerStart.mapOrUnmap());
        assertEquals(QuireHeader.quire_unmap$descriptor(), LinkerStart.mapOrUnmap());
    }

    /** In a process group without room for another thread. */
    @Test
    void noThreadIsNoFailure() {
        Thread refused = new Thread() {
            @Override
            public void start() {
                throw new OutOfMemoryError("unable to create native thread");
            }
        };
        assertFalse(LinkerStart.isStarted(refused));
    }
}

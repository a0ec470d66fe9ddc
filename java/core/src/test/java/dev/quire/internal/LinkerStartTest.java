package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.internal.ffi.QuireHeader;
import org.junit.jupiter.api.Test;

/** What is set up ahead is what the first mapping asks the linker for; else it would be work for nothing. */
class LinkerStartTest {
    @Test
    void shapesAreThoseOfTheBindings() throws Exception {
        NativeLibrary.load(); // the descriptors' classes look their functions up
        assertEquals(QuireHeader.quire_map_file$descriptor(), LinkerStart.mapFile());
        assertEquals(QuireHeader.quire_unmap$descriptor(), LinkerStart.unmap());
    }
}

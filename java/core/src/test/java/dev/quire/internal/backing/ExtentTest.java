package dev.quire.internal.backing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.ffi.quire_error;
import dev.quire.internal.ffi.quire_file_request;
import dev.quire.internal.ffi.quire_region;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The structs that are copied by hand lie in memory as the bindings have them. */
class ExtentTest {
    @Test
    void sizesOfTheBindings() {
        assertEquals(quire_region.sizeof(), Extent.BYTES);
        assertEquals(quire_error.sizeof(), CallFrame.ERROR_BYTES);
        assertEquals(quire_file_request.region$offset(), CallFrame.REQUEST_BYTES);
        assertEquals(quire_file_request.sizeof(), CallFrame.REQUEST_BYTES + Extent.BYTES);
    }

    @Test
    void requestStoredFieldByField() {
        CallFrame frame = CallFrame.take();
        frame.storeRequest(MemorySegment.ofAddress(1L << 40), 2, -1, MapFlags.COPY_ON_WRITE, 5);
        assertEquals(1L << 40, quire_file_request.path(frame.request).address());
        assertEquals(2, quire_file_request.offset(frame.request));
        assertEquals(-1, quire_file_request.length(frame.request));
        assertEquals(MapFlags.COPY_ON_WRITE, quire_file_request.mode(frame.request));
        assertEquals(5, quire_file_request.flags(frame.request));
        frame.giveBack();
    }

    @Test
    void loadedFieldByField() {
        try (Arena arena = Arena.ofConfined()) {
            Extent loaded = Extent.load(buffer(region(arena)));
            assertEquals(-1, loaded.address());
            assertEquals(2, loaded.length());
            assertEquals(3, loaded.base());
            assertEquals(4, loaded.baseLength());
            assertEquals(5, loaded.fileOffset());
            assertEquals(6, loaded.fileSize());
            assertEquals(1L << 40, loaded.fileDevice());
            assertEquals(8, loaded.fileNumber());
            assertEquals(9, loaded.handle());
            assertEquals(10, loaded.pageSize());
            assertEquals(11, loaded.record());
            assertEquals(MapFlags.READ_WRITE, loaded.mode());
            assertEquals(13, loaded.kind());
            assertEquals(14, loaded.granted());
            assertEquals(15, loaded.residencyKnown());
            assertTrue(loaded.writable());
        }
    }

    @Test
    void readOnlyMemoryIsNotWritable() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = region(arena);
            quire_region.mode(region, MapFlags.READ_ONLY);
            assertFalse(Extent.load(buffer(region)).writable());
        }
    }

    @Test
    void storedFieldByField() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = region(arena);
            MemorySegment stored = quire_region.allocate(arena);
            Extent.load(buffer(region)).store(buffer(stored));
            assertEquals(-1, region.mismatch(stored));
        }
    }

    /** Every field has a number of its own. */
    private static MemorySegment region(Arena arena) {
        MemorySegment region = quire_region.allocate(arena);
        quire_region.address(region, -1);
        quire_region.length(region, 2);
        quire_region.base(region, 3);
        quire_region.base_length(region, 4);
        quire_region.file_offset(region, 5);
        quire_region.file_size(region, 6);
        quire_region.file_device(region, 1L << 40);
        quire_region.file_number(region, 8);
        quire_region.handle(region, 9);
        quire_region.page_size(region, 10);
        quire_region.record_(region, 11);
        quire_region.mode(region, MapFlags.READ_WRITE);
        quire_region.kind(region, 13);
        quire_region.granted(region, 14);
        quire_region.residency_known(region, 15);
        return region;
    }

    private static ByteBuffer buffer(MemorySegment region) {
        return region.asByteBuffer().order(ByteOrder.nativeOrder());
    }
}

package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    private static final Extent EXTENT =
            new Extent(-1, 2, 3, 4, 5, 6, 1L << 40, 8, 9, 14, 15, MapFlags.READ_WRITE, 11, 12, 13, true);

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
    void storedFieldByField() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = quire_region.allocate(arena);
            EXTENT.store(buffer(region));
            assertEquals(EXTENT, loaded(region));
        }
    }

    @Test
    void loadedFieldByField() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment region = quire_region.allocate(arena);
            EXTENT.store(buffer(region));
            quire_region.length(region, 77);
            quire_region.mode(region, MapFlags.READ_ONLY);
            assertEquals(loaded(region), Extent.load(buffer(region)));
            assertEquals(77, Extent.load(buffer(region)).length());
        }
    }

    private static ByteBuffer buffer(MemorySegment region) {
        return region.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    private static Extent loaded(MemorySegment region) {
        return new Extent(
                quire_region.address(region),
                quire_region.length(region),
                quire_region.base(region),
                quire_region.base_length(region),
                quire_region.file_offset(region),
                quire_region.file_size(region),
                quire_region.file_device(region),
                quire_region.file_number(region),
                quire_region.handle(region),
                quire_region.page_size(region),
                quire_region.record(region),
                quire_region.mode(region),
                quire_region.kind(region),
                quire_region.granted(region),
                quire_region.residency_known(region),
                quire_region.mode(region) != MapFlags.READ_ONLY);
    }
}

package dev.quire;

import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;

/** Memory to do things to, beside memory that is healthy. */
record FaultTarget(Mapping map, Mapping healthy) {
    ByteSlice bytes() {
        return map.bytes();
    }

    MemorySegment segment() {
        return map.segment();
    }

    int size() {
        return (int) map.byteSize();
    }
}

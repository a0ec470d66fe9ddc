package dev.quire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The Vector API over a segment: only in JVMs that have its module. */
final class FaultVectors {
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

    private FaultVectors() {}

    /** A hash of all of it. */
    static long hash(MemorySegment segment) {
        IntVector hash = IntVector.zero(INTS);
        for (long at = 0; at + INTS.vectorByteSize() <= segment.byteSize(); at += INTS.vectorByteSize()) {
            hash = hash.mul(31).add(IntVector.fromMemorySegment(INTS, segment, at, ByteOrder.nativeOrder()));
        }
        return hash.reduceLanes(VectorOperators.ADD);
    }

    /** The least float of all. */
    static float least(MemorySegment segment) {
        FloatVector least = FloatVector.broadcast(FLOATS, Float.MAX_VALUE);
        for (long at = 0; at + FLOATS.vectorByteSize() <= segment.byteSize(); at += FLOATS.vectorByteSize()) {
            least = least.min(FloatVector.fromMemorySegment(FLOATS, segment, at, ByteOrder.nativeOrder()));
        }
        return least.reduceLanes(VectorOperators.MIN);
    }
}

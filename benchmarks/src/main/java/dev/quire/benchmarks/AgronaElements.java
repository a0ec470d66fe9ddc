package dev.quire.benchmarks;

import dev.quire.Mapping;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What {@link Elements} is, as Agrona's buffers over memory mapped in the same way. */
@State(Scope.Benchmark)
public class AgronaElements {
    private Mapping map;
    UnsafeBuffer buffer;
    UnsafeBuffer target;
    int[] places;

    /** Maps and fills it. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        int half = Elements.COUNT * Double.BYTES;
        map = Mapping.anonymous(2L * half);
        map.doubles().fill(0.5);
        long address = map.segment().address();
        buffer = new UnsafeBuffer(address, half);
        target = new UnsafeBuffer(address + half, half);
        places = Elements.places();
    }

    /** Unmaps it. */
    @TearDown(Level.Trial)
    public void remove() {
        map.close();
    }
}

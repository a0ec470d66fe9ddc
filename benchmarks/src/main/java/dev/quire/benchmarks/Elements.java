package dev.quire.benchmarks;

import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.DoubleSlice;
import dev.quire.slice.FloatSlice;
import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import dev.quire.slice.ShortSlice;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Mapped memory for loops over elements, as a segment and as slices: small, so that the loop shows and not the memory.
 */
@State(Scope.Benchmark)
public class Elements {
    static final int COUNT = 2048;
    static final ValueLayout.OfDouble BIG = ValueLayout.JAVA_DOUBLE_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Mapping map;
    MemorySegment segment;
    MemorySegment target;
    int[] places;
    ByteSlice bytes;
    ByteSlice targetBytes;
    ShortSlice shorts;
    ShortSlice targetShorts;
    IntSlice ints;
    IntSlice targetInts;
    LongSlice longs;
    LongSlice targetLongs;
    FloatSlice floats;
    FloatSlice targetFloats;
    DoubleSlice doubles;
    DoubleSlice targetDoubles;
    DoubleSlice bigDoubles;

    /** Maps and fills it. */
    @Setup(Level.Trial)
    public void prepare() throws IOException {
        map = Mapping.anonymous(2L * COUNT * Double.BYTES);
        bytes = map.bytes().slice(0, COUNT * 8L);
        targetBytes = map.bytes().slice(COUNT * 8L, COUNT * 8L);
        segment = bytes.segment();
        target = targetBytes.segment();
        shorts = bytes.slice(0, COUNT * 2L).shorts();
        targetShorts = targetBytes.slice(0, COUNT * 2L).shorts();
        ints = bytes.slice(0, COUNT * 4L).ints();
        targetInts = targetBytes.slice(0, COUNT * 4L).ints();
        longs = bytes.slice(0, COUNT * 8L).longs();
        targetLongs = targetBytes.slice(0, COUNT * 8L).longs();
        floats = bytes.slice(0, COUNT * 4L).floats();
        targetFloats = targetBytes.slice(0, COUNT * 4L).floats();
        doubles = bytes.slice(0, COUNT * 8L).doubles();
        targetDoubles = targetBytes.slice(0, COUNT * 8L).doubles();
        bigDoubles = bytes.doubles(ByteOrder.BIG_ENDIAN);
        doubles.fill(0.5);
        places = places();
    }

    /** Every index once, in no order: 1237 is prime. */
    static int[] places() {
        return IntStream.range(0, COUNT).map(i -> i * 1237 % COUNT).toArray();
    }

    /** Unmaps it. */
    @TearDown(Level.Trial)
    public void remove() {
        map.close();
    }
}

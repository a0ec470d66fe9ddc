package dev.quire.benchmarks;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads 2,048 elements, in order, at random and in the other byte order: nanoseconds an element, beside the same loop
 * over a plain {@code MemorySegment} and over Agrona's {@code UnsafeBuffer} with its checks of bounds; longs beside the
 * JDK's buffer, Chronicle, Lucene and MapDB too. More than 300 lines, because JMH wants each loop in a method of its
 * own.
 *
 * <p>{@code scripts/bench ElementGetBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Elements.COUNT)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ElementGetBenchmark {

    @Benchmark
    public int bytes_segment(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_BYTE, i);
        }
        return sum;
    }

    @Benchmark
    public int bytes_quire(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.bytes.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public int bytes_agrona(AgronaElements at) {
        int sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getByte(i);
        }
        return sum;
    }

    @Benchmark
    public int shorts_segment(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2);
        }
        return sum;
    }

    @Benchmark
    public int shorts_quire(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.shorts.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public int shorts_agrona(AgronaElements at) {
        int sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getShort(i * 2);
        }
        return sum;
    }

    @Benchmark
    public int ints_segment(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4);
        }
        return sum;
    }

    @Benchmark
    public int ints_quire(Elements at) {
        int sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.ints.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public int ints_agrona(AgronaElements at) {
        int sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getInt(i * 4);
        }
        return sum;
    }

    @Benchmark
    public long longs_segment(Elements at) {
        long sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8);
        }
        return sum;
    }

    @Benchmark
    public long longs_quire(Elements at) {
        long sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.longs.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public long longs_agrona(AgronaElements at) {
        long sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getLong(i * 8);
        }
        return sum;
    }

    @Benchmark
    public long longs_jdkBuffer(PeerElements.Buffer at) {
        long sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getLong(i * 8);
        }
        return sum;
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {
                Peers.AGRONA,
                Peers.OPEN_NIO,
                Peers.OPEN_CHANNELS,
                Peers.OPEN_REFLECTION,
                Peers.OPEN_LANG,
                Peers.OPEN_IO,
                Peers.UNSAFE
            })
    public long longs_chronicle(PeerElements.Chronicle at) {
        long sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.bytes.readLong(i * 8);
        }
        return sum;
    }

    @Benchmark
    public long longs_lucene(PeerElements.Lucene at) throws IOException {
        long sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.words.readLong(i * 8);
        }
        return sum;
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Peers.OPEN_NIO, Peers.OPEN_CHANNELS, Peers.UNSAFE})
    public long longs_mapdb(PeerElements.MapDb at) {
        long sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.volume.getLong(i * 8);
        }
        return sum;
    }

    @Benchmark
    public float floats_segment(Elements at) {
        float sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4);
        }
        return sum;
    }

    @Benchmark
    public float floats_quire(Elements at) {
        float sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.floats.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public float floats_agrona(AgronaElements at) {
        float sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getFloat(i * 4);
        }
        return sum;
    }

    @Benchmark
    public double doubles_segment(Elements at) {
        double sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8);
        }
        return sum;
    }

    @Benchmark
    public double doubles_quire(Elements at) {
        double sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.doubles.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public double doubles_agrona(AgronaElements at) {
        double sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getDouble(i * 8);
        }
        return sum;
    }

    @Benchmark
    public double doublesBigEndian_segment(Elements at) {
        double sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.segment.get(Elements.BIG, i * 8);
        }
        return sum;
    }

    @Benchmark
    public double doublesBigEndian_quire(Elements at) {
        double sum = 0;
        for (long i = 0; i < Elements.COUNT; i++) {
            sum += at.bigDoubles.get(i);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public double doublesBigEndian_agrona(AgronaElements at) {
        double sum = 0;
        for (int i = 0; i < Elements.COUNT; i++) {
            sum += at.buffer.getDouble(i * 8, ByteOrder.BIG_ENDIAN);
        }
        return sum;
    }

    @Benchmark
    public double doublesAtRandom_segment(Elements at) {
        double sum = 0;
        for (int place : at.places) {
            sum += at.segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, place * 8L);
        }
        return sum;
    }

    @Benchmark
    public double doublesAtRandom_quire(Elements at) {
        double sum = 0;
        for (int place : at.places) {
            sum += at.doubles.get(place);
        }
        return sum;
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public double doublesAtRandom_agrona(AgronaElements at) {
        double sum = 0;
        for (int place : at.places) {
            sum += at.buffer.getDouble(place * 8);
        }
        return sum;
    }
}

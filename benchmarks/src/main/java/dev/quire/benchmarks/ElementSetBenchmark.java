package dev.quire.benchmarks;

import java.lang.foreign.ValueLayout;
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
 * Stores 2,048 elements: nanoseconds an element, beside the same loop over a plain {@code MemorySegment} and over
 * Agrona's {@code UnsafeBuffer} with its checks of bounds.
 *
 * <p>{@code scripts/bench ElementSetBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Elements.COUNT)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ElementSetBenchmark {

    @Benchmark
    public void bytes_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_BYTE, i, (byte) i);
        }
    }

    @Benchmark
    public void bytes_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.bytes.set(i, (byte) i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void bytes_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putByte(i, (byte) i);
        }
    }

    @Benchmark
    public void shorts_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2, (short) i);
        }
    }

    @Benchmark
    public void shorts_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.shorts.set(i, (short) i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void shorts_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putShort(i * 2, (short) i);
        }
    }

    @Benchmark
    public void ints_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, (int) i);
        }
    }

    @Benchmark
    public void ints_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.ints.set(i, (int) i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void ints_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putInt(i * 4, i);
        }
    }

    @Benchmark
    public void longs_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_LONG_UNALIGNED, i * 8, i);
        }
    }

    @Benchmark
    public void longs_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.longs.set(i, i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void longs_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putLong(i * 8, i);
        }
    }

    @Benchmark
    public void longs_jdkBuffer(PeerElements.Buffer at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putLong(i * 8, i);
        }
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
    public void longs_chronicle(PeerElements.Chronicle at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.bytes.writeLong(i * 8, i);
        }
    }

    @Benchmark
    @Fork(
            value = 3,
            jvmArgsAppend = {Peers.OPEN_NIO, Peers.OPEN_CHANNELS, Peers.UNSAFE})
    public void longs_mapdb(PeerElements.MapDb at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.volume.putLong(i * 8, i);
        }
    }

    @Benchmark
    public void floats_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, (float) i);
        }
    }

    @Benchmark
    public void floats_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.floats.set(i, (float) i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void floats_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putFloat(i * 4, (float) i);
        }
    }

    @Benchmark
    public void doubles_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8, (double) i);
        }
    }

    @Benchmark
    public void doubles_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.doubles.set(i, (double) i);
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void doubles_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.buffer.putDouble(i * 8, (double) i);
        }
    }
}

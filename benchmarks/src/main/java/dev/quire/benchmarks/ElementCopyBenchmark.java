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
 * Copies 2,048 elements one by one from memory to memory: nanoseconds an element, beside the same loop over plain
 * {@code MemorySegment}s and over Agrona's {@code UnsafeBuffer}s with their checks of bounds.
 *
 * <p>{@code scripts/bench ElementCopyBenchmark}
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(Elements.COUNT)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class ElementCopyBenchmark {

    @Benchmark
    public void bytes_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(ValueLayout.JAVA_BYTE, i, at.segment.get(ValueLayout.JAVA_BYTE, i));
        }
    }

    @Benchmark
    public void bytes_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetBytes.set(i, at.bytes.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void bytes_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putByte(i, at.buffer.getByte(i));
        }
    }

    @Benchmark
    public void shorts_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(
                    ValueLayout.JAVA_SHORT_UNALIGNED, i * 2, at.segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2));
        }
    }

    @Benchmark
    public void shorts_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetShorts.set(i, at.shorts.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void shorts_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putShort(i * 2, at.buffer.getShort(i * 2));
        }
    }

    @Benchmark
    public void ints_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(ValueLayout.JAVA_INT_UNALIGNED, i * 4, at.segment.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4));
        }
    }

    @Benchmark
    public void ints_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetInts.set(i, at.ints.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void ints_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putInt(i * 4, at.buffer.getInt(i * 4));
        }
    }

    @Benchmark
    public void longs_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(
                    ValueLayout.JAVA_LONG_UNALIGNED, i * 8, at.segment.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8));
        }
    }

    @Benchmark
    public void longs_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetLongs.set(i, at.longs.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void longs_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putLong(i * 8, at.buffer.getLong(i * 8));
        }
    }

    @Benchmark
    public void floats_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(
                    ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4, at.segment.get(ValueLayout.JAVA_FLOAT_UNALIGNED, i * 4));
        }
    }

    @Benchmark
    public void floats_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetFloats.set(i, at.floats.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void floats_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putFloat(i * 4, at.buffer.getFloat(i * 4));
        }
    }

    @Benchmark
    public void doubles_segment(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.target.set(
                    ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8, at.segment.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, i * 8));
        }
    }

    @Benchmark
    public void doubles_quire(Elements at) {
        for (long i = 0; i < Elements.COUNT; i++) {
            at.targetDoubles.set(i, at.doubles.get(i));
        }
    }

    @Benchmark
    @Fork(value = 3, jvmArgsAppend = Peers.AGRONA)
    public void doubles_agrona(AgronaElements at) {
        for (int i = 0; i < Elements.COUNT; i++) {
            at.target.putDouble(i * 8, at.buffer.getDouble(i * 8));
        }
    }
}

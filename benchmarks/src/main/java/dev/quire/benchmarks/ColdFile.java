package dev.quire.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A file of 2 GiB of random bytes, whose pages are dropped from the page cache before every invocation. */
@State(Scope.Benchmark)
public class ColdFile {
    static final long BYTES = 2L << 30;
    private static final int BLOCK = 1 << 20;

    /** A few pages in use elsewhere do not make a file warm. */
    private static final long LEFT = 1 << 20;

    private static final int TRIES = 20;
    private static final long WAIT_NANOS = 50_000_000;

    private final long bytes;
    Path path;
    MemorySegment cPath;
    MethodHandle sumByRead;
    MethodHandle sumByMap;
    private MethodHandle makeCold;

    /** 2 GiB. */
    public ColdFile() {
        this(BYTES);
    }

    ColdFile(long bytes) {
        this.bytes = bytes;
    }

    /** A cold file of 4 GiB. */
    @State(Scope.Benchmark)
    public static class Large extends ColdFile {
        /** 4 GiB. */
        public Large() {
            super(2 * BYTES);
        }
    }

    /** Writes the file and compiles the C side. */
    @Setup(Level.Trial)
    public void write() throws IOException {
        CBaseline c = new CBaseline("scan");
        makeCold = c.function("make_cold", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        sumByRead = c.function("sum_by_read", FunctionDescriptor.of(JAVA_LONG, ADDRESS, JAVA_LONG));
        sumByMap = c.function("sum_by_map", FunctionDescriptor.of(JAVA_LONG, ADDRESS));
        path = Files.createTempFile("quire-cold", ".bin");
        cPath = Arena.global().allocateFrom(path.toString());
        byte[] block = new byte[BLOCK];
        Random random = new Random(1);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            for (long at = 0; at < bytes; at += BLOCK) {
                random.nextBytes(block);
                channel.write(ByteBuffer.wrap(block));
            }
        }
    }

    /** Drops the file's pages, and makes sure: those of the JDK's buffers stay until these are collected. */
    @Setup(Level.Invocation)
    public void makeCold() throws IOException {
        for (int i = 0; i < TRIES; i++) {
            dropPages();
            if (isCold()) {
                return;
            }
            System.gc();
            LockSupport.parkNanos(WAIT_NANOS);
        }
        throw new IOException("the pages of " + path + " do not go: something has them mapped");
    }

    private void dropPages() throws IOException {
        long failed;
        try {
            failed = (long) makeCold.invokeExact(cPath);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
        if (failed != 0) {
            throw new IOException("cannot drop the pages of " + path);
        }
    }

    private boolean isCold() throws IOException {
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            return map.residency().residentBytes() <= LEFT;
        }
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        Files.delete(path);
    }
}

package dev.quire;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Deflater;

/** Other people's code that reads a mapping: intrinsics and native code of the JDK's, and of the C library's. */
final class FaultForeign {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle MEMCMP = symbol(
            "memcmp",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG));
    private static final MethodHandle MEMCHR = symbol(
            "memchr",
            FunctionDescriptor.of(
                    ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

    /** A reader; its result is comparable. */
    record Reader(String name, Function<MemorySegment, Object> body) {
        Object of(MemorySegment segment) {
            return body.apply(segment);
        }
    }

    private FaultForeign() {}

    @SuppressWarnings("restricted")
    private static MethodHandle symbol(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(LINKER.defaultLookup().find(name).orElseThrow(), descriptor);
    }

    /** Those that compare look into the memory that is whole. */
    static List<Reader> readers(MemorySegment whole) {
        List<Reader> readers = new ArrayList<>();
        readers.add(new Reader("CRC32", segment -> {
            CRC32 sum = new CRC32();
            sum.update(segment.asByteBuffer());
            return sum.getValue();
        }));
        readers.add(new Reader("CRC32C", segment -> {
            CRC32C sum = new CRC32C();
            sum.update(segment.asByteBuffer());
            return sum.getValue();
        }));
        readers.add(new Reader("Adler32", segment -> {
            Adler32 sum = new Adler32();
            sum.update(segment.asByteBuffer());
            return sum.getValue();
        }));
        readers.add(new Reader("Deflater", segment -> deflated(segment.asByteBuffer())));
        readers.add(new Reader("MemorySegment.mismatch", segment -> segment.mismatch(whole)));
        readers.add(new Reader(
                "ByteBuffer.mismatch", segment -> segment.asByteBuffer().mismatch(whole.asByteBuffer())));
        readers.add(new Reader("MemorySegment.copy", segment -> {
            byte[] copy = new byte[(int) segment.byteSize()];
            MemorySegment.copy(segment, ValueLayout.JAVA_BYTE, 0, copy, 0, copy.length);
            return copy;
        }));
        addNative(readers, whole);
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            readers.add(new Reader("Vector API, ints", FaultVectors::hash));
            readers.add(new Reader("Vector API, floats", FaultVectors::least));
        }
        return readers;
    }

    private static void addNative(List<Reader> readers, MemorySegment whole) {
        readers.add(new Reader("memcmp", segment -> {
            try {
                return (int) MEMCMP.invokeExact(segment, whole, segment.byteSize());
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }));
        readers.add(new Reader("memchr", segment -> {
            try {
                return ((MemorySegment) MEMCHR.invokeExact(segment, 0, segment.byteSize())).address();
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        }));
    }

    private static long deflated(ByteBuffer bytes) {
        Deflater deflater = new Deflater(1);
        try {
            deflater.setInput(bytes);
            deflater.finish();
            byte[] out = new byte[4096];
            CRC32 sum = new CRC32();
            while (!deflater.finished()) {
                sum.update(out, 0, deflater.deflate(out));
            }
            return sum.getValue();
        } finally {
            deflater.end();
        }
    }

    /** A whole copy of the content, outside any mapping of a file. */
    static MemorySegment whole(Arena arena, int size) {
        return arena.allocateFrom(ValueLayout.JAVA_BYTE, FaultOperations.content(0, size));
    }
}

package dev.quire;

import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Every bulk operation, over bytes that are never zero and make small positive numbers of every type. A read returns
 * what it found, to be compared with what the same read finds in memory that is whole; a write stores what is there
 * already.
 */
public final class FaultOperations {
    /** 32 pages of the usual size; fewer where code is only interpreted. */
    public static final int SIZE = Integer.getInteger("quire.faults.size", 128 << 10);

    static final List<String> TYPES = List.of(
            "|i1", "|u1", "|b1", "<i2", ">i2", "<u2", "<i4", ">i4", "<u4", ">u4", "<i8", ">i8", "<u8", "<f2", ">f2",
            "<f4", ">f4", "<f8", ">f8");

    private static final List<ByteOrder> ORDERS = List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN);
    private static final int COLUMNS = 64;

    /** An operation that changes nothing. */
    public record Read(String name, Function<ByteSlice, Object> body) {
        public Object of(ByteSlice bytes) {
            return body.apply(bytes);
        }
    }

    /** An operation that stores what memory of the same content holds. */
    public record Write(String name, BiConsumer<ByteSlice, ByteSlice> body) {
        public void to(ByteSlice bytes, ByteSlice whole) {
            body.accept(bytes, whole);
        }
    }

    private FaultOperations() {}

    public static byte at(long offset) {
        long mixed = (offset + 1) * 0x9E3779B97F4A7C15L;
        return (byte) (1 + (mixed >>> 32) % 0x3B);
    }

    public static byte[] content(long offset, int length) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = at(offset + i);
        }
        return content;
    }

    public static boolean same(Object one, Object other) {
        return Objects.deepEquals(one, other);
    }

    // ---------------------------------------------------------------------------------------------------- reads

    /** Those that compare look into the memory that is whole. */
    public static List<Read> reads(ByteSlice whole) {
        List<Read> reads = new ArrayList<>();
        bytes(reads, whole);
        for (ByteOrder order : ORDERS) {
            numbers(reads, order);
        }
        TYPES.forEach(type -> arrays(reads, type));
        comparisons(reads, whole);
        return reads;
    }

    private static void bytes(List<Read> reads, ByteSlice whole) {
        byte[] needle = {0, 0, 0};
        reads.add(new Read("bytes", ByteSlice::toArray));
        reads.add(new Read("byte summary", ByteSlice::summary));
        reads.add(new Read("unsigned byte summary", ByteSlice::unsignedSummary));
        reads.add(new Read("crc32c", ByteSlice::crc32c));
        reads.add(new Read("index of zeros", bytes -> bytes.indexOf(needle, 0)));
        reads.add(new Read("last index of zeros", bytes -> bytes.lastIndexOf(needle)));
        reads.add(new Read("mismatch", bytes -> bytes.mismatch(whole)));
        reads.add(new Read("mismatch from the other side", whole::mismatch));
        reads.add(new Read("compare", bytes -> bytes.compare(whole)));
        reads.add(new Read("copy to a slice", bytes -> {
            try (Mapping copy = anonymous()) {
                bytes.copyTo(0, copy.bytes(), 0, bytes.length());
                return copy.bytes().toArray();
            }
        }));
    }

    private static Mapping anonymous() {
        try {
            return Mapping.anonymous(SIZE);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void numbers(List<Read> reads, ByteOrder order) {
        reads.add(new Read("shorts " + order, bytes -> bytes.shorts(order).toArray()));
        reads.add(new Read("ints " + order, bytes -> bytes.ints(order).toArray()));
        reads.add(new Read("longs " + order, bytes -> bytes.longs(order).toArray()));
        reads.add(new Read("floats " + order, bytes -> bytes.floats(order).toArray()));
        reads.add(new Read("doubles " + order, bytes -> bytes.doubles(order).toArray()));
        reads.add(
                new Read("short summary " + order, bytes -> bytes.shorts(order).summary()));
        reads.add(new Read("int summary " + order, bytes -> bytes.ints(order).summary()));
        reads.add(new Read("long summary " + order, bytes -> bytes.longs(order).summary()));
        reads.add(
                new Read("float summary " + order, bytes -> bytes.floats(order).summary()));
        reads.add(new Read(
                "double summary " + order, bytes -> bytes.doubles(order).summary()));
        reads.add(new Read("least float " + order, bytes -> bytes.floats(order).min()));
        reads.add(new Read(
                "sum of doubles " + order, bytes -> bytes.doubles(order).sum()));
    }

    static ArrayView array(ByteSlice bytes, String type) {
        DType dtype = DType.parse(type);
        return ArrayView.over(bytes, dtype, Shape.of(bytes.byteSize() / dtype.itemBytes() / COLUMNS, COLUMNS), Order.C);
    }

    private static boolean isInteger(String type) {
        return type.charAt(1) == 'i' || type.charAt(1) == 'u';
    }

    private static void arrays(List<Read> reads, String type) {
        array(reads, type, "summary", ArrayView::summary);
        array(reads, type, "min", ArrayView::min);
        array(reads, type, "argmin", ArrayView::argmin);
        array(reads, type, "all", ArrayView::all);
        array(reads, type, "doubles", ArrayView::toDoubles);
        array(reads, type, "nested", ArrayView::toJavaArray);
        array(reads, type, "strided", array -> array.slice("::3, ::5").summary());
        array(reads, type, "turned", array -> array.transpose().toDoubles());
        array(reads, type, "columns", array -> array.along(0).min());
        array(reads, type, "rows", array -> array.along(1).sum());
        array(reads, type, "places", array -> array.along(0).argmin());
        array(reads, type, "converted", array -> {
            String wide = type.endsWith("8") && isInteger(type) ? ">" + type.substring(1) : ">f8";
            try (Mapping copy = Mapping.anonymous(array.length() * 8)) {
                array(copy.bytes(), wide).copyFrom(array);
                return copy.bytes().toArray();
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        if (isInteger(type)) {
            array(reads, type, "longs", ArrayView::toLongs);
            array(reads, type, "integers", ArrayView::integerSummary);
            array(reads, type, "long sums", array -> array.along(0).sumLong());
        }
    }

    private static void array(List<Read> reads, String type, String name, Function<ArrayView, Object> body) {
        reads.add(new Read(type + " " + name, bytes -> body.apply(array(bytes, type))));
    }

    private static void comparisons(List<Read> reads, ByteSlice whole) {
        reads.add(new Read("mismatch of shorts", bytes -> bytes.shorts().mismatch(whole.shorts())));
        reads.add(new Read("mismatch of ints", bytes -> bytes.ints().mismatch(whole.ints())));
        reads.add(new Read("mismatch of longs", bytes -> bytes.longs().mismatch(whole.longs())));
        reads.add(new Read("mismatch of floats", bytes -> bytes.floats().mismatch(whole.floats())));
        reads.add(new Read("mismatch of doubles", bytes -> bytes.doubles().mismatch(whole.doubles())));
        reads.add(new Read("compare ints", bytes -> bytes.ints().compare(whole.ints())));
    }

    // --------------------------------------------------------------------------------------------------- writes

    public static List<Write> writes() {
        List<Write> writes = new ArrayList<>();
        writes.add(new Write("bytes", (to, from) -> to.copyFrom(0, from.toArray(), 0, size(to))));
        writes.add(new Write("slice", (to, from) -> from.copyTo(0, to, 0, size(to))));
        for (ByteOrder order : ORDERS) {
            writes.add(new Write(
                    "shorts " + order,
                    (to, from) ->
                            to.shorts(order).copyFrom(0, from.shorts(order).toArray(), 0, size(to) / 2)));
            writes.add(new Write(
                    "ints " + order,
                    (to, from) -> to.ints(order).copyFrom(0, from.ints(order).toArray(), 0, size(to) / 4)));
            writes.add(new Write(
                    "longs " + order,
                    (to, from) -> to.longs(order).copyFrom(0, from.longs(order).toArray(), 0, size(to) / 8)));
            writes.add(new Write(
                    "floats " + order,
                    (to, from) ->
                            to.floats(order).copyFrom(0, from.floats(order).toArray(), 0, size(to) / 4)));
            writes.add(new Write(
                    "doubles " + order,
                    (to, from) ->
                            to.doubles(order).copyFrom(0, from.doubles(order).toArray(), 0, size(to) / 8)));
        }
        for (String type : TYPES) {
            writes.add(new Write(type + " array", (to, from) -> array(to, type).copyFrom(array(from, type))));
            if (!type.equals("|b1")) {
                writes.add(new Write(
                        type + " nested",
                        (to, from) -> array(to, type).copyFrom(array(from, type).toJavaArray())));
            }
        }
        return writes;
    }

    private static int size(ByteSlice bytes) {
        return (int) bytes.byteSize();
    }

    // -------------------------------------------------------------------------------------------------- elements

    /** Reads by single accesses, which only a guard around them makes certain; they return what is comparable too. */
    public static List<Read> loops() {
        List<Read> loops = new ArrayList<>();
        loops.add(new Read("byte loop", bytes -> {
            long hash = 0;
            for (long i = 0; i < bytes.length(); i++) {
                hash = hash * 31 + bytes.get(i);
            }
            return hash;
        }));
        loops.add(new Read("masked int loop", bytes -> {
            int[] masked = new int[(int) bytes.ints().length()];
            for (int i = 0; i < masked.length; i++) {
                masked[i] = bytes.ints().get(i) & 0x55AA55AA;
            }
            return masked;
        }));
        loops.add(new Read("int32 as long loop", bytes -> {
            ArrayView ints = array(bytes, "<i4").flatten();
            long hash = 0;
            for (long i = 0; i < ints.length(); i++) {
                hash = hash * 31 + ints.getLong(i);
            }
            return hash;
        }));
        addMore(loops);
        return loops;
    }

    private static void addMore(List<Read> loops) {
        loops.add(new Read("segment loop", bytes -> {
            MemorySegment segment = bytes.segment();
            long sum = 0;
            for (long at = 0; at + 8 <= segment.byteSize(); at += 8) {
                sum += Long.rotateLeft(segment.get(ValueLayout.JAVA_LONG_UNALIGNED, at), (int) at);
            }
            return sum;
        }));
        loops.add(new Read("table loop", bytes -> {
            int[] table = new int[256];
            for (int i = 0; i < bytes.length(); i++) {
                table[bytes.get(i) & 0xFF]++;
            }
            return table;
        }));
    }
}

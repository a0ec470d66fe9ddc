package dev.quire;

import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.MemoryFaultException;
import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Programs that ended the virtual machine on a truncated file while HotSpot dealt with faults: its decoder did not know
 * the instructions that compilers make for them. Each is warmed, its file is cut, and it runs once more under a guard;
 * atomics race with the cut. Prints a line for each.
 *
 * <p>Arguments: file, milliseconds to warm each up, milliseconds for each race.
 */
final class FaultCasesMain {
    private static final int SIZE = 1 << 17;
    private static final int CUT = 1 << 14;

    private final Path file;
    private final long warmNanos;
    private final long raceNanos;
    private long sink;

    private FaultCasesMain(String[] arguments) {
        this.file = Path.of(arguments[0]);
        this.warmNanos = Long.parseLong(arguments[1]) * 1_000_000;
        this.raceNanos = Long.parseLong(arguments[2]) * 1_000_000;
    }

    private interface Case {
        long run(Mapping map) throws IOException;
    }

    private interface Atomic {
        void run(LongSlice longs, IntSlice ints, long at);
    }

    public static void main(String[] arguments) throws Exception {
        FaultCasesMain main = new FaultCasesMain(arguments);
        Map<String, Case> cases = new LinkedHashMap<>();
        cases.put("AndMask", map -> masked(map.ints(), new int[SIZE / 4], 0x55AA55AA));
        cases.put("SetBit", map -> mark(map.longs()));
        for (String type : new String[] {"<i4", "<i2", "|i1"}) {
            integers(cases, type);
        }
        halves(cases);
        for (Map.Entry<String, Case> each : cases.entrySet()) {
            System.out.println(each.getKey() + ": " + main.cut(each.getValue()));
        }
        for (Map.Entry<String, Atomic> each : atomics().entrySet()) {
            System.out.println(each.getKey() + ": " + main.race(each.getValue()));
        }
        System.out.println("end " + (main.sink == 42 ? "" : "."));
    }

    // ---------------------------------------------------------------------------------------------------- cases

    private static long masked(IntSlice in, int[] out, int mask) {
        for (int i = 0; i < out.length; i++) {
            out[i] = in.get(i) & mask;
        }
        return out[7];
    }

    private static long mark(LongSlice bits) {
        for (int i = 0; i < bits.length(); i += 3) {
            bits.set(i, bits.get(i) | 1L << 40);
        }
        return 0;
    }

    private static ArrayView array(Mapping map, String type) {
        DType dtype = DType.parse(type);
        return ArrayView.over(map.bytes(), dtype, Shape.of(SIZE / dtype.itemBytes()), Order.C);
    }

    private static void integers(Map<String, Case> cases, String type) {
        cases.put(type + " hash of longs", map -> {
            ArrayView array = array(map, type);
            long hash = 0;
            for (long i = 0; i < array.length(); i++) {
                hash = hash * 31 + array.getLong(i);
            }
            return hash;
        });
        cases.put(type + " hash of ints", map -> {
            ArrayView array = array(map, type);
            long hash = 0;
            for (long i = 0; i < array.length(); i++) {
                hash = hash * 31 + array.getInt(i);
            }
            return hash;
        });
        cases.put(type + " hash of doubles", map -> {
            ArrayView array = array(map, type);
            double hash = 0;
            for (long i = 0; i < array.length(); i++) {
                hash = hash * .5 + array.getDouble(i);
            }
            return (long) hash;
        });
        cases.put(
                type + " sumLong",
                map -> array(map, type).reshape(-1, 64).along(0).sumLong()[3]);
        cases.put(type + " toLongs", map -> array(map, type).slice("::3").toLongs()[2]);
        cases.put(type + " toLongs of all", map -> array(map, type).toLongs()[2]);
        cases.put(
                type + " integerSummary",
                map -> array(map, type).slice("::3").integerSummary().count());
        cases.put(type + " argmin", map -> array(map, type).slice("::3").argmin());
    }

    private static void halves(Map<String, Case> cases) throws IOException {
        long[] longs = new long[SIZE / 2];
        double[] doubles = new double[SIZE / 2];
        ArrayView other = ArrayView.over(
                Mapping.anonymous(SIZE * 4L, Lifetime.AUTO).bytes(), DType.parse("<f8"), Shape.of(SIZE / 2), Order.C);
        half(cases, "fill", array -> array.fill(1.5));
        half(cases, "fill with a long", array -> array.fill(3));
        half(cases, "copy of longs", array -> array.copyFrom(longs));
        half(cases, "copy of doubles", array -> array.copyFrom(doubles));
        half(cases, "strided fill", array -> array.slice("::2").fill(1));
        half(cases, "copy of an array", array -> array.copyFrom(other));
        half(cases, "element loop", array -> {
            for (int i = 0; i < array.length(); i++) {
                array.setDouble(i, i & 0xFF);
            }
        });
    }

    private static void half(Map<String, Case> cases, String name, java.util.function.Consumer<ArrayView> body) {
        cases.put("<f2 " + name, map -> {
            body.accept(array(map, "<f2"));
            return 0;
        });
    }

    private static Map<String, Atomic> atomics() {
        Map<String, Atomic> atomics = new LinkedHashMap<>();
        atomics.put("getAndAdd", (longs, _, at) -> longs.getAndAdd(at, 1));
        atomics.put("compareAndSet", (longs, _, at) -> longs.compareAndSet(at, 0, 1));
        atomics.put("getAndSet", (longs, _, at) -> longs.getAndSet(at, 1));
        atomics.put("getAndBitwiseOr", (longs, _, at) -> longs.getAndBitwiseOr(at, 1));
        atomics.put("compareAndSet of ints", (_, ints, at) -> ints.compareAndSet(at, 0, 1));
        atomics.put("compareAndExchange", (longs, _, at) -> longs.compareAndExchange(at, 0, 1));
        return atomics;
    }

    // ---------------------------------------------------------------------------------------------------- running

    private String cut(Case each) throws IOException {
        Files.write(file, new byte[SIZE]);
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            long end = System.nanoTime() + warmNanos;
            for (int i = 0; i < 20_000 && System.nanoTime() < end; i++) {
                sink += each.run(map);
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(CUT);
            }
            try {
                sink += map.guarded(() -> {
                    try {
                        return each.run(map);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                return "nothing noticed";
            } catch (MemoryFaultException e) {
                boolean told = map.damage().lostBytes() == SIZE - CUT;
                return e.getCause() == null && told ? "fault" : "fault after " + e.getCause() + ", " + map.damage();
            }
        }
    }

    /** The file is cut to nothing and grows again, all the time. */
    private String race(Atomic operation) throws Exception {
        Files.write(file, new byte[SIZE]);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            long end = System.nanoTime() + raceNanos;
            AtomicLong faults = new AtomicLong();
            Thread cutter = Thread.ofPlatform().start(() -> {
                try {
                    while (System.nanoTime() < end || faults.get() == 0) {
                        channel.truncate(0);
                        channel.write(ByteBuffer.allocate(1), SIZE - 1);
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            for (long at = 0; cutter.isAlive(); at = (at + 512) % (SIZE / 8)) {
                operation.run(map.longs(), map.ints(), at);
                if (!map.damage().isEmpty()) {
                    map.restore();
                    faults.incrementAndGet();
                }
            }
            return "fault";
        }
    }
}

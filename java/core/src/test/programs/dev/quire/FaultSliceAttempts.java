package dev.quire;

import dev.quire.FaultAttempt.Body;
import dev.quire.FaultAttempt.Promise;
import dev.quire.hint.Hint;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.IntSlice;
import dev.quire.slice.LongSlice;
import dev.quire.slice.ShortSlice;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** What slices do to memory whose bytes may be gone: every bulk operation of every type, and the atomic ones. */
final class FaultSliceAttempts {
    private static final ByteOrder SWAPPED =
            ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    private static final short[] SHORTS = new short[FaultMain.SIZE / 2];
    private static final int[] INTS = new int[FaultMain.SIZE / 4];
    private static final long[] LONGS = new long[FaultMain.SIZE / 8];
    private static final float[] FLOATS = new float[FaultMain.SIZE / 4];
    private static final double[] DOUBLES = new double[FaultMain.SIZE / 8];

    private final List<FaultAttempt> all = new ArrayList<>();

    private FaultSliceAttempts() {}

    static List<FaultAttempt> all() {
        FaultSliceAttempts attempts = new FaultSliceAttempts();
        attempts.reads();
        attempts.writes();
        attempts.bytes();
        attempts.reductions();
        attempts.atomics();
        attempts.pages();
        return attempts.all;
    }

    private void read(String name, Body body) {
        all.add(new FaultAttempt(name, MapMode.READ_ONLY, Promise.FAULT, body));
    }

    private void write(String name, Body body) {
        all.add(new FaultAttempt(name, MapMode.READ_WRITE, Promise.FAULT, body));
        all.add(new FaultAttempt(name + "-private", MapMode.COPY_ON_WRITE, Promise.FAULT, body));
    }

    private void reads() {
        read("copy-to-shorts", t -> t.bytes().shorts(SWAPPED).copyTo(0, SHORTS, 0, t.size() / 2));
        read("copy-to-ints", t -> t.bytes().ints().copyTo(0, INTS, 0, t.size() / 4));
        read("copy-to-longs", t -> t.bytes().longs(SWAPPED).copyTo(0, LONGS, 0, t.size() / 8));
        read("copy-to-floats", t -> t.bytes().floats().copyTo(0, FLOATS, 0, t.size() / 4));
        read("copy-to-doubles", t -> t.bytes().doubles(SWAPPED).copyTo(0, DOUBLES, 0, t.size() / 8));
        read(
                "copy-to-unaligned-longs",
                t -> t.bytes().slice(3, t.size() - 8).longs().copyTo(0, LONGS, 0, t.size() / 8 - 1));
        read("copy-to-a-long", t -> t.bytes().longs().copyTo(t.size() / 8 - 1, LONGS, 0, 1));
        read("to-byte-array", t -> FaultAttempt.sink += t.bytes().toArray()[5]);
        read(
                "to-double-array",
                t -> FaultAttempt.sink += (long) t.bytes().doubles().toArray()[5]);
    }

    private void writes() {
        write("copy-from-shorts", t -> t.bytes().shorts().copyFrom(0, SHORTS, 0, t.size() / 2));
        write("copy-from-ints", t -> t.bytes().ints(SWAPPED).copyFrom(0, INTS, 0, t.size() / 4));
        write("copy-from-longs", t -> t.bytes().longs().copyFrom(0, LONGS, 0, t.size() / 8));
        write("copy-from-floats", t -> t.bytes().floats(SWAPPED).copyFrom(0, FLOATS, 0, t.size() / 4));
        write("copy-from-doubles", t -> t.bytes().doubles().copyFrom(0, DOUBLES, 0, t.size() / 8));
        write("fill-bytes", t -> t.bytes().fill((byte) 1));
        write("fill-a-byte", t -> t.bytes().slice(t.size() - 1, 1).fill((byte) 1));
        write("fill-shorts", t -> t.bytes().shorts().fill((short) 2));
        write("fill-ints", t -> t.bytes().ints(SWAPPED).fill(3));
        write("fill-longs", t -> t.bytes().longs().fill(4));
        write("fill-floats", t -> t.bytes().floats().fill(5));
        write("fill-doubles", t -> t.bytes().doubles(SWAPPED).fill(6));
        write("copy-inside", t -> t.bytes().copyTo(0, t.bytes(), t.size() / 2, t.size() / 2));
        write("copy-from-healthy", t -> t.healthy().bytes().copyTo(0, t.bytes(), t.size() - 1_000L, 1_000));
        write("copy-swapping", t -> t.bytes().ints().copyTo(0, t.bytes().ints(SWAPPED), 0, t.size() / 4));
    }

    private void bytes() {
        read("mismatch-with-itself", t -> FaultAttempt.sink += t.bytes().mismatch(t.bytes()));
        read("mismatch-with-healthy", t -> {
            ByteSlice end = t.bytes().slice(t.size() - 1_000L, 1_000);
            FaultAttempt.sink += end.mismatch(t.healthy().bytes().slice(0, 1_000));
        });
        read("mismatch-of-a-byte", t -> {
            ByteSlice end = t.bytes().slice(t.size() - 1L, 1);
            FaultAttempt.sink += t.healthy().bytes().slice(0, 1).mismatch(end);
        });
        read("compare-bytes", t -> FaultAttempt.sink += t.bytes().compare(t.bytes()));
        read("compare-shorts", t -> {
            ShortSlice shorts = t.bytes().shorts(SWAPPED);
            FaultAttempt.sink += shorts.compare(shorts);
        });
        read("compare-longs-of-both-orders", t -> {
            ByteSlice end = t.bytes().slice(t.size() - 1_000L, 1_000);
            FaultAttempt.sink += end.longs().compare(end.longs(SWAPPED));
        });
        read(
                "compare-longs",
                t -> FaultAttempt.sink += t.bytes().longs().compare(t.bytes().longs()));
        read(
                "compare-doubles",
                t -> FaultAttempt.sink += t.bytes().doubles().compare(t.bytes().doubles()));
        read("index-of", t -> FaultAttempt.sink += t.bytes().indexOf(new byte[9], 0));
        read("last-index-of", t -> FaultAttempt.sink += t.bytes().lastIndexOf(new byte[9]));
        read("crc32c", t -> FaultAttempt.sink += t.bytes().crc32c());
    }

    private void reductions() {
        read("summary-bytes", t -> FaultAttempt.sink += t.bytes().summary().count());
        read(
                "summary-unsigned-bytes",
                t -> FaultAttempt.sink += t.bytes().unsignedSummary().count());
        read(
                "summary-shorts",
                t -> FaultAttempt.sink += t.bytes().shorts().summary().count());
        read(
                "summary-ints",
                t -> FaultAttempt.sink += t.bytes().ints(SWAPPED).summary().count());
        read(
                "summary-unsigned-ints",
                t -> FaultAttempt.sink += t.bytes().ints().unsignedSummary().count());
        read(
                "summary-longs",
                t -> FaultAttempt.sink += t.bytes().longs().summary().count());
        read(
                "summary-unsigned-longs",
                t -> FaultAttempt.sink += t.bytes().longs().unsignedSummary().count());
        read(
                "summary-floats",
                t -> FaultAttempt.sink += t.bytes().floats().summary().count());
        read(
                "summary-doubles",
                t -> FaultAttempt.sink += t.bytes().doubles().summary().count());
        read(
                "summary-swapped-doubles",
                t -> FaultAttempt.sink += t.bytes().doubles(SWAPPED).summary().count());
        read("sum-floats", t -> FaultAttempt.sink += (long) t.bytes().floats().sum());
        read("sum-doubles", t -> FaultAttempt.sink += (long) t.bytes().doubles().sum());
        read("min-doubles", t -> FaultAttempt.sink += (long) t.bytes().doubles().min());
        read(
                "max-floats",
                t -> FaultAttempt.sink += (long) t.bytes().floats(SWAPPED).max());
        read(
                "mean-doubles",
                t -> FaultAttempt.sink += (long) t.bytes().doubles().mean());
        read("std-doubles", t -> FaultAttempt.sink += (long) t.bytes().doubles().std());
    }

    private void atomic(String name, Body body) {
        all.add(new FaultAttempt(name, MapMode.READ_WRITE, Promise.ZEROS, body));
        all.add(new FaultAttempt(
                name + "-guarded",
                MapMode.READ_WRITE,
                Promise.FAULT,
                target -> target.map().guarded(() -> {
                    try {
                        body.on(target);
                    } catch (RuntimeException e) {
                        throw e;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                })));
    }

    private void atomics() {
        atomic("int-volatile", t -> {
            IntSlice ints = t.bytes().ints();
            long last = ints.length() - 1;
            FaultAttempt.sink += ints.getVolatile(last) + ints.getAcquire(last) + ints.getOpaque(last);
        });
        atomic("int-set-volatile", t -> t.bytes().ints().setVolatile(t.size() / 4 - 1, 7));
        atomic("int-set-release", t -> t.bytes().ints(SWAPPED).setRelease(t.size() / 4 - 1, 7));
        atomic("int-set-opaque", t -> t.bytes().ints().setOpaque(t.size() / 4 - 1, 7));
        atomic("int-compare-and-set", t -> t.bytes().ints().compareAndSet(t.size() / 4 - 1, 0, 7));
        atomic("int-compare-and-exchange", t -> t.bytes().ints(SWAPPED).compareAndExchange(t.size() / 4 - 1, 0, 7));
        atomic("int-get-and-add", t -> t.bytes().ints().getAndAdd(t.size() / 4 - 1, 7));
        atomic("int-get-and-set", t -> t.bytes().ints(SWAPPED).getAndSet(t.size() / 4 - 1, 7));
        atomic("int-get-and-or", t -> t.bytes().ints().getAndBitwiseOr(t.size() / 4 - 1, 7));
        atomic("int-get-and-and", t -> t.bytes().ints().getAndBitwiseAnd(t.size() / 4 - 1, 7));
        atomic("long-volatile", t -> {
            LongSlice longs = t.bytes().longs(SWAPPED);
            long last = longs.length() - 1;
            FaultAttempt.sink += longs.getVolatile(last) + longs.getAcquire(last) + longs.getOpaque(last);
        });
        atomic("long-set-volatile", t -> t.bytes().longs().setVolatile(t.size() / 8 - 1, 7));
        atomic("long-compare-and-set", t -> t.bytes().longs().compareAndSet(t.size() / 8 - 1, 0, 7));
        atomic("long-compare-and-exchange", t -> t.bytes().longs().compareAndExchange(t.size() / 8 - 1, 0, 7));
        atomic("long-get-and-add", t -> t.bytes().longs().getAndAdd(t.size() / 8 - 1, 7));
        atomic("long-swapped-get-and-add", t -> t.bytes().longs(SWAPPED).getAndAdd(t.size() / 8 - 1, 7));
        atomic("long-get-and-set", t -> t.bytes().longs().getAndSet(t.size() / 8 - 1, 7));
        atomic("long-get-and-or", t -> t.bytes().longs().getAndBitwiseOr(t.size() / 8 - 1, 7));
        atomic("long-get-and-and", t -> t.bytes().longs().getAndBitwiseAnd(t.size() / 8 - 1, 7));
    }

    private void pages() {
        all.add(new FaultAttempt(
                "slice-populate",
                MapMode.READ_ONLY,
                Promise.FAULT,
                t -> t.bytes().populate()));
        all.add(new FaultAttempt("slice-hints", MapMode.READ_ONLY, Promise.RETURN, t -> {
            t.bytes().prefetch();
            t.bytes().advise(Hint.RANDOM);
            FaultAttempt.sink += t.bytes().residency().pages();
        }));
    }
}

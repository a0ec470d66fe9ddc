package dev.quire;

import static dev.quire.FallbackMain.check;
import static dev.quire.FallbackMain.refused;

import dev.quire.array.ArrayAppender;
import dev.quire.array.MappedArray;
import dev.quire.hint.HintResult;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/** Scans, gathers and arrays over files that the JDK maps: part of {@link FallbackMain}. */
final class FallbackBulk {
    private static final int BYTES = 1 << 20;

    private FallbackBulk() {}

    static void run(Path folder) throws Exception {
        byte[] content = new byte[BYTES];
        long sum = 0;
        for (int i = 0; i < BYTES; i++) {
            content[i] = (byte) (i % 120);
            sum += content[i];
        }
        Path file = Files.write(folder.resolve("large"), content);
        residency(file);
        scans(file, sum);
        gathers(file);
        arrays(folder);
    }

    private static void residency(Path file) throws Exception {
        check(Platform.pageSize() == -1 && Platform.facts().pageBytes() == -1, "Java does not tell");
        for (Lifetime<Mapping> lifetime : java.util.List.of(Lifetime.CONFINED, Lifetime.SHARED)) {
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, lifetime)) {
                resident(map);
                Thread other = new Thread(() -> resident(map));
                other.start();
                other.join();
            }
        }
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED)) {
            resident(map);
        }
    }

    private static void resident(MappedMemory map) {
        try {
            var outcome = map.ensureResident(1, BYTES - 1);
            check(outcome.result() == HintResult.EMULATED && outcome.bytes() == BYTES - 1, outcome.toString());
            check(map.ensureResident(0, 0).bytes() == 0, "nothing to do");
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static void scans(Path file, long expected) throws Exception {
        for (long budget : new long[] {1 << 16, 128L << 20}) {
            AtomicLong sum = new AtomicLong();
            try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                    Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(budget))) {
                scan.forEach(chunk -> sum.addAndGet(chunk.sum().longValue()));
                check(scan.doneBytes() == BYTES && sum.get() == expected, "scans");
            }
            try (LeasedMapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED);
                    Lease lease = map.lease();
                    Scan scan = Scan.of(lease.bytes(), ScanOptions.DEFAULT.budget(budget))) {
                scan.forEach(chunk -> sum.addAndGet(-chunk.sum().longValue()));
                check(sum.get() == 0, "scans under a lease");
            }
        }
    }

    private static void gathers(Path file) throws Exception {
        long[] offsets = {BYTES - 10, 0, 77, 500_000};
        long[] firsts = new long[offsets.length];
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            Gather.of(map.bytes()).forEach(offsets, 10, (i, record) -> firsts[i] = record.get(0));
            Gather.of(map.bytes()).forEachAsTheyCome(offsets, 10, (i, record) -> firsts[i] -= record.get(0) - 1);
        }
        check(java.util.Arrays.stream(firsts).allMatch(first -> first == 1), "gathers");
    }

    private static void arrays(Path folder) throws Exception {
        Path file = Files.write(folder.resolve("x.npy"), npy(1, 2, 3, 4, 5, 6));
        try (MappedArray array = MappedArray.open(file, MapMode.READ_ONLY)) {
            check(array.sum() == 21 && array.slice("1, 2").getDouble() == 6, array.toString());
        }
        Path created = folder.resolve("new.npy");
        String message = refused(() -> MappedArray.save(created, new double[] {1, 2}));
        check(message.startsWith("create " + created + ": only the native library allocates"), message);
        String appending = refused(() -> ArrayAppender.open(file));
        check(appending.startsWith("append to " + file + ": only the native library allocates"), appending);
        try (var left = Files.list(folder)) {
            check(left.count() == 2, "nothing is left of what was refused");
        }
    }

    /** Two rows of little-endian doubles, as NumPy writes them. */
    private static byte[] npy(double... values) {
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }";
        ByteBuffer bytes =
                ByteBuffer.allocate(128 + values.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) 118);
        bytes.put((header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        for (double value : values) {
            bytes.putDouble(value);
        }
        return bytes.array();
    }
}

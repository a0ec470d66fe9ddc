package dev.quire;

import dev.quire.FaultAttempt.Body;
import dev.quire.FaultAttempt.Promise;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What scans, batched reads and {@code ensureResident} do to memory whose bytes may be gone. */
final class FaultScanAttempts {
    /** Several chunks of a broken file, one of a healthy one. */
    private static final ScanOptions OPTIONS = ScanOptions.DEFAULT.chunk(2_048);

    /** Too little for a second mapping of the file: pages come in and go in another way. */
    private static final ScanOptions FRUGAL = OPTIONS.window(8_192).budget(16_384);

    private static final long RECORD = 100;

    /** Each is some system calls and perhaps a thread; all have the same loop, which so many are enough for. */
    private static final int WARMUPS = 200;

    private final List<FaultAttempt> all = new ArrayList<>();

    private FaultScanAttempts() {}

    static List<FaultAttempt> all() {
        FaultScanAttempts attempts = new FaultScanAttempts();
        attempts.scans();
        attempts.records();
        return attempts.all;
    }

    private void read(String name, Body body) {
        all.add(new FaultAttempt(name, MapMode.READ_ONLY, Promise.FAULT, WARMUPS, body));
    }

    private void scans() {
        scan("elements", OPTIONS, scan -> scan.forEach(chunk -> FaultAttempt.sink += sum(chunk)));
        scan("frugally", FRUGAL, scan -> scan.forEach(chunk -> FaultAttempt.sink += chunk.crc32c()));
        scan("keeping", FRUGAL.keeping(), scan -> scan.forEach(chunk -> FaultAttempt.sink += sum(chunk)));
        scan("lines", OPTIONS.delimiter((byte) 200), scan -> scan.forEach(chunk -> FaultAttempt.sink += sum(chunk)));
        scan(
                "stream",
                OPTIONS,
                scan -> FaultAttempt.sink +=
                        scan.stream().mapToLong(FaultScanAttempts::sum).sum());
        scan(
                "parallel-stream",
                OPTIONS,
                scan -> FaultAttempt.sink += scan.stream()
                        .parallel()
                        .mapToLong(FaultScanAttempts::sum)
                        .sum());
        scan(
                "iterator",
                OPTIONS,
                scan -> scan.stream().iterator().forEachRemaining(chunk -> FaultAttempt.sink += sum(chunk)));
    }

    private void scan(String name, ScanOptions options, Consumer<Scan> reading) {
        read("scan-" + name, target -> {
            try (Scan scan = Scan.of(target.bytes(), options)) {
                reading.accept(scan);
            }
        });
    }

    static long sum(ByteSlice bytes) {
        long sum = 0;
        for (long i = 0; i < bytes.length(); i++) {
            sum += bytes.get(i);
        }
        return sum;
    }

    private void records() {
        read("gather", target -> {
            LongAdder sum = new LongAdder();
            Gather.of(target.bytes()).forEach(offsets(target), RECORD, (_, record) -> sum.add(sum(record)));
            FaultAttempt.sink += sum.sum();
        });
        read("gather-as-they-come", target -> {
            LongAdder sum = new LongAdder();
            new Gather(target.bytes(), 3)
                    .forEachAsTheyCome(offsets(target), RECORD, (_, record) -> sum.add(record.crc32c()));
            FaultAttempt.sink += sum.sum();
        });
        read("ensure-resident", target -> target.map().ensureResident(0, target.size()));
        read("ensure-resident-of-a-byte", target -> target.map().ensureResident(target.size() - 1L, 1));
        read(
                "slice-ensure-resident",
                target -> target.bytes().slice(1, target.size() - 1).ensureResident());
    }

    private static long[] offsets(FaultTarget target) {
        return new long[] {0, target.size() / 2, 7, target.size() - RECORD};
    }
}

package dev.quire.cli;

import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.scan.Gather;
import dev.quire.scan.Scan;
import dev.quire.slice.ByteSlice;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;

/**
 * One way to read a file.
 *
 * @param name for the table
 * @param lines of Java that apply it, to {@code map}
 * @param way that it reads
 */
record Policy(String name, List<String> lines, Way way) {
    /** What is read at once where everything is read. */
    private static final int CHUNK_BYTES = 1 << 20;

    /** Offsets given to a gathering at once: after these the clock is looked at. */
    private static final int BATCH = 1_000;

    private static final List<String> FOR_EACH_RECORD =
            List.of("for (long offset : offsets) {", "    use(map.bytes().slice(offset, recordBytes));", "}");

    private static final Policy SEQUENTIALLY_WITHOUT_HINT =
            new Policy("no hint", List.of("use(map.bytes());"), reads -> chunks(reads, false));

    private static final Policy SEQUENTIALLY_WITH_SEQUENTIAL =
            new Policy("SEQUENTIAL", List.of("map.advise(Hint.SEQUENTIAL);", "use(map.bytes());"), reads -> {
                reads.bytes().advise(Hint.SEQUENTIAL);
                chunks(reads, false);
            });

    private static final Policy SEQUENTIALLY_WITH_WILLNEED =
            new Policy("WILLNEED", List.of("map.advise(Hint.WILLNEED);", "use(map.bytes());"), reads -> {
                reads.bytes().advise(Hint.WILLNEED);
                chunks(reads, false);
            });

    private static final Policy SEQUENTIALLY_POPULATED = new Policy(
            "populate",
            List.of(
                    "for (long at = 0; at < map.byteSize(); at += chunkBytes) {",
                    "    map.populate(at, Math.min(chunkBytes, map.byteSize() - at));",
                    "    use(map.bytes().slice(at, Math.min(chunkBytes, map.byteSize() - at)));",
                    "}"),
            reads -> chunks(reads, true));

    private static final Policy SCAN = new Policy(
            "Scan",
            List.of("try (Scan scan = Scan.of(map.bytes())) {", "    scan.forEach(chunk -> use(chunk));", "}"),
            Policy::scan);

    private static final Policy RECORDS_WITHOUT_HINT =
            new Policy("no hint", FOR_EACH_RECORD, reads -> records(reads, false));

    private static final Policy RECORDS_WITH_RANDOM = new Policy(
            "RANDOM",
            List.of("map.advise(Hint.RANDOM);", FOR_EACH_RECORD.get(0), FOR_EACH_RECORD.get(1), FOR_EACH_RECORD.get(2)),
            reads -> {
                reads.bytes().advise(Hint.RANDOM);
                records(reads, false);
            });

    private static final Policy RECORDS_POPULATED = new Policy(
            "RANDOM, populate",
            List.of(
                    "map.advise(Hint.RANDOM);",
                    "for (long offset : offsets) {",
                    "    map.populate(offset, recordBytes);",
                    "    use(map.bytes().slice(offset, recordBytes));",
                    "}"),
            reads -> {
                reads.bytes().advise(Hint.RANDOM);
                records(reads, true);
            });

    private static final Policy GATHER = new Policy(
            "Gather",
            List.of("Gather.of(map.bytes()).forEach(offsets, recordBytes, (index, record) -> use(record));"),
            Policy::gather);

    /** For patterns that read everything, the simplest first. */
    static final List<Policy> FOR_ALL = List.of(
            SEQUENTIALLY_WITHOUT_HINT,
            SEQUENTIALLY_WITH_SEQUENTIAL,
            SEQUENTIALLY_WITH_WILLNEED,
            SEQUENTIALLY_POPULATED,
            SCAN);

    /** For patterns that read records, the simplest first. */
    static final List<Policy> FOR_RECORDS =
            List.of(RECORDS_WITHOUT_HINT, RECORDS_WITH_RANDOM, RECORDS_POPULATED, GATHER);

    /** How the bytes are read. */
    @FunctionalInterface
    interface Way {
        /** Reads until all is read or the time is over. */
        void read(Reads reads) throws MappingException;
    }

    /** What is to be read, how long, and what becomes of it. */
    interface Reads {
        ByteSlice bytes();

        /** Where records lie. */
        long[] offsets();

        /** Uses bytes that were read. */
        void use(ByteSlice part);

        boolean isTimeOver();
    }

    private static void chunks(Reads reads, boolean populates) throws MappingException {
        ByteSlice all = reads.bytes();
        for (long at = 0; at < all.length() && !reads.isTimeOver(); at += CHUNK_BYTES) {
            use(reads, all.slice(at, Math.min(CHUNK_BYTES, all.length() - at)), populates);
        }
    }

    private static void records(Reads reads, boolean populates) throws MappingException {
        for (long offset : reads.offsets()) {
            if (reads.isTimeOver()) {
                return;
            }
            use(reads, reads.bytes().slice(offset, AccessPattern.RECORD_BYTES), populates);
        }
    }

    private static void use(Reads reads, ByteSlice part, boolean populates) throws MappingException {
        if (populates) {
            part.populate();
        }
        reads.use(part);
    }

    private static void scan(Reads reads) {
        try (Scan scan = Scan.of(reads.bytes())) {
            readUntilOver(reads, scan);
        }
    }

    private static void readUntilOver(Reads reads, Scan scan) {
        try {
            scan.forEach(chunk -> {
                reads.use(chunk);
                if (reads.isTimeOver()) {
                    scan.cancel();
                }
            });
        } catch (CancellationException e) {
            if (!reads.isTimeOver()) {
                throw e;
            }
        }
    }

    private static void gather(Reads reads) throws MappingException {
        long[] offsets = reads.offsets();
        Gather gather = Gather.of(reads.bytes());
        for (int from = 0; from < offsets.length && !reads.isTimeOver(); from += BATCH) {
            long[] some = Arrays.copyOfRange(offsets, from, Math.min(offsets.length, from + BATCH));
            gather.forEach(some, AccessPattern.RECORD_BYTES, (_, record) -> reads.use(record));
        }
    }
}

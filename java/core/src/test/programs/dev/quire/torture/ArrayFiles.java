package dev.quire.torture;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.array.ArrayAppender;
import dev.quire.array.ArrayConversion;
import dev.quire.array.ArrayFormat;
import dev.quire.array.ArrayHeader;
import dev.quire.array.ArrayOptions;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Leftovers;
import dev.quire.array.MappedArray;
import dev.quire.array.NpzMember;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.cache.ArrayKey;
import dev.quire.cache.CachedArray;
import dev.quire.cache.MappingCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Array files that are written whole, appended to, read in every way and kept in a cache; another process removes,
 * forbids and cuts them. Element i of version v is v * 1000000 + i, and all of a file is of one version. Row i of the
 * file that grows has i in every column.
 */
final class ArrayFiles {
    static final String SAVED = "array-saved.npy";
    static final String CREATED = "array-created.mmap";
    static final String ROWS = "array-rows.npy";
    static final String PACKED = "array-packed.npz";
    static final int COLUMNS = 50;
    private static final int ELEMENTS = 1_000;
    private static final long STEP = 1_000_000;
    private static final int VERSIONS = 1_000;

    private final Path folder;
    private final String family;
    private final MappingCache cache = new MappingCache(3, 1 << 20);

    /**
     * Uses the files in a folder.
     *
     * @param family the beginning of its operations' names
     */
    ArrayFiles(Path folder, String family) {
        this.folder = folder;
        this.family = family;
    }

    void addTo(List<Operation> all) {
        add(all, "save", random -> MappedArray.save(saved(), content(random)));
        add(all, "create", this::create);
        add(all, "append", _ -> append(folder.resolve(ROWS)));
        add(all, "open", this::open);
        add(all, "rows", this::rows);
        add(all, "load", _ -> check((long[]) MappedArray.load(saved())));
        add(all, "header", this::header);
        add(all, "npz", this::packed);
        add(all, "raw", this::raw);
        add(all, "convert", this::convert);
        add(all, "cache", this::cached);
        add(all, "leftovers", _ -> Leftovers.clean(folder));
    }

    private void add(List<Operation> all, String name, Operation.Body body) {
        all.add(new Operation(family + "." + name, Declared.ARRAY, folder.toString(), body));
    }

    /** What is there before anything else. */
    static void prepare(Path folder) throws IOException {
        new ArrayFiles(folder, "").create(new SplittableRandom(1));
        MappedArray.save(folder.resolve(SAVED), content(new SplittableRandom(2)));
        rows(folder.resolve(ROWS));
        pack(folder.resolve(PACKED), folder.resolve(SAVED));
    }

    static void rows(Path file) throws IOException {
        MappedArray.save(file, new long[1][COLUMNS]);
    }

    static void pack(Path packed, Path member) throws IOException {
        byte[] bytes = Files.readAllBytes(member);
        CRC32 sum = new CRC32();
        sum.update(bytes);
        ZipEntry entry = new ZipEntry("numbers.npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(packed))) {
            out.putNextEntry(entry);
            out.write(bytes);
        }
    }

    private Path saved() {
        return folder.resolve(SAVED);
    }

    private static long[] content(SplittableRandom random) {
        long first = random.nextInt(VERSIONS) * STEP;
        return LongStream.range(first, first + ELEMENTS).toArray();
    }

    private static void check(long[] found) {
        if (found.length != ELEMENTS || found[0] % STEP != 0) {
            throw new AssertionError(found.length + " elements, the first is " + found[0]);
        }
        for (int i = 0; i < found.length; i++) {
            if (found[i] != found[0] + i) {
                throw new AssertionError("element " + i + " is " + found[i] + " after " + found[0]);
            }
        }
    }

    private void create(SplittableRandom random) throws IOException {
        ArraySpec spec = ArraySpec.of("<i8", ELEMENTS);
        MappedArray.create(folder.resolve(CREATED), spec, content(random)).close();
    }

    static void append(Path file) throws IOException {
        try (ArrayAppender appender = ArrayAppender.open(file);
                Mapping memory = Mapping.anonymous(COLUMNS * 8L)) {
            ArrayView row = ArrayView.over(memory.bytes(), DType.parse("<i8"), Shape.of(COLUMNS), Order.C);
            if (appender.shape().dim(0) < 500) {
                row.fill(appender.shape().dim(0));
                appender.append(row);
            }
        }
    }

    private void open(SplittableRandom random) throws IOException {
        Path file = folder.resolve(random.nextBoolean() ? SAVED : CREATED);
        MapMode mode = random.nextBoolean() ? MapMode.READ_ONLY : MapMode.COPY_ON_WRITE;
        try (MappedArray array = MappedArray.open(file, mode)) {
            long[] found = array.toLongs();
            check(found);
            long sum = Arrays.stream(found).sum();
            expect("sum", sum, array.integerSummary().sum().longValueExact());
            expect("max", found[ELEMENTS - 1], array.slice("::-1").getLong(0));
            expect(
                    "strided",
                    sum(array.slice("::7").toLongs()),
                    array.slice("::7").integerSummary().sum().longValueExact());
            ArrayView square = array.reshape(10, ELEMENTS / 10);
            expect("turned", found[ELEMENTS / 10], square.transpose().getLong(0, 1));
            expect("rows", sum, sum(square.along(1).sumLong()));
            expect("parallel", sum, array.parallel(2).integerSummary().sum().longValueExact());
            expect(
                    "chunks",
                    sum,
                    array.chunks(64).mapToLong(part -> sum(part.toLongs())).sum());
            if (mode == MapMode.COPY_ON_WRITE) {
                array.fill(3L);
                expect("filled", 3L * ELEMENTS, sum(array.toLongs()));
            }
        }
    }

    private static long sum(long[] values) {
        return Arrays.stream(values).sum();
    }

    private static void expect(String what, long expected, long found) {
        if (expected != found) {
            throw new AssertionError(what + " is " + found + " and not " + expected);
        }
    }

    private void rows(SplittableRandom random) throws IOException {
        try (MappedArray array = MappedArray.open(folder.resolve(ROWS), MapMode.READ_ONLY)) {
            long[] found = array.toLongs();
            for (int i = 0; i < found.length; i++) {
                expect("row " + i / COLUMNS, i / COLUMNS, found[i]);
            }
        }
    }

    private void header(SplittableRandom random) throws IOException {
        ArrayHeader header = ArrayHeader.read(saved());
        expect("elements", ELEMENTS, header.shape().elementCount());
        ArrayHeader.formatOf(folder.resolve(CREATED));
        ArrayHeader.surplus(saved());
    }

    private void packed(SplittableRandom random) throws IOException {
        Path file = folder.resolve(PACKED);
        if (random.nextBoolean()) {
            NpzMember.list(file);
        }
        try (MappedArray array = MappedArray.openMember(file, "numbers", MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
            check(array.toLongs());
        }
    }

    /** The bytes of an array's file are its elements, from the data offset on. */
    private void raw(SplittableRandom random) throws IOException {
        try (MappedArray raw = MappedArray.openRaw(saved(), MapMode.READ_ONLY, "<i8")) {
            long[] found = raw.toLongs();
            check(Arrays.copyOfRange(found, found.length - ELEMENTS, found.length));
        }
    }

    private void convert(SplittableRandom random) throws IOException {
        Path target = folder.resolve("array-converted" + random.nextInt(3) + ".npy");
        ArraySpec spec =
                ArraySpec.of(random.nextBoolean() ? ">i8" : "<f8", ELEMENTS).format(ArrayFormat.NPY);
        ArrayConversion.convert(saved(), target, spec, _ -> {});
        try (MappedArray array = MappedArray.openNpy(target, MapMode.READ_ONLY, ArrayOptions.DEFAULT)) {
            check(Arrays.stream(array.toDoubles())
                    .mapToLong(value -> (long) value)
                    .toArray());
        }
    }

    private void cached(SplittableRandom random) throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> cache.clear();
            case 1 -> cache.invalidate(saved());
            case 2 -> cache.statistics();
            default -> {
                Path file = folder.resolve(random.nextBoolean() ? SAVED : CREATED);
                try (CachedArray array = cache.use(ArrayKey.of(file, MapMode.READ_ONLY))) {
                    check(array.array().toLongs());
                }
            }
        }
    }

    void end() {
        cache.close();
    }
}

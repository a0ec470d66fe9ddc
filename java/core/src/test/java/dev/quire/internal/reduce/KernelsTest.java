package dev.quire.internal.reduce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.KernelVersions;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every version of the kernels gives the bits of the Java loops, whatever the elements, and takes a fault as they do.
 */
class KernelsTest {
    /** Many chunks of elements, so that the versions' own loops come to their ends too. */
    private static final int MOST = 20_000;

    private static final int ROUNDS = 150;

    private static final double[] SPECIAL = {
        0.0,
        -0.0,
        Double.NaN,
        Double.longBitsToDouble(0xFFF8000000000000L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.MAX_VALUE,
        -Double.MAX_VALUE,
        Double.MIN_VALUE,
        1
    };

    static List<Integer> versions() throws Exception {
        return IntStream.range(0, Integer.SIZE)
                .filter(KernelVersions::isOffered)
                .boxed()
                .toList();
    }

    @Test
    void theBestIsChosen() throws Exception {
        assertTrue(KernelVersions.CHOSEN == versions().getLast()
                || !System.getProperty(KernelVersions.PROPERTY, "").isEmpty());
        assertEquals("java", KernelVersions.name(KernelVersions.NONE));
        assertNotEquals("", KernelVersions.name(KernelVersions.CHOSEN));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void agreesWithJavaOnNumbers(int version) throws Exception {
        Random random = new Random(version);
        try (Mapping map = Mapping.anonymous(MOST * 8L + 64)) {
            for (int round = 0; round < ROUNDS; round++) {
                int count = 512 + random.nextInt(MOST - 512);
                MemorySegment segment = map.segment().asSlice(random.nextInt(64), count * 8L);
                double scale = Math.scalb(1.0, random.nextInt(200) - 100);
                fill(segment, random, scale);
                compare(map.bytes(), segment, version);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void agreesWithJavaOnAnyBits(int version) throws Exception {
        Random random = new Random(version);
        try (Mapping map = Mapping.anonymous(MOST * 8L + 64)) {
            byte[] bits = new byte[MOST * 8 + 64];
            for (int round = 0; round < ROUNDS; round++) {
                random.nextBytes(bits);
                map.bytes().copyFrom(0, bits, 0, bits.length);
                long bytes = (512 + random.nextInt(MOST - 512)) * 8L;
                compare(map.bytes(), map.segment().asSlice(random.nextInt(64), bytes), version);
            }
        }
    }

    /** Lanes overflow to one infinity, elements are the other one, or NaN. */
    @ParameterizedTest
    @MethodSource("versions")
    void agreesWithJavaOnInfinitiesAmongWhatOverflows(int version) throws Exception {
        double[] sums = {Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN};
        try (Mapping map = Mapping.anonymous(5000 * 8L)) {
            for (double special : sums) {
                for (int place : new int[] {0, 31, 257, 4999}) {
                    for (long i = 0; i < 5000; i++) {
                        map.doubles().set(i, special > 0 ? -1e308 : 1e308);
                    }
                    map.doubles().set(place, special);
                    compare(map.bytes(), map.segment(), version);
                    Reducer reducer = new FloatingReducer(Double.BYTES, false, Statistics.SUM);
                    reducer.addMapped(SliceDoor.region(map.bytes()), map.segment(), version);
                    assertEquals(special, reducer.sum());
                    assertEquals(special, reducer.mean());
                }
            }
        }
    }

    /** Halves of which none is a NaN or infinite, and bytes of which many are 0, at every alignment. */
    @ParameterizedTest
    @MethodSource("versions")
    void agreesWithJavaOnHalvesAndBools(int version) throws Exception {
        Random random = new Random(version);
        try (Mapping map = Mapping.anonymous(2 * (MOST + 64))) {
            for (int round = 0; round < ROUNDS; round++) {
                int count = 2048 + random.nextInt(MOST - 2048);
                MemorySegment segment = map.segment().asSlice(random.nextInt(64), count * 2L);
                boolean sparse = random.nextBoolean();
                for (long at = 0; at < segment.byteSize(); at += Short.BYTES) {
                    int half = sparse && random.nextBoolean() ? 0 : random.nextInt(1 << 16);
                    segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short)
                            ((half & 0x7C00) == 0x7C00 ? half ^ 0x4000 : half));
                }
                compare(map.bytes(), segment, version);
            }
        }
    }

    /** Each behind numbers, so that a kernel takes it in a whole chunk, and in one that is not. */
    @ParameterizedTest
    @MethodSource("versions")
    void agreesWithJavaOnEveryHalf(int version) throws Exception {
        int count = 2048 + 9;
        try (Mapping map = Mapping.anonymous(count * 2L)) {
            MemorySegment segment = map.segment();
            for (int half = 0; half < 1 << 16; half++) {
                long at = half % 2 == 0 ? 2040 : count - 1;
                segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2, (short) half);
                Reducer expected = new FloatingReducer(Short.BYTES, false, Statistics.ALL);
                expected.addMapped(SliceDoor.region(map.bytes()), segment, KernelVersions.NONE);
                Reducer actual = new FloatingReducer(Short.BYTES, false, Statistics.ALL);
                actual.addMapped(SliceDoor.region(map.bytes()), segment, version);
                assertEquals(facts(expected), facts(actual), Integer.toHexString(half));
                segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, at * 2, (short) 0);
            }
        }
    }

    /** Numbers of either length, and now and then what is none. */
    private static void fill(MemorySegment segment, Random random, double scale) {
        boolean narrow = random.nextBoolean();
        boolean odd = random.nextInt(3) == 0;
        long step = narrow ? Float.BYTES : Double.BYTES;
        for (long at = 0; at < segment.byteSize(); at += step) {
            boolean special = odd && random.nextInt(3000) == 0;
            double value = special ? SPECIAL[random.nextInt(SPECIAL.length)] : (random.nextDouble() - 0.3) * scale;
            if (narrow) {
                segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) value);
            } else {
                segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, at, value);
            }
        }
    }

    private static void compare(ByteSlice under, MemorySegment segment, int version) {
        for (Supplier<Reducer> reducer : reducers()) {
            Reducer expected = reducer.get();
            expected.addMapped(SliceDoor.region(under), segment, KernelVersions.NONE);
            Reducer actual = reducer.get();
            actual.addMapped(SliceDoor.region(under), segment, version);
            assertEquals(facts(expected), facts(actual));
        }
    }

    private static List<Supplier<Reducer>> reducers() {
        List<Supplier<Reducer>> all = new ArrayList<>();
        for (Statistics what : Statistics.values()) {
            all.add(() -> new FloatingReducer(Short.BYTES, false, what));
            all.add(() -> new FloatingReducer(Float.BYTES, false, what));
            all.add(() -> new FloatingReducer(Double.BYTES, false, what));
        }
        all.add(() -> IntegerReducer.ofBools(Statistics.ALL));
        for (int bytes : new int[] {1, 2, 4, 8}) {
            all.add(() -> new IntegerReducer(bytes, false, false, Statistics.ALL));
            all.add(() -> new IntegerReducer(bytes, false, true, Statistics.ALL));
        }
        return all;
    }

    /** What a reducer says; equal NaN are equal, and zeroes of different sign are not. */
    private static List<Object> facts(Reducer reducer) {
        if (reducer instanceof IntegerReducer whole) {
            return List.of(
                    whole.count(), whole.exactSum(), whole.sum(), whole.std(), whole.exactMin(), whole.exactMax());
        }
        FloatingReducer floating = (FloatingReducer) reducer;
        List<Object> facts = new ArrayList<>(List.of(floating.count()));
        if (floating.what.hasSum()) {
            facts.addAll(List.of(floating.sum(), floating.mean()));
        }
        if (floating.what.hasExtremes()) {
            facts.addAll(List.of(floating.min(), floating.max()));
        }
        if (floating.what.hasDeviations()) {
            facts.add(floating.std());
        }
        return facts;
    }

    @ParameterizedTest
    @MethodSource("versions")
    void goesOnFromPieceToPiece(int version) throws Exception {
        long bytes = (130L << 20) + 808;
        try (Mapping map = Mapping.anonymous(bytes)) {
            Random random = new Random(9);
            for (long i = 0; i < bytes / 8; i += 1 + random.nextInt(9)) {
                map.doubles().set(i, random.nextGaussian());
            }
            Reducer expected = new FloatingReducer(Double.BYTES, false, Statistics.ALL);
            expected.addMapped(SliceDoor.region(map.bytes()), map.segment(), KernelVersions.NONE);
            Reducer actual = new FloatingReducer(Double.BYTES, false, Statistics.ALL);
            actual.addMapped(SliceDoor.region(map.bytes()), map.segment(), version);
            assertEquals(facts(expected), facts(actual));
            expected = new IntegerReducer(Long.BYTES, false, true, Statistics.ALL);
            expected.addMapped(SliceDoor.region(map.bytes()), map.segment(), KernelVersions.NONE);
            actual = new IntegerReducer(Long.BYTES, false, true, Statistics.ALL);
            actual.addMapped(SliceDoor.region(map.bytes()), map.segment(), version);
            assertEquals(facts(expected), facts(actual));
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource("versions")
    void aTruncatedFileIsAFault(int version) throws Exception {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        Path path = folder.resolve("short");
        Pattern.file(path, 1 << 20);
        try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(1 << 16);
            }
            for (Supplier<Reducer> reducer : reducers()) {
                MemoryFaultException e = assertThrows(
                        MemoryFaultException.class,
                        () -> reducer.get().addMapped(SliceDoor.region(map.bytes()), map.segment(), version));
                assertTrue(e.getMessage().contains("truncated to 65536 bytes"), e.getMessage());
                MemorySegment intact = map.segment().asSlice(0, 1 << 16);
                Reducer expected = reducer.get();
                expected.addMapped(SliceDoor.region(map.bytes()), intact, KernelVersions.NONE);
                Reducer actual = reducer.get();
                actual.addMapped(SliceDoor.region(map.bytes()), intact, version);
                assertEquals(facts(expected), facts(actual));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aClosedViewAndAnotherThreadsAreRefused(int version) throws Exception {
        Mapping shared = Mapping.anonymous(1 << 20);
        ByteSlice bytes = shared.bytes();
        shared.close();
        Reducer reducer = new FloatingReducer(Double.BYTES, false, Statistics.ALL);
        assertThrows(
                IllegalStateException.class,
                () -> reducer.addMapped(SliceDoor.region(bytes), bytes.segment(), version));
        try (Mapping confined = Mapping.anonymous(1 << 20, Lifetime.CONFINED)) {
            ByteSlice ours = confined.bytes();
            Throwable[] thrown = new Throwable[1];
            Thread.ofPlatform()
                    .start(() -> {
                        try {
                            reducer.addMapped(SliceDoor.region(ours), ours.segment(), version);
                        } catch (WrongThreadException e) {
                            thrown[0] = e;
                        }
                    })
                    .join();
            assertTrue(thrown[0] instanceof WrongThreadException);
        }
    }
}

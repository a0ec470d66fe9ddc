package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.hint.Hint;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Sizes and offsets that 32 bits, signed or not, do not hold: acceptance 1. */
class LargeFileTest {
    private static final long SIZE = 6L << 30;

    /** Where 32 bits end, with and without a sign. */
    private static final List<Long> BORDERS = List.of(1L << 31, 1L << 32);

    private static final int AROUND = 100;

    @TempDir
    static Path folder;

    private static Path file;

    @BeforeAll
    static void makeSparseFile() throws IOException {
        file = folder.resolve("sparse");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(SIZE);
        }
        for (long border : BORDERS) {
            Pattern.fill(file, border - AROUND, 2 * AROUND);
        }
        Pattern.fill(file, SIZE - AROUND, AROUND);
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#files")
    void aFileOf6GiBMapsWhole(MemoryKind subject) throws IOException {
        try (OpenMemory opened = subject.map(file, MapOptions.DEFAULT)) {
            assertEquals(SIZE, opened.memory().byteSize());
            opened.use(views -> {
                MemorySegment all = views.segment();
                for (long border : BORDERS) {
                    Pattern.check(all.asSlice(border - AROUND, 2 * AROUND), border - AROUND);
                    Pattern.checkZero(all.asSlice(border - 2 * AROUND, AROUND));
                    Pattern.checkZero(all.asSlice(border + AROUND, AROUND));
                }
                Pattern.check(all.asSlice(SIZE - AROUND), SIZE - AROUND);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#files")
    void rangesBeginBehindEveryBorder(MemoryKind subject) throws IOException {
        for (long border : BORDERS) {
            for (long offset : new long[] {border - 1, border, border + 1}) {
                MapOptions options = MapOptions.DEFAULT.offset(offset).length(AROUND - 1);
                try (OpenMemory opened = subject.map(file, options)) {
                    opened.use(views -> Pattern.check(views.segment(), offset));
                }
            }
        }
    }

    @Test
    void elementsStraddleTheBorders() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            for (long border : BORDERS) {
                assertEquals(Pattern.at(border - 1), map.bytes().get(border - 1));
                assertEquals(Pattern.at(border), map.bytes().get(border));
                MemorySegment expected = MemorySegment.ofArray(Pattern.bytes(border - 3, 8));
                assertEquals(
                        expected.get(ValueLayout.JAVA_LONG_UNALIGNED, 0),
                        map.bytes().slice(border - 3, 8).longs().get(0));
            }
            assertEquals(SIZE / 8, map.longs().length());
            assertEquals(0, map.longs().get((1L << 32) / 8 + AROUND));
        }
    }

    @Test
    void pagesBehindTheBordersAreAdvisedAndCounted() throws IOException {
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            long page = Platform.pageSize();
            for (long border : BORDERS) {
                map.populate(border - AROUND, 2 * AROUND);
                assertEquals(2, map.residency(border - AROUND, 2 * AROUND).residentPages());
                map.evict(border - page, 2 * page);
                map.advise(border + 1, page, Hint.RANDOM);
                Pattern.check(map.segment().asSlice(border - AROUND, 2 * AROUND), border - AROUND);
            }
            assertEquals(SIZE / page, map.residency().pages());
        }
    }

    @ParameterizedTest
    @MethodSource("dev.quire.MemoryKind#anonymous")
    void memoryOf6GiBMapsWhole(MemoryKind subject) throws IOException {
        MapOptions options = MapOptions.DEFAULT.with(MapOptions.Option.NO_RESERVE);
        try (OpenMemory opened = subject.anonymous(SIZE, options)) {
            opened.use(views -> {
                for (long border : BORDERS) {
                    MemorySegment around = views.segment().asSlice(border - AROUND, 2 * AROUND);
                    Pattern.checkZero(around);
                    Pattern.write(around, border - AROUND);
                    Pattern.check(around, border - AROUND);
                }
            });
        }
    }
}

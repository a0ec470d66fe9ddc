package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.hint.ByteRange;
import dev.quire.hint.Outcome;
import java.util.AbstractList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Lists of ranges that change while they are read are read once. */
class PrefetchListTest {
    /** Each answer about its size is another one, and wrong. */
    private static final class Growing extends AbstractList<ByteRange> {
        private final List<ByteRange> ranges = Collections.nCopies(200_000, new ByteRange(0, 1));
        private int asked;

        @Override
        public int size() {
            return ++asked > 1 ? Integer.MAX_VALUE : ranges.size();
        }

        @Override
        public ByteRange get(int index) {
            return ranges.get(index);
        }

        @Override
        public Iterator<ByteRange> iterator() {
            return ranges.iterator();
        }
    }

    /** Has another range whenever it is gone through: only the first lies inside. */
    private static final class Changing extends AbstractList<ByteRange> {
        private long offset;

        @Override
        public int size() {
            return 1;
        }

        @Override
        public ByteRange get(int index) {
            ByteRange range = new ByteRange(offset, 1);
            offset += 1 << 20;
            return range;
        }
    }

    @Test
    void theirSizeIsNotAskedTwice() throws Exception {
        try (Mapping map = Mapping.anonymous(1 << 20)) {
            Outcome outcome = map.prefetch(new Growing());
            assertEquals(map.prefetch(Collections.nCopies(200_000, new ByteRange(0, 1))), outcome);
        }
    }

    @Test
    void whatIsCheckedIsWhatIsAskedFor() throws Exception {
        try (Mapping map = Mapping.anonymous(1 << 20)) {
            map.prefetch(new Changing());
            map.populateAsync(new Changing()).get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aRangeOutsideIsRefused() throws Exception {
        try (Mapping map = Mapping.anonymous(1 << 20)) {
            List<ByteRange> outside = List.of(new ByteRange(0, 1), new ByteRange(1 << 20, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> map.prefetch(outside));
            assertThrows(IndexOutOfBoundsException.class, () -> map.populateAsync(outside));
        }
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.testing.Pattern;
import dev.quire.testing.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Hints never fail and never change what is read: acceptance 19 to 21. */
@EveryMemory
class HintTest {
    /** What the kernels that are tested on may refuse for one kind of memory or another. */
    private static final Set<Hint> SELDOM = EnumSet.of(
            Hint.HUGEPAGE,
            Hint.NOHUGEPAGE,
            Hint.COLLAPSE,
            Hint.WIPEONFORK,
            Hint.KEEPONFORK,
            Hint.MERGEABLE,
            Hint.UNMERGEABLE,
            Hint.DONTNEED);

    /** What may leave pages where they are: Linux leaves some, Windows those that somebody uses. */
    private static final Set<Hint> MAY_KEEP =
            OS.WINDOWS.isCurrentOs() ? EnumSet.of(Hint.PAGEOUT, Hint.COLD) : EnumSet.of(Hint.PAGEOUT);

    @Parameter
    MemoryKind subject;

    @TempDir
    Path folder;

    private final long page = Platform.pageSize();
    private long size;
    private OpenMemory opened;
    private MappedMemory memory;

    @BeforeEach
    void open() throws IOException {
        size = 20 * page + 7;
        opened = subject.open(folder, size);
        memory = opened.memory();
    }

    @AfterEach
    void close() {
        opened.close();
    }

    private void check() {
        opened.use(views -> Pattern.check(views.segment(), 0));
    }

    private void checkOutcome(Outcome outcome, long length) {
        assertTrue(outcome.bytes() >= 0 && outcome.bytes() <= length + 2 * page, outcome::toString);
        if (outcome.result() == HintResult.APPLIED && length > 0) {
            assertTrue(outcome.bytes() >= length, outcome::toString);
        }
    }

    @Test
    void everyHintIsAnsweredAndContentStays() {
        for (Hint hint : Hint.values()) {
            Outcome outcome = memory.advise(hint);
            checkOutcome(outcome, size);
            if (!Platform.supports(hint)) {
                assertEquals(HintResult.UNSUPPORTED, outcome.result(), hint::name);
            } else if (!SELDOM.contains(hint)) {
                boolean isTaken = outcome.isComplete() || MAY_KEEP.contains(hint);
                assertTrue(isTaken, () -> hint + " " + outcome);
            }
            check();
        }
    }

    @Test
    void everyHintOnEveryRange() throws IOException {
        long granularity = Platform.facts().granularityBytes();
        for (Hint hint : Hint.values()) {
            for (ByteRange range : Sweep.ranges(page, granularity)) {
                Outcome outcome = memory.advise(range.offset(), range.length(), hint);
                checkOutcome(outcome, range.length());
            }
            check();
        }
    }

    @Test
    void hintsThatAreTakenBackLeaveOneArea() {
        for (Hint hint : List.of(Hint.RANDOM, Hint.NORMAL, Hint.DONTDUMP, Hint.DODUMP)) {
            HintResult answer = Platform.supports(hint) ? HintResult.APPLIED : HintResult.UNSUPPORTED;
            assertEquals(answer, memory.advise(page, 3 * page, hint).result(), hint::name);
        }
        check();
    }

    @Test
    void dontneedNeverLosesChanges() {
        if (subject.kind().isWritable()) {
            opened.use(views -> Pattern.write(views.segment(), 1_000));
        }
        memory.advise(Hint.DONTNEED);
        memory.advise(Hint.PAGEOUT);
        memory.advise(Hint.COLD);
        long from = subject.kind().isWritable() ? 1_000 : 0;
        opened.use(views -> Pattern.check(views.segment(), from));
    }

    @Test
    void prefetchOfManyRanges() {
        List<ByteRange> ranges = new ArrayList<>();
        assertTrue(memory.prefetch(ranges).bytes() == 0);
        for (int i = 0; i < 2_000; i++) {
            ranges.add(new ByteRange(i * 31L % size, Math.min(size - i * 31L % size, i % 100)));
        }
        Outcome outcome = memory.prefetch(ranges);
        assertTrue(Platform.supports(Hint.WILLNEED) == (outcome.result() != HintResult.UNSUPPORTED), outcome::toString);
        check();
    }

    @Test
    void onePrefetchRangeThatIsWrongRefusesAll() {
        List<ByteRange> ranges = List.of(new ByteRange(0, 10), new ByteRange(size, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> memory.prefetch(ranges));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(-1, 1));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(1, -1));
        assertThrows(IllegalArgumentException.class, () -> new ByteRange(1, Long.MAX_VALUE));
    }

    private interface RangeCall {
        void on(long offset, long length) throws MappingException;
    }

    @Test
    void rangesOutsideAreRefusedByEveryCall() {
        List<RangeCall> calls = List.of(
                (offset, length) -> memory.advise(offset, length, Hint.NORMAL),
                (offset, length) -> memory.populate(offset, length),
                (offset, length) -> memory.populateForWriting(offset, length),
                (offset, length) -> memory.residency(offset, length),
                (offset, length) -> memory.lock(offset, length),
                (offset, length) -> memory.lockOnFault(offset, length),
                (offset, length) -> memory.unlock(offset, length),
                (offset, length) -> memory.flush(offset, length, Durability.CACHE),
                (offset, length) -> memory.evict(offset, length),
                (offset, length) -> memory.discard(offset, length));
        long[][] ranges = {
            {-1, 1},
            {0, -1},
            {0, size + 1},
            {size, 1},
            {size + 1, 0},
            {1, size},
            {Long.MAX_VALUE, 1},
            {1, Long.MAX_VALUE},
            {Long.MAX_VALUE, Long.MAX_VALUE},
            {Long.MIN_VALUE, Long.MIN_VALUE},
            {-page, page}
        };
        for (int call = 0; call < calls.size(); call++) {
            String name = "call " + call;
            for (long[] range : ranges) {
                RangeCall tried = calls.get(call);
                assertThrows(IndexOutOfBoundsException.class, () -> tried.on(range[0], range[1]), name);
            }
        }
        check();
    }

    @Test
    void noAdviceAndNoDurabilityAreMistakes() {
        assertThrows(NullPointerException.class, () -> memory.advise(null));
        assertThrows(NullPointerException.class, () -> memory.flush(0, 1, null));
    }
}

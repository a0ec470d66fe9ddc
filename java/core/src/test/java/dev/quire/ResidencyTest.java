package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.Hint;
import dev.quire.hint.Residency;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Which pages of more memory are resident than 32 bits count pages of, and in how much time and memory. */
class ResidencyTest {
    private static final long TIB = 1L << 40;

    private static Residency part(long pages, int... resident) {
        BitSet bits = new BitSet();
        for (int page : resident) {
            bits.set(page);
        }
        return new Residency(4096, pages, true, bits);
    }

    @Test
    void pagesBeyondABitSetAreNotResident() {
        Residency one = part(1L << 33, 3);
        assertTrue(one.isResident(3));
        for (long page : new long[] {(1L << 31) - 1, 1L << 31, (1L << 32) + 3, (1L << 33) - 1}) {
            assertFalse(one.isResident(page), () -> "page " + page);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> one.isResident(1L << 33));
        assertThrows(IllegalArgumentException.class, () -> part(3, 3));
    }

    @Test
    void joinedAnswersCountOn() {
        long each = 1L << 30;
        Residency all = Residency.joined(List.of(part(each, 7), part(each), part(each), part(each), part(9, 3, 8)));
        assertEquals(4 * each + 9, all.pages());
        assertEquals(3, all.residentPages());
        for (long page : new long[] {7, 4 * each + 3, 4 * each + 8}) {
            assertTrue(all.isResident(page), () -> "page " + page);
            assertFalse(all.isResident(page - 1), () -> "page " + (page - 1));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> all.isResident(4 * each + 9));
        assertThrows(IllegalArgumentException.class, () -> Residency.joined(List.of()));
        assertThrows(IllegalArgumentException.class, () -> Residency.joined(List.of(part(5), part(6), part(1))));
        assertThrows(IllegalArgumentException.class, () -> Residency.joined(List.of(all, part(1))));
    }

    @Test
    void oneUnknownAnswerMakesAllOfItUnknown() {
        Residency unknown = new Residency(4096, 4, false, new BitSet());
        Residency all = Residency.joined(List.of(part(4, 1), unknown, part(2, 1)));
        assertFalse(all.known());
        assertEquals(10, all.pages());
        assertEquals(0, all.residentPages());
        assertFalse(all.isResident(1));
    }

    @Test
    void slicesOfTheAnswerMeetAtPages() throws Exception {
        Needs.capability(Capability.REPORT_RESIDENCY);
        long page = Platform.pageSize();
        long size = 200L << 20;
        try (Mapping memory = Mapping.anonymous(size)) {
            long[] touched = {1, (64L << 20) / page - 1, (64L << 20) / page, (128L << 20) / page + 5, size / page - 1};
            memory.advise(Hint.NOHUGEPAGE);
            for (long at : touched) {
                memory.bytes().segment().set(ValueLayout.JAVA_BYTE, at * page, (byte) 1);
            }
            Residency all = memory.residency(page + 3, size - page - 3);
            assertEquals(size / page - 1, all.pages());
            assertEquals(touched.length, all.residentPages());
            for (long at : touched) {
                assertTrue(all.isResident(at - 1), () -> "page " + at);
            }
        }
    }

    /** The last page of the second slice of 64 MiB decides, and half a page counts as one. */
    @Test
    void allOrNotAll() throws Exception {
        Needs.capability(Capability.REPORT_RESIDENCY);
        long page = Platform.pageSize();
        long size = 128L << 20;
        try (Mapping memory = Mapping.anonymous(size)) {
            memory.advise(Hint.NOHUGEPAGE);
            assertFalse(memory.isResident(0, size));
            memory.populateForWriting(0, size - page);
            assertFalse(memory.isResident(0, size));
            assertFalse(memory.isResident(size - page - 1, 2));
            assertTrue(memory.isResident(0, size - page));
            assertTrue(memory.isResident(size, 0));
            assertFalse(memory.bytes().isResident());
            assertTrue(memory.bytes().slice(page, page).isResident());
            memory.bytes().set(size - 1, (byte) 1);
            assertTrue(memory.isResident(0, size));
            assertTrue(memory.longs().isResident());
            assertThrows(IndexOutOfBoundsException.class, () -> memory.isResident(1, size));
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Windows promises memory for all of an anonymous mapping")
    @Timeout(20)
    void aCloseEndsTheAskingForTerabytes() throws Exception {
        Needs.capability(Capability.REPORT_RESIDENCY);
        Mapping memory =
                Mapping.anonymous(64 * TIB, Lifetime.SHARED, MapOptions.DEFAULT.with(MapOptions.Option.NO_RESERVE));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Residency> asked = CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            return memory.residency();
        });
        begun.await();
        Thread.sleep(100);
        memory.close();
        CompletionException closed = assertThrows(
                CompletionException.class,
                () -> asked.orTimeout(10, TimeUnit.SECONDS).join());
        assertEquals(IllegalStateException.class, closed.getCause().getClass());
    }
}

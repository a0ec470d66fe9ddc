package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.Residency;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

class ResidencyPictureTest {
    private static Residency pages(long pages, int... residentFromTo) {
        BitSet bits = new BitSet();
        for (int i = 0; i < residentFromTo.length; i += 2) {
            bits.set(residentFromTo[i], residentFromTo[i + 1]);
        }
        return new Residency(4096, pages, true, bits);
    }

    @Test
    void fewPagesHaveACellEach() {
        assertEquals("[]", ResidencyPicture.bar(pages(0)));
        assertEquals("[O]", ResidencyPicture.bar(pages(1, 0, 1)));
        assertEquals("[O  OO]", ResidencyPicture.bar(pages(5, 0, 1, 3, 5)));
    }

    @Test
    void manyPagesShareCells() {
        assertEquals("[" + "O".repeat(30) + " ".repeat(30) + "]", ResidencyPicture.bar(pages(600, 0, 300)));
        assertEquals("[" + "o".repeat(60) + "]", ResidencyPicture.bar(everySecondOf(120)));
    }

    private static Residency everySecondOf(int pages) {
        BitSet bits = new BitSet();
        for (int page = 0; page < pages; page += 2) {
            bits.set(page);
        }
        return new Residency(4096, pages, true, bits);
    }

    @Test
    void noPageIsLeftOutOfThePicture() {
        for (int pages : new int[] {59, 60, 61, 119, 121, 1000, 4097}) {
            for (int page : new int[] {0, pages / 2, pages - 1}) {
                String bar = ResidencyPicture.bar(pages(pages, page, page + 1));
                assertTrue(bar.contains("O") || bar.contains("o"), pages + " " + page);
                assertEquals(Math.min(60, pages) + 2, bar.length());
            }
        }
    }

    @Test
    void theSentenceCounts() {
        assertEquals("3 of 5 pages of 4 KiB in memory: 12 KiB, 60.0%", ResidencyPicture.sentence(pages(5, 0, 3)));
        assertEquals("0 of 1 page of 4 KiB in memory: 0 bytes, 0.0%", ResidencyPicture.sentence(pages(1)));
    }

    @Test
    void whatIsNotKnownIsNotShownAsAbsent() {
        Residency unknown = new Residency(4096, 3, false, new BitSet());
        assertEquals("[???]", ResidencyPicture.bar(unknown));
        assertFalse(ResidencyPicture.sentence(unknown).contains("%"));
        assertEquals(false, ResidencyPicture.facts(unknown).get("known"));
    }
}

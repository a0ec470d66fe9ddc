package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;

/** Any text selects elements that the array has, as {@link NaiveArray} does, or is refused. */
class SelectionFuzz {
    private static final int ITEM_BYTES = 2;
    private static final int MAX_RANK = 4;

    @FuzzTest
    void parse(FuzzedDataProvider data) {
        long[] dims = new long[data.consumeInt(0, MAX_RANK)];
        for (int i = 0; i < dims.length; i++) {
            dims[i] = data.consumeLong(0, 3);
        }
        ArrayLayout whole = ArrayLayout.contiguous(Shape.of(dims), Order.C, ITEM_BYTES);
        String text = data.consumeRemainingAsString();
        List<Index> parts;
        ArrayLayout view;
        try {
            parts = Index.parse(text);
            view = whole.select(parts);
        } catch (IllegalArgumentException | IndexOutOfBoundsException refused) {
            assertTrue(refused.getMessage().length() > 0);
            return;
        }
        NaiveArray model = NaiveArray.counting(whole.shape(), Order.C).select(parts);
        assertEquals(model.shape(), view.shape());
        List<long[]> indices = Indices.of(view.shape());
        for (int i = 0; i < indices.size(); i++) {
            assertEquals(model.values()[i] * ITEM_BYTES, view.offsetOf(indices.get(i)), text);
        }
    }
}

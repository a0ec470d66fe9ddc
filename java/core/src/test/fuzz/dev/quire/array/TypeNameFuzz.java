package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;

/** Any text names an element type, whose own name says the same, or is refused. */
class TypeNameFuzz {
    @FuzzTest
    void parse(FuzzedDataProvider data) {
        String text = data.consumeRemainingAsString();
        try {
            DType type = DType.parse(text);
            assertEquals(type, DType.parse(type.toString()));
        } catch (IllegalArgumentException refused) {
            assertTrue(refused.getMessage().length() > 0);
        }
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Hints that make areas of their own, until a process may have no more of them. */
@EnabledOnOs(OS.LINUX)
class MapLimitTest {
    @Test
    void aHintBeyondTheLimitIsIgnored() throws Exception {
        long page = Platform.pageSize();
        long limit = Platform.facts().mapLimit();
        try (Mapping memory = Mapping.anonymous(2 * limit * page)) {
            Outcome last = new Outcome(HintResult.APPLIED, page);
            long given = 0;
            while (last.result() == HintResult.APPLIED && given < limit) {
                last = memory.advise(2 * given * page, page, Hint.DONTDUMP);
                given++;
            }
            assertEquals(new Outcome(HintResult.IGNORED, 0), last);
            assertTrue(given > limit / 8, () -> "the limit is " + limit);
        }
    }
}

package dev.quire.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ErrorCodeTest {
    private static FailureDetails details(ErrorCode code) {
        return new FailureDetails("map", "/data/x.bin", 8, 16, code, "a reason", "mmap", 12, "ENOMEM", 4);
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasItsException(ErrorCode code) {
        FailureDetails details = details(code);
        Class<?> expected = switch (code.kind()) {
            case FILE -> FileRefusedException.class;
            case LIMIT -> LimitReachedException.class;
            case SUPPORT -> NotSupportedException.class;
            case SYSTEM -> SystemFailureException.class;
            case MISTAKE, FAULT -> IllegalArgumentException.class;
        };
        if (expected == IllegalArgumentException.class) {
            assertThrows(IllegalArgumentException.class, () -> MappingException.of(details));
            return;
        }
        MappingException exception = MappingException.of(details);
        assertSame(expected, exception.getClass());
        assertSame(code, exception.code());
        assertSame(details, exception.details());
        assertEquals(details.message(), exception.getMessage());
    }

    @Test
    void everyKindIsUsedAndNumbersDiffer() {
        Set<ErrorCode.Kind> kinds = new HashSet<>();
        Set<Integer> numbers = new HashSet<>();
        for (ErrorCode code : ErrorCode.values()) {
            kinds.add(code.kind());
            assertTrue(numbers.add(code.number()), code::name);
        }
        assertEquals(Set.copyOf(Arrays.asList(ErrorCode.Kind.values())), kinds);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 5, 98, 100, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void otherNumbersAreUnknown(int number) {
        assertSame(ErrorCode.UNKNOWN, ErrorCode.of(number));
    }

    @Test
    void theFamilyIsClosedAndChecked() {
        assertTrue(MappingException.class.isSealed());
        assertEquals(java.io.IOException.class, MappingException.class.getSuperclass());
        assertEquals(4, MappingException.class.getPermittedSubclasses().length);
    }
}

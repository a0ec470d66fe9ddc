package dev.quire.error;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FailureDetailsTest {
    @Test
    void saysWhatWhereAndWhy() {
        FailureDetails details = new FailureDetails(
                "map", "/data/x.bin", 8, 16, ErrorCode.NO_MEMORY, "there is not enough", "mmap", 12, "ENOMEM", -1);
        assertTrue(
                details.message()
                        .startsWith("map /data/x.bin at 8 (16 bytes): there is not enough [NO_MEMORY, "
                                + "mmap gave ENOMEM 12,"),
                details::message);
    }

    @Test
    void leavesOutWhatIsNotKnown() {
        assertEquals("map x: why [EXISTS]", plain(ErrorCode.EXISTS, -1, -1, -1).message());
        assertEquals(
                "map x (1 byte): why [EXISTS]",
                plain(ErrorCode.EXISTS, -1, 1, -1).message());
        assertEquals(
                "map x (0 bytes): why [EXISTS]",
                plain(ErrorCode.EXISTS, -1, 0, -1).message());
        FailureDetails nameless = new FailureDetails("map", "x", -1, -1, ErrorCode.UNKNOWN, "why", "", 4711, "", -1);
        assertEquals("map x: why [UNKNOWN, error gave 4711]", nameless.message());
    }

    private static FailureDetails plain(ErrorCode code, long offset, long length, long limit) {
        return new FailureDetails("map", "x", offset, length, code, "why", "", 0, "", limit);
    }

    @ParameterizedTest
    @CsvSource({
        "FILE_TOO_SHORT, the file has 77 bytes",
        "FILE_TRUNCATED, the file has 77 bytes",
        "MAP_LIMIT, vm.max_map_count is 77",
        "LOCK_LIMIT, RLIMIT_MEMLOCK is 77 bytes",
        "MEMORY_LIMIT, only 77 bytes"
    })
    void namesTheLimit(ErrorCode code, String words) {
        assertTrue(plain(code, 0, 100, 77).message().contains(words));
        assertFalse(plain(code, 0, 100, -1).message().contains("-1"), "an unknown limit is not named");
    }

    @ParameterizedTest
    @CsvSource({
        "NO_MEMORY, vm.max_map_count",
        "NO_MEMORY, ulimit -v",
        "LOCK_LIMIT, ulimit -l",
        "HANDLE_LIMIT, ulimit -n",
        "NOT_MAPPABLE, /proc"
    })
    void namesTheLikelyCause(ErrorCode code, String words) {
        assertTrue(plain(code, 0, 100, -1).message().contains(words));
    }

    @Test
    void blamesAnotherViewOnWindowsAlone() {
        String cause = "another view or handle";
        FailureDetails windows = new FailureDetails(
                "replace", "x", -1, -1, ErrorCode.FILE_BUSY, "why", "open", 1224, "ERROR_USER_MAPPED_FILE", -1);
        FailureDetails linux =
                new FailureDetails("seal", "x", -1, -1, ErrorCode.FILE_BUSY, "why", "fcntl", 16, "EBUSY", -1);
        assertTrue(windows.message().contains(cause), windows::message);
        assertFalse(linux.message().contains(cause), linux::message);
        assertEquals(
                "map x: why [FILE_BUSY]", plain(ErrorCode.FILE_BUSY, -1, -1, -1).message());
    }

    @ParameterizedTest
    @EnumSource
    void isOneLineThatNamesTheCode(ErrorCode code) {
        String message = plain(code, 1, 2, 3).message();
        assertEquals(1, message.lines().count());
        assertTrue(message.contains("[" + code), message);
    }
}

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
                        .startsWith("map /data/x.bin at byte 8 (16 bytes): there is not enough [NO_MEMORY, "
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

    @Test
    void theBeginningIsNotNamed() {
        assertEquals(
                "map x (9 bytes): why [EXISTS]",
                plain(ErrorCode.EXISTS, 0, 9, -1).message());
    }

    @Test
    void peopleReadNoCodesAndNumbers() {
        FailureDetails missing =
                new FailureDetails("map", "x", 0, -1, ErrorCode.NOT_FOUND, "there is none", "open", 2, "ENOENT", -1);
        assertEquals("map x: there is none", missing.plainMessage());
        FailureDetails full = plain(ErrorCode.NO_SPACE, 4, 9, 77);
        assertEquals("map x at byte 4 (9 bytes): why; its file system has 77 bytes free", full.plainMessage());
    }

    @Test
    void onlyTheSystemCallsThingsUnmappable() {
        String cause = "pipes, sockets";
        FailureDetails pipe = new FailureDetails("map", "x", -1, -1, ErrorCode.NOT_MAPPABLE, "why", "open", 0, "", -1);
        assertTrue(pipe.message().contains(cause), pipe::message);
        assertFalse(plain(ErrorCode.NOT_MAPPABLE, -1, -1, -1).message().contains(cause));
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
        "MEMORY_LIMIT, only 77 bytes",
        "FILE_TOO_LARGE, ulimit -f allows 77 bytes"
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
        "HANDLE_LIMIT, ulimit -n"
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

package dev.quire.error;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/**
 * Everything that is known about a refused call.
 *
 * @param operation what was attempted, as a verb: {@code "map"}, {@code "flush"}
 * @param subject the path or name, or a description of memory that has neither
 * @param offset of the range in bytes, or -1
 * @param length of the range in bytes, or -1
 * @param code Quire's reason
 * @param sentence that reason in words
 * @param call the operating system's call that failed, or ""
 * @param osNumber {@code errno} or {@code GetLastError()}, 0 if the operating system was not asked
 * @param osName that number's name, or ""
 * @param limit the number that stands in the way: the file's size now, or a limit; -1 if there is none
 */
public record FailureDetails(
        String operation,
        String subject,
        long offset,
        long length,
        ErrorCode code,
        String sentence,
        String call,
        int osNumber,
        String osName,
        long limit) {
    /** Before the names of that system's numbers, and of no other's. */
    private static final String WINDOWS = "ERROR_";

    /** One line: what, where, why, the code, the operating system's number, and the likely cause. */
    public String message() {
        StringJoiner facts = new StringJoiner(", ", " [", "]");
        facts.add(code.name());
        if (osNumber != 0) {
            facts.add((call.isEmpty() ? "error" : call) + " gave " + (osName.isEmpty() ? "" : osName + " ") + osNumber);
        }
        causes().forEach(facts::add);
        return whatAndWhy() + facts;
    }

    /** One line for people: what, where, why, and the likely cause; no names of codes, no numbers of the system. */
    public String plainMessage() {
        StringJoiner causes = new StringJoiner("; ", "; ", "").setEmptyValue("");
        causes().forEach(causes::add);
        return whatAndWhy() + causes;
    }

    private String whatAndWhy() {
        StringBuilder text = new StringBuilder(operation).append(' ').append(subject);
        if (offset > 0) {
            text.append(" at byte ").append(offset);
        }
        if (length >= 0) {
            text.append(length == 1 ? " (1 byte)" : " (" + length + " bytes)");
        }
        return text.append(": ").append(sentence).toString();
    }

    /** What stands behind the code most of the time, as sentences without a full stop. */
    private List<String> causes() {
        List<String> causes = new ArrayList<>();
        switch (code) {
            case FILE_TOO_SHORT, FILE_TRUNCATED, FAULT -> addLimit(causes, "the file has ", " bytes");
            case MAP_LIMIT -> addLimit(causes, "vm.max_map_count is ", "; map fewer, larger ranges or raise it");
            case LOCK_LIMIT -> {
                addLimit(causes, "RLIMIT_MEMLOCK is ", " bytes");
                causes.add("see ulimit -l, or on Windows the minimum working set");
            }
            case MEMORY_LIMIT -> addLimit(causes, "only ", " bytes are available without taking memory from others");
            case FILE_TOO_LARGE -> addLimit(causes, "ulimit -f allows ", " bytes");
            case NO_SPACE -> addLimit(causes, "its file system has ", " bytes free");
            case HANDLE_LIMIT -> causes.add("see ulimit -n");
            case NO_MEMORY -> causes.add("see ulimit -v, vm.overcommit_memory and vm.max_map_count");
            case NOT_MAPPABLE -> {
                if (!call.isEmpty()) {
                    causes.add("pipes, sockets, devices and the files of /proc have no pages to map");
                }
            }
            case FILE_BUSY -> {
                if (osName.startsWith(WINDOWS)) {
                    causes.add("another view or handle of the file is open");
                }
            }
            default -> {}
        }
        return causes;
    }

    private void addLimit(List<String> causes, String before, String after) {
        if (limit >= 0) {
            causes.add(before + limit + after);
        }
    }
}

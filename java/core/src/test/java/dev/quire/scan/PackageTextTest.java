package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.scan.Piece.State;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The tables in the package's text say what the code does. */
class PackageTextTest {
    private static final Map<String, Double> UNITS =
            Map.of("", 1.0, "KiB", 1024.0, "MiB", 1024.0 * 1024, "ms", 1e6, "s", 1e9);

    private String text;

    @BeforeEach
    void readText() throws IOException {
        Path source = Path.of(System.getProperty("basedir", ""), "src/main/java/dev/quire/scan/package-info.java");
        assumeTrue(Files.exists(source), "the sources are not there");
        text = Files.readString(source).replaceAll("\\s*\\n \\*\\s*", " ");
    }

    @Test
    void everyTransitionIsARow() {
        Map<State, Set<State>> rows = new EnumMap<>(State.class);
        State from = State.KNOWN;
        Matcher row = Pattern.compile("<tr><td>([A-Z_]*)</td><td>[^<]*</td><td>([A-Z_]*)</td><td>[^<]*</td></tr>")
                .matcher(text);
        while (row.find()) {
            from = row.group(1).isEmpty() ? from : State.valueOf(row.group(1));
            Set<State> next = rows.computeIfAbsent(from, _ -> EnumSet.noneOf(State.class));
            if (!row.group(2).isEmpty()) {
                next.add(State.valueOf(row.group(2)));
            }
        }
        Map<State, Set<State>> transitions = new EnumMap<>(State.class);
        for (State state : State.values()) {
            transitions.put(state, state.next());
        }
        assertEquals(transitions, rows);
    }

    @Test
    void everyNumberIsARow() throws IllegalAccessException {
        Map<String, Double> rows = new TreeMap<>();
        Matcher row = Pattern.compile("<tr><td>([A-Z_]+)</td><td>([0-9.]+) ?([A-Za-z]*)</td><td>[^<]+</td></tr>")
                .matcher(text.replaceAll("\\{@code ([^}]*)}", "$1"));
        while (row.find()) {
            rows.put(row.group(1), Double.parseDouble(row.group(2)) * UNITS.get(row.group(3)));
        }
        Map<String, Double> numbers = new TreeMap<>();
        for (Field number : Tunables.class.getDeclaredFields()) {
            numbers.put(number.getName(), ((Number) number.get(null)).doubleValue());
        }
        assertEquals(numbers, rows);
    }
}

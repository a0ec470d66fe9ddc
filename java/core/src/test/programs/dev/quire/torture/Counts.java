package dev.quire.torture;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often what was done and happened: "operation read", "exception HANDLE_LIMIT", "sabotage truncate". */
final class Counts {
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

    /** Shows up as 0 until it happens. */
    void expect(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder());
    }

    void add(String what) {
        counts.computeIfAbsent(what, _ -> new LongAdder()).increment();
    }

    Map<String, Long> all() {
        Map<String, Long> all = new TreeMap<>();
        counts.forEach((what, count) -> all.put(what, count.sum()));
        return all;
    }
}

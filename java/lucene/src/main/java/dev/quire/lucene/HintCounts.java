package dev.quire.lucene;

import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of requests. Any thread may add. */
final class HintCounts {
    static final String PREFETCH = "PREFETCH";
    static final String PRELOAD = "PRELOAD";
    static final String LOCK = "LOCK";

    private record Key(String request, HintResult result) {}

    private record Sums(LongAdder calls, LongAdder bytes) {}

    private final Map<Key, Sums> sums = new ConcurrentHashMap<>();

    void add(String request, Outcome outcome) {
        add(request, outcome.result(), outcome.bytes());
    }

    void add(String request, HintResult result, long bytes) {
        Sums sum = sums.computeIfAbsent(new Key(request, result), key -> new Sums(new LongAdder(), new LongAdder()));
        sum.calls().increment();
        sum.bytes().add(bytes);
    }

    List<HintCount> snapshot() {
        return sums.entrySet().stream()
                .map(entry -> new HintCount(
                        entry.getKey().request(),
                        entry.getKey().result(),
                        entry.getValue().calls().sum(),
                        entry.getValue().bytes().sum()))
                .sorted(Comparator.comparing(HintCount::request).thenComparing(HintCount::result))
                .toList();
    }
}

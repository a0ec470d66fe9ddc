package dev.quire.micrometer;

import dev.quire.MappedMemory;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Statistics;
import dev.quire.hint.SystemFacts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * What all mappings of this process did since it began, and how many more it may have.
 *
 * <table>
 *   <caption>The meters</caption>
 *   <thead><tr><th>Name</th><th>Tags</th><th>What it is</th></tr></thead>
 *   <tbody>
 *   <tr><td>{@code quire.areas}</td><td></td><td>mapped areas of this process, everybody's; asking takes the system a
 *   microsecond and more for each</td></tr>
 *   <tr><td>{@code quire.areas.headroom}</td><td></td><td>areas until Quire refuses to map: the system's limit
 *   ({@code vm.max_map_count}) without the reserve and what is mapped</td></tr>
 *   <tr><td>{@code quire.hints}</td><td>{@code hint}, {@code outcome}</td><td>hints that were given; 25 and more
 *   meters</td></tr>
 *   <tr><td>{@code quire.populated}, {@code quire.prefetched}, {@code quire.evicted}</td><td></td><td>bytes that were
 *   brought in, asked for, and dropped from the page cache</td></tr>
 *   <tr><td>{@code quire.losses}</td><td></td><td>how often bytes of a mapping were lost or came back</td></tr>
 *   <tr><td>{@code quire.batches}, {@code quire.batch.waits}</td><td></td><td>runs of batches of reads, and how often
 *   one waited</td></tr>
 *   <tr><td>{@code quire.batch.reads}</td><td>{@code way}</td><td>records of batches, by the way they were
 *   read</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>What the platform does not tell, and what has no limit, is {@code NaN}.
 */
public final class ProcessMetrics implements MeterBinder {
    /** A registry forgets the counters of what is collected. */
    private static final Object LASTING = ProcessMetrics.class;

    private interface Fact {
        double of(SystemFacts facts);
    }

    /** Meters of a process. */
    public ProcessMetrics() {}

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("quire.areas", () -> fact(facts -> known(facts.mappedAreas())))
                .description("mapped areas of this process")
                .register(registry);
        Gauge.builder("quire.areas.headroom", () -> fact(ProcessMetrics::headroom))
                .description("areas that may be mapped before Quire refuses")
                .register(registry);
        for (Hint hint : Hint.values()) {
            for (HintResult result : HintResult.values()) {
                Tags tags = Tags.of("hint", word(hint), "outcome", word(result));
                counter(registry, "quire.hints", tags, "hints given", all -> all.count(hint, result));
            }
        }
        bytes(registry, "quire.populated", "brought in", Statistics::populatedBytes);
        bytes(registry, "quire.prefetched", "asked for", Statistics::prefetchedBytes);
        bytes(registry, "quire.evicted", "dropped from the page cache", Statistics::evictedBytes);
        FunctionCounter.builder("quire.losses", LASTING, process -> MappedMemory.losses())
                .description("how often bytes of a mapping were lost or came back")
                .register(registry);
        batches(registry);
    }

    private static void batches(MeterRegistry registry) {
        counter(registry, "quire.batches", Tags.empty(), "runs of batches of reads", Statistics::batches);
        counter(registry, "quire.batch.waits", Tags.empty(), "waits of batches for records", Statistics::waits);
        read(registry, "in-place", Statistics::inPlaceReads);
        read(registry, "mapped", Statistics::mappedReads);
        read(registry, "direct", Statistics::directReads);
        read(registry, "buffered", Statistics::bufferedReads);
    }

    private static void read(MeterRegistry registry, String way, ToDoubleFunction<Statistics> count) {
        counter(registry, "quire.batch.reads", Tags.of("way", way), "records of batches, by way", count);
    }

    private static void counter(
            MeterRegistry registry, String name, Tags tags, String description, ToDoubleFunction<Statistics> count) {
        FunctionCounter.builder(name, LASTING, process -> count.applyAsDouble(Platform.statistics()))
                .tags(tags)
                .description(description)
                .register(registry);
    }

    private static void bytes(
            MeterRegistry registry, String name, String description, ToDoubleFunction<Statistics> count) {
        FunctionCounter.builder(name, LASTING, process -> count.applyAsDouble(Platform.statistics()))
                .baseUnit("bytes")
                .description("bytes that were " + description)
                .register(registry);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    private static double fact(Fact fact) {
        try {
            return fact.of(Platform.facts());
        } catch (MappingException e) {
            return Double.NaN; // no library: nobody tells
        }
    }

    private static double headroom(SystemFacts facts) {
        return facts.mapLimit() < 0 || facts.mappedAreas() < 0
                ? Double.NaN
                : facts.mapLimit() - facts.mapReserve() - facts.mappedAreas();
    }

    private static double known(long value) {
        return value < 0 ? Double.NaN : value;
    }
}

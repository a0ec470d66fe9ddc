package dev.quire.micrometer;

import dev.quire.MappedMemory;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Residency;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * How much there is of one mapping, in bytes, tagged {@code mapping} with a name. Asking for what is in memory takes a
 * nanosecond or more for a page. What the system does not tell is {@code NaN}, and so is all of a mapping that is
 * closed or collected: a registry does not keep it.
 *
 * <table>
 *   <caption>The meters</caption>
 *   <thead><tr><th>Name</th><th>What it is</th></tr></thead>
 *   <tbody>
 *   <tr><td>{@code quire.mapping.size}</td><td>bytes mapped</td></tr>
 *   <tr><td>{@code quire.mapping.resident}</td><td>bytes of pages that are in memory</td></tr>
 *   <tr><td>{@code quire.mapping.dirty}</td><td>bytes of pages of the file that are changed and not written
 *   yet</td></tr>
 *   <tr><td>{@code quire.mapping.lost}</td><td>bytes that are known to be lost</td></tr>
 *   </tbody>
 * </table>
 */
public final class MappingMetrics implements MeterBinder {
    private final String name;
    private final MappedMemory memory;

    /**
     * Meters of a mapping.
     *
     * @param name the value of the tag {@code mapping}; each mapping of a registry has its own
     */
    public MappingMetrics(String name, MappedMemory memory) {
        this.name = name;
        this.memory = memory;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        gauge(registry, "size", "bytes mapped", MappedMemory::byteSize);
        gauge(registry, "resident", "bytes of pages in memory", MappingMetrics::resident);
        gauge(registry, "dirty", "bytes of pages that are not written yet", MappingMetrics::dirty);
        gauge(registry, "lost", "bytes that are lost", MappingMetrics::lost);
    }

    private void gauge(MeterRegistry registry, String what, String description, ToDoubleFunction<MappedMemory> value) {
        Gauge.builder("quire.mapping." + what, memory, of -> ofOpen(of, value))
                .baseUnit("bytes")
                .description(description)
                .tag("mapping", name)
                .register(registry);
    }

    /** A close may come at any time. */
    private static double ofOpen(MappedMemory memory, ToDoubleFunction<MappedMemory> value) {
        try {
            return memory.isClosed() ? Double.NaN : value.applyAsDouble(memory);
        } catch (IllegalStateException e) {
            if (memory.isClosed()) {
                return Double.NaN;
            }
            throw e;
        }
    }

    private static double resident(MappedMemory memory) {
        Residency now = memory.residency();
        return now.known() ? now.residentBytes() : Double.NaN;
    }

    private static double dirty(MappedMemory memory) {
        Residency now = memory.residency(0, memory.byteSize());
        return now.dirtyPages() < 0 ? Double.NaN : now.dirtyPages() * (double) now.pageSize();
    }

    private static double lost(MappedMemory memory) {
        return memory.damage().lost().stream().mapToLong(ByteRange::length).sum();
    }
}

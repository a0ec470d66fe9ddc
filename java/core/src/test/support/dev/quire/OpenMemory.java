package dev.quire;

import dev.quire.error.MappingException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A mapping of any lifetime, used in the way its lifetime asks for.
 *
 * @param group closes the memory if it belongs to it
 */
public record OpenMemory(MappedMemory memory, MappingGroup group) implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Of no group. */
    public OpenMemory(MappedMemory memory) {
        this(memory, new MappingGroup());
    }

    /** Runs with views, of a lease where there are no others. */
    public void use(Consumer<Views> user) {
        get(views -> {
            user.accept(views);
            return 0;
        });
    }

    public <T> T get(Function<Views, T> user) {
        return switch (memory) {
            case Mapping mapping -> user.apply(mapping);
            case AutoMapping auto -> user.apply(auto);
            case GroupedMapping grouped -> user.apply(grouped);
            case LeasedMapping leased -> {
                try (Lease lease = leased.lease()) {
                    yield user.apply(lease);
                }
            }
        };
    }

    public void resize(long byteSize) throws MappingException {
        switch (memory) {
            case Mapping mapping -> mapping.resize(byteSize);
            case LeasedMapping leased -> leased.resize(byteSize, PATIENCE);
            case GroupedMapping _, AutoMapping _ ->
                throw new IllegalArgumentException(memory + " has no size but its own");
        }
    }

    public void protect(boolean readOnly) throws MappingException {
        switch (memory) {
            case Mapping mapping -> mapping.protect(readOnly);
            case LeasedMapping leased -> leased.protect(readOnly, PATIENCE);
            case GroupedMapping _, AutoMapping _ -> throw new IllegalArgumentException(memory + " cannot be protected");
        }
    }

    /** Leaves memory that the collector unmaps to the collector. */
    @Override
    public void close() {
        switch (memory) {
            case Mapping mapping -> mapping.close();
            case LeasedMapping leased -> leased.close();
            case GroupedMapping _ -> group.close();
            case AutoMapping _ -> {}
        }
    }
}

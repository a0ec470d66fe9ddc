package dev.quire;

import dev.quire.internal.Region;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How long mapped memory lives and who may see it. The lifetime decides the type of the mapping, so that what a
 * lifetime does not promise cannot be written.
 *
 * <table>
 *   <caption>The lifetimes</caption>
 *   <thead><tr><th>Lifetime</th><th>Views may be used by</th><th>{@code close()}</th><th>Views handed out
 *   before</th><th>Unmapped</th><th>Cost of close</th></tr></thead>
 *   <tbody>
 *   <tr><td>{@link #CONFINED}</td><td>the thread that opened it</td><td>revokes</td><td>throw {@link
 *   IllegalStateException}</td><td>at once, or when the last call under way returns</td><td>about
 *   {@code munmap}</td></tr>
 *   <tr><td>{@link #SHARED}</td><td>any thread</td><td>revokes</td><td>throw, in every thread</td><td>the
 *   same</td><td>a handshake with every thread: 70 to 150 us</td></tr>
 *   <tr><td>{@link #LEASED}</td><td>each holder of a {@link Lease}, in one thread</td><td>refuses new
 *   leases</td><td>work until their lease ends, then throw</td><td>with the last lease</td><td>about
 *   {@code munmap}</td></tr>
 *   <tr><td>of a {@link MappingGroup}</td><td>any thread</td><td>revokes, all mappings of the group</td><td>throw,
 *   in every thread</td><td>the same</td><td>one handshake for all of them</td></tr>
 *   <tr><td>{@link #AUTO}</td><td>any thread</td><td>there is none</td><td>stay readable</td><td>when no view is
 *   reachable any more</td><td>none</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>Closing twice does nothing. A mapping that is neither closed nor AUTO stays mapped until the process ends.
 *
 * @param <M> the type of mapping
 */
public final class Lifetime<M extends MappedMemory> {
    /** One thread; the cheapest to open and close. */
    public static final Lifetime<Mapping> CONFINED = new Lifetime<>(Kind.CONFINED);

    /** Any thread; closing revokes every view. The default. */
    public static final Lifetime<Mapping> SHARED = new Lifetime<>(Kind.SHARED);

    /** Any thread, through leases; for memory that is opened and closed often while many threads read. */
    public static final Lifetime<LeasedMapping> LEASED = new Lifetime<>(Kind.LEASED);

    /** Any thread; unmapped by the garbage collector. Not for files on Windows, where they could not be deleted. */
    public static final Lifetime<AutoMapping> AUTO = new Lifetime<>(Kind.AUTO);

    private enum Kind {
        CONFINED,
        SHARED,
        LEASED,
        GROUPED,
        AUTO
    }

    private final Kind kind;

    /** Of GROUPED; else null. */
    private final @Nullable MappingGroup group;

    private Lifetime(Kind kind) {
        this(kind, null);
    }

    private Lifetime(Kind kind, @Nullable MappingGroup group) {
        this.kind = kind;
        this.group = group;
    }

    static Lifetime<GroupedMapping> of(MappingGroup group) {
        return new Lifetime<>(Kind.GROUPED, group);
    }

    /** What a mapping is made of. */
    record Origin(Region region, MapMode mode) {}

    /** The mapping of this lifetime: each is made with the type that its kind gives here. */
    @SuppressWarnings("unchecked")
    M mapping(Region region, MapMode mode) {
        Origin origin = new Origin(region, mode);
        return (M)
                switch (kind) {
                    case CONFINED -> new Mapping(origin, true);
                    case SHARED -> new Mapping(origin, false);
                    case LEASED -> new LeasedMapping(origin);
                    case GROUPED -> new GroupedMapping(origin, Objects.requireNonNull(group));
                    case AUTO -> new AutoMapping(origin);
                };
    }

    @Override
    public String toString() {
        return kind.name();
    }
}

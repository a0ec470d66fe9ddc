package dev.quire.array;

import dev.quire.Lifetime;
import dev.quire.MapOptions;
import dev.quire.MappedMemory;
import dev.quire.Views;
import java.util.Optional;

/**
 * How an array file is opened. Immutable: each method returns changed options.
 *
 * @param lifetime {@link Lifetime#SHARED} by default; {@link Lifetime#CONFINED}, {@link Lifetime#AUTO} and that of a
 *     {@link dev.quire.MappingGroup} are the others that arrays can have. For {@link Lifetime#LEASED} use
 *     {@link ArrayView#over} with the bytes of a lease
 * @param mapping hints and options for the mapping, which is always of the whole file: an offset or length is refused
 * @param headerLimit the longest text of a {@code .npy} header that is read, in characters
 * @param dtype what the elements must be, if that matters: anything else is an {@link ArrayFileException.DTypeMismatch}
 */
public record ArrayOptions(
        Lifetime<? extends MappedMemory> lifetime, MapOptions mapping, int headerLimit, Optional<DType> dtype) {
    /** Shared between threads, no hints, headers of up to 10,000 characters as in NumPy. */
    public static final ArrayOptions DEFAULT =
            new ArrayOptions(Lifetime.SHARED, MapOptions.DEFAULT, NpyHeader.DEFAULT_LIMIT, Optional.empty());

    /** Checks what arrays cannot have. */
    public ArrayOptions {
        if (lifetime == Lifetime.LEASED) {
            throw new IllegalArgumentException(
                    "an array has no lease; map with LEASED and use ArrayView.over(lease.bytes(), ...)");
        }
        if (mapping.offset() != 0 || mapping.length() >= 0) {
            throw new IllegalArgumentException("an array maps its whole file; openRaw takes an offset");
        }
    }

    /** Another lifetime. */
    public <M extends MappedMemory & Views> ArrayOptions lifetime(Lifetime<M> newLifetime) {
        return new ArrayOptions(newLifetime, mapping, headerLimit, dtype);
    }

    /** Other hints and options of the mapping. */
    public ArrayOptions mapping(MapOptions options) {
        return new ArrayOptions(lifetime, options, headerLimit, dtype);
    }

    /** Longer headers than NumPy reads by default, from a file that can be trusted. */
    public ArrayOptions headerLimit(int characters) {
        return new ArrayOptions(lifetime, mapping, characters, dtype);
    }

    /** Elements of this type in this byte order and nothing else. */
    public ArrayOptions dtype(DType expected) {
        return new ArrayOptions(lifetime, mapping, headerLimit, Optional.of(expected));
    }
}

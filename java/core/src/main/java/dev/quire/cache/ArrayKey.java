package dev.quire.cache;

import dev.quire.MapMode;
import dev.quire.array.ArrayOptions;
import dev.quire.array.MappedArray;
import dev.quire.array.RawLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What is asked of a cache: equal keys share a mapping.
 *
 * @param path made absolute
 * @param mode read-only, or writable for all users at once; copy-on-write changes are seen by all users too
 * @param member of a {@code .npz}; empty for a file of its own
 * @param raw dtype, shape and range for bytes without a header; empty where the file says them
 */
public record ArrayKey(Path path, MapMode mode, Optional<String> member, Optional<RawLayout> raw) {
    /** Makes the path absolute. */
    public ArrayKey {
        path = path.toAbsolutePath().normalize();
        if (member.isPresent() && raw.isPresent()) {
            throw new IllegalArgumentException("a member of an archive is not raw");
        }
    }

    /** A file whose format its content tells. */
    public static ArrayKey of(Path path, MapMode mode) {
        return new ArrayKey(path, mode, Optional.empty(), Optional.empty());
    }

    /** A member of a {@code .npz}. */
    public static ArrayKey member(Path path, MapMode mode, String member) {
        return new ArrayKey(path, mode, Optional.of(member), Optional.empty());
    }

    /** Raw bytes. */
    public static ArrayKey raw(Path path, MapMode mode, RawLayout raw) {
        return new ArrayKey(path, mode, Optional.empty(), Optional.of(raw));
    }

    MappedArray open() throws IOException {
        if (member.isPresent()) {
            return MappedArray.openMember(path, member.get(), mode, ArrayOptions.DEFAULT);
        }
        return raw.isPresent()
                ? MappedArray.openRaw(path, raw.get(), mode, ArrayOptions.DEFAULT)
                : MappedArray.open(path, mode);
    }
}

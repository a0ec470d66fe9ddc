package dev.quire.internal;

import dev.quire.error.MappingException;
import org.jspecify.annotations.Nullable;

/**
 * What a resize left behind.
 *
 * @param extent where the memory is mapped now; empty if the platform had to unmap first and could not map again
 * @param failure why it failed, or null if it did not
 */
record Resized(Extent extent, @Nullable Exception failure) {
    /** Throws the failure, if there is one. */
    void fail() throws MappingException {
        switch (failure) {
            case null -> {}
            case MappingException refused -> throw refused;
            case RuntimeException mistake -> throw mistake;
            default -> throw new AssertionError(failure);
        }
    }
}

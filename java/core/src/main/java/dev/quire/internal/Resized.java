package dev.quire.internal;

import org.jspecify.annotations.Nullable;

/**
 * What a resize left behind.
 *
 * @param extent where the memory is mapped now; empty if the platform had to unmap first and could not map again
 * @param failure why it failed, or null if it did not
 */
record Resized(Extent extent, @Nullable Exception failure) {}

/** Keeping mappings open that are used again and again: {@link dev.quire.cache.MappingCache}. */
@NullMarked
package dev.quire.cache;

import org.jspecify.annotations.NullMarked;

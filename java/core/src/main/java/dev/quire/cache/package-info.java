/**
 * Keeping mappings open that are used again and again: {@link dev.quire.cache.MappingCache}.
 *
 * {@snippet :
 * try (MappingCache cache = new MappingCache(100, 64L << 30)) {   // 100 arrays, 64 GiB of addresses
 *     ArrayKey weights = ArrayKey.of(path, MapMode.READ_ONLY);
 *     try (CachedArray use = cache.use(weights)) {                // opens the file
 *         use.array().getDouble(0);
 *     }
 *     try (CachedArray use = cache.use(weights)) {                // the same array, unless the file was replaced
 *         use.array().sum();
 *     }
 *     cache.statistics();                                         // 1 hit, 1 miss
 * }
 * }
 *
 * <p>A mapping costs a few microseconds to open and, if threads share it, some fifty to close; and each takes one of
 * the system's areas, of which a process has some 65,000. A cache saves the first and bounds the second. It bounds
 * addresses, not memory: which pages are in memory is the operating system's business.
 */
@NullMarked
package dev.quire.cache;

import org.jspecify.annotations.NullMarked;

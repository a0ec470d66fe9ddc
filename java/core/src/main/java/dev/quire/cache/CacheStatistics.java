package dev.quire.cache;

/**
 * What a cache did so far, and holds.
 *
 * @param hits requests that found a mapping, or one being opened
 * @param misses requests that opened one
 * @param evictions mappings that had to go to keep the bounds
 * @param replacements mappings dropped because the path named something else
 * @param open mappings open now, in use or not
 * @param openBytes how many bytes they map
 */
public record CacheStatistics(long hits, long misses, long evictions, long replacements, int open, long openBytes) {}

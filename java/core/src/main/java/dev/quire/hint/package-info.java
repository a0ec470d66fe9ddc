/**
 * Hints and their results, and values that describe pages: ranges, damage, residency, durability. Nothing here does
 * anything.
 */
@NullMarked
package dev.quire.hint;

import org.jspecify.annotations.NullMarked;

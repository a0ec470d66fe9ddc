/**
 * Hints and their results, and values that describe pages: ranges, damage, residency, durability. These are values
 * alone: the methods of mappings and slices take and return them.
 */
@NullMarked
package dev.quire.hint;

import org.jspecify.annotations.NullMarked;

/** What bytes mean: typed slices of mapped memory, one dimension. */
@NullMarked
package dev.quire.slice;

import org.jspecify.annotations.NullMarked;

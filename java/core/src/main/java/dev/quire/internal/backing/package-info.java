/**
 * What stands behind a region: calls of the native library, or the JDK's own mapping where there is none. A region
 * chooses one of them once.
 *
 * <p>Not exported. Nothing here holds a region: callers do.
 */
@NullMarked
package dev.quire.internal.backing;

import org.jspecify.annotations.NullMarked;

/**
 * Finding, verifying and loading the native library; nothing here calls it.
 */
@NullMarked
package dev.quire.internal.load;

import org.jspecify.annotations.NullMarked;

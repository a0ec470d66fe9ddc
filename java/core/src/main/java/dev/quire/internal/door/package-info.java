/** What words and errors leave to the rest of the library alone: making them. It builds on nothing. */
@NullMarked
package dev.quire.internal.door;

import org.jspecify.annotations.NullMarked;

/**
 * Where bytes come from: mapped files and buffers, their modes, options and lifetimes.
 */
@NullMarked
package dev.quire;

import org.jspecify.annotations.NullMarked;

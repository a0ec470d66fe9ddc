/**
 * Words for what will happen to pages: hints and the answers to them, residency, durability. Nothing here does
 * anything.
 */
@NullMarked
package dev.quire.advice;

import org.jspecify.annotations.NullMarked;

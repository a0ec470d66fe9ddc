/**
 * The wall: with its packages the only importer of the generated bindings, the only {@code reinterpret}.
 *
 * <p>Not exported. Nothing passes the wall without a hold on its {@link dev.quire.internal.Region}.
 */
@NullMarked
package dev.quire.internal;

import org.jspecify.annotations.NullMarked;

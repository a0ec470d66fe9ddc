/**
 * Regions of mapped memory and what is done to them. Only this package and those below it import the generated bindings
 * and call {@code reinterpret}.
 *
 * <p>Not exported. Native code is called only while a hold on the {@link dev.quire.internal.Region} keeps it mapped.
 */
@NullMarked
package dev.quire.internal;

import org.jspecify.annotations.NullMarked;

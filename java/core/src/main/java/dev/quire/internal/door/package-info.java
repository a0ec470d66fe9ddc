/** Makes exceptions that only this library may make. It depends on no other package of the library's own code. */
@NullMarked
package dev.quire.internal.door;

import org.jspecify.annotations.NullMarked;

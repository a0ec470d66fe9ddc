package dev.quire.array;

import java.io.IOException;

/** Stores the elements of a new file before it gets its name: {@link ArrayConversion#create(java.nio.file.Path,
 * ArraySpec, WriteOptions, ArrayFiller)}.
 */
@FunctionalInterface
public interface ArrayFiller {
    /**
     * Stores elements. Those that are not stored stay zero.
     *
     * @param array the new file's elements, mapped, writable by any thread until this returns; all are zero at first
     * @throws IOException what ends the creation: no file is there then, and one that was to be replaced stays
     */
    void fill(ArrayView array) throws IOException;
}

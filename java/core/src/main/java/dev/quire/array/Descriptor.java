package dev.quire.array;

/**
 * What the header of an array file says about one element. {@link DType} can be mapped; of a {@link StructuredType} the
 * numeric fields can; an {@link UnmappableType} is known by name only.
 */
public sealed interface Descriptor permits DType, StructuredType, UnmappableType {

    /** Size of one element in bytes; 0 where the file holds no array of elements (Python objects). */
    long itemBytes();
}

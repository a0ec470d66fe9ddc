package dev.quire.array;

import dev.quire.internal.FloatFormat;
import java.util.Arrays;
import java.util.Optional;

/**
 * The element types that can be mapped: every numeric type of NumPy that Java can compute with. Byte order is not part
 * of the type; a {@link DType} pairs the two.
 *
 * <p>Unsigned integers read as the next wider Java type ({@code u1} and {@code u2} as {@code int}, {@code u4} as
 * {@code long}); {@code u8} reads as the bits of a {@code long}, to be used with {@link Long#toUnsignedString(long)}
 * and its kin. A complex element is two floats, real part first.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/arrays.dtypes.html">NumPy: data type objects</a>
 */
public enum ElementType {
    /** One byte, 0 or 1; any other byte reads as true, as in NumPy. */
    BOOL('b', 1, "bool", "?"),
    /** Signed 8-bit integer. */
    INT8('i', 1, "int8", "b"),
    /** Signed 16-bit integer. */
    INT16('i', 2, "int16", "h"),
    /** Signed 32-bit integer. */
    INT32('i', 4, "int32", "i"),
    /** Signed 64-bit integer. */
    INT64('i', 8, "int64", "q"),
    /** Unsigned 8-bit integer. */
    UINT8('u', 1, "uint8", "B"),
    /** Unsigned 16-bit integer. */
    UINT16('u', 2, "uint16", "H"),
    /** Unsigned 32-bit integer. */
    UINT32('u', 4, "uint32", "I"),
    /** Unsigned 64-bit integer. */
    UINT64('u', 8, "uint64", "Q"),
    /** IEEE 754 half precision. */
    FLOAT16('f', 2, "float16", "e"),
    /** The upper half of a float, which keeps its range: bfloat16. NumPy itself has no such type. */
    BFLOAT16('f', 2, "bfloat16", "bf16"),
    /** Eight bits with four of exponent, without infinities, as far as 448. NumPy itself has no such type. */
    FLOAT8_E4M3FN('f', 1, "float8_e4m3fn", "f8_e4m3fn"),
    /** Eight bits with five of exponent, as far as 57344. NumPy itself has no such type. */
    FLOAT8_E5M2('f', 1, "float8_e5m2", "f8_e5m2"),
    /** IEEE 754 single precision. */
    FLOAT32('f', 4, "float32", "f"),
    /** IEEE 754 double precision. */
    FLOAT64('f', 8, "float64", "d"),
    /** Two single-precision floats: real, imaginary. */
    COMPLEX64('c', 8, "complex64", "F"),
    /** Two double-precision floats: real, imaginary. */
    COMPLEX128('c', 16, "complex128", "D");

    private final char kind;
    private final int itemBytes;
    private final String numpyName;
    private final String character;

    ElementType(char kind, int itemBytes, String numpyName, String character) {
        this.kind = kind;
        this.itemBytes = itemBytes;
        this.numpyName = numpyName;
        this.character = character;
    }

    /**
     * NumPy's kind letter: {@code b} bool, {@code i} signed, {@code u} unsigned, {@code f} float, {@code c} complex.
     */
    public char kind() {
        return kind;
    }

    /** Size of one element in bytes. */
    public int itemBytes() {
        return itemBytes;
    }

    /** Size in bytes of the part a byte order applies to: half an element for complex types, else the element. */
    public int componentBytes() {
        return isComplex() ? itemBytes / 2 : itemBytes;
    }

    /**
     * Kind and size as NumPy writes them in a descriptor, without the byte order: {@code f8}. The long name of a type
     * that NumPy has no descriptor for.
     */
    public String code() {
        return isOfNumPy() ? kind + Integer.toString(itemBytes) : numpyName;
    }

    /** Whether NumPy itself has the type; bfloat16 and numbers of 8 bits come with its extension ml_dtypes. */
    public boolean isOfNumPy() {
        return this != BFLOAT16 && this != FLOAT8_E4M3FN && this != FLOAT8_E5M2;
    }

    /** How floating-point elements are stored. */
    FloatFormat format() {
        return switch (this) {
            case FLOAT16 -> FloatFormat.HALF;
            case BFLOAT16 -> FloatFormat.BRAIN;
            case FLOAT8_E4M3FN -> FloatFormat.E4M3FN;
            case FLOAT8_E5M2 -> FloatFormat.E5M2;
            case FLOAT32 -> FloatFormat.SINGLE;
            case FLOAT64 -> FloatFormat.DOUBLE;
            default -> throw new IllegalStateException(this + " is not floating-point");
        };
    }

    /** The long name that NumPy or ml_dtypes has: {@code float64}. */
    public String numpyName() {
        return numpyName;
    }

    /** Whether elements are whole numbers, signed or not; bool is none. */
    public boolean isInteger() {
        return kind == 'i' || kind == 'u';
    }

    /** Whether elements are whole numbers without a sign. */
    public boolean isUnsigned() {
        return kind == 'u';
    }

    /** Whether an element is a pair of floats. */
    public boolean isComplex() {
        return kind == 'c';
    }

    @Override
    public String toString() {
        return numpyName;
    }

    /**
     * The type NumPy knows under {@code text}: a code ({@code f8}), a long name ({@code float64}) or a one-letter code
     * whose size is the same everywhere ({@code d}; not {@code l}, which is 4 or 8 bytes by platform).
     */
    static Optional<ElementType> find(String text) {
        return Arrays.stream(values()).filter(type -> type.answersTo(text)).findFirst();
    }

    private boolean answersTo(String text) {
        return text.equals(code()) || text.equals(numpyName) || text.equals(character);
    }
}

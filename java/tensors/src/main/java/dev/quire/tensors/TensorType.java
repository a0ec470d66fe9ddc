package dev.quire.tensors;

import dev.quire.array.ElementType;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the elements of a tensor are, with the geometry of its storage: so many elements in a block of so many bytes.
 * For a plain type, a block is one element; types of fewer than 8 bits share bytes; GGUF's quantised types store a
 * block of elements with their common scale.
 *
 * @see <a href="https://github.com/huggingface/safetensors">safetensors</a>
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF</a>
 */
public enum TensorType {
    /** One byte, 0 or 1. */
    BOOL(1, 1, -1, "bool"),
    /** 4-bit floats of OCP's microscaling formats (E2M1), two in a byte. */
    F4(2, 1, -1, null),
    /** 6-bit floats with 2 bits of exponent, four in 3 bytes. */
    F6_E2M3(4, 3, -1, null),
    /** 6-bit floats with 3 bits of exponent, four in 3 bytes. */
    F6_E3M2(4, 3, -1, null),
    /** Unsigned 8-bit integers. */
    U8(1, 1, -1, "uint8"),
    /** Signed 8-bit integers. */
    I8(1, 1, 24, "int8"),
    /** 8-bit floats with 5 bits of exponent. */
    F8_E5M2(1, 1, -1, "float8_e5m2"),
    /** 8-bit floats with 4 bits of exponent, no infinities. */
    F8_E4M3(1, 1, -1, "float8_e4m3fn"),
    /** 8-bit exponents: powers of two. */
    F8_E8M0(1, 1, -1, "float8_e8m0fnu"),
    /** 8-bit floats with 4 bits of exponent, no infinities, no negative zero. */
    F8_E4M3FNUZ(1, 1, -1, "float8_e4m3fnuz"),
    /** 8-bit floats with 5 bits of exponent, no infinities, no negative zero. */
    F8_E5M2FNUZ(1, 1, -1, "float8_e5m2fnuz"),
    /** Signed 16-bit integers. */
    I16(1, 2, 25, "int16"),
    /** Unsigned 16-bit integers. */
    U16(1, 2, -1, "uint16"),
    /** IEEE 754 half precision. */
    F16(1, 2, 1, "float16"),
    /** The upper half of a single-precision float. */
    BF16(1, 2, 30, "bfloat16"),
    /** Signed 32-bit integers. */
    I32(1, 4, 26, "int32"),
    /** Unsigned 32-bit integers. */
    U32(1, 4, -1, "uint32"),
    /** IEEE 754 single precision. */
    F32(1, 4, 0, "float32"),
    /** Two single-precision floats: real, imaginary. */
    C64(1, 8, -1, "complex64"),
    /** IEEE 754 double precision. */
    F64(1, 8, 28, "float64"),
    /** Signed 64-bit integers. */
    I64(1, 8, 27, "int64"),
    /** Unsigned 64-bit integers. */
    U64(1, 8, -1, "uint64"),
    /** Two double-precision floats: real, imaginary. Of NumPy's archives only. */
    C128(1, 16, -1, "complex128"),
    /** 4 bits, a scale for 32. */
    Q4_0(32, 18, 2, null),
    /** 4 bits, a scale and a minimum for 32. */
    Q4_1(32, 20, 3, null),
    /** 5 bits, a scale for 32. */
    Q5_0(32, 22, 6, null),
    /** 5 bits, a scale and a minimum for 32. */
    Q5_1(32, 24, 7, null),
    /** 8 bits, a scale for 32. */
    Q8_0(32, 34, 8, null),
    /** 8 bits, a scale and a sum for 32. */
    Q8_1(32, 40, 9, null),
    /** 2 bits, scales and minima for 16. */
    Q2_K(256, 84, 10, null),
    /** 3 bits, scales for 16. */
    Q3_K(256, 110, 11, null),
    /** 4 bits, scales and minima for 32. */
    Q4_K(256, 144, 12, null),
    /** 5 bits, scales and minima for 32. */
    Q5_K(256, 176, 13, null),
    /** 6 bits, scales for 16. */
    Q6_K(256, 210, 14, null),
    /** 8 bits, sums for 16. */
    Q8_K(256, 292, 15, null),
    /** About 2 bits, by a table. */
    IQ2_XXS(256, 66, 16, null),
    /** About 2 bits, by a table. */
    IQ2_XS(256, 74, 17, null),
    /** About 3 bits, by a table. */
    IQ3_XXS(256, 98, 18, null),
    /** About 1.5 bits, by a table. */
    IQ1_S(256, 50, 19, null),
    /** 4 bits, by a table of 16 values. */
    IQ4_NL(32, 18, 20, null),
    /** About 3 bits, by a table. */
    IQ3_S(256, 110, 21, null),
    /** About 2 bits, by a table. */
    IQ2_S(256, 82, 22, null),
    /** 4 bits, by a table of 16 values. */
    IQ4_XS(256, 136, 23, null),
    /** About 2 bits, by a table. */
    IQ1_M(256, 56, 29, null),
    /** Three values. */
    TQ1_0(256, 54, 34, null),
    /** Three values. */
    TQ2_0(256, 66, 35, null),
    /** OCP's 4-bit floats with a power of two for 32. */
    MXFP4(32, 17, 39, null),
    /** NVIDIA's 4-bit floats with an 8-bit float for 16. */
    NVFP4(64, 36, 40, null),
    /** 1 bit, a scale for 128. */
    Q1_0(128, 18, 41, null),
    /** 2 bits, a scale for 64. */
    Q2_0(64, 18, 42, null);

    /** In the sequence of the reference's enumeration, by which its writer sorts tensors: the largest goes first. */
    private static final Set<TensorType> OF_SAFETENSORS = EnumSet.range(BOOL, U64);

    private static final Map<String, TensorType> BY_NAME = new HashMap<>();
    private static final Map<Integer, TensorType> BY_NUMBER = new HashMap<>();

    static {
        for (TensorType type : OF_SAFETENSORS) {
            BY_NAME.put(type.name(), type);
        }
        for (TensorType type : values()) {
            if (type.ggufNumber >= 0) {
                BY_NUMBER.put(type.ggufNumber, type);
            }
        }
    }

    private final int blockElements;
    private final int blockBytes;
    private final int ggufNumber;
    private final @Nullable ElementType element;

    /** @param numpyName of the element type, as NumPy or ml_dtypes has it; arrays may not have that type */
    TensorType(int blockElements, int blockBytes, int ggufNumber, @Nullable String numpyName) {
        this.blockElements = blockElements;
        this.blockBytes = blockBytes;
        this.ggufNumber = ggufNumber;
        this.element = elementNamed(numpyName);
    }

    private static @Nullable ElementType elementNamed(@Nullable String numpyName) {
        for (ElementType element : ElementType.values()) {
            if (element.numpyName().equals(numpyName)) {
                return element;
            }
        }
        return null;
    }

    /** How many elements a block has; 1 for plain types. */
    public int blockElements() {
        return blockElements;
    }

    /** How many bytes a block has. */
    public int blockBytes() {
        return blockBytes;
    }

    /** The element type with which arrays read it; empty for types that only {@link BlockView} reads, or nobody. */
    public Optional<ElementType> elementType() {
        return Optional.ofNullable(element);
    }

    /** Whether {@link BlockView#read} can make floats of it. */
    public boolean isReadable() {
        return BlockDecoder.of(this) != null;
    }

    /** Whether safetensors has it. */
    boolean isOfSafetensors() {
        return OF_SAFETENSORS.contains(this);
    }

    /** The size of so many elements, or -1 if they do not end with a block or take more than 2^63 - 1 bytes. */
    long bytesOf(long elements) {
        long blocks = elements / blockElements;
        return elements % blockElements != 0 || blocks > Long.MAX_VALUE / blockBytes ? -1 : blocks * blockBytes;
    }

    static @Nullable TensorType ofSafetensors(String name) {
        return BY_NAME.get(name);
    }

    static @Nullable TensorType ofGguf(int number) {
        return BY_NUMBER.get(number);
    }

    static Optional<TensorType> of(ElementType element) {
        return Arrays.stream(values()).filter(type -> type.element == element).findFirst();
    }
}

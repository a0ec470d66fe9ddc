package dev.quire.tensors;

import java.util.ArrayList;
import java.util.List;

/** The values of GGUF's metadata: their bounds when the file is opened, their contents when they are asked for. */
final class GgufValues {
    /** How deep arrays may nest; the reference allows one level, the format's text any number. */
    static final int MAX_DEPTH = 32;

    /** In front of the elements of an array: their type and number. */
    private static final int ARRAY_HEAD = 12;

    private static final int TEXT_HEAD = 8;

    private GgufValues() {}

    static MetadataValue.Type type(HeaderReader in, Source source, String what) throws TensorFileException {
        int number = in.readInt(what);
        return MetadataValue.Type.of(number)
                .orElseThrow(() -> source.bad(
                        what + " has the type " + Integer.toUnsignedString(number) + ", which GGUF does not define"));
    }

    /** Goes to the end of a value, and checks on the way that all of it is there. */
    static void skip(HeaderReader in, Source source, MetadataValue.Type type, String what, int depth)
            throws TensorFileException {
        switch (type) {
            case STRING -> in.skip(what, in.readLong(what));
            case ARRAY -> skipArray(in, source, what, depth);
            default -> in.skip(what, type.bytes);
        }
    }

    private static void skipArray(HeaderReader in, Source source, String what, int depth) throws TensorFileException {
        if (depth == MAX_DEPTH) {
            throw source.bad(what + " has arrays in arrays, more than " + MAX_DEPTH + " deep");
        }
        MetadataValue.Type element = type(in, source, what);
        long count = in.readLong(what);
        requireCount(in, what, element, count);
        if (element.bytes > 0) {
            in.skip(what, count * element.bytes);
            return;
        }
        for (long i = 0; i < count; i++) {
            skip(in, source, element, what, depth + 1);
        }
    }

    /** Whether so many elements can follow at all, so that nothing is counted or allocated for others. */
    private static void requireCount(HeaderReader in, String what, MetadataValue.Type element, long count)
            throws TensorFileException {
        int least = switch (element) {
            case STRING -> TEXT_HEAD;
            case ARRAY -> ARRAY_HEAD;
            default -> element.bytes;
        };
        in.require(what, count < 0 || count > Long.MAX_VALUE / least ? -1 : count * least);
    }

    static MetadataValue read(HeaderReader in, Source source, MetadataValue.Type type, String what)
            throws TensorFileException {
        return switch (type) {
            case STRING -> MetadataValue.of(text(in, source, what));
            case BOOL -> MetadataValue.of(in.readByte(what) != 0);
            case FLOAT32 -> MetadataValue.of(type, (double) Float.intBitsToFloat(in.readInt(what)));
            case FLOAT64 -> MetadataValue.of(type, Double.longBitsToDouble(in.readLong(what)));
            case ARRAY -> {
                MetadataValue.Type element = type(in, source, what);
                long count = in.readLong(what);
                requireCount(in, what, element, count);
                yield MetadataValue.of(new MetadataValue.Stored(source, element, count, in.position()));
            }
            default -> MetadataValue.of(type, whole(in, type, what));
        };
    }

    private static String text(HeaderReader in, Source source, String what) throws TensorFileException {
        long length = in.readLong(what);
        in.require(what, length);
        if (length > Integer.MAX_VALUE - 8) {
            throw source.bad(what + " is a text of " + length + " bytes, more than Java has");
        }
        return in.readText(what, (int) length);
    }

    private static long whole(HeaderReader in, MetadataValue.Type type, String what) throws TensorFileException {
        return switch (type) {
            case UINT8 -> in.readByte(what) & 0xff;
            case INT8 -> in.readByte(what);
            case UINT16 -> in.readShort(what) & 0xffff;
            case INT16 -> in.readShort(what);
            case UINT32 -> in.readInt(what) & 0xffff_ffffL;
            case INT32 -> in.readInt(what);
            default -> in.readLong(what);
        };
    }

    private static double number(HeaderReader in, MetadataValue.Type type, String what) throws TensorFileException {
        return switch (type) {
            case FLOAT32 -> Float.intBitsToFloat(in.readInt(what));
            case FLOAT64 -> Double.longBitsToDouble(in.readLong(what));
            default -> MetadataValue.of(type, whole(in, type, what)).asDouble();
        };
    }

    // ----------------------------------------------------------------------------------------------------- arrays

    private static final String ARRAY = "an array of the metadata";

    private static int count(HeaderReader in, MetadataValue.Stored array) throws TensorFileException {
        requireCount(in, ARRAY, array.elementType(), array.length());
        if (array.length() > Integer.MAX_VALUE - 8) {
            throw array.source().bad(ARRAY + " has " + array.length() + " elements, more than Java's arrays");
        }
        return (int) array.length();
    }

    /** The first elements of an array. */
    static List<MetadataValue> elements(MetadataValue.Stored array, int most) throws TensorFileException {
        HeaderReader in = new HeaderReader(array.source(), array.offset());
        int count = Math.min(most, count(in, array));
        List<MetadataValue> elements = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long start = in.position();
            elements.add(read(in, array.source(), array.elementType(), ARRAY));
            if (array.elementType() == MetadataValue.Type.ARRAY) {
                in.position(start); // back to its head, to find its end
                skip(in, array.source(), MetadataValue.Type.ARRAY, ARRAY, 0);
            }
        }
        return elements;
    }

    static long[] longs(MetadataValue.Stored array) throws TensorFileException {
        HeaderReader in = new HeaderReader(array.source(), array.offset());
        long[] longs = new long[count(in, array)];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = whole(in, array.elementType(), ARRAY);
        }
        return longs;
    }

    static double[] doubles(MetadataValue.Stored array) throws TensorFileException {
        HeaderReader in = new HeaderReader(array.source(), array.offset());
        double[] doubles = new double[count(in, array)];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = number(in, array.elementType(), ARRAY);
        }
        return doubles;
    }
}

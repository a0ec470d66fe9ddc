package dev.quire.array;

import dev.quire.array.PythonLiteral.Int;
import dev.quire.array.PythonLiteral.Sequence;
import dev.quire.array.PythonLiteral.Str;
import dev.quire.array.PythonLiteral.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Turns the {@code descr} of a {@code .npy} header into a {@link Descriptor}.
 *
 * <pre>
 * descr = '&lt;f8'                              one value
 *       | [ field, ... ]                      a structured element
 * field = ( label, part )                     one value or a structured one
 *       | ( label, part, shape )              a sub-array
 * part  = descr | ( part, shape )             a sub-array too: its axes come behind those of what it is in
 * label = 'name' | ( 'title', 'name' )
 * shape = ( n, ... ) | n
 * </pre>
 *
 * A field whose name is {@code ''} and whose type is void, or a sub-array, is a gap: NumPy's own rule on reading.
 */
final class DescriptorReader {

    /** NumPy keeps the size of an element in a C {@code int}. */
    private static final long MAX_ITEM_BYTES = Integer.MAX_VALUE;

    private final String file;

    DescriptorReader(String file) {
        this.file = file;
    }

    Descriptor read(PythonLiteral descr) throws ArrayFileException.BadHeader {
        return switch (descr) {
            case Str(String text) -> simple(text);
            case Sequence(List<PythonLiteral> fields) -> structured(fields);
            default -> throw failure("descr is " + descr.kind() + ", not a dtype");
        };
    }

    private Descriptor simple(String text) throws ArrayFileException.BadHeader {
        Descriptor known = DType.find(text).orElse(null);
        if (known == null) {
            known = UnmappableType.find(text)
                    .orElseThrow(() -> failure("descr " + PythonText.excerpt(text) + " is not a dtype NumPy writes"));
        }
        return known;
    }

    private StructuredType structured(List<PythonLiteral> entries) throws ArrayFileException.BadHeader {
        List<StructuredType.Field> fields = new ArrayList<>();
        Set<String> names = new HashSet<>();
        long offset = 0;
        for (PythonLiteral entry : entries) {
            StructuredType.Field field = field(entry, offset);
            offset += field.bytes();
            if (offset > MAX_ITEM_BYTES) {
                throw failure("a structured element of more than " + MAX_ITEM_BYTES + " bytes");
            }
            if (!isGap(field)) {
                requireNew(names, field.name());
                if (field.title().isPresent()) {
                    requireNew(names, field.title().get());
                }
                fields.add(field);
            }
        }
        return new StructuredType(fields, offset);
    }

    private void requireNew(Set<String> names, String name) throws ArrayFileException.BadHeader {
        if (!names.add(name)) {
            throw failure("the field name " + PythonText.excerpt(name) + " twice");
        }
    }

    private static boolean isGap(StructuredType.Field field) {
        boolean isVoid = field.type() instanceof UnmappableType type && type.isVoid();
        return field.name().isEmpty()
                && field.title().isEmpty()
                && (isVoid || field.shape().rank() > 0);
    }

    private StructuredType.Field field(PythonLiteral entry, long offset) throws ArrayFileException.BadHeader {
        if (!(entry instanceof Tuple(List<PythonLiteral> parts)) || parts.size() < 2 || parts.size() > 3) {
            throw failure("a field that is not (name, dtype) or (name, dtype, shape)");
        }
        Shape shape = parts.size() == 3 ? subShape(parts.get(2)) : Shape.of();
        PythonLiteral part = parts.get(1);
        while (part instanceof Tuple(List<PythonLiteral> pair) && pair.size() == 2) {
            shape = joined(shape, subShape(pair.get(1)));
            part = pair.getFirst();
        }
        Descriptor type = read(part);
        if (shape.elementCount() > MAX_ITEM_BYTES || shape.elementCount() * type.itemBytes() > MAX_ITEM_BYTES) {
            throw failure("a field of more than " + MAX_ITEM_BYTES + " bytes");
        }
        return switch (parts.getFirst()) {
            case Str(String name) -> new StructuredType.Field(name, Optional.empty(), offset, type, shape);
            case Tuple(List<PythonLiteral> label)
            when label.size() == 2 ->
                new StructuredType.Field(text(label.get(1)), Optional.of(text(label.getFirst())), offset, type, shape);
            default -> throw failure("a field whose name is " + parts.getFirst().kind());
        };
    }

    private String text(PythonLiteral literal) throws ArrayFileException.BadHeader {
        if (literal instanceof Str(String text)) {
            return text;
        }
        throw failure("a field whose name or title is " + literal.kind());
    }

    private Shape subShape(PythonLiteral literal) throws ArrayFileException.BadHeader {
        return shape(literal instanceof Int ? new Tuple(List.of(literal)) : literal);
    }

    /** The axes of a sub-array and of what each element of it is. */
    private Shape joined(Shape outer, Shape inner) throws ArrayFileException.BadHeader {
        return Shape.inFile(
                file,
                LongStream.concat(LongStream.of(outer.dims()), LongStream.of(inner.dims()))
                        .toArray());
    }

    /** A shape: a tuple of whole numbers. */
    Shape shape(PythonLiteral literal) throws ArrayFileException.BadHeader {
        if (!(literal instanceof Tuple(List<PythonLiteral> items))) {
            throw failure("shape is " + literal.kind() + ", not a tuple");
        }
        long[] dims = new long[items.size()];
        for (int axis = 0; axis < dims.length; axis++) {
            if (!(items.get(axis) instanceof Int(long dim))) {
                throw failure("shape has " + items.get(axis).kind() + " for a dimension");
            }
            dims[axis] = dim;
        }
        return Shape.inFile(file, dims);
    }

    private ArrayFileException.BadHeader failure(String problem) {
        return new ArrayFileException.BadHeader(file, problem);
    }
}

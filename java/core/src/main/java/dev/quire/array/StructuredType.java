package dev.quire.array;

import java.util.List;
import java.util.Optional;

/**
 * An element made of named fields, a C struct. The fields are in file order and do not overlap; the gaps between them,
 * which NumPy writes as unnamed void fields, are left out.
 *
 * @param fields the fields, in the order of their offsets
 * @param itemBytes size of one element in bytes, gaps included
 */
public record StructuredType(List<Field> fields, long itemBytes) implements Descriptor {

    /**
     * One field of a structured element.
     *
     * @param name its name; may be empty
     * @param title NumPy's second name for it, if it has one
     * @param offset bytes from the start of the element
     * @param type what it holds
     * @param shape {@code ()} for a single value, else the shape of the C-order array that the field is
     */
    public record Field(String name, Optional<String> title, long offset, Descriptor type, Shape shape) {

        /** Size of the whole field in bytes. */
        public long bytes() {
            return shape.byteCount(type.itemBytes());
        }

        @Override
        public String toString() {
            String label = PythonText.quote(name);
            if (title.isPresent()) {
                label = "(" + PythonText.quote(title.get()) + ", " + label + ")";
            }
            String tail = shape.rank() == 0 ? "" : ", " + shape;
            return "(" + label + ", " + PythonText.descr(type) + tail + ")";
        }
    }

    /**
     * Checks that the fields follow each other within the element.
     *
     * @throws IllegalArgumentException if they overlap or do not fit
     */
    public StructuredType {
        fields = List.copyOf(fields);
        long end = 0;
        for (Field field : fields) {
            if (field.offset() < end) {
                throw new IllegalArgumentException("field " + field + " overlaps the one before it");
            }
            end = field.offset() + field.bytes();
        }
        if (itemBytes < end) {
            throw new IllegalArgumentException("fields of " + end + " bytes in an element of " + itemBytes);
        }
    }

    /** The field of this name, or of this title. */
    public Optional<Field> field(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name)
                        || field.title().filter(name::equals).isPresent())
                .findFirst();
    }

    /** The descriptor as NumPy writes it, gaps included: {@code [('a', '<f8'), ('', '|V4'), ('b', '<i4', (2,))]}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        long end = 0;
        for (Field field : fields) {
            appendGap(text, field.offset() - end);
            text.append(text.length() > 1 ? ", " : "").append(field);
            end = field.offset() + field.bytes();
        }
        appendGap(text, itemBytes - end);
        return text.append(']').toString();
    }

    private static void appendGap(StringBuilder text, long bytes) {
        if (bytes > 0) {
            text.append(text.length() > 1 ? ", " : "")
                    .append("('', '|V")
                    .append(bytes)
                    .append("')");
        }
    }
}

package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.array.ArrayFormat;
import dev.quire.array.ArrayHeader;
import dev.quire.array.ArrayOptions;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.MappedArray;
import dev.quire.array.NpzMember;
import dev.quire.array.StructuredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which array of a file a command is about, and which part of its elements. */
final class ArrayInput {
    private static final ArrayOptions OPTIONS = ArrayOptions.DEFAULT.lifetime(Lifetime.CONFINED);

    @Option(names = "--member", paramLabel = "NAME", description = "Which array of a .npz archive with several.")
    private @Nullable String member;

    @Option(
            names = "--field",
            paramLabel = "NAME",
            description = "Which field of structured elements; real or imag of complex ones. "
                    + "Once more for a field of that field.")
    private List<String> fields = List.of();

    /** Which array of an archive is meant, if that was said. */
    Optional<String> member() {
        return Optional.ofNullable(member);
    }

    /**
     * An array that is open.
     *
     * @param file that is mapped
     * @param elements that the command is about: all of them, or a field
     */
    record OpenMemory(MappedArray file, ArrayView elements) implements AutoCloseable {
        @Override
        public void close() {
            file.close();
        }
    }

    /** Opens it for reading by the calling thread. */
    OpenMemory open(Path file, RawOptions.Raw raw) throws IOException {
        MappedArray whole = whole(file, raw);
        try {
            return new OpenMemory(whole, part(whole));
        } catch (RuntimeException e) {
            whole.close();
            throw e;
        }
    }

    private MappedArray whole(Path file, RawOptions.Raw raw) throws IOException {
        DType dtype = raw.dtype();
        if (dtype != null) {
            requireRaw(file, raw);
            return MappedArray.openRaw(file, raw.layout(dtype), MapMode.READ_ONLY, OPTIONS);
        }
        ArrayFormat format = ArrayHeader.formatOf(file)
                .orElseThrow(() -> new IllegalArgumentException(
                        file + ": not an array that says itself what it is (.npy, .npz, SciRS2 .mmap); for raw numbers"
                                + " name their type, as in " + raw.option() + " f8"));
        if (format != ArrayFormat.NPZ) {
            if (member != null) {
                throw new IllegalArgumentException(file + ": not an archive, so it has no member '" + member + "'");
            }
            return MappedArray.open(file, MapMode.READ_ONLY, OPTIONS);
        }
        return MappedArray.openMember(file, member == null ? onlyMember(file) : member, MapMode.READ_ONLY, OPTIONS);
    }

    /** Numbers made of a header are worse than an error. */
    void requireRaw(Path file, RawOptions.Raw raw) throws IOException {
        if (member != null) {
            throw new IllegalArgumentException(
                    "--member is for .npz archives, and " + raw.option() + " for raw files; leave one out");
        }
        Optional<ArrayFormat> format = raw.isForced() ? Optional.empty() : ArrayHeader.formatOf(file);
        if (format.isPresent()) {
            throw new IllegalArgumentException(file + ": a ." + Words.of(format.get())
                    + " file, which says itself what it holds; leave out what is"
                    + " for raw files, or add an offset (0 for all of it) to take its bytes as raw");
        }
    }

    private static String onlyMember(Path file) throws IOException {
        List<NpzMember> members = NpzMember.list(file);
        if (members.size() != 1) {
            throw new IllegalArgumentException(
                    file + ": an archive of " + Text.count(members.size(), "member") + "; choose one with --member: "
                            + members.stream().map(NpzMember::name).collect(Collectors.joining(", ")));
        }
        return members.getFirst().name();
    }

    private ArrayView part(ArrayView whole) {
        ArrayView part = whole;
        for (String field : fields) {
            part = part(part, field);
        }
        if (part.descriptor() instanceof StructuredType structured) {
            throw new IllegalArgumentException(part.name() + ": its elements have fields; choose one with "
                    + fields.stream().map(field -> "--field " + field + " ").collect(Collectors.joining())
                    + "--field: " + names(structured));
        }
        return part;
    }

    private static ArrayView part(ArrayView whole, String field) {
        if (whole.descriptor() instanceof StructuredType structured) {
            if (structured.field(field).isEmpty()) {
                throw new IllegalArgumentException(
                        whole.name() + ": its elements have no field '" + field + "', but: " + names(structured));
            }
            return whole.field(field);
        }
        if (!whole.dtype().type().isComplex()) {
            throw new IllegalArgumentException(whole.name() + ": its elements are "
                    + whole.dtype().type() + " and have no fields; leave --field out");
        }
        return switch (field) {
            case "real" -> whole.real();
            case "imag" -> whole.imaginary();
            default ->
                throw new IllegalArgumentException(
                        whole.name() + ": complex elements have the fields real and imag, not '" + field + "'");
        };
    }

    private static String names(StructuredType type) {
        return type.fields().stream().map(StructuredType.Field::name).collect(Collectors.joining(", "));
    }
}

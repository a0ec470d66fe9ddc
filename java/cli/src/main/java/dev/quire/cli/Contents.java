package dev.quire.cli;

import dev.quire.array.ArrayFileException;
import dev.quire.array.ArrayFormat;
import dev.quire.array.ArrayHeader;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.NpzMember;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The arrays of a file, of whatever format.
 *
 * @param format of the file; empty if it is not an array
 * @param array that the file is, or the one of it that was meant
 * @param members of an archive
 * @param surplus what lies behind the array
 */
record Contents(
        Optional<ArrayFormat> format,
        Optional<ArrayDescription> array,
        List<Member> members,
        ArrayHeader.Surplus surplus) {
    private static final ArrayHeader.Surplus NO_SURPLUS = new ArrayHeader.Surplus(0, false);

    /**
     * A member of an archive and what is in it.
     *
     * @param array empty if it is compressed, not an array, or a bad one
     * @param problem why a member that should be an array is not one; empty if it is fine
     */
    private record Member(NpzMember entry, Optional<ArrayDescription> array, Optional<String> problem) {
        static Member of(Path archive, NpzMember entry) throws IOException {
            if (!entry.isMappable() || !entry.name().endsWith(".npy")) {
                return new Member(entry, Optional.empty(), Optional.empty());
            }
            try {
                ArrayHeader header = ArrayHeader.readMember(archive, entry.name());
                return new Member(entry, Optional.of(new ArrayDescription(header)), Optional.empty());
            } catch (ArrayFileException bad) {
                return new Member(entry, Optional.empty(), Optional.of(String.valueOf(bad.getMessage())));
            }
        }

        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("name", entry.name());
            facts.put("mappable", entry.isMappable());
            facts.put("bytes", entry.bytes());
            array.ifPresent(known -> facts.putAll(known.facts()));
            problem.ifPresent(known -> facts.put("problem", known));
            facts.remove("format");
            return facts;
        }

        String line() {
            String what = entry.isMappable()
                    ? "not an array, " + Text.bytes(entry.bytes())
                    : "compressed or encrypted, so it cannot be mapped; numpy.savez stores members as they are";
            return "member       " + entry.name() + ": "
                    + array.map(ArrayDescription::line)
                            .or(() -> problem.map(known -> "cannot be read: " + known))
                            .orElse(what);
        }
    }

    static Contents of(Path file, ArrayInput input, RawOptions.Raw raw) throws IOException {
        DType dtype = raw.dtype();
        if (dtype != null) {
            input.requireRaw(file, raw);
            return new Contents(
                    Optional.of(ArrayFormat.RAW), Optional.of(raw(file, input, raw)), List.of(), NO_SURPLUS);
        }
        Optional<ArrayFormat> format = ArrayHeader.formatOf(file);
        if (format.isEmpty()) {
            return new Contents(format, Optional.empty(), List.of(), NO_SURPLUS);
        }
        if (input.member().isPresent()) {
            return of(format, ArrayHeader.readMember(file, input.member().get()), NO_SURPLUS);
        }
        return format.get() == ArrayFormat.NPZ
                ? archive(file)
                : of(format, ArrayHeader.read(file), ArrayHeader.surplus(file));
    }

    private static Contents of(Optional<ArrayFormat> format, ArrayHeader header, ArrayHeader.Surplus surplus) {
        return new Contents(format, Optional.of(new ArrayDescription(header)), List.of(), surplus);
    }

    private static ArrayDescription raw(Path file, ArrayInput input, RawOptions.Raw raw) throws IOException {
        try (ArrayInput.OpenMemory opened = input.open(file, raw)) {
            ArrayView array = opened.elements();
            return new ArrayDescription(new ArrayHeader(
                    opened.file().format(),
                    array.name(),
                    array.descriptor(),
                    array.shape(),
                    raw.layout(array.dtype()).order(),
                    opened.file().dataOffset()));
        }
    }

    private static Contents archive(Path file) throws IOException {
        List<Member> members = new ArrayList<>();
        for (NpzMember entry : NpzMember.list(file)) {
            members.add(Member.of(file, entry));
        }
        Optional<ArrayDescription> only =
                members.size() == 1 ? members.getFirst().array() : Optional.empty();
        return new Contents(Optional.of(ArrayFormat.NPZ), only, members, NO_SURPLUS);
    }

    Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("format", format.map(Words::of));
        array.ifPresent(known -> facts.putAll(known.facts()));
        if (format.equals(Optional.of(ArrayFormat.NPZ)) && !members.isEmpty()) {
            facts.put("members", members.stream().map(Member::facts).toList());
        }
        if (surplus.bytes() > 0) {
            facts.put("surplusBytes", surplus.bytes());
            facts.put("surplusIsInterruptedAppend", surplus.interrupted());
        }
        return facts;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        array.ifPresent(known -> lines.addAll(known.lines()));
        if (surplus.bytes() > 0) {
            lines.add("surplus      " + Text.count(surplus.bytes(), "byte") + " behind the array: "
                    + (surplus.interrupted()
                            ? "left by an interrupted append; the next one removes them"
                            : "not part of it, perhaps another array; quire append refuses to overwrite them"));
        }
        if (array.isEmpty() && format.isPresent()) {
            lines.add("format       NumPy .npz, " + Text.count(members.size(), "member"));
            members.forEach(member -> lines.add(member.line()));
        }
        return lines;
    }
}

package dev.quire.cli;

import dev.quire.array.ArrayView;
import dev.quire.array.Index;
import dev.quire.array.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Some elements of an array. */
@Command(
        name = "slice",
        header = "Show some elements of an array, chosen as in NumPy.",
        description = {
            "A selection is what Python writes between brackets: [0:10,::2], [-1], [...,::-1]. Quote it for the shell.",
            "Rows and columns have the positions they have in the file. Tables show 8 digits, --json and "
                    + "single elements all."
        })
final class SliceCommand extends ReportingCommand {
    /** What a program can be expected to take in one line. */
    private static final long MOST_ELEMENTS = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "FILE",
            description = "The file: .npy, .npz, SciRS2 .mmap, or raw with --dtype.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SELECTION",
            description = "Which elements, as '[0:10,::2]'. All if left out.")
    private String selection = "...";

    @Mixin
    private ArrayInput input = new ArrayInput();

    @Mixin
    private RawOptions raw = new RawOptions();

    @Override
    Report report() throws IOException {
        List<Index> parts = parts();
        try (ArrayInput.OpenMemory opened = input.open(file, raw.raw())) {
            ArrayView array = opened.elements();
            ArrayView view = view(array, parts);
            String head = file + bracketed() + ": shape " + view.shape() + " of " + view.dtype();
            if (!isForProgram()) {
                Table table = array.guarded(() -> Table.of(view, Positions.of(parts, array.shape())));
                return new Selected(Map.of(), table.linesBelow(head));
            }
            if (view.length() > MOST_ELEMENTS || lists(view.shape()) > MOST_ELEMENTS) {
                throw new IllegalArgumentException(head + " is more than the " + Text.count(MOST_ELEMENTS)
                        + " elements or lists that are printed as JSON; select fewer");
            }
            return new Selected(facts(array, view), List.of());
        }
    }

    /** How many lists of one axis JSON has: a file of 128 bytes may have 200 million, all of them empty. */
    private static double lists(Shape shape) {
        double lists = 1;
        for (int axis = 0; axis + 1 < shape.rank(); axis++) {
            if (shape.dim(axis) == 0) {
                break;
            }
            lists *= shape.dim(axis);
        }
        return lists;
    }

    private List<Index> parts() {
        try {
            return bracketed().equals("[]") ? List.of(Index.rest()) : Index.parse(selection);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for SELECTION '" + selection + "': " + e.getMessage(), e);
        }
    }

    private ArrayView view(ArrayView array, List<Index> parts) {
        try {
            return array.slice(parts.toArray(Index[]::new));
        } catch (IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private String bracketed() {
        String plain = selection.strip();
        return plain.startsWith("[") ? plain : "[" + plain + "]";
    }

    private Map<String, Object> facts(ArrayView array, ArrayView view) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", file);
        facts.put("selection", bracketed());
        facts.put("dtype", view.dtype());
        facts.put("shape", ArrayDescription.dims(view.shape()));
        facts.put("values", array.guarded(() -> Cells.nested(view)));
        return facts;
    }

    private record Selected(Map<String, Object> facts, List<String> lines) implements Report {}
}

package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Hint;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Truncates a file under arrays that are warm, and prints what each operation answers: argument folder. */
final class ArrayFaultMain {
    private static final int ROWS = 512;
    private static final int COLUMNS = 256;
    private static final int WARM = 30;

    private ArrayFaultMain() {}

    /** With another file, which is whole, so that the exception has to tell which one it is about. */
    private static Map<String, Consumer<ArrayView>> operations(ArrayView whole, ArrayView narrow) {
        Map<String, Consumer<ArrayView>> all = operations();
        all.put("copied", whole::copyFrom);
        all.put("copied turned", array -> whole.transpose().copyFrom(array.transpose()));
        all.put("stored", array -> array.copyFrom(whole));
        all.put("narrowed", narrow::copyFrom);
        all.put("widened", array -> array.copyFrom(narrow));
        return all;
    }

    private static Map<String, Consumer<ArrayView>> operations() {
        Map<String, Consumer<ArrayView>> all = new LinkedHashMap<>();
        all.put("sum", ArrayView::sum);
        all.put("summary", ArrayView::summary);
        all.put("argmax", ArrayView::argmax);
        all.put("all", ArrayView::all);
        all.put("strided", array -> array.slice("::2, ::3").sum());
        all.put("columns", array -> array.along(0).sum());
        all.put("rows", array -> array.along(1).std());
        all.put("places", array -> array.along(0).argmin());
        all.put("doubles", ArrayView::toDoubles);
        all.put("nested", ArrayView::toJavaArray);
        all.put("fill", array -> array.fill(3));
        all.put(
                "forEach",
                array -> array.forEach(value -> {
                    if (value == 0) {
                        throw new IllegalStateException("an element made of nothing");
                    }
                }));
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]).resolve("faulty.npy");
        ArraySpec spec = ArraySpec.of("<f8", ROWS, COLUMNS);
        try (MappedArray whole = MappedArray.create(file.resolveSibling("whole.npy"), spec);
                MappedArray narrow =
                        MappedArray.create(file.resolveSibling("narrow.npy"), spec.dtype(DType.parse(">f4")))) {
            run(file, operations(whole, narrow));
        }
    }

    private static void run(Path file, Map<String, Consumer<ArrayView>> operations) throws IOException {
        for (Map.Entry<String, Consumer<ArrayView>> operation : operations.entrySet()) {
            MappedArray.create(file, ArraySpec.of("<f8", ROWS, COLUMNS), 3).close();
            try (MappedArray array = MappedArray.open(file, MapMode.READ_WRITE)) {
                for (int i = 0; i < WARM; i++) {
                    operation.getValue().accept(array);
                }
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(64 << 10);
                }
                System.out.println(operation.getKey() + " " + verdict(operation.getValue(), array));
                answers(array);
            }
        }
    }

    /** What is no bulk operation may answer, as long as it answers. */
    private static void answers(ArrayView array) throws IOException {
        array.advise(Hint.WILLNEED);
        array.prefetch();
        if (array.residency().pages() == 0) {
            throw new AssertionError("no pages");
        }
        try {
            array.flush();
        } catch (MappingException refused) {
            System.err.println("flush: " + refused.getMessage());
        }
    }

    private static String verdict(Consumer<ArrayView> operation, ArrayView array) {
        try {
            operation.accept(array);
            return "garbage";
        } catch (MemoryFaultException fault) {
            return (fault.getMessage().contains("faulty.npy") ? "fault " : "wrong file ") + fault.sizeNow();
        }
    }
}

package dev.quire.cli;

import dev.quire.array.ArrayFormat;
import dev.quire.array.ArrayHeader;
import dev.quire.array.ArraySpec;
import dev.quire.array.Order;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An array file that a command made.
 *
 * @param file that is there now
 * @param spec what it is
 * @param order of its elements; that of a .npy is C if both are the same bytes
 * @param seconds that it took
 */
record Made(Path file, ArraySpec spec, Order order, double seconds) implements Report {
    /** Reads what the file says, if it says anything. */
    static Made of(Path file, ArraySpec spec, double seconds) throws IOException {
        Order order = spec.hasFormat(ArrayFormat.RAW)
                ? spec.order()
                : ArrayHeader.read(file).order();
        return new Made(file, spec, order, seconds);
    }

    private long bytes() {
        return spec.shape().byteCount(spec.dtype().itemBytes());
    }

    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("path", file);
        facts.put("format", Words.of(spec.format().orElseThrow()));
        facts.putAll(ArrayDescription.elements(spec.dtype(), spec.shape(), order));
        facts.put("bytes", bytes());
        facts.put("seconds", seconds);
        return facts;
    }

    @Override
    public List<String> lines() {
        String what = file + ": "
                + (spec.hasFormat(ArrayFormat.RAW)
                        ? "raw numbers"
                        : "." + Words.of(spec.format().orElseThrow())) + ", shape " + spec.shape() + " of "
                + spec.dtype() + " in " + Words.of(order) + " order";
        return List.of(what, Text.bytes(bytes()) + " in " + Text.seconds(seconds));
    }
}

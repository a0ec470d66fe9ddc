package dev.quire.cli;

import dev.quire.array.Order;
import dev.quire.shared.ProcessIdentity;
import dev.quire.shared.SegmentHeader;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Shared memory that is complete.
 *
 * @param name of it
 * @param header what it says about itself
 */
record SegmentReport(String name, SegmentHeader header) implements Report {
    @Override
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("name", name);
        facts.put("dtype", header.dtype());
        facts.put("shape", shape(header));
        facts.put("order", order(header));
        facts.put("bytes", header.byteSize());
        facts.put("created", created());
        facts.putAll(creator(header.creator()));
        return facts;
    }

    @Override
    public List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(
                name,
                "dtype        " + header.dtype(),
                "shape        " + header.shape() + (header.order() == Order.C ? "" : ", Fortran order"),
                "size         " + Text.bytes(header.byteSize()),
                "created      " + created(),
                "creator      " + said(header.creator())));
        return lines;
    }

    private Instant created() {
        return Instant.EPOCH.plus(header.generation(), ChronoUnit.MICROS);
    }

    static List<Long> shape(SegmentHeader header) {
        return Arrays.stream(header.shape().dims()).boxed().toList();
    }

    static String order(SegmentHeader header) {
        return header.order() == Order.C ? "C" : "F";
    }

    /** Both are null for memory that may outlive its creator. */
    static Map<String, Object> creator(ProcessIdentity creator) {
        boolean known = creator.pid() != 0;
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("creator", known ? Optional.of(creator.pid()) : Optional.empty());
        facts.put("creatorAlive", known ? Optional.of(creator.isAlive()) : Optional.empty());
        return facts;
    }

    static String said(ProcessIdentity creator) {
        if (creator.pid() == 0) {
            return "kept until it is removed";
        }
        return "process " + creator.pid() + (creator.isAlive() ? "" : ", which is dead");
    }
}

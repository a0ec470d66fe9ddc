package dev.quire.tensors;

import dev.quire.array.ArrayHeader;
import dev.quire.array.DType;
import dev.quire.array.NpzMember;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** An archive of NumPy arrays. The header of a member is read when it is asked for. */
final class NpzContents implements Contents {
    private static final String ENDING = ".npy";

    private final Source source;
    private final Path path;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, TensorInfo> read = new ConcurrentHashMap<>();

    private NpzContents(Source source, Path path) {
        this.source = source;
        this.path = path;
    }

    static NpzContents read(Source source, Path path) throws IOException {
        NpzContents contents = new NpzContents(source, path);
        Set<String> seen = new HashSet<>();
        for (NpzMember member : NpzMember.list(path)) {
            String name = member.name();
            if (name.endsWith(ENDING)) {
                contents.names.add(name.substring(0, name.length() - ENDING.length()));
                if (!seen.add(name)) {
                    throw source.bad("member " + Quoted.of(name) + " is there more than once");
                }
            }
        }
        return contents;
    }

    @Override
    public List<String> names() {
        return List.copyOf(names);
    }

    @Override
    public @Nullable TensorInfo find(String name) throws IOException {
        if (!names.contains(name)) {
            return null;
        }
        TensorInfo known = read.get(name);
        if (known != null) {
            return known;
        }
        TensorInfo info = info(name, ArrayHeader.readMember(path, name + ENDING));
        read.put(name, info);
        return info;
    }

    private TensorInfo info(String name, ArrayHeader header) throws TensorFileException {
        if (!(header.descriptor() instanceof DType dtype)) {
            throw new TensorFileException.UnsupportedType(
                    source.name(),
                    Quoted.of(header.descriptor().toString()),
                    "of member " + Quoted.of(name) + " is no number; MappedArray.openMember opens records");
        }
        TensorType type = TensorType.of(dtype.type())
                .orElseThrow(() -> new TensorFileException.UnsupportedType(
                        source.name(), dtype.toString(), "of member " + Quoted.of(name) + " is not known"));
        long needed = Source.end(header.dataOffset(), header.dataBytes());
        if (needed > source.length()) { // another file than the one that is mapped
            throw new TensorFileException.Truncated(source.name(), "member " + name, needed, source.length());
        }
        return new TensorInfo(
                source.withOrder(dtype.order()),
                name,
                type,
                header.shape().dims(),
                header.order(),
                header.dataOffset(),
                header.dataBytes());
    }

    /** An archive has none. */
    @Override
    public Map<String, MetadataValue> metadata() {
        return Map.of();
    }
}

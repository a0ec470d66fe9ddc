package dev.quire.tensors;

import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A {@code model.safetensors.index.json}: which file beside it has which tensor. Each file is opened when it is named
 * first, and has to have what the index says of it.
 */
final class ShardIndex implements Contents {
    private static final String WEIGHT_MAP = "weight_map";
    private static final String METADATA = "metadata";

    private final Source source;
    private final Opener opener;
    private final Map<String, SafetensorsHeader> shards = new HashMap<>();
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();
    private boolean hasMap;

    private ShardIndex(Source source, Opener opener) {
        this.source = source;
        this.opener = opener;
    }

    /** Opens a file beside the index. */
    interface Opener {
        SafetensorsHeader open(String fileName) throws IOException;
    }

    /** Whether a file begins as a JSON object. */
    static boolean matches(Source source) {
        long most = Math.min(source.length(), 64);
        for (long i = 0; i < most; i++) {
            byte b = source.bytes().get(i);
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return b == '{';
            }
        }
        return false;
    }

    static ShardIndex read(Source source, Opener opener) throws IOException {
        if (source.length() > Json.MAX_BYTES) {
            throw source.bad("an index of " + source.length() + " bytes; the most is " + Json.MAX_BYTES);
        }
        ShardIndex index = new ShardIndex(source, opener);
        Json.readObject(source, 0, source.length(), index::readIndex);
        if (!index.hasMap) {
            throw source.bad("a JSON object without " + WEIGHT_MAP + " is no index of safetensors files");
        }
        return index;
    }

    private void readIndex(Json json) throws IOException {
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (!name.equals(WEIGHT_MAP)) {
                json.skip();
            } else if (hasMap) {
                throw source.bad(WEIGHT_MAP + " is there more than once");
            } else {
                hasMap = true;
                readMap(json);
            }
        }
    }

    private void readMap(Json json) throws IOException {
        json.beginObject(WEIGHT_MAP);
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            String file = json.text("a file name of " + WEIGHT_MAP);
            TensorInfo tensor = shard(file).find(name);
            if (tensor == null) {
                throw source.bad("tensor " + Quoted.of(name) + " is not in " + Quoted.of(file) + ", where " + WEIGHT_MAP
                        + " has it");
            }
            if (tensors.put(name, tensor) != null) {
                throw source.bad("tensor " + Quoted.of(name) + " is there more than once");
            }
        }
    }

    private SafetensorsHeader shard(String file) throws IOException {
        SafetensorsHeader known = shards.get(file);
        if (known != null) {
            return known;
        }
        requirePlainName(file);
        SafetensorsHeader opened = opener.open(file);
        shards.put(file, opened);
        return opened;
    }

    /** A name that stays in the folder, on every system. */
    private void requirePlainName(String file) throws TensorFileException {
        boolean isPlain = !file.isEmpty() && !file.equals(".") && !file.equals("..");
        for (int i = 0; i < file.length(); i++) {
            char c = file.charAt(i);
            isPlain &= c >= ' ' && c != '/' && c != '\\' && c != ':' && c != 0x7f;
        }
        if (!isPlain) {
            throw source.bad(WEIGHT_MAP + " names the file " + Quoted.of(file)
                    + "; it has to be the plain name of a file beside the index");
        }
    }

    /** The index's own; that of the files is theirs. */
    @Override
    public Map<String, MetadataValue> metadata() throws IOException {
        Map<String, MetadataValue> all = new LinkedHashMap<>();
        Json.readObject(source, 0, source.length(), json -> {
            for (String name = json.nextName(); name != null; name = json.nextName()) {
                if (name.equals(METADATA)) {
                    readMetadata(json, all);
                } else {
                    json.skip();
                }
            }
        });
        return all;
    }

    private static void readMetadata(Json json, Map<String, MetadataValue> all) throws IOException {
        json.beginObject(METADATA);
        for (String key = json.nextName(); key != null; key = json.nextName()) {
            String value = json.scalar();
            if (value != null) {
                all.put(key, MetadataValue.of(value));
            }
        }
    }

    @Override
    public List<String> names() {
        return List.copyOf(tensors.keySet());
    }

    @Override
    public @Nullable TensorInfo find(String name) {
        return tensors.get(name);
    }
}

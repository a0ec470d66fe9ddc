package dev.quire.tensors;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a header says: the tensors and the metadata of one format. Threads may share it. */
interface Contents {
    /** In the sequence of their data, or of the list that names them. */
    List<String> names();

    /** Null if there is none of that name. */
    @Nullable
    TensorInfo find(String name) throws IOException;

    /** All of it, in the file's sequence, in a new map. */
    Map<String, MetadataValue> metadata() throws IOException;

    /** One entry of it; null if there is none of that key. */
    default @Nullable MetadataValue metadata(String key) throws IOException {
        return metadata().get(key);
    }
}

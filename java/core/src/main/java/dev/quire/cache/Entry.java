package dev.quire.cache;

import dev.quire.array.ArrayView;
import dev.quire.array.MappedArray;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A mapping that is being opened, or open. All but the future is guarded by the cache's monitor. */
final class Entry {
    final ArrayKey key;
    final FileIdentity identity;
    private final CompletableFuture<MappedArray> opened = new CompletableFuture<>();
    private @Nullable ArrayView view;
    int users;
    long bytes;
    boolean dropped;

    Entry(ArrayKey key, FileIdentity identity) {
        this.key = key;
        this.identity = identity;
    }

    void open(MappedArray array) {
        view = array.view();
        bytes = array.memory().byteSize();
        opened.complete(array);
    }

    void fail(Throwable failure) {
        opened.completeExceptionally(failure);
    }

    boolean isOpen() {
        return opened.isDone() && !opened.isCompletedExceptionally();
    }

    /** Waits until the thread that opens it has done so. */
    void await() throws IOException {
        try {
            opened.join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException mistake -> throw mistake;
                case Error error -> throw error;
                case null, default -> throw e;
            }
        }
    }

    /** What users get. */
    ArrayView array() {
        return Objects.requireNonNull(view, "open");
    }

    void unmap() {
        opened.join().close();
    }
}

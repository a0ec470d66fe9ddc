package dev.quire.scan;

import dev.quire.slice.ByteSlice;
import java.util.Spliterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Chunks for one thread of a stream. All parts take from the same scan: a faster thread reads more, and the device is
 * read in order. A chunk is counted and released when the next one is wanted, because an iterator hands it on after the
 * call.
 */
final class Chunks implements Spliterator<ByteSlice> {
    private final Scan scan;
    private int parts;
    private @Nullable ByteSlice current;

    Chunks(Scan scan, int parts) {
        this.scan = scan;
        this.parts = parts;
    }

    @Override
    public boolean tryAdvance(Consumer<? super ByteSlice> action) {
        finish();
        ByteSlice chunk = scan.take();
        if (chunk == null) {
            return false;
        }
        try {
            scan.use(chunk, action);
        } catch (Throwable e) {
            scan.release(chunk);
            throw e;
        }
        current = chunk;
        return true;
    }

    private void finish() {
        ByteSlice before = current;
        if (before != null) {
            current = null;
            scan.finish(before);
        }
    }

    @Override
    public void forEachRemaining(Consumer<? super ByteSlice> action) {
        finish();
        scan.forEach(action);
    }

    @Override
    public @Nullable Spliterator<ByteSlice> trySplit() {
        if (parts < 2) {
            return null;
        }
        int half = parts / 2;
        parts -= half;
        return new Chunks(scan, half);
    }

    /** What the other parts will leave is not known. */
    @Override
    public long estimateSize() {
        return Long.MAX_VALUE;
    }

    @Override
    public int characteristics() {
        return NONNULL | IMMUTABLE | DISTINCT;
    }
}

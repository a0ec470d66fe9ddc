package dev.quire.scan;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a scan on their way: known, coming or ahead of the readers, behind them but with a chunk in use, and through.
 * Offsets count from the target's first byte. Whoever calls it has the pager's lock, but for the thread that alone adds known
 * pieces and lets them come: it looks at those without.
 */
final class Pieces {
    private final ArrayDeque<Piece> known = new ArrayDeque<>();
    private final ArrayDeque<Piece> ahead = new ArrayDeque<>();
    private final TreeMap<Long, Piece> held = new TreeMap<>();
    private final ArrayDeque<Piece> through = new ArrayDeque<>();

    /** Where the chunks in use begin and end; their ends have the order of their beginnings. */
    private final TreeMap<Long, Long> chunks = new TreeMap<>();

    private long knownTo;
    private long coming;
    private long ready;
    private long taken;
    private long behindBytes;
    private long comingBytes;
    private long leftBytes;

    // ---------------------------------------------------------------------------------------------------- bounds

    /** How far it is known what was in memory before. */
    long known() {
        return knownTo;
    }

    /** How far pages come in, asked for or read ahead by the kernel. */
    long coming() {
        return coming;
    }

    /** How far all pages are in memory. */
    long ready() {
        return ready;
    }

    /** Where the next chunk begins. */
    long taken() {
        return taken;
    }

    /** How much the scan has brought in and not dropped: what could not be dropped included. */
    long bytes() {
        return leftBytes + comingBytes;
    }

    /** How much there would be, without what could not be dropped, if everything before an end came. */
    long bytesUpTo(long end) {
        Piece first = ahead.isEmpty() ? known.peek() : ahead.element();
        return behindBytes + Math.max(end, coming) - (first == null ? knownTo : first.from());
    }

    boolean isEmpty() {
        return known.isEmpty() && ahead.isEmpty() && held.isEmpty() && through.isEmpty();
    }

    // -------------------------------------------------------------------------------------------------------- in

    /** The next one. */
    void add(Piece piece) {
        known.add(piece);
        knownTo = piece.end();
    }

    /** The first one that is known and not coming. */
    @Nullable
    Piece firstKnown() {
        return known.peek();
    }

    /** All of those. */
    Iterable<Piece> allKnown() {
        return known;
    }

    /** What begins before an end is coming. */
    void comeUpTo(long end) {
        while (!known.isEmpty() && known.element().from() < end) {
            Piece piece = known.remove();
            ahead.add(piece);
            comingBytes += piece.broughtBytes();
            coming = piece.end();
        }
    }

    /** Everything before an end is in memory. */
    void setReady(long end) {
        ready = end;
        pass();
    }

    // ---------------------------------------------------------------------------------------------------- chunks

    /** A reader has a chunk, which shows bytes up to an end; the next one begins somewhere before that. */
    void take(long from, long end, long next) {
        chunks.put(from, end);
        taken = next;
        pass();
    }

    /** The reader of the chunk that began there is through with it. Saying it again does nothing. */
    void release(long from) {
        Long end = chunks.remove(from);
        if (end == null) {
            return;
        }
        Long first = held.floorKey(from);
        Iterator<Piece> inside =
                held.subMap(first == null ? from : first, end).values().iterator();
        while (inside.hasNext()) {
            Piece piece = inside.next();
            if (!isInUse(piece)) {
                inside.remove();
                through.add(piece);
            }
        }
    }

    private boolean isInUse(Piece piece) {
        Map.Entry<Long, Long> last = chunks.lowerEntry(piece.end());
        return last != null && last.getValue() > piece.from();
    }

    // ------------------------------------------------------------------------------------------------------- out

    private void pass() {
        while (!ahead.isEmpty() && ahead.element().end() <= Math.min(taken, ready)) {
            pass(ahead.remove());
        }
    }

    private void pass(Piece piece) {
        behindBytes += piece.broughtBytes();
        if (isInUse(piece)) {
            held.put(piece.from(), piece);
        } else {
            through.add(piece);
        }
    }

    /** No chunk will be taken any more. */
    void passAll() {
        while (!ahead.isEmpty()) {
            pass(ahead.remove());
        }
        while (!known.isEmpty()) {
            pass(known.remove());
        }
    }

    /** No reader counts any more. */
    void releaseAll() {
        chunks.clear();
        passAll();
        through.addAll(held.values());
        held.clear();
    }

    boolean hasThrough() {
        return !through.isEmpty();
    }

    /** Takes one that no reader can want any more; its bytes count until it is {@link #gone}. */
    @Nullable
    Piece pollThrough() {
        return through.poll();
    }

    /** It was dropped, but for some bytes, or with more that had stayed before. */
    void gone(Piece piece, long bytes) {
        behindBytes -= piece.broughtBytes();
        comingBytes -= piece.from() < coming ? piece.broughtBytes() : 0;
        leftBytes = Math.max(0, leftBytes + piece.broughtBytes() - bytes);
    }
}

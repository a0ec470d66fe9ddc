package dev.quire.scan;

import dev.quire.scan.Piece.State;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a scan, by their states, and the chunks that readers have. Offsets count from the target's first byte.
 * The pager's lock guards all of it.
 */
final class PieceTable {
    /** Pieces that count in the budget: the scan has brought them in, or is about to. */
    private static final Set<State> COUNTED =
            EnumSet.of(State.ASKED, State.READY, State.IN_USE, State.PASSED, State.UNREAD);

    /** Pieces that all readers have passed. */
    private static final Set<State> BEHIND = EnumSet.of(State.IN_USE, State.PASSED, State.UNREAD, State.UNASKED);

    private final Map<State, NavigableMap<Long, Piece>> byState = new EnumMap<>(State.class);
    private final Map<State, Long> broughtBytes = new EnumMap<>(State.class);

    /** Where the chunks in use begin and end; their ends have the order of their beginnings. */
    private final TreeMap<Long, Long> chunks = new TreeMap<>();

    private long known;
    private long asked;
    private long ready;
    private long taken;
    private long leftBytes;

    PieceTable() {
        for (State state : State.values()) {
            byState.put(state, new TreeMap<>());
        }
    }

    // ---------------------------------------------------------------------------------------------------- states

    /** The one place where a piece changes its state. */
    private void move(Piece piece, State to) {
        remove(piece);
        piece.become(to);
        if (to != State.DROPPED) {
            put(piece);
        }
    }

    private void put(Piece piece) {
        in(piece.state()).put(piece.from(), piece);
        broughtBytes.merge(piece.state(), piece.broughtBytes(), Long::sum);
    }

    private void remove(Piece piece) {
        in(piece.state()).remove(piece.from());
        broughtBytes.merge(piece.state(), -piece.broughtBytes(), Long::sum);
    }

    private NavigableMap<Long, Piece> in(State state) {
        return Objects.requireNonNull(byState.get(state));
    }

    /** All pieces in a state, in their order. */
    private List<Piece> all(State state) {
        return List.copyOf(in(state).values());
    }

    /** The first piece in a state, or if there is none, in the next of several states. */
    private @Nullable Piece first(State... states) {
        for (State state : states) {
            Map.Entry<Long, Piece> first = in(state).firstEntry();
            if (first != null) {
                return first.getValue();
            }
        }
        return null;
    }

    private long bytes(Set<State> states) {
        return states.stream()
                .mapToLong(state -> broughtBytes.getOrDefault(state, 0L))
                .sum();
    }

    // ---------------------------------------------------------------------------------------------------- bounds

    /** Up to where it is known what was in memory before. */
    long known() {
        return known;
    }

    /** Up to where pages have been asked for or are read ahead by the kernel. */
    long asked() {
        return asked;
    }

    /** Up to where all pages are in memory. */
    long ready() {
        return ready;
    }

    /** Where the next chunk begins. */
    long taken() {
        return taken;
    }

    /** How many bytes the scan has brought in and not dropped, those that it could not drop included. */
    long bytes() {
        return leftBytes + bytes(COUNTED);
    }

    /** How many bytes there would be, without those that could not be dropped, if everything before an end came in. */
    long bytesUpTo(long end) {
        Piece first = first(State.READY, State.ASKED, State.KNOWN);
        return bytes(BEHIND) + Math.max(end, asked) - (first == null ? known : first.from());
    }

    boolean isEmpty() {
        return byState.values().stream().allMatch(Map::isEmpty);
    }

    // -------------------------------------------------------------------------------------------------------- in

    /** Adds the next piece, which is KNOWN. */
    void add(Piece piece) {
        put(piece);
        known = piece.end();
    }

    /** The first KNOWN piece. */
    @Nullable
    Piece firstKnown() {
        return first(State.KNOWN);
    }

    /** All KNOWN pieces, in their order. */
    List<Piece> allKnown() {
        return all(State.KNOWN);
    }

    /** Every KNOWN piece that begins before an end becomes ASKED. */
    void askUpTo(long end) {
        for (Piece next = firstKnown(); next != null && next.from() < end; next = firstKnown()) {
            move(next, State.ASKED);
            asked = next.end();
        }
    }

    /** Everything before an end is in memory: ASKED pieces become READY, and further if readers have passed them. */
    void setReady(long end) {
        ready = end;
        for (Piece next = first(State.ASKED); next != null && next.end() <= ready; next = first(State.ASKED)) {
            move(next, State.READY);
        }
        pass();
    }

    // ---------------------------------------------------------------------------------------------------- chunks

    /** A reader gets the chunk with the bytes between two offsets; the next one begins at the third. */
    void take(long from, long end, long next) {
        chunks.put(from, end);
        taken = next;
        pass();
    }

    /** The reader of the chunk that begins there has finished with it. Releasing it again does nothing. */
    void release(long from) {
        Long end = chunks.remove(from);
        if (end == null) {
            return;
        }
        Long first = in(State.IN_USE).floorKey(from);
        List<Piece> shown = List.copyOf(
                in(State.IN_USE).subMap(first == null ? from : first, end).values());
        shown.stream().filter(piece -> !isInUse(piece)).forEach(piece -> move(piece, State.PASSED));
    }

    private boolean isInUse(Piece piece) {
        Map.Entry<Long, Long> last = chunks.lowerEntry(piece.end());
        return last != null && last.getValue() > piece.from();
    }

    private void pass() {
        for (Piece next = first(State.READY); next != null && next.end() <= taken; next = first(State.READY)) {
            pass(next);
        }
    }

    private void pass(Piece piece) {
        move(piece, isInUse(piece) ? State.IN_USE : State.PASSED);
    }

    // ------------------------------------------------------------------------------------------------------- out

    /** No more chunks will be taken. */
    void passAll() {
        all(State.READY).forEach(this::pass);
        all(State.ASKED).forEach(piece -> move(piece, State.UNREAD));
        all(State.KNOWN).forEach(piece -> move(piece, State.UNASKED));
    }

    /** Readers no longer count. */
    void releaseAll() {
        chunks.clear();
        passAll();
        all(State.IN_USE).forEach(piece -> move(piece, State.PASSED));
    }

    /** A piece that no reader will want any more: PASSED, UNREAD or UNASKED. */
    @Nullable
    Piece firstToDrop() {
        return first(State.PASSED, State.UNREAD, State.UNASKED);
    }

    /**
     * A piece has been dropped: so many bytes went, which is more than it has if others that had stayed went with it.
     */
    void dropped(Piece piece, long bytes) {
        move(piece, State.DROPPED);
        leftBytes = Math.max(0, leftBytes + piece.broughtBytes() - bytes);
    }
}

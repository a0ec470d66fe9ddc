package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quire.scan.Piece.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every state of a piece is reached, and none in another way than the package's table says. */
class PieceTest {
    private static Piece piece() {
        return new Piece(0, 10, new Piece.Place(0, 0, 1), new BitSet(), true);
    }

    /** A shortest way to each state. */
    private static Map<State, List<State>> ways() {
        Map<State, List<State>> ways = new EnumMap<>(State.class);
        ways.put(State.KNOWN, List.of());
        Deque<State> open = new ArrayDeque<>(List.of(State.KNOWN));
        while (!open.isEmpty()) {
            State from = open.remove();
            for (State to : from.next()) {
                List<State> way = new ArrayList<>(ways.get(from));
                way.add(to);
                if (ways.putIfAbsent(to, way) == null) {
                    open.add(to);
                }
            }
        }
        return ways;
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void onlyTheStatesOfTheTableFollow(State state) {
        for (State to : State.values()) {
            Piece piece = piece();
            ways().get(state).forEach(piece::become);
            assertEquals(state, piece.state());
            if (state.next().contains(to)) {
                piece.become(to);
                assertEquals(to, piece.state());
            } else {
                IllegalStateException refused = assertThrows(IllegalStateException.class, () -> piece.become(to));
                assertEquals("piece from 0 to 10, " + state + " cannot become " + to, refused.getMessage());
                assertEquals(state, piece.state());
            }
        }
    }

    /**
     * When the scan ends, what a reader has, what nobody read and what nobody asked for differ. Pieces of ten bytes.
     */
    @ParameterizedTest
    @CsvSource({"20, 20, 10, PASSED", "20, 20, 15, IN_USE", "20, 10, 10, UNREAD", "10, 10, 10, UNASKED"})
    void theEndTellsApartHowFarAPieceCame(long asked, long ready, long shown, State state) {
        PieceTable table = new PieceTable();
        Piece first = piece();
        Piece last = new Piece(10, 20, new Piece.Place(10, 0, 1), new BitSet(), true);
        table.add(first);
        table.add(last);
        table.askUpTo(asked);
        table.setReady(ready);
        table.take(0, shown, 10);
        table.passAll();
        assertEquals(List.of(State.IN_USE, state), List.of(first.state(), last.state()));
        table.releaseAll();
        for (Piece next = table.firstToDrop(); next != null; next = table.firstToDrop()) {
            table.dropped(next, 0);
        }
        assertEquals(List.of(State.DROPPED, State.DROPPED), List.of(first.state(), last.state()));
    }
}

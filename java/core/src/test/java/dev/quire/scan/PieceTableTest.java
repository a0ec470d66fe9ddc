package dev.quire.scan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is in use stays, what is behind the readers goes. Pieces of ten bytes, pages of one. */
class PieceTableTest {
    private final PieceTable pieces = new PieceTable();

    @BeforeEach
    void know() {
        for (int i = 0; i < 10; i++) {
            BitSet all = new BitSet();
            all.set(0, 10);
            pieces.add(new Piece(10 * i, 10 * i + 10, new Piece.Place(10 * i, 0, 1), all, true));
        }
        assertEquals(100, pieces.known());
        assertEquals(0, pieces.bytes());
        pieces.askUpTo(51);
        assertEquals(60, pieces.asked());
        assertEquals(60, pieces.bytes());
    }

    private List<Long> through() {
        List<Long> through = new ArrayList<>();
        for (Piece piece = pieces.firstToDrop(); piece != null; piece = pieces.firstToDrop()) {
            through.add(piece.from());
            pieces.dropped(piece, 10);
        }
        return through;
    }

    @Test
    void oneReadersChunkKeepsItsOwnPieces() {
        pieces.setReady(60);
        pieces.take(0, 15, 15);
        pieces.take(15, 25, 25);
        pieces.take(25, 45, 45);
        assertEquals(List.of(), through());
        assertEquals(60, pieces.bytesUpTo(60));
        pieces.release(25);
        assertEquals(List.of(30L), through());
        assertEquals(50, pieces.bytesUpTo(60));
        pieces.release(0);
        assertEquals(List.of(0L), through());
        pieces.release(0);
        pieces.release(15);
        assertEquals(List.of(10L, 20L), through());
        assertEquals(20, pieces.bytesUpTo(60));
        assertEquals(20, pieces.bytes());
    }

    @Test
    void whatAChunkShowsBehindItsEndIsInUse() {
        pieces.setReady(60);
        pieces.take(0, 30, 10);
        pieces.take(10, 40, 20);
        pieces.release(10);
        assertEquals(List.of(), through());
        pieces.release(0);
        assertEquals(List.of(0L, 10L), through());
    }

    @Test
    void whatIsNotReadyStays() {
        pieces.take(0, 40, 40);
        pieces.release(0);
        assertNull(pieces.firstToDrop());
        pieces.setReady(25);
        assertEquals(List.of(0L, 10L), through());
    }

    @Test
    void whatCouldNotBeDroppedCounts() {
        pieces.setReady(60);
        pieces.take(0, 20, 20);
        pieces.release(0);
        pieces.dropped(pieces.firstToDrop(), 3);
        assertEquals(57, pieces.bytes());
        assertEquals(50, pieces.bytesUpTo(60));
    }

    @Test
    void inTheEndAllGo() {
        pieces.setReady(60);
        pieces.take(0, 50, 50);
        pieces.passAll();
        assertEquals(List.of(50L, 60L, 70L, 80L, 90L), through());
        assertFalse(pieces.isEmpty());
        pieces.releaseAll();
        assertEquals(List.of(0L, 10L, 20L, 30L, 40L), through());
        assertTrue(pieces.isEmpty());
        assertEquals(0, pieces.bytes());
    }

    @Test
    void anyOrderOfReadersLeavesWhatTheyHave() {
        Random random = new Random(1);
        pieces.askUpTo(100);
        pieces.setReady(100);
        TreeMap<Long, Long> inUse = new TreeMap<>();
        List<Long> gone = new ArrayList<>();
        for (long next = 0; next < 100 || !inUse.isEmpty(); ) {
            if (next < 100 && random.nextBoolean()) {
                long end = Math.min(100, next + 1 + random.nextInt(12));
                inUse.put(next, end);
                pieces.take(next, end, end);
                next = end;
            } else if (!inUse.isEmpty()) {
                List<Long> froms = List.copyOf(inUse.keySet());
                long from = froms.get(random.nextInt(froms.size()));
                inUse.remove(from);
                pieces.release(from);
            }
            gone.addAll(through());
            for (long from = 0; from < 100; from += 10) {
                long first = from;
                boolean isHeld = next < from + 10
                        || inUse.entrySet().stream()
                                .anyMatch(use -> use.getKey() < first + 10 && use.getValue() > first);
                assertEquals(!isHeld, gone.contains(from));
            }
        }
    }
}

package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.slice.ByteSlice;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The thread of a scan that brings pages in and drops them, as its pager says, and in the end drops what is left. */
final class Helper implements Runnable {
    /** What it can do. */
    enum Task {
        DROP,
        KNOW,
        ASK,
        POPULATE,
        END
    }

    private final Pager pager;
    private final Pieces pieces;
    private final ByteSlice target;
    private final ScanOptions options;

    Helper(Pager pager, ByteSlice target, ScanOptions options) {
        this.pager = pager;
        this.pieces = pager.pieces();
        this.target = target;
        this.options = options;
    }

    @Override
    public void run() {
        try (Feed feed = new Feed(target, options.budgetBytes(), pager.windowBytes(), options.isKeeping())) {
            for (Task task = pager.next(feed); task != Task.END; task = pager.next(feed)) {
                work(feed, task);
            }
            dropAll(feed);
        } catch (RuntimeException | Error e) {
            pager.fail(e);
        } finally {
            pager.end();
        }
    }

    private void work(Feed feed, Task task) {
        try {
            switch (task) {
                case KNOW -> know(feed);
                case ASK -> ask(feed);
                case POPULATE -> populate(feed);
                default -> drop(feed, pager.pollThrough());
            }
        } catch (MappingException | RuntimeException | Error e) {
            pager.fail(e);
        }
    }

    private void know(Feed feed) {
        pager.add(feed.piece(pieces.known()));
    }

    /** What is in memory although nobody asked for it is a read-ahead, which would go on with every piece that it brought. */
    private void ask(Feed feed) {
        Piece next = Objects.requireNonNull(pieces.firstKnown());
        long unaskedBytes = feed.dropUnasked(pieces.allKnown());
        pager.count(next.end(), unaskedBytes);
        feed.ask(next);
    }

    private void populate(Feed feed) throws MappingException {
        long end = feed.populate(pieces.ready());
        pager.setReady(end);
        Piece next = pieces.firstKnown();
        while (feed.readsAhead() && next != null && feed.isComing(next)) {
            pager.count(next.end(), 0);
            next = pieces.firstKnown();
        }
        pager.count(end, 0);
    }

    private void dropAll(Feed feed) {
        pager.releaseAll();
        for (Piece piece = pager.pollThrough(); piece != null; piece = pager.pollThrough()) {
            drop(feed, piece);
        }
        feed.dropStayed();
    }

    private void drop(Feed feed, @Nullable Piece piece) {
        if (piece != null) {
            unlessClosed(() -> {
                boolean isRead = piece.end() <= pieces.ready();
                boolean isComing = piece.from() < pieces.coming();
                pager.gone(piece, isRead ? feed.drop(piece) : feed.dropUnread(piece, isComing));
            });
        }
    }

    /** Nothing is left to drop from when the mapping is closed, which may also happen in the middle of it. */
    private void unlessClosed(Runnable step) {
        if (!pager.isAlive()) {
            return;
        }
        try {
            step.run();
        } catch (IllegalStateException | IndexOutOfBoundsException e) {
            if (pager.isAlive()) {
                throw e;
            }
        }
    }
}

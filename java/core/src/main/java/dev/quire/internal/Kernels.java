package dev.quire.internal;

import dev.quire.internal.ffi.QuireHeader;
import java.lang.foreign.MemorySegment;

/**
 * The reduction kernels of the C layer: which one this process uses, and how they go over a mapping.
 *
 * <p>The system property {@value #PROPERTY} chooses another one than the best: {@code sse2}, {@code avx2}, {@code avx512},
 * {@code neon}, or {@code java} for the loops of {@link Reducer}, which also serve where the machine does not have what is
 * named.
 */
final class Kernels {
    static final String PROPERTY = "dev.quire.kernels";

    /** The loops in Java. */
    static final int NONE = -1;

    static final int CHOSEN = NativeLibrary.isMissing() ? NONE : choose(System.getProperty(PROPERTY, ""));

    /** Whole rounds of elements of every length, and no longer than what a close may wait for. */
    private static final long PIECE = 64L << 20;

    /** Below these bytes the call, with its hold, costs more than it gains. */
    private static final long LEAST = 4096;

    private Kernels() {}

    private static int choose(String wanted) {
        int best = NONE;
        for (int kernels = 0; kernels < Integer.SIZE; kernels++) {
            if (isOffered(kernels) && (wanted.isEmpty() || wanted.equals(name(kernels)))) {
                best = kernels;
            }
        }
        return best;
    }

    /** Whether this machine has a version, by its number in {@code quire.h}. */
    static boolean isOffered(int kernels) {
        return (QuireHeader.quire_kernel_versions() >>> kernels & 1) != 0;
    }

    /** What a version is called. */
    static String name(int kernels) {
        return kernels == NONE
                ? "java"
                : QuireHeader.quire_kernels_name(kernels).getString(0);
    }

    /** Adds elements from the first on, and says how many bytes of them: all, or whole rounds where no kernel can be used. */
    static long reduce(Reducer reducer, Region region, MemorySegment from, int kernels) {
        long bytes = from.byteSize();
        if (bytes < LEAST || region.jdk() != null) {
            return 0;
        }
        CallFrame frame = CallFrame.take();
        try {
            frame.reduction().fill((byte) 0);
            long done = 0;
            while (done < bytes) {
                long piece = Math.min(PIECE, bytes - done);
                if (!add(reducer, frame, region, from.asSlice(done, piece), kernels)) {
                    return done;
                }
                done += piece;
            }
            return done;
        } finally {
            frame.giveBack();
        }
    }

    private static boolean add(Reducer reducer, CallFrame frame, Region region, MemorySegment from, int kernels) {
        region.hold();
        try {
            requireAccess(region, from);
            long offset = from.address() - region.extent().address();
            int code = NativeCalls.reduce(
                    frame, region, offset, from.byteSize(), reducer.element(), reducer.wanted(), kernels);
            if (code == QuireHeader.QUIRE_E_FAULT()) {
                throw Faults.fault(region, offset, from.byteSize(), null);
            }
            if (code == QuireHeader.QUIRE_OK()) {
                reducer.take(frame.reduction());
            }
            return code == QuireHeader.QUIRE_OK();
        } finally {
            region.release();
        }
    }

    /** What a view checks when Java code reads it. Under the hold: a view that is alive now has its memory. */
    private static void requireAccess(Region region, MemorySegment view) {
        if (!view.scope().isAlive()) {
            throw new IllegalStateException("closed: " + region.subject().text());
        }
        if (!view.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("opened by another thread, and confined to it: "
                    + region.subject().text());
        }
    }
}

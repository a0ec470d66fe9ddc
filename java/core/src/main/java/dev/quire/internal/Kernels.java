package dev.quire.internal;

import dev.quire.internal.backing.CallFrame;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_line_results;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/** The calls of the C layer's reduction kernels; which there are is in {@link KernelVersions}. */
public final class Kernels {
    /** Whole chunks of elements of every length, and no longer than what a close may wait for. */
    private static final long PIECE = 64L << 20;

    /** Below these bytes the call, with its hold, costs more than it gains. */
    private static final long LEAST = 4096;

    /** Lines of a call: a whole block of the kernels at least, and results of 16 MiB at most. */
    private static final long LEAST_LINES = 1024;

    private static final long MOST_LINES = 1 << 20;

    /** The number of elements that Java alone reduces. */
    public static final int NO_KERNEL = -1;

    private Kernels() {}

    private static boolean isWorthIt(Region region, Lines lines, Elements elements, int kernels) {
        return kernels != KernelVersions.NONE
                && elements.code != NO_KERNEL
                && region.isNative()
                && lines.count() * elements.bytes >= LEAST;
    }

    /**
     * Reduces the elements of all lines as one sequence.
     *
     * @param take gets the {@code quire_reduction} after each call
     * @return how many elements, from the first on: all, or a whole number of chunks where no kernel can be used
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public static long reduce(
            Region region,
            MemorySegment view,
            Lines lines,
            Elements elements,
            int what,
            int kernels,
            Consumer<MemorySegment> take) {
        if (!isWorthIt(region, lines, elements, kernels)) {
            return 0;
        }
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment reduction = frame.reduction().fill((byte) 0);
            long count = lines.count();
            long most = PIECE / elements.bytes;
            for (long done = 0; done < count; done += most) {
                long first = done;
                long some = Math.min(most, count - first);
                boolean reduced = called(
                        region,
                        view,
                        () -> reduce(frame, region, view, lines, first, some, elements.code, what, kernels));
                if (!reduced) {
                    return first;
                }
                take.accept(reduction);
            }
            return count;
        } finally {
            frame.giveBack();
        }
    }

    /**
     * Reduces some elements of the sequence, whole chunks from a chunk's first element on, for themselves, on behalf of
     * a thread that may use the view and waits for this.
     *
     * @param prepare gets the {@code quire_reduction}, all zero, before the call
     * @param take gets it after the call
     * @return false, and nothing is done, if no kernel can be used
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public static boolean reduceApart(
            Region region,
            MemorySegment view,
            Lines lines,
            long first,
            long count,
            Elements elements,
            int what,
            int kernels,
            Consumer<MemorySegment> prepare,
            Consumer<MemorySegment> take) {
        if (kernels == KernelVersions.NONE || elements.code == NO_KERNEL || !region.isNative()) {
            return false;
        }
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment reduction = frame.reduction().fill((byte) 0);
            prepare.accept(reduction);
            boolean reduced = region.held(() -> isReduced(
                    region, view, reduce(frame, region, view, lines, first, count, elements.code, what, kernels)));
            if (reduced) {
                take.accept(reduction);
            }
            return reduced;
        } finally {
            frame.giveBack();
        }
    }

    private static int reduce(
            CallFrame frame,
            Region region,
            MemorySegment view,
            Lines lines,
            long first,
            long count,
            int element,
            int what,
            int kernels) {
        return QuireHeader.quire_reduce(
                frame.region(region.extent()),
                stored(frame, region, view, lines),
                first,
                count,
                element,
                what,
                kernels,
                frame.reduction(),
                frame.error);
    }

    /** Elements as the C layer numbers them, and their length. */
    public record Elements(int code, int bytes) {}

    /** Takes results of some lines. */
    public interface LineResults {
        /**
         * Takes the results of so many lines, the first of which has this number: one double for each, or two for
         * extremes.
         */
        void accept(MemorySegment values, long first, long count);
    }

    /**
     * Reduces every line for itself.
     *
     * @param results gets the results, in sequence
     * @return how many lines of finite elements overflowed; -1 if no kernel can be used
     * @throws dev.quire.error.MemoryFaultException if a kernel met a page that cannot be read
     */
    public static long reduceLines(
            Region region,
            MemorySegment view,
            Lines lines,
            Elements elements,
            int what,
            int kernels,
            LineResults results) {
        long lineBytes = Math.max(1, lines.length() * elements.bytes);
        if (!isWorthIt(region, lines, elements, kernels) || (lineBytes > PIECE && !lines.isAcross())) {
            return -1;
        }
        long most = Math.min(MOST_LINES, Math.max(PIECE / lineBytes, lines.isAcross() ? LEAST_LINES : 1));
        long groups = Math.max(1, Math.min(lines.groups(), most / lines.lines()));
        long someLines = Math.min(most, lines.lines());
        CallFrame frame = CallFrame.take();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocate(ValueLayout.JAVA_DOUBLE, groups * someLines * 2);
            quire_line_results.address(frame.lineResults(), values.address());
            long overflowed = 0;
            for (long group = 0; group < lines.groups(); group += groups) {
                for (long line = 0; line < lines.lines(); line += someLines) {
                    long groupsNow = Math.min(groups, lines.groups() - group);
                    long linesNow = Math.min(someLines, lines.lines() - line);
                    Lines part = lines.part(group, groupsNow, line, linesNow);
                    if (!isReduced(frame, region, view, part, elements, what, kernels)) {
                        return -1;
                    }
                    overflowed += quire_line_results.overflowed(frame.lineResults());
                    results.accept(values, group * lines.lines() + line, part.groups() * part.lines());
                }
            }
            return overflowed;
        } finally {
            frame.giveBack();
        }
    }

    /** Reduces lines into the frame's results; false if there is no kernel for it. */
    private static boolean isReduced(
            CallFrame frame, Region region, MemorySegment view, Lines part, Elements elements, int what, int kernels) {
        return called(
                region,
                view,
                () -> QuireHeader.quire_reduce_lines(
                        frame.region(region.extent()),
                        stored(frame, region, view, part),
                        elements.code,
                        what,
                        kernels,
                        frame.lineResults(),
                        frame.error));
    }

    /** The lines as the C layer takes them. */
    private static MemorySegment stored(CallFrame frame, Region region, MemorySegment view, Lines lines) {
        MemorySegment in = frame.lines();
        lines.store(in, base(region, view));
        return in;
    }

    /** Where a view begins in its region. */
    private static long base(Region region, MemorySegment view) {
        return view.address() - region.extent().address();
    }

    private interface Call {
        int code();
    }

    /** Makes a call under a hold; false if there is no kernel for it. */
    private static boolean called(Region region, MemorySegment view, Call call) {
        return region.held(() -> {
            requireAccess(region, view);
            return isReduced(region, view, call.code());
        });
    }

    private static boolean isReduced(Region region, MemorySegment view, int code) {
        if (code == QuireHeader.QUIRE_E_FAULT()) {
            throw Faults.fault(region, base(region, view), view.byteSize(), null);
        }
        if (code != QuireHeader.QUIRE_OK() && code != QuireHeader.QUIRE_E_UNSUPPORTED()) {
            throw new AssertionError("quire_reduce: code " + code);
        }
        return code == QuireHeader.QUIRE_OK();
    }

    /** What a view checks when Java code reads it. Under the hold: a view that is alive now has its memory. */
    public static void requireAccess(Region region, MemorySegment view) {
        if (!view.scope().isAlive()) {
            throw new IllegalStateException("closed: " + region.subject().text());
        }
        if (!view.isAccessibleBy(Thread.currentThread())) {
            throw new WrongThreadException("opened by another thread, and confined to it: "
                    + region.subject().text());
        }
    }
}

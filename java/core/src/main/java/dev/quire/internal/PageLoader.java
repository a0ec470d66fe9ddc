package dev.quire.internal;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.internal.backing.SystemQuery;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** Bringing pages in beyond one call: on a thread of its own, or until they are seen to be there. */
public final class PageLoader {
    /** Keeps the compiler from leaving out the loads. */
    @SuppressWarnings("UnusedVariable")
    private static int touched;

    private PageLoader() {}

    /**
     * Brings many ranges in, on a thread of its own, which ends early if the future is cancelled or the region closed.
     */
    public static CompletableFuture<Outcome> startAll(Region region, List<ByteRange> ranges) {
        List<ByteRange> asked = Pages.copied(ranges, region).stream()
                .filter(range -> range.length() > 0)
                .toList();
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(new Outcome(HintResult.IGNORED, 0));
        }
        CompletableFuture<Outcome> there = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("quire-prefetch").start(() -> {
            try {
                there.complete(populateUntilDone(region, asked, there));
            } catch (MappingException | RuntimeException | Error e) {
                there.completeExceptionally(e);
            }
        });
        return there;
    }

    private static Outcome populateUntilDone(Region region, List<ByteRange> ranges, Future<?> there)
            throws MappingException {
        Outcome all = populate(region, ranges.getFirst());
        for (int i = 1; i < ranges.size() && !there.isDone(); i++) {
            all = Pages.joined(all, populate(region, ranges.get(i)));
        }
        return all;
    }

    private static Outcome populate(Region region, ByteRange range) throws MappingException {
        region.requireOpen();
        return Pages.populate(region, range.offset(), range.length(), false);
    }

    /**
     * Brings pages in, by touching them where the platform can only be asked to begin, and looks whether they are
     * there. The answer tells how many bytes are: those of whole pages.
     */
    public static Outcome ensureResident(Region region, long offset, long length) throws MappingException {
        Outcome populated = Pages.populate(region, offset, length, false);
        if (populated.result() != HintResult.APPLIED && length > 0) {
            touch(region, offset, length);
            populated = new Outcome(HintResult.EMULATED, Math.max(populated.bytes(), length));
        }
        Residency now = Pages.residency(region, offset, length);
        if (!now.known() || now.residentPages() == now.pages()) {
            return populated;
        }
        return new Outcome(now.residentPages() > 0 ? HintResult.PARTIAL : HintResult.IGNORED, now.residentBytes());
    }

    private static void touch(Region region, long offset, long length) {
        region.held(() -> touchHeld(region, offset, length));
    }

    private static Region touchHeld(Region region, long offset, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment bytes = region.leasedView(arena).asSlice(offset, length);
            long step = SystemQuery.stepBytes();
            Faults.guarded(region, offset, length, () -> {
                for (long at = 0; at < length; at += step) {
                    touched += bytes.get(ValueLayout.JAVA_BYTE, at);
                }
                touched += length > 0 ? bytes.get(ValueLayout.JAVA_BYTE, length - 1) : 0;
                return bytes;
            });
        }
        return region;
    }
}

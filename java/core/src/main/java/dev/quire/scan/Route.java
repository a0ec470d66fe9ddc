package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.internal.ReadSource;
import dev.quire.internal.Region;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.MapFlags;
import java.util.EnumMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a batch reaches the bytes of one region: what is open for it, what is not to be had, and what it cost. */
final class Route implements AutoCloseable {
    private final boolean isFile;
    private @Nullable ReadSource source;
    private boolean isDirect;
    private boolean isDirectRefused;
    private boolean isRefused;
    private final EnumMap<ReadWay, Double> costs = new EnumMap<>(ReadWay.class);
    private int coldBatches;
    private int trusted;
    private int trust;

    Route(Region region) {
        Extent extent = region.extent();
        this.isFile = region.isNative()
                && extent.kind() == 0
                && extent.length() > 0
                && extent.mode() != MapFlags.COPY_ON_WRITE
                && !region.subject().path().isEmpty();
    }

    /** The way wanted, or the next one that there is; what is needed for it is open then. */
    ReadWay opened(Region region, ReadWay wanted, boolean hasRing) {
        if (wanted == ReadWay.DIRECT && hasRing && isFile && open(region, true)) {
            return ReadWay.DIRECT;
        }
        boolean isCopied = wanted == ReadWay.DIRECT || wanted == ReadWay.BUFFERED;
        return isCopied && isFile && open(region, false) ? ReadWay.BUFFERED : ReadWay.MAPPED;
    }

    /** Why it cannot be opened does not matter: the next way serves. */
    private boolean open(Region region, boolean direct) {
        if (source != null && isDirect == direct) {
            return true;
        }
        if (direct ? isDirectRefused : isRefused) {
            return false;
        }
        try {
            ReadSource opened = Blocking.run(() -> ReadSource.open(region, direct));
            close();
            source = opened;
            isDirect = direct;
            return true;
        } catch (MappingException e) {
            isDirectRefused |= direct;
            isRefused |= !direct;
            return false;
        }
    }

    boolean mayBeDirect() {
        return isFile && !isDirectRefused;
    }

    ReadSource source() {
        return Objects.requireNonNull(source, "source");
    }

    // ------------------------------------------------------------------------------------------------- what it costs

    /** After reads that went a way, which is not AUTO. */
    void cost(ReadWay way, double nanosPerRead) {
        costs.merge(way, nanosPerRead, (before, _) -> before + (nanosPerRead - before) / Tunables.COST_MEMORY);
    }

    /** For reads of which most are not in memory. Now and then the other way is tried: its cost may have changed. */
    ReadWay cold() {
        coldBatches++;
        double direct = costs.getOrDefault(ReadWay.DIRECT, 0.0);
        double mapped = costs.getOrDefault(ReadWay.MAPPED, 0.0);
        boolean isMappedBetter = mapped > 0 && direct > Tunables.DIRECT_WORTH * mapped;
        boolean isTrial = coldBatches % Tunables.TRIAL_BATCHES == 0;
        return mayBeDirect() && isMappedBetter == isTrial ? ReadWay.DIRECT : ReadWay.MAPPED;
    }

    /** Whether the pages were in memory so often that they are not asked about this time. */
    boolean isTrusted() {
        if (trusted == 0) {
            return false;
        }
        trusted--;
        return true;
    }

    /** The pages were in memory, or not: the more often they were, the longer nobody asks. */
    void warm(boolean isWarm) {
        trust = isWarm ? Math.min(Math.max(1, 2 * trust), Tunables.MOST_TRUST) : 0;
        trusted = trust;
    }

    @Override
    public void close() {
        ReadSource open = source;
        source = null;
        if (open != null) {
            open.close();
        }
    }
}

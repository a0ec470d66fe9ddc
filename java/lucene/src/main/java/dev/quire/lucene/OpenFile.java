package dev.quire.lucene;

import dev.quire.MappedMemory;
import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Damage;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Residency;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.IOContext;
import org.jspecify.annotations.Nullable;

/** A mapped file, which an input, its clones and its slices read. */
final class OpenFile {
    private final QuireDirectory directory;
    private final String name;
    private final FileGroup group;
    private final MappedMemory memory;
    private final MemorySegment segment;
    private final AtomicBoolean isClosed = new AtomicBoolean();

    /** How many prefetches in a row found all pages in memory. */
    private final AtomicInteger hits = new AtomicInteger();

    private final AtomicBoolean isHandedOut = new AtomicBoolean();

    /** The losses of the process when the mapping was asked last. */
    private volatile long lookedAt;

    /** What was found lost; null as long as nothing was. */
    private volatile @Nullable Damage damage;

    OpenFile(QuireDirectory directory, String name, FileGroup group, FileGroup.Member member) {
        this.directory = directory;
        this.name = name;
        this.group = group;
        this.memory = member.memory();
        this.segment = member.segment();
    }

    String name() {
        return name;
    }

    MemorySegment segment() {
        return segment;
    }

    FilePolicy policy(String file, IOContext context) {
        return directory.policies().choose(file, context);
    }

    // ------------------------------------------------------------------------------------------------------- damage

    /**
     * After an access: refuses what was read if bytes are lost. Two loads as long as no mapping of the process ever
     * lost any.
     */
    void requireWhole() throws CorruptIndexException {
        if (MappedMemory.losses() != 0) {
            group.requireWhole(this);
        }
    }

    /** From now on somebody reads without asking here. */
    void handOut() {
        if (isHandedOut.compareAndSet(false, true)) {
            group.handOut(this);
        }
    }

    /**
     * Whether bytes are lost. The mapping is asked only if the process has lost any since it was asked last; of one
     * that is closed meanwhile nothing is known.
     */
    boolean isDamaged() {
        long now = MappedMemory.losses();
        if (now != lookedAt && damage == null) {
            look();
            lookedAt = now;
        }
        return damage != null;
    }

    private void look() {
        try {
            Damage found = memory.damage();
            if (!found.isEmpty()) { // another thread may have found some
                damage = found;
            }
        } catch (IllegalStateException e) {
            if (isMapped()) {
                throw e;
            }
        }
    }

    boolean isMapped() {
        return segment.scope().isAlive();
    }

    /** For a file that is damaged. */
    CorruptIndexException corrupt() {
        Damage found = Objects.requireNonNull(damage);
        String reason = found.fileBytes() >= 0 && found.fileBytes() < segment.byteSize()
                ? "the file was truncated to " + found.fileBytes() + " bytes"
                : "the file was truncated or its device failed";
        return new CorruptIndexException(
                found.lostBytes() + " bytes from byte "
                        + found.lost().getFirst().offset() + " on are lost: " + reason,
                memory.toString());
    }

    // -------------------------------------------------------------------------------------------------------- pages

    /** Does what a policy says for a range, which was just opened. */
    void apply(FilePolicy policy, long offset, long length) throws MappingException, CorruptIndexException {
        try {
            if (policy.hint() != Hint.NORMAL) {
                advise(policy.hint(), offset, length);
            }
            if (policy.isPreloaded()) {
                directory.counts().add(HintCounts.PRELOAD, memory.populate(offset, length));
            }
            if (policy.isLocked()) {
                memory.lock(offset, length);
                directory.counts().add(HintCounts.LOCK, HintResult.APPLIED, length);
            }
        } catch (MemoryFaultException e) {
            throw new CorruptIndexException("bytes are lost that were to be brought in", memory.toString(), e);
        }
    }

    void advise(Hint hint, long offset, long length) {
        directory.counts().add(hint.name(), memory.advise(offset, length, hint));
    }

    /**
     * Asks for a range. When prefetches find all pages in memory again and again, only every 2nd, 4th, 8th ... of them
     * asks the operating system.
     */
    void prefetch(long offset, long length) {
        int before = hits.getAndIncrement();
        if ((before & (before - 1)) != 0 || isResident(offset, length)) {
            directory.counts().add(HintCounts.PREFETCH, HintResult.IGNORED, 0);
        } else {
            hits.set(0);
            directory.counts().add(HintCounts.PREFETCH, memory.advise(offset, length, Hint.WILLNEED));
        }
    }

    void prefetch(List<ByteRange> ranges) {
        directory.counts().add(HintCounts.PREFETCH, memory.prefetch(ranges));
    }

    private boolean isResident(long offset, long length) {
        Residency residency = residency(offset, length);
        return residency.known() && residency.residentPages() == residency.pages();
    }

    Residency residency(long offset, long length) {
        return memory.residency(offset, length);
    }

    /** Empty once it is closed. */
    Optional<FileResidency> report() {
        try {
            return Optional.of(new FileResidency(name, segment.byteSize(), residency(0, segment.byteSize())));
        } catch (IllegalStateException e) {
            if (isMapped()) {
                throw e;
            }
            return Optional.empty();
        }
    }

    // ------------------------------------------------------------------------------------------------------ closing

    /** Ends it with the last of its group. A segment that was handed out is looked at once more. */
    void close() throws IOException {
        if (!isClosed.compareAndSet(false, true)) {
            return;
        }
        boolean isCorrupt = isHandedOut.get() && isDamaged();
        directory.forget(this);
        group.leave(this);
        if (isCorrupt) {
            throw corrupt();
        }
    }
}

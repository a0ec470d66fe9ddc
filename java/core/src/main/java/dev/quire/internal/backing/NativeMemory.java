package dev.quire.internal.backing;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_error;
import dev.quire.internal.ffi.quire_file_status;
import dev.quire.internal.ffi.quire_outcome;
import dev.quire.internal.ffi.quire_range;
import dev.quire.internal.ffi.quire_ranges;
import dev.quire.internal.ffi.quire_residency;
import dev.quire.internal.ffi.quire_seals;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Memory that the C layer mapped: one method for a function, in the order of {@code quire.h}. */
@SuppressWarnings("EnumOrdinal") // words stand in the order of the numbers in quire.h; a test compares them
public final class NativeMemory implements Backing {
    private static final HintResult[] RESULTS = HintResult.values();

    private final Subject subject;

    /** Whose memory the messages are about. There has to be a library. */
    public NativeMemory(Subject subject) throws MappingException {
        NativeLibrary.load();
        this.subject = subject;
    }

    // ------------------------------------------------------------------------------------------------- mapping

    public Extent mapFile(long offset, long length, int mode, int flags) throws MappingException {
        CallFrame frame = CallFrame.take();
        MemorySegment path = path(frame);
        try {
            frame.storeRequest(path, offset, length, mode, flags);
            int code = FirstCalls.map(frame.request, frame.error);
            Failures.check(code, frame, "map", subject, offset, length);
            return made(frame);
        } finally {
            Reference.reachabilityFence(path);
            frame.giveBack();
        }
    }

    public Extent mapAnonymous(long length, int kind, int flags) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_map_anonymous(length, kind, flags, frame.region(), frame.error);
            Failures.check(code, frame, "map", subject, -1, length);
            return made(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** Creates a named segment, which must not exist. */
    public Extent createShared(String name, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_create(frame.text(name), length, 0, frame.region(), frame.error);
            Failures.check(code, frame, "create", subject, -1, length);
            return made(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** Maps a named segment. */
    public Extent openShared(String name, int mode) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_open(frame.text(name), mode, 0, frame.region(), frame.error);
            Failures.check(code, frame, "open", subject, -1, -1);
            return made(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** Maps another process's anonymous shared memory. */
    public Extent attach(long process, long handle, int mode) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_attach(process, handle, mode, 0, frame.region(), frame.error);
            Failures.check(code, frame, "attach to", subject, -1, -1);
            return made(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** Removes a segment's name. */
    public void unlinkShared(String name) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_unlink(frame.text(name), frame.error);
            Failures.check(code, frame, "remove", subject, -1, -1);
        } finally {
            frame.giveBack();
        }
    }

    /** What was just mapped, or nothing is mapped: without an extent nobody could unmap it. */
    private static Extent made(CallFrame frame) {
        try {
            return frame.made();
        } catch (Throwable e) {
            int _ = FirstCalls.unmap(frame.region(), frame.error);
            throw e;
        }
    }

    @Override
    public boolean isNative() {
        return true;
    }

    @Override
    @SuppressWarnings("restricted") // the address and the length come from the operating system
    public MemorySegment view(Extent extent, Arena arena, @Nullable Consumer<MemorySegment> atEnd) {
        MemorySegment whole = MemorySegment.ofAddress(extent.address()).reinterpret(extent.length(), arena, atEnd);
        return extent.writable() ? whole : whole.asReadOnly();
    }

    @Override
    public MemorySegment leasedView(Extent extent, Arena arena) {
        return view(extent, arena, null);
    }

    @Override
    public MemorySegment pinnedView(Extent extent, Arena arena) {
        return view(extent, arena, null);
    }

    @Override
    public void unmap(Extent extent) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = FirstCalls.unmap(frame.changing(extent), frame.error);
            Failures.check(code, frame, "unmap", subject, -1, extent.length());
        } finally {
            frame.giveBack();
        }
    }

    // --------------------------------------------------------------------------------------------------- pages

    @Override
    public Outcome advise(Extent extent, long offset, long length, Hint hint, boolean looks) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment path = frame.text(looks ? subject.path() : "");
            int code = QuireHeader.quire_advise(
                    frame.region(extent), path, offset, length, hint.ordinal(), frame.outcome(), frame.error);
            Failures.check(code, frame, "advise", subject, offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public long adviseBriefly(Extent extent, long offset, long length, Hint hint) {
        return QuireHeader.quire_advise_briefly(
                extent.record(), extent.kind(), extent.baseLength(), extent.address() + offset, length, hint.ordinal());
    }

    @Override
    public Outcome prefetch(Extent extent, List<ByteRange> ranges) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment array = frame.room(quire_range.sizeof() * ranges.size());
            long at = 0;
            for (ByteRange range : ranges) {
                MemorySegment element = array.asSlice(at, quire_range.sizeof());
                quire_range.offset(element, range.offset());
                quire_range.length(element, range.length());
                at += quire_range.sizeof();
            }
            int code = QuireHeader.quire_prefetch(
                    frame.region(extent), path(frame), array, ranges.size(), frame.outcome(), frame.error);
            Failures.check(code, frame, "prefetch", subject, -1, -1);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public void checkMemory(Extent extent, long offset, long length, int use) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_check_memory(frame.region(extent), offset, length, use, frame.error);
            Failures.check(code, frame, "bring in", subject, offset, length);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public Outcome populate(Extent extent, long offset, long length, boolean write) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_populate(
                    frame.region(extent), offset, length, write ? 1 : 0, frame.outcome(), frame.error);
            Failures.check(code, frame, "populate", subject, offset, length, () -> sizeNow(extent));
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public void lock(Extent extent, long offset, long length, boolean onFault) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_lock(frame.region(extent), offset, length, onFault ? 1 : 0, frame.error);
            Failures.check(code, frame, "lock", subject, offset, length, () -> sizeNow(extent));
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public void unlock(Extent extent, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_unlock(frame.region(extent), offset, length, frame.error);
            Failures.check(code, frame, "unlock", subject, offset, length);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public Residency residency(Extent extent, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            long words = (length / SystemQuery.pageSize() + 2 + 63) / 64;
            MemorySegment bits = frame.room(words * Long.BYTES);
            int code = QuireHeader.quire_query_residency(
                    frame.region(extent), offset, length, bits, words, frame.residency(), frame.error);
            Failures.check(code, frame, "ask for the residency of", subject, offset, length);
            boolean known = quire_residency.known(frame.residency()) != 0;
            return new Residency(
                    quire_residency.page_size(frame.residency()),
                    quire_residency.pages(frame.residency()),
                    known,
                    known ? BitSet.valueOf(bits.toArray(ValueLayout.JAVA_LONG)) : new BitSet());
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public boolean isResident(Extent extent, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment answer = frame.residency();
            int code = QuireHeader.quire_query_residency(
                    frame.region(extent), offset, length, MemorySegment.NULL, 0, answer, frame.error);
            Failures.check(code, frame, "ask for the residency of", subject, offset, length);
            return quire_residency.known(answer) != 0
                    && quire_residency.resident(answer) == quire_residency.pages(answer);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public List<ByteRange> restore(Extent extent) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment returned = frame.room(quire_ranges.sizeof());
            int code = QuireHeader.quire_restore(frame.region(extent), path(frame), returned, frame.error);
            Failures.check(code, frame, "restore", subject, -1, -1);
            List<ByteRange> ranges = new ArrayList<>();
            for (long i = 0; i < quire_ranges.count(returned); i++) {
                MemorySegment range = quire_ranges.range(returned, i);
                ranges.add(new ByteRange(quire_range.offset(range), quire_range.length(range)));
            }
            return ranges;
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public void flush(Extent extent, long offset, long length, Durability durability) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_flush(
                    frame.region(extent), path(frame), offset, length, durability.ordinal(), frame.error);
            Failures.check(code, frame, "flush", subject, offset, length, () -> sizeNow(extent));
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public Outcome evict(Extent extent, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_evict(
                    frame.region(extent), path(frame), offset, length, frame.outcome(), frame.error);
            Failures.check(code, frame, "evict", subject, offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public Outcome discard(Extent extent, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_discard(
                    frame.region(extent), path(frame), offset, length, frame.outcome(), frame.error);
            Failures.check(code, frame, "discard", subject, offset, length, () -> sizeNow(extent));
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    // --------------------------------------------------------------------------------------------------- files

    @Override
    public FileStatus file() throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_query_file(path(frame), frame.status(), frame.error);
            Failures.check(code, frame, "look at", subject, -1, -1);
            return status(frame);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public long sizeNow(Extent extent) {
        CallFrame frame = CallFrame.take();
        try {
            int code;
            if (extent.handle() != -1) {
                code = QuireHeader.quire_query_handle(frame.region(extent), frame.status(), frame.error);
            } else if (!subject.path().isEmpty()) {
                code = QuireHeader.quire_query_file(path(frame), frame.status(), frame.error);
            } else {
                return -1;
            }
            if (code != QuireHeader.QUIRE_OK()) {
                return -1;
            }
            FileStatus now = status(frame);
            boolean same = now.device() == extent.fileDevice() && now.number() == extent.fileNumber();
            return same || extent.handle() != -1 ? now.size() : -1;
        } finally {
            frame.giveBack();
        }
    }

    // ----------------------------------------------------------------------------------------- between processes

    @Override
    public void seal(Extent extent, int seals) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_seal(frame.region(extent), seals, frame.error);
            Failures.check(code, frame, "seal", subject, -1, -1);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public int seals(Extent extent) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment seals = frame.room(quire_seals.sizeof());
            int code = QuireHeader.quire_query_seals(frame.region(extent), seals, frame.error);
            if (code == ErrorCode.UNSUPPORTED.number()) {
                return 0;
            }
            Failures.check(code, frame, "ask for the seals of", subject, -1, -1);
            return quire_seals.seals(seals);
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public boolean await(Extent extent, long offset, int expected, long nanos) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_wait(frame.region(extent), offset, expected, nanos, frame.error);
            if (code == ErrorCode.UNSUPPORTED.number()) {
                return false;
            }
            if (code != ErrorCode.TIMED_OUT.number()) {
                Failures.check(code, frame, "wait for", subject, offset, Integer.BYTES);
            }
            return true;
        } finally {
            frame.giveBack();
        }
    }

    @Override
    public void wake(Extent extent, long offset) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_wake(frame.region(extent), offset, Integer.MAX_VALUE, frame.error);
            if (code != ErrorCode.UNSUPPORTED.number()) {
                Failures.check(code, frame, "wake", subject, offset, Integer.BYTES);
            }
        } finally {
            frame.giveBack();
        }
    }

    // ------------------------------------------------------------------------------------------------- changes

    @Override
    public void requireChangeable(String operation) {}

    @Override
    public Change resizing(long length) {
        return new NativeChange("resize", length) {
            private final MemorySegment path = path(frame);

            @Override
            int call(Extent before, Extent after) {
                int answer = QuireHeader.quire_resize(frame.changing(before), path, length, 0, frame.error);
                after.fill(frame.regionBuffer());
                after.setWritable(before.writable());
                return answer;
            }

            @Override
            public void check() throws MappingException {
                long size = quire_error.limit(frame.error);
                if (isRefused() && quire_error.code(frame.error) == ErrorCode.INVALID_ARGUMENT.number() && size >= 0) {
                    throw Failures.unsupported(
                            "resize",
                            subject,
                            "the mapping does not end where the file ends: the file has " + size + " bytes");
                }
                super.check();
            }
        };
    }

    @Override
    public Change protecting(boolean writable) {
        int access = writable ? QuireHeader.QUIRE_ACCESS_READ_WRITE() : QuireHeader.QUIRE_ACCESS_READ();
        return new NativeChange("protect", -1) {
            @Override
            int call(Extent before, Extent after) {
                int answer = QuireHeader.quire_protect(frame.changing(before), 0, before.length(), access, frame.error);
                after.fill(frame.regionBuffer());
                after.setWritable(answer == Failures.OK ? writable : before.writable());
                return answer;
            }
        };
    }

    @Override
    public Change freezing(int seals) {
        return new NativeChange("seal", -1) {
            @Override
            int call(Extent before, Extent after) {
                int answer = QuireHeader.quire_freeze(frame.changing(before), seals, frame.error);
                after.fill(frame.regionBuffer());
                after.setWritable(after.mode() != MapFlags.READ_ONLY);
                return answer;
            }
        };
    }

    /** A change that is one call of the C layer, which works on the frame's region. */
    private abstract class NativeChange implements Change {
        final CallFrame frame = CallFrame.take();
        final long length;
        private final String operation;
        private int code;

        NativeChange(String operation, long length) {
            this.operation = operation;
            this.length = length;
        }

        abstract int call(Extent before, Extent after);

        @Override
        public void make(Extent before, Extent after) {
            code = call(before, after);
        }

        @Override
        public boolean isRefused() {
            return code != Failures.OK;
        }

        @Override
        public void check() throws MappingException {
            Failures.check(code, frame, operation, subject, -1, length);
        }

        @Override
        public void close() {
            frame.giveBack();
        }
    }

    private MemorySegment path(CallFrame frame) {
        return frame.text(subject.path());
    }

    private static FileStatus status(CallFrame frame) {
        MemorySegment status = frame.status();
        return new FileStatus(
                quire_file_status.device(status),
                quire_file_status.number(status),
                quire_file_status.size(status),
                quire_file_status.allocated(status),
                quire_file_status.modified_nanos(status),
                quire_file_status.kind(status) == QuireHeader.QUIRE_FILE_REGULAR());
    }

    private static Outcome outcome(CallFrame frame) {
        return new Outcome(RESULTS[quire_outcome.result(frame.outcome())], quire_outcome.bytes(frame.outcome()));
    }
}

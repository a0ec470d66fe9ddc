package dev.quire.internal;

import dev.quire.advice.Advice;
import dev.quire.advice.Answer;
import dev.quire.advice.ByteRange;
import dev.quire.advice.Durability;
import dev.quire.advice.Outcome;
import dev.quire.advice.Residency;
import dev.quire.error.MappingException;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_file_status;
import dev.quire.internal.ffi.quire_outcome;
import dev.quire.internal.ffi.quire_range;
import dev.quire.internal.ffi.quire_ranges;
import dev.quire.internal.ffi.quire_residency;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The C layer in Java: one method a function, in the order of {@code quire.h}. Callers hold the region, or are alone with
 * it where the header asks for that. More than 300 lines, because the header is one file, and this is what reads it.
 */
@SuppressWarnings("EnumOrdinal") // words stand in the order of the numbers in quire.h; a test holds them to it
final class NativeCalls {
    private static final Answer[] ANSWERS = Answer.values();

    private NativeCalls() {}

    // ------------------------------------------------------------------------------------------------- mapping

    static Extent mapFile(Subject subject, long offset, long length, int mode, int flags) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        MemorySegment path = frame.text(subject.path());
        try {
            frame.storeRequest(path, offset, length, mode, flags);
            int code = FirstCalls.map(frame.request, frame.error);
            Refusals.check(code, frame, "map", subject, offset, length);
            return frame.made();
        } finally {
            Reference.reachabilityFence(path);
            frame.giveBack();
        }
    }

    static Extent mapAnonymous(Subject subject, long length, int kind, int flags) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_map_anonymous(length, kind, flags, frame.region(), frame.error);
            Refusals.check(code, frame, "map", subject, -1, length);
            return frame.made();
        } finally {
            frame.giveBack();
        }
    }

    static void unmap(Region region) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = FirstCalls.unmap(frame.changing(region.extent()), frame.error);
            Refusals.check(code, frame, "unmap", region.subject(), -1, region.length());
        } finally {
            frame.giveBack();
        }
    }

    static Extent protect(Subject subject, Extent extent, boolean writable) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int access = writable ? QuireHeader.QUIRE_ACCESS_READ_WRITE() : QuireHeader.QUIRE_ACCESS_READ();
            int code = QuireHeader.quire_protect(frame.changing(extent), 0, extent.length(), access, frame.error);
            Refusals.check(code, frame, "protect", subject, 0, extent.length());
            return extent.withWritable(writable);
        } finally {
            frame.giveBack();
        }
    }

    /** On failure the answer is still in the frame's region: what is mapped after it. */
    static Resized resize(Subject subject, Extent extent, long length, int flags) {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_resize(
                    frame.changing(extent), frame.text(subject.path()), length, flags, frame.error);
            Extent after = frame.made().withWritable(extent.writable());
            try {
                Refusals.check(code, frame, "resize", subject, -1, length);
                return new Resized(after, null);
            } catch (MappingException | RuntimeException e) {
                return new Resized(after, e);
            }
        } finally {
            frame.giveBack();
        }
    }

    // --------------------------------------------------------------------------------------------------- pages

    static Outcome advise(Region region, long offset, long length, Advice advice) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_advise(
                    frame.region(region.extent()), offset, length, advice.ordinal(), frame.outcome(), frame.error);
            Refusals.check(code, frame, "advise", region.subject(), offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** Bytes of whole pages, or 0 if {@link #advise} has to be asked. */
    static long adviseBriefly(Extent extent, long offset, long length, Advice advice) {
        return QuireHeader.quire_advise_briefly(
                extent.record(),
                extent.kind(),
                extent.baseLength(),
                extent.address() + offset,
                length,
                advice.ordinal());
    }

    static Outcome prefetch(Region region, List<ByteRange> ranges) throws MappingException {
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
                    frame.region(region.extent()), array, ranges.size(), frame.outcome(), frame.error);
            Refusals.check(code, frame, "prefetch", region.subject(), -1, -1);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    static Outcome populate(Region region, long offset, long length, boolean write) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_populate(
                    frame.region(region.extent()), offset, length, write ? 1 : 0, frame.outcome(), frame.error);
            Refusals.check(code, frame, "populate", region.subject(), offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    static void lock(Region region, long offset, long length, boolean onFault) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code =
                    QuireHeader.quire_lock(frame.region(region.extent()), offset, length, onFault ? 1 : 0, frame.error);
            Refusals.check(code, frame, "lock", region.subject(), offset, length);
        } finally {
            frame.giveBack();
        }
    }

    static void unlock(Region region, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_unlock(frame.region(region.extent()), offset, length, frame.error);
            Refusals.check(code, frame, "unlock", region.subject(), offset, length);
        } finally {
            frame.giveBack();
        }
    }

    static Residency residency(Region region, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            long words = (length / SystemQuery.pageSize() + 2 + 63) / 64;
            MemorySegment bits = frame.room(words * Long.BYTES);
            int code = QuireHeader.quire_query_residency(
                    frame.region(region.extent()), offset, length, bits, words, frame.residency(), frame.error);
            Refusals.check(code, frame, "ask for the residency of", region.subject(), offset, length);
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

    /** Maps lost pages again where they are there again; which, in bytes from the beginning. */
    static List<ByteRange> restore(Region region) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment returned = frame.room(quire_ranges.sizeof());
            int code = QuireHeader.quire_restore(
                    frame.region(region.extent()), path(frame, region), returned, frame.error);
            Refusals.check(code, frame, "restore", region.subject(), -1, -1);
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

    /** Reduces into the frame's reduction; a code of the C layer: OK, FAULT or UNSUPPORTED. */
    static int reduce(CallFrame frame, Region region, long offset, long length, int element, int what, int kernels) {
        return QuireHeader.quire_reduce(
                frame.region(region.extent()), offset, length, element, what, kernels, frame.reduction(), frame.error);
    }

    static void flush(Region region, long offset, long length, Durability durability) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_flush(
                    frame.region(region.extent()),
                    path(frame, region),
                    offset,
                    length,
                    durability.ordinal(),
                    frame.error);
            Refusals.check(code, frame, "flush", region.subject(), offset, length);
        } finally {
            frame.giveBack();
        }
    }

    static Outcome evict(Region region, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_evict(
                    frame.region(region.extent()), path(frame, region), offset, length, frame.outcome(), frame.error);
            Refusals.check(code, frame, "evict", region.subject(), offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    static Outcome discard(Region region, long offset, long length) throws MappingException {
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_discard(
                    frame.region(region.extent()), path(frame, region), offset, length, frame.outcome(), frame.error);
            Refusals.check(code, frame, "discard", region.subject(), offset, length);
            return outcome(frame);
        } finally {
            frame.giveBack();
        }
    }

    // --------------------------------------------------------------------------------------------------- files

    static FileStatus fileStatus(Subject subject) throws MappingException {
        if (NativeLibrary.isMissing()) {
            return JdkFile.status(subject);
        }
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_query_file(frame.text(subject.path()), frame.status(), frame.error);
            Refusals.check(code, frame, "look at", subject, -1, -1);
            return status(frame);
        } finally {
            frame.giveBack();
        }
    }

    /** The size of the mapped file now; -1 if it has none, is gone or was replaced. */
    static long sizeNow(Region region) {
        Extent extent = region.extent();
        if (region.jdk() != null) {
            return jdkSizeNow(region.subject(), extent);
        }
        CallFrame frame = CallFrame.take();
        try {
            int code;
            if (extent.handle() != -1) {
                code = QuireHeader.quire_query_handle(frame.region(extent), frame.status(), frame.error);
            } else if (!region.subject().path().isEmpty()) {
                code = QuireHeader.quire_query_file(path(frame, region), frame.status(), frame.error);
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

    private static long jdkSizeNow(Subject subject, Extent extent) {
        try {
            FileStatus now = JdkFile.status(subject);
            return now.device() == extent.fileDevice() && now.number() == extent.fileNumber() ? now.size() : -1;
        } catch (MappingException e) {
            return -1; // gone
        }
    }

    private static MemorySegment path(CallFrame frame, Region region) {
        return frame.text(region.subject().path());
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
        return new Outcome(ANSWERS[quire_outcome.result(frame.outcome())], quire_outcome.bytes(frame.outcome()));
    }
}

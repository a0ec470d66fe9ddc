package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.ffi.quire_error;
import dev.quire.internal.ffi.quire_seals;
import java.lang.foreign.MemorySegment;

/** Memory between processes: the C layer's functions for it, one method a function, in the order of {@code quire.h}. */
public final class SharedCalls {
    private SharedCalls() {}

    /** Creates a named segment, which must not exist. */
    public static Region create(Subject subject, String name, long length) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_create(frame.text(name), length, 0, frame.region(), frame.error);
            Refusals.check(code, frame, "create", subject, -1, length);
            return Region.of(subject, frame.made());
        } finally {
            frame.giveBack();
        }
    }

    /** Maps a named segment. */
    public static Region open(Subject subject, String name, int mode) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_open(frame.text(name), mode, 0, frame.region(), frame.error);
            Refusals.check(code, frame, "open", subject, -1, -1);
            return Region.of(subject, frame.made());
        } finally {
            frame.giveBack();
        }
    }

    /** Removes a name. */
    public static void unlink(Subject subject, String name) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_shared_unlink(frame.text(name), frame.error);
            Refusals.check(code, frame, "remove", subject, -1, -1);
        } finally {
            frame.giveBack();
        }
    }

    /** Maps another process's anonymous shared memory. */
    public static Region attach(Subject subject, long process, long handle, int mode) throws MappingException {
        NativeLibrary.load();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_attach(process, handle, mode, 0, frame.region(), frame.error);
            Refusals.check(code, frame, "attach to", subject, -1, -1);
            return Region.of(subject, frame.made());
        } finally {
            frame.giveBack();
        }
    }

    /** Adds seals, bits of {@code enum quire_seal}. */
    public static void seal(Region region, int seals) throws MappingException {
        region.hold();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_seal(frame.region(region.extent()), seals, frame.error);
            Refusals.check(code, frame, "seal", region.subject(), -1, -1);
        } finally {
            frame.giveBack();
            region.release();
        }
    }

    /**
     * Makes the memory read-only, here and for every process, and adds seals; no view may be left that could write.
     *
     * @return false if others hold the region for that long
     */
    public static boolean freeze(Region region, int seals, long patienceNanos) throws MappingException {
        MappingException[] refused = new MappingException[1];
        boolean done = region.exclusively(patienceNanos, before -> {
            CallFrame frame = CallFrame.take();
            try {
                int code = QuireHeader.quire_freeze(frame.changing(before), seals, frame.error);
                try {
                    Refusals.check(code, frame, "seal", region.subject(), -1, -1);
                } catch (MappingException e) {
                    refused[0] = e; // after the region has what became of it
                }
                return frame.made();
            } finally {
                frame.giveBack();
            }
        });
        if (refused[0] != null) {
            throw refused[0];
        }
        return done;
    }

    /** Which seals there are; 0 where there can be none. */
    public static int seals(Region region) throws MappingException {
        region.hold();
        CallFrame frame = CallFrame.take();
        try {
            MemorySegment seals = frame.room(quire_seals.sizeof());
            int code = QuireHeader.quire_query_seals(frame.region(region.extent()), seals, frame.error);
            if (code == ErrorCode.UNSUPPORTED.number()) {
                return 0;
            }
            Refusals.check(code, frame, "ask for the seals of", region.subject(), -1, -1);
            return quire_seals.seals(seals);
        } finally {
            frame.giveBack();
            region.release();
        }
    }

    /**
     * Sleeps while a word has a value: one {@code futex} call.
     *
     * @return false if the platform has no such call; nothing was waited for then
     */
    public static boolean await(Region region, long offset, int expected, long nanos) throws MappingException {
        region.hold();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_wait(frame.region(region.extent()), offset, expected, nanos, frame.error);
            if (code == ErrorCode.UNSUPPORTED.number()) {
                return false;
            }
            if (code != ErrorCode.TIMED_OUT.number()) {
                Refusals.check(code, frame, "wait for", region.subject(), offset, Integer.BYTES);
            }
            return true;
        } finally {
            frame.giveBack();
            region.release();
        }
    }

    /** Wakes those who wait for a word; nothing to do where nobody can. */
    public static void wake(Region region, long offset) throws MappingException {
        region.hold();
        CallFrame frame = CallFrame.take();
        try {
            int code = QuireHeader.quire_wake(frame.region(region.extent()), offset, Integer.MAX_VALUE, frame.error);
            if (quire_error.code(frame.error) != ErrorCode.UNSUPPORTED.number()) {
                Refusals.check(code, frame, "wake", region.subject(), offset, Integer.BYTES);
            }
        } finally {
            frame.giveBack();
            region.release();
        }
    }
}

package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.internal.Faults;
import dev.quire.internal.Region;
import dev.quire.internal.SharedCalls;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.lang.foreign.Arena;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** From a name, a handle or a size to shared memory. */
final class Creation {
    /** Before every name, so that what is ours can be told in a list. */
    static final String PREFIX = "quire.";

    /** Of a name nobody can guess: 80 bits, 16 characters, within what macOS allows. */
    private static final int RANDOM_BITS = 80;

    /** Between two looks at memory that is not complete. */
    private static final long LOOK_NANOS = 200_000;

    private Creation() {}

    private static final class Randomness {
        private static final SecureRandom SOURCE = new SecureRandom();
    }

    static String freshName() {
        return new BigInteger(RANDOM_BITS, Randomness.SOURCE).toString(32);
    }

    static String systemName(String name) {
        if (name.isEmpty() || name.startsWith(".") || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a name of shared memory is not empty, does not begin with a dot and has"
                    + " no NUL: \"" + name.replace("\0", "\\0") + "\"");
        }
        return PREFIX + name;
    }

    static Subject subject(String name) {
        return Subject.memory("shared memory " + name);
    }

    static SharedMemory create(String name, DType dtype, Shape shape, Order order) throws MappingException {
        SegmentHeader header = header(dtype, shape, order);
        Region region = mapped(() -> Region.ofNewSegment(subject(name), systemName(name), mappedBytes(header)));
        return published(region, header, name);
    }

    static SharedMemory anonymous(DType dtype, Shape shape, Order order) throws MappingException {
        SegmentHeader header = header(dtype, shape, order);
        Subject subject = Subject.memory("anonymous shared memory");
        Region region =
                mapped(() -> Region.ofAnonymous(subject, mappedBytes(header), MapFlags.KIND_ANONYMOUS_SHARED, 0));
        try {
            SharedCalls.seal(region, Seal.SHRINK.bit | Seal.GROW.bit);
        } catch (MappingException e) {
            if (e.code() != ErrorCode.UNSUPPORTED) {
                region.close();
                throw e;
            }
        }
        return published(region, header, "");
    }

    /** A refusal names the bytes that were asked for; those of the header are ours. */
    private static Region mapped(Attempt attempt) throws MappingException {
        try {
            return attempt.map();
        } catch (MappingException e) {
            throw Failures.ofLength(e, e.details().length() - SegmentHeader.BYTES);
        }
    }

    private static SegmentHeader header(DType dtype, Shape shape, Order order) {
        if (!dtype.type().isOfNumPy()) {
            throw new IllegalArgumentException("a segment's header has no name for " + dtype + "; share its bits as u"
                    + dtype.itemBytes() + ", which view(dtype) shows as " + dtype);
        }
        long generation = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long byteSize = shape.byteCount(dtype.itemBytes());
        return new SegmentHeader(byteSize, dtype, shape, order, ProcessIdentity.current(), generation);
    }

    private static long mappedBytes(SegmentHeader header) {
        try {
            return Math.addExact(header.byteSize(), SegmentHeader.BYTES);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("shape " + header.shape() + " does not fit memory", e);
        }
    }

    private static SharedMemory published(Region region, SegmentHeader header, String name) throws MappingException {
        try (Arena arena = Arena.ofConfined()) {
            header.publish(head(region, arena));
            return new SharedMemory(region, header, name);
        } catch (Throwable e) {
            region.close();
            throw e;
        }
    }

    private static ByteSlice head(Region region, Arena arena) {
        return SliceDoor.<ByteSlice>bytes(region, region.view(arena), 0).slice(0, SegmentHeader.BYTES);
    }

    static SharedMemory openOrCreate(String name, DType dtype, Shape shape, Order order, Duration timeout)
            throws MappingException {
        for (; ; ) {
            try {
                return create(name, dtype, shape, order);
            } catch (MappingException e) {
                if (e.code() != ErrorCode.EXISTS) {
                    throw e;
                }
            }
            try {
                SharedMemory memory = open(name, MapMode.READ_WRITE, timeout);
                memory.require(dtype, shape, order);
                return memory;
            } catch (MappingException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
            }
        }
    }

    static SharedMemory open(String name, MapMode mode, Duration timeout) throws MappingException {
        Subject subject = subject(name);
        String systemName = systemName(name);
        return await(subject, name, timeout, () -> Region.ofSegment(subject, systemName, number(mode)), 0);
    }

    static SharedMemory attach(String text, MapMode mode, Duration timeout) throws MappingException {
        Handle handle = Handle.parse(text);
        Subject subject = Subject.memory("shared memory " + text);
        return await(
                subject,
                "",
                timeout,
                () -> Region.ofHandle(subject, handle.process(), handle.number(), number(mode)),
                handle.generation());
    }

    private interface Attempt {
        Region map() throws MappingException;
    }

    /** Looks until the memory is complete. A generation of 0 is any. */
    private static SharedMemory await(Subject subject, String name, Duration limit, Attempt attempt, long generation)
            throws MappingException {
        try (Deadline deadline = Deadline.of(limit)) {
            for (; ; ) {
                SharedMemory memory = tried(subject, name, attempt, generation);
                if (memory != null) {
                    return memory;
                }
                if (deadline.left() <= 0) {
                    throw incomplete(subject, limit);
                }
                deadline.park(LOOK_NANOS);
            }
        }
    }

    private static @Nullable SharedMemory tried(Subject subject, String name, Attempt attempt, long generation)
            throws MappingException {
        Region region = attempt.map();
        SharedMemory memory = null;
        try {
            memory = ifReady(subject, region, name, generation);
            return memory;
        } finally {
            if (memory == null) {
                region.close();
            }
        }
    }

    private static MappingException incomplete(Subject subject, Duration limit) {
        String waited = !limit.isPositive()
                ? ""
                : " in "
                        + BigDecimal.valueOf(limit.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString() + " s";
        return Failures.own(
                "attach to",
                subject,
                ErrorCode.TIMED_OUT,
                "its creator did not complete it" + waited
                        + "; it may have died, or the segment is not Quire's: see Segments.list");
    }

    private static @Nullable SharedMemory ifReady(Subject subject, Region region, String name, long generation)
            throws MappingException {
        if (region.length() < SegmentHeader.BYTES) {
            return null;
        }
        try (Arena arena = Arena.ofConfined()) {
            ByteSlice head = head(region, arena);
            if (!Faults.guarded(region, () -> SegmentHeader.isReady(head))) {
                return null;
            }
            SegmentHeader header = SegmentHeader.read(subject, head, region.length() - SegmentHeader.BYTES);
            if (generation != 0 && header.generation() != generation) {
                throw Failures.own(
                        "attach to",
                        subject,
                        ErrorCode.NOT_FOUND,
                        "the handle's memory is gone; its number is another's");
            }
            return new SharedMemory(region, header, name);
        }
    }

    static int number(MapMode mode) {
        return switch (mode) {
            case READ_ONLY -> MapFlags.READ_ONLY;
            case READ_WRITE -> MapFlags.READ_WRITE;
            case COPY_ON_WRITE -> MapFlags.COPY_ON_WRITE;
        };
    }
}

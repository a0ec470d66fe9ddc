package dev.quire.scan;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Forbids io_uring to all threads of its process, by a filter of system calls, and says which way batches go then.
 * Arguments: file, the error that the filter answers with.
 */
@SuppressWarnings("restricted")
final class ForbiddenRingMain {
    private static final boolean IS_ARM = System.getProperty("os.arch").equals("aarch64");
    private static final long PRCTL = IS_ARM ? 167 : 157;
    private static final long SECCOMP = IS_ARM ? 277 : 317;
    private static final long RING_SETUP = 425;
    private static final long NO_NEW_PRIVILEGES = 38;
    private static final long SET_FILTER = 1;
    private static final long ALL_THREADS = 1;

    private ForbiddenRingMain() {}

    public static void main(String[] arguments) throws Throwable {
        forbid(Integer.parseInt(arguments[1]));
        try (Mapping map = Mapping.open(Path.of(arguments[0]), MapMode.READ_ONLY)) {
            map.evict();
            System.out.println("DIRECT " + way(map, ReadWay.DIRECT) + ", AUTO " + way(map, ReadWay.AUTO));
        }
    }

    private static String way(Mapping map, ReadWay way) throws IOException {
        map.evict();
        try (Batch batch = Reads.batch(ReadOptions.DEFAULT.way(way))) {
            for (int i = 0; i < 100; i++) {
                batch.add(map, i * 10_000L, 512);
            }
            BatchOutcome outcome = batch.run((index, record) -> Pattern.check(record.segment(), index * 10_000L));
            return outcome.direct() > 0 ? "direct" : outcome.buffered() == 100 ? "buffered" : "mapped";
        }
    }

    private static void forbid(int number) throws Throwable {
        MethodHandle call = Linker.nativeLinker()
                .downcallHandle(
                        Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                        FunctionDescriptor.of(
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG,
                                ValueLayout.JAVA_LONG),
                        Linker.Option.firstVariadicArg(1));
        try (Arena arena = Arena.ofConfined()) {
            // load the call's number; one equal to that of io_uring_setup fails, others pass
            MemorySegment rules = arena.allocateFrom(
                    ValueLayout.JAVA_LONG,
                    rule(0x20, 0, 0, 0),
                    rule(0x15, 0, 1, RING_SETUP),
                    rule(0x06, 0, 0, 0x50000L | number),
                    rule(0x06, 0, 0, 0x7fff0000L));
            MemorySegment program = arena.allocateFrom(ValueLayout.JAVA_LONG, 4, rules.address());
            long privileges = (long) call.invokeExact(PRCTL, NO_NEW_PRIVILEGES, 1L, 0L, 0L, 0L);
            long filter = (long) call.invokeExact(SECCOMP, SET_FILTER, ALL_THREADS, program.address(), 0L, 0L);
            if (privileges != 0 || filter != 0) {
                throw new IllegalStateException("no filter: " + privileges + ", " + filter);
            }
        }
    }

    /** A rule of the filter, as the kernel has it: code, jumps, operand. */
    private static long rule(int code, int then, int otherwise, long operand) {
        return code | (long) then << 16 | (long) otherwise << 24 | operand << 32;
    }
}

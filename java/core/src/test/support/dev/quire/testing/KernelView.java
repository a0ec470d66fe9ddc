package dev.quire.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What Linux itself knows of mapped memory and of the pages of files, asked without any code of Quire's. */
public final class KernelView {
    private static final int CACHESTAT = 451;
    private static final int READ_ONLY = 0;
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = function(
            "open",
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE =
            function("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle SYSCALL = function(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    private KernelView() {}

    @SuppressWarnings("restricted") // functions of the C library, with their own types
    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, options);
    }

    /**
     * The areas that cover a segment, taken together.
     *
     * @param flags of {@code VmFlags}, those that every area has
     * @param bytes of each field that {@code smaps} counts in kilobytes
     */
    public record Areas(Set<String> flags, Map<String, Long> bytes) {}

    /** What {@code smaps} says of the areas in which a segment lies. */
    public static Areas areas(MemorySegment segment) throws IOException {
        long from = segment.address();
        long to = from + segment.byteSize();
        Set<String> flags = null;
        Map<String, Long> bytes = new HashMap<>();
        boolean inside = false;
        for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
            String[] words = line.split("[ -]+");
            if (words[0].matches("[0-9a-f]{6,}")) {
                inside = Long.parseUnsignedLong(words[0], 16) < to && Long.parseUnsignedLong(words[1], 16) > from;
            } else if (inside && words[0].equals("VmFlags:")) {
                Set<String> own = Set.copyOf(List.of(words).subList(1, words.length));
                flags = flags == null
                        ? own
                        : Set.copyOf(flags.stream().filter(own::contains).toList());
            } else if (inside && line.endsWith(" kB")) {
                bytes.merge(words[0].replace(":", ""), Long.parseLong(words[1]) * 1024, Long::sum);
            }
        }
        assumeTrue(flags != null, "an emulator: no area begins there");
        return new Areas(flags, bytes);
    }

    /** Pages of a file in the page cache: all of them, and those that have yet to be written to the device. */
    public record PageCache(long pages, long dirty, long underWriteback) {
        public boolean isClean() {
            return dirty == 0 && underWriteback == 0;
        }
    }

    /** What {@code cachestat} (Linux 6.5) says of a whole file; without it the test is aborted. */
    public static PageCache pageCache(Path file) throws IOException {
        return pageCache(file, 0, 0);
    }

    /** What {@code cachestat} says of part of a file; a length of 0 reaches to the end. */
    public static PageCache pageCache(Path file, long offset, long length) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), READ_ONLY);
            if (descriptor < 0) {
                throw new IOException("open: " + file);
            }
            MemorySegment range = arena.allocateFrom(ValueLayout.JAVA_LONG, offset, length);
            MemorySegment counts = arena.allocate(ValueLayout.JAVA_LONG, 5);
            long code = (long) SYSCALL.invokeExact((long) CACHESTAT, (long) descriptor, range, counts, 0L);
            int closed = (int) CLOSE.invokeExact(descriptor);
            assumeTrue(code == 0 && closed == 0, "this kernel has no cachestat");
            return new PageCache(
                    counts.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    counts.getAtIndex(ValueLayout.JAVA_LONG, 1),
                    counts.getAtIndex(ValueLayout.JAVA_LONG, 2));
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}

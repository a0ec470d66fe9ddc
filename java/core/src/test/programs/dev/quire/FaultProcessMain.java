package dev.quire;

import dev.quire.FaultForeign.Reader;
import dev.quire.error.MemoryFaultException;
import dev.quire.hint.Healing;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A process in which others have to do with signals too. Arguments: what, folder, a library with a handler of SIGBUS or
 * {@code -}.
 */
final class FaultProcessMain {
    private static final int SIZE = FaultOperations.SIZE;

    private final Path file;
    private final MethodHandle install;
    private final MethodHandle count;

    private FaultProcessMain(Path folder, String library) {
        this.file = folder.resolve("file");
        this.install = library.equals("-")
                ? null
                : function(library, "install", FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
        this.count =
                library.equals("-") ? null : function(library, "count", FunctionDescriptor.of(ValueLayout.JAVA_INT));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String library, String name, FunctionDescriptor descriptor) {
        MemorySegment symbol =
                SymbolLookup.libraryLookup(Path.of(library), Arena.global()).findOrThrow(name);
        return Linker.nativeLinker().downcallHandle(symbol, descriptor);
    }

    public static void main(String[] arguments) throws Throwable {
        FaultProcessMain main = new FaultProcessMain(Path.of(arguments[1]), arguments[2]);
        switch (arguments[0]) {
            case "plain" -> main.heal("alone");
            case "before" -> {
                main.install.invokeExact(0);
                main.heal("behind it");
                require((int) main.count.invokeExact() == 0, "the other handler was called");
            }
            case "after" -> main.after();
            case "greedy" -> main.greedy();
            case "covered" -> main.covered();
            case "crash" -> main.crash();
            case "foreign" -> main.foreign();
            default -> throw new IllegalArgumentException(arguments[0]);
        }
        System.out.println("healing " + Platform.facts().healing());
    }

    private static void require(boolean holds, String text) {
        if (!holds) {
            throw new AssertionError(text);
        }
    }

    private Mapping cut() throws IOException {
        Files.write(file, FaultOperations.content(0, SIZE));
        Mapping map = Mapping.open(file, MapMode.READ_ONLY);
        truncate();
        return map;
    }

    private void truncate() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
        }
    }

    private void heal(String when) throws IOException {
        for (Reader reader : FaultForeign.readers(FaultForeign.whole(Arena.global(), SIZE))) {
            try (Mapping map = cut()) {
                check(map, reader, when);
            }
        }
    }

    private static void check(Mapping map, Reader reader, String when) {
        try {
            map.guarded(() -> reader.of(map.segment()));
        } catch (MemoryFaultException e) {
            require(e.getCause() == null && map.damage().lostBytes() == SIZE, when + ", " + reader.name() + ": " + e);
            return;
        }
        throw new AssertionError(when + ", " + reader.name() + ": nothing noticed");
    }

    /** Installed on top of ours, and passes signals on. */
    private void after() throws Throwable {
        try (Mapping map = cut()) {
            install.invokeExact(0);
            require(map.bytes().get(7) == 0 && map.damage().lostBytes() == SIZE, "under it");
            require((int) count.invokeExact() == 1, "the handler on top was not called");
        }
        heal("in front again");
        require((int) count.invokeExact() == 1, "the other handler was called again");
    }

    /** Installed on top of ours, and ends the process: the next mapping is in front again. */
    private void greedy() throws Throwable {
        cut().close();
        install.invokeExact(1);
        heal("in front of what ends the process");
    }

    private void covered() throws Throwable {
        require(Platform.facts().healing() == Healing.ON, "not on");
        for (int i = 0; i < 9; i++) {
            install.invokeExact(0);
            heal("on top " + i);
        }
    }

    /** A mistake that has to do with no mapping. */
    @SuppressWarnings("restricted")
    private void crash() throws Exception {
        cut().close();
        MemorySegment.NULL.reinterpret(SIZE).set(ValueLayout.JAVA_INT, 0, 1);
    }

    /** A file that was mapped by others, and is cut: in Java code, then in native code. */
    private void foreign() throws Exception {
        cut().close();
        Files.write(file, FaultOperations.content(0, SIZE));
        try (FileChannel channel = FileChannel.open(file)) {
            MappedByteBuffer buffer = channel.map(FileChannel.MapMode.READ_ONLY, 0, SIZE);
            truncate();
            try {
                System.out.println("read " + buffer.get(7));
            } catch (InternalError e) {
                System.out.println("error"); // as ever
            }
            MemorySegment segment = MemorySegment.ofBuffer(buffer);
            FaultForeign.readers(FaultForeign.whole(Arena.global(), SIZE)).stream()
                    .filter(reader -> reader.name().equals("memcmp"))
                    .forEach(reader -> reader.of(segment));
        }
    }
}

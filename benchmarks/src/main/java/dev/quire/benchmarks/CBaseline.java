package dev.quire.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The C programs that Quire is compared with ({@code src/main/c}), compiled with {@code -O3 -march=native -ffast-math}
 * by the machine's own compiler when a benchmark starts, so that both sides run in one process and one run.
 */
final class CBaseline {
    private static final List<String> COMPILE =
            List.of("cc", "-std=gnu11", "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-o");

    private final SymbolLookup symbols;

    /**
     * Compiles and loads a program.
     *
     * @param name of the file without its ending
     */
    CBaseline(String name) throws IOException {
        Path folder = Files.createTempDirectory("quire-benchmark");
        Path source = folder.resolve(name + ".c");
        Path library = folder.resolve(System.mapLibraryName(name));
        try (InputStream in = CBaseline.class.getResourceAsStream("/c/" + name + ".c")) {
            if (in == null) {
                throw new IOException("no source /c/" + name + ".c in the benchmarks' jar");
            }
            Files.copy(in, source);
        }
        compile(source, library);
        symbols = SymbolLookup.libraryLookup(library, Arena.global());
        Files.delete(source);
        Files.delete(library);
        Files.delete(folder);
    }

    private static void compile(Path source, Path library) throws IOException {
        ProcessBuilder compiler = new ProcessBuilder(new ArrayList<>(COMPILE)).inheritIO();
        compiler.command().add(library.toString());
        compiler.command().add(source.toString());
        try {
            if (compiler.start().waitFor() != 0) {
                throw new IOException("cc could not compile " + source);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while compiling " + source, e);
        }
    }

    /** A function of the program. */
    MethodHandle function(String name, FunctionDescriptor type) {
        return Linker.nativeLinker().downcallHandle(symbols.findOrThrow(name), type);
    }
}

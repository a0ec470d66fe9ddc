package dev.quire.internal;

import dev.quire.testing.ChildJvm;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;

/** Initialises every generated class and calls no function. Takes the library's file. */
public final class InitialisingMain {
    private InitialisingMain() {}

    static Path folder() {
        return ChildJvm.classes().resolve("dev/quire/internal/ffi");
    }

    @SuppressWarnings("restricted")
    public static void main(String[] arguments) throws Exception {
        System.load(arguments[0]);
        int initialised = 0;
        try (var files = Files.walk(folder())) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class.forName("dev.quire.internal.ffi." + name);
                initialised++;
            }
        }
        long bytes = Linker.nativeLinker().canonicalLayouts().get("long").byteSize();
        System.out.println("long has " + bytes + " bytes, initialised " + initialised);
    }
}

package dev.quire.internal.load;

import dev.quire.hint.LibraryFacts;
import dev.quire.internal.LibraryQuery;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Loads the library in the application's class loader and in another, as two applications in one server would. */
public final class TwoLoadersMain {
    private TwoLoadersMain() {}

    public static void main(String[] arguments) throws Exception {
        report();
        List<URL> path = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            path.add(Path.of(entry).toUri().toURL());
        }
        try (URLClassLoader second = new URLClassLoader(path.toArray(URL[]::new), null)) {
            second.loadClass(TwoLoadersMain.class.getName()).getMethod("report").invoke(null);
        }
    }

    public static void report() throws Exception {
        LibraryFacts library = LibraryQuery.describe();
        System.out.println(library.file());
        library.passedOver().forEach(System.out::println);
    }
}

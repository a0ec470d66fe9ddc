package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quire.testing.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Libraries the user names, by the property or on {@code java.library.path}, and what can be wrong with them. */
class NamedLoadingTest {
    @TempDir
    Path folder;

    private static LoadingReport named(Path file) throws Exception {
        return LoadingReport.of(
                ChildJvm.onModulePath(LoadingMain.class).flags("-D" + LibrarySearch.FILE_PROPERTY + "=" + file));
    }

    @Test
    void namedFile() throws Exception {
        Path file = Bundled.file(folder.resolve("with space and \u00e9"), Bundled.bytes());
        LoadingReport report = named(file).loadedFrom("dev.quire.library").passedOverNothing();
        assertEquals(file, report.file());
    }

    @Test
    void namedFileIsTheOnlyCandidate() throws Exception {
        Path missing = folder.resolve("missing.so");
        LoadingReport report =
                named(missing).refused("UNSUPPORTED", "load the native library", missing + ": there is no such file");
        assertEquals(-1, report.toString().indexOf("META-INF"), report::toString);
    }

    @Test
    void healingIsTrueOrFalse() throws Exception {
        for (String wrong : new String[] {"off", "False", "0", ""}) {
            LoadingReport.of(ChildJvm.onModulePath(LoadingMain.class).flags("-Ddev.quire.heal=" + wrong))
                    .refused("UNSUPPORTED", "the property dev.quire.heal is true or false, and not \"" + wrong + "\"");
        }
    }

    @Test
    void notAFile() throws Exception {
        named(folder).refused(folder + ": it is not a file");
    }

    @Test
    void notALibrary() throws Exception {
        named(Files.writeString(folder.resolve("text"), "this is not a library\n".repeat(10)))
                .refused("it is not a native library");
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.WINDOWS})
    void wrongArchitecture() throws Exception {
        named(Bundled.file(folder, Bundled.otherArchitecture()))
                .refused("it is for ", "this is " + NativePlatform.current());
    }

    /** Loading it would end the process: the dynamic linker maps what the headers say and touches it. */
    @Test
    void truncated() throws Exception {
        byte[] whole = Bundled.bytes();
        named(Bundled.file(folder, Arrays.copyOf(whole, whole.length / 3))).refused("it is truncated");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherLibrary() throws Exception {
        named(Bundled.compiled(folder, "libother.so", "int other(void) { return 1; }"))
                .refused("it is another library: it has no function quire_abi_version");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void anotherAbi() throws Exception {
        named(Bundled.compiled(folder, "libold.so", "int quire_abi_version(void) { return 77; }"))
                .refused("libold.so", "version 77 of the binary interface", "needs version");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void newerCLibrary() throws Exception {
        Path versions = Files.writeString(folder.resolve("versions"), "GLIBC_9.87 { future; };");
        Path future = Bundled.compiled(
                folder,
                "libc.so.6",
                "void future(void) {}",
                "-nostdlib",
                "-Wl,-soname,libc.so.6",
                "-Wl,--version-script=" + versions);
        String source = "void future(void); int quire_abi_version(void) { future(); return 1; }";
        Path library = Bundled.compiled(folder, "libnew.so", source, "-nostdlib", future.toString());
        named(library).refused("it needs GLIBC_9.87, which this system's C library does not have");
    }

    @Test
    void libraryPath() throws Exception {
        Path classes = Bundled.classesWithout(folder.resolve("classes"));
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path file = Bundled.file(folder.resolve("lib"), Bundled.bytes());
        String path = empty + java.io.File.pathSeparator + file.getParent();
        LoadingReport report = LoadingReport.of(
                ChildJvm.onModulePath(LoadingMain.class).library(classes).flags("-Djava.library.path=" + path));
        report.loadedFrom("java.library.path").passedOver("META-INF/native/", "has no native library for");
        assertEquals(file, report.file());
    }

    @Test
    void everyCandidateIsListed() throws Exception {
        Path classes = Bundled.classesWithout(folder.resolve("classes"));
        Path file = Bundled.file(folder.resolve("lib"), new byte[100]);
        LoadingReport.of(ChildJvm.onClassPath(LoadingMain.class)
                        .library(classes)
                        .flags("-Djava.library.path=" + file.getParent()))
                .refused(
                        "META-INF/native/",
                        "has no native library for",
                        "java.library.path " + file + ": it is not a native library");
    }
}

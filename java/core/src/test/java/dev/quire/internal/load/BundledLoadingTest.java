package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library inside the jar, and what can be wrong with it. */
class BundledLoadingTest {
    @TempDir
    Path folder;

    private ChildJvm child() {
        return cached(ChildJvm.onClassPath(LoadingMain.class));
    }

    private ChildJvm cached(ChildJvm child) {
        return child.flags("-D" + LibraryCache.PROPERTY + "=" + cache());
    }

    private Path cache() {
        return folder.resolve("cache");
    }

    private List<Path> cached() throws IOException {
        try (var files = Files.list(cache())) {
            return files.toList();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void extractsOnceAndLoadsAgain(boolean modules) throws Exception {
        Class<?> main = LoadingMain.class;
        ChildJvm first = modules ? ChildJvm.onModulePath(main) : ChildJvm.onClassPath(main);
        Path file = LoadingReport.of(cached(first))
                .loadedFrom("resource")
                .passedOverNothing()
                .file();
        Object key = Files.readAttributes(file, "fileKey,lastModifiedTime");
        assertArrayEquals(Bundled.bytes(), Files.readAllBytes(file));
        assertEquals(List.of(file), cached());

        ChildJvm second = modules ? ChildJvm.onModulePath(main) : ChildJvm.onClassPath(main);
        assertEquals(
                file, LoadingReport.of(cached(second)).loadedFrom("resource").file());
        assertEquals(key, Files.readAttributes(file, "fileKey,lastModifiedTime"), "the file was left as it was");
        assertEquals(List.of(file), cached());
    }

    @Test
    void severalProcessesExtractAtOnce() throws Exception {
        List<ChildJvm.Running> children = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            children.add(child().start());
        }
        for (ChildJvm.Running running : children) {
            LoadingReport.of(running.await()).loadedFrom("resource").passedOverNothing();
        }
        assertEquals(1, cached().size(), () -> "one file and nothing temporary");
    }

    @Test
    void anOldVersionInTheCacheStays() throws Exception {
        Files.createDirectories(cache());
        Path old = Files.writeString(cache().resolve("0123456789abcdef-" + file()), "an old library");
        LoadingReport.of(child()).loadedFrom("resource").passedOverNothing();
        assertEquals("an old library", Files.readString(old));
        assertEquals(2, cached().size());
    }

    private static String file() {
        return NativePlatform.current().libraryFile();
    }

    @Test
    void repairsADamagedFileInTheCache() throws Exception {
        Path file = LoadingReport.of(child()).file();
        byte[] damaged = Bundled.bytes();
        Arrays.fill(damaged, damaged.length / 2, damaged.length, (byte) 0);
        Files.write(file, damaged);
        assertEquals(file, LoadingReport.of(child()).passedOverNothing().file());
        assertArrayEquals(Bundled.bytes(), Files.readAllBytes(file));

        Files.write(file, new byte[0]);
        assertEquals(file, LoadingReport.of(child()).passedOverNothing().file());
        assertArrayEquals(Bundled.bytes(), Files.readAllBytes(file));
    }

    @Test
    void replacesASymbolicLinkInTheCache() throws Exception {
        Path file = LoadingReport.of(child()).file();
        Path elsewhere = Files.move(file, folder.resolve("elsewhere"));
        Files.createSymbolicLink(file, elsewhere);
        LoadingReport.of(child()).passedOverNothing();
        assertFalse(Files.isSymbolicLink(file));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.WINDOWS})
    void wrongArchitecture() throws Exception {
        Path jar = Bundled.replaced(folder.resolve("jar"), Bundled.otherArchitecture(), Bundled.hash());
        LoadingReport.of(child().before(jar))
                .refused("UNSUPPORTED", "META-INF/native/", "it is for ", "this is " + NativePlatform.current());
        assertEquals(List.of(), cached(), "nothing is extracted");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 40, 64, 1000})
    void truncatedInItsHeaders(int length) throws Exception {
        truncated(length, length == 0 ? "it is truncated" : "");
    }

    @Test
    void truncatedInItsBody() throws Exception {
        int length = Bundled.bytes().length;
        truncated(length - 1, "it is truncated: it has " + (length - 1) + " bytes, its headers say " + length);
    }

    private void truncated(int length, String words) throws Exception {
        byte[] content = Arrays.copyOf(Bundled.bytes(), length);
        Path jar = Bundled.replaced(folder.resolve("jar"), content, Bundled.hash());
        LoadingReport.of(child().before(jar)).refused("META-INF/native/", "truncated", words, "java.library.path");
    }

    @Test
    void corrupted() throws Exception {
        byte[] content = Bundled.bytes();
        content[content.length / 2] ^= 1;
        Path jar = Bundled.replaced(folder.resolve("jar"), content, Bundled.hash());
        LoadingReport.of(child().before(jar)).refused("META-INF/native/", "corrupted", "SHA-256");
        assertEquals(List.of(), cached(), "nothing is extracted");
    }

    /** Its own hash beside it, as a build packs an old library that it finds. */
    @Test
    void anotherBuild() throws Exception {
        byte[] content = Bundled.ofAnotherInterface();
        byte[] hash = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
                .getBytes(StandardCharsets.US_ASCII);
        Path jar = Bundled.replaced(folder.resolve("jar"), content, hash);
        LoadingReport.of(child().before(jar))
                .refused(
                        "META-INF/native/",
                        "it does not have version " + BundledLibrary.ABI + " of the binary interface");
        assertEquals(List.of(), cached(), "nothing is extracted");
    }

    @Test
    void recordedHashCutOff() throws Exception {
        Path jar = Bundled.replaced(folder.resolve("jar"), Bundled.bytes(), Arrays.copyOf(Bundled.hash(), 20));
        LoadingReport.of(child().before(jar)).refused("its recorded SHA-256 is cut off");
    }

    @Test
    void aPlatformWithoutLibrary() throws Exception {
        LoadingReport.of(child().flags("-Dos.arch=riscv64"))
                .refused(
                        "this Quire has no native library for ",
                        "riscv64",
                        "java.library.path",
                        "there is no " + file());
    }

    @Test
    void aSecondClassLoaderGetsACopyOfItsOwn() throws Exception {
        ChildJvm.Exit exit = cached(ChildJvm.onClassPath(TwoLoadersMain.class)).run();
        assertEquals(0, exit.status(), exit::toString);
        List<String> files = exit.out().lines().toList();
        assertEquals(cache(), Path.of(files.get(0)).getParent());
        assertFalse(files.get(1).startsWith(cache().toString()), exit::toString);
        assertTrue(files.get(2).contains("another class loader"), exit::toString);
    }
}

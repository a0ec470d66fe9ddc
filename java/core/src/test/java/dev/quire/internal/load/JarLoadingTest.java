package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quire.testing.ChildJvm;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The library out of a real jar, as every user has it. */
class JarLoadingTest {
    private static final int LOCAL_HEADER_BYTES = 30;

    @TempDir
    Path folder;

    private Path jar;

    @BeforeEach
    void build() throws Exception {
        jar = Bundled.jar(folder.resolve("a b+%20c.jar"));
    }

    private ChildJvm child(boolean modules) {
        Class<?> main = LoadingMain.class;
        return (modules ? ChildJvm.onModulePath(main) : ChildJvm.onClassPath(main))
                .library(jar)
                .flags("-D" + LibraryCache.PROPERTY + "=" + folder.resolve("cache"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loads(boolean modules) throws Exception {
        LoadingReport report =
                LoadingReport.of(child(modules)).loadedFrom("resource").passedOverNothing();
        assertArrayEquals(Bundled.bytes(), Files.readAllBytes(report.file()));
    }

    @Test
    void damagedEntry() throws Exception {
        damage(-LOCAL_HEADER_BYTES);
        LoadingReport.of(child(false)).refused("META-INF/native/", jar.toString(), "LOC header");
    }

    @Test
    void damagedContent() throws Exception {
        damage(NativePlatform.current().resource().length() + 1000);
        LoadingReport.of(child(false)).refused("META-INF/native/", jar.toString());
    }

    /** A byte some way from where the entry's name begins in its local header. */
    private void damage(int distance) throws Exception {
        byte[] bytes = Files.readAllBytes(jar);
        String name = NativePlatform.current().resource();
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name);
        bytes[at + distance] ^= 0x55;
        Files.write(jar, bytes);
    }

    @Test
    void filesOfThisMachineOnly() throws Exception {
        assertEquals(new File("/a b+%c.jar"), LibrarySearch.file(url("file:/a%20b+%25c.jar")));
        assertEquals(new File("/x.jar"), LibrarySearch.file(url("file:///x.jar")));
        assertEquals(new File("//server/share/x.jar"), LibrarySearch.file(url("file:////server/share/x.jar")));
        assertNull(LibrarySearch.file(url("file://server/share/x.jar")));
        assertNull(LibrarySearch.file(url("https://server/x.jar")));
    }

    @Test
    @SuppressWarnings("deprecation") // what class loaders make with it is not always a URI
    void aPathThatIsNotEncoded() throws MalformedURLException {
        assertNull(LibrarySearch.file(new URL("file:/100%/x.jar")));
    }

    private static URL url(String text) throws MalformedURLException {
        return URI.create(text).toURL();
    }
}

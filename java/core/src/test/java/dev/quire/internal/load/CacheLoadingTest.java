package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where the library is extracted to, and what can be wrong with that place. */
@EnabledOnOs(OS.LINUX)
class CacheLoadingTest {
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));

    @TempDir
    Path folder;

    private Path home;
    private Path temporary;

    @BeforeEach
    void makeFolders() throws IOException {
        home = Files.createDirectories(folder.resolve("home"));
        temporary = Files.createDirectories(folder.resolve("tmp"));
    }

    private ChildJvm child() {
        return ChildJvm.onClassPath(LoadingMain.class)
                .environment("XDG_CACHE_HOME", "")
                .flags("-Duser.home=" + home, "-Djava.io.tmpdir=" + temporary);
    }

    private ChildJvm cached(Path directory) {
        return child().flags("-D" + LibraryCache.PROPERTY + "=" + directory);
    }

    /** Runs the child where an empty file system is mounted with these options, seen by it alone. */
    private static ChildJvm mounted(ChildJvm child, String options, Path... points) throws Exception {
        String unshare = ROOT ? "-m" : "-rm";
        int status = new ProcessBuilder("unshare", unshare, "true").start().waitFor();
        assumeTrue(status == 0, "this machine does not let its users mount");
        StringBuilder script = new StringBuilder();
        for (Path point : points) {
            script.append("mount -t tmpfs -o ")
                    .append(options)
                    .append(" tmpfs '")
                    .append(point)
                    .append("' && ");
        }
        return child.under("unshare", unshare, "sh", "-c", script + "exec \"$@\"", "sh");
    }

    private void assertLoadedFromTemporary(LoadingReport report) throws IOException {
        assertTrue(report.file().startsWith(temporary), report::toString);
        try (var left = Files.list(temporary)) {
            assertEquals(List.of(), left.toList(), "the copy is removed once it is loaded");
        }
    }

    @Test
    void homeByDefaultForTheOwnerOnly() throws Exception {
        LoadingReport report = LoadingReport.of(child()).passedOverNothing();
        Path directory = home.resolve(".cache/quire");
        assertEquals(directory, report.file().getParent());
        assertEquals("rwx------", permissions(directory));
        assertEquals("rwx------", permissions(report.file()));
    }

    private static String permissions(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void xdgCacheHome() throws Exception {
        Path configured = folder.resolve("xdg");
        LoadingReport report = LoadingReport.of(child().environment("XDG_CACHE_HOME", configured.toString()));
        assertEquals(configured.resolve("quire"), report.file().getParent());
        report = LoadingReport.of(child().environment("XDG_CACHE_HOME", "relative"));
        assertEquals(home.resolve(".cache/quire"), report.file().getParent());
    }

    @Test
    void aUserWithoutHome() throws Exception {
        assertLoadedFromTemporary(
                LoadingReport.of(child().flags("-Duser.home=?")).loadedFrom("resource"));
    }

    @Test
    void readOnlyHome() throws Exception {
        LoadingReport report = LoadingReport.of(mounted(child(), "ro", home));
        report.passedOver("cache directory", home.toString(), "Read-only file system");
        assertLoadedFromTemporary(report);
    }

    @Test
    void homeWithoutPermission() throws Exception {
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("r-xr-xr-x"));
        ChildJvm child = child();
        if (ROOT) { // whom no permission stops: without that privilege
            child.under("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all");
        }
        LoadingReport report = LoadingReport.of(child);
        report.passedOver("cache directory", "permission denied", home.toString());
        assertLoadedFromTemporary(report);
    }

    @Test
    void noexecCache() throws Exception {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        LoadingReport report = LoadingReport.of(mounted(cached(cache), "noexec,mode=700", cache));
        report.passedOver("the file system at " + cache + " is mounted noexec");
        assertLoadedFromTemporary(report);
    }

    @Test
    void noexecEverywhere() throws Exception {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        LoadingReport.of(mounted(cached(cache), "noexec,mode=700", cache, temporary))
                .refused(
                        "the file system at " + cache + " is mounted noexec",
                        "the file system at " + temporary + " is mounted noexec",
                        "name another directory with -Ddev.quire.cache",
                        "java.library.path");
    }

    @Test
    void writableByOthers() throws Exception {
        for (String permissions : List.of("rwxrwxrwx", "rwxrwx---", "rwx----w-")) {
            Path cache = Files.createDirectories(folder.resolve("cache" + permissions));
            Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString(permissions));
            LoadingReport report = LoadingReport.of(cached(cache));
            report.passedOver("other users may write to it", cache.toString());
            assertLoadedFromTemporary(report);
        }
    }

    @Test
    void belowADirectoryThatOthersMayWriteTo() throws Exception {
        Path above = Files.createDirectories(folder.resolve("above"));
        ChildJvm child = cached(above.resolve("between/cache"));
        LoadingReport.of(child).passedOverNothing();
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwxrwx"));
        LoadingReport report = LoadingReport.of(child);
        report.passedOver("it is below a directory that others may write to (" + above + ")");
        assertLoadedFromTemporary(report);
        Files.setAttribute(above, "unix:mode", 01777);
        LoadingReport.of(child).passedOverNothing();
    }

    @Test
    void belowADirectoryThatAGroupMayWriteTo() throws Exception {
        assumeTrue(ROOT, "only root can give a directory to any group");
        Path above = Files.createDirectories(folder.resolve("above"));
        ChildJvm child = cached(above.resolve("cache"));
        Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxrwx---"));
        Files.setAttribute(above, "unix:gid", 65534);
        LoadingReport.of(child).passedOver("it is below a directory that others may write to (" + above + ")");
        Files.setAttribute(above, "unix:gid", 0);
        LoadingReport.of(child).passedOverNothing();
    }

    @Test
    void belowAnotherUsersDirectory() throws Exception {
        assumeTrue(ROOT, "only root can give a directory away");
        Path above = Files.createDirectories(folder.resolve("above"));
        Files.setAttribute(above, "unix:uid", 65534);
        LoadingReport report = LoadingReport.of(cached(above.resolve("cache")));
        report.passedOver("it is below another user's directory (" + above + ")");
        assertLoadedFromTemporary(report);
    }

    @Test
    void readableByOthersIsFine() throws Exception {
        Path cache = Files.createDirectories(folder.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        assertEquals(
                cache,
                LoadingReport.of(cached(cache)).passedOverNothing().file().getParent());
    }

    @Test
    void aFileOthersMayWriteIsWrittenAnew() throws Exception {
        Path cache = folder.resolve("cache");
        Path file = LoadingReport.of(cached(cache)).file();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertEquals(file, LoadingReport.of(cached(cache)).passedOverNothing().file());
        assertEquals("rwx------", permissions(file));
    }

    @Test
    void anotherUsersDirectory() throws Exception {
        assumeTrue(ROOT, "only root can give a directory away");
        Path cache = Files.createDirectories(folder.resolve("cache"));
        Files.setAttribute(cache, "unix:uid", 65534);
        LoadingReport report = LoadingReport.of(cached(cache));
        report.passedOver("it belongs to another user", cache.toString());
        assertLoadedFromTemporary(report);
    }

    /** Whoever gets a link to be where the cache should be chooses no library for us. */
    @Test
    void aPlantedLinkToAnotherUsersDirectory() throws Exception {
        assumeTrue(ROOT, "only root can give a directory away");
        Path theirs = Files.createDirectories(folder.resolve("theirs"));
        String name = LoadingReport.of(cached(folder.resolve("own")))
                .file()
                .getFileName()
                .toString();
        Path planted = Files.writeString(theirs.resolve(name), "not a library");
        Files.setAttribute(planted, "unix:uid", 65534);
        Files.setAttribute(theirs, "unix:uid", 65534);
        Path link = Files.createSymbolicLink(folder.resolve("link"), theirs);
        LoadingReport report = LoadingReport.of(cached(link));
        report.passedOver("it belongs to another user", theirs.toString());
        assertLoadedFromTemporary(report);
        assertEquals("not a library", Files.readString(planted));
    }

    /** Several processes of ours unpack, and another user plants links of every name that he may. */
    @Test
    void anotherUserRacesTheExtraction() throws Exception {
        assumeTrue(ROOT, "needs two users");
        Path cache = Files.createDirectories(folder.resolve("cache"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setAttribute(folder, "unix:mode", 01777); // as /tmp is: names of others stay
        Process attacker = new ProcessBuilder(
                        "setpriv",
                        "--reuid=65534",
                        "--clear-groups",
                        "sh",
                        "-c",
                        "while :; do for name in cache cache/*; do ln -sfn /nowhere \"$name\";"
                                + " mv \"$name\" \"$name.gone\"; rm -rf \"$name\"; done; done")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            for (int i = 0; i < 5; i++) {
                Path file = LoadingReport.of(cached(cache)).passedOverNothing().file();
                assertEquals(cache, file.getParent());
                assertEquals("rwx------", permissions(file));
                Files.delete(file);
            }
            assertTrue(attacker.isAlive(), "there was somebody to race with");
        } finally {
            attacker.destroyForcibly().waitFor();
        }
    }

    @Test
    void aFileInPlaceOfTheDirectory() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "");
        LoadingReport report = LoadingReport.of(cached(file));
        report.passedOver("it is not a directory", file.toString());
        assertLoadedFromTemporary(report);
        report = LoadingReport.of(cached(file.resolve("below")));
        report.passedOver("cache directory", file.toString());
        assertLoadedFromTemporary(report);
    }

    @Test
    void noPlaceAtAll() throws Exception {
        ChildJvm child = cached(Files.writeString(folder.resolve("file"), ""));
        LoadingReport.of(mounted(child, "ro", temporary))
                .refused(
                        "it is not a directory",
                        "a new directory in " + temporary,
                        "Read-only file system",
                        "java.library.path");
    }
}

package dev.quire.internal;

import dev.quire.error.ErrorCode;
import dev.quire.error.Refusal;
import dev.quire.internal.ffi.QuireHeader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tries one place after the other and keeps why each would not do. Every start pays for it: no streams, no patterns. */
final class LibrarySearch {
    /** A file to load instead of all others. */
    static final String FILE_PROPERTY = "dev.quire.library";

    private static final String PATH_PROPERTY = "java.library.path";
    private static final String LIBRARY = "quire";

    private final NativePlatform platform;
    private final List<String> tried = new ArrayList<>();
    private String origin = "";
    private String file = "";

    LibrarySearch(NativePlatform platform) {
        this.platform = platform;
    }

    /** What led to the library, once found. */
    String origin() {
        return origin;
    }

    /** The file that was loaded. */
    String file() {
        return file;
    }

    /** What would not do, and why. */
    List<String> tried() {
        return List.copyOf(tried);
    }

    /** Null if a library is loaded that fits these bindings. */
    @Nullable
    Refusal run() {
        try {
            if (!isLoaded()) {
                return refusal(ErrorCode.UNSUPPORTED, String.join("; ", tried));
            }
            String misfit = misfit();
            return misfit == null ? null : refusal(ErrorCode.UNSUPPORTED, origin + " " + file + ": " + misfit);
        } catch (IllegalCallerException e) {
            return refusal(ErrorCode.NOT_PERMITTED, nativeAccess());
        }
    }

    private boolean isLoaded() {
        String named = System.getProperty(FILE_PROPERTY, "");
        if (!named.isEmpty()) {
            return loadFile("property " + FILE_PROPERTY, named);
        }
        return loadBundled() || loadFromPath();
    }

    private Refusal refusal(ErrorCode code, String sentence) {
        return new Refusal("load the native library", "for " + platform, -1, -1, code, sentence, "", 0, "", -1);
    }

    private static String nativeAccess() {
        Module module = LibrarySearch.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return "this JVM denies native access to " + (module.isNamed() ? "module " + name : "the class path")
                + ": give java the flag --enable-native-access=" + name;
    }

    /** Why the library that was loaded cannot serve these bindings; null if it can. */
    private static @Nullable String misfit() {
        if (SymbolLookup.loaderLookup().find("quire_abi_version").isEmpty()) {
            return "it is another library: it has no function quire_abi_version";
        }
        int found = QuireHeader.quire_abi_version();
        int expected = QuireHeader.QUIRE_ABI_VERSION();
        return found == expected
                ? null
                : "it has version " + found + " of the binary interface, and this Quire needs version " + expected;
    }

    // ------------------------------------------------------------------------------------------------- one file

    private boolean loadFile(String where, String name) {
        try {
            return load(where, Path.of(name).toAbsolutePath()) == null;
        } catch (InvalidPathException e) {
            tried.add(where + " " + name + ": it is no path");
            return false;
        }
    }

    /** Null if the file is loaded. */
    @SuppressWarnings("restricted")
    private @Nullable LoadFailure load(String where, Path path) {
        LoadFailure failure = LoadFailure.beforeLoading(path, platform);
        if (failure == null) {
            try {
                System.load(path.toString());
                origin = where;
                file = path.toString();
                return null;
            } catch (UnsatisfiedLinkError e) {
                failure = LoadFailure.of(path, e);
            }
        }
        tried.add(where + " " + path + ": " + failure.reason());
        return failure;
    }

    // -------------------------------------------------------------------------------------------------- the jar

    private boolean loadBundled() {
        String where = "resource " + platform.resource();
        try {
            byte[] content = read(platform.resource());
            if (content == null) {
                tried.add(where + ": this Quire has no native library for " + platform);
                return false;
            }
            BundledLibrary library = new BundledLibrary(platform, content, read(platform.resource() + ".sha256"));
            return loadFromUsual(where + " in", library);
        } catch (IOException e) {
            tried.add(where + ": " + LoadFailure.reason(e));
            return false;
        }
    }

    private static byte @Nullable [] read(String resource) throws IOException {
        try (InputStream stream = LibrarySearch.class.getResourceAsStream("/" + resource)) {
            return stream == null ? null : stream.readAllBytes();
        }
    }

    private boolean loadFromUsual(String where, BundledLibrary library) throws DamagedLibraryException {
        try {
            Path directory = LibraryCache.usual(platform);
            if (directory != null) {
                LoadFailure failure = load(where, library.keptIn(directory));
                if (failure == null || !failure.dueToPlace()) {
                    return failure == null;
                }
            }
        } catch (DamagedLibraryException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            tried.add(where + " its cache directory: " + LoadFailure.reason(e));
        }
        return loadFromFresh(where, library);
    }

    private boolean loadFromFresh(String where, BundledLibrary library) throws DamagedLibraryException {
        boolean loaded = false;
        try {
            Path directory = LibraryCache.fresh();
            try {
                loaded = load(where, library.keptIn(directory)) == null;
            } finally {
                if (!loaded || !platform.isWindows()) { // Windows keeps the file of a loaded library
                    remove(directory);
                }
            }
        } catch (DamagedLibraryException e) {
            throw e;
        } catch (IOException e) {
            tried.add(where + " a new directory in " + System.getProperty("java.io.tmpdir") + ": "
                    + LoadFailure.reason(e));
        }
        return loaded;
    }

    private static void remove(Path directory) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path left : files) {
                Files.delete(left);
            }
        }
        Files.delete(directory);
    }

    // ------------------------------------------------------------------------------------------ java.library.path

    private boolean loadFromPath() {
        String path = System.getProperty(PATH_PROPERTY, "");
        boolean found = false;
        for (String directory : path.split(File.pathSeparator, -1)) {
            File candidate = new File(directory, platform.libraryFile());
            if (!directory.isEmpty() && candidate.exists()) {
                found = true;
                if (loadFile(PATH_PROPERTY, candidate.getPath())) {
                    return true;
                }
            }
        }
        return !found && loadByLoader(path);
    }

    /** The class loader may know a place of its own. */
    @SuppressWarnings("restricted")
    private boolean loadByLoader(String path) {
        try {
            System.loadLibrary(LIBRARY);
            origin = "class loader";
            file = platform.libraryFile();
            return true;
        } catch (UnsatisfiedLinkError e) {
            tried.add(PATH_PROPERTY + " " + path + ": there is no " + platform.libraryFile());
            return false;
        }
    }
}

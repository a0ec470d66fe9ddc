package dev.quire.internal.load;

import dev.quire.error.ErrorCode;
import dev.quire.error.FailureDetails;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.SymbolLookup;
import java.net.URL;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Tries one place after the other and keeps why each would not do. Every start pays for it: no streams, no patterns.
 */
public final class LibrarySearch {
    /** A file to load instead of all others. */
    static final String FILE_PROPERTY = "dev.quire.library";

    private static final String PATH_PROPERTY = "java.library.path";
    private static final String LIBRARY = "quire";

    private final NativePlatform platform;
    private final List<String> tried = new ArrayList<>();
    private String origin = "";
    private String file = "";

    /**
     * The jar's own library, compared byte by byte with one that was looked at, fits; to ask it costs a process's start
     * 10 ms more.
     */
    private boolean bundled;

    /** Nothing is broken: no library is there at all, or the JVM does not let one be used. */
    private boolean missing;

    /** The library inside the jar is not what was built, or one was loaded, for good, that does not fit. */
    private boolean damaged;

    /** Asks a library that was loaded for the version of its binary interface. */
    private final IntSupplier version;

    public LibrarySearch(NativePlatform platform, IntSupplier version) {
        this.platform = platform;
        this.version = version;
    }

    /** What led to the library, once found. */
    public String origin() {
        return origin;
    }

    /** The file that was loaded. */
    public String file() {
        return file;
    }

    /** Whether nothing is broken, and there is just no library. */
    public boolean isMissing() {
        return missing;
    }

    /** Whether another search could not end otherwise. */
    public boolean isLasting() {
        return missing || damaged;
    }

    /** What would not do, and why. */
    public List<String> tried() {
        return List.copyOf(tried);
    }

    /** Null if a library is loaded that fits these bindings. */
    public @Nullable FailureDetails run() {
        try {
            if (!isLoaded()) {
                return details(ErrorCode.UNSUPPORTED, String.join("; ", tried));
            }
            String misfit = bundled ? null : misfit();
            damaged = misfit != null;
            return misfit == null ? null : details(ErrorCode.UNSUPPORTED, origin + " " + file + ": " + misfit);
        } catch (IllegalCallerException e) {
            missing = true;
            return details(ErrorCode.NOT_PERMITTED, nativeAccess());
        }
    }

    private boolean isLoaded() {
        String named = System.getProperty(FILE_PROPERTY, "");
        if (!named.isEmpty()) {
            return loadFile("property " + FILE_PROPERTY, named);
        }
        bundled = loadBundled();
        return bundled || loadFromPath();
    }

    /** An error to load the library. */
    public FailureDetails details(ErrorCode code, String sentence) {
        return new FailureDetails("load the native library", "for " + platform, -1, -1, code, sentence, "", 0, "", -1);
    }

    private static String nativeAccess() {
        Module module = LibrarySearch.class.getModule();
        String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
        return "this JVM denies native access to " + (module.isNamed() ? "module " + name : "the class path")
                + ": give java the flag --enable-native-access=" + name;
    }

    /** Why the library that was loaded cannot serve these bindings; null if it can. */
    private @Nullable String misfit() {
        if (SymbolLookup.loaderLookup().find("quire_abi_version").isEmpty()) {
            return "it is another library: it has no function quire_abi_version";
        }
        int found = version.getAsInt();
        int expected = BundledLibrary.ABI;
        return found == expected
                ? null
                : "it has version " + found + " of the binary interface, and this Quire needs version " + expected;
    }

    // ------------------------------------------------------------------------------------------------- one file

    private boolean loadFile(String where, String name) {
        try {
            return load(where, Path.of(name).toAbsolutePath(), false) == null;
        } catch (InvalidPathException e) {
            tried.add(where + " " + name + ": not a valid path");
            return false;
        }
    }

    /** Null if the file is loaded. What comes out of the jar was looked at when it was written. */
    @SuppressWarnings("restricted")
    private @Nullable LoadFailure load(String where, Path path, boolean isKnown) {
        LoadFailure failure = isKnown ? null : LoadFailure.beforeLoading(path, platform);
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
        tried.add(where + (isKnown ? " in " : " ") + path + ": " + failure.reason());
        return failure;
    }

    // -------------------------------------------------------------------------------------------------- the jar

    private boolean loadBundled() {
        String where = "resource " + platform.resource();
        File jar = jar();
        try {
            byte[] content = read(jar, platform.resource());
            if (content == null) {
                missing = true;
                tried.add(where + ": this Quire has no native library for " + platform);
                return false;
            }
            BundledLibrary library = new BundledLibrary(platform, content, read(jar, platform.resource() + ".sha256"));
            return loadFromUsual(where, library);
        } catch (IOException e) {
            damaged = e instanceof DamagedLibraryException;
            tried.add(where + (jar == null ? "" : " of " + jar) + ": " + LoadFailure.reason(e));
            return false;
        }
    }

    /** What these classes were loaded from, if that is a jar on this machine. */
    private static @Nullable File jar() {
        CodeSource source = LibrarySearch.class.getProtectionDomain().getCodeSource();
        URL location = source == null ? null : source.getLocation();
        File jar = location == null ? null : file(location);
        return jar != null && jar.isFile() ? jar : null;
    }

    /**
     * The file that a URL names on this machine; null if that is not sure. With a host it is another machine's: without
     * it, the path would be one of this machine that others may write.
     */
    static @Nullable File file(URL location) {
        String host = location.getHost();
        if (!location.getProtocol().equals("file") || (host != null && !host.isEmpty())) {
            return null;
        }
        try {
            return new File(URLDecoder.decode(location.getPath().replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null; // its path is not encoded as URLs are
        }
    }

    /** Out of the jar as a file where it is one: the class loader's way there costs a process's start 6 ms more. */
    private static byte @Nullable [] read(@Nullable File jar, String resource) throws IOException {
        if (jar == null) {
            URL found = LibrarySearch.class.getResource("/" + resource);
            if (found == null) {
                return null;
            }
            try (InputStream stream = found.openStream()) { // not by its name: what cannot be opened would be missing
                return stream.readAllBytes();
            }
        }
        try (ZipFile zip = new ZipFile(jar)) {
            ZipEntry entry = zip.getEntry(resource);
            if (entry == null) {
                return null;
            }
            try (InputStream stream = zip.getInputStream(entry)) {
                return stream.readAllBytes();
            }
        }
    }

    private boolean loadFromUsual(String where, BundledLibrary library) throws DamagedLibraryException {
        try {
            Path directory = LibraryCache.usual(platform);
            if (directory != null) {
                LoadFailure failure = load(where, library.keptIn(LibraryCache.open(directory)), true);
                if (failure == null || !failure.dueToPlace()) {
                    return failure == null;
                }
            }
        } catch (DamagedLibraryException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            tried.add(where + " in its cache directory: " + LoadFailure.reason(e));
        }
        return loadFromFresh(where, library);
    }

    private boolean loadFromFresh(String where, BundledLibrary library) throws DamagedLibraryException {
        boolean loaded = false;
        try {
            LibraryCache cache = LibraryCache.fresh(platform);
            try {
                loaded = load(where, library.keptIn(cache), true) == null;
            } finally {
                cache.remove(); // Windows keeps the file of a loaded library
            }
        } catch (DamagedLibraryException e) {
            throw e;
        } catch (IOException e) {
            tried.add(where + " in a new directory in " + System.getProperty("java.io.tmpdir") + ": "
                    + LoadFailure.reason(e));
        }
        return loaded;
    }

    // ------------------------------------------------------------------------------------------ java.library.path

    private boolean loadFromPath() {
        String path = System.getProperty(PATH_PROPERTY, "");
        boolean found = false;
        for (String directory : path.split(File.pathSeparator, -1)) {
            File candidate = new File(directory, platform.libraryFile());
            if (!directory.isEmpty() && candidate.exists()) {
                found = true;
                missing = false;
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

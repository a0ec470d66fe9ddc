package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.backing.Subject;
import dev.quire.internal.backing.SystemQuery;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** From a path or a size to a mapping. */
final class MappingFactory {
    private MappingFactory() {}

    static <M extends MappedMemory> M file(Path path, MapMode mode, Lifetime<M> lifetime, MapOptions options)
            throws MappingException {
        if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            throw new IllegalArgumentException("not a path of the default file system: " + path.toUri());
        }
        if (mode != MapMode.READ_WRITE && changesFile(options)) {
            throw new IllegalArgumentException("CREATE, CREATE_NEW and EXTEND need READ_WRITE, not " + mode);
        }
        Subject subject = Subject.file(FileNames.text(path));
        checkLifetime(subject, mode, lifetime, options);
        Region region = Region.ofFile(subject, options.offset(), options.length(), number(mode), options.flags());
        return mapping(region, mode, lifetime, options);
    }

    private static void checkLifetime(Subject subject, MapMode mode, Lifetime<?> lifetime, MapOptions options)
            throws MappingException {
        if (lifetime == Lifetime.LEASED && mode == MapMode.COPY_ON_WRITE) {
            NativeLibrary.require(
                    "map", subject, "mapped by the JDK, leases would not see each other's private changes");
        }
        boolean auto = lifetime == Lifetime.AUTO && !options.has(MapOptions.Option.DENY_DELETE);
        if (auto && !SystemQuery.can(Capability.REPLACE_OPEN_FILE)) {
            throw Failures.unsupported(
                    "map", subject, "with AUTO the file could not be deleted until collected; DENY_DELETE allows that");
        }
    }

    private static int number(MapMode mode) {
        return switch (mode) {
            case READ_ONLY -> MapFlags.READ_ONLY;
            case READ_WRITE -> MapFlags.READ_WRITE;
            case COPY_ON_WRITE -> MapFlags.COPY_ON_WRITE;
        };
    }

    private static boolean changesFile(MapOptions options) {
        return options.has(MapOptions.Option.CREATE)
                || options.has(MapOptions.Option.CREATE_NEW)
                || options.has(MapOptions.Option.EXTEND);
    }

    static <M extends MappedMemory> M anonymous(long byteSize, Lifetime<M> lifetime, MapOptions options)
            throws MappingException {
        if (byteSize < 0) {
            throw new IllegalArgumentException("byteSize " + byteSize + " is negative");
        }
        boolean shared = options.has(MapOptions.Option.SHAREABLE);
        Subject subject = Subject.memory(shared ? "anonymous shared memory" : "anonymous memory");
        int kind = shared ? MapFlags.KIND_ANONYMOUS_SHARED : MapFlags.KIND_ANONYMOUS_PRIVATE;
        Region region = Region.ofAnonymous(subject, byteSize, kind, options.flags());
        return mapping(region, MapMode.READ_WRITE, lifetime, options);
    }

    private static <M extends MappedMemory> M mapping(
            Region region, MapMode mode, Lifetime<M> lifetime, MapOptions options) throws MappingException {
        Hint hint = options.hint();
        try {
            if (hint != null) {
                Pages.advise(region, 0, region.length(), hint);
            }
            return lifetime.mapping(region, mode);
        } catch (UncheckedIOException e) {
            region.close();
            if (e.getCause() instanceof MappingException refused) {
                throw refused;
            }
            throw e;
        } catch (Throwable e) {
            region.close();
            throw e;
        }
    }
}

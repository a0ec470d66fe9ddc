package dev.quire.internal;

import dev.quire.error.FailureDetails;
import dev.quire.error.NotSupportedException;
import dev.quire.hint.LibraryFacts;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.load.LibrarySearch;

/** The library that was loaded, as a value. */
public final class LibraryQuery {
    private LibraryQuery() {}

    /** Where the library came from and what it is. */
    public static LibraryFacts describe() throws NotSupportedException {
        NativeLibrary.load();
        return facts();
    }

    /** Without a file, and with the reason as the origin, where there is no library. */
    static LibraryFacts facts() {
        FailureDetails details = NativeLibrary.details();
        LibrarySearch search = NativeLibrary.lastSearch();
        if (details != null) {
            return new LibraryFacts(details.sentence(), "", "", 0, "java", search.tried());
        }
        return new LibraryFacts(
                search.origin(),
                search.file(),
                QuireHeader.quire_library_version().getString(0),
                QuireHeader.quire_abi_version(),
                KernelVersions.name(KernelVersions.CHOSEN),
                search.tried());
    }
}

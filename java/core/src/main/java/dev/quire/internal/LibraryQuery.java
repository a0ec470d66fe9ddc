package dev.quire.internal;

import dev.quire.advice.LibraryFacts;
import dev.quire.error.NotSupportedException;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.load.LibrarySearch;

/** The library that was loaded, as a value. */
public final class LibraryQuery {
    private LibraryQuery() {}

    /** Where the library came from and what it is. */
    public static LibraryFacts describe() throws NotSupportedException {
        LibrarySearch search = NativeLibrary.found();
        return new LibraryFacts(
                search.origin(),
                search.file(),
                QuireHeader.quire_library_version().getString(0),
                QuireHeader.quire_abi_version(),
                Kernels.name(Kernels.CHOSEN),
                search.tried());
    }
}

package dev.quire.hint;

import java.util.List;

/**
 * The native library that serves this JVM.
 *
 * @param origin what led to it: the property, the bundled resource or {@code java.library.path}
 * @param file that was loaded; one in a directory made for this run alone is gone already, where the system allows it
 * @param version of the library
 * @param abiVersion of the interface it offers
 * @param kernels the version of the reductions' code that this process uses: {@code sse2}, {@code avx2},
 *     {@code avx512}, {@code neon}, or {@code java} where it is the loops in Java
 * @param passedOver what was tried before it, each with the reason
 */
public record LibraryFacts(
        String origin, String file, String version, int abiVersion, String kernels, List<String> passedOver) {
    /** Takes a copy. */
    public LibraryFacts {
        passedOver = List.copyOf(passedOver);
    }
}

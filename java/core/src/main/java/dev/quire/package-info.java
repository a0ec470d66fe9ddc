/**
 * Where bytes come from: mapped files and buffers, their modes, options and lifetimes. Start with {@link
 * dev.quire.Mapping}.
 *
 * {@snippet :
 * try (Mapping map = Mapping.open(path, MapMode.READ_ONLY)) {
 *     map.advise(Hint.SEQUENTIAL);
 *     DoubleSlice values = map.doubles();
 *     System.out.println(values.summary());
 * }
 * }
 *
 * <p>The promises, in the order in which arguments are settled:
 *
 * <ol>
 *   <li>No misuse and no fault kills the virtual machine: a truncated file, a full disk, use after close, the wrong
 *   thread are
 *       exceptions that say what, where and why. Nothing is lost that a flush confirmed.
 *   <li>As fast as C: mapping, access, scans and prefetch cost what the system calls and the hardware cost.
 *   <li>One vocabulary on every platform, and an honest answer about what the platform did with it.
 * </ol>
 *
 * <p>The other packages: {@link dev.quire.slice} says what bytes mean, {@link dev.quire.hint} has the words for what
 * will happen to pages, {@link dev.quire.error} how failures and faults are reported.
 *
 * <p>Guides: <a href="doc-files/lifetimes.html">lifetimes</a>, <a href="doc-files/page-faults.html">page faults,
 * safepoints and truncated files</a>, <a href="doc-files/moving-over.html">moving over from MappedByteBuffer, Agrona
 * and NumPy</a>, <a href="doc-files/python.html">sharing memory with Python</a>.
 *
 * <h2>Requirements</h2>
 *
 * Java 25. The module calls native code; pass {@code --enable-native-access=dev.quire}, or {@code ALL-UNNAMED} on the
 * class path.
 *
 * <h2>Lost pages</h2>
 *
 * A page of a mapped file can be lost: the file was truncated, its disk is full, its device failed. With
 * {@code -Ddev.quire.heal=true}, which is the default, Quire's handler of SIGBUS lets an access to it read zeros, in
 * any code, and the mapping knows what is lost ({@link dev.quire.MappedMemory#damage()}). With
 * {@code -Ddev.quire.heal=false} no handler is installed and the virtual machine deals with such accesses, as well as
 * it can. {@link dev.quire.Platform#facts()} says what holds.
 *
 * <h2>Finding the native library</h2>
 *
 * In this order: the file that the system property {@code dev.quire.library} names; the one inside this jar, kept in a
 * private cache directory that the property {@code dev.quire.cache} can move; {@code java.library.path}. If none can be
 * loaded, the exception says what was tried and why each failed. A cache directory that others may write to, or
 * replace, is passed over; on Windows, where that is not looked at, name one that only this user may write to.
 *
 * <p>Sums and other reductions of numbers, halves and bools included, in the machine's byte order run in the library's
 * own code, in the best version that the machine has. The property {@code dev.quire.kernels} chooses another one:
 * {@code sse2}, {@code avx2}, {@code avx512}, {@code neon}, or {@code java} for loops in Java. The results are the
 * same, bit for bit. {@link dev.quire.Platform#library()} says which one is used.
 */
@NullMarked
package dev.quire;

import org.jspecify.annotations.NullMarked;

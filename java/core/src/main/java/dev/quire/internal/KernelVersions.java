package dev.quire.internal;

import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.ffi.QuireHeader;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The versions of the C layer's reduction kernels, and the one that this process uses.
 *
 * <p>The system property {@value #PROPERTY} chooses another version than the best: {@code sse2}, {@code avx2},
 * {@code avx512}, {@code neon}, or {@code java} for the loops in Java, which also serve, with a warning, where the
 * machine does not have the version named.
 */
public final class KernelVersions {
    /** The system property. */
    public static final String PROPERTY = "dev.quire.kernels";

    /** The loops in Java. */
    public static final int NONE = -1;

    /** The version in use. */
    public static final int CHOSEN = NativeLibrary.isMissing() ? NONE : choose(System.getProperty(PROPERTY, ""));

    private KernelVersions() {}

    private static int choose(String wanted) {
        int best = NONE;
        for (int kernels = 0; kernels < Integer.SIZE; kernels++) {
            if (isOffered(kernels) && (wanted.isEmpty() || wanted.equals(name(kernels)))) {
                best = kernels;
            }
        }
        if (best == NONE && !wanted.isEmpty() && !wanted.equals(name(NONE))) {
            warn(wanted);
        }
        return best;
    }

    /** A slip of the pen would otherwise only show in the time that reductions take. */
    private static void warn(String wanted) {
        System.getLogger("dev.quire")
                .log(
                        System.Logger.Level.WARNING,
                        "this machine has no kernels \"{0}\" ({1}), so reductions use the loops in Java; it has {2}",
                        wanted,
                        PROPERTY,
                        offered());
    }

    private static String offered() {
        return IntStream.range(0, Integer.SIZE)
                .filter(KernelVersions::isOffered)
                .mapToObj(KernelVersions::name)
                .collect(Collectors.joining(", "));
    }

    /** Whether this machine has a version, by its number in {@code quire.h}. */
    public static boolean isOffered(int kernels) {
        return (QuireHeader.quire_kernel_versions() >>> kernels & 1) != 0;
    }

    /** The name of a version. */
    public static String name(int kernels) {
        return kernels == NONE
                ? "java"
                : QuireHeader.quire_kernels_name(kernels).getString(0);
    }
}

package dev.quire.internal;

import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.ffi.QuireHeader;

/**
 * The versions of the C layer's reduction kernels, and the one that this process uses.
 *
 * <p>The system property {@value #PROPERTY} chooses another version than the best: {@code sse2}, {@code avx2},
 * {@code avx512}, {@code neon}, or {@code java} for the loops in Java, which also serve where the machine does not have
 * the version named.
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
        return best;
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

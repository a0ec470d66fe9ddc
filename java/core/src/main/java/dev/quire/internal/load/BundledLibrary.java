package dev.quire.internal.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The library inside the jar, and the SHA-256 the build wrote down beside it. */
public final class BundledLibrary {
    private static final int SHA_256_DIGITS = 64;

    /** Enough to tell contents apart (128 bits), few enough for a short path on Windows. */
    private static final int NAME_DIGITS = 32;

    /** {@code QUIRE_ABI_VERSION}, written out because the bindings are not loaded yet; a test compares. */
    public static final int ABI = 6;

    /** What quire_names.c puts into every library. */
    private static final String MARK = "quire binary interface ";

    private final NativePlatform platform;
    private final byte[] content;
    private final @Nullable String recorded;

    /**
     * @param recorded the hash in hexadecimal digits, which other text may follow; null in a jar that was made by hand
     */
    BundledLibrary(NativePlatform platform, byte[] content, byte @Nullable [] recorded) throws DamagedLibraryException {
        this.platform = platform;
        this.content = content;
        this.recorded = recorded == null ? null : digits(recorded);
    }

    private static String digits(byte[] recorded) throws DamagedLibraryException {
        if (recorded.length < SHA_256_DIGITS) {
            throw new DamagedLibraryException("its recorded SHA-256 is cut off");
        }
        return new String(recorded, 0, SHA_256_DIGITS, StandardCharsets.US_ASCII);
    }

    /**
     * The file with this content in a cache, written and verified if it was not there. The hash is computed only then:
     * to start the machinery for it takes 30 ms. Its name has the interface that it was verified for.
     */
    Path keptIn(LibraryCache cache) throws IOException {
        if (recorded == null) {
            cache.requireDescriptor();
        }
        String digits = recorded == null ? sha256() : recorded;
        Path file = cache.file(digits.substring(0, NAME_DIGITS) + "-" + ABI + "-" + platform.libraryFile());
        if (!cache.holds(file, content)) {
            cache.requireDescriptor();
            requireWhole();
            cache.write(file, content);
        }
        return file;
    }

    private void requireWhole() throws DamagedLibraryException {
        String defect = LibraryImage.defect(ByteBuffer.wrap(content), content.length, platform);
        if (defect != null) {
            throw new DamagedLibraryException(defect);
        }
        if (!hasMark(content)) {
            throw new DamagedLibraryException("it is from another build: it does not have version " + ABI
                    + " of the binary interface, which this Quire needs");
        }
        if (recorded != null && !recorded.equals(sha256())) {
            throw new DamagedLibraryException(
                    "it is corrupted: its SHA-256 is " + sha256() + ", built was " + recorded);
        }
    }

    /** Whether a library was built for the interface of these bindings. */
    public static boolean hasMark(byte[] library) {
        byte[] mark = (MARK + ABI + "\0").getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at <= library.length - mark.length; at++) {
            if (library[at] == mark[0] && Arrays.equals(library, at, at + mark.length, mark, 0, mark.length)) {
                return true;
            }
        }
        return false;
    }

    private String sha256() {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it
        }
    }
}

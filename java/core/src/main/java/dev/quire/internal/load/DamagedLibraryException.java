package dev.quire.internal.load;

import java.io.IOException;

/** The library inside the jar is not what was built. */
final class DamagedLibraryException extends IOException {
    private static final long serialVersionUID = 1;

    DamagedLibraryException(String message) {
        super(message);
    }
}

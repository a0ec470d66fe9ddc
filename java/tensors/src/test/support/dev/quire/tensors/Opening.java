package dev.quire.tensors;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/** Opens files, and looks at what that allocates: at most 64 KiB and eight times the header. */
final class Opening {
    static final long BASE = 64 << 10;
    static final int FACTOR = 8;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Opening() {}

    /** Something that may be measured. */
    interface Action {
        void run() throws IOException;
    }

    static long allocated(Action action) throws IOException {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        action.run();
        return THREADS.getCurrentThreadAllocatedBytes() - before;
    }

    /** Runs something until it stays within the bound, which it has to do at the latest when its classes are loaded. */
    static void requireBounded(long headerBytes, String what, Action action) throws IOException {
        long most = BASE + FACTOR * headerBytes;
        long found = allocated(action);
        for (int attempt = 0; found > most && attempt < 3; attempt++) {
            found = allocated(action);
        }
        long last = found;
        assertTrue(last <= most, () -> what + ": allocated " + last + " bytes, the most is " + most);
    }

    /** What opening a file throws, within the bound. */
    static IOException refused(Path file, long headerBytes) throws IOException {
        IOException[] thrown = new IOException[1];
        requireBounded(headerBytes, file.toString(), () -> {
            thrown[0] = Assertions.assertThrows(
                    IOException.class, () -> TensorFile.open(file).close(), file::toString);
        });
        return thrown[0];
    }
}

package dev.quire.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/** Where results go. A {@link PrintStream} only tells that it failed; this one also knows why. */
final class Outlet extends OutputStream {
    private final OutputStream target;
    private @Nullable IOException failure;

    Outlet(OutputStream target) {
        this.target = target;
    }

    PrintStream printer(Charset charset) {
        return new PrintStream(new BufferedOutputStream(this), true, charset);
    }

    /** Why the first write failed that did, or null. */
    @Nullable
    IOException failure() {
        return failure;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            target.write(bytes, offset, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** The result could not be written; the outlet knows why. */
    static final class Unwritten extends IOException {
        private static final long serialVersionUID = 1L;

        Unwritten() {
            super("the result could not be written");
        }
    }

    /** Bytes for a printer that go on until it fails. */
    static final class Bytes extends OutputStream {
        private final PrintStream printer;

        Bytes(PrintStream printer) {
            this.printer = printer;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            printer.write(bytes, offset, length);
            if (printer.checkError()) {
                throw new Unwritten();
            }
        }
    }
}

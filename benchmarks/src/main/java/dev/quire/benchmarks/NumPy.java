package dev.quire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * NumPy as a peer in the same run: a Python process that lives as long as the trial and runs one line at a time. Asking
 * and the answer take some 20 microseconds, which its rows pay.
 */
final class NumPy implements AutoCloseable {
    /** The second is where Debian puts the one that has python3-numpy. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private final Process process;
    private final Writer lines;
    private final BufferedReader answers;

    /** Starts Python. */
    NumPy() throws IOException, InterruptedException {
        process = new ProcessBuilder(python(), "-c", program())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        lines = process.outputWriter(StandardCharsets.UTF_8);
        answers = process.inputReader(StandardCharsets.UTF_8);
    }

    private static String python() throws IOException, InterruptedException {
        for (String python : PYTHONS) {
            if (hasNumPy(python)) {
                return python;
            }
        }
        throw new IOException("no Python with NumPy: apt install python3-numpy");
    }

    private static boolean hasNumPy(String python) throws InterruptedException {
        try {
            return new ProcessBuilder(python, "-c", "import numpy")
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // no such command
        }
    }

    private static String program() throws IOException {
        try (InputStream in = NumPy.class.getResourceAsStream("/python/numpy_peer.py")) {
            if (in == null) {
                throw new IOException("no /python/numpy_peer.py in the benchmarks' jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Runs a line of Python, which knows {@code numpy} and the names that lines before it made. */
    void run(String line) throws IOException {
        lines.write(line + "\n");
        lines.flush();
        if (answers.readLine() == null) {
            throw new IOException("Python ended at: " + line);
        }
    }

    /** Ends Python, which reads no more lines. */
    @Override
    public void close() throws IOException {
        lines.close();
        process.destroy();
    }
}

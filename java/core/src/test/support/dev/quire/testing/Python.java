package dev.quire.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A Python that has NumPy, and what it says. Where there is none, the test is aborted. */
public final class Python implements AutoCloseable {
    /** The second is where Debian puts the one that has python3-numpy. */
    private static final List<String> PYTHONS = List.of("python3", "/usr/bin/python3");

    private final Process process;
    private final BufferedReader said;
    private final Writer heard;

    private Python(Process process) {
        this.process = process;
        this.said = process.inputReader();
        this.heard = process.outputWriter();
    }

    /** Starts a program; standard error is part of what it says. */
    public static Python start(String program, String... arguments) throws IOException {
        String found = PYTHONS.stream().filter(Python::hasNumPy).findFirst().orElse("");
        assumeTrue(!found.isEmpty(), "no python3 with NumPy");
        List<String> command = new ArrayList<>(List.of(found, "-c", program));
        command.addAll(List.of(arguments));
        return new Python(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Runs a program to its end, which has to be a good one, and returns what it said. */
    public static String run(String program, String... arguments) throws IOException, InterruptedException {
        try (Python python = start(program, arguments)) {
            return python.end();
        }
    }

    /** The next line that it says; empty at its end. */
    public String line() throws IOException {
        String line = said.readLine();
        return line == null ? "" : line;
    }

    /** Gives it a line to read. */
    public void tell(String line) throws IOException {
        heard.write(line + "\n");
        heard.flush();
    }

    /** What it says until its end, which has to be a good one. */
    public String end() throws IOException, InterruptedException {
        heard.close();
        String rest = said.lines().collect(Collectors.joining("\n"));
        assertEquals(0, process.waitFor(), rest);
        return rest.strip();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private static boolean hasNumPy(String python) {
        try {
            Process process = new ProcessBuilder(python, "-c", "import numpy")
                    .redirectErrorStream(true)
                    .start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false; // there is no such program here
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.quire.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Python with NumPy, where it is installed (Debian: python3-numpy). */
final class NumPy {
    private static final Optional<String> PYTHON =
            Stream.of("/usr/bin/python3", "python3").filter(NumPy::hasNumPy).findFirst();

    private NumPy() {}

    static boolean isHere() {
        return PYTHON.isPresent();
    }

    private static boolean hasNumPy(String command) {
        try {
            return start(command, "-c", "import numpy").waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What a program prints. */
    static String run(String program, Object... arguments) throws IOException {
        String[] command = Stream.concat(
                        Stream.of(PYTHON.orElseThrow(), "-c", program),
                        Arrays.stream(arguments).map(Object::toString))
                .toArray(String[]::new);
        return new String(start(command).getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}

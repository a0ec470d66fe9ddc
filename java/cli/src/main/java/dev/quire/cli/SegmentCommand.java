package dev.quire.cli;

import dev.quire.error.ErrorCode;
import dev.quire.error.SystemFailureException;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A command about shared memory of one name. */
abstract class SegmentCommand extends ReportingCommand {
    /** For a creator that is at work: far longer than it takes to write a header. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "Letters, digits, '.', '_' and '-', not beginning with '.'; at most 194, 23 on macOS.")
    @SuppressWarnings("NullAway.Init")
    private String name;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    /** What a name is needed for. */
    interface Use<T> {
        /** Uses it. */
        T of(String name) throws IOException;
    }

    /** The memory's name. */
    final String name() {
        return name;
    }

    /** Uses the name; what is wrong with it, or with what else the library is given, is wrong usage. */
    final <T> T named(Use<T> use) throws IOException {
        try {
            return use.of(name);
        } catch (IllegalArgumentException e) {
            throw misuse(String.valueOf(e.getMessage()), e);
        } catch (SystemFailureException e) {
            if (e.code() != ErrorCode.TIMED_OUT) {
                throw e;
            }
            throw new IOException(
                    "shared memory " + name + ": it has no complete header of Quire's: its creator died or is still at"
                            + " work, or another program made it; see \"quire shm list\"",
                    e);
        }
    }

    /** What is wrong with the command line. */
    final ParameterException misuse(String sentence, @Nullable Throwable cause) {
        return new ParameterException(spec.commandLine(), sentence, cause);
    }
}

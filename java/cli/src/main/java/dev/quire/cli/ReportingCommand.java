package dev.quire.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that finds something out and prints it. */
abstract class ReportingCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec own;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    private Main quire() {
        return (Main) own.root().userObject();
    }

    /** Does the work. */
    abstract Report report() throws IOException;

    /** The status of a command that came to an end. */
    int status(Report unused) {
        return 0;
    }

    /** Whether what is printed is for a program. */
    final boolean isForProgram() {
        return json;
    }

    /** Prints a line for people while the work is under way. */
    final void say(String line) {
        quire().out().println(Text.printable(line));
    }

    /** Prints a line beside the result. */
    final void warn(String line) {
        quire().err().println("quire: " + Text.printable(line));
    }

    /** Where a result goes that is bytes. */
    final OutputStream output() {
        if (json) {
            throw new ParameterException(
                    own.commandLine(), "--json prints to standard output, where the array goes; leave one out");
        }
        return new Outlet.Bytes(quire().out());
    }

    /** A bar for work that may take long. */
    final Progress progress(String task, long bytes) {
        return Progress.of(task, bytes, quire().err());
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // there is one
    public final Integer call() throws IOException {
        Report report = report();
        if (report == Report.NOTHING) {
            return status(report);
        }
        if (json) {
            quire().out().println(Json.write(report.facts()));
        } else {
            report.lines().forEach(this::say);
        }
        return status(report);
    }
}

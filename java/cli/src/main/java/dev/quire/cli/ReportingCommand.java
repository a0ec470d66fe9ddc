package dev.quire.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
        quire().out().println(line);
    }

    /** A bar for work that may take long. */
    final Progress progress(String task, long bytes) {
        return Progress.of(task, bytes, quire().err());
    }

    @Override
    public final Integer call() throws IOException {
        Report report = report();
        if (json) {
            quire().out().println(Json.write(report.facts()));
        } else {
            report.lines().forEach(this::say);
        }
        return status(report);
    }
}

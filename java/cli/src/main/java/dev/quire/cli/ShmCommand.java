package dev.quire.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What holds the commands for memory between processes together. */
@Command(
        name = "shm",
        header = "Named shared memory: create, list, look at, read, write and remove it.",
        description =
                "Memory that processes of this user share by its name, with the type and the shape of what is in it. "
                        + "On Linux the system has it as /dev/shm/quire.NAME.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ShmCreateCommand.class,
            ShmListCommand.class,
            ShmInfoCommand.class,
            ShmReadCommand.class,
            ShmWriteCommand.class,
            ShmRemoveCommand.class
        })
final class ShmCommand implements Runnable {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}

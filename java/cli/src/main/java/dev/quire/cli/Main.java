package dev.quire.cli;

import dev.quire.array.ArrayFormat;
import dev.quire.array.DType;
import dev.quire.array.Order;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.lang.module.ModuleDescriptor;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: what there is to run, where it prints, and with which status it ends. */
@Command(
        name = "quire",
        header = "Maps memory: what files look like to it, what paging hints do, what numbers are in them.",
        synopsisSubcommandLabel = "COMMAND",
        versionProvider = Main.Version.class,
        subcommands = {
            TourCommand.class,
            DoctorCommand.class,
            InfoCommand.class,
            StatsCommand.class,
            SliceCommand.class,
            ConvertCommand.class,
            CreateCommand.class,
            AppendCommand.class,
            CleanCommand.class,
            ResidencyCommand.class,
            EvictCommand.class,
            TouchCommand.class,
            ShmCommand.class,
            ScanCommand.class,
            TuneCommand.class
        },
        footer = {
            "",
            "What convert and create have not finished is removed when they end, also by Ctrl-C; after a crash of the",
            "machine, or on a file system without unnamed files, quire clean DIR removes what is left.",
            "Every command has --help and --json. Sizes and offsets are bytes, or have a unit: 64KiB, 1.5GiB.",
            "Exit status: 0 fine, 1 the data or the system said no, 2 wrong usage."
        })
public final class Main implements Runnable {
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    @SuppressWarnings("UnusedVariable") // picocli looks at it
    private boolean version;

    @Option(names = "--debug", hidden = true, scope = ScopeType.INHERIT)
    private boolean debug = System.getenv("QUIRE_DEBUG") != null;

    private Main(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Runs one command and ends the virtual machine with its status. */
    public static void main(String[] args) {
        String[] typed = FileArgument.asTyped(args);
        System.exit(run(new FileOutputStream(FileDescriptor.out), System.out.charset(), System.err, typed));
    }

    /** Runs one command and returns its status. */
    static int run(OutputStream target, Charset charset, PrintStream err, String... args) {
        Outlet outlet = new Outlet(target);
        Main main = new Main(outlet.printer(charset), err);
        Failures failures = new Failures(err, () -> main.debug);
        int status = main.run(failures, args);
        main.out.flush();
        IOException unwritten = outlet.failure();
        return unwritten == null ? status : failures.unwritten(unwritten);
    }

    private int run(Failures failures, String... args) {
        try {
            return commandLine()
                    .setParameterExceptionHandler(failures::usage)
                    .setExecutionExceptionHandler((e, line, result) -> failures.report(e))
                    .execute(args);
        } catch (Error e) {
            return failures.report(e);
        }
    }

    /** The commands and how their arguments are read. */
    private CommandLine commandLine() {
        return new CommandLine(this)
                .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF))
                .setExpandAtFiles(false)
                .setUsageHelpWidth(100)
                .registerConverter(Path.class, refusing(FileArgument::path))
                .registerConverter(ByteCount.class, refusing(ByteCount::parse))
                .registerConverter(DType.class, refusing(Words::dtype))
                .registerConverter(Words.Lengths.class, refusing(Words::lengths))
                .registerConverter(Order.class, refusing(Words::order))
                .registerConverter(ByteOrder.class, refusing(Words::byteOrder))
                .registerConverter(ArrayFormat.class, refusing(Words::format))
                .setOut(writer(out))
                .setErr(writer(err));
    }

    /** The commands, for arguments to be read without running one. */
    static CommandLine parser() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
        return new Main(nowhere, nowhere).commandLine();
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** Picocli shows the message of this exception alone, and the class of others too. */
    private static <T> ITypeConverter<T> refusing(Function<String, T> parser) {
        return text -> {
            try {
                return parser.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /** Where results go. */
    PrintStream out() {
        return out;
    }

    /** Where progress goes. */
    PrintStream err() {
        return err;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    /** The version that the build wrote into the module's descriptor. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"quire " + text()};
        }

        static String text() {
            return Optional.ofNullable(Main.class.getModule().getDescriptor())
                    .flatMap(ModuleDescriptor::rawVersion)
                    .orElse("development");
        }
    }
}

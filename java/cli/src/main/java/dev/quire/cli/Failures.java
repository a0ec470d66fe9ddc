package dev.quire.cli;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.function.BooleanSupplier;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * How a command that failed ends: a line that begins with {@code quire: }, and a status.
 *
 * @param err where the line goes
 * @param debug whether the stack is wanted too
 */
record Failures(PrintStream err, BooleanSupplier debug) {
    static final int REFUSED = 1;
    static final int MISUSED = 2;

    /** The command line was wrong: what, what was perhaps meant, and where to read on. */
    int usage(ParameterException e, String[] unused) {
        CommandLine command = e.getCommandLine();
        say(e instanceof UnmatchedArgumentException unknown ? unmatched(unknown) : text(e));
        UnmatchedArgumentException.printSuggestions(e, command.getErr());
        command.getErr().flush();
        err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
        trace(e);
        return MISUSED;
    }

    private static String unmatched(UnmatchedArgumentException e) {
        String first = e.getUnmatched().getFirst();
        boolean isCommand =
                !first.startsWith("-") && !e.getCommandLine().getSubcommands().isEmpty();
        if (isCommand) {
            return "there is no command '" + first + "'";
        }
        return (e.isUnknownOption() ? "there is no option '" : "there is one argument too many: '") + first + "'";
    }

    /** The data or the system said no. */
    int report(Throwable e) {
        if (e instanceof Outlet.Unwritten) {
            return REFUSED; // the outlet has the reason
        }
        Throwable cause = e instanceof UncheckedIOException && e.getCause() != null ? e.getCause() : e;
        say(sentence(cause));
        trace(e);
        return REFUSED;
    }

    /** The result could not be written. That a reader had enough, as {@code head} has, is nothing to talk about. */
    int unwritten(IOException e) {
        if (!"Broken pipe".equals(e.getMessage())) {
            say("the result could not be written: " + text(e));
            trace(e);
        }
        return REFUSED;
    }

    private void say(String sentence) {
        err.println("quire: " + Text.printable(sentence.strip().replaceAll("\\s*\\R\\s*", "; ")));
    }

    private void trace(Throwable e) {
        if (debug.getAsBoolean()) {
            e.printStackTrace(err);
        }
    }

    private static String sentence(Throwable e) {
        return switch (e) {
            case NoSuchFileException file -> file.getFile() + ": there is no such file";
            case NotDirectoryException file -> file.getFile() + ": this is not a directory";
            case AccessDeniedException file -> file.getFile() + ": the operating system denies access";
            case FileSystemException file
            when file.getReason() == null -> file.getFile() + ": the operating system refuses it";
            case MappingException refused -> refused.details().plainMessage();
            case IOException failure -> text(failure);
            case MemoryFaultException fault -> text(fault);
            case IllegalArgumentException mistake -> text(mistake);
            case ArithmeticException loss -> text(loss);
            case IndexOutOfBoundsException mistake -> text(mistake);
            case IllegalStateException mistake -> text(mistake);
            case UnsupportedOperationException mistake -> text(mistake);
            case IllegalCallerException access -> text(access);
            case OutOfMemoryError full -> "the Java heap is full: " + text(full);
            default -> "this is a defect of quire, QUIRE_DEBUG=1 shows where: " + e;
        };
    }

    private static String text(Throwable e) {
        String message = e.getMessage();
        return message == null ? e.toString() : message;
    }
}

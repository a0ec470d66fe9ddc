package dev.quire.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/** Any arguments are read, or refused with a sentence; no command is run. */
class ArgumentsFuzz {
    private static final int MAX_ARGUMENTS = 8;
    private static final CommandLine PARSER = Main.parser();
    private static final List<String> WORDS = words(PARSER);

    /** The names of commands and options: few inputs would have one by chance. */
    private static List<String> words(CommandLine command) {
        List<String> words = new ArrayList<>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            words.addAll(List.of(option.names()));
        }
        command.getSubcommands().forEach((name, below) -> {
            words.add(name);
            words.addAll(words(below));
        });
        return words;
    }

    @FuzzTest
    void read(FuzzedDataProvider data) {
        List<String> arguments = new ArrayList<>();
        while (arguments.size() < MAX_ARGUMENTS && data.remainingBytes() > 0) {
            String word = data.consumeBoolean() ? data.pickValue(WORDS) : "";
            arguments.add(word + data.consumeString(12));
        }
        try {
            PARSER.parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException refused) {
            assertFalse(refused.getMessage().isBlank());
        }
    }
}

package dev.quire.cli;

import dev.quire.Platform;
import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.shared.SharedArray;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Makes shared memory that stays when the command is over. */
@Command(
        name = "create",
        header = "Create shared memory of zeroes, which stays until it is removed or the machine stops.",
        description = "Only this user may open it. Fails if there is one of that name, or not that much memory.")
final class ShmCreateCommand extends ReportingCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "NAME",
            description = {
                "Letters, digits, '.', '_' and '-', not beginning with '.'; at most 194, 23 on macOS.",
                "Without it, a name that nobody can guess, which is printed."
            })
    private @Nullable String name;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            converter = DTypeText.class,
            description =
                    "Type of an element as NumPy writes it: i1 to i8, u1 to u8, f2 f4 f8, c8 c16, ?; < before it is "
                            + "little-endian, as is nothing, > big-endian. Default: u1.")
    private DType dtype = DType.parse("u1");

    @Option(
            names = "--shape",
            required = true,
            paramLabel = "N,N",
            converter = ShapeText.class,
            description = "The length of each axis: 4,5.")
    @SuppressWarnings("NullAway.Init")
    private Shape shape;

    @Option(names = "--fortran", description = "Lay the first axis out together (Fortran order) instead of the last.")
    private boolean fortran;

    @Override
    Report report() throws IOException {
        try (SharedArray made = made(fortran ? Order.FORTRAN : Order.C)) {
            if (!Platform.facts().capabilities().contains(Capability.KEEP_SHARED)) {
                throw new UnsupportedOperationException("on this platform the name would vanish with this command:"
                        + " create it in the process that is to keep it");
            }
            made.memory().keep();
            return new SegmentReport(
                    made.memory().name().orElseThrow(), made.memory().header());
        }
    }

    private SharedArray made(Order order) throws IOException {
        try {
            return name == null
                    ? SharedArray.create(dtype, shape, order)
                    : SharedArray.create(name, dtype, shape, order);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    /** Every dtype; one without a sign is little-endian, as in files. */
    static final class DTypeText implements ITypeConverter<DType> {
        @Override
        public DType convert(String text) {
            try {
                DType parsed = DType.parse(text);
                boolean signed = "<>=|".indexOf(text.charAt(0)) >= 0;
                return signed ? parsed : parsed.withOrder(ByteOrder.LITTLE_ENDIAN);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    /** {@code 4,5}; nothing is one element. */
    static final class ShapeText implements ITypeConverter<Shape> {
        @Override
        public Shape convert(String text) {
            try {
                String[] parts = text.isBlank() ? new String[0] : text.split(",", -1);
                return Shape.of(Arrays.stream(parts)
                        .map(String::strip)
                        .mapToLong(Long::parseLong)
                        .toArray());
            } catch (NumberFormatException e) {
                throw new TypeConversionException("not the lengths of axes, as 4,5 are: '" + text + "'");
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }
}

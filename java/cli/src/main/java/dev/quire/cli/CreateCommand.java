package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.Mapping;
import dev.quire.array.ArrayConversion;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.ElementType;
import dev.quire.array.Order;
import dev.quire.array.Shape;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A new array file. */
@Command(
        name = "create",
        header = "Create an array file of zeros, or of another value.",
        description = "Its blocks are allocated, so that a full disk is noticed now. It is there whole or not at all. "
                + "A file that is replaced keeps its owner and rights.")
final class CreateCommand extends ReportingCommand {
    private static final String ZERO = "0";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The file to make; - is standard output.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private Target target = new Target();

    @Option(
            names = "--shape",
            required = true,
            paramLabel = "LENGTHS",
            description = "The length of each axis: 1000 or 1000,3; () for a single element.")
    @SuppressWarnings("NullAway.Init")
    private Words.Lengths shape;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description = "Type of an element as NumPy writes it. f8 if left out.")
    private DType dtype = Words.dtype("f8");

    @Option(names = "--order", paramLabel = "C|F", description = "C, the default, or F for Fortran.")
    private Order order = Order.C;

    @Option(names = "--fill", paramLabel = "VALUE", description = "The value of every element, nan and inf included.")
    private String fill = ZERO;

    @Override
    Report report() throws IOException {
        if (Arrays.stream(shape.dims()).anyMatch(length -> length < 0)) {
            throw new ParameterException(
                    spec.commandLine(), "Invalid value for option '--shape': a new array has no length of -1");
        }
        target.requireFree(file);
        ArraySpec made =
                target.formatOf(ArraySpec.of(dtype, shape.shape()), file).order(order);
        long start = System.nanoTime();
        try (Mapping memory = Mapping.anonymous(dtype.itemBytes(), Lifetime.CONFINED)) {
            ArrayView one = ArrayView.over(memory.bytes(), dtype, Shape.of(), Order.C);
            if (fill.equals(ZERO) && !Target.isOutput(file)) {
                ArrayConversion.create(file, made, target.options(this::warn));
            } else {
                set(one);
                fill(one.broadcast(made.shape().dims()), made);
            }
        }
        return Target.isOutput(file) ? Report.NOTHING : Made.of(file, made, (System.nanoTime() - start) / 1e9);
    }

    private void fill(ArrayView values, ArraySpec made) throws IOException {
        try (Progress progress = progress("create", made.shape().byteCount(dtype.itemBytes()))) {
            if (Target.isOutput(file)) {
                ArrayConversion.convert(values, output(), made, progress.total(dtype.itemBytes()));
            } else {
                ArrayConversion.convert(
                        values, file, made, target.options(this::warn), progress.total(dtype.itemBytes()));
            }
        }
    }

    private void set(ArrayView one) {
        try {
            ElementType type = dtype.type();
            if (type.isInteger() || type == ElementType.BOOL) {
                one.setAt(new long[0], whole(type));
            } else {
                real(type.isComplex() ? one.real() : one);
            }
        } catch (NumberFormatException | ArithmeticException e) {
            throw new ParameterException(
                    spec.commandLine(),
                    "Invalid value for option '--fill': '" + fill + "' is not a value of " + dtype.type(),
                    e);
        }
    }

    private long whole(ElementType type) {
        if (type == ElementType.BOOL && (fill.equalsIgnoreCase("true") || fill.equalsIgnoreCase("false"))) {
            return Boolean.parseBoolean(fill) ? 1 : 0;
        }
        BigInteger value = new BigDecimal(fill).toBigIntegerExact();
        boolean unsigned = type == ElementType.UINT64 && value.signum() >= 0 && value.bitLength() <= Long.SIZE;
        if ((type == ElementType.UINT64 && !unsigned) || (type == ElementType.BOOL && value.bitLength() > 1)) {
            throw new ArithmeticException(fill);
        }
        return unsigned ? value.longValue() : value.longValueExact();
    }

    private void real(ArrayView one) {
        double value = switch (fill.toLowerCase(Locale.ROOT)) {
            case "nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> new BigDecimal(fill).doubleValue();
        };
        if (Double.isInfinite(value) && !fill.toLowerCase(Locale.ROOT).contains("inf")) {
            throw new ArithmeticException(fill);
        }
        one.setAt(new long[0], value);
    }
}

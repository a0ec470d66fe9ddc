package dev.quire.cli;

import dev.quire.array.ArrayConversion;
import dev.quire.array.ArrayFormat;
import dev.quire.array.ArraySpec;
import dev.quire.array.ArrayView;
import dev.quire.array.DType;
import dev.quire.array.Order;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** From one array file to another. */
@Command(
        name = "convert",
        header = "Convert an array to another format, type, byte order or order of elements.",
        description = {
            "Files of any size are converted in little memory. OUT is there whole or not at all. Values "
                    + "that the new type does not have are refused; floats are rounded. A file that is "
                    + "replaced keeps its owner and rights.",
            "Raw numbers are written in C order unless --order says otherwise; .mmap is always "
                    + "little-endian and in C order."
        })
final class ConvertCommand extends ReportingCommand {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "IN",
            description = "The file: .npy, .npz, SciRS2 .mmap, or raw with --from-dtype.")
    @SuppressWarnings("NullAway.Init")
    private Path source;

    @Parameters(index = "1", paramLabel = "OUT", description = "The file to make; - is standard output.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private Target target = new Target();

    @Mixin
    private ArrayInput input = new ArrayInput();

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description = "Type of the new elements, f4 or >i2 for example. As in IN if left out.")
    private @Nullable DType dtype;

    @Option(names = "--order", paramLabel = "C|F", description = "C or F (Fortran). As in IN if left out.")
    private @Nullable Order order;

    @Option(
            names = "--byte-order",
            paramLabel = "little|big",
            description = "Of the new elements. That of --dtype, or as in IN, if left out.")
    private @Nullable ByteOrder byteOrder;

    @Option(names = "--from-dtype", paramLabel = "DTYPE", description = "If IN is raw: the type of its numbers.")
    private @Nullable DType fromDtype;

    @Option(
            names = "--from-shape",
            paramLabel = "LENGTHS",
            description = "If IN is raw: the length of each axis, 1000,3; one may be -1. All in one axis if left out.")
    private Words.@Nullable Lengths fromShape;

    @Option(names = "--from-order", paramLabel = "C|F", description = "If IN is raw: C, the default, or F.")
    private @Nullable Order fromOrder;

    @Option(names = "--from-offset", paramLabel = "BYTES", description = "If IN is raw: where its numbers begin.")
    private @Nullable ByteCount fromOffset;

    @Override
    Report report() throws IOException {
        RawOptions.Raw raw = new RawOptions.Raw("--from-dtype", fromDtype, fromShape, fromOrder, fromOffset);
        if (fromDtype == null && raw.isSaid()) {
            throw new ParameterException(
                    spec.commandLine(), "--from-shape, --from-order and --from-offset need --from-dtype with them");
        }
        try (ArrayInput.OpenMemory opened = input.open(source, raw)) {
            ArrayView array = opened.elements();
            target.requireFree(file);
            ArraySpec made = made(array);
            if (array.dtype().type().isComplex() && !made.dtype().type().isComplex()) {
                throw new IllegalArgumentException(array.name() + ": complex elements are no "
                        + made.dtype().type() + "; choose --field real or --field imag");
            }
            long start = System.nanoTime();
            convert(array, made);
            return Target.isOutput(file) ? Report.NOTHING : Made.of(file, made, (System.nanoTime() - start) / 1e9);
        } catch (ArithmeticException loss) {
            throw new IOException(
                    file + ": not made, since " + loss.getMessage() + "; choose a --dtype that has all the values",
                    loss);
        }
    }

    private ArraySpec made(ArrayView array) {
        ArraySpec plain = target.formatOf(ArraySpec.of(array.dtype(), array.shape()), file);
        boolean free = plain.hasFormat(ArrayFormat.NPY);
        boolean fortran = free && array.isContiguous(Order.FORTRAN) && !array.isContiguous(Order.C);
        ArraySpec typed = dtype == null ? plain : plain.dtype(dtype);
        if (plain.hasFormat(ArrayFormat.SCIRS2) && dtype == null) {
            typed = plain.byteOrder(ByteOrder.LITTLE_ENDIAN);
        }
        ArraySpec ordered = typed.order(order != null ? order : fortran ? Order.FORTRAN : Order.C);
        return byteOrder == null ? ordered : ordered.byteOrder(byteOrder);
    }

    private void convert(ArrayView array, ArraySpec made) throws IOException {
        long itemBytes = made.dtype().itemBytes();
        try (Progress progress = progress("convert", made.shape().byteCount(itemBytes))) {
            if (Target.isOutput(file)) {
                ArrayConversion.convert(array, output(), made, progress.total(itemBytes));
            } else {
                ArrayConversion.convert(array, file, made, target.options(this::warn), progress.total(itemBytes));
            }
        }
    }
}

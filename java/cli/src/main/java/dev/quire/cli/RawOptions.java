package dev.quire.cli;

import dev.quire.array.DType;
import dev.quire.array.Order;
import dev.quire.array.RawLayout;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the bytes of a file are that does not say it itself. */
final class RawOptions {
    @Spec(Spec.Target.MIXEE)
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--dtype",
            paramLabel = "DTYPE",
            description =
                    "For raw files: type of a number as NumPy writes it: i1 i2 i4 i8, u1 u2 u4 u8, f2 f4 f8, c8 c16, "
                            + "?, or bf16 f8_e4m3fn f8_e5m2; < before it is little-endian, as is nothing, > big.")
    private @Nullable DType dtype;

    @Option(
            names = {"--shape", "--count"},
            paramLabel = "LENGTHS",
            description = "For raw files: how many numbers, or the length of each axis, 1000,3; one may be -1, "
                    + "for as many as "
                    + "the file has. All in one axis if left out.")
    private Words.@Nullable Lengths shape;

    @Option(names = "--order", paramLabel = "C|F", description = "For raw files: C, the default, or F for Fortran.")
    private @Nullable Order order;

    @Option(
            names = "--offset",
            paramLabel = "BYTES",
            description = "For raw files: where the first number begins; needs no alignment. 0 if left out.")
    private @Nullable ByteCount offset;

    Raw raw() {
        Raw raw = new Raw("--dtype", dtype, shape, order, offset);
        if (dtype == null && raw.isSaid()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--shape, --count, --order and --offset are for raw files, and need --dtype with them");
        }
        return raw;
    }

    /**
     * What was said.
     *
     * @param option that names the type
     * @param dtype type of a number
     * @param shape lengths of the axes
     * @param order of the elements
     * @param offset of the first
     */
    record Raw(
            String option,
            @Nullable DType dtype,
            Words.@Nullable Lengths shape,
            @Nullable Order order,
            @Nullable ByteCount offset) {
        /** Otherwise the file says it itself. */
        boolean isSaid() {
            return dtype != null || shape != null || order != null || offset != null;
        }

        /** Whether even a file that says itself what it is shall be taken as raw. */
        boolean isForced() {
            return offset != null;
        }

        RawLayout layout(DType type) {
            long[] dims = shape == null ? new long[] {-1} : shape.dims();
            return new RawLayout(type, dims, order == null ? Order.C : order, offset == null ? 0 : offset.bytes());
        }
    }
}

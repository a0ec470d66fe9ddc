package dev.quire.cli;

import dev.quire.array.ArraySpec;
import dev.quire.array.MappedArray;
import dev.quire.array.Order;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Array files for tests of commands. */
final class ArrayFiles {
    private ArrayFiles() {}

    /** 0, 1, 2 ... in C sequence. */
    static Path counting(Path file, String dtype, Order order, long... shape) throws IOException {
        ArraySpec spec = ArraySpec.of(dtype, shape).order(order).formatOf(file);
        try (MappedArray array = MappedArray.create(file, spec)) {
            long count = array.shape().elementCount();
            double[] values = new double[(int) count];
            for (int i = 0; i < count; i++) {
                values[i] = i;
            }
            (array.dtype().type().isComplex() ? array.real() : array).copyFrom(values);
        }
        return file;
    }

    static Path counting(Path file, String dtype, long... shape) throws IOException {
        return counting(file, dtype, Order.C, shape);
    }

    /** An archive of files, as {@code numpy.savez} or {@code numpy.savez_compressed} make them. */
    static Path archive(Path file, boolean stored, Path... members) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Path member : members) {
                byte[] content = Files.readAllBytes(member);
                ZipEntry entry = new ZipEntry(member.getFileName().toString());
                if (stored) {
                    CRC32 crc = new CRC32();
                    crc.update(content);
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(content.length);
                    entry.setCrc(crc.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(content);
            }
        }
        return Files.write(file, bytes.toByteArray());
    }

    /** A .npy whose header is written by hand. */
    static Path npy(Path file, String descr, String shape, byte[] data) throws IOException {
        String dict = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }";
        String text = dict + " ".repeat(117 - dict.length()) + "\n";
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0});
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        bytes.writeBytes(data);
        return Files.write(file, bytes.toByteArray());
    }
}

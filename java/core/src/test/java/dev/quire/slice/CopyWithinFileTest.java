package dev.quire.slice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Copies from one mapping of a file to another that overlap in the file, where no address tells. */
class CopyWithinFileTest {
    /** Some pieces of such copies. */
    private static final int LONGS = 200_000;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 0", "0, 3000", "3000, 0", "0, 190000", "190000, 0", "5, 5"})
    void whateverLiesWhere(int from, int to) throws Exception {
        byte[] before = new byte[LONGS * Long.BYTES];
        new Random(from + 31L * to).nextBytes(before);
        int count = LONGS - Math.max(from, to);
        for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
            Path file = Files.write(folder.resolve("longs"), before);
            byte[] after = before.clone();
            for (int i = 0; i < count; i++) {
                long value = ByteBuffer.wrap(before).getLong((from + i) * Long.BYTES);
                ByteBuffer.wrap(after).order(order).putLong((to + i) * Long.BYTES, value);
            }
            // the second begins elsewhere in the file, and either may lie lower in memory
            try (Mapping one = Mapping.open(file, MapMode.READ_WRITE);
                    Mapping other = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.offset(to * 8L))) {
                one.bytes()
                        .longs(ByteOrder.BIG_ENDIAN)
                        .copyTo(from, other.bytes().longs(order), 0, count);
            }
            assertArrayEquals(after, Files.readAllBytes(file), order + " " + from + " to " + to);
            Files.delete(file);
        }
    }
}

package dev.quire.scan;

import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.testing.Pattern;
import java.nio.file.Path;

/** Scans a file within a budget and prints how many bytes it has. Arguments: file, budget in bytes. */
final class ScanMain {
    private ScanMain() {}

    public static void main(String[] arguments) throws Exception {
        try (Mapping map = Mapping.open(Path.of(arguments[0]), MapMode.READ_ONLY);
                Scan scan = Scan.of(map.bytes(), ScanOptions.DEFAULT.budget(Long.parseLong(arguments[1])))) {
            scan.forEach(chunk -> Pattern.check(chunk.segment(), chunk.offset()));
            System.out.println(scan.doneBytes());
        }
    }
}

package dev.quire.cli;

import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.scan.Scan;
import dev.quire.scan.ScanOptions;
import dev.quire.slice.ByteSlice;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.CRC32C;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reads a file from its beginning to its end and checksums it. */
@Command(
        name = "scan",
        header = "Stream a file through a window of memory and checksum it.",
        description = {
            "Pages come in ahead and are dropped behind, but for those that were in memory before.",
            "The checksum is CRC-32C."
        })
final class ScanCommand extends ReportingCommand {
    /** What is checksummed at once, on the heap. */
    private static final int BLOCK = 64 << 10;

    @Mixin
    private FileRange range = new FileRange();

    @Option(
            names = "--window",
            paramLabel = "BYTES",
            description = "Bring so much in ahead, 8MiB for example. As much as the device needs if left out.")
    private ByteCount window = new ByteCount(0);

    @Override
    Report report() throws MappingException {
        CRC32C checksum = new CRC32C();
        byte[] block = new byte[BLOCK];
        long budget = Math.max(ScanOptions.DEFAULT.budgetBytes(), 2 * window.bytes());
        try (Mapping map = range.open();
                Progress progress = progress("scan", map.byteSize());
                Scan scan = Scan.of(
                        map.bytes(), ScanOptions.DEFAULT.window(window.bytes()).budget(budget))) {
            long start = System.nanoTime();
            scan.forEach(chunk -> {
                add(checksum, chunk, block);
                progress.advance(chunk.byteSize());
            });
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Finding(range.file(), scan.doneBytes(), seconds, scan.peakBytes(), checksum.getValue());
        }
    }

    private static void add(CRC32C checksum, ByteSlice chunk, byte[] block) {
        for (long at = 0; at < chunk.length(); at += block.length) {
            int count = (int) Math.min(block.length, chunk.length() - at);
            chunk.copyTo(at, block, 0, count);
            checksum.update(block, 0, count);
        }
    }

    /** What the scan came to. */
    private record Finding(Path file, long bytes, double seconds, long peakBytes, long checksum) implements Report {
        private double gigabytesPerSecond() {
            return seconds > 0 ? bytes / seconds / 1e9 : 0;
        }

        private String hexadecimal() {
            return String.format(Locale.ROOT, "%08x", checksum);
        }

        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", file);
            facts.put("bytes", bytes);
            facts.put("seconds", seconds);
            facts.put("gigabytesPerSecond", gigabytesPerSecond());
            facts.put("peakResidentBytes", peakBytes);
            facts.put("crc32c", hexadecimal());
            return facts;
        }

        @Override
        public List<String> lines() {
            return List.of(
                    file + ": " + Text.bytes(bytes) + " in " + Text.seconds(seconds)
                            + String.format(Locale.ROOT, ", %.2f GB/s", gigabytesPerSecond()),
                    "crc32c " + hexadecimal(),
                    "At most " + Text.bytes(peakBytes) + " of memory for what was not there before.");
        }
    }
}

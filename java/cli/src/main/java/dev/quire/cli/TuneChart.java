package dev.quire.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;

/** The figures of a tuning as bars: a pair for each policy. */
final class TuneChart {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;

    private TuneChart() {}

    /** Whether a name tells a format that can be written. */
    static boolean isFormat(Path image) {
        return isSvg(image) || ending(image).endsWith(".png");
    }

    private static boolean isSvg(Path image) {
        return ending(image).endsWith(".svg");
    }

    private static String ending(Path image) {
        return image.toString().toLowerCase(Locale.ROOT);
    }

    /** Writes the image its name asks for. */
    static void write(TuneReport report, Path image) throws IOException {
        System.setProperty("java.awt.headless", "true"); // nothing is shown, and there may be no display
        CategoryChart chart = chart(report);
        try (OutputStream target = new BufferedOutputStream(Files.newOutputStream(image))) {
            ChartEncoder.saveChart(chart, target, isSvg(image) ? "svg" : "png");
        }
    }

    private static CategoryChart chart(TuneReport report) {
        CategoryChart chart = new CategoryChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(report.file().getFileName() + ", " + Text.bytes(report.bytes()) + ", " + report.patternName())
                .yAxisTitle("GB/s")
                .build();
        List<String> names =
                report.runs().stream().map(run -> run.policy().name()).toList();
        if (report.runs().stream().anyMatch(run -> run.cold().isPresent())) {
            chart.addSeries("cold", names, values(report, true));
        }
        chart.addSeries("warm", names, values(report, false));
        return chart;
    }

    private static List<Double> values(TuneReport report, boolean cold) {
        return report.runs().stream()
                .map(run -> cold ? run.cold() : Optional.of(run.warm()))
                .map(lap -> lap.map(Tuning.Lap::gigabytesPerSecond).orElse(0.0))
                .toList();
    }
}

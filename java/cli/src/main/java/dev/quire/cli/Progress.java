package dev.quire.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar that appears on a terminal, once the work has taken a second. */
final class Progress implements AutoCloseable {
    /** How much work to do between two calls of {@link #advance(long)}: some 50 ms of a slow disk. */
    static final long STEP_BYTES = 16 << 20;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int COLUMNS = 79;

    private final String task;
    private final long totalBytes;
    private final PrintStream target;
    private final boolean terminal;
    private final LongSupplier clock;
    private final long start;
    private long doneBytes;
    private @Nullable ProgressBar bar;

    Progress(String task, long totalBytes, PrintStream target, boolean terminal, LongSupplier clock) {
        this.task = task;
        this.totalBytes = totalBytes;
        this.target = target;
        this.terminal = terminal;
        this.clock = clock;
        this.start = clock.getAsLong();
    }

    static Progress of(String task, long totalBytes, PrintStream target) {
        return new Progress(task, totalBytes, target, Boolean.getBoolean("dev.quire.cli.terminal"), System::nanoTime);
    }

    /** Says that so many more bytes are done. */
    void advance(long bytes) {
        doneBytes += bytes;
        if (bar != null) {
            bar.stepTo(doneBytes);
        } else if (terminal && clock.getAsLong() - start >= PATIENCE_NANOS) {
            bar = begin();
        }
    }

    /** Takes how many elements of a size are done in all. */
    LongConsumer total(long itemBytes) {
        return elements -> advance(elements * itemBytes - doneBytes);
    }

    private ProgressBar begin() {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(totalBytes)
                .setUnit(" MiB", 1 << 20)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(100)
                .setConsumer(new ConsoleProgressBarConsumer(target, COLUMNS))
                .clearDisplayOnFinish()
                .startsFrom(doneBytes, Duration.ofNanos(clock.getAsLong() - start))
                .build();
    }

    /** Takes the bar away. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}

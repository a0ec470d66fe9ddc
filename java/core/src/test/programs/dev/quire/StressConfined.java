package dev.quire;

import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Memory that one thread opens, reads, changes and closes, while others call for its pages. */
final class StressConfined {
    private final MemoryKind subject;
    private final Path folder;
    private volatile OpenMemory current;

    StressConfined(MemoryKind subject, Path folder) throws IOException {
        this.subject = subject;
        this.folder = folder.resolve(subject.kind() + "-confined");
        Files.createDirectories(this.folder);
        this.current = subject.open(this.folder, StressSlot.KEPT);
        this.current.close();
    }

    /** It may be closed in this moment. */
    OpenMemory current() {
        return current;
    }

    /** Opens, reads, changes and closes it, all in the calling thread. */
    void once(Random random) throws IOException {
        try (OpenMemory opened = subject.open(folder, StressSlot.KEPT)) {
            current = opened;
            opened.use(views -> Pattern.check(views.segment(), 0));
            if (subject.kind().isResizable()) {
                opened.resize(random.nextLong(StressSlot.KEPT, StressSlot.LARGEST));
            }
            opened.protect(true);
            opened.use(views -> {
                MemorySegment segment = views.segment();
                StressSlot.check(segment, random.nextLong(StressSlot.KEPT), 1_000);
            });
        }
    }
}

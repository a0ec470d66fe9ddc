package dev.quire;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quire.testing.Pattern;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the collector owns stays as long as anything of it is known: acceptance 17. */
class AutoLifetimeTest {
    private static final long SIZE = 100_003;

    @TempDir
    Path folder;

    /** The collector has taken the mapping, and would have unmapped what the slice did not keep. */
    @ParameterizedTest
    @EnumSource
    void aSliceAloneKeepsTheMemory(MemoryKind.Kind kind) throws Exception {
        MemoryKind collected = new MemoryKind(kind, Lifetime.AUTO);
        List<WeakReference<MappedMemory>> forgotten = new ArrayList<>();
        MemorySegment slice = onlyASlice(collected, forgotten);
        for (int i = 0; i < 500 && forgotten.getFirst().get() != null; i++) {
            System.gc();
            Thread.sleep(5);
        }
        assertNull(forgotten.getFirst().get(), "nobody but the slice knows it");
        System.gc();
        Thread.sleep(20);
        Pattern.check(slice, 10);
    }

    private MemorySegment onlyASlice(MemoryKind kind, List<WeakReference<MappedMemory>> forgotten) throws IOException {
        OpenMemory opened = kind.open(folder, SIZE);
        forgotten.add(new WeakReference<>(opened.memory()));
        return opened.get(views -> views.segment().asSlice(10));
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.array.ArrayFileException;
import dev.quire.array.ArrayOptions;
import dev.quire.array.ArraySpec;
import dev.quire.array.MappedArray;
import dev.quire.error.FileRefusedException;
import dev.quire.hint.Hint;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Pattern;
import dev.quire.testing.ThisProcess;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Mappings that end together; what holds for each of them is tested where it holds for every lifetime. */
class MappingGroupTest {
    private static final int FILES = 14;
    private static final int SIZE = 10_000;

    @TempDir
    Path folder;

    /** How many areas are files of this test's. */
    private long mapped() throws IOException {
        return ThisProcess.areas(folder.toString()).size();
    }

    private List<GroupedMapping> opened(MappingGroup group) throws IOException {
        List<GroupedMapping> maps = new ArrayList<>();
        for (int i = 0; i < FILES; i++) {
            maps.add(group.open(Pattern.file(folder.resolve("file" + i), SIZE), MapMode.READ_ONLY));
        }
        return maps;
    }

    @Test
    void allEndTogether() throws IOException {
        MappingGroup group = new MappingGroup();
        List<GroupedMapping> maps = opened(group);
        List<ByteSlice> views = maps.stream().map(GroupedMapping::bytes).toList();
        maps.forEach(map -> Pattern.check(map.segment(), 0));
        assertEquals("group of 14 mappings", group.toString());
        group.close();
        group.close();
        for (int i = 0; i < FILES; i++) {
            GroupedMapping map = maps.get(i);
            ByteSlice view = views.get(i);
            assertThrows(IllegalStateException.class, map::bytes);
            assertThrows(IllegalStateException.class, () -> view.get(0));
            assertThrows(IllegalStateException.class, () -> map.advise(Hint.NORMAL));
            assertTrue(map.toString().startsWith("closed READ_ONLY GROUPED mapping of"), map::toString);
        }
        assertEquals("closed group of mappings", group.toString());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void allAreUnmapped() throws IOException {
        MappingGroup group = new MappingGroup();
        opened(group);
        assertEquals(FILES, mapped());
        group.close();
        assertEquals(0, mapped());
    }

    @Test
    void aClosedGroupTakesNoMore() throws IOException {
        MappingGroup group = new MappingGroup();
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        group.close();
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> group.open(file, MapMode.READ_ONLY));
        assertTrue(refused.getMessage().contains(file.toString()), refused::getMessage);
    }

    @Test
    void aFileThatIsRefusedLeavesTheOthers() throws IOException {
        try (MappingGroup group = new MappingGroup()) {
            GroupedMapping there = group.open(Pattern.file(folder.resolve("file"), SIZE), MapMode.READ_ONLY);
            assertThrows(FileRefusedException.class, () -> group.open(folder.resolve("none"), MapMode.READ_ONLY));
            Pattern.check(there.segment(), 0);
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void whatIsRefusedIsNotLeftMapped() throws IOException {
        MappingGroup group = new MappingGroup();
        group.close();
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        assertThrows(IllegalStateException.class, () -> group.open(file, MapMode.READ_ONLY));
        assertEquals(0, mapped());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void aFileThatIsNoArrayIsNotLeftMapped() throws IOException {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        try (MappingGroup group = new MappingGroup()) {
            ArrayOptions options = ArrayOptions.DEFAULT.lifetime(group.lifetime());
            assertThrows(ArrayFileException.class, () -> MappedArray.open(file, MapMode.READ_ONLY, options));
            assertEquals(0, mapped());
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void theExecutorUnmaps() throws IOException {
        List<Runnable> tasks = new ArrayList<>();
        MappingGroup group = new MappingGroup(tasks::add);
        GroupedMapping map = opened(group).getFirst();
        MemorySegment view = map.segment();
        assertEquals(FILES, mapped());
        group.close();
        assertThrows(IllegalStateException.class, () -> view.get(ValueLayout.JAVA_BYTE, 0));
        assertThrows(IllegalStateException.class, map::populate);
        assertEquals(FILES, mapped());
        group.close();
        assertEquals(1, tasks.size());
        tasks.getFirst().run();
        assertEquals(0, mapped());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only /proc tells what is mapped")
    void anExecutorThatRefusesDoesNotKeepThemMapped() throws IOException {
        MappingGroup group = new MappingGroup(task -> {
            throw new RejectedExecutionException();
        });
        opened(group);
        group.close();
        assertEquals(0, mapped());
    }

    @Test
    void arraysAndMemoryBelongToAGroupToo() throws IOException {
        Path file = folder.resolve("array.npy");
        MappedArray.create(file, ArraySpec.of("<f8", 100), 1.5).close();
        MappingGroup group = new MappingGroup();
        MappedArray array = MappedArray.open(file, MapMode.READ_ONLY, ArrayOptions.DEFAULT.lifetime(group.lifetime()));
        GroupedMapping memory = Mapping.anonymous(100, group.lifetime());
        array.close();
        assertEquals(150, array.sum());
        group.close();
        assertThrows(IllegalStateException.class, array::sum);
        assertThrows(IllegalStateException.class, memory::bytes);
    }

    /** Closes beside threads that open for the group and read: they are refused, and nothing is left mapped. */
    @Test
    @Timeout(60)
    void closedUnderThoseWhoOpenAndRead() throws Exception {
        Path file = Pattern.file(folder.resolve("file"), SIZE);
        AtomicLong opened = new AtomicLong();
        for (int round = 0; round < 50; round++) {
            MappingGroup group = new MappingGroup();
            AtomicBoolean wasRefused = new AtomicBoolean();
            long before = opened.get();
            Thread opener = Thread.ofPlatform().start(() -> {
                try {
                    while (true) {
                        GroupedMapping map = group.open(file, MapMode.READ_ONLY);
                        opened.incrementAndGet();
                        Pattern.check(map.segment(), 0);
                    }
                } catch (IllegalStateException e) {
                    wasRefused.set(true);
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (opened.get() < before + 2 && opener.isAlive()) {
                Thread.onSpinWait();
            }
            group.close();
            opener.join();
            assertTrue(wasRefused.get());
        }
    }
}

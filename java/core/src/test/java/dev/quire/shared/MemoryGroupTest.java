package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.testing.ChildJvm;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory beyond the limit of a group of processes is an error; to take it would be a SIGKILL. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "groups of processes are Linux's")
class MemoryGroupTest {
    private static final Path OLD = Path.of("/sys/fs/cgroup/memory");
    private static final Path NEW = Path.of("/sys/fs/cgroup");

    private final String name = Creation.freshName();
    private Path outer;
    private Path inner;
    private String limit;

    @BeforeEach
    void groups() throws IOException {
        Needs.superuser();
        boolean old = Files.isWritable(OLD.resolve("cgroup.procs"));
        assumeTrue(old || canLimit(NEW), "no group of processes can be given a limit of memory here");
        outer = (old ? OLD : NEW).resolve("quire-test-" + name);
        inner = outer.resolve("inner");
        limit = old ? "memory.limit_in_bytes" : "memory.max";
        Files.createDirectory(outer);
        if (!old) {
            Files.writeString(outer.resolve("cgroup.subtree_control"), "+memory");
        }
        Files.createDirectory(inner);
    }

    private static boolean canLimit(Path root) throws IOException {
        Path children = root.resolve("cgroup.subtree_control");
        return Files.isWritable(children) && Files.readString(children).contains("memory");
    }

    @AfterEach
    void remove() throws IOException {
        for (Path group : new Path[] {inner, outer}) {
            if (group != null) {
                Files.deleteIfExists(group);
            }
        }
        Files.deleteIfExists(Path.of("/dev/shm", Creation.PREFIX + name));
    }

    private void refused(String ofOuter, String ofInner) throws Exception {
        Files.writeString(inner.resolve(limit), ofInner);
        Files.writeString(outer.resolve(limit), ofOuter);
        ChildJvm.Exit exit = inGroup(SharedMain.class, "limit", name, Long.toString(1L << 30));
        assertEquals(0, exit.status(), exit::toString);
        assertEquals("MEMORY_LIMIT MEMORY_LIMIT", exit.out().strip());
    }

    private ChildJvm.Exit inGroup(Class<?> main, String... arguments) throws Exception {
        String enter = "echo $$ > " + inner.resolve("cgroup.procs") + " && exec \"$@\"";
        return ChildJvm.onClassPath(main, arguments)
                .flags("-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx64m")
                .under("sh", "-c", enter, "sh")
                .run();
    }

    private String ended(String... arguments) throws Exception {
        Files.writeString(outer.resolve(limit), "512M");
        ChildJvm.Exit exit = inGroup(MemoryGroupMain.class, arguments);
        assertEquals(0, exit.status(), exit::toString);
        return exit.out().strip();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "lock",
                "write",
                "writeZeros",
                "lockShared",
                "populateShared",
                "ensureShared",
                "writeSparse",
                "readSparse",
                "lockCopies"
            })
    void pagesBeyondTheLimitAreRefused(String what) throws Exception {
        Path sparse = Path.of("/dev/shm", Creation.PREFIX + name);
        assertEquals("MEMORY_LIMIT", ended(what, Long.toString(1L << 30), sparse.toString()));
    }

    @Test
    void threadsTogetherDoNotTakeMoreThanThereIs() throws Exception {
        assertEquals("ran", ended("race", Long.toString(150L << 20)));
    }

    @Test
    void theGroupsOwnLimitHolds() throws Exception {
        refused("4G", "512M");
    }

    @Test
    void theLimitOfTheGroupAroundItHolds() throws Exception {
        refused("512M", "4G");
    }
}

package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.List;
import org.agrona.DirectBuffer;
import org.apache.lucene.store.IndexInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Other people's code over files that are cut before it reads and while it reads: it lives, and a guard or {@code damage()}
 * tells. In children, whose warm-up makes the compilers compile it.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
class FaultForeignTest {
    private static final int OF_THE_JDK = 9;
    private static final int OF_VECTORS = 2;
    private static final int OF_LIBRARIES = 5;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1", "-XX:+UseParallelGC", "-XX:+UseZGC"})
    void codeOfTheJdkLives(String mode) throws Exception {
        check(Child.of(FaultForeignMain.class, folder, 100, "-").flags(mode), OF_THE_JDK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-XX:UseAVX=0", "-XX:UseAVX=1", "-XX:UseAVX=2", "-XX:UseAVX=3"})
    void theVectorApiLives(String mode) throws Exception {
        ChildJvm child = Child.of(FaultForeignMain.class, folder, 100, "-");
        check(child.flags(mode, "--add-modules", "jdk.incubator.vector"), OF_THE_JDK + OF_VECTORS);
    }

    @Test
    void agronaNettyAndLuceneLive() throws Exception {
        ChildJvm child = Child.of(FaultForeignMain.class, folder, 200, "libraries");
        for (Class<?> type : List.of(DirectBuffer.class, ByteBuf.class, PlatformDependent.class, IndexInput.class)) {
            child.before(Child.jarOf(type));
        }
        child.flags("--add-modules", "jdk.incubator.vector", "--sun-misc-unsafe-memory-access=allow");
        child.flags("--add-exports", "java.base/jdk.internal.misc=ALL-UNNAMED");
        check(child, OF_THE_JDK + OF_VECTORS + OF_LIBRARIES);
    }

    private static void check(ChildJvm child, int readers) throws Exception {
        ChildJvm.Exit exit = child.run();
        assertEquals(0, exit.status(), exit::toString);
        List<String> lines = exit.out().lines().toList();
        assertEquals(readers + 1, lines.size(), exit::toString);
        assertEquals("end", lines.getLast(), exit::toString);
        assertTrue(
                lines.stream().limit(readers).allMatch(line -> line.endsWith(": fault, damage, cut")), exit::toString);
    }
}

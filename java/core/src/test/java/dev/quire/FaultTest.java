package dev.quire;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.FaultAttempt.Promise;
import dev.quire.FaultMain.Breakage;
import dev.quire.testing.Child;
import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No fault kills the virtual machine, and nothing computed from garbage is handed out: acceptance 49 and 50. One child
 * for every way in which HotSpot runs code.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "nobody can truncate a file there that is mapped")
class FaultTest {
    /** How a child runs: flags, how often it warms up, in which kind of thread. */
    enum Mode {
        INTERPRETED("-Xint", 20, "platform"),
        C1("-XX:TieredStopAtLevel=1", 20_000, "platform"),
        C2("-XX:+UseParallelGC", 20_000, "platform"),
        ZGC("-XX:+UseZGC", 20_000, "platform"),
        /** Some of it compiled by the one compiler, some by the other, some not yet. */
        TIERED("-XX:+UseSerialGC", 700, "platform"),
        SHENANDOAH("-XX:+UseShenandoahGC", 20_000, "platform"),
        NO_AVX("-XX:UseAVX=0", 20_000, "platform"),
        AVX1("-XX:UseAVX=1", 20_000, "platform"),
        AVX2("-XX:UseAVX=2", 20_000, "platform"),
        AVX3("-XX:UseAVX=3", 20_000, "platform"),
        SMALL_STACKS("-Xss256k", 20_000, "platform"),
        VIRTUAL_THREAD("-XX:+UseG1GC", 20_000, "virtual"),
        /** What HotSpot does by itself: less is promised, and compiled code may end it, in reductions too. */
        UNHEALED("-Xint -Ddev.quire.heal=false", 20, "platform");

        private final String flags;
        final int warmups;
        final String thread;

        Mode(String flags, int warmups, String thread) {
            this.flags = flags;
            this.warmups = warmups;
            this.thread = thread;
        }

        String[] flags() {
            return flags.split(" ");
        }

        ChildJvm child(Path folder, String... more) {
            Object[] arguments = {folder, warmups, thread};
            Object[] all = Arrays.copyOf(arguments, 3 + more.length);
            System.arraycopy(more, 0, all, 3, more.length);
            return Child.of(FaultMain.class, all).flags(flags()).flags("-Xmx256m");
        }
    }

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource
    void faultsArriveAsExceptions(Mode mode) throws Exception {
        if (Confinement.canMount()) {
            Path small = Files.createDirectory(folder.resolve("small"));
            String[] command = Confinement.withFileSystem(small, "size=1m");
            check(mode, mode.child(folder, small.toString()).under(command), EnumSet.allOf(Breakage.class));
        } else {
            check(mode, mode.child(folder), EnumSet.range(Breakage.TRUNCATED, Breakage.TRUNCATED_BY_ANOTHER_PROCESS));
        }
    }

    /** Is skipped, visibly, where the others leave out what happens in memory and on a full disk. */
    @Test
    void aFullDiskIsTriedToo() throws Exception {
        assumeTrue(Confinement.canMount(), "cannot mount a small file system: not root, or not allowed to");
        assertEquals(
                0,
                new ProcessBuilder(Confinement.with(Confinement.withFileSystem(folder, "size=1m"), "true"))
                        .start()
                        .waitFor());
    }

    private static void check(Mode mode, ChildJvm child, Set<Breakage> breakages) throws Exception {
        ChildJvm.Exit exit = child.run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().endsWith("end\n"), exit::toString);
        Map<String, String> verdicts = new HashMap<>();
        for (String line : exit.out().split("\n")) {
            int at = line.indexOf(" {");
            if (at > 0) {
                verdicts.put(line.substring(0, at), line.substring(at + 1));
            }
        }
        assertEquals(FaultAttempt.ALL.size() * breakages.size(), verdicts.size(), exit::toString);
        assertAll(FaultAttempt.ALL.stream()
                .flatMap(attempt -> breakages.stream().map(breakage -> checkOne(mode, attempt, breakage, verdicts))));
    }

    private static Executable checkOne(
            Mode mode, FaultAttempt attempt, Breakage breakage, Map<String, String> verdicts) {
        String key = attempt.name() + " " + breakage;
        String verdict = verdicts.get(key);
        return () -> assertTrue(isKept(mode, attempt, breakage, verdict), key + " " + verdict);
    }

    /** A map from verdicts to how often they came, as {@link Map} prints it. */
    private static boolean isKept(Mode mode, FaultAttempt attempt, Breakage breakage, String verdict) {
        Set<String> names = Arrays.stream(
                        verdict.substring(1, verdict.length() - 1).split(", "))
                .map(entry -> entry.substring(0, entry.lastIndexOf('=')))
                .collect(Collectors.toUnmodifiableSet());
        Set<String> unhealed = Set.of("fault", "error", "returned", "late none", "late fault");
        return switch (attempt.promise()) {
            case Promise.FAULT -> names.equals(Set.of("fault", "late none"));
            case Promise.RETURN -> names.equals(Set.of("returned", "late none"));
            case Promise.REFUSAL ->
                names.equals(Set.of(breakage == Breakage.DISK_FULL ? "returned" : "refused", "late none"));
            case Promise.ZEROS ->
                mode == Mode.UNHEALED ? unhealed.containsAll(names) : names.equals(Set.of("returned", "late none"));
        };
    }
}

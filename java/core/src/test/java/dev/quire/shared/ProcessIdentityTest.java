package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quire.testing.ChildJvm;
import dev.quire.testing.Confinement;
import dev.quire.testing.Needs;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class ProcessIdentityTest {
    private static final String PROC = "/proc is Linux's";

    private static final ProcessIdentity CURRENT = ProcessIdentity.current();

    @Test
    void thisProcessIsAliveAndNoOtherOfItsNumber() {
        assertTrue(CURRENT.isAlive());
        assertTrue(ProcessIdentity.ofWord(CURRENT.word()).isAlive());
        assertNotEquals(0, CURRENT.start());
        for (long apart : new long[] {-1, 1, 100}) {
            assertFalse(new ProcessIdentity(CURRENT.pid(), CURRENT.start() + apart).isAlive());
            assertFalse(ProcessIdentity.ofWord(CURRENT.word() + apart).isAlive());
        }
        assertTrue(new ProcessIdentity(CURRENT.pid(), 0).isAlive());
        assertFalse(ProcessIdentity.NONE.isAlive());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = PROC)
    void anotherProcessIsToldByItsTicks() throws Exception {
        Process sleep = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity other = new ProcessIdentity(sleep.pid(), ProcStat.startOf(sleep.pid()));
        assertTrue(other.isAlive());
        assertTrue(ProcessIdentity.ofWord(other.word()).isAlive());
        assertFalse(new ProcessIdentity(other.pid(), other.start() + 1).isAlive());
        assertFalse(ProcessIdentity.ofWord(other.word() - 1).isAlive());
        sleep.destroyForcibly().waitFor();
        assertFalse(other.isAlive());
        assertFalse(new ProcessIdentity(other.pid(), 0).isAlive());
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = PROC)
    void whoHasEndedAndIsNotAskedForIsDead() throws Exception {
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 60").start();
        try (BufferedReader out = parent.inputReader()) {
            long pid = Long.parseLong(out.readLine());
            Path stat = Path.of("/proc/" + pid + "/stat");
            while (!Files.readString(stat).contains(") Z ")) {
                Thread.sleep(1);
            }
            assertFalse(new ProcessIdentity(pid, 0).isAlive());
            assertTrue(new ProcessIdentity(parent.pid(), 0).isAlive());
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    @Test
    void whateverAProcessIsCalledItsLineIsRead() {
        String behind = " 1 1 1 0 -1 4194560 123 0 0 0 7 8 0 0 20 0 %d 0 4711 234567 890";
        ProcStat stat = ProcStat.parse("12 (a) Z 1 (b)) S" + behind.formatted(5));
        assertEquals(new ProcStat('S', 5, 4711), stat);
        assertFalse(stat.isEnded());
        assertTrue(ProcStat.parse("12 (x\n) Z" + behind.formatted(1)).isEnded());
        assertTrue(ProcStat.parse("12 (x) X" + behind.formatted(0)).isEnded());
        assertFalse(ProcStat.parse("12 (x) Z" + behind.formatted(2)).isEnded());
    }

    private static void runs(String script, boolean hidden) throws Exception {
        Needs.superuser();
        String[] command = {"unshare", "--mount", "--pid", "--fork", "sh", "-c", script, "sh"};
        assumeTrue(
                new ProcessBuilder(Confinement.with(command, "true")).start().waitFor() == 0,
                "no namespaces of one's own here");
        ChildJvm.Exit exit = ChildJvm.onClassPath(SharedMain.class, "identity", "")
                .under(command)
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertEquals(hidden ? "true 1 false" : "true 0 true", exit.out().strip());
    }

    /** Numbers there are another container's: nobody can be told from anybody. */
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = PROC)
    void whereProcessesAreNotShownNobodyIsTakenForDead() throws Exception {
        runs("exec \"$@\"", false);
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = PROC)
    void whereOthersAreHiddenOnesOwnAreSeen() throws Exception {
        runs("mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid=65534 --clear-groups \"$@\"", true);
    }
}

package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.load.Bundled;
import dev.quire.testing.ChildJvm;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Healing in processes where others handle signals too, or where nothing can be healed. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "what is preloaded is a library of Linux")
class FaultProcessTest {
    private static final String MAIN = "dev.quire.FaultProcessMain";

    /** Counts, and passes signals on to the handler that was there before; or ends the process. */
    private static final String HANDLER = """
            #define _GNU_SOURCE
            #include <signal.h>
            #include <unistd.h>
            static struct sigaction before[16];
            static int installed, calls;
            static void pass(int at, int number, siginfo_t *info, void *context) {
                calls++;
                before[at].sa_sigaction(number, info, context);
            }
            #define PASS(n) static void pass##n(int a, siginfo_t *i, void *c) { pass(n, a, i, c); }
            PASS(0) PASS(1) PASS(2) PASS(3) PASS(4) PASS(5) PASS(6) PASS(7) PASS(8)
            static void (*const passes[])(int, siginfo_t *, void *) = {
                pass0, pass1, pass2, pass3, pass4, pass5, pass6, pass7, pass8 };
            static void end(int number, siginfo_t *info, void *context) { _exit(99); }
            void install(int greedy) {
                struct sigaction own = { 0 };
                own.sa_sigaction = greedy ? end : passes[installed];
                own.sa_flags = SA_SIGINFO | SA_ONSTACK;
                sigaction(SIGBUS, &own, &before[installed++]);
            }
            int count(void) { return calls; }
            """;

    @TempDir
    Path folder;

    private ChildJvm child(String what, String library) throws ClassNotFoundException {
        Class<?> main = Class.forName(MAIN, false, FaultProcessTest.class.getClassLoader());
        return ChildJvm.onClassPath(main, what, folder.toString(), library).flags("-Xmx256m");
    }

    private static void ends(ChildJvm child, String healing) throws Exception {
        ChildJvm.Exit exit = child.run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().endsWith("healing " + healing + "\n"), exit::toString);
    }

    @ParameterizedTest
    @CsvSource({"before,ON", "after,ON", "greedy,ON", "covered,COVERED"})
    void anotherHandler(String what, String healing) throws Exception {
        Path library = Bundled.compiled(folder, "libhandler.so", HANDLER);
        ends(child(what, library.toString()), healing);
    }

    /** The library of the JDK's that chains handlers keeps those of others behind the JVM's, and ours comes first. */
    @ParameterizedTest
    @ValueSource(strings = {"plain", "before", "greedy", "covered"})
    void anotherHandlerAndChainingOfTheJvm(String what) throws Exception {
        Path library = Bundled.compiled(folder, "libhandler.so", HANDLER);
        String jsig =
                Path.of(System.getProperty("java.home"), "lib", "libjsig.so").toString();
        ends(child(what, library.toString()).environment("LD_PRELOAD", jsig), "ON");
    }

    @Test
    void checksOfJniWarnAndNoMore() throws Exception {
        ChildJvm.Exit exit = child("plain", "-").flags("-Xcheck:jni").run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().endsWith("healing ON\n"), exit::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-Xss228k", "-XX:+UseShenandoahGC", "-XX:+UseSerialGC", "-XX:-UseSignalChaining"})
    void otherWaysToRun(String flag) throws Exception {
        ends(child("plain", "-").flags(flag), "ON");
    }

    @Test
    void switchedOff() throws Exception {
        ChildJvm.Exit exit = child("plain", "-").flags("-Ddev.quire.heal=false").run();
        assertNotEquals(
                0, exit.status(), "a file that was cut does not end the JVM even without healing: no test of it");
    }

    @ParameterizedTest
    @CsvSource({"crash,SIGSEGV", "foreign,SIGBUS"})
    void aCrashThatIsNotOursIsReported(String what, String signal) throws Exception {
        ChildJvm.Exit exit = child(what, "-").run();
        assertNotEquals(0, exit.status(), exit::toString);
        List<String> told = List.of("A fatal error has been detected", signal, "hs_err");
        assertTrue(told.stream().allMatch(exit.out()::contains), exit::toString);
    }
}

package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.ChildJvm;
import org.junit.jupiter.api.Test;

/** A JVM that denies native access is told the flag; one that only warns goes on. */
class NativeAccessTest {
    @Test
    void deniedToTheModule() throws Exception {
        LoadingReport.of(ChildJvm.onModulePath(LoadingMain.class)
                        .withoutNativeAccess()
                        .flags("--illegal-native-access=deny"))
                .refused("NOT_PERMITTED", "module dev.quire", "give java the flag --enable-native-access=dev.quire");
    }

    @Test
    void deniedToTheClassPath() throws Exception {
        LoadingReport.of(ChildJvm.onClassPath(LoadingMain.class)
                        .withoutNativeAccess()
                        .flags("--illegal-native-access=deny"))
                .refused("NOT_PERMITTED", "the class path", "give java the flag --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void otherModulesAreNoHelp() throws Exception {
        LoadingReport.of(ChildJvm.onModulePath(LoadingMain.class)
                        .withoutNativeAccess()
                        .flags("--enable-native-access=ALL-UNNAMED", "--illegal-native-access=deny"))
                .refused("--enable-native-access=dev.quire");
    }

    @Test
    void warnedAbout() throws Exception {
        ChildJvm.Exit exit = ChildJvm.onModulePath(LoadingMain.class)
                .withoutNativeAccess()
                .flags("--illegal-native-access=warn")
                .run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().startsWith("origin "), exit::toString);
        assertTrue(exit.err().contains("--enable-native-access=dev.quire"), exit::toString);
    }
}

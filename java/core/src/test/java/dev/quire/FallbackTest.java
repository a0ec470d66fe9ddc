package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.testing.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Files can be mapped where native access is denied, and where there is no library for the platform. */
class FallbackTest {
    @TempDir
    Path folder;

    @Test
    void nativeAccessDenied() throws Exception {
        ChildJvm child = ChildJvm.onModulePath(FallbackMain.class, folder.toString())
                .withoutNativeAccess()
                .flags("--illegal-native-access=deny");
        assertServes(child, "--enable-native-access=dev.quire");
    }

    @Test
    void noLibraryForThePlatform() throws Exception {
        assertServes(withoutLibrary(), "no native library for ");
    }

    private ChildJvm withoutLibrary() {
        return ChildJvm.onClassPath(FallbackMain.class, folder.toString())
                .flags("-Dos.arch=riscv64", "-Djava.library.path=" + folder);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aUserWhomPermissionsStop() throws Exception {
        ChildJvm child = withoutLibrary();
        if ("root".equals(System.getProperty("user.name"))) {
            child.under("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all");
        }
        assertServes(child, "denied");
    }

    private static void assertServes(ChildJvm child, String reason) throws IOException, InterruptedException {
        ChildJvm.Exit exit = child.run();
        assertEquals(0, exit.status(), exit::toString);
        assertTrue(exit.out().contains(reason), exit::toString);
    }
}

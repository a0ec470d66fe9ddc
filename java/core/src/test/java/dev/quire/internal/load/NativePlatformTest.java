package dev.quire.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativePlatformTest {
    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, META-INF/native/linux-x86_64/libquire.so",
        "Linux, aarch64, META-INF/native/linux-aarch64/libquire.so",
        "Mac OS X, x86_64, META-INF/native/macos-x86_64/libquire.dylib",
        "Mac OS X, aarch64, META-INF/native/macos-aarch64/libquire.dylib",
        "Windows 11, amd64, META-INF/native/windows-x86_64/quire.dll",
        "Windows Server 2022, aarch64, META-INF/native/windows-aarch64/quire.dll",
        "FreeBSD, riscv64, META-INF/native/freebsd-riscv64/libquire.so"
    })
    void namesTheResource(String osName, String osArch, String resource) {
        assertEquals(resource, NativePlatform.of(osName, osArch).resource());
    }

    @Test
    void theBuildBundlesThisOne() {
        String resource = "/" + NativePlatform.current().resource();
        assertNotNull(NativePlatformTest.class.getResource(resource), resource);
        assertNotNull(NativePlatformTest.class.getResource(resource + ".sha256"), resource + ".sha256");
    }
}

package dev.quire.internal.load;

import java.util.Locale;

/**
 * An operating system and a processor, in the words of the jar's folders.
 *
 * @param system {@code linux}, {@code macos}, {@code windows} or what the JVM calls it
 * @param architecture {@code x86_64}, {@code aarch64} or what the JVM calls it
 */
public record NativePlatform(String system, String architecture) {
    /** Where this JVM runs. */
    public static NativePlatform current() {
        return of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
    }

    static NativePlatform of(String osName, String osArch) {
        String name = osName.toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "macos" : name.startsWith("windows") ? "windows" : name;
        String architecture = switch (osArch) {
            case "amd64", "x64" -> "x86_64";
            case "arm64" -> "aarch64";
            default -> osArch;
        };
        return new NativePlatform(system, architecture);
    }

    /** Whether there may be a library for it. */
    boolean isOurs() {
        boolean known = system.equals("linux") || system.equals("macos") || system.equals("windows");
        return known && (architecture.equals("x86_64") || architecture.equals("aarch64"));
    }

    /** Whether the system is Linux. */
    public boolean isLinux() {
        return system.equals("linux");
    }

    public boolean isWindows() {
        return system.equals("windows");
    }

    /** The library's file name. */
    String libraryFile() {
        return switch (system) {
            case "windows" -> "quire.dll";
            case "macos" -> "libquire.dylib";
            default -> "libquire.so";
        };
    }

    /** The library's name in the jar. */
    String resource() {
        return "META-INF/native/" + this + "/" + libraryFile();
    }

    @Override
    public String toString() {
        return system + "-" + architecture;
    }
}

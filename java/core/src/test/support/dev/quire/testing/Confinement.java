package dev.quire.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Commands for {@link ChildJvm#under}: less privileges, smaller disks. Where they are not available the test is
 * skipped.
 */
public final class Confinement {
    private Confinement() {}

    /** Without what root may more than others; its files stay its own, so that the child can read its classes. */
    public static String[] withoutPrivileges() throws IOException, InterruptedException {
        if (!succeeds("sh", "-c", "test $(id -u) = 0")) {
            return new String[0];
        }
        String[] command = {"setpriv", "--inh-caps=-all", "--bounding-set=-all"};
        assumeTrue(succeeds(with(command, "true")), "cannot drop privileges: no setpriv");
        return command;
    }

    /** With a file system of its own in memory at a folder, seen by nobody else. */
    public static String[] withFileSystem(Path folder, String options) throws IOException, InterruptedException {
        String mount = "mount -t tmpfs -o " + options + " tmpfs '" + folder + "' && exec \"$@\"";
        String[] command = {"unshare", "--mount", "sh", "-c", mount, "sh"};
        assumeTrue(succeeds(with(command, "true")), "cannot mount a file system: not root, or not allowed to");
        return command;
    }

    /** Whether {@link #withFileSystem} works here. */
    public static boolean canMount() throws IOException, InterruptedException {
        return succeeds("unshare", "--mount", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /tmp");
    }

    /** With a limit of the shell: {@code -l 64} is 64 KiB of locked memory. */
    public static String[] withLimit(String limit) {
        return new String[] {"sh", "-c", "ulimit " + limit + " && exec \"$@\"", "sh"};
    }

    public static String[] with(String[] command, String... more) {
        String[] all = Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return all;
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false; // there is no such command here
        }
    }
}

package dev.quire.testing;

import dev.quire.hint.Hint;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Runs the {@code main} of a test class in a JVM of its own, which may die without harm: the same Java, this module's
 * classes and its tests, on the class path or on the module path.
 *
 * <pre>{@code
 * ChildJvm.Exit exit = ChildJvm.onModulePath(Main.class, "argument").flags("-Xint").run();
 * assertEquals(0, exit.status(), exit::toString);
 * }</pre>
 */
public final class ChildJvm {
    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final String MODULE = "dev.quire";

    /** Flags that every JVM needs where these tests run: see scripts/jvms. */
    private static final List<String> INHERITED =
            System.getProperty("quire.child.flags", "").isEmpty()
                    ? List.of()
                    : List.of(System.getProperty("quire.child.flags").split(" "));

    private final boolean modules;
    private final Class<?> main;
    private final List<String> arguments;
    private final List<String> wrapper = new ArrayList<>();
    private final List<String> flags = new ArrayList<>();
    private final List<Path> before = new ArrayList<>();
    private final Map<String, String> environment = new LinkedHashMap<>();
    private boolean nativeAccess = true;
    private Duration timeout = PATIENCE;
    private Path classes = classes();

    private ChildJvm(boolean modules, Class<?> main, String[] arguments) {
        this.modules = modules;
        this.main = main;
        this.arguments = List.of(arguments);
    }

    public static ChildJvm onClassPath(Class<?> main, String... arguments) {
        return new ChildJvm(false, main, arguments);
    }

    /** The tests are patched into the module. */
    public static ChildJvm onModulePath(Class<?> main, String... arguments) {
        return new ChildJvm(true, main, arguments);
    }

    public ChildJvm flags(String... more) {
        Collections.addAll(flags, more);
        return this;
    }

    /** A command that runs the rest of its arguments: {@code setpriv --reuid=1000}. */
    public ChildJvm under(String... command) {
        Collections.addAll(wrapper, command);
        return this;
    }

    /** A folder whose files hide the library's own of the same name. */
    public ChildJvm before(Path folder) {
        before.add(folder);
        return this;
    }

    /** A folder or jar instead of the library's compiled classes. */
    public ChildJvm library(Path folderOrJar) {
        classes = folderOrJar;
        return this;
    }

    /** An empty value removes the variable. */
    public ChildJvm environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Leaves the flags that give native access to {@link #flags}. */
    public ChildJvm withoutNativeAccess() {
        nativeAccess = false;
        return this;
    }

    public ChildJvm timeout(Duration limit) {
        timeout = limit;
        return this;
    }

    public Exit run() throws IOException, InterruptedException {
        return start().await();
    }

    public Running start() throws IOException {
        Path folder = Files.createTempDirectory("quire-child");
        ProcessBuilder builder = new ProcessBuilder(command(folder))
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        Map<String, String> variables = builder.environment();
        variables.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                variables.remove(name);
            } else {
                variables.put(name, value);
            }
        });
        return new Running(builder.start(), folder, timeout, main);
    }

    private List<String> command(Path folder) {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        Collections.addAll(command, "-XX:-CreateCoredumpOnCrash", "-XX:ErrorFile=" + folder.resolve("hs_err"));
        Collections.addAll(command, "-Dstdout.encoding=UTF-8", "-Dstderr.encoding=UTF-8");
        if (nativeAccess) {
            command.add("--enable-native-access=" + (modules ? MODULE : "ALL-UNNAMED"));
            command.add("--illegal-native-access=deny");
        }
        command.addAll(INHERITED);
        command.addAll(flags);
        command.addAll(modules ? modulePath() : classPath());
        command.addAll(arguments);
        return command;
    }

    private List<String> classPath() {
        List<Path> path = new ArrayList<>(before);
        Collections.addAll(path, folderOf(ChildJvm.class), classes);
        return List.of("--class-path", joined(path), main.getName());
    }

    private List<String> modulePath() {
        List<Path> patches = new ArrayList<>(before);
        patches.add(folderOf(ChildJvm.class));
        return List.of(
                "--module-path",
                classes.toString(),
                "--patch-module",
                MODULE + "=" + joined(patches),
                "--module",
                MODULE + "/" + main.getName());
    }

    private static String joined(List<Path> path) {
        return String.join(File.pathSeparator, path.stream().map(Path::toString).toList());
    }

    /** Where the library's classes were compiled to. */
    public static Path classes() {
        return folderOf(Hint.class);
    }

    /** The folder a class was compiled into, also where the module system has moved it into another module. */
    private static Path folderOf(Class<?> type) {
        String file = type.getName().replace('.', '/') + ".class";
        String location = Objects.requireNonNull(type.getResource("/" + file)).toString();
        try {
            return Path.of(new URI(location.substring(0, location.length() - file.length())));
        } catch (URISyntaxException e) {
            throw new IllegalStateException(location, e);
        }
    }

    /** A JVM under way. */
    public record Running(Process process, Path folder, Duration timeout, Class<?> main) {
        public Exit await() throws IOException, InterruptedException {
            boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            Exit exit = new Exit(process.exitValue(), text("out"), text("err"));
            removeFolder();
            if (!ended) {
                throw new AssertionError(main.getName() + " took more than " + timeout + ": " + exit);
            }
            return exit;
        }

        /** What it has written to standard output so far. */
        public String out() throws IOException {
            return text("out");
        }

        private String text(String name) throws IOException {
            return new String(Files.readAllBytes(folder.resolve(name)));
        }

        private void removeFolder() throws IOException, InterruptedException {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    remove(file);
                }
            }
            Files.delete(folder);
        }

        /** Windows may keep a file of a process for a moment longer than the process. */
        private static void remove(Path file) throws IOException, InterruptedException {
            for (int attempt = 1; ; attempt++) {
                try {
                    Files.delete(file);
                    return;
                } catch (FileSystemException e) {
                    if (attempt == 100) {
                        throw e;
                    }
                    Thread.sleep(20);
                }
            }
        }
    }

    /** How a JVM ended: its exit status (128 + signal where one killed it) and all it wrote. */
    public record Exit(int status, String out, String err) {}
}

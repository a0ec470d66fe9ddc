package dev.quire.internal.load;

import dev.quire.testing.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/** The library of this machine as the build put it beside the classes, and changed copies of it. */
public final class Bundled {
    private static final NativePlatform HERE = NativePlatform.current();

    private Bundled() {}

    public static byte[] bytes() throws IOException {
        return resource(HERE.resource());
    }

    static byte[] hash() throws IOException {
        return resource(HERE.resource() + ".sha256");
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream stream = Bundled.class.getResourceAsStream("/" + name)) {
            return Objects.requireNonNull(stream, name).readAllBytes();
        }
    }

    /** A folder that, in front of the library's own, bundles this content with its hash as built. */
    static Path replaced(Path folder, byte[] content, byte[] hash) throws IOException {
        Path file = folder.resolve(HERE.resource());
        Files.createDirectories(file.getParent());
        Files.write(file, content);
        Files.write(file.resolveSibling(file.getFileName() + ".sha256"), hash);
        return folder;
    }

    /** A library in a folder as {@code java.library.path} names them. */
    public static Path file(Path folder, byte[] content) throws IOException {
        return Files.write(Files.createDirectories(folder).resolve(HERE.libraryFile()), content);
    }

    /** The compiled classes without any bundled library. */
    static Path classesWithout(Path folder) throws IOException {
        Path classes = ChildJvm.classes();
        try (var files = Files.walk(classes)) {
            for (Path source :
                    files.filter(file -> file.toString().endsWith(".class")).toList()) {
                Path target = folder.resolve(classes.relativize(source).toString());
                Files.createDirectories(target.getParent());
                Files.copy(source, target);
            }
        }
        return folder;
    }

    /** An ELF or PE library that claims to be for the other of our architectures. */
    static byte[] otherArchitecture() throws IOException {
        byte[] copy = bytes();
        ByteBuffer headers = ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN);
        if (HERE.isWindows()) {
            int machine = headers.getInt(0x3c) + 4;
            headers.putShort(machine, (short) (headers.getShort(machine) == (short) 0x8664 ? 0xaa64 : 0x8664));
        } else {
            headers.putShort(18, (short) (headers.getShort(18) == 62 ? 183 : 62));
        }
        return copy;
    }

    /** A library that says it has another interface than the bindings. */
    public static byte[] ofAnotherInterface() throws IOException {
        byte[] copy = bytes();
        String text = new String(copy, StandardCharsets.ISO_8859_1);
        String mark = "quire binary interface ";
        copy[text.indexOf(mark) + mark.length()] = '0';
        return copy;
    }

    /** The compiled classes, and the library, as a jar. */
    static Path jar(Path jar) throws IOException {
        Path classes = ChildJvm.classes();
        try (var out = new JarOutputStream(Files.newOutputStream(jar));
                var files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(
                        new ZipEntry(classes.relativize(file).toString().replace('\\', '/')));
                Files.copy(file, out);
            }
        }
        return jar;
    }

    /** Compiles C with the compiler the build needs anyway. */
    public static Path compiled(Path folder, String name, String source, String... more) throws Exception {
        Path code = Files.writeString(folder.resolve(name + ".c"), source);
        Path library = folder.resolve(name);
        List<String> command =
                new ArrayList<>(List.of("cc", "-shared", "-fPIC", "-o", library.toString(), code.toString()));
        command.addAll(List.of(more));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        process.getInputStream().transferTo(said);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + ": " + said);
        }
        return library;
    }
}

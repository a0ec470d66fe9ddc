package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.ffi.QuireHeader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.AddressLayout;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What GraalVM's native-image is told of the downcalls is what the bindings make, no shape more or less. */
class NativeImageMetadataTest {
    private static final String METADATA = "/META-INF/native-image/dev.quire/quire/reachability-metadata.json";

    private static final Pattern SHAPE =
            Pattern.compile("\"returnType\": \"([^\"]*)\",\\s*\"parameterTypes\": \\[([^]]*)\\]");

    @Test
    void everyShapeOfDowncall() throws Exception {
        NativeLibrary.load(); // the descriptors' classes look their functions up
        TreeSet<String> made = new TreeSet<>();
        for (Method method : QuireHeader.class.getMethods()) {
            if (method.getName().endsWith("$descriptor")) {
                made.add(text((FunctionDescriptor) method.invoke(null)));
            }
        }
        TreeSet<String> told = new TreeSet<>();
        Matcher shape = SHAPE.matcher(metadata());
        while (shape.find()) {
            told.add(shape.group(1) + "(" + shape.group(2).replaceAll("[\"\\s]", "") + ")");
        }
        assertTrue(made.size() > 3, made::toString);
        assertEquals(made, told);
    }

    @Test
    void theLibrariesAreResources() throws IOException {
        assertTrue(metadata().contains("\"glob\": \"META-INF/native/**\""));
    }

    /** Version 1.2.0 of GraalVM's schema, as far as it is used here: these keys, and no other. */
    @Test
    void hasTheShapeOfTheSchema() throws IOException {
        String downcall = "\\{'returnType':'[^']+','parameterTypes':\\[('[^']+'(,'[^']+')*)?]}";
        String resource = "\\{'glob':'[^']+'(,'module':'[^']+')?}";
        String file = "\\{'foreign':\\{'downcalls':\\[" + list(downcall) + "]},'resources':\\[" + list(resource) + "]}";
        String text = metadata().replaceAll("\\s", "").replace('"', '\'');
        assertTrue(text.matches(file), text);
    }

    private static String list(String item) {
        return item + "(," + item + ")*";
    }

    private static String metadata() throws IOException {
        try (InputStream stream = NativeLibrary.class.getResourceAsStream(METADATA)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String text(FunctionDescriptor descriptor) {
        List<MemoryLayout> arguments = descriptor.argumentLayouts();
        String result =
                descriptor.returnLayout().map(NativeImageMetadataTest::word).orElse("void");
        return result
                + arguments.stream().map(NativeImageMetadataTest::word).collect(Collectors.joining(",", "(", ")"));
    }

    private static String word(MemoryLayout layout) {
        if (layout instanceof AddressLayout) {
            return "void*";
        }
        Class<?> carrier = ((ValueLayout) layout).carrier();
        return "j" + carrier.getName();
    }
}

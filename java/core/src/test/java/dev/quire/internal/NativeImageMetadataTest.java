package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.quire.internal.backing.NativeLibrary;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @Test
    void keepsTheRulesOfTheSchema() throws IOException {
        assertEquals(List.of(), complaints(metadata()));
    }

    /** What is wrong in one place each is found, so that silence of the validator means something. */
    @ParameterizedTest
    @CsvSource({
        "'\"returnType\"', '\"returns\"'",
        "'\"parameterTypes\": [\"jint\"]', '\"parameterTypes\": \"jint\"'",
        "'\"parameterTypes\": []', '\"parameterTypes\": [4]'",
        "'\"glob\"', '\"pattern\"'",
        "'\"module\": \"dev.quire\"', '\"module\": 1'",
        "'\"downcalls\"', '\"downCalls\"'",
        "'\"resources\"', '\"resource\"'"
    })
    void whatBreaksTheRulesIsFound(String right, String wrong) throws IOException {
        String damaged = metadata().replace(right, wrong);
        assertNotEquals(metadata(), damaged);
        assertNotEquals(List.of(), complaints(damaged));
    }

    private static List<String> complaints(String metadata) throws IOException {
        try (InputStream rules =
                NativeImageMetadataTest.class.getResourceAsStream("reachability-metadata-rules.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2019_09)
                    .getSchema(Objects.requireNonNull(rules), InputFormat.JSON)
                    .validate(metadata, InputFormat.JSON)
                    .stream()
                    .map(Object::toString)
                    .toList();
        }
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

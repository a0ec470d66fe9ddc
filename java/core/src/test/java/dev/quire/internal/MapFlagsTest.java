package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.internal.ffi.QuireHeader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import org.junit.jupiter.api.Test;

/** The numbers are those of the header. */
class MapFlagsTest {
    @Test
    void numbersOfTheHeader() throws Exception {
        int compared = 0;
        for (Field field : MapFlags.class.getDeclaredFields()) {
            if (Modifier.isPublic(field.getModifiers())) {
                assertEquals(headers(field.getName()), field.getInt(null), field.getName());
                compared++;
            }
        }
        assertTrue(compared >= 16, "too few numbers were compared: " + compared);
    }

    private static int headers(String name) throws ReflectiveOperationException {
        String kind = name.startsWith("ANONYMOUS") ? "KIND_" : "";
        return (int) QuireHeader.class.getMethod("QUIRE_" + kind + name).invoke(null);
    }
}

package dev.quire.agrona;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.Mapping;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method of Agrona's interface does over mapped memory what it does over Agrona's own: the same results, the same
 * refusals, the same bytes behind it, and the same in what it was given.
 */
class BufferContractTest {
    private static final int CAPACITY = 1024;
    private static final int CALLS = 200;

    private Mapping map;
    private PinnedBuffer mapped;
    private UnsafeBuffer own;

    @BeforeEach
    void open() throws Exception {
        map = Mapping.anonymous(CAPACITY);
        mapped = PinnedBuffer.of(map.bytes());
        own = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    }

    @AfterEach
    void close() {
        mapped.close();
        map.close();
    }

    /** Those that say where the bytes lie differ, and wrapping is refused. */
    static Stream<Method> methods() {
        return Arrays.stream(AtomicBuffer.class.getMethods())
                .filter(method -> !Modifier.isStatic(method.getModifiers()))
                .filter(method -> !method.getName().equals("wrap"))
                .filter(method -> !method.getName().matches("addressOffset|byteBuffer|wrapAdjustment"))
                .sorted(Comparator.comparing(Method::toString));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void doesWhatItDoesOverItsOwnMemory(Method method) throws Exception {
        int done = 0;
        byte[] expected = new byte[CAPACITY];
        for (int i = 0; i < CALLS; i++) {
            fill(i);
            Outcome here = call(method, mapped, i);
            Outcome there = call(method, own, i);
            assertEquals(there, here, "call " + i);
            done += here.failure().isEmpty() ? 1 : 0;
            own.getBytes(0, expected);
            assertArrayEquals(expected, map.bytes().toArray(), "call " + i);
        }
        assertTrue(done >= CALLS / 10, () -> "hardly ever succeeds: " + method);
    }

    /** Digits, or lengths of strings, or anything. */
    private void fill(int seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[CAPACITY];
        switch (seed % 3) {
            case 0 -> random.nextBytes(bytes);
            case 1 -> {
                for (int i = 0; i < CAPACITY; i++) {
                    bytes[i] = (byte) ('0' + random.nextInt(10));
                }
            }
            default -> {
                ByteBuffer lengths =
                        ByteBuffer.wrap(bytes).order(seed % 2 == 0 ? ByteOrder.nativeOrder() : ByteOrder.BIG_ENDIAN);
                for (int i = 0; i < CAPACITY; i += 16) {
                    lengths.putInt(i, random.nextInt(12))
                            .putInt(i + 4, 0x41424344)
                            .putInt(i + 8, 0x45464748);
                }
            }
        }
        map.bytes().copyFrom(0, bytes, 0, CAPACITY);
        own.putBytes(0, bytes);
    }

    /** What came back, what was thrown, and what stands in the arguments afterwards. */
    record Outcome(String result, String failure, String arguments) {}

    private static Outcome call(Method method, AtomicBuffer buffer, int seed) throws IllegalAccessException {
        Random random = new Random(seed);
        Object[] arguments = new Object[method.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = argument(method.getParameterTypes()[i], i, random);
        }
        try {
            Object result = method.invoke(buffer, arguments);
            return new Outcome(String.valueOf(result), "", text(arguments));
        } catch (InvocationTargetException e) {
            return new Outcome("", e.getCause().getClass().getName(), text(arguments));
        }
    }

    /** The first number is a place, of which some lie outside; those behind it are values or lengths. */
    private static Object argument(Class<?> type, int position, Random random) {
        if (type == int.class) {
            int place = random.nextInt(20) == 0
                    ? random.nextInt(2 * CAPACITY) - 500
                    : random.nextInt(CAPACITY / 16 - 6) * 16;
            return position == 0 ? place : random.nextInt(12);
        }
        return switch (type.getName()) {
            case "long" -> random.nextBoolean() ? random.nextLong() : (long) random.nextInt(1000);
            case "short" -> (short) random.nextInt();
            case "byte" -> (byte) random.nextInt();
            case "char" -> (char) random.nextInt(0x7f);
            case "float" -> random.nextFloat();
            case "double" -> random.nextDouble();
            case "[B" -> bytes(random);
            case "java.nio.ByteBuffer" -> ByteBuffer.wrap(bytes(random));
            case "java.nio.ByteOrder" -> random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
            case "java.lang.Appendable" -> new StringBuilder();
            case "java.lang.String", "java.lang.CharSequence" -> "t" + random.nextInt(1000);
            default -> buffer(type, random);
        };
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[40];
        random.nextBytes(bytes);
        return bytes;
    }

    private static Object buffer(Class<?> type, Random random) {
        assertTrue(type.isAssignableFrom(UnsafeBuffer.class), () -> "no argument for " + type);
        return new UnsafeBuffer(bytes(random));
    }

    private static String text(Object[] arguments) {
        StringBuilder text = new StringBuilder();
        for (Object argument : arguments) {
            text.append(
                    switch (argument) {
                        case byte[] bytes -> Arrays.toString(bytes);
                        case ByteBuffer bytes -> bytes + Arrays.toString(bytes.array());
                        case MutableDirectBuffer buffer -> Arrays.toString(buffer.byteArray());
                        case DirectBuffer buffer -> "";
                        default -> argument.toString();
                    });
        }
        return text.toString();
    }
}

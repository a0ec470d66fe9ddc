package dev.quire.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.ErrorCode;
import dev.quire.hint.Durability;
import dev.quire.hint.Healing;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.internal.backing.Failures;
import dev.quire.internal.backing.MapFlags;
import dev.quire.internal.backing.NativeLibrary;
import dev.quire.internal.ffi.QuireHeader;
import dev.quire.internal.load.Bundled;
import dev.quire.internal.load.BundledLibrary;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The words of Java and those of {@code quire.h} are the same ones. */
class CodesTest {
    /** Beyond every number of the list, with room for new ones. */
    private static final int NUMBERS = 1000;

    @BeforeAll
    static void load() throws Exception {
        NativeLibrary.load();
    }

    private static int constant(String name) throws ReflectiveOperationException {
        return (Integer) QuireHeader.class.getMethod("QUIRE_" + name).invoke(null);
    }

    private static String name(int number) {
        return QuireHeader.quire_code_name(number).getString(0);
    }

    private static String sentence(int number) {
        return QuireHeader.quire_code_sentence(number).getString(0);
    }

    @ParameterizedTest
    @EnumSource
    void everyStateOfHealingHasItsNumber(Healing healing) throws Exception {
        assertEquals(constant("HEALING_" + healing.name()), healing.ordinal());
        assertEquals(3, constant("HEALING_UNAVAILABLE"), "there may be another one");
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeHasNumberNameAndSentence(ErrorCode code) throws Exception {
        assertEquals(constant("E_" + code.name()), code.number());
        assertEquals(code.name(), name(code.number()));
        assertFalse(sentence(code.number()).isBlank());
        assertFalse(sentence(code.number()).endsWith("."), "the sentence is part of a longer one");
        assertEquals(code, ErrorCode.of(code.number()));
    }

    @Test
    void everyNumberOfTheLibraryHasACode() {
        Set<String> sentences = new HashSet<>();
        int known = 0;
        for (int number = 1; number < NUMBERS; number++) {
            assertEquals(name(number), ErrorCode.of(number).name(), "number " + number);
            if (ErrorCode.of(number).number() == number) {
                known++;
                sentences.add(sentence(number));
            }
        }
        assertEquals(ErrorCode.values().length, known);
        assertEquals(known, sentences.size(), "no two codes say the same");
    }

    @Test
    void successIsNoError() {
        assertEquals(0, QuireHeader.QUIRE_OK());
        assertNotEquals(0, ErrorCode.of(0).number());
    }

    @ParameterizedTest
    @EnumSource
    void advice(Hint hint) throws Exception {
        assertEquals(constant(hint.name()), hint.ordinal());
    }

    @ParameterizedTest
    @EnumSource
    void answer(HintResult answer) throws Exception {
        String name = answer == HintResult.UNSUPPORTED ? "NOT_OFFERED" : answer.name();
        assertEquals(constant(name), answer.ordinal());
    }

    @ParameterizedTest
    @EnumSource
    void durability(Durability durability) throws Exception {
        assertEquals(constant("FLUSH_" + durability.name()), durability.ordinal());
    }

    @ParameterizedTest
    @EnumSource
    void capability(Capability capability) throws Exception {
        assertEquals(constant("CAN_" + capability.name()), 1 << capability.ordinal());
    }

    @Test
    void mapFlags() throws Exception {
        for (Field flag : MapFlags.class.getFields()) {
            assertEquals(constant(flag.getName()), flag.getInt(null), flag.getName());
        }
    }

    @ParameterizedTest
    @EnumSource
    void notKept(OutputFile.NotKept one) throws Exception {
        assertEquals(constant("NOT_KEPT_" + one.name()), 1 << one.ordinal());
    }

    @Test
    void success() {
        assertEquals(QuireHeader.QUIRE_OK(), Failures.OK);
    }

    @Test
    void theInterfaceThatALibraryIsLookedThroughFor() throws Exception {
        assertEquals(QuireHeader.QUIRE_ABI_VERSION(), BundledLibrary.ABI);
        assertTrue(BundledLibrary.hasMark(Bundled.bytes()));
        assertFalse(BundledLibrary.hasMark(Bundled.ofAnotherInterface()));
    }
}

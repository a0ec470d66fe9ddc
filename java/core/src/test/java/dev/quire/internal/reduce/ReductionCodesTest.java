package dev.quire.internal.reduce;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.quire.internal.ffi.QuireHeader;
import org.junit.jupiter.api.Test;

class ReductionCodesTest {
    @Test
    void wordsAreThoseOfTheHeader() {
        assertArrayEquals(
                new int[] {
                    QuireHeader.QUIRE_REDUCE_SUM(),
                    QuireHeader.QUIRE_REDUCE_EXTREMES(),
                    QuireHeader.QUIRE_REDUCE_ALL(),
                    QuireHeader.QUIRE_REDUCE_DEVIATIONS()
                },
                new int[] {
                    Statistics.SUM.code(),
                    Statistics.EXTREMES.code(),
                    Statistics.ALL.code(),
                    Statistics.DEVIATIONS.code()
                });
    }

    @Test
    void areThoseOfTheHeader() {
        assertArrayEquals(
                new int[] {
                    QuireHeader.QUIRE_F4(),
                    QuireHeader.QUIRE_F8(),
                    QuireHeader.QUIRE_I1(),
                    QuireHeader.QUIRE_U1(),
                    QuireHeader.QUIRE_F2(),
                    QuireHeader.QUIRE_B1(),
                    QuireHeader.QUIRE_BF2(),
                    QuireHeader.QUIRE_SPECIAL_NONE(),
                    QuireHeader.QUIRE_SPECIAL_POSITIVE(),
                    QuireHeader.QUIRE_SPECIAL_NEGATIVE(),
                    QuireHeader.QUIRE_SPECIAL_NAN()
                },
                new int[] {
                    Codes.F4,
                    Codes.F8,
                    Codes.I1,
                    Codes.U1,
                    Codes.F2,
                    Codes.B1,
                    Codes.BF2,
                    Codes.SPECIAL_NONE,
                    Codes.SPECIAL_POSITIVE,
                    Codes.SPECIAL_NEGATIVE,
                    Codes.SPECIAL_NAN
                });
    }
}

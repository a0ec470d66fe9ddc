package dev.quire.cli;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, as people write it: {@code 4096}, {@code 64KiB}, {@code 1.5 GiB}, {@code 2GB}. {@code K} alone is
 * 1,024, as for {@code dd} and {@code ls}.
 *
 * @param bytes 0 or more
 */
record ByteCount(long bytes) {
    private static final Pattern FORM = Pattern.compile("(\\d+(?:\\.\\d+)?) ?(?:([kmgt])(i?b)?|b)?");

    static ByteCount parse(String text) {
        Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a number of bytes; write 4096, 64KiB or 1.5GiB");
        }
        BigDecimal bytes = new BigDecimal(form.group(1)).multiply(unit(form.group(2), form.group(3)));
        try {
            return new ByteCount(bytes.longValueExact());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is not a whole number of bytes below 2^63", e);
        }
    }

    private static BigDecimal unit(String letter, String ending) {
        int power = letter == null ? 0 : "kmgt".indexOf(letter) + 1;
        return BigDecimal.valueOf("b".equals(ending) ? 1000 : 1024).pow(power);
    }
}

package dev.quire.cli;

import java.util.Locale;

/** Numbers for people. */
final class Text {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Text() {}

    /** With commas between thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A count and what is counted. */
    static String count(long number, String thing) {
        return count(number) + " " + thing + (number == 1 ? "" : "s");
    }

    /** Bytes in the largest unit that leaves a whole part: {@code 1.5 GiB}; whole units without a fraction. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return count(bytes, "byte");
        }
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        double size = (double) bytes / (1L << (unit * 10));
        boolean whole = bytes % (1L << (unit * 10)) == 0;
        return String.format(Locale.ROOT, whole ? "%.0f %s" : "%.1f %s", size, UNITS[unit - 1]);
    }

    /** A duration in the unit that fits it. */
    static String seconds(double seconds) {
        if (seconds < 1e-3) {
            return String.format(Locale.ROOT, "%.0f us", seconds * 1e6);
        }
        return seconds < 1
                ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }

    /** Bytes for each second, in decimal units as disks and memory are sold. */
    static String rate(long bytes, double seconds) {
        double perSecond = bytes / Math.max(seconds, 1e-9);
        return perSecond < 1e9
                ? String.format(Locale.ROOT, "%.0f MB/s", perSecond / 1e6)
                : String.format(Locale.ROOT, "%.1f GB/s", perSecond / 1e9);
    }

    /** A share of a whole. */
    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f%%", whole == 0 ? 100 : 100.0 * part / whole);
    }

    /** The text without what would control a terminal: names in files may have anything in them. */
    static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            boolean controls = (Character.isISOControl(c) && c != '\t')
                    || Character.getType(c) == Character.FORMAT
                    || c == 0x2028
                    || c == 0x2029
                    || Character.getType(c) == Character.SURROGATE;
            if (FileArgument.isByte(c)) {
                shown.append(String.format(Locale.ROOT, "\\x%02x", c & 0xff));
            } else if (controls) {
                shown.append(String.format(Locale.ROOT, c < 0x100 ? "\\x%02x" : "\\u%04x", c));
            } else {
                shown.appendCodePoint(c);
            }
        });
        return shown.toString();
    }
}

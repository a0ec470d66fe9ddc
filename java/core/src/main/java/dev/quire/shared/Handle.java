package dev.quire.shared;

/**
 * Memory of another process, as a short text: {@code q1-PID-NUMBER-GENERATION}.
 *
 * @param process who has it open
 * @param number its descriptor there
 * @param generation of the memory: whatever else the process has under that number by now is refused
 */
record Handle(long process, long number, long generation) {
    private static final String PREFIX = "q1";

    /** Reads what {@link #toString} writes. */
    static Handle parse(String text) {
        String[] parts = text.split("-", -1);
        if (parts.length == 4 && parts[0].equals(PREFIX)) {
            try {
                Handle handle = new Handle(
                        Long.parseLong(parts[1]),
                        Long.parseLong(parts[2]),
                        Long.parseLong(parts[3], Character.MAX_RADIX));
                if (handle.generation > 0) {
                    return handle;
                }
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(complaint(text), e);
            }
        }
        throw new IllegalArgumentException(complaint(text));
    }

    private static String complaint(String text) {
        return "not a handle of shared memory: \"" + text + "\"; one looks like q1-4711-12-h3k2j1";
    }

    @Override
    public String toString() {
        return PREFIX + "-" + process + "-" + number + "-" + Long.toString(generation, Character.MAX_RADIX);
    }
}

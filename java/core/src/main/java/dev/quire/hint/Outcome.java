package dev.quire.hint;

/**
 * The answer to a request about pages.
 *
 * @param result what was done
 * @param bytes how many bytes it took effect on: whole pages, so it can exceed the range asked for
 */
public record Outcome(HintResult result, long bytes) {
    /** Whether the request had the effect asked for on the whole range, in whichever way. */
    public boolean isComplete() {
        return result == HintResult.APPLIED || result == HintResult.EMULATED;
    }

    @Override
    public String toString() {
        return result + " (" + bytes + " bytes)";
    }
}

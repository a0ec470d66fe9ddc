package dev.quire.advice;

/**
 * The answer to a request about pages.
 *
 * @param answer what was done
 * @param bytes how many bytes it took effect on: whole pages, so it can exceed the range asked for
 */
public record Outcome(Answer answer, long bytes) {
    /** Whether the request had the effect asked for on the whole range, in whichever way. */
    public boolean isComplete() {
        return answer == Answer.APPLIED || answer == Answer.EMULATED;
    }

    @Override
    public String toString() {
        return answer + " (" + bytes + " bytes)";
    }
}

package dev.quire.hint;

/** What the platform did with a hint or another request about pages. */
public enum HintResult {
    /** The operating system took it for the whole range. */
    APPLIED,
    /** It took effect on part of the range: {@link Outcome#bytes()} says how much. */
    PARTIAL,
    /** Something else with the same purpose was done. */
    EMULATED,
    /** This memory or its state makes it meaningless; nothing was done. */
    IGNORED,
    /** The platform does not have it; nothing was done. */
    UNSUPPORTED
}

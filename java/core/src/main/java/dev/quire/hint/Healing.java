package dev.quire.hint;

/**
 * What becomes of an access to a mapped page that its file does not have any more, in this process now, in the order of
 * the C layer's numbers.
 *
 * @see SystemFacts#healing()
 */
public enum Healing {
    /** The virtual machine deals with it: {@code -Ddev.quire.heal=false} was given. */
    OFF,
    /** It reads zeros, and the mapping knows which bytes are lost. */
    ON,
    /**
     * It reads zeros as long as the handler of SIGBUS that somebody else installed after Quire's passes signals on: a
     * crash reporter, for example. Quire has put itself in front eight times and does so no more.
     */
    COVERED,
    /**
     * The virtual machine deals with it: Windows, or files are mapped by the JDK alone, or no handler could be
     * installed.
     */
    UNAVAILABLE
}

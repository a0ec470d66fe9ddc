package dev.quire.shared;

/** What can be taken away from anonymous shared memory for good, in every process (Linux). */
public enum Seal {
    /** It cannot get shorter: no access can fault. */
    SHRINK(1),
    /** It cannot get longer. */
    GROW(2),
    /** It cannot be written; refused with {@code FILE_BUSY} while anybody else has it mapped for writing. */
    WRITE(4),
    /** It cannot be mapped for writing any more; who has it mapped so already goes on writing. */
    FUTURE_WRITE(8),
    /** No further seals. */
    SEAL(16);

    /** In {@code enum quire_seal}. */
    final int bit;

    Seal(int bit) {
        this.bit = bit;
    }
}

package dev.quire.torture;

import dev.quire.FaultOperations;

/**
 * The model of files: which bytes are legal where. A steady file has one content, and its bytes are that or reported as
 * lost. A wild file has a few versions, mixed by many writers, and holes.
 */
final class Versions {
    static final int COUNT = 3;

    private Versions() {}

    /** A byte of a version of a wild file; never zero. */
    static byte at(long seed, long offset, int version) {
        long mixed = (seed * 31 + offset + 1) * 0x9E3779B97F4A7C15L;
        return (byte) (1 + (mixed >>> 33) % 80 + 80L * version);
    }

    static byte[] content(long seed, long offset, int length, int version) {
        byte[] content = new byte[length];
        for (int i = 0; i < length; i++) {
            content[i] = at(seed, offset + i, version);
        }
        return content;
    }

    /** Fails unless every byte is one of a version, or zero: cut, punched, or new. */
    static void check(long seed, long offset, byte[] found) {
        for (int i = 0; i < found.length; i++) {
            boolean legal = found[i] == 0;
            for (int version = 0; version < COUNT && !legal; version++) {
                legal = found[i] == at(seed, offset + i, version);
            }
            if (!legal) {
                throw new AssertionError("byte " + (offset + i) + " is " + found[i] + ", which no version has there");
            }
        }
    }

    /** What a steady file has, or zeros, which single accesses read where bytes are lost. */
    static void checkSteadyOrLost(long offset, byte[] found) {
        for (int i = 0; i < found.length; i++) {
            if (found[i] != 0 && found[i] != FaultOperations.at(offset + i)) {
                throw new AssertionError("byte " + (offset + i) + " is " + found[i] + ", which was never there");
            }
        }
    }
}

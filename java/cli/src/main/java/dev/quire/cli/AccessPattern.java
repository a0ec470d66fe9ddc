package dev.quire.cli;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;

/** In which order a program reads its file, and the policies that may suit it. The simplest comes first. */
enum AccessPattern {
    /** From the beginning to the end. */
    SEQUENTIAL,

    /** Records anywhere. */
    RANDOM {
        @Override
        long[] offsets(long bytes) {
            return new Random(1)
                    .longs(MOST_RECORDS, 0, bytes / RECORD_BYTES)
                    .map(record -> record * RECORD_BYTES)
                    .toArray();
        }
    },

    /** One record in sixteen, from the beginning to the end: a column of a table, a plane of a volume. */
    STRIDED {
        @Override
        long[] offsets(long bytes) {
            long stride = 16L * RECORD_BYTES;
            return LongStream.range(0, Math.min(MOST_RECORDS, bytes / stride))
                    .map(record -> record * stride)
                    .toArray();
        }
    };

    /** What a page has on most machines, so that every record is a request of its own. */
    static final int RECORD_BYTES = 4 << 10;

    /** What a disk reads in a second or two. */
    private static final int MOST_RECORDS = 20_000;

    List<Policy> policies() {
        return this == SEQUENTIAL ? Policy.FOR_ALL : Policy.FOR_RECORDS;
    }

    /** Where the records lie in so many bytes; none if all bytes are read. */
    long[] offsets(long bytes) {
        return new long[0];
    }

    /** Less cannot be read in this order. */
    long leastBytes() {
        return this == STRIDED ? 16L * RECORD_BYTES : RECORD_BYTES;
    }
}

package dev.quire.jcstress;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** Words of one file that is mapped twice, for tests of what is written to memory that stays mapped. */
final class Words {
    /** Far more than jcstress keeps states at a time: some hundred for each thread. */
    private static final int PLACES = 1 << 16;

    /** Of a place: room for two words, of whatever type, that do not share a cache line. */
    private static final int PLACE_BYTES = 256;

    /** The index of an element of 32 or 64 bits that is not in the cache line of the first one. */
    static final int FAR = 16;

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final Path FILE = file();
    private static final Mapping HERE = map();
    private static final Mapping THERE = map();

    static {
        try {
            Files.delete(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Words() {}

    /** A number of a place that no other state has now; its bytes are zero. */
    static int place() {
        int place = NEXT.getAndIncrement() & (PLACES - 1);
        here(place).fill((byte) 0);
        return place;
    }

    /** The place in the one mapping. */
    static ByteSlice here(int place) {
        return HERE.bytes().slice((long) place * PLACE_BYTES, PLACE_BYTES);
    }

    /** The place in the other mapping: the same memory at another address. */
    static ByteSlice there(int place) {
        return THERE.bytes().slice((long) place * PLACE_BYTES, PLACE_BYTES);
    }

    private static Path file() {
        try {
            Path file = Files.createTempFile("quire-jcstress", "");
            Files.write(file, new byte[PLACES * PLACE_BYTES]);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Mapping map() {
        try {
            return Mapping.open(FILE, MapMode.READ_WRITE, Lifetime.SHARED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

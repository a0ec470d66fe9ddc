package dev.quire;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.quire.error.MemoryFaultException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.testing.Pattern;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Something done to memory whose bytes may be gone.
 *
 * @param promise what may come of it
 * @param mostWarmups how often it needs to be made for its loops to be compiled, at most
 */
record FaultAttempt(String name, MapMode mode, Promise promise, int mostWarmups, Body body) {
    FaultAttempt(String name, MapMode mode, Promise promise, Body body) {
        this(name, mode, promise, Integer.MAX_VALUE, body);
    }

    enum Promise {
        /** The fault exception, each time, and nothing later. */
        FAULT,
        /** It returns: nothing is read or stored, and what was done for pages that are not there is in the answer. */
        RETURN,
        /**
         * An error where the file is too short; it returns on a full disk, where nothing was stored that could be
         * lost.
         */
        REFUSAL,
        /**
         * It returns, and has read zeros. Where HotSpot deals with faults, no more than that the virtual machine lives.
         */
        ZEROS
    }

    /** Whether it is Java code that gets compiled, and not a call of the system. */
    boolean isHot() {
        return (promise != Promise.RETURN && promise != Promise.REFUSAL) || name.startsWith("element");
    }

    interface Body {
        void on(FaultTarget target) throws Exception;
    }

    /** Keeps results in use. */
    static volatile long sink;

    private static final int[] BYTE_TABLE = new int[1 << 8];
    private static final int[] SHORT_TABLE = new int[1 << 16];

    static final List<FaultAttempt> ALL = all();

    private static List<FaultAttempt> all() {
        List<FaultAttempt> all = new ArrayList<>();
        elements(all);
        tables(all);
        guarded(all);
        bulk(all);
        all.addAll(FaultSliceAttempts.all());
        all.addAll(FaultScanAttempts.all());
        pages(all);
        return List.copyOf(all);
    }

    private static void add(List<FaultAttempt> all, String name, MapMode mode, Promise promise, Body body) {
        all.add(new FaultAttempt(name, mode, promise, body));
    }

    private static void elements(List<FaultAttempt> all) {
        Promise lives = Promise.ZEROS;
        add(
                all,
                "get",
                MapMode.READ_ONLY,
                lives,
                target -> sink += target.bytes().get(target.size() - 1));
        add(all, "get-loop", MapMode.READ_ONLY, lives, target -> sink += sum(target));
        add(all, "set", MapMode.READ_WRITE, lives, target -> target.bytes().set(target.size() - 1, (byte) 1));
        add(all, "set-loop", MapMode.READ_WRITE, lives, FaultAttempt::setAll);
        add(all, "set-private", MapMode.COPY_ON_WRITE, lives, FaultAttempt::setAll);
        add(all, "long-loop", MapMode.READ_ONLY, lives, target -> {
            long sum = 0;
            for (long i = 0; i < target.map().longs().length(); i++) {
                sum += target.map().longs().get(i);
            }
            sink += sum;
        });
        add(all, "segment-loop", MapMode.READ_ONLY, lives, target -> {
            MemorySegment segment = target.segment();
            long sum = 0;
            for (long at = 0; at + 8 <= segment.byteSize(); at += 8) {
                sum += segment.get(JAVA_LONG_UNALIGNED, at);
            }
            sink += sum;
        });
        add(
                all,
                "segment-to-array",
                MapMode.READ_ONLY,
                lives,
                target -> sink += target.segment().toArray(JAVA_BYTE)[7]);
        add(all, "buffer-loop", MapMode.READ_ONLY, lives, target -> {
            var buffer = target.segment().asByteBuffer();
            long sum = 0;
            for (int i = 0; i < buffer.limit(); i++) {
                sum += buffer.get(i);
            }
            sink += sum;
        });
    }

    /**
     * HotSpot goes on behind an instruction that faults: its target register keeps what it held. Where the compiler
     * relies on the range of the type, a byte of a million would index far outside a table of 256.
     */
    private static void tables(List<FaultAttempt> all) {
        add(all, "table-of-bytes", MapMode.READ_ONLY, Promise.ZEROS, target -> {
            for (int i = 0; i < target.size(); i++) {
                sink += BYTE_TABLE[target.bytes().get(i) & 0xFF];
            }
        });
        add(all, "table-of-shorts", MapMode.READ_ONLY, Promise.ZEROS, target -> {
            for (int i = 0; i < target.size() / 2; i++) {
                sink += SHORT_TABLE[target.map().shorts().get(i) & 0xFFFF];
            }
        });
        add(all, "table-of-ints", MapMode.READ_ONLY, Promise.ZEROS, target -> {
            for (int i = 0; i < target.size() / 4; i++) {
                int value = target.map().ints().get(i);
                if (value >= 0 && value < SHORT_TABLE.length) {
                    sink += SHORT_TABLE[value];
                }
            }
        });
        add(all, "guarded-box", MapMode.READ_ONLY, Promise.FAULT, target -> {
            Object box = target.map().guarded(() -> (Object) target.bytes().get(target.size() - 1));
            sink += box.hashCode();
        });
    }

    private static long sum(FaultTarget target) {
        long sum = 0;
        for (int i = 0; i < target.size(); i++) {
            sum += target.bytes().get(i);
        }
        return sum;
    }

    private static void setAll(FaultTarget target) {
        for (int i = 0; i < target.size(); i++) {
            target.bytes().set(i, (byte) i);
        }
    }

    private static void guarded(List<FaultAttempt> all) {
        add(all, "guarded-get", MapMode.READ_ONLY, Promise.FAULT, target -> {
            sink += target.map().guarded(() -> target.bytes().get(target.size() - 1));
        });
        add(all, "guarded-get-loop", MapMode.READ_ONLY, Promise.FAULT, target -> {
            sink += target.map().guarded(() -> sum(target));
        });
        add(
                all,
                "guarded-check",
                MapMode.READ_ONLY,
                Promise.FAULT,
                target -> target.map().guarded(() -> {
                    int last = target.size() - 1;
                    if (target.bytes().get(last) != Pattern.at(last)) {
                        throw new IllegalStateException("damaged");
                    }
                }));
        add(all, "guarded-set", MapMode.READ_WRITE, Promise.FAULT, target -> {
            target.map().guarded(() -> target.bytes().set(target.size() - 1, (byte) 1));
        });
        add(all, "guarded-set-loop", MapMode.COPY_ON_WRITE, Promise.FAULT, target -> {
            target.map().guarded(() -> setAll(target));
        });
    }

    private static void bulk(List<FaultAttempt> all) {
        byte[] room = new byte[FaultMain.SIZE];
        Promise fault = Promise.FAULT;
        add(all, "copy-to-bytes", MapMode.READ_ONLY, fault, target -> {
            target.bytes().copyTo(0, room, 0, target.size());
            sink += room[9];
        });
        add(all, "copy-to-a-byte", MapMode.READ_ONLY, fault, target -> {
            target.bytes().copyTo(target.size() - 1, room, 0, 1);
            sink += room[0];
        });
        add(
                all,
                "copy-from-bytes",
                MapMode.READ_WRITE,
                fault,
                target -> target.bytes().copyFrom(0, room, 0, target.size()));
        add(
                all,
                "copy-from-bytes-private",
                MapMode.COPY_ON_WRITE,
                fault,
                target -> target.bytes().copyFrom(0, room, 0, target.size()));
    }

    private static void pages(List<FaultAttempt> all) {
        Promise answer = Promise.RETURN;
        add(
                all,
                "populate",
                MapMode.READ_ONLY,
                Promise.FAULT,
                target -> target.map().populate());
        add(
                all,
                "populate-for-writing",
                MapMode.READ_WRITE,
                Promise.FAULT,
                target -> target.map().populateForWriting(0, target.size()));
        add(
                all,
                "flush",
                MapMode.READ_WRITE,
                Promise.REFUSAL,
                target -> target.map().flush());
        add(all, "evict", MapMode.READ_WRITE, answer, target -> target.map().evict());
        add(all, "discard", MapMode.READ_WRITE, answer, target -> target.map().discard(0, target.size()));
        add(
                all,
                "residency",
                MapMode.READ_ONLY,
                answer,
                target -> sink += target.map().residency().residentPages());
        add(all, "lock", MapMode.READ_ONLY, Promise.FAULT, target -> {
            target.map().lock();
            target.map().unlock();
        });
        add(
                all,
                "prefetch",
                MapMode.READ_ONLY,
                answer,
                target -> target.map()
                        .prefetch(List.of(new ByteRange(0, target.size()), new ByteRange(target.size() - 1, 1))));
        for (Hint hint : Hint.values()) {
            add(
                    all,
                    "advise-" + hint,
                    MapMode.READ_WRITE,
                    answer,
                    target -> target.map().advise(hint));
        }
        add(all, "protect", MapMode.READ_WRITE, answer, target -> {
            target.map().protect(true);
            target.map().protect(false);
        });
        add(all, "resize", MapMode.READ_WRITE, answer, target -> target.map().resize(target.size()));
        add(all, "element-loop-then-healthy-copy", MapMode.READ_ONLY, Promise.RETURN, FaultAttempt::twoFiles);
    }

    /** A fault of one file that is still under way must not spoil what is read from another. */
    private static void twoFiles(FaultTarget target) {
        byte[] copy = new byte[1_000];
        try {
            sink += sum(target);
        } catch (InternalError e) {
            sink++;
        }
        try {
            target.healthy().bytes().copyTo(0, copy, 0, copy.length);
        } catch (MemoryFaultException e) {
            if (!"false".equals(System.getProperty("dev.quire.heal"))) {
                throw new AssertionError("blames the wrong file: " + e.getMessage());
            }
            return;
        }
        if (!Arrays.equals(copy, Pattern.bytes(0, copy.length))) {
            throw new AssertionError("garbage");
        }
    }
}

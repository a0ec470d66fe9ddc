package dev.quire.shared;

import dev.quire.MapMode;
import dev.quire.error.MappingException;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.slice.ByteSlice;
import dev.quire.slice.LongSlice;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Arrays;

/** The other process of the tests. */
final class SharedMain {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private SharedMain() {}

    public static void main(String[] args) throws Exception {
        String name = args[1];
        switch (args[0]) {
            case "answer" -> answer(SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE), args[2]);
            case "answer-handle" -> answer(SharedMemory.attach(name, MapMode.READ_WRITE, PATIENCE), args[2]);
            case "mismatch" -> System.out.println(code(() -> SharedMemory.openOrCreate(name, 7, PATIENCE)));
            case "late" ->
                System.out.println(code(() -> SharedMemory.open(name, MapMode.READ_WRITE, Duration.ofMillis(100))));
            case "sealed" -> sealed(name);
            case "identity" -> identity();
            case "count" -> count(name, Long.parseLong(args[2]));
            case "die-empty" -> {
                Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096);
                Runtime.getRuntime().halt(9);
            }
            case "die-begun" -> {
                Region region = Region.ofNewSegment(Creation.subject(name), Creation.systemName(name), 4096);
                ByteSlice head = SliceDoor.bytes(region, region.view(Arena.global()), 0);
                SegmentHeader.begin(head, ProcessIdentity.current());
                Runtime.getRuntime().halt(9);
            }
            case "die-complete" -> {
                SharedMemory.create(name, 100);
                Runtime.getRuntime().halt(9);
            }
            case "die-kept" -> {
                SharedMemory.create(name, 100).keep();
                Runtime.getRuntime().halt(9);
            }
            case "limit" -> limit(name, Long.parseLong(args[2]));
            case "truncate" -> TruncatedMain.main(name);
            case "record" -> record(name, Integer.parseInt(args[2]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private interface Attempt {
        SharedMemory open() throws MappingException;
    }

    private static String code(Attempt attempt) {
        try (SharedMemory memory = attempt.open()) {
            return "there are " + memory.bytes().length();
        } catch (MappingException e) {
            return e.code().name();
        }
    }

    /** Sees 42 in the first element, and lets the others see 7 in its own. */
    private static void answer(SharedMemory memory, String own) {
        LongSlice words = memory.bytes().longs();
        while (words.getAcquire(0) != 42) {
            Thread.yield();
        }
        words.setRelease(Integer.parseInt(own), 7);
        memory.close();
    }

    /** Proves that nobody can change the memory, which is all sevens, and tries to. */
    private static void sealed(String handle) throws MappingException {
        String written = code(() -> SharedMemory.attach(handle, MapMode.READ_WRITE, PATIENCE));
        Handle of = Handle.parse(handle);
        String cut;
        try (RandomAccessFile file = new RandomAccessFile("/proc/" + of.process() + "/fd/" + of.number(), "rw")) {
            file.setLength(0);
            cut = "cut";
        } catch (IOException e) {
            cut = "whole";
        }
        try (SharedMemory memory = SharedMemory.attach(handle, MapMode.READ_ONLY, PATIENCE)) {
            System.out.println(memory.seals() + " " + written + " " + cut + " "
                    + Arrays.toString(memory.bytes().toArray()));
        }
    }

    private static void identity() {
        ProcessIdentity current = ProcessIdentity.current();
        System.out.println(current.isAlive() + " " + Long.signum(current.start()) + " "
                + new ProcessIdentity(1 << 23, 7).isAlive());
    }

    private static void count(String name, long times) throws MappingException {
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE)) {
            LongSlice words = memory.bytes().longs();
            for (long i = 0; i < times; i++) {
                words.getAndAdd(0, 1);
            }
        }
    }

    private static void limit(String name, long bytes) {
        String named = code(() -> SharedMemory.create(name, bytes));
        System.out.println(named + " " + code(() -> SharedMemory.anonymous(bytes)));
    }

    /** Message n: n, then n % 600 bytes that follow from it. */
    static byte[] message(long number) {
        byte[] message = new byte[8 + (int) (number % 600)];
        Arrays.fill(message, (byte) (number * 31));
        MemorySegment.ofArray(message).set(ValueLayout.JAVA_LONG_UNALIGNED, 0, number);
        return message;
    }

    /** Writes records whose bytes are all alike. */
    private static void record(String name, int rounds) throws MappingException {
        try (SharedMemory memory = SharedMemory.open(name, MapMode.READ_WRITE, PATIENCE)) {
            SequenceLock lock = new SequenceLock(memory.bytes(), WaitStrategy.PARK);
            byte[] value = new byte[lock.recordBytes()];
            for (int i = 0; i < rounds; i++) {
                Arrays.fill(value, (byte) i);
                lock.write(value);
            }
        }
    }
}

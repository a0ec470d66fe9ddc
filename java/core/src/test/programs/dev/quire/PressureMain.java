package dev.quire;

import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.shared.Seal;
import dev.quire.shared.SharedMemory;
import dev.quire.slice.ByteSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Changes and other calls of a mapping when the heap is full or the stack at its end: afterwards the mapping has to be
 * as before, or changed, or closed, and to close. Takes {@code heap} or {@code stack}, and an operation.
 */
public final class PressureMain {
    private static final int SMALL = 1 << 20;
    private static final long LARGE = 4 << 20;

    /** Calls near the end of the stack, from the last frame on. */
    private static final int DEPTHS = 60;

    private static final Set<String> ON_FILES = Set.of("populate", "residency", "prefetch", "lock", "flush", "evict");

    private static byte[][] heap = new byte[0][];

    private static Path file = Path.of("");

    private PressureMain() {}

    /** Memory of some kind, and an operation that may fail half way. */
    private interface Subject extends AutoCloseable {
        void run() throws Exception;

        ByteSlice bytes();

        @Override
        void close();
    }

    private interface Pressure {
        void run(Subject subject) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        String operation = arguments[1];
        file = Files.createTempFile("pressure", ".bin");
        file.toFile().deleteOnExit();
        Files.write(file, new byte[SMALL]);
        for (int i = 0; i < 3; i++) {
            tried(operation, Subject::run); // what is loaded and linked at first is not what is tested
        }
        List<Integer> amounts = new ArrayList<>();
        int failed = 0;
        if (arguments[0].equals("heap")) {
            for (int left = 0; left <= 1024; left += 32) {
                amounts.add(left);
            }
            for (int left : amounts) {
                failed += tried(operation, subject -> full(left, subject)) ? 1 : 0;
            }
        } else {
            int deepest = deepest();
            for (int depth = deepest - DEPTHS; depth <= deepest; depth++) {
                int frames = depth;
                failed += tried(operation, subject -> descend(frames, subject)) ? 1 : 0;
            }
        }
        System.out.println("failed " + failed);
    }

    private static void full(int left, Subject subject) throws Exception {
        fill(left);
        try {
            subject.run();
        } finally {
            heap = new byte[0][];
        }
    }

    private static void fill(int left) {
        byte[][] taken = new byte[8192][];
        byte[] kept = new byte[left];
        int count = 0;
        for (int size = 1 << 20; size >= 16; ) {
            try {
                taken[count] = new byte[size - 16];
                count++;
            } catch (OutOfMemoryError e) {
                size /= 2;
            }
        }
        heap = taken;
        if (kept.length != left) {
            throw new AssertionError();
        }
    }

    private static void descend(int frames, Subject subject) throws Exception {
        if (frames > 0) {
            descend(frames - 1, subject);
        } else {
            subject.run();
        }
    }

    private static int deepest() throws Exception {
        try (Subject nothing = subject("none")) {
            int low = 0;
            int high = 1 << 20;
            while (low < high) {
                int middle = (low + high + 1) / 2;
                try {
                    descend(middle, nothing);
                    low = middle;
                } catch (StackOverflowError e) {
                    high = middle - 1;
                }
            }
            return low;
        }
    }

    /** Whether the operation failed for want of heap or stack. */
    private static boolean tried(String operation, Pressure pressure) throws Exception {
        Subject subject = subject(operation);
        boolean failed = false;
        try (Mapping behind = Mapping.anonymous(4096)) { // so that growing has to move
            subject.bytes().set(0, (byte) 1);
            try {
                pressure.run(subject);
            } catch (OutOfMemoryError | StackOverflowError e) {
                failed = true;
            }
            behind.bytes().set(0, (byte) 1);
            use(subject);
        }
        subject.close();
        requireUnmapped();
        try {
            subject.bytes();
            throw new AssertionError("open after the close");
        } catch (IllegalStateException closed) {
            return failed;
        }
    }

    /** A call that did not give its hold back would keep the file mapped. */
    private static void requireUnmapped() throws IOException {
        Path areas = Path.of("/proc/self/maps");
        if (Files.exists(areas)
                && Files.readString(areas).contains(file.getFileName().toString())) {
            throw new AssertionError("mapped after the close");
        }
    }

    private static void use(Subject subject) {
        ByteSlice bytes;
        try {
            bytes = subject.bytes();
        } catch (IllegalStateException closed) {
            if (!String.valueOf(closed.getMessage()).startsWith("closed: ")) {
                throw closed;
            }
            return;
        }
        if (bytes.get(0) != 1) {
            throw new AssertionError("the contents are lost");
        }
        if (!bytes.isReadOnly()) {
            bytes.set(bytes.length() - 1, (byte) 2);
        }
        long _ = bytes.summary().count();
    }

    private static Subject subject(String operation) throws Exception {
        return operation.equals("freeze") ? shared() : mapping(operation);
    }

    private static Subject shared() throws Exception {
        SharedMemory memory = SharedMemory.anonymous(SMALL);
        return new Subject() {
            @Override
            public void run() throws Exception {
                memory.seal(Seal.WRITE);
                if (!memory.seals().equals(Set.of(Seal.values()))) {
                    long _ = memory.seals().size();
                }
            }

            @Override
            public ByteSlice bytes() {
                return memory.bytes();
            }

            @Override
            public void close() {
                memory.close();
            }
        };
    }

    private static Subject mapping(String operation) throws Exception {
        Mapping map = ON_FILES.contains(operation) ? Mapping.open(file, MapMode.READ_WRITE) : Mapping.anonymous(SMALL);
        return new Subject() {
            @Override
            public void run() throws Exception {
                switch (operation) {
                    case "grow" -> map.resize(LARGE);
                    case "shrink" -> map.resize(8192);
                    case "protect" -> map.protect(true);
                    case "close" -> map.close();
                    case "hint" -> map.advise(Hint.RANDOM);
                    case "populate" -> map.populate();
                    case "residency" -> map.residency();
                    case "prefetch" -> map.prefetch(List.of(new ByteRange(0, 4096)));
                    case "lock" -> map.lock();
                    case "flush" -> map.flush();
                    case "evict" -> map.evict();
                    default -> {}
                }
            }

            @Override
            public ByteSlice bytes() {
                return map.bytes();
            }

            @Override
            public void close() {
                map.close();
            }
        };
    }
}

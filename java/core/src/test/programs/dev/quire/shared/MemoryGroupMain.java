package dev.quire.shared;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.MapOptions.Option;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Asks for more memory than the group of this process may use: prints the code of the refusal. Arguments: what, how
 * many bytes, a file that may be created.
 */
final class MemoryGroupMain {
    private static final int THREADS = 8;
    private static final int ROUNDS = 6;

    private MemoryGroupMain() {}

    public static void main(String[] args) throws Exception {
        long bytes = Long.parseLong(args[1]);
        if (args[0].equals("race")) {
            System.out.println(race(bytes) > 0 ? "ran" : "nothing was made");
            return;
        }
        try {
            attempt(args[0], bytes, Path.of(args[2]));
            System.out.println("taken");
        } catch (MappingException e) {
            System.out.println(e.code());
        }
    }

    private static void attempt(String what, long bytes, Path file) throws IOException {
        switch (what) {
            case "lock" -> whole(Mapping.anonymous(bytes), Mapping::lock);
            case "write" -> whole(Mapping.anonymous(bytes), memory -> memory.populateForWriting(0, bytes));
            case "writeZeros" -> {
                Mapping memory = Mapping.anonymous(bytes);
                memory.populate();
                memory.populateForWriting(0, bytes);
            }
            case "lockShared" -> whole(shared(bytes), Mapping::lock);
            case "populateShared" -> whole(shared(bytes), Mapping::populate);
            case "ensureShared" -> whole(shared(bytes), memory -> memory.ensureResident(0, bytes));
            case "writeSparse" -> whole(sparse(file, bytes), memory -> memory.populateForWriting(0, bytes));
            case "readSparse" -> whole(sparse(file, bytes), Mapping::populate);
            case "lockCopies" -> {
                sparse(file, bytes).close();
                whole(Mapping.open(file, MapMode.COPY_ON_WRITE), Mapping::lock);
            }
            default -> throw new IllegalArgumentException(what);
        }
    }

    private interface Use {
        void of(Mapping memory) throws MappingException;
    }

    /** A refusal comes before the first page. */
    private static void whole(Mapping memory, Use use) throws MappingException {
        try {
            use.of(memory);
        } catch (MappingException e) {
            long pages = memory.residency(0, memory.byteSize()).residentPages();
            System.out.print(pages > 0 ? pages + " pages came in before " : "");
            throw e;
        }
    }

    private static Mapping shared(long bytes) throws MappingException {
        MapOptions options = MapOptions.DEFAULT.with(Option.SHAREABLE, Option.NO_RESERVE);
        return Mapping.anonymous(bytes, Lifetime.SHARED, options);
    }

    private static Mapping sparse(Path file, long bytes) throws MappingException {
        MapOptions options = MapOptions.DEFAULT.length(bytes).with(Option.CREATE, Option.EXTEND, Option.SPARSE);
        return Mapping.open(file, MapMode.READ_WRITE, options);
    }

    /** Threads that create segments, each of which fits alone; how many they got. */
    private static int race(long bytes) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> made = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                made.add(threads.submit(creations(bytes)));
            }
            int all = 0;
            for (Future<Integer> one : made) {
                all += one.get();
            }
            return all;
        }
    }

    private static Callable<Integer> creations(long bytes) {
        return () -> {
            int made = 0;
            for (int i = 0; i < ROUNDS; i++) {
                try (SharedMemory _ = SharedMemory.anonymous(bytes)) {
                    made++;
                } catch (MappingException e) {
                    if (!e.code().name().equals("MEMORY_LIMIT")) {
                        throw e;
                    }
                }
            }
            return made;
        };
    }
}

package dev.quire.lucene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.IndexOutput;
import org.apache.lucene.store.MemorySegmentAccessInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** A close comes to every thread as {@link AlreadyClosedException}. */
class ClosingTest {
    private static final int ROUNDS = 10;
    private static final int THREADS = 3;

    @TempDir
    Path folder;

    @Test
    void everyMethodOfAClosedInputRefuses() throws IOException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            try (IndexOutput output = directory.createOutput("_0.dat", IOContext.DEFAULT)) {
                output.writeBytes(new byte[1_000], 1_000);
            }
            QuireIndexInput input = (QuireIndexInput) directory.openInput("_0.dat", IOContext.DEFAULT);
            QuireIndexInput slice = input.slice("slice", 10, 900);
            slice.seek(500);
            input.close();
            for (QuireIndexInput closed : List.of(input, slice)) {
                for (Executable call : calls(closed)) {
                    assertThrows(AlreadyClosedException.class, call);
                }
            }
        }
    }

    private static List<Executable> calls(QuireIndexInput input) {
        return List.of(
                input::readByte,
                input::readShort,
                input::readInt,
                input::readLong,
                input::readVInt,
                input::readVLong,
                () -> input.readBytes(new byte[10], 0, 10),
                () -> input.readInts(new int[10], 0, 10),
                () -> input.readLongs(new long[10], 0, 10),
                () -> input.readFloats(new float[10], 0, 10),
                () -> input.readByte(800),
                () -> input.readShort(800),
                () -> input.readInt(800),
                () -> input.readLong(800),
                () -> input.readBytes(800, new byte[10], 0, 10),
                () -> input.seek(3),
                input::getFilePointer,
                input::clone,
                () -> input.slice("part", 1, 2),
                () -> input.prefetch(0, 10),
                () -> new PrefetchBatch().add(input, 0, 10),
                () -> input.updateIOContext(IOContext.DEFAULT),
                input::isLoaded,
                () -> ((MemorySegmentAccessInput) input).segmentSliceOrNull(0, 10));
    }

    /** Lucene's reader is closed by force, under threads that search it without holding it. */
    @Test
    @Timeout(180)
    void underSearchingThreads() throws Exception {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            GeneratedIndex.write(directory, 2_000);
            AtomicLong searches = new AtomicLong();
            for (int round = 0; round < ROUNDS; round++) {
                closeUnder(directory, searches);
            }
            assertEquals(0, directory.openGroups());
        }
    }

    private static void closeUnder(QuireDirectory directory, AtomicLong searches) throws Exception {
        DirectoryReader reader = DirectoryReader.open(directory);
        Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
        List<Thread> threads = new ArrayList<>();
        long before = searches.get();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    search(reader, random, searches);
                } catch (Throwable e) {
                    ends.add(e);
                }
            }));
        }
        while (searches.get() < before + 20 && ends.isEmpty()) {
            Thread.sleep(1);
        }
        reader.close();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(THREADS, ends.size());
        for (Throwable end : ends) {
            assertTrue(end instanceof AlreadyClosedException, end::toString);
        }
    }

    private static void search(DirectoryReader reader, Random random, AtomicLong searches) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        List<Queries.Search> queries = Queries.generate(3, random.nextLong());
        while (true) {
            for (Queries.Search search : queries) {
                searcher.search(search.query(), 10, search.sort());
                searches.incrementAndGet();
            }
        }
    }

    @Test
    @Timeout(180)
    void underThreadsThatReadAndOpen() throws Exception {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            try (IndexOutput output = directory.createOutput("_0.dat", IOContext.DEFAULT)) {
                output.writeBytes(new byte[100_000], 100_000);
            }
            for (int round = 0; round < 20 * ROUNDS; round++) {
                IndexInput input = directory.openInput("_0.dat", IOContext.DEFAULT);
                IndexInput clone = input.clone();
                AtomicLong read = new AtomicLong();
                Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
                Thread reader = Thread.ofPlatform().start(() -> {
                    try {
                        while (true) {
                            clone.seek(read.incrementAndGet() % 90_000);
                            clone.readLong();
                            clone.readVInt();
                            directory.openInput("_0.dat", IOContext.DEFAULT).close();
                        }
                    } catch (Throwable e) {
                        ends.add(e);
                    }
                });
                while (read.get() < 3) {
                    Thread.sleep(1);
                }
                input.close();
                IndexInput again = directory.openInput("_0.dat", IOContext.DEFAULT);
                again.close();
                reader.join();
                assertTrue(ends.peek() instanceof AlreadyClosedException, ends::toString);
            }
            assertEquals(0, directory.openGroups());
        }
    }
}

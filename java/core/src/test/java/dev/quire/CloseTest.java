package dev.quire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.error.MappingException;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Outcome;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Closing and changing while something is under way, one case at a time: acceptance 15a. All at once is the stress
 * test.
 */
@Timeout(60)
class CloseTest {
    private static final long LARGE = 256L << 20;

    @TempDir
    Path folder;

    @Test
    void whatTheJdkIsReadingIntoStaysOpen() throws Exception {
        Mapping map = Mapping.anonymous(4096);
        Pipe pipe = Pipe.open();
        ByteBuffer buffer = map.bytes().byteBuffer();
        FutureTask<Integer> read = new FutureTask<>(() -> pipe.source().read(buffer));
        Thread reader = Thread.ofPlatform().start(read);
        awaitRead(reader);
        assertThrows(IllegalStateException.class, map::close);
        assertThrows(IllegalStateException.class, () -> map.resize(100));
        assertEquals(4096, map.byteSize());
        pipe.sink().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertEquals(3, read.get());
        assertEquals(3, map.bytes().get(2));
        map.close();
        assertThrows(IllegalStateException.class, () -> buffer.get(0));
        pipe.sink().close();
        pipe.source().close();
    }

    /** Blocked in the operating system: the stack of the thread says when. */
    private static void awaitRead(Thread thread) throws InterruptedException {
        while (List.of(thread.getStackTrace()).stream()
                .noneMatch(
                        frame -> frame.isNativeMethod() && frame.getMethodName().startsWith("read"))) {
            Thread.sleep(1);
        }
    }

    /** A call that is under way takes the memory with it: the close returns, and the call too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aCallUnderWayEndsWellWhenTheMappingIsClosed(boolean leased) throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int i = 0; i < 5; i++) {
                MappedMemory memory =
                        leased ? Mapping.anonymous(LARGE, Lifetime.LEASED) : Mapping.anonymous(LARGE, Lifetime.SHARED);
                CountDownLatch begun = new CountDownLatch(1);
                Future<Boolean> call = other.submit(() -> {
                    begun.countDown();
                    return endsWithAnAnswer(() -> memory.populateForWriting(0, LARGE));
                });
                assertTrue(begun.await(10, TimeUnit.SECONDS));
                Thread.sleep(i);
                new OpenMemory(memory).close();
                assertTrue(call.get(30, TimeUnit.SECONDS));
                assertThrows(IllegalStateException.class, memory::populate);
            }
        }
    }

    private interface Call {
        void make() throws MappingException;
    }

    /** Whole, or refused between two of its slices. */
    private static boolean endsWithAnAnswer(Call call) throws MappingException {
        try {
            call.make();
            return true;
        } catch (IllegalStateException e) {
            return e.getMessage().startsWith("closed");
        }
    }

    /** The thread that brings pages in goes on to the end of its slice, or is refused the next one. */
    @Test
    void aPrefetchUnderWayEndsWhenTheMappingIsClosed() throws Exception {
        for (int i = 0; i < 5; i++) {
            Mapping map = Mapping.anonymous(LARGE);
            Future<Outcome> there = map.populateAsync(List.of(new ByteRange(0, LARGE), new ByteRange(0, LARGE)));
            Thread.sleep(i);
            map.close();
            try {
                assertTrue(there.get(30, TimeUnit.SECONDS).isComplete());
            } catch (ExecutionException e) {
                assertInstanceOf(IllegalStateException.class, e.getCause());
            }
            assertThrows(IllegalStateException.class, () -> map.populateAsync(List.of()));
        }
    }

    @Test
    void aPrefetchOfATruncatedFileEndsWithTheFault() throws Exception {
        Needs.capability(Capability.SHRINK_MAPPED_FILE);
        Path file = Pattern.file(folder.resolve("cut"), 64 << 10);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(0);
            Future<Outcome> there = map.populateAsync(List.of(new ByteRange(0, 64 << 10)));
            ExecutionException failed = assertThrows(ExecutionException.class, () -> there.get(30, TimeUnit.SECONDS));
            assertInstanceOf(MemoryFaultException.class, failed.getCause());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChangeWaitsForTheCallUnderWay(boolean protect) throws Exception {
        try (ExecutorService other = Executors.newSingleThreadExecutor();
                LeasedMapping map = Mapping.anonymous(LARGE, Lifetime.LEASED)) {
            CountDownLatch begun = new CountDownLatch(1);
            Future<Outcome> call = other.submit(() -> {
                begun.countDown();
                return map.populate(0, LARGE / 4);
            });
            assertTrue(begun.await(10, TimeUnit.SECONDS));
            if (protect) {
                map.protect(true, Duration.ofSeconds(30));
                assertThrows(ReadOnlyMemoryException.class, () -> map.populateForWriting(0, 1));
            } else {
                map.resize(LARGE / 2, Duration.ofSeconds(30));
                assertEquals(LARGE / 2, map.byteSize());
            }
            assertTrue(call.get(30, TimeUnit.SECONDS).isComplete());
        }
    }

    /** 10,000 times, each reader in the middle of a loop. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void closeUnderAReaderThatLoops(boolean leased) throws Exception {
        Path file = Pattern.file(folder.resolve("file"), 8192);
        Lifetime<?> lifetime = leased ? Lifetime.LEASED : Lifetime.SHARED;
        AtomicReference<OpenMemory> current = new AtomicReference<>();
        current.set(new OpenMemory(Mapping.open(file, MapMode.READ_ONLY, lifetime)));
        AtomicBoolean done = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().unstarted(() -> readUntil(current, done));
        Throwable[] failure = new Throwable[1];
        reader.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
        reader.start();
        for (int i = 0; i < 10_000; i++) {
            current.get().close();
            current.set(new OpenMemory(Mapping.open(file, MapMode.READ_ONLY, lifetime)));
        }
        done.set(true);
        reader.join();
        current.get().close();
        assertNull(failure[0]);
    }

    private static void readUntil(AtomicReference<OpenMemory> current, AtomicBoolean done) {
        while (!done.get()) {
            try {
                current.get().use(views -> Pattern.check(views.segment().asSlice(0, 500), 0));
            } catch (IllegalStateException e) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void closingTwiceAtOnce() throws IOException, InterruptedException {
        for (int i = 0; i < 200; i++) {
            Mapping map = Mapping.anonymous(4096);
            Thread one = Thread.ofPlatform().start(map::close);
            Thread other = Thread.ofVirtual().start(map::close);
            one.join();
            other.join();
            assertThrows(IllegalStateException.class, map::bytes);
        }
    }
}

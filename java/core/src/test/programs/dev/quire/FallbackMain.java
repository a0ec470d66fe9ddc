package dev.quire;

import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import dev.quire.error.MemoryFaultException;
import dev.quire.error.NotSupportedException;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.shared.MessageRing;
import dev.quire.shared.RingConsumer;
import dev.quire.shared.RingProducer;
import dev.quire.shared.Segments;
import dev.quire.shared.SharedMemory;
import dev.quire.shared.WaitStrategy;
import dev.quire.slice.Pin;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * What a mapping promises without the native library; run by {@link FallbackTest}. Each failure is an exit status of 1.
 */
final class FallbackMain {
    private static final int BYTES = 3 * 65536 + 17;

    private final Path folder;
    private final Path file;

    private FallbackMain(Path folder) {
        this.folder = folder;
        this.file = folder.resolve("data.bin");
    }

    public static void main(String[] arguments) throws Exception {
        FallbackMain main = new FallbackMain(Path.of(arguments[0]));
        byte[] content = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            content[i] = (byte) (i * 31);
        }
        Files.write(main.file, content);
        main.lifetimes();
        main.leases();
        main.modes();
        main.ranges();
        main.failures();
        main.unsupported();
        main.faults();
        main.ring();
        FallbackFiles.run(Files.createDirectory(main.folder.resolve("files")));
        FallbackBulk.run(Files.createDirectory(main.folder.resolve("bulk")));
        System.out.println("reason " + Platform.fallbackReason());
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    interface Call {
        void run() throws Exception;
    }

    static <T extends Throwable> T thrown(Class<T> type, Call call) throws Exception {
        try {
            call.run();
        } catch (Throwable e) {
            check(type.isInstance(e), "threw " + e + ", not " + type);
            return type.cast(e);
        }
        throw new AssertionError("did not throw " + type);
    }

    private void lifetimes() throws Exception {
        for (Lifetime<Mapping> lifetime : List.of(Lifetime.CONFINED, Lifetime.SHARED)) {
            Mapping map = Mapping.open(file, MapMode.READ_ONLY, lifetime);
            var bytes = map.bytes();
            check(bytes.get(1) == 31 && map.byteSize() == BYTES, "reads");
            map.close();
            map.close();
            thrown(IllegalStateException.class, () -> bytes.get(1));
            thrown(IllegalStateException.class, map::bytes);
            thrown(IllegalStateException.class, map::flush);
        }
        MapOptions undeletable = MapOptions.DEFAULT.with(MapOptions.Option.DENY_DELETE);
        AutoMapping auto = Mapping.open(file, MapMode.READ_ONLY, Lifetime.AUTO, undeletable);
        check(auto.bytes().get(2) == 62, "reads");
        LeasedMapping leased = Mapping.open(file, MapMode.READ_ONLY, Lifetime.LEASED);
        Lease lease = leased.lease();
        var views = lease.bytes();
        leased.close();
        check(views.get(1) == 31, "a lease that is out stays readable");
        assertUnsupported(views.advise(Hint.RANDOM).result());
        thrown(IllegalStateException.class, leased::lease);
        thrown(IllegalStateException.class, leased::flush);
        lease.close();
        pins();
        thrown(IllegalStateException.class, () -> views.get(1));
    }

    private void pins() throws Exception {
        Mapping map = Mapping.open(file, MapMode.READ_WRITE);
        Pin pin = map.bytes().slice(1, 2).pin();
        byte before = map.bytes().get(2);
        map.bytes().set(2, (byte) 77);
        check(!map.isResident(0, 1), "unknown is no");
        map.close();
        var segment = pin.segment();
        check(segment.address() == pin.address(), "one address");
        check(segment.get(ValueLayout.JAVA_BYTE, 1) == 77, "the pin sees the mapping's bytes, behind its close");
        segment.set(ValueLayout.JAVA_BYTE, 1, before);
        pin.requireIntact();
        pin.close();
        thrown(IllegalStateException.class, () -> segment.get(ValueLayout.JAVA_BYTE, 1));
        try (Mapping own = Mapping.open(file, MapMode.COPY_ON_WRITE);
                Pin refused = own.pin()) {
            thrown(UnsupportedOperationException.class, refused::segment);
        }
    }

    /** The mapping stays open. */
    private void leases() throws Exception {
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED)) {
            Lease lease = map.lease();
            var views = lease.bytes();
            var words = lease.bytes().slice(0, 8).longs();
            thrown(WrongThreadException.class, () -> elsewhere(() -> views.get(1)));
            thrown(WrongThreadException.class, () -> elsewhere(() -> words.set(0, 1)));
            Lease second = map.lease();
            second.bytes().set(3, (byte) 5);
            check(views.get(3) == 5, "leases see the same bytes");
            map.flush();
            lease.close();
            thrown(IllegalStateException.class, () -> views.get(1));
            thrown(IllegalStateException.class, () -> words.get(0));
            thrown(IllegalStateException.class, lease::bytes);
            check(second.bytes().get(3) == 5, "a lease ends no other");
            second.close();
            elsewhere(map::flush);
            Thread.currentThread().interrupt();
            try (Lease third = map.lease()) {
                check(Thread.interrupted() && third.bytes().get(3) == 5, "an interrupt is not a lease's business");
                third.bytes().set(3, (byte) 93);
            }
            Files.move(file, folder.resolve("moved"));
            try (Lease fourth = map.lease()) {
                check(fourth.bytes().get(3) == 93, "nor is the file's name");
            }
            Files.move(folder.resolve("moved"), file);
        }
        String message = refused(() -> Mapping.open(file, MapMode.COPY_ON_WRITE, Lifetime.LEASED));
        check(message.contains("leases would not see each other's private changes"), message);
    }

    private static void elsewhere(Call call) throws Exception {
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(() -> {
            try {
                call.run();
            } catch (Throwable e) {
                failure[0] = e;
            }
        });
        thread.start();
        thread.join();
        if (failure[0] instanceof RuntimeException e) {
            throw e;
        }
        check(failure[0] == null, "threw " + failure[0]);
    }

    private void modes() throws Exception {
        try (Mapping map = Mapping.open(file, MapMode.COPY_ON_WRITE)) {
            map.bytes().set(0, (byte) 99);
            map.flush();
            check(map.bytes().get(0) == 99 && Files.readAllBytes(file)[0] == 0, "changes stay private");
        }
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE)) {
            map.bytes().set(BYTES - 1, (byte) 42);
            map.flush(0, BYTES, Durability.DEVICE);
            check(Files.readAllBytes(file)[BYTES - 1] == 42, "changes reach the file");
            check(!map.isReplaced(), "it is the same file");
        }
    }

    private void ring() throws Exception {
        Path path = Files.write(folder.resolve("ring"), new byte[(int) MessageRing.byteSize(1024)]);
        byte[] message = {1, 2, 3};
        try (Mapping map = Mapping.open(path, MapMode.READ_WRITE);
                RingProducer producer = MessageRing.producer(map.bytes(), WaitStrategy.PARK);
                RingConsumer consumer = MessageRing.consumer(map.bytes(), WaitStrategy.PARK)) {
            for (int i = 0; i < 1000; i++) {
                check(producer.send(message, Duration.ofSeconds(1)), "sends");
                check(Arrays.equals(message, consumer.receive(Duration.ofSeconds(1))), "receives");
            }
        }
        Mapping map = Mapping.open(path, MapMode.READ_WRITE);
        RingProducer producer = MessageRing.producer(map.bytes(), WaitStrategy.PARK);
        RingConsumer consumer = MessageRing.consumer(map.bytes(), WaitStrategy.PARK);
        map.close();
        thrown(IllegalStateException.class, () -> producer.offer(message));
        thrown(IllegalStateException.class, () -> consumer.receive(Duration.ZERO));
    }

    private void ranges() throws Exception {
        try (Mapping map = Mapping.open(
                file, MapMode.READ_ONLY, MapOptions.DEFAULT.offset(7).length(10))) {
            check(map.byteSize() == 10 && map.bytes().get(0) == (byte) (7 * 31), "an offset needs no alignment");
        }
        Path empty = Files.createFile(folder.resolve("empty"));
        try (Mapping map = Mapping.open(empty, MapMode.READ_ONLY)) {
            check(map.byteSize() == 0, "an empty file is an empty mapping");
        }
    }

    private void failures() throws Exception {
        for (MapMode mode : MapMode.values()) {
            MapOptions beyond = MapOptions.DEFAULT.length(BYTES + 1L);
            check(code(() -> Mapping.open(file, mode, beyond)) == ErrorCode.FILE_TOO_SHORT, "too short");
            check(Files.size(file) == BYTES, "the file was made longer");
        }
        check(code(() -> Mapping.open(folder.resolve("none"), MapMode.READ_ONLY)) == ErrorCode.NOT_FOUND, "missing");
        check(code(() -> Mapping.open(folder, MapMode.READ_ONLY)) == ErrorCode.IS_DIRECTORY, "directory");
    }

    static ErrorCode code(Call call) throws Exception {
        return thrown(FileRefusedException.class, call).code();
    }

    private void unsupported() throws Exception {
        try (Mapping map = Mapping.open(file, MapMode.READ_WRITE, MapOptions.DEFAULT.hint(Hint.RANDOM))) {
            for (Hint hint : Hint.values()) {
                assertUnsupported(map.advise(hint).result());
                check(!Platform.supports(hint), "no hint is offered");
            }
            assertUnsupported(map.populate().result());
            assertUnsupported(map.evict().result());
            assertUnsupported(map.discard(0, 4096).result());
            check(!map.residency().known(), "residency is unknown");
            thrown(IndexOutOfBoundsException.class, () -> map.advise(1, BYTES, Hint.WILLNEED));
            var views = map.bytes();
            refused(() -> map.resize(1));
            refused(() -> map.protect(true));
            refused(map::lock);
            refused(map::unlock);
            check(views.get(1) == 31, "an error changes nothing");
        }
        refused(() -> Mapping.anonymous(10));
        refused(() -> SharedMemory.create("fallback", 10));
        refused(Segments::list);
        refused(() -> Mapping.open(
                file,
                MapMode.READ_WRITE,
                MapOptions.DEFAULT.with(MapOptions.Option.EXTEND).length(BYTES * 2L)));
        try (LeasedMapping map = Mapping.open(file, MapMode.READ_WRITE, Lifetime.LEASED)) {
            refused(() -> map.resize(1, Duration.ofSeconds(1)));
        }
    }

    private static void assertUnsupported(HintResult answer) {
        check(answer == HintResult.UNSUPPORTED, "answered " + answer);
    }

    static String refused(Call call) throws Exception {
        String message = thrown(NotSupportedException.class, call).getMessage();
        check(message.contains(Platform.fallbackReason()), message);
        return message;
    }

    private void faults() throws Exception {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return; // nobody can truncate a file there that is mapped
        }
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY)) {
            try (RandomAccessFile shorter = new RandomAccessFile(file.toFile(), "rw")) {
                shorter.setLength(10);
            }
            MemoryFaultException fault = thrown(
                    MemoryFaultException.class,
                    () -> map.guarded(() -> map.bytes().get(BYTES - 1)));
            check(fault.getMessage().contains("truncated to 10 bytes"), fault.getMessage());
        }
    }
}

package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quire.MapMode;
import dev.quire.error.ErrorCode;
import dev.quire.error.MappingException;
import dev.quire.error.ReadOnlyMemoryException;
import dev.quire.hint.SystemFacts.Capability;
import dev.quire.slice.ByteSlice;
import dev.quire.testing.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class SealTest {
    private static final Duration SHORT = Duration.ofMillis(50);

    private final String name = Creation.freshName();

    @AfterEach
    void remove() throws Exception {
        Files.deleteIfExists(Path.of("/dev/shm", Creation.PREFIX + name));
    }

    private static void refused(ErrorCode code, Executable call) {
        assertEquals(code, assertThrows(MappingException.class, call).code());
    }

    @Test
    void sealsHoldAndAreProved() throws Exception {
        Needs.capability(Capability.SEAL);
        try (SharedMemory memory = SharedMemory.anonymous(1000);
                SharedMemory reader = SharedMemory.attach(memory.handle(), MapMode.READ_ONLY, SHORT)) {
            assertEquals(EnumSet.of(Seal.SHRINK, Seal.GROW), reader.seals());
            memory.seal(Seal.FUTURE_WRITE);
            assertEquals(EnumSet.of(Seal.SHRINK, Seal.GROW, Seal.FUTURE_WRITE), reader.seals());
            refused(ErrorCode.SEALED, () -> SharedMemory.attach(memory.handle(), MapMode.READ_WRITE, SHORT));
            memory.bytes().set(0, (byte) 1);
            assertEquals(1, reader.bytes().get(0));
            Path file = Path.of("/proc/self/fd", Handle.parse(memory.handle()).number() + "");
            assertThrows(IOException.class, () -> Files.write(file, new byte[0]));
            memory.seal(Seal.SEAL);
            refused(ErrorCode.SEALED, () -> memory.seal(Seal.GROW));
        }
        try (SharedMemory named = SharedMemory.create(name, 1)) {
            assertEquals(Set.of(), named.seals());
            refused(ErrorCode.UNSUPPORTED, () -> named.seal(Seal.SHRINK));
            refused(ErrorCode.UNSUPPORTED, () -> named.seal(Seal.WRITE));
            refused(ErrorCode.UNSUPPORTED, named::handle);
            named.bytes().set(0, (byte) 1);
        }
    }

    @Test
    void constantMemoryIsProvedConstant() throws Exception {
        Needs.capability(Capability.SEAL);
        try (SharedMemory memory = SharedMemory.anonymous(1000)) {
            ByteSlice before = memory.bytes();
            before.fill((byte) 7);
            try (SharedMemory other = SharedMemory.attach(memory.handle(), MapMode.READ_WRITE, SHORT)) {
                refused(ErrorCode.FILE_BUSY, () -> memory.seal(Seal.WRITE));
                assertThrows(IllegalStateException.class, () -> before.get(0));
                memory.bytes().set(1, (byte) 8);
                assertEquals(8, other.bytes().get(1));
            }
            memory.seal(Seal.WRITE, Seal.SEAL);
            assertThrows(ReadOnlyMemoryException.class, () -> memory.bytes().set(0, (byte) 9));
            refused(ErrorCode.SEALED, () -> SharedMemory.attach(memory.handle(), MapMode.READ_WRITE, SHORT));
            try (SharedMemory reader = SharedMemory.attach(memory.handle(), MapMode.READ_ONLY, SHORT)) {
                assertEquals(EnumSet.of(Seal.SHRINK, Seal.GROW, Seal.WRITE, Seal.SEAL), reader.seals());
                assertEquals(7, reader.bytes().get(999));
                assertEquals(8, reader.bytes().get(1));
                assertThrows(ReadOnlyMemoryException.class, () -> reader.seal(Seal.GROW));
            }
        }
    }

    @Test
    void whereThereAreNoSealsNothingIsPromised() throws Exception {
        assumeFalse(Needs.has(Capability.SEAL), "there are seals here");
        try (SharedMemory memory = SharedMemory.anonymous(8)) {
            ByteSlice before = memory.bytes();
            before.set(0, (byte) 1);
            assertEquals(Set.of(), memory.seals());
            refused(ErrorCode.UNSUPPORTED, () -> memory.seal(Seal.SHRINK));
            refused(ErrorCode.UNSUPPORTED, () -> memory.seal(Seal.WRITE));
            memory.bytes().set(1, (byte) 2);
            assertEquals(1, memory.bytes().get(0));
        }
    }
}

package dev.quire.array;

import dev.quire.MapMode;
import dev.quire.MappedMemory;
import java.util.Optional;

/** What an array and all its views have in common. */
final class ArrayOrigin {
    final String name;
    final ArrayFormat format;
    final Optional<MappedMemory> memory;
    final MapMode mode;
    final long dataOffset;
    private final Optional<AutoCloseable> owner;
    private boolean dirty;

    private ArrayOrigin(
            String name,
            ArrayFormat format,
            Optional<MappedMemory> memory,
            MapMode mode,
            long dataOffset,
            Optional<AutoCloseable> owner) {
        this.name = name;
        this.format = format;
        this.memory = memory;
        this.mode = mode;
        this.dataOffset = dataOffset;
        this.owner = owner;
    }

    /** An array that owns its mapping. */
    static ArrayOrigin file(String name, ArrayFormat format, MappedMemory memory, long dataOffset) {
        Optional<AutoCloseable> owner =
                memory instanceof AutoCloseable closeable ? Optional.of(closeable) : Optional.empty();
        return new ArrayOrigin(name, format, Optional.of(memory), memory.mode(), dataOffset, owner);
    }

    /** An array over memory that somebody else keeps. */
    static ArrayOrigin borrowed(String name, MapMode mode, long dataOffset) {
        return new ArrayOrigin(name, ArrayFormat.RAW, Optional.empty(), mode, dataOffset, Optional.empty());
    }

    /** The same file, to be closed by somebody else. */
    ArrayOrigin lent() {
        return new ArrayOrigin(name, format, memory, mode, dataOffset, Optional.empty());
    }

    /** Remembers that a write was made or made possible. A plain field: it only tells, and tests before it stores. */
    void touch() {
        if (!dirty) {
            dirty = true;
        }
    }

    boolean isDirty() {
        return dirty;
    }

    void close() {
        if (owner.isEmpty()) {
            return;
        }
        try {
            owner.get().close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("closing " + name, e); // closing a mapping declares no checked exception
        }
    }
}

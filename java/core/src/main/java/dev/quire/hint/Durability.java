package dev.quire.hint;

/** How far a flush goes. Each level includes the one before it and means the same on every platform. */
public enum Durability {
    /** Everybody who reads the file sees the changes; they survive this process, not the machine. */
    CACHE,
    /** And the operating system has begun to write them to the device, as far as it can be asked to. */
    ASYNC,
    /**
     * And they are on the device and survive a loss of power: {@code msync} (and {@code F_FULLFSYNC} on macOS),
     * {@code FlushViewOfFile} and then {@code FlushFileBuffers} on Windows.
     */
    DEVICE
}

package dev.quire;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Damage;
import dev.quire.hint.Durability;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.hint.Statistics;
import dev.quire.internal.CacheQuery;
import dev.quire.internal.Faults;
import dev.quire.internal.PageLoader;
import dev.quire.internal.Pages;
import dev.quire.internal.Region;
import dev.quire.internal.SliceDoor;
import dev.quire.internal.backing.Extent;
import dev.quire.internal.backing.FileNames;
import dev.quire.internal.backing.MapFlags;
import dev.quire.slice.Pin;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Memory that the operating system mapped, and what can be done with its pages whatever its lifetime is.
 *
 * <p>Ranges are bytes from the beginning of the mapping and need no alignment; a range that does not lie inside is an
 * {@link IndexOutOfBoundsException}, one of length zero does nothing. Hints act on the whole pages that hold the range.
 * Every method may be called from any thread, also for {@link Lifetime#CONFINED}, and throws
 * {@link IllegalStateException} once the mapping is closed; a close that comes while a call is under way takes effect
 * when it returns. Calls that may take long go in slices of 64 MiB.
 */
public abstract sealed class MappedMemory permits Mapping, LeasedMapping, GroupedMapping, AutoMapping {
    final Region region;
    private final MapMode mode;
    private final Lifetime<?> lifetime;

    MappedMemory(Lifetime.Origin origin, Lifetime<?> lifetime) {
        this.region = origin.region();
        this.mode = origin.mode();
        this.lifetime = lifetime;
    }

    // --------------------------------------------------------------------------------------------------- facts

    /** How many bytes are mapped. */
    public long byteSize() {
        return region.length();
    }

    /** What it allows now, and where changes go: READ_ONLY while its pages are protected. */
    public MapMode mode() {
        return region.extent().writable() ? mode : MapMode.READ_ONLY;
    }

    /** How long it lives. */
    public Lifetime<?> lifetime() {
        return lifetime;
    }

    /**
     * Whether it was closed: by itself, or with its group. Memory that is leased or pinned may be mapped all the same.
     */
    public boolean isClosed() {
        return region.isClosed();
    }

    /**
     * Where the mapping begins in its file, in bytes.
     *
     * @throws UnsupportedOperationException if the memory has no file
     */
    public long fileOffset() {
        if (region.subject().path().isEmpty()) {
            throw new UnsupportedOperationException(region.subject().text() + " has no file");
        }
        return region.extent().fileOffset();
    }

    /** The path of the file as it was given; empty for memory without one. */
    public Optional<Path> path() {
        String path = region.subject().path();
        return path.isEmpty() ? Optional.empty() : Optional.of(FileNames.path(path));
    }

    /** Whether an option took effect: platforms leave out what they do not have. */
    public boolean granted(MapOptions.Option option) {
        Extent extent = region.extent();
        return option == MapOptions.Option.SHAREABLE
                ? extent.kind() == MapFlags.KIND_ANONYMOUS_SHARED
                : (extent.granted() & MapOptions.flag(option)) != 0;
    }

    /**
     * What the path names now: one system call. {@link #isReplaced()} compares.
     *
     * @throws MappingException if there is no such file any more
     * @throws UnsupportedOperationException if the memory has no file
     */
    public FileState file() throws MappingException {
        if (open().subject().path().isEmpty()) {
            throw new UnsupportedOperationException(region.subject().text() + " has no file");
        }
        return FileState.of(Pages.file(region));
    }

    /**
     * Whether the path names another file than the one mapped, which then lives on without a name.
     *
     * @throws MappingException if there is no such file any more
     */
    public boolean isReplaced() throws MappingException {
        FileState now = file();
        Extent extent = region.extent();
        return now.device() != extent.fileDevice() || now.number() != extent.fileNumber();
    }

    /** What was asked of its pages since it was mapped, by anybody; also when it is closed. */
    public Statistics statistics() {
        return region.counters().statistics();
    }

    /**
     * Keeps the memory mapped, and where it is, for whoever keeps an address, until the pin is closed: see {@link Pin}.
     * While somebody resizes or protects the mapping, or waits to, it waits.
     */
    public Pin pin() {
        return whole((all, length) -> SliceDoor.pin(all, 0, length));
    }

    // --------------------------------------------------------------------------------------------------- hints

    /** Gives a hint for everything. */
    public Outcome advise(Hint hint) {
        return whole((all, length) -> Pages.advise(all, 0, length, hint));
    }

    /**
     * Gives a hint for a range: one {@code madvise}. A hint that the platform lacks, or that the system has no room for
     * now, is a result, not an exception. {@link Hint#WILLNEED} counts the bytes that a file has.
     */
    public Outcome advise(long offset, long length, Hint hint) {
        return Pages.advise(open(), offset, length, hint);
    }

    /**
     * Asks for many ranges to be read in, and returns at once: {@link Hint#WILLNEED} for all of them in one call of
     * the operating system, where it has one ({@code process_madvise}, {@code PrefetchVirtualMemory}).
     */
    public Outcome prefetch(List<ByteRange> ranges) {
        return Pages.prefetch(open(), ranges);
    }

    /**
     * Brings many ranges in, for reading, on a thread of its own, and returns at once; the future ends when the pages
     * are there. Cancelling it ends the thread behind the range it is at. For hints without an end to wait for, and
     * without a thread, there is {@link #prefetch}.
     *
     * @return ends with {@link dev.quire.error.MemoryFaultException} if a page is lost, and with
     *     {@link IllegalStateException} if the mapping is closed meanwhile
     */
    public CompletableFuture<Outcome> populateAsync(List<ByteRange> ranges) {
        return PageLoader.startAll(open(), ranges);
    }

    /** Brings everything in, for reading. */
    public Outcome populate() throws MappingException {
        return whole((all, length) -> Pages.populate(all, 0, length, false));
    }

    /**
     * Brings a range in, for reading, and returns when it is there. The calling thread takes no fault later and does
     * not hold up a safepoint meanwhile: the pages come in while it is outside Java ({@code MADV_POPULATE_READ}).
     *
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if the pages have to be allocated, as
     *     those of shared memory and of holes in files of a memory file system, and there is not enough memory for
     *     them, or the process group may not use so much
     * @throws dev.quire.error.MemoryFaultException if a page is lost: the file was truncated
     */
    public Outcome populate(long offset, long length) throws MappingException {
        return Pages.populate(open(), offset, length, false);
    }

    /**
     * Brings a range in for writing, and returns when it is there: pages are allocated, or copied, now
     * ({@code MADV_POPULATE_WRITE}).
     *
     * @throws dev.quire.error.LimitReachedException with {@code MEMORY_LIMIT} if there is not enough memory for the
     *     pages, or the process group may not use so much; that is usually found before the first page comes in, and
     *     pages that have come in stay
     * @throws dev.quire.error.MemoryFaultException if a page is lost: the file was truncated, the disk is full
     * @throws dev.quire.error.ReadOnlyMemoryException if the mapping is read-only
     */
    public Outcome populateForWriting(long offset, long length) throws MappingException {
        return Pages.populate(open(), offset, length, true);
    }

    /**
     * Brings a range in for a thread that must not wait for a page, and looks whether it is there: {@code populate},
     * then {@code mincore}. Where the platform can only be asked to begin, the calling thread touches every page.
     *
     * <p>The answer is the truth of one moment: APPLIED or EMULATED, all of the range is in memory; PARTIAL, so many
     * bytes of whole pages are; IGNORED, none. Memory pressure may take pages of a file away again:
     * {@link #lock(long, long)} keeps them. To write without a fault, {@link #populateForWriting} first.
     *
     * @throws dev.quire.error.MemoryFaultException if a page is lost: the file was truncated
     */
    public Outcome ensureResident(long offset, long length) throws MappingException {
        return PageLoader.ensureResident(open(), offset, length);
    }

    /** Which pages are in memory: {@link #residency(long, long)} of everything. */
    public Residency residency() {
        return whole((all, length) -> CacheQuery.withChanges(all, 0, length, Pages.residency(all, 0, length)));
    }

    /**
     * Which pages of a range are in memory: one {@code mincore} for every 4,096 pages, also of those that nobody ever
     * touched. It costs a nanosecond or more for a page, which is a second for a TiB of small pages; a close by another
     * thread ends it after 64 MiB at most.
     *
     * @throws IllegalStateException if it was closed meanwhile
     */
    public Residency residency(long offset, long length) {
        return CacheQuery.withChanges(open(), offset, length, Pages.residency(region, offset, length));
    }

    /**
     * Whether every page of a range is in memory; false where the operating system does not tell, and true of no bytes.
     * For a decision before a read: nothing is allocated for the pages, and the first 64 MiB that are not all there end
     * the asking.
     */
    public boolean isResident(long offset, long length) {
        return Pages.isResident(open(), offset, length);
    }

    // ---------------------------------------------------------------------------------------------------- locks

    /** Keeps everything in memory. */
    public void lock() throws MappingException {
        whole((all, length) -> {
            Pages.lock(all, 0, length, false);
            return all;
        });
    }

    /**
     * Brings a range in and keeps it in memory ({@code mlock}, {@code VirtualLock}).
     *
     * @throws dev.quire.error.LimitReachedException with {@code LOCK_LIMIT} if the process may not lock that much, with
     *     {@code MEMORY_LIMIT} if there is not enough memory, or the process group may not use so much; nothing is
     *     locked then
     */
    public void lock(long offset, long length) throws MappingException {
        Pages.lock(open(), offset, length, false);
    }

    /** Keeps each page of a range in memory from its first touch on ({@code mlock2}, Linux). */
    public void lockOnFault(long offset, long length) throws MappingException {
        Pages.lock(open(), offset, length, true);
    }

    /** Undoes every lock. */
    public void unlock() throws MappingException {
        whole((all, length) -> {
            Pages.unlock(all, 0, length);
            return all;
        });
    }

    /** Undoes the locks of the pages that hold a range; locks do not count. */
    public void unlock(long offset, long length) throws MappingException {
        Pages.unlock(open(), offset, length);
    }

    // ------------------------------------------------------------------------------------------- write and drop

    /** Writes all changes to the device. */
    public void flush() throws MappingException {
        whole((all, length) -> {
            Pages.flush(all, 0, length, Durability.DEVICE);
            return all;
        });
    }

    /**
     * Writes the changes of a range back, as far as asked. Nothing to do, without an error, for memory that is
     * read-only, copy-on-write or has no file.
     *
     * <p>A file that was renamed, replaced or deleted meanwhile is flushed all the same. If it was made shorter too,
     * that is found by whole pages, or to the byte with {@link MapOptions.Option#KEEP_FILE}.
     *
     * @throws dev.quire.error.FileRefusedException with {@code FILE_TRUNCATED} if the file is shorter than the range
     *     now
     */
    public void flush(long offset, long length, Durability durability) throws MappingException {
        Pages.flush(open(), offset, length, durability);
    }

    /** Drops everything from memory. */
    public Outcome evict() throws MappingException {
        return whole((all, length) -> Pages.evict(all, 0, length));
    }

    /**
     * Drops a range from this process and from the operating system's cache of the file, after writing back what
     * changed. Nothing is lost. Pages that are locked, in use by others or changed privately stay, and the answer says
     * how much went.
     */
    public Outcome evict(long offset, long length) throws MappingException {
        return Pages.evict(open(), offset, length);
    }

    /**
     * Destroys the contents of the whole pages inside a range: they read as zero. For a {@link MapMode#READ_WRITE} file
     * it punches a hole; on {@link MapMode#COPY_ON_WRITE} memory it drops this mapping's changes, and the file's bytes
     * are read again. Bytes at the edges that share a page with others stay.
     *
     * @throws dev.quire.error.ReadOnlyMemoryException if the mapping is read-only
     */
    public Outcome discard(long offset, long length) throws MappingException {
        return Pages.discard(open(), offset, length);
    }

    // --------------------------------------------------------------------------------------------------- faults

    /**
     * Runs a block of element accesses, and throws when it ends if bytes of this mapping are lost: since the file was
     * truncated, the disk is full under a sparse file, or the device failed. Single accesses to lost bytes read zeros,
     * and stores there reach nobody; only a block like this one tells, or {@link #damage()}. Costs two loads.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes are lost; what the block threw is suppressed in it
     */
    public void guarded(Runnable block) {
        Faults.guarded(open(), () -> {
            block.run();
            return region;
        });
    }

    /**
     * Runs a block with a result, which is not handed out if bytes of this mapping are lost. Costs two loads.
     *
     * @throws dev.quire.error.MemoryFaultException if bytes are lost; what the block threw is suppressed in it
     */
    public <T> T guarded(Supplier<T> block) {
        return Faults.guarded(open(), block::get);
    }

    /**
     * Runs a block that accesses several mappings, and does not hand out its result if bytes of one of them are lost.
     * Costs two loads for each.
     *
     * @throws dev.quire.error.MemoryFaultException about the first mapping that has lost bytes
     */
    public static <T> T guarded(Supplier<T> block, MappedMemory... mappings) {
        return guarded(block, mappings.clone(), 0);
    }

    private static <T> T guarded(Supplier<T> block, MappedMemory[] mappings, int from) {
        return from == mappings.length
                ? block.get()
                : Faults.guarded(mappings[from].open(), () -> guarded(block, mappings, from + 1));
    }

    /**
     * A number that changes whenever bytes of any mapping of this process are lost or come back; 0 as long as none ever
     * were, and where faults are not healed. For code that reads so often that {@link #guarded} costs too much: read
     * first, then call this, and only if the number is another than before ask the mapping for its {@link #damage()}.
     * Costs two loads, which come after all that the thread made before.
     */
    public static long losses() {
        return Region.isAnyMapped() ? Faults.lossesAnywhere() : 0;
    }

    /**
     * Which bytes of the mapping are known to be lost, and how long its file is now. A lost page is known from the
     * first access to it on: {@link #populate()} looks at all of them. Lost bytes read as zeros; {@link #restore()}
     * brings them back where the file has them again. One {@code stat}.
     */
    public Damage damage() {
        return new Damage(Faults.lost(open()), Pages.sizeNow(region));
    }

    /**
     * Maps lost bytes again where the file has them again, because it has grown back or space was freed. What was
     * stored into them meanwhile is dropped. Other threads may go on reading. Hints that were given for the whole
     * mapping are given again, those for parts of it and locks are not.
     *
     * @return the ranges that are there again
     * @throws MappingException if the file cannot be reached any more: it was replaced or removed, and nothing before
     *     the lost bytes is left of it; the mapping is as before then
     */
    public List<ByteRange> restore() throws MappingException {
        return Pages.restore(open());
    }

    /** Something done with all bytes. */
    private interface Whole<T, X extends Exception> {
        T with(Region all, long length) throws X;
    }

    /** Does something with all bytes; again if a resize has made them fewer when it comes to it. */
    private <T, X extends Exception> T whole(Whole<T, X> work) throws X {
        for (; ; ) {
            Region all = open();
            Extent before = all.extent();
            try {
                return work.with(all, before.length());
            } catch (IndexOutOfBoundsException e) {
                if (sameExtent(before, all.extent())) {
                    throw e;
                }
            }
        }
    }

    @SuppressWarnings("ReferenceEquality") // every change makes a new one
    private static boolean sameExtent(Extent before, Extent now) {
        return before == now;
    }

    /** For what the owner asks for: the region itself goes on for leases that are out after a close. */
    private Region open() {
        region.requireOpen();
        return region;
    }

    @Override
    public String toString() {
        String state = region.isClosed() ? "closed " : "";
        return state + mode() + " " + lifetime + " mapping of "
                + region.subject().text() + ", " + byteSize() + " bytes";
    }
}

package dev.quire.lucene;

import dev.quire.error.FileRefusedException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FSLockFactory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.LockFactory;
import org.apache.lucene.store.ReadOnceHint;
import org.apache.lucene.util.Unwrappable;

/**
 * A directory whose files are mapped by Quire when they are read; they are written as {@link FSDirectory} writes them.
 *
 * {@snippet :
 * try (QuireDirectory directory = new QuireDirectory(folder, FilePolicy::byContextWithRandom)) {
 *     // IndexWriter, DirectoryReader, IndexSearcher as with any directory
 * }
 * }
 *
 * <p>A file of any size is one mapping, and opening it costs four system calls. The mappings of one index segment end
 * together, when the last of its files is closed: that costs one handshake with every thread of the virtual machine.
 * Later generations of a segment's updates, temporary files and files that belong to no segment end by themselves.
 * Reading after that, in any thread, throws {@link org.apache.lucene.store.AlreadyClosedException}. A file opened with
 * {@link ReadOnceHint} belongs to the thread that opens it.
 *
 * <p>Where a file is truncated while it is read, or its device fails, reading throws {@link CorruptIndexException}.
 * Lucene's scorers of vectors read memory without asking the input, and would compute with zeros: that is noticed when
 * an input of the same segment is next used, when the file is closed, or by {@link #checkDamage()} behind a search.
 *
 * <p>Inputs are used by one thread at a time, clones and slices by other threads. Everything else here may be called by
 * any thread.
 */
public final class QuireDirectory extends FSDirectory {
    private final FilePolicy.Chooser policies;
    private final FileGroups groups = new FileGroups();
    private final HintCounts counts = new HintCounts();
    private final Set<OpenFile> files = ConcurrentHashMap.newKeySet();

    /** A directory with Lucene's default locks and the policies of {@link FilePolicy#byContext}. */
    public QuireDirectory(Path folder) throws IOException {
        this(folder, FilePolicy::byContext);
    }

    /** A directory with Lucene's default locks. */
    public QuireDirectory(Path folder, FilePolicy.Chooser policies) throws IOException {
        this(folder, FSLockFactory.getDefault(), policies);
    }

    /**
     * A directory.
     *
     * @param folder is created if it is missing
     * @param policies what to do with the pages of each file
     */
    public QuireDirectory(Path folder, LockFactory locks, FilePolicy.Chooser policies) throws IOException {
        super(folder, locks);
        this.policies = Objects.requireNonNull(policies, "policies");
    }

    /**
     * Maps a file.
     *
     * @throws dev.quire.error.MappingException if the system refuses: of the mapping, or of the lock that the policy
     *     asks for
     */
    @Override
    public IndexInput openInput(String name, IOContext context) throws IOException {
        ensureOpen();
        ensureCanRead(name);
        Path path = directory.resolve(name);
        FileGroup group = context.hints().contains(ReadOnceHint.INSTANCE) ? new FileGroup.Alone() : groups.join(name);
        OpenFile file = map(name, path, group);
        boolean isReady = false;
        try {
            FilePolicy policy = policies.choose(name, context);
            file.apply(policy, 0, file.segment().byteSize());
            isReady = true;
            return QuireIndexInput.owner("QuireIndexInput(path=\"" + path + "\")", file, policy.hint());
        } finally {
            if (!isReady) {
                file.close();
            }
        }
    }

    private OpenFile map(String name, Path path, FileGroup group) throws IOException {
        boolean isMapped = false;
        try {
            OpenFile file = new OpenFile(this, name, group, group.open(Unwrappable.unwrapAll(path)));
            files.add(file);
            isMapped = true;
            return file;
        } catch (FileRefusedException e) {
            // Lucene tells a missing file from others by the exceptions of java.nio
            throw e.getCause() instanceof FileSystemException reason ? reason : e;
        } finally {
            if (!isMapped) {
                group.leave();
            }
        }
    }

    void forget(OpenFile file) {
        files.remove(file);
    }

    FilePolicy.Chooser policies() {
        return policies;
    }

    HintCounts counts() {
        return counts;
    }

    // ------------------------------------------------------------------------------------------------------ reports

    /**
     * What became of hints, prefetches, preloads and locks so far, in the order of their names. A sum may lack what
     * other threads are adding.
     */
    public List<HintCount> hintCounts() {
        return counts.snapshot();
    }

    /**
     * How much of each open file is in memory, in the order of names: one {@code mincore} for every 4,096 pages. A file
     * that is open twice is reported twice; one that is closed meanwhile is left out.
     */
    public List<FileResidency> residency() {
        return files.stream()
                .flatMap(file -> file.report().stream())
                .sorted(Comparator.comparing(FileResidency::file))
                .toList();
    }

    /**
     * How many groups of files are open: each ends with one handshake. A file opened with {@link ReadOnceHint} is in
     * none.
     */
    public int openGroups() {
        return groups.size();
    }

    /**
     * Refuses what was computed since the open files were opened, if bytes of one of them are lost: for after a search
     * whose scorers read vectors in memory. Costs a few loads for each open file.
     *
     * @throws CorruptIndexException about the first file that has lost bytes
     */
    public void checkDamage() throws CorruptIndexException {
        for (OpenFile file : files) {
            if (file.isDamaged()) {
                throw file.corrupt();
            }
        }
    }
}

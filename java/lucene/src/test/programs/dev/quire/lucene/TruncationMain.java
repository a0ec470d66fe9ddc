package dev.quire.lucene;

import dev.quire.Platform;
import dev.quire.lucene.Queries.Search;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.lucene.index.CorruptIndexException;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;

/**
 * Searches an index with two threads and truncates one of its files, for each kind of file that has more than a page.
 * Each thread has to end with {@link CorruptIndexException}, and the process has to live. Assertions of Lucene
 * are off. Prints each kind.
 */
final class TruncationMain {
    private static final long PAGE = Platform.pageSize();
    private static final long PATIENCE_MILLIS = 60_000;
    private static final int THREADS = 2;

    private TruncationMain() {}

    /** The folders of the index and of the copies that are made of it, and a pattern of names. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path index = Path.of(arguments[0]);
        for (Path file : files(index)) {
            String name = file.getFileName().toString();
            if (Files.size(file) > PAGE && name.matches(arguments[2])) {
                truncate(copy(index, Path.of(arguments[1], name)), name);
                System.out.println("survived " + name.replaceAll(".*\\.", ""));
            }
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    private static Path copy(Path index, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path file : files(index)) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }
        return folder;
    }

    private static void truncate(Path folder, String name) throws IOException, InterruptedException {
        try (QuireDirectory directory = new QuireDirectory(folder)) {
            DirectoryReader reader = DirectoryReader.open(directory);
            Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
            AtomicLong searches = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                long seed = i;
                threads.add(Thread.ofPlatform().start(() -> {
                    try {
                        search(reader, seed, searches);
                    } catch (Throwable e) {
                        ends.add(e);
                    }
                }));
            }
            while (searches.get() < 50 && ends.isEmpty()) {
                Thread.sleep(1);
            }
            try (FileChannel channel = FileChannel.open(folder.resolve(name), StandardOpenOption.WRITE)) {
                channel.truncate(PAGE);
            }
            requireCorrupt(name, threads, ends);
            requireDamage(directory);
            close(reader);
            require(directory.openGroups() == 0, "mappings are left");
        }
    }

    private static void requireCorrupt(String name, List<Thread> threads, Queue<Throwable> ends)
            throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(PATIENCE_MILLIS);
            require(!thread.isAlive(), "still searching after " + name + " was truncated");
        }
        for (Throwable end : ends) {
            // some of Lucene's interfaces let no checked exception through: their users get it as the cause
            Throwable cause = end.getCause();
            boolean isWrapped = end instanceof RuntimeException && cause != null;
            Throwable corrupt = isWrapped ? cause : end;
            if (!(corrupt instanceof CorruptIndexException)) {
                throw new IllegalStateException("not the exception for " + name, end);
            }
            require(corrupt.getMessage().contains(name), corrupt.getMessage());
        }
    }

    private static void requireDamage(QuireDirectory directory) {
        try {
            directory.checkDamage();
        } catch (CorruptIndexException e) {
            return;
        }
        throw new IllegalStateException("no damage is known");
    }

    /** A file whose segments were handed out tells once more. */
    private static void close(DirectoryReader reader) throws IOException {
        try {
            reader.close();
        } catch (CorruptIndexException e) {
            System.out.println("closed: " + e.getMessage());
        }
    }

    private static void search(DirectoryReader reader, long seed, AtomicLong searches) throws IOException {
        IndexSearcher searcher = new IndexSearcher(reader);
        for (long round = seed; ; round += THREADS) {
            for (Search search : Queries.generate(1, round)) {
                for (ScoreDoc found : searcher.search(search.query(), 10, search.sort()).scoreDocs) {
                    searcher.storedFields().document(found.doc);
                }
                searches.incrementAndGet();
            }
        }
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}

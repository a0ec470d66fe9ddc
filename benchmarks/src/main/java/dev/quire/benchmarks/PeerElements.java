package dev.quire.benchmarks;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.MappedBytes;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.store.RandomAccessInput;
import org.mapdb.volume.MappedFileVolSingle;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** As many elements in a mapped file of its own, for each library that maps files only: each has its own forks. */
public abstract class PeerElements {
    static final int BYTES = Elements.COUNT * Long.BYTES;

    Path path = Path.of("");

    /** Makes the file. */
    final void make() throws IOException {
        path = Files.createTempFile("quire-peer", ".bin");
        Files.write(path, new byte[BYTES]);
    }

    /** The JDK's buffer. */
    @State(Scope.Benchmark)
    public static class Buffer extends PeerElements {
        MappedByteBuffer buffer;

        /** Maps it. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            make();
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                buffer = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
                buffer.order(ByteOrder.nativeOrder());
            }
        }

        /** Removes the file; the collector unmaps. */
        @TearDown(Level.Trial)
        public void remove() throws IOException {
            Files.delete(path);
        }
    }

    /** Chronicle's bytes. */
    @State(Scope.Benchmark)
    public static class Chronicle extends PeerElements {
        MappedBytes bytes;

        /** Maps it. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            make();
            bytes = MappedBytes.singleMappedBytes(path.toFile(), BYTES);
        }

        /** Unmaps and removes it. */
        @TearDown(Level.Trial)
        public void remove() throws IOException {
            bytes.releaseLast();
            Files.delete(path);
        }
    }

    /** Lucene's input, which only reads. */
    @State(Scope.Benchmark)
    public static class Lucene extends PeerElements {
        IndexInput in;
        RandomAccessInput words;
        private MMapDirectory folder;

        /** Maps it. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            make();
            folder = new MMapDirectory(path.getParent());
            in = folder.openInput(path.getFileName().toString(), IOContext.DEFAULT);
            words = in.randomAccessSlice(0, BYTES);
        }

        /** Unmaps and removes it. */
        @TearDown(Level.Trial)
        public void remove() throws IOException {
            in.close();
            folder.close();
            Files.delete(path);
        }
    }

    /** MapDB's volume, whose numbers are big-endian. */
    @State(Scope.Benchmark)
    public static class MapDb extends PeerElements {
        MappedFileVolSingle volume;

        /** Maps it. */
        @Setup(Level.Trial)
        public void open() throws IOException {
            make();
            volume = new MappedFileVolSingle(path.toFile(), false, 0, BYTES, true);
        }

        /** Unmaps and removes it. */
        @TearDown(Level.Trial)
        public void remove() throws IOException {
            volume.close();
            Files.delete(path);
        }
    }
}

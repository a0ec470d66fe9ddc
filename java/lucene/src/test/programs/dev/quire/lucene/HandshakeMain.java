package dev.quire.lucene;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;

/** Opens and closes a reader, and says when. The virtual machine prints its handshakes in between. */
final class HandshakeMain {
    private HandshakeMain() {}

    public static void main(String[] arguments) throws IOException {
        try (QuireDirectory directory = new QuireDirectory(Path.of(arguments[0]))) {
            closeOne(directory);
            System.out.println("OPENING");
            DirectoryReader reader = DirectoryReader.open(directory);
            System.out.println("CLOSING " + directory.openGroups());
            reader.close();
            System.out.println("CLOSED " + directory.openGroups());
        }
    }

    /** What costs a handshake once. */
    private static void closeOne(QuireDirectory directory) throws IOException {
        IndexInput input = directory.openInput(directory.listAll()[0], IOContext.DEFAULT);
        input.close();
        try {
            input.readByte();
            throw new IllegalStateException("a closed input was read");
        } catch (AlreadyClosedException e) {
            System.out.println("STARTED");
        }
    }
}

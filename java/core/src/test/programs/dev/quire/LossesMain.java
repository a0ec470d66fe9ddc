package dev.quire;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Asks for losses before anything is mapped, then loses bytes of a file of two pages, and prints both answers. */
final class LossesMain {
    private LossesMain() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        System.out.print(MappedMemory.losses());
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Platform.pageSize());
            System.out.print(" " + map.bytes().get(Platform.pageSize()));
            System.out.print(MappedMemory.losses() > 0 ? " lost" : " none");
        }
    }
}

package dev.quire.array;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Ends while it creates an array: arguments halt, exit, halt-named or exit-named, file. Or creates it on a disk that
 * is too small: arguments file, element count. Or creates a large one: arguments file, "large", element count.
 */
final class ArrayCreationMain {
    private ArrayCreationMain() {}

    private static void end(String how, Path file) throws IOException {
        boolean named = how.endsWith("-named");
        ArrayCreation.create(file, ArraySpec.of("<f8", 10), WriteOptions.DEFAULT, named, _ -> {
            if (how.startsWith("halt")) {
                Runtime.getRuntime().halt(99);
            }
            System.exit(99);
        });
    }

    private static void large(Path file, long count) throws IOException {
        try (MappedArray array = MappedArray.create(file, ArraySpec.of("<f8", count))) {
            array.setDouble(count - 1, 1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        if (arguments[0].startsWith("halt") || arguments[0].startsWith("exit")) {
            end(arguments[0], Path.of(arguments[1]));
        }
        if (arguments.length == 3) {
            large(file, Long.parseLong(arguments[2]));
            return;
        }
        MappedArray.save(file, new double[] {1, 2, 3});
        try {
            MappedArray.create(file, ArraySpec.of("<f8", Long.parseLong(arguments[1])));
            throw new AssertionError("the disk is larger than thought");
        } catch (dev.quire.error.MappingException full) {
            System.out.println(full.getMessage());
        }
        double[] old = (double[]) MappedArray.load(file);
        System.out.println("old file: " + old.length + ", files: "
                + file.getParent().toFile().list().length);
    }
}

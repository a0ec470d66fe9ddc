package dev.quire.array;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Dies while it creates an array: argument file. Or creates it on a disk that is too small: arguments file, element count.
 * Or creates a large one: arguments file, "large", element count.
 */
final class ArrayCreationMain {
    private ArrayCreationMain() {}

    private static void large(Path file, long count) throws IOException {
        try (MappedArray array = MappedArray.create(file, ArraySpec.of("<f8", count))) {
            array.setDouble(count - 1, 1);
        }
    }

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        if (arguments.length == 1) {
            ArrayCreation.create(
                    file, ArraySpec.of("<f8", 10), _ -> Runtime.getRuntime().halt(99));
            return;
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

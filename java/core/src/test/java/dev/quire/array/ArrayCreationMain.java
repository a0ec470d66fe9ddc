package dev.quire.array;

import java.nio.file.Path;

/** Dies while it creates an array: argument file. Or creates it on a disk that is too small: arguments file, element count. */
final class ArrayCreationMain {
    private ArrayCreationMain() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of(arguments[0]);
        if (arguments.length == 1) {
            ArrayCreation.create(
                    file, ArraySpec.of("<f8", 10), _ -> Runtime.getRuntime().halt(99));
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

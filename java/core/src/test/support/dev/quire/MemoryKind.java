package dev.quire;

import dev.quire.hint.SystemFacts.Capability;
import dev.quire.testing.Needs;
import dev.quire.testing.Pattern;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** A kind of memory with a lifetime: what every contract is tested over. */
record MemoryKind(Kind kind, Lifetime<?> lifetime) {
    /** Stands for the lifetime of a group: each memory is opened for a group of its own. */
    private static final Lifetime<GroupedMapping> GROUPED = new MappingGroup().lifetime();

    private static final List<Lifetime<?>> LIFETIMES =
            List.of(Lifetime.CONFINED, Lifetime.SHARED, Lifetime.LEASED, GROUPED, Lifetime.AUTO);

    enum Kind {
        READ_ONLY_FILE(MapMode.READ_ONLY),
        READ_WRITE_FILE(MapMode.READ_WRITE),
        COPY_ON_WRITE_FILE(MapMode.COPY_ON_WRITE),
        MEMORY(MapMode.READ_WRITE),
        MEMORY_ACROSS_PROCESSES(MapMode.READ_WRITE);

        final MapMode mode;

        Kind(MapMode mode) {
            this.mode = mode;
        }

        boolean isFile() {
            return ordinal() <= COPY_ON_WRITE_FILE.ordinal();
        }

        /** Whether changes stay in the mapping. */
        boolean isPrivate() {
            return this == COPY_ON_WRITE_FILE || this == MEMORY;
        }

        boolean isWritable() {
            return mode != MapMode.READ_ONLY;
        }

        boolean isResizable() {
            return mode == MapMode.READ_WRITE;
        }
    }

    /** Memory whose bytes are the {@link Pattern}. */
    OpenMemory open(Path folder, long size) throws IOException {
        return kind.isFile() ? map(Pattern.file(folder.resolve("file"), size), MapOptions.DEFAULT) : filled(size);
    }

    /** A file with the subject's mode and lifetime. */
    OpenMemory map(Path file, MapOptions options) throws IOException {
        boolean isKept = lifetime == Lifetime.AUTO && !Needs.has(Capability.REPLACE_OPEN_FILE);
        MapOptions all = isKept ? options.with(MapOptions.Option.DENY_DELETE) : options;
        MappingGroup group = new MappingGroup();
        return new OpenMemory(Mapping.open(file, kind.mode, of(group), all), group);
    }

    /** Memory without a file, all zero. */
    OpenMemory anonymous(long size, MapOptions options) throws IOException {
        MapOptions all = kind == Kind.MEMORY_ACROSS_PROCESSES ? options.with(MapOptions.Option.SHAREABLE) : options;
        MappingGroup group = new MappingGroup();
        return new OpenMemory(Mapping.anonymous(size, of(group), all), group);
    }

    private Lifetime<?> of(MappingGroup group) {
        return lifetime == GROUPED ? group.lifetime() : lifetime;
    }

    private OpenMemory filled(long size) throws IOException {
        OpenMemory opened = anonymous(size, MapOptions.DEFAULT);
        opened.use(views -> Pattern.write(views.segment(), 0));
        return opened;
    }

    boolean isClosable() {
        return lifetime != Lifetime.AUTO;
    }

    static Stream<MemoryKind> all() {
        return Stream.of(Kind.values()).flatMap(kind -> LIFETIMES.stream().map(life -> new MemoryKind(kind, life)));
    }

    static Stream<MemoryKind> files() {
        return all().filter(subject -> subject.kind.isFile());
    }

    static Stream<MemoryKind> anonymous() {
        return all().filter(subject -> !subject.kind.isFile());
    }

    /** What has a size and a protection to change. */
    static Stream<MemoryKind> changeable() {
        return all().filter(subject -> subject.isClosable() && subject.lifetime != GROUPED);
    }

    @Override
    public String toString() {
        return kind + " " + lifetime;
    }
}

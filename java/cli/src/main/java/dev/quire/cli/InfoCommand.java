package dev.quire.cli;

import dev.quire.FileState;
import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.Mapping;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** What a program that maps a file needs to know of it. */
@Command(name = "info", header = "Show what a file is: the array in it, sizes, identity, and the file system it is on.")
final class InfoCommand extends ReportingCommand {
    @Parameters(paramLabel = "FILE", description = "The file; pipes, devices and directories cannot be mapped.")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Mixin
    private ArrayInput input = new ArrayInput();

    @Mixin
    private RawOptions raw = new RawOptions();

    @Override
    Report report() throws IOException {
        Contents contents = Contents.of(file, input, raw.raw());
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED)) {
            FileStore store = Files.getFileStore(file);
            return new FileFacts(
                    file.toRealPath(),
                    map.file(),
                    map.residency().pages(),
                    Files.isWritable(file),
                    Store.of(store),
                    contents);
        }
    }

    private record Store(String type, String name, boolean readOnly, long bytes, long usableBytes) {
        static Store of(FileStore store) throws IOException {
            return new Store(
                    store.type(), store.name(), store.isReadOnly(), store.getTotalSpace(), store.getUsableSpace());
        }

        Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("type", type);
            facts.put("name", name);
            facts.put("readOnly", readOnly);
            facts.put("bytes", bytes);
            facts.put("usableBytes", usableBytes);
            return facts;
        }

        @Override
        public String toString() {
            return type + " (" + name + ")" + (readOnly ? ", read-only" : "") + ", " + Text.bytes(usableBytes)
                    + " free of " + Text.bytes(bytes);
        }
    }

    private record FileFacts(Path path, FileState state, long pages, boolean writable, Store store, Contents contents)
            implements Report {
        @Override
        public Map<String, Object> facts() {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("path", path);
            facts.put("kind", kind());
            facts.putAll(contents.facts());
            facts.put("fileBytes", state.size());
            facts.put("allocatedBytes", state.allocatedBytes());
            facts.put("pages", pages);
            facts.put("device", state.device());
            facts.put("number", state.number());
            facts.put("modified", state.modified());
            facts.put("writable", writable);
            facts.put("fileSystem", store.facts());
            return facts;
        }

        @Override
        public List<String> lines() {
            return Stream.of(List.of(path.toString(), "kind         " + kind()), contents.lines(), file())
                    .flatMap(List::stream)
                    .toList();
        }

        private List<String> file() {
            return List.of(
                    "size         " + Text.count(state.size(), "byte") + scale(state.size()),
                    "allocated    " + Text.count(state.allocatedBytes(), "byte") + scale(state.allocatedBytes()),
                    "maps to      " + Text.count(pages, "page"),
                    "identity     device " + state.device() + ", file " + Long.toUnsignedString(state.number()),
                    "modified     " + state.modified(),
                    "access       " + (writable ? "read and write" : "read only"),
                    "file system  " + store);
        }

        private String kind() {
            if (state.size() == 0) {
                return "empty file";
            }
            return state.allocatedBytes() < state.size() ? "sparse file" : "regular file";
        }

        private static String scale(long bytes) {
            return bytes < 1024 ? "" : " (" + Text.bytes(bytes) + ")";
        }
    }
}

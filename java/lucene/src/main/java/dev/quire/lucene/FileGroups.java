package dev.quire.lucene;

import java.util.HashMap;
import java.util.Map;
import org.apache.lucene.index.IndexFileNames;

/** The groups of a directory's open files. */
final class FileGroups {
    private static final String TEMPORARY = ".tmp";

    private final Map<String, FileGroup.Together> groups = new HashMap<>();

    /** The group of a file, which has a member more from now on. */
    synchronized FileGroup join(String file) {
        FileGroup.Together group = groups.computeIfAbsent(key(file), key -> new FileGroup.Together(this, key));
        group.members++;
        return group;
    }

    /** Whether the group had no other member: it takes no more then. */
    synchronized boolean isLast(FileGroup.Together group) {
        group.members--;
        return group.members == 0 && groups.remove(group.key(), group);
    }

    synchronized int size() {
        return groups.size();
    }

    /**
     * What files have in common that end together: the segment, and the generation of its updates, of which newer ones
     * replace older ones while the segment stays open. Temporary files come and go alone.
     */
    static String key(String file) {
        if (file.endsWith(TEMPORARY)
                || !IndexFileNames.CODEC_FILE_PATTERN.matcher(file).matches()) {
            return file;
        }
        String segment = IndexFileNames.parseSegmentName(file);
        String[] parts = IndexFileNames.stripExtension(file).substring(1).split("_", -1);
        boolean hasGeneration = parts.length == 2 || parts.length == 4;
        return hasGeneration ? segment + "_" + parts[1] : segment;
    }
}

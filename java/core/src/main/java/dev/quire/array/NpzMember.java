package dev.quire.array;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A member of a {@code .npz} archive.
 *
 * @param name as the archive has it, {@code .npy} included
 * @param bytes size of its content
 * @param isMappable whether it is stored as it is; deflated and encrypted members are not
 */
public record NpzMember(String name, long bytes, boolean isMappable) {
    /**
     * The members of an archive in its own sequence.
     *
     * @throws ArrayFileException if it is no zip archive
     */
    public static List<NpzMember> list(Path path) throws IOException {
        return ArrayFiles.read(
                path,
                source -> ZipDirectory.read(source).members().stream()
                        .map(member -> new NpzMember(member.name(), member.bytes(), member.isMappable()))
                        .toList());
    }
}

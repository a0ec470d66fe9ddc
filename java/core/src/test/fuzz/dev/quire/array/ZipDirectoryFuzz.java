package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;

class ZipDirectoryFuzz {

    @FuzzTest
    void parse(byte[] input) throws IOException {
        Fuzzing.run(input, source -> {
            for (ZipMember member : ZipDirectory.read(source).members()) {
                open(source, member);
            }
        });
    }

    private static void open(ByteSource archive, ZipMember member) throws IOException {
        try {
            ByteSource.Range range = member.open(archive);
            assertTrue(range.start() + range.length() <= archive.length(), member::toString);
        } catch (ArrayFileException refused) {
            assertTrue(refused.file().startsWith(archive.name()), refused::getMessage);
        }
    }
}

package dev.quire.array;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.error.ErrorCode;
import dev.quire.error.FileRefusedException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that somebody made, or changes meanwhile, to harm who opens them: SECURITY.md. */
class HostileArrayFileTest {
    /** What an exception with its message and the reading of a header may take; a claim is far more. */
    private static final long FEW_BYTES = 2 << 20;

    /** Of a pause between two swaps: more than an append takes. */
    private static final int MOST_NANOS = 20_000_000;

    @TempDir
    Path folder;

    /** The library does without these modules. */
    @BeforeAll
    static void readManagement() {
        for (String name : List.of("java.management", "jdk.management")) {
            Module management = ModuleLayer.boot().findModule(name).orElseThrow();
            HostileArrayFileTest.class.getModule().addReads(management);
        }
    }

    private static byte[] npy(String descr, String shape) {
        String text = "{'descr': " + descr + ", 'fortran_order': False, 'shape': " + shape + ", }\n";
        ByteBuffer file = ByteBuffer.allocate(10 + text.length() + 64).order(ByteOrder.LITTLE_ENDIAN);
        file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) text.length());
        return file.put(text.getBytes(StandardCharsets.ISO_8859_1)).array();
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    /** The file is refused by its name, and nothing of the size that it claims is taken. */
    private static void refused(Path file, Executable opening) {
        assertThrows(ArrayFileException.class, opening); // loads the classes
        long before = allocated();
        ArrayFileException refusal = assertThrows(ArrayFileException.class, opening);
        long taken = allocated() - before;
        assertTrue(refusal.getMessage().contains(file.getFileName().toString()), refusal::getMessage);
        assertTrue(taken < FEW_BYTES, taken + " bytes were allocated to say: " + refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'|u1' (1152921504606846976,)",
                "'|u1' (9223372036854775807,)",
                "'<f8' (1152921504606846975,)",
                "'<f8' (1152921504606846976,)",
                "'<f8' (4294967296, 4294967296, 4294967296)",
                "'|u1' (2147483647, 2147483647)",
                "'|S2147483647' (2147483647,)",
                "'<U536870911' (4,)",
                "'|V2147483647' (1,)",
                "[('a','<f8',(1073741824,))] (1073741824,)"
            })
    void aClaimOfElementsTakesNoMemory(String claim) throws IOException {
        int space = claim.indexOf(' ');
        byte[] content = npy(claim.substring(0, space), claim.substring(space + 1));
        Path file = Files.write(folder.resolve("claim.npy"), content);
        refused(file, () -> MappedArray.load(file));
        for (MapMode mode : MapMode.values()) {
            refused(file, () -> MappedArray.open(file, mode).close());
        }
        Path archive = folder.resolve("claim.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive))) {
            CRC32 crc = new CRC32();
            crc.update(content);
            ZipEntry member = new ZipEntry("a.npy");
            member.setMethod(ZipEntry.STORED);
            member.setSize(content.length);
            member.setCrc(crc.getValue());
            zip.putNextEntry(member);
            zip.write(content);
        }
        refused(archive, () -> MappedArray.open(archive, MapMode.READ_ONLY).close());
    }

    // ------------------------------------------------------------------------------------------- changed meanwhile

    /** Somebody who may write to the folder puts a link and a file in turn under one name, as fast as he can. */
    private void whileSwapped(Path name, Path victim, Executable once) throws Throwable {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong swaps = new AtomicLong();
        byte[] harmless = Files.readAllBytes(name);
        Random random = new Random(1);
        Thread attacker = Thread.ofPlatform().start(() -> {
            Path other = folder.resolve("swap");
            try {
                for (int i = 0; !isOver.get(); i++) {
                    if (i % 2 == 0) {
                        Files.createSymbolicLink(other, victim);
                    } else {
                        Files.write(other, harmless);
                    }
                    Files.move(other, name, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    swaps.incrementAndGet();
                    LockSupport.parkNanos(random.nextInt(MOST_NANOS)); // some calls shall meet it once, and some never
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        try {
            long until = System.nanoTime() + 1_000_000_000L;
            while (System.nanoTime() < until || swaps.get() < 100) {
                once.execute();
            }
        } finally {
            isOver.set(true);
            attacker.join();
        }
        assertTrue(swaps.get() >= 100, swaps + " swaps");
    }

    /** What may be told of a name that is a link or another, shorter file by now. */
    private static final Set<ErrorCode> SWAPPED =
            EnumSet.of(ErrorCode.SYMBOLIC_LINK, ErrorCode.FILE_REPLACED, ErrorCode.FILE_TOO_SHORT);

    /** Counts what succeeds: both have to happen, or nothing was raced. */
    private static int tried(Executable call) throws Throwable {
        try {
            call.execute();
            return 1;
        } catch (FileRefusedException e) {
            assertTrue(SWAPPED.contains(e.code()), () -> "refused: " + e);
            return 0;
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aNameThatBecomesALinkWhileItIsWrittenHarmsNobody() throws Throwable {
        Path victim = Files.writeString(folder.resolve("victim"), "years of work");
        Path name = folder.resolve("a.npy");
        MappedArray.save(name, new double[8]);
        WriteOptions options = WriteOptions.DEFAULT.followLinks(false);
        int[] counts = new int[2];
        whileSwapped(name, victim, () -> {
            counts[tried(() -> ArrayConversion.create(name, ArraySpec.of("f8", 8), options))]++;
            assertEquals("years of work", Files.readString(victim));
        });
        assertTrue(counts[0] > 0 && counts[1] > 0, () -> counts[0] + " refused, " + counts[1] + " written");
        assertTrue(Files.isRegularFile(victim, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aNameThatBecomesALinkWhileItIsMappedHarmsNobody() throws Throwable {
        Path victim = Files.writeString(folder.resolve("victim"), "years of work");
        Path name = folder.resolve("a.npy");
        MappedArray.save(name, new double[8]);
        MapOptions options = MapOptions.DEFAULT.with(MapOptions.Option.NO_FOLLOW);
        int[] counts = new int[2];
        whileSwapped(name, victim, () -> {
            counts[
                    tried(() -> {
                        try (Mapping map = Mapping.open(name, MapMode.READ_WRITE, options)) {
                            map.bytes().fill((byte) 7);
                        }
                    })]++;
            assertEquals("years of work", Files.readString(victim));
        });
        assertTrue(counts[0] > 0 && counts[1] > 0, () -> counts[0] + " refused, " + counts[1] + " written");
    }

    /** An append follows links, and only to an array: the file of somebody else stays what it was. */
    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void aNameThatBecomesALinkWhileItIsAppendedToHarmsNobody() throws Throwable {
        Path victim = Files.writeString(folder.resolve("victim"), "years of work");
        Path name = folder.resolve("a.npy");
        MappedArray.save(name, new double[8]);
        Path rows = folder.resolve("rows.npy");
        MappedArray.save(rows, new double[] {1, 2});
        int[] counts = new int[2];
        try (MappedArray source = MappedArray.open(rows, MapMode.READ_ONLY)) {
            whileSwapped(name, victim, () -> {
                counts[appended(name, source)]++;
                assertEquals("years of work", Files.readString(victim));
            });
        }
        assertTrue(counts[0] > 0 && counts[1] > 0, () -> counts[0] + " refused, " + counts[1] + " appended");
    }

    private static int appended(Path name, MappedArray source) throws Throwable {
        try {
            return tried(() -> MappedArray.append(name, source.view()));
        } catch (ArrayFileException e) {
            return 0; // what the link leads to is no array
        }
    }
}

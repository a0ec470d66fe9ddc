package dev.quire.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.quire.Mapping;
import dev.quire.error.MappingException;
import dev.quire.internal.backing.Subject;
import dev.quire.slice.ByteSlice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Any bytes at the head of shared memory are a header that fits the memory, or are refused. */
class SegmentHeaderFuzz {
    private static final Subject SUBJECT = Subject.memory("shared memory fuzzed");
    private static final Mapping MEMORY = memory();

    private static Mapping memory() {
        try {
            return Mapping.anonymous(SegmentHeader.BYTES);
        } catch (MappingException e) {
            throw new IllegalStateException(e);
        }
    }

    @FuzzTest
    void read(FuzzedDataProvider data) {
        long available = data.consumeLong();
        boolean isMarked = data.consumeBoolean();
        byte[] input = Arrays.copyOf(data.consumeRemainingAsBytes(), SegmentHeader.BYTES);
        if (isMarked) { // else nearly every input is refused for its first bytes
            ByteBuffer fields = ByteBuffer.wrap(input).order(ByteOrder.nativeOrder());
            fields.putLong(0, SegmentHeader.MAGIC).putInt(SegmentHeader.AT_VERSION, SegmentHeader.VERSION);
        }
        ByteSlice head = MEMORY.bytes();
        head.copyFrom(0, input, 0, input.length);
        SegmentHeader.creatorOf(head);
        try {
            SegmentHeader header = SegmentHeader.read(SUBJECT, head, available);
            long bytes = header.shape().byteCount(header.dtype().itemBytes());
            assertTrue(bytes >= 0 && bytes <= available, header::toString);
            header.publish(head);
            assertEquals(header, SegmentHeader.read(SUBJECT, head, available));
        } catch (MappingException refused) {
            assertTrue(refused.getMessage().contains("fuzzed"), refused::getMessage);
        }
    }
}

/**
 * Agrona's buffers over memory that Quire maps.
 *
 * {@snippet :
 * try (Mapping map = Mapping.open(path, MapMode.READ_WRITE);
 *         PinnedBuffer buffer = PinnedBuffer.of(map.bytes())) {
 *     RingBuffer ring = new ManyToOneRingBuffer(buffer);
 *     ring.write(1, message, 0, length);
 * }
 * }
 *
 * <p>The module needs Agrona 2.6, which it does not bring along, and these options of {@code java}: Agrona's
 * {@code --add-exports java.base/jdk.internal.misc=ALL-UNNAMED} and Quire's
 * {@code --enable-native-access=ALL-UNNAMED}.
 */
@NullMarked
package dev.quire.agrona;

import org.jspecify.annotations.NullMarked;

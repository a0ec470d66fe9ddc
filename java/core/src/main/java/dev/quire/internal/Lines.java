package dev.quire.internal;

import dev.quire.internal.ffi.quire_lines;
import java.lang.foreign.MemorySegment;

/**
 * Where elements are, as {@code quire_lines} of the C layer: groups of lines of elements, each evenly spaced. Offsets
 * and strides are in bytes.
 *
 * @param offset of the first element, in a segment
 * @param groupStride from a group to the next
 * @param lines of a group
 * @param lineStride from a line to the next
 * @param length elements of a line
 * @param stride from an element of a line to the next
 */
public record Lines(long offset, long groups, long groupStride, long lines, long lineStride, long length, long stride) {
    /** A single line. */
    public static Lines of(long offset, long length, long stride) {
        return new Lines(offset, 1, 0, 1, 0, length, stride);
    }

    /** How many elements there are. */
    public long count() {
        return groups * lines * length;
    }

    /** Some of the groups and lines. */
    Lines part(long group, long someGroups, long line, long someLines) {
        return new Lines(
                offset + group * groupStride + line * lineStride,
                someGroups,
                groupStride,
                someLines,
                lineStride,
                length,
                stride);
    }

    /** A line of a group. */
    public Lines line(long group, long line) {
        return of(offset + group * groupStride + line * lineStride, length, stride);
    }

    /**
     * Whether neighbours of different lines are closer than those of a line, and enough to be reduced side by side: the
     * kernels decide likewise.
     */
    public boolean isAcross() {
        return lines >= 16 && Math.abs(lineStride) < Math.abs(stride);
    }

    void store(MemorySegment to, long base) {
        quire_lines.offset(to, base + offset);
        quire_lines.groups(to, groups);
        quire_lines.group_stride(to, groupStride);
        quire_lines.lines(to, lines);
        quire_lines.line_stride(to, lineStride);
        quire_lines.length(to, length);
        quire_lines.stride(to, stride);
    }
}

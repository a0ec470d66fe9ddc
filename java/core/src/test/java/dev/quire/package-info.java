/**
 * Tests of mappings. What went wrong in ways that have a kind, where it was seen, and which tests hold the kind now:
 *
 * <table>
 * <caption>Kinds</caption>
 * <tr><th>kind</th><th>where it was</th><th>what holds it now</th></tr>
 * <tr><td>a number of pages that 32 bits do not hold</td><td>{@code Residency.isResident} beyond 2^31
 * pages</td><td>{@code ResidencyTest}: {@code pagesBeyond...}, {@code joinedAnswers...}</td></tr>
 * <tr><td>one call for any size</td><td>residency of 16 TiB: 26 seconds under one hold, half a GiB of
 * bits</td><td>{@code ResidencyTest}: {@code aCloseEnds...}, {@code slices...}</td></tr>
 * <tr><td>an answer counts bytes that are not there</td><td>WILLNEED, prefetch, evict and discard of a file that
 * was cut</td><td>{@code CutFileTest}: {@code willneed...}, {@code evict...}; {@code check_posix.c}:
 * {@code check_answers_about_cut}</td></tr>
 * <tr><td>what nobody can ask for counts as fine</td><td>flush of a file that was renamed, removed or replaced, and
 * cut</td><td>{@code CutFileTest}: {@code flushTells...}; {@code check_posix.c}: {@code check_cut_without_name}</td>
 * </tr>
 * <tr><td>a range that nothing can have is an exception that nobody declares</td><td>offsets and lengths beyond 2^61
 * bytes in open, anonymous, resize and create</td><td>{@code FailureDetailsTest}: {@code rangesThatNo...}, {@code
 * moreMemory...}; {@code check_map.c}: {@code check_past_the_end}</td></tr>
 * <tr><td>a duration that nanoseconds do not hold</td><td>2^63 seconds, and as many before now, for changes that wait
 * for leases, and in the message of memory that is not complete</td><td>{@code LeaseTest}: {@code everyDuration...};
 * {@code shared.DeadlineTest}: {@code aWaitMay...}</td></tr>
 * <tr><td>a message does not say how long the file is</td><td>populate, lock, scans</td><td>{@code CutFileTest}:
 * {@code messages...}</td></tr>
 * <tr><td>a mistake that is none</td><td>resize of a part of a file</td><td>{@code CutFileTest}:
 * {@code aMapping...}</td></tr>
 * <tr><td>throws, though it promises a result</td><td>{@code advise} at the limit of mapped
 * areas</td><td>{@code MapLimitTest}</td></tr>
 * <tr><td>changes what it was to read</td><td>{@code POPULATE} of writable files</td><td>{@code PopulateOptionTest}
 * </td></tr>
 * <tr><td>unknown counts as unlimited</td><td>the guards of mapped areas and of memory, without a
 * descriptor</td><td>{@code check_processes.c}: {@code check_without_descriptors}</td></tr>
 * <tr><td>memory is taken and not asked for, or asked for and taken by another thread</td><td>lock, populate and
 * ensureResident of anonymous, shared and copy-on-write memory and of holes in memory files; pages of zeros that are
 * written to; threads that create at once; many small segments; files in memory that grow</td><td>{@code
 * shared.MemoryGroupTest}; {@code check_processes.c}: {@code child_of_group...}</td></tr>
 * <tr><td>what is refused has half happened</td><td>populate and lock, slice by slice, beyond the memory that there
 * is</td><td>{@code shared.MemoryGroupTest}: {@code pagesBeyond...}</td></tr>
 * </table>
 */
@org.jspecify.annotations.NullMarked
package dev.quire;

/**
 * Reading more than memory holds, without a page fault in Java code: {@link dev.quire.scan.Scan} goes through a range
 * from its beginning to its end and keeps pages coming ahead of its readers, {@link dev.quire.scan.Gather} reads
 * records that lie anywhere in one slice, many at a time, and {@link dev.quire.scan.Reads} makes batches of records of
 * many mappings, which it reads past the page cache where that is better.
 *
 * <p>The first two bring pages in by ordinary calls of the operating system, during which the virtual machine can reach
 * a
 * safepoint, and hand out {@link dev.quire.slice.ByteSlice}s: no bytes are copied.
 *
 * <h2>Batches, and which way they go</h2>
 *
 * {@snippet :
 * try (Batch batch = Reads.batch()) {                       // used again and again: it keeps its files open
 *     batch.add(vectors, 512 * i, 512);                     // any mappings, any order
 *     batch.add(graph, 4096 * j, 4096);
 *     BatchOutcome outcome = batch.run((index, record) -> use(index, record));
 * }
 * }
 *
 * <table>
 * <caption>The ways of a batch</caption>
 * <tr><th>way</th><th>how</th><th>page cache</th><th>serves</th></tr>
 * <tr><td>MAPPED</td><td>{@code process_madvise}, {@code MADV_POPULATE_READ}, and no copy</td><td>keeps the
 * pages</td><td>every kind of memory, everywhere</td></tr>
 * <tr><td>DIRECT</td><td>{@code io_uring} and {@code O_DIRECT} into registered buffers</td><td>has none of
 * them</td><td>files on Linux whose file system tells how to align such reads ({@code statx}, 6.1)</td></tr>
 * <tr><td>BUFFERED</td><td>{@code pread} or {@code ReadFile} by a pool of threads</td><td>keeps the
 * pages</td><td>files, where there is a native library</td></tr>
 * </table>
 *
 * <p>{@link dev.quire.scan.ReadWay#AUTO} decides for each mapping of each batch. It asks whether a few of the records
 * are in memory. If they are, all are read in place, and the longer that holds, the rarer it asks; pages that take long
 * to touch end that. Otherwise it takes DIRECT, unless that has cost 1.25 times as much as MAPPED, and MAPPED where
 * there is no DIRECT; now and then it tries the other one. DIRECT never makes a file warm: a program that reads the
 * same records again and has the memory for them asks for MAPPED.
 *
 * <p>Where {@code io_uring} is missing or forbidden, by a filter of system calls or {@code kernel.io_uring_disabled},
 * the pool serves instead of DIRECT. A file that was deleted or replaced, private changes, and memory without a file
 * are read in place. {@link dev.quire.scan.BatchOutcome} says which way the reads went,
 * {@code MappedMemory.statistics()} and {@code Platform.statistics()} add them up.
 *
 * <p>A batch reads what a file has at that moment: of a record that is written meanwhile, each sector is old or new.
 * Bytes that the file has lost are a {@link dev.quire.error.MemoryFaultException} that names it, whichever way.
 *
 * <h2>How a scan works</h2>
 *
 * <p>A scan cuts its target into pieces: 2 MiB where the kernel reads ahead, else a part of the window, and at least 64
 * KiB. A thread of the scan looks at pieces, brings them in and drops them. Each piece is in one of these states:
 *
 * <table>
 * <caption>States of a piece</caption>
 * <tr><th>state</th><th>meaning</th><th>becomes</th><th>when</th></tr>
 * <tr><td>KNOWN</td><td>it is known which of its pages were in memory before</td><td>ASKED</td><td>its pages are asked
 * for, or
 *   the kernel reads them ahead</td></tr>
 * <tr><td></td><td></td><td>UNASKED</td><td>no more chunks will be taken</td></tr>
 * <tr><td>ASKED</td><td>its pages are being read</td><td>READY</td><td>its pages are populated</td></tr>
 * <tr><td></td><td></td><td>UNREAD</td><td>no more chunks will be taken</td></tr>
 * <tr><td>READY</td><td>all its pages are in memory and mapped</td><td>IN_USE</td><td>the next chunk begins behind it,
 * and a
 *   chunk in use shows some of it</td></tr>
 * <tr><td></td><td></td><td>PASSED</td><td>the next chunk begins behind it, and no chunk in use shows any of
 * it</td></tr>
 * <tr><td>IN_USE</td><td>a reader still has some of it</td><td>PASSED</td><td>the last chunk that shows some of it is
 *   released</td></tr>
 * <tr><td>PASSED</td><td>no reader will want it</td><td>DROPPED</td><td>its pages are dropped, or left to another
 * scan</td></tr>
 * <tr><td>UNREAD</td><td>no reader will want it, but it is being read</td><td>DROPPED</td><td>the reading has been
 * waited for,
 *   and its pages are dropped</td></tr>
 * <tr><td>UNASKED</td><td>no reader will want it, and only a read-ahead may be reading it</td><td>DROPPED</td><td>a
 * read-ahead,
 *   if there may be one, has been waited for, and its pages are dropped</td></tr>
 * <tr><td>DROPPED</td><td>the scan has forgotten it</td><td></td><td></td></tr>
 * </table>
 *
 * <p>The budget counts what pieces in the states ASKED, READY, IN_USE, PASSED and UNREAD have brought in, and what
 * could not be dropped.
 *
 * <p><b>Locks.</b> A scan's turn lock makes readers take chunks one at a time; the pager's lock guards the states of
 * the scan's pieces and its chunks in use; the registry's lock, one for all files, guards which scan has brought in
 * which pages of a file. A reader that has the turn lock may take the pager's; the registry's is taken without another.
 * Neither the pager's lock nor the registry's is held during a call of the system that may block. Looking at pages and
 * dropping them is nevertheless one step towards other scans of the file: the scan marks the pages in the registry
 * meanwhile, and a scan that comes to marked pages waits for that mark.
 *
 * <h2>Numbers</h2>
 *
 * <p>The operating system has no interface that tells these; {@code Tunables} has them all.
 *
 * <table>
 * <caption>Numbers and their reasons</caption>
 * <tr><th>name</th><th>value</th><th>reason</th></tr>
 * <tr><td>LARGE_PAGE</td><td>2 MiB</td><td>A read-ahead of Linux makes pages up to this size in the page cache. Such a
 * page is
 *   dropped as a whole or not at all, so pieces have this size at most and are aligned to it in the file. A fault in
 *   one maps all of it (otherwise {@code fault_around_bytes}, 64 KiB), so up to this distance around is unmapped before
 *   pages are dropped.</td></tr>
 * <tr><td>REACH</td><td>32 MiB</td><td>Two read-aheads of 16 MiB, one in use and one under way: devices are set to 8
 * MiB at most
 *   (seen). It must be known what was in memory before the kernel reads there. What a larger read-ahead brings in
 *   stays.</td></tr>
 * <tr><td>READ_AHEAD_BUDGET</td><td>64 MiB</td><td>A read-ahead cannot be limited: smaller budgets have no room for
 * REACH beside
 *   the window, so their scans ask for each piece.</td></tr>
 * <tr><td>PIECES_PER_WINDOW</td><td>4</td><td>One piece is waited for while the others are under way.</td></tr>
 * <tr><td>LEAST_PIECE</td><td>64 KiB</td><td>Smaller pieces cost more system calls than they save memory.</td></tr>
 * <tr><td>RETRY_NANOS</td><td>10 ms</td><td>Pages may be held by the kernel for a moment, or by another process for
 * ever: the
 *   last scan of a file tries for so long.</td></tr>
 * <tr><td>RETRY_PAUSE_NANOS</td><td>1 ms</td><td>Ten tries in that time.</td></tr>
 * <tr><td>LOOK_NANOS</td><td>1 s</td><td>Nothing tells the thread that the mapping was closed or the scan forgotten, so
 * it
 *   looks.</td></tr>
 * <tr><td>FIRST_WINDOW</td><td>8 MiB</td><td>What a fast disk reads in 3 ms; the usual budget of 64 MiB has room for
 * the window to
 *   grow twice.</td></tr>
 * <tr><td>LEAST_GAIN</td><td>1.05</td><td>Smaller differences in speed are noise.</td></tr>
 * <tr><td>WINDOWS_PER_JUDGEMENT</td><td>4</td><td>One window is what was under way when the size changed; three more
 * tell its
 *   speed.</td></tr>
 * <tr><td>PARTS_PER_PROCESSOR</td><td>4</td><td>More parts than threads, so that a thread that comes late finds
 * one.</td></tr>
 * <tr><td>DELIMITER_BLOCK</td><td>4 KiB</td><td>Long enough for most records, short enough to cost little.</td></tr>
 * <tr><td>GATHER_DEPTH</td><td>256</td><td>Disks with queues reach their limit with so many requests.</td></tr>
 * <tr><td>BUFFER_BYTES</td><td>8 MiB</td><td>What an ordinary user may have pinned, by default, since Linux
 * 5.16.</td></tr>
 * <tr><td>LEAST_SLOT</td><td>4 KiB</td><td>Smaller slots do not begin at the multiples that devices want.</td></tr>
 * <tr><td>MOST_COPIED</td><td>64 MiB</td><td>A copy of more takes more memory than it saves.</td></tr>
 * <tr><td>MOST_ROUTES</td><td>1000</td><td>Processes may often have 1,024 files open.</td></tr>
 * <tr><td>MOST_WORKERS</td><td>32</td><td>Threads that wait for a device cost memory, and half of a disk's queue is
 * near its limit.</td></tr>
 * <tr><td>POOL_SECONDS</td><td>10</td><td>Longer than a busy program pauses between two batches.</td></tr>
 * <tr><td>WAKES_PER_DEPTH</td><td>4</td><td>Records are read while others come, and not each of them wakes a
 * thread.</td></tr>
 * <tr><td>SAMPLES</td><td>4</td><td>Each costs as much as reading a record or two that are in memory.</td></tr>
 * <tr><td>MOST_TRUST</td><td>64</td><td>One question in so many batches costs nothing that shows.</td></tr>
 * <tr><td>TOUCH_NANOS</td><td>5000</td><td>A page of the cache that is not mapped yet takes 500 ns, one of a fast disk
 * 60,000.</td></tr>
 * <tr><td>COST_MEMORY</td><td>8</td><td>A few slow batches do not change the way, a slow device does.</td></tr>
 * <tr><td>DIRECT_WORTH</td><td>1.25</td><td>What others keep in memory is worth something.</td></tr>
 * <tr><td>TRIAL_BATCHES</td><td>32</td><td>A trial of a way that costs twice as much costs 3 % of all.</td></tr>
 * </table>
 */
@NullMarked
package dev.quire.scan;

import org.jspecify.annotations.NullMarked;

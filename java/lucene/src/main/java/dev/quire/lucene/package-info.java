/**
 * Lucene indexes in files that Quire maps.
 *
 * {@snippet :
 * try (QuireDirectory directory = new QuireDirectory(folder);
 *         DirectoryReader reader = DirectoryReader.open(directory)) {
 *     TopDocs found = new IndexSearcher(reader).search(new TermQuery(new Term("body", "memory")), 10);
 *     directory.checkDamage(); // no score was computed from bytes that are gone
 * }
 * }
 *
 * <p>{@link dev.quire.lucene.QuireDirectory} is a {@link org.apache.lucene.store.Directory} whose inputs read mapped
 * files in place. What it has beyond Lucene's own {@code MMapDirectory}:
 *
 * <table>
 *   <caption>What is different</caption>
 *   <thead><tr><th>Subject</th><th>Here</th></tr></thead>
 *   <tbody>
 *   <tr><td>a file is truncated while it is searched</td><td>{@link org.apache.lucene.index.CorruptIndexException},
 *   with the Vector API on too; the virtual machine lives</td></tr>
 *   <tr><td>a file of any size</td><td>one map and one segment</td></tr>
 *   <tr><td>closing a segment's reader</td><td>one handshake with the other threads for all files of the segment, and
 *   one for each later generation of its updates, whose space is then free</td></tr>
 *   <tr><td>hints</td><td>{@link dev.quire.lucene.FilePolicy} decides for each file; {@link
 *   dev.quire.lucene.HintCount} tells what the operating system did</td></tr>
 *   <tr><td>prefetching</td><td>{@link dev.quire.lucene.PrefetchBatch} takes positions of many inputs and asks for all
 *   of them at once</td></tr>
 *   <tr><td>what is in memory</td><td>{@link dev.quire.lucene.QuireDirectory#residency()}, file by file</td></tr>
 *   </tbody>
 * </table>
 *
 * <p>The module needs Lucene 10.6, which it does not bring along, and
 * {@code --enable-native-access=dev.quire} or {@code ALL-UNNAMED}. Without the native library files are mapped by the
 * JDK: everything works but for hints, residency and truncated files.
 */
@NullMarked
package dev.quire.lucene;

import org.jspecify.annotations.NullMarked;

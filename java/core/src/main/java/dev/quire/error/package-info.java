/**
 * How failures and faults are reported.
 *
 * <table>
 *   <caption>Which exception means what</caption>
 *   <thead><tr><th>What happened</th><th>Exception</th><th>Checked</th></tr></thead>
 *   <tbody>
 *   <tr><td>the system refused</td><td>{@link dev.quire.error.MappingException}, four kinds</td><td>yes</td></tr>
 *   <tr><td>mapped bytes are lost</td><td>{@link dev.quire.error.MemoryFaultException}</td><td>no</td></tr>
 *   <tr><td>read-only memory was written</td><td>{@link dev.quire.error.ReadOnlyMemoryException}</td><td>no</td></tr>
 *   <tr><td>used after close</td><td>{@link java.lang.IllegalStateException}</td><td>no</td></tr>
 *   <tr><td>confined memory, other thread</td><td>{@link java.lang.WrongThreadException}</td><td>no</td></tr>
 *   <tr><td>offset, index or range outside</td><td>{@link java.lang.IndexOutOfBoundsException}</td><td>no</td></tr>
 *   <tr><td>the platform lacks a hint</td><td>none: an {@link dev.quire.hint.Outcome}</td><td></td></tr>
 *   </tbody>
 * </table>
 */
@NullMarked
package dev.quire.error;

import org.jspecify.annotations.NullMarked;

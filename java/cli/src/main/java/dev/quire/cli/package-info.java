/**
 * The {@code quire} command: each command makes a {@link dev.quire.cli.Report}, which is printed as text or as JSON.
 */
@NullMarked
package dev.quire.cli;

import org.jspecify.annotations.NullMarked;

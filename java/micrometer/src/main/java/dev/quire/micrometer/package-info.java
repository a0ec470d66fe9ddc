/**
 * Quire's counters as meters of Micrometer.
 *
 * {@snippet :
 * new ProcessMetrics().bindTo(registry);
 * new MappingMetrics("index", map).bindTo(registry);
 * }
 *
 * <p>Nothing is measured but when a registry asks. The module needs Micrometer 1.17, which it does not bring along.
 */
@NullMarked
package dev.quire.micrometer;

import org.jspecify.annotations.NullMarked;

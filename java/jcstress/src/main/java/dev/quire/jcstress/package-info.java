/**
 * What two threads may see of each other, tried in every way HotSpot compiles and orders it by OpenJDK's jcstress:
 * {@code scripts/jcstress}. A test is a class of its own, or one nested in a class that says what they have in common;
 * its outcomes are the promise. {@link Memory} gives memory that is closed in the test, {@link Words} words of memory
 * that stays.
 */
package dev.quire.jcstress;

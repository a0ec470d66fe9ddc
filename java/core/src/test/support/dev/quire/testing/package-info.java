/** What the tests of several packages share. */
package dev.quire.testing;

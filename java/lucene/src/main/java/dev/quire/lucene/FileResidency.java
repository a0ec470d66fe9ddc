package dev.quire.lucene;

import dev.quire.hint.Residency;

/**
 * How much of an open file is in memory.
 *
 * @param file name without a folder
 * @param byteSize how long the file was when it was opened
 * @param residency which of its pages are in memory, if the operating system tells
 */
public record FileResidency(String file, long byteSize, Residency residency) {}

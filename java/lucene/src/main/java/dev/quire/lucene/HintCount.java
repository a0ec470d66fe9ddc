package dev.quire.lucene;

import dev.quire.hint.HintResult;

/**
 * How often a request about pages had a result, since its directory was made.
 *
 * @param request the name of a {@link dev.quire.hint.Hint}, or {@code PREFETCH}, {@code PRELOAD} or {@code LOCK}
 * @param result what the operating system did with it; a prefetch of pages that are in memory already is
 *     {@link HintResult#IGNORED}, without having asked the operating system each time
 * @param calls how often
 * @param bytes on how many bytes it took effect, all calls together
 */
public record HintCount(String request, HintResult result, long calls, long bytes) {}

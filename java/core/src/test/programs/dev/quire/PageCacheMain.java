package dev.quire;

import java.nio.file.Path;

/** Prints what the page cache tells this user of a file. */
final class PageCacheMain {
    private PageCacheMain() {}

    public static void main(String[] arguments) throws Exception {
        PageCache cache = PageCache.of(Path.of(arguments[0]));
        System.out.println(cache.isKnown() + " " + cache.cachedBytes() + " " + cache.dirtyPages());
    }
}

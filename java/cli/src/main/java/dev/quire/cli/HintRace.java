package dev.quire.cli;

import dev.quire.Lifetime;
import dev.quire.MapMode;
import dev.quire.MapOptions;
import dev.quire.Mapping;
import dev.quire.Platform;
import dev.quire.error.MappingException;
import dev.quire.hint.Hint;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import dev.quire.slice.ByteSlice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads the same cold range again and again, each time with another hint. */
final class HintRace {
    /** A slow disk without reading ahead does some 5 MB/s: long enough to measure, short enough to wait for. */
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(700);

    /** How often the clock is looked at: less often than a page, so that it costs nothing beside memory either. */
    private static final int CLOCK_BYTES = 256 << 10;

    private static final List<Entrant> ENTRANTS = List.of(
            new Entrant("RANDOM", "advise(RANDOM)", map -> map.advise(Hint.RANDOM)),
            new Entrant("NORMAL", "advise(NORMAL)", map -> map.advise(Hint.NORMAL)),
            new Entrant("SEQUENTIAL", "advise(SEQUENTIAL)", map -> map.advise(Hint.SEQUENTIAL)),
            new Entrant("WILLNEED", "advise(WILLNEED)", map -> map.advise(Hint.WILLNEED)),
            new Entrant("populate", "populate()", Mapping::populate));

    /** No platform has smaller pages; for one that does not tell. */
    private static final long LEAST_PAGE = 4096;

    private final Mapping map;
    private final long pageBytes;
    /** Keeps the compiler from leaving out reads whose value nobody wants. */
    @SuppressWarnings("UnusedVariable")
    private long checksum;

    private HintRace(Mapping map) {
        this.map = map;
        this.pageBytes = Math.max(LEAST_PAGE, Platform.pageSize());
    }

    /**
     * One pass over the range.
     *
     * @param name of the hint
     * @param call that gave it
     * @param outcome what the platform did with it
     * @param coldBytes of the range that were not in memory when the pass began, or -1 if the system does not tell
     * @param readBytes so far the pass came
     * @param seconds it took, with giving the hint
     */
    record Lap(String name, String call, Outcome outcome, long coldBytes, long readBytes, double seconds) {
        double bytesPerSecond() {
            return readBytes / Math.max(seconds, 1e-9);
        }
    }

    private record Entrant(String name, String call, Plan plan) {}

    private interface Plan {
        Outcome giveTo(Mapping map) throws MappingException;
    }

    /** A pass for each hint; the first one, which only warms up the device and the compiler, does not count. */
    static List<Lap> run(Path file, long offset, long length) throws MappingException {
        MapOptions range = MapOptions.DEFAULT.offset(offset).length(length);
        try (Mapping map = Mapping.open(file, MapMode.READ_ONLY, Lifetime.CONFINED, range)) {
            HintRace race = new HintRace(map);
            race.lap(ENTRANTS.getLast());
            List<Lap> laps = new ArrayList<>();
            for (Entrant entrant : ENTRANTS) {
                laps.add(race.lap(entrant));
            }
            return laps;
        }
    }

    private Lap lap(Entrant entrant) throws MappingException {
        map.evict();
        Residency residency = map.residency();
        long cold = residency.known() ? map.byteSize() - Math.min(map.byteSize(), residency.residentBytes()) : -1;
        long start = System.nanoTime();
        Outcome outcome = entrant.plan().giveTo(map);
        long read = map.guarded(() -> readUntil(start + PATIENCE_NANOS));
        double seconds = (System.nanoTime() - start) / 1e9;
        map.advise(Hint.NORMAL);
        return new Lap(entrant.name(), entrant.call(), outcome, cold, read, seconds);
    }

    private long readUntil(long deadline) {
        long done = 0;
        while (done < map.byteSize() && System.nanoTime() - deadline < 0) {
            long step = Math.min(CLOCK_BYTES, map.byteSize() - done);
            touch(map.bytes().slice(done, step));
            done += step;
        }
        return done;
    }

    private void touch(ByteSlice bytes) {
        for (long index = 0; index < bytes.length(); index += pageBytes) {
            checksum += bytes.get(index);
        }
    }
}

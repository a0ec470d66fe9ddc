package dev.quire.cli;

import dev.quire.hint.Residency;
import java.util.LinkedHashMap;
import java.util.Map;

/** Residency for people: a bar of 60 cells, as vmtouch draws it, and a sentence. */
final class ResidencyPicture {
    static final String LEGEND = "O all pages of a cell are in memory, o some, blank none";

    /** Fits with its brackets and an indent into 80 columns. */
    private static final int CELLS = 60;

    private ResidencyPicture() {}

    /** {@code [OOOooO    OO  ]}, with {@code ?} where the system does not tell. */
    static String bar(Residency residency) {
        int cells = (int) Math.min(CELLS, residency.pages());
        StringBuilder bar = new StringBuilder("[");
        for (int cell = 0; cell < cells; cell++) {
            long from = residency.pages() * cell / cells;
            long to = residency.pages() * (cell + 1) / cells;
            bar.append(residency.known() ? cell(residency, from, to) : '?');
        }
        return bar.append(']').toString();
    }

    /** What a program asks of a residency, by name. */
    static Map<String, Object> facts(Residency residency) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("known", residency.known());
        facts.put("pages", residency.pages());
        facts.put("resident", residency.residentPages());
        facts.put("pageSize", residency.pageSize());
        facts.put("residentBytes", residency.residentBytes());
        return facts;
    }

    private static char cell(Residency residency, long from, long to) {
        long resident = 0;
        for (long page = from; page < to; page++) {
            resident += residency.isResident(page) ? 1 : 0;
        }
        if (resident == 0) {
            return ' ';
        }
        return resident == to - from ? 'O' : 'o';
    }

    /** How much is in memory. */
    static String sentence(Residency residency) {
        String pages = Text.count(residency.pages(), "page") + " of " + Text.bytes(residency.pageSize());
        if (!residency.known()) {
            return pages + "; which of them are in memory the system tells only the file's owner and who may write it";
        }
        return Text.count(residency.residentPages()) + " of " + pages + " in memory: "
                + Text.bytes(residency.residentBytes()) + ", "
                + Text.percent(residency.residentPages(), residency.pages());
    }
}

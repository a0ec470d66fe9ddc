package dev.quire.cli;

import java.util.List;
import java.util.Map;

/** What a command found out. */
interface Report {
    /** Of a command whose result went to standard output itself. */
    Report NOTHING = new Report() {
        @Override
        public Map<String, Object> facts() {
            return Map.of();
        }

        @Override
        public List<String> lines() {
            return List.of();
        }
    };

    /** For programs: the members of one JSON object, in order. */
    Map<String, Object> facts();

    /** For people. */
    List<String> lines();
}

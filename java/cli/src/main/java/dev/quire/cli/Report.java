package dev.quire.cli;

import java.util.List;
import java.util.Map;

/** What a command found out. */
interface Report {
    /** For programs: the members of one JSON object, in order. */
    Map<String, Object> facts();

    /** For people. */
    List<String> lines();
}

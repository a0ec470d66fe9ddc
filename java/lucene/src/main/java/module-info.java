/** Lucene indexes in files that Quire maps: {@link dev.quire.lucene.QuireDirectory}. */
module dev.quire.lucene {
    requires transitive dev.quire;
    requires transitive org.apache.lucene.core;
    requires static org.jspecify;

    exports dev.quire.lucene;
}

/** The {@code quire} command. */
module dev.quire.cli {
    requires dev.quire;
    requires info.picocli;
    requires me.tongfei.progressbar;
    requires static org.jspecify;

    opens dev.quire.cli to
            info.picocli;
}

/** The {@code quire} command. */
@SuppressWarnings("requires-automatic") // the chart library is no module yet
module dev.quire.cli {
    requires dev.quire;
    requires info.picocli;
    requires java.desktop;
    requires me.tongfei.progressbar;
    requires xchart;
    requires static org.jspecify;

    opens dev.quire.cli to
            info.picocli;
}

/** A user of the library who has modules. */
module consumer {
    requires dev.quire;
}

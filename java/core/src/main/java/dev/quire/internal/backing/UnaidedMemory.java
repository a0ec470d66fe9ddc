package dev.quire.internal.backing;

import dev.quire.error.MappingException;
import dev.quire.hint.ByteRange;
import dev.quire.hint.Hint;
import dev.quire.hint.HintResult;
import dev.quire.hint.Outcome;
import dev.quire.hint.Residency;
import java.util.BitSet;
import java.util.List;

/** Memory that the C layer does not know of, and what only that can do: an answer or an exception that says so. */
abstract sealed class UnaidedMemory implements Backing permits JdkMemory, OutsideMemory {
    /** The JDK does not say which pages there are, let alone which are in memory. */
    private static final Residency UNKNOWN = new Residency(0, 0, false, new BitSet());

    private static final Outcome UNSUPPORTED = new Outcome(HintResult.UNSUPPORTED, 0);

    final Subject subject;

    UnaidedMemory(Subject subject) {
        this.subject = subject;
    }

    /** Why the C layer cannot be asked. */
    abstract String why();

    private MappingException cannot(String operation) {
        return Failures.unsupported(operation, subject, why());
    }

    @Override
    public boolean isNative() {
        return false;
    }

    @Override
    public Outcome advise(Extent now, long offset, long length, Hint hint, boolean looks) {
        return UNSUPPORTED;
    }

    @Override
    public long adviseBriefly(Extent now, long offset, long length, Hint hint) {
        return 0;
    }

    @Override
    public Outcome prefetch(Extent now, List<ByteRange> ranges) {
        return UNSUPPORTED;
    }

    @Override
    public void checkMemory(Extent now, long offset, long length, int use) {}

    @Override
    public Outcome populate(Extent now, long offset, long length, boolean write) {
        return UNSUPPORTED;
    }

    @Override
    public void lock(Extent now, long offset, long length, boolean onFault) throws MappingException {
        throw cannot("lock");
    }

    @Override
    public void unlock(Extent now, long offset, long length) throws MappingException {
        throw cannot("unlock");
    }

    @Override
    public boolean isResident(Extent now, long offset, long length) {
        return false;
    }

    @Override
    public Residency residency(Extent now, long offset, long length) {
        return UNKNOWN;
    }

    @Override
    public Outcome evict(Extent now, long offset, long length) {
        return UNSUPPORTED;
    }

    @Override
    public Outcome discard(Extent now, long offset, long length) {
        return UNSUPPORTED;
    }

    @Override
    public List<ByteRange> restore(Extent now) {
        return List.of();
    }

    @Override
    public void seal(Extent now, int seals) throws MappingException {
        throw cannot("seal");
    }

    @Override
    public int seals(Extent now) {
        return 0;
    }

    @Override
    public boolean await(Extent now, long offset, int expected, long nanos) {
        return false;
    }

    @Override
    public void wake(Extent now, long offset) {}

    @Override
    public Change resizing(long length) throws MappingException {
        throw cannot("resize");
    }

    @Override
    public Change protecting(boolean writable) throws MappingException {
        throw cannot("protect");
    }

    @Override
    public Change freezing(int seals) throws MappingException {
        throw cannot("seal");
    }

    @Override
    public void requireChangeable(String operation) throws MappingException {
        throw cannot(operation);
    }
}

package dev.quire.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Threads that do nothing but exist: what a handshake with every thread has to ask. */
@State(Scope.Benchmark)
public class IdleThreads {
    /** How many. */
    @Param({"0", "50", "200"})
    public int idle;

    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    /** Starts them. */
    @Setup(Level.Trial)
    public void start() {
        for (int i = 0; i < idle; i++) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                while (!stopped) {
                    LockSupport.park(this);
                }
            }));
        }
    }

    /** Ends them. */
    @TearDown(Level.Trial)
    public void stop() {
        stopped = true;
        threads.forEach(LockSupport::unpark);
    }
}

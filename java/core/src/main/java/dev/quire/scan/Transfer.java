package dev.quire.scan;

import dev.quire.error.MappingException;
import dev.quire.internal.ReadRing;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Gets the bytes of requests into their slots, many at once. */
interface Transfer {
    /** Begins. */
    void begin(List<Request> requests) throws MappingException;

    /** Waits until some have arrived, one at least if any is under way, and says which. */
    List<Request> arrived() throws MappingException;

    /** By a ring. A virtual thread leaves what a ring's thread does, from beginning to end, to one of the pool. */
    final class ByRing implements Transfer {
        private final ReadRing ring;
        private final Request[] bySlot;
        private final List<Request> waiting = new ArrayList<>();
        private final boolean isLeft = Thread.currentThread().isVirtual();
        private int underWay;

        ByRing(ReadRing ring, int slots) {
            this.ring = ring;
            this.bySlot = new Request[slots];
        }

        @Override
        public void begin(List<Request> requests) throws MappingException {
            waiting.addAll(requests);
            if (!isLeft) {
                submit();
            }
        }

        /** What the system does not take is read at once. */
        private void submit() {
            for (int i = 0; i < waiting.size(); i++) {
                Request one = waiting.get(i);
                bySlot[one.slot()] = one;
                ring.prepare(i, one.route.source(), one.from(), one.bytes(), one.address(), one.slot());
            }
            int begun = waiting.isEmpty() ? 0 : ring.submit(waiting.size());
            underWay += begun;
            waiting.subList(0, begun).clear();
            waiting.forEach(Request::readNow);
        }

        @Override
        public List<Request> arrived() throws MappingException {
            return Blocking.run(() -> {
                if (isLeft) {
                    submit();
                }
                List<Request> here = new ArrayList<>(waiting);
                waiting.clear();
                while (underWay > 0 && (isLeft || here.isEmpty())) {
                    take(here);
                }
                return here;
            });
        }

        private void take(List<Request> here) throws MappingException {
            int count = ring.await(Math.max(1, underWay / Tunables.WAKES_PER_DEPTH));
            for (int i = 0; i < count; i++) {
                Request one = bySlot[(int) ring.tag(i)];
                one.arrived(ring.done(i));
                here.add(one);
            }
            underWay -= count;
        }
    }

    /** By threads of the pool, each of which takes the next request until there is none. */
    final class ByPool implements Transfer {
        private final Queue<Request> waiting = new ConcurrentLinkedQueue<>();
        private final AtomicInteger workers = new AtomicInteger();
        private final BlockingQueue<Request> done = new LinkedBlockingQueue<>();
        private int underWay;

        @Override
        public void begin(List<Request> requests) {
            waiting.addAll(requests);
            underWay += requests.size();
            for (int i = 0; i < requests.size() && joins(); i++) {
                startWorker();
            }
        }

        /** Where there is no thread left, the calling one does the work: somebody counts on it. */
        private void startWorker() {
            try {
                Blocking.start(this::work);
            } catch (OutOfMemoryError e) {
                work();
            }
        }

        private boolean joins() {
            return workers.getAndUpdate(count -> Math.min(count + 1, Tunables.MOST_WORKERS)) < Tunables.MOST_WORKERS;
        }

        /** Who has found nothing looks again when it does not count any more: begin may have counted on it. */
        private void work() {
            do {
                for (Request one = waiting.poll(); one != null; one = waiting.poll()) {
                    one.readNow();
                    done.add(one);
                }
                workers.getAndDecrement();
            } while (!waiting.isEmpty() && joins());
        }

        @Override
        public List<Request> arrived() {
            List<Request> here = new ArrayList<>();
            if (underWay > 0) {
                here.add(taken());
                done.drainTo(here);
                underWay -= here.size();
            }
            return here;
        }

        private Request taken() {
            boolean interrupted = false;
            try {
                for (; ; ) {
                    try {
                        return done.take();
                    } catch (InterruptedException e) {
                        interrupted = true;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}

package service;

import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.stereotype.Component;

/** Requests in flight, and whether the service is draining. */
@Component
class Flight {

    private static final long DRAIN_MILLIS = 8_000; // the contract allows 10 s in all

    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean draining;

    void begin() {
        open.incrementAndGet();
    }

    void end() {
        open.decrementAndGet();
    }

    boolean draining() {
        return draining;
    }

    /** Returns when nothing is in flight any more. */
    void drain() {
        draining = true;
        var deadline = System.currentTimeMillis() + DRAIN_MILLIS;
        try {
            while (open.get() > 0 && System.currentTimeMillis() < deadline) {
                Thread.sleep(20);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

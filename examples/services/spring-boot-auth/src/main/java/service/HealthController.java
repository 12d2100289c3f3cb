package service;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class HealthController {

    private final Flight flight;
    private final PrometheusMeterRegistry registry;

    HealthController(Flight flight, PrometheusMeterRegistry registry) {
        this.flight = flight;
        this.registry = registry;
    }

    @GetMapping("/healthz")
    Map<String, String> health() {
        return Map.of("status", "ok");
    }

    @GetMapping("/readyz")
    Map<String, String> ready() {
        if (flight.draining()) {
            throw new Refusal(HttpStatus.SERVICE_UNAVAILABLE, "NOT_READY", "draining");
        }
        return Map.of("status", "ready");
    }

    @GetMapping(path = "/metrics", produces = "text/plain; version=0.0.4; charset=utf-8")
    String metrics() {
        return registry.scrape();
    }
}

package service;

import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Fault injection, to test how the service handles faults. */
@RestController
@ConditionalOnProperty(name = "FAULTS", havingValue = "1")
class FaultsController {

    @GetMapping("/_fault/panic")
    void panic() {
        throw new IllegalStateException("asked for by /_fault/panic");
    }

    @GetMapping("/_fault/slow")
    Map<String, Integer> slow(@RequestParam String ms) throws InterruptedException {
        if (!ms.matches("[0-9]{1,4}") || Integer.parseInt(ms) > 5000) {
            throw new Refusal(HttpStatus.BAD_REQUEST, "BAD_REQUEST", "ms must be an integer from 0 to 5000");
        }
        Thread.sleep(Integer.parseInt(ms));
        return Map.of("slept_ms", Integer.parseInt(ms));
    }
}

package service;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import jakarta.servlet.FilterChain;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.ContentCachingResponseWrapper;

/** Gives each request its trace id; counts, times and (if asked) logs its answer; bounds its body. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class Observe extends OncePerRequestFilter {

    static final String TRACE = "trace_id";

    private static final Pattern TRACEPARENT =
        Pattern.compile("00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final Duration[] BUCKETS =
        DoubleStream.of(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
            .mapToObj(seconds -> Duration.ofNanos(Math.round(seconds * 1e9)))
            .toArray(Duration[]::new);

    private final MeterProvider<Counter> requests;
    private final MeterProvider<Timer> durations;
    private final Flight flight;
    private final Log log;
    private final boolean logged;

    Observe(PrometheusMeterRegistry registry, Flight flight, Log log, @Value("${LOG:off}") String level) {
        requests = Counter.builder("http.requests").description("Requests answered.").withRegistry(registry);
        durations = Timer.builder("http.request.duration")
            .description("Time from the first filter to the answer.")
            .serviceLevelObjectives(BUCKETS)
            .withRegistry(registry);
        this.flight = flight;
        this.log = log;
        logged = level.equals("access");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException {
        var began = System.nanoTime();
        flight.begin();
        var trace = traceId(request.getHeader("traceparent"));
        request.setAttribute(TRACE, trace);
        response.setHeader("X-Trace-Id", trace);
        // Only a copy knows the number of bytes before Tomcat has sent them.
        var copy = logged ? new ContentCachingResponseWrapper(response) : null;
        try {
            chain.doFilter(new BoundedRequest(request), logged ? copy : response);
        } catch (Exception exception) { // from outside the controllers, which have their own handler
            log.fault(exception, trace);
            response.sendError(HttpServletResponse.SC_INTERNAL_SERVER_ERROR);
        } finally {
            end(request, response, trace, System.nanoTime() - began, copy);
            flight.end();
        }
    }

    private void end(HttpServletRequest request, HttpServletResponse response, String trace, long nanos,
            ContentCachingResponseWrapper copy) throws IOException {
        var pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        var route = pattern == null ? "unmatched" : pattern.toString();
        var method = request.getMethod();
        requests.withTags("method", method, "route", route, "status", Integer.toString(response.getStatus())).increment();
        durations.withTags("method", method, "route", route).record(Duration.ofNanos(nanos));
        if (copy == null) {
            return;
        }
        var fields = new LinkedHashMap<String, Object>();
        fields.put(TRACE, trace);
        fields.put("method", method);
        fields.put("route", route);
        fields.put("status", response.getStatus());
        fields.put("duration_ms", nanos / 1000 / 1000.0);
        fields.put("bytes", copy.getContentSize());
        copy.copyBodyToResponse();
        log.request(fields);
    }

    /** The caller's W3C trace id, or a new one. */
    private static String traceId(String header) {
        if (header != null) {
            var match = TRACEPARENT.matcher(header);
            if (match.matches()) {
                return match.group(1);
            }
        }
        var id = new byte[16];
        ThreadLocalRandom.current().nextBytes(id); // to be unique, not to be secret
        return HexFormat.of().formatHex(id);
    }
}

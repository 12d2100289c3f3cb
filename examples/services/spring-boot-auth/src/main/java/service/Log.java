package service;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** One JSON object per line on standard output. */
@Component
class Log {

    private final org.slf4j.Logger lines = LoggerFactory.getLogger(Log.class);
    private final JsonMapper mapper;

    Log(JsonMapper mapper) {
        this.mapper = mapper;
    }

    void request(Map<String, Object> fields) {
        write("info", "request", fields);
    }

    /** The stack is logged here; the caller gets only the trace id to find it by. */
    void fault(Throwable fault, Object trace) {
        var stack = new StringWriter();
        fault.printStackTrace(new PrintWriter(stack));
        write("error", "internal error", Map.of("trace_id", String.valueOf(trace), "stack", stack.toString()));
    }

    private void write(String level, String message, Map<String, Object> fields) {
        var line = new LinkedHashMap<String, Object>();
        line.put("ts", Instant.now().toString());
        line.put("level", level);
        line.put("msg", message);
        line.putAll(fields);
        // Logback's level is the threshold of the frameworks' own messages; ours always pass it.
        lines.error(mapper.writeValueAsString(line));
    }
}

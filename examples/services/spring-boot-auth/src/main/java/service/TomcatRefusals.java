package service;

import java.io.IOException;
import java.util.UUID;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;

/** Tomcat's own refusals in the error envelope. Public, because Tomcat makes it from its name. */
public class TomcatRefusals extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable fault) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        var known = request.getAttribute(Observe.TRACE);
        var trace = known != null ? known : UUID.randomUUID().toString().replace("-", "");
        var code = Envelope.CODES.getOrDefault(response.getStatus(), "INTERNAL");
        response.setHeader("X-Trace-Id", trace.toString());
        response.setContentType("application/json");
        try {
            response.getReporter().write(
                "{\"error\":{\"code\":\"%s\",\"message\":\"the request is refused\",\"trace_id\":\"%s\"}}".formatted(code, trace));
            response.finishResponse();
        } catch (IOException gone) {
            // The client has gone, so no response is sent.
        }
    }
}

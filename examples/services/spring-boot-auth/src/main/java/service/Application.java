package service;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import sun.misc.Signal;

/** Contract `auth` on Spring Boot: start and drain. */
@SpringBootApplication
public class Application {

    public static void main(String[] arguments) {
        var context = SpringApplication.run(Application.class, arguments);
        var flight = context.getBean(Flight.class);
        // The JVM ends with 143 after SIGTERM, and Spring's graceful shutdown refuses new connections at once. Waiting
        // first lets a load balancer read the 503 of /readyz.
        Signal.handle(new Signal("TERM"), signal -> {
            flight.drain();
            System.exit(SpringApplication.exit(context));
        });
    }
}

package service;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.type.LogicalType;

@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
class Configuration implements WebMvcConfigurer {

    private final Tokens tokens;

    Configuration(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(new TokenRequired(tokens)).addPathPatterns("/api/**");
    }

    @Bean
    static PrometheusMeterRegistry registry() {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    /** Jackson would read the number 5 as the text "5". */
    @Bean
    static JsonMapperBuilderCustomizer textIsText() {
        return builder -> builder.withCoercionConfig(LogicalType.Textual, text -> {
            for (var shape : new CoercionInputShape[] {
                    CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean}) {
                text.setCoercion(shape, CoercionAction.Fail);
            }
        });
    }

    /** Tomcat refuses some requests before any filter sees them, with a page of HTML. */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> envelopeOfTomcat() {
        return factory -> factory.addContextCustomizers(
            context -> ((StandardHost) context.getParent()).setErrorReportValveClass(TomcatRefusals.class.getName()));
    }
}

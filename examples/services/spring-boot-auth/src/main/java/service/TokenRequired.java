package service;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.HandlerInterceptor;

/** Lets a request pass to its controller with a valid bearer token only. */
class TokenRequired implements HandlerInterceptor {

    private static final String SCHEME = "Bearer ";

    private final Tokens tokens;

    TokenRequired(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        var header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null
                && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && tokens.accepts(header.substring(SCHEME.length()))) {
            return true;
        }
        throw new Refusal(HttpStatus.UNAUTHORIZED, "UNAUTHORIZED", "a valid bearer token is needed");
    }
}

package service;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import org.hibernate.validator.constraints.CodePointLength;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuthController {

    // Code points: @Size would count an emoji as two.
    record Credentials(
        @NotNull @CodePointLength(min = 1, max = 128) String username,
        @NotNull @CodePointLength(min = 1, max = 128) String password) {}

    record Token(String token, String token_type, int expires_in) {}

    private final Users users;
    private final Tokens tokens;

    AuthController(Users users, Tokens tokens) {
        this.users = users;
        this.tokens = tokens;
    }

    // Without `consumes`: the route is to match whatever the content type, which the message converters refuse.
    @PostMapping("/auth")
    Token login(@Valid @RequestBody Credentials given) {
        if (!users.admits(given.username(), given.password())) {
            throw new Refusal(HttpStatus.UNAUTHORIZED, "BAD_CREDENTIALS", "username or password is wrong");
        }
        return new Token(tokens.issue(given.username()), "Bearer", Tokens.SECONDS);
    }

    /** Public under /user, behind the token under /api. */
    @GetMapping({"/user/{id}", "/api/users/{id}"})
    Users.User user(@PathVariable String id) {
        return users.find(id).orElseThrow(() -> new Refusal(HttpStatus.NOT_FOUND, "NOT_FOUND", "no such user"));
    }
}

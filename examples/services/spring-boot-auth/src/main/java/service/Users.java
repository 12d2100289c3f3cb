package service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Service;

@Service
class Users {

    record User(int id, String name, int age) {}

    private final Map<Integer, User> byId = new HashMap<>();
    private final Map<String, User> byName = new HashMap<>();

    Users() {
        for (var id = 1; id <= 1000; id++) {
            var user = new User(id, "user" + id, 20 + id % 50);
            byId.put(id, user);
            byName.put(user.name(), user);
        }
    }

    /** The user of an id in ASCII digits; Integer.parseInt would read other scripts' digits as well. */
    Optional<User> find(String id) {
        return id.matches("[0-9]{1,9}") ? Optional.ofNullable(byId.get(Integer.parseInt(id))) : Optional.empty();
    }

    /**
     * The contract's cheap check, the same in every service: it takes the place of a password hash without measuring one. The
     * comparison takes the same time wherever the hashes differ.
     */
    boolean admits(String username, String password) {
        var fits = MessageDigest.isEqual(digest(username, "correct horse"), digest(username, password));
        return fits && byName.containsKey(username);
    }

    private static byte[] digest(String username, String password) {
        try {
            var hash = MessageDigest.getInstance("SHA-256").digest((username + ":" + password).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}

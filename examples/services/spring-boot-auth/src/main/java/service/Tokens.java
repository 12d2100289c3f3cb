package service;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.source.ImmutableSecret;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;

@Service
class Tokens {

    static final int SECONDS = 86_400;

    private final JWSSigner signer;
    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();

    /** Signer and key are made once. The library refuses a secret of less than 32 bytes, as RFC 7518 asks. */
    Tokens(@Value("${JWT_SECRET}") String secret) throws JOSEException {
        var key = secret.getBytes(StandardCharsets.UTF_8);
        signer = new MACSigner(key);
        // HS256 only: neither `none` nor a token signed by a key of another kind.
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.HS256, new ImmutableSecret<>(key)));
        var claims = new DefaultJWTClaimsVerifier<SecurityContext>(null, Set.of("sub", "exp"));
        claims.setMaxClockSkew(0); // the library would accept tokens for a minute after their end
        processor.setJWTClaimsSetVerifier(claims);
    }

    String issue(String subject) {
        var now = Instant.now();
        var claims = new JWTClaimsSet.Builder()
            .subject(subject)
            .issueTime(Date.from(now))
            .expirationTime(Date.from(now.plusSeconds(SECONDS)))
            .build();
        var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(signer);
        } catch (JOSEException impossible) {
            throw new IllegalStateException("the signer was made for this algorithm", impossible);
        }
        return token.serialize();
    }

    boolean accepts(String token) {
        try {
            processor.process(token, null);
            return true;
        } catch (ParseException | BadJOSEException | JOSEException invalid) {
            return false;
        }
    }
}

package service;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;

/** A request whose body ends with an error where it exceeds the limit; Spring itself bounds forms only. */
class BoundedRequest extends HttpServletRequestWrapper {

    private static final int LIMIT = 64 * 1024; // bytes

    BoundedRequest(HttpServletRequest request) {
        super(request);
    }

    @Override
    public ServletInputStream getInputStream() throws IOException {
        if (getContentLengthLong() > LIMIT) {
            throw new Envelope.BodyTooLarge();
        }
        return new Bounded(super.getInputStream());
    }

    private static class Bounded extends ServletInputStream {

        private final ServletInputStream body;
        private int read;

        Bounded(ServletInputStream body) {
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            var value = body.read();
            count(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            var bytes = body.read(into, offset, length);
            count(Math.max(bytes, 0));
            return bytes;
        }

        // Received bytes are counted, because a chunked body states no length.
        private void count(int bytes) throws IOException {
            read += bytes;
            if (read > LIMIT) {
                throw new Envelope.BodyTooLarge();
            }
        }

        @Override
        public boolean isFinished() {
            return body.isFinished();
        }

        @Override
        public boolean isReady() {
            return body.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            body.setReadListener(listener);
        }
    }
}

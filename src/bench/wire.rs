//! Parses HTTP/1.1 responses: where the head ends, how the body is framed. Shared by the verifier and the load driver.

/// Bytes that are not an HTTP response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// How the end of a body is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// By `Content-Length` (bytes).
    Length(usize),
    /// By `Transfer-Encoding: chunked`.
    Chunked,
    /// By the end of the connection.
    ToClose,
}

/// What the driver needs of a response's head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Status.
    pub status: u16,
    /// Length of the head with its blank line (bytes).
    pub length: usize,
    /// How the body ends.
    pub framing: Framing,
    /// Whether the connection stays open afterwards.
    pub keep_alive: bool,
}

const HEADERS: usize = 48;

/// Parses the head at the beginning of `bytes`; `None` while it is incomplete.
///
/// ```
/// use weigh::bench::wire::{Framing, parse_head};
/// let head = parse_head(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi").unwrap().unwrap();
/// assert_eq!((head.status, head.framing, head.keep_alive), (200, Framing::Length(2), true));
/// ```
///
/// # Errors
/// [`Malformed`] where the bytes are not an HTTP response.
pub fn parse_head(bytes: &[u8]) -> Result<Option<Head>, Malformed> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS];
    let mut answer = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = answer.parse(bytes).map_err(|_| Malformed)? else {
        return Ok(None);
    };
    let status = answer.code.ok_or(Malformed)?;
    let mut framing = if matches!(status, 100..=199 | 204 | 304) {
        Framing::Length(0)
    } else {
        Framing::ToClose
    };
    let mut keep_alive = answer.version == Some(1);
    for header in answer.headers.iter() {
        // The first letter rules out most headers without a comparison. This runs for every response of the load.
        match header.name.as_bytes().first() {
            Some(b'c' | b'C') if header.name.eq_ignore_ascii_case("content-length") => {
                framing = Framing::Length(parse_decimal(header.value)?);
            }
            Some(b'c' | b'C') if header.name.eq_ignore_ascii_case("connection") => {
                keep_alive = if keep_alive {
                    !header.value.eq_ignore_ascii_case(b"close")
                } else {
                    header.value.eq_ignore_ascii_case(b"keep-alive")
                };
            }
            Some(b't' | b'T')
                if header.name.eq_ignore_ascii_case("transfer-encoding")
                    && ends_with(header.value, b"chunked") =>
            {
                framing = Framing::Chunked;
            }
            _ => {}
        }
    }
    Ok(Some(Head {
        status,
        length,
        framing,
        keep_alive: keep_alive && framing != Framing::ToClose,
    }))
}

/// Walks a chunked body at the beginning of `bytes` and collects it into `body`, if given. Returns its length on the wire (bytes);
/// `None` while it is incomplete.
///
/// # Errors
/// [`Malformed`] where the framing is broken.
pub fn parse_chunked(
    bytes: &[u8],
    mut body: Option<&mut Vec<u8>>,
) -> Result<Option<usize>, Malformed> {
    let mut at = 0;
    loop {
        let (start, size) = match httparse::parse_chunk_size(&bytes[at..]) {
            Ok(httparse::Status::Complete(found)) => found,
            Ok(httparse::Status::Partial) => return Ok(None),
            Err(_) => return Err(Malformed),
        };
        let size = usize::try_from(size).map_err(|_| Malformed)?;
        at += start;
        if size == 0 {
            return parse_trailers(&bytes[at..]).map(|length| length.map(|n| at + n));
        }
        let end = at.checked_add(size).ok_or(Malformed)?;
        if bytes.len() < end + 2 {
            return Ok(None);
        }
        if let Some(body) = body.as_deref_mut() {
            body.extend_from_slice(&bytes[at..end]);
        }
        if &bytes[end..end + 2] != b"\r\n" {
            return Err(Malformed);
        }
        at = end + 2;
    }
}

/// Returns the length of the trailers with the blank line that ends them.
fn parse_trailers(bytes: &[u8]) -> Result<Option<usize>, Malformed> {
    let mut at = 0;
    loop {
        let Some(line) = bytes[at..].windows(2).position(|pair| pair == b"\r\n") else {
            return if bytes.len() > 16 * 1024 {
                Err(Malformed)
            } else {
                Ok(None)
            };
        };
        at += line + 2;
        if line == 0 {
            return Ok(Some(at));
        }
    }
}

fn parse_decimal(value: &[u8]) -> Result<usize, Malformed> {
    std::str::from_utf8(value)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .ok_or(Malformed)
}

fn ends_with(value: &[u8], word: &[u8]) -> bool {
    value.len() >= word.len() && value[value.len() - word.len()..].eq_ignore_ascii_case(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn framing_is_told_by_length_chunks_or_close() {
        let of = |text: &str| {
            parse_head(text.as_bytes())
                .expect("well-formed")
                .expect("complete")
        };
        assert_eq!(
            of("HTTP/1.1 204 No Content\r\n\r\n").framing,
            Framing::Length(0)
        );
        assert_eq!(
            of("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n").framing,
            Framing::Chunked
        );
        let old = of("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n");
        assert!(!old.keep_alive, "HTTP/1.0 closes unless it says otherwise");
        assert_eq!(of("HTTP/1.1 200 OK\r\n\r\n").framing, Framing::ToClose);
        assert!(
            !of("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").keep_alive
        );
    }

    #[test]
    fn every_prefix_of_an_answer_is_incomplete() {
        let whole = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for end in 0..whole.len() {
            assert_eq!(parse_head(&whole[..end]), Ok(None), "{end} bytes");
        }
        let body = b"4\r\nwiki\r\n6;x=y\r\npedia \r\n0\r\nA: b\r\n\r\n";
        for end in 0..body.len() {
            assert_eq!(parse_chunked(&body[..end], None), Ok(None), "{end} bytes");
        }
        let mut text = Vec::new();
        assert_eq!(parse_chunked(body, Some(&mut text)), Ok(Some(body.len())));
        assert_eq!(text, b"wikipedia ");
    }

    #[test]
    fn nonsense_is_refused() {
        assert_eq!(parse_head(b"SSH-2.0-x\r\n\r\n"), Err(Malformed));
        assert_eq!(
            parse_head(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n"),
            Err(Malformed)
        );
        assert_eq!(parse_chunked(b"zz\r\n", None), Err(Malformed));
        assert_eq!(parse_chunked(b"1\r\nab\r\n", None), Err(Malformed));
    }
}

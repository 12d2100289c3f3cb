//! Content that is broken, partial, enormous or malicious: a clear error, no panic, no figure that is none, and bounded memory.

use std::cell::Cell as Counter;
use std::io::{self, Cursor, Read};

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::*;

/// All the files of the folder.
fn samples() -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder())
        .expect("there")
        .flatten()
        .filter(|entry| {
            !entry
                .path()
                .extension()
                .is_some_and(|e| e == "md" || e == "rs")
        })
        .map(|entry| {
            (
                entry.file_name().to_string_lossy().into_owned(),
                std::fs::read(entry.path()).expect("there"),
            )
        })
        .collect();
    all.sort();
    assert!(all.len() >= 30, "{}", all.len());
    all
}

/// Whatever was read holds figures only, in the file that would be stored too.
fn sound(content: &[u8], name: &str) {
    match import::parse(name, content, None) {
        Ok(rows) => {
            for cell in rows.iter().flat_map(|row| &row.cells) {
                for (figure, x) in cell.figures() {
                    assert!(x.is_finite() && x >= 0.0, "{name}: {figure} {x}");
                }
                let further = [cell.duration_s, cell.connections].into_iter().flatten();
                assert!(
                    further.map(Figure::get).all(|x| x.is_finite() && x >= 0.0),
                    "{name}"
                );
                assert!(
                    cell.error_ratio().is_none_or(|share| share.get() <= 1.0),
                    "{name}"
                );
            }
            for row in &rows {
                for found in import::audit::imported(row, None) {
                    assert!(
                        !found.text.en.contains("NaN") && !found.text.en.contains("inf "),
                        "{name}: {}",
                        found.text.en
                    );
                }
            }
        }
        Err(error) => {
            let text = error.text();
            assert!(text.en.contains(name) && text.zh.contains(name), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cut_and_flipped_samples_never_panic((name, mut content) in select(samples()), at in any::<Index>(), byte in any::<u8>(), cut in any::<Index>(), cuts in any::<bool>()) {
        let place = at.index(content.len());
        content[place] = byte;
        if cuts {
            content.truncate(cut.index(content.len()) + 1);
        }
        sound(&content, &name);
    }

    #[test]
    fn numbers_that_are_none_never_get_through((name, content) in select(samples()), at in any::<Index>(), bad in select(vec!["NaN", "-1", "1e308", "1e400", "Infinity", "-inf", "-nan", "", "null", "\"x\"", "18446744073709551616"])) {
        let text = String::from_utf8(content).expect("samples are UTF-8");
        let numbers: Vec<(usize, usize)> = numbers(&text);
        let (from, to) = numbers[at.index(numbers.len())];
        sound(format!("{}{bad}{}", &text[..from], &text[to..]).as_bytes(), &name);
    }

    #[test]
    fn noise_is_no_result(content in proptest::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(import::parse("noise", content.as_slice(), None).is_err());
    }
}

/// Where the numbers of a text stand.
fn numbers(text: &str) -> Vec<(usize, usize)> {
    let (mut found, mut from) = (Vec::new(), None);
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let part = c.is_ascii_digit() || c == '.' && from.is_some();
        match (part, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                found.push((start, at));
                from = None;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn json_that_was_cut_is_refused_with_its_line() {
    for (name, content) in samples()
        .into_iter()
        .filter(|(name, _)| name.ends_with(".json") && name != "k6-stream.json")
    {
        for part in [2, 3, 5, 9] {
            let cut = &content[..content.len() - content.len() / part];
            match import::parse(&name, cut, None) {
                Err(ImportError::Malformed { line, what, .. }) => {
                    assert_eq!(
                        line,
                        Some(cut.split(|b| *b == b'\n').count() as u64),
                        "{name}"
                    );
                    assert!(
                        what.en.contains("complete") && what.zh.contains("完整"),
                        "{name}: {what}"
                    );
                }
                // What was cut before its telling keys is nobody's file.
                Err(ImportError::Unrecognised { .. }) => {}
                other => panic!("{name}: {other:?}"),
            }
        }
    }
}

#[test]
fn impossible_figures_are_named_with_their_line() {
    let read = |name: &str| std::fs::read_to_string(folder().join(name)).expect("there");
    let cases = [
        ("wrk.txt", "16 connections", "-16 connections", 2),
        ("wrk.txt", "7675 requests", "NaN requests", 11),
        ("pgbench.txt", "tps = 1839.593092", "tps = inf", 14),
        ("hey.csv", "0.0", "-0.5,0.0", 2),
        ("oha.csv", "0.004200549", "1e308", 2),
        ("vegeta.json", "\"requests\":300", "\"requests\":-300", 1),
        (
            "k6-handle.json",
            "\"max\": 12.834696",
            "\"max\": -12.834696",
            79,
        ),
        (
            "techempower.json",
            "\"totalRequests\":3000000",
            "\"totalRequests\":1e308",
            6,
        ),
        (
            "ycsb.txt",
            "[READ], Operations, 49990",
            "[READ], Operations, -1",
            9,
        ),
        ("bombardier.json", "\"req2xx\":18000", "\"req2xx\":-1", 1),
    ];
    for (name, good, bad, line) in cases {
        let text = read(name);
        assert!(text.contains(good), "{name} has no {good}");
        let error =
            import::parse(name, text.replacen(good, bad, 1).as_bytes(), None).expect_err(name);
        assert_eq!(line_of(&error), Some(line), "{error}");
        assert!(
            error.to_string().starts_with(&format!("{name}:{line}: ")),
            "{error}"
        );
    }
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    for (name, content) in samples() {
        for (byte, word) in [(0u8, "NUL"), (0xFF, "UTF-8")] {
            let mut bad = content.clone();
            // The last letter or digit: inside a word, after everything that tells the format.
            let at = bad
                .iter()
                .rposition(u8::is_ascii_alphanumeric)
                .expect("there are words");
            bad[at] = byte;
            let error = import::parse(&name, bad.as_slice(), None).expect_err(&name);
            let said = error.to_string();
            assert!(
                said.contains(word) || name.ends_with(".jtl"),
                "{name}: {said}"
            );
        }
    }
}

#[test]
fn a_byte_order_mark_is_passed_over_and_utf_16_is_refused() {
    let content = std::fs::read(folder().join("jmeter.csv")).expect("there");
    let marked = [b"\xEF\xBB\xBF".as_slice(), &content].concat();
    assert_eq!(
        import::parse("x", marked.as_slice(), None).expect("read")[0]
            .cells
            .len(),
        3
    );
    let wide: Vec<u8> = content.iter().flat_map(|b| [*b, 0]).collect();
    assert!(import::parse("x", wide.as_slice(), None).is_err());
}

/// Counts what is taken from it.
struct Counted<'c, R> {
    inner: R,
    taken: &'c Counter<u64>,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.taken.set(self.taken.get() + n as u64);
        Ok(n)
    }
}

#[test]
fn a_line_of_200_mebibytes_is_given_up_early() {
    let heads = [
        (
            "k6.csv",
            "metric_name,timestamp,metric_value,status\nhttp_req_duration,1795366281,",
        ),
        ("quoted.csv", "timeStamp,elapsed,label\n1795366281000,5,\""),
        ("hey.csv", "response-time,DNS+dialup,status-code\n"),
        (
            "stream.json",
            "{\"metric\":\"http_reqs\",\"type\":\"Point\",\"data\":{\"time\":\"2026-11-22T16:51:21Z\",\"value\":1}}\n{\"metric\":\"",
        ),
        ("log.txt", "0 1 2492 0 1795346514 574304\n"),
        (
            "x.jtl",
            "<testResults version=\"1.2\"><httpSample t=\"1\" ts=\"1795366281000\" lb=\"",
        ),
        ("wrk.txt", "Running 3s test @ http://x/\n"),
        ("oha.json", "{\"summary\":{},\"latencyPercentiles\":\""),
    ];
    for (name, head) in heads {
        let taken = Counter::new(0);
        let content = Cursor::new(head).chain(io::repeat(b'7').take(200 << 20));
        let error = import::parse(
            name,
            Counted {
                inner: content,
                taken: &taken,
            },
            None,
        )
        .expect_err(name);
        assert!(error.to_string().contains("MiB"), "{error}");
        assert!(
            taken.get() < 40 << 20,
            "{name}: {} bytes were read",
            taken.get()
        );
    }
}

#[test]
fn many_lines_are_streamed() {
    // 600,000 requests, 24 MB: no more than a histogram is kept of them.
    let line = "0.0034,0.0011,0.0000,0.0001,0.0018,0.0001,200,0.0006\n";
    let head = "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n";
    struct Repeated {
        line: &'static [u8],
        left: usize,
        at: usize,
    }
    impl Read for Repeated {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.at == self.line.len() {
                (self.at, self.left) = (0, self.left - 1);
            }
            if self.left == 0 {
                return Ok(0);
            }
            let n = (self.line.len() - self.at).min(buffer.len());
            buffer[..n].copy_from_slice(&self.line[self.at..self.at + n]);
            self.at += n;
            Ok(n)
        }
    }
    let content = Cursor::new(head).chain(Repeated {
        line: line.as_bytes(),
        left: 40_000,
        at: 0,
    });
    let rows = import::parse("hey.csv", content, None).expect("read");
    near(rows[0].cells[0].ok_count, 40_000.0);
    assert_eq!(rows[0].cells[0].percentile("99.9"), Some(3400.0));
}

#[test]
fn nothing_is_no_result() {
    for empty in ["", " \n\t\n"] {
        assert!(
            parse(empty)
                .expect_err("empty")
                .to_string()
                .contains("empty")
        );
    }
    for bare in [
        "timeStamp,elapsed,label,success\n",
        "response-time,DNS,status-code\n",
        "request-start,request-duration,status\n",
    ] {
        assert!(
            parse(bare)
                .expect_err(bare)
                .to_string()
                .contains("no result")
        );
    }
    assert!(matches!(
        import::read(Path::new("/nonexistent/file"), None),
        Err(ImportError::File(_))
    ));
    assert!(
        matches!(import::read(&folder(), None), Err(ImportError::File(_))),
        "a folder"
    );
}

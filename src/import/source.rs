//! The content of a result file, read with limits: what is looked at, what is held, and how long a record may be.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::de::DeserializeOwned;

use super::error::{Fault, not_utf8};
use crate::lang::Text;
use crate::tr;

/// What is looked at to recognise a format (bytes).
const HEAD: u64 = 1 << 20;
/// Documents and texts are held whole up to here (bytes).
const WHOLE: u64 = 32 << 20;
/// Formats of one record a line are streamed up to here (bytes).
const STREAM: u64 = 4 << 30;
/// The longest record of a stream (bytes).
const RECORD: u64 = 1 << 20;

/// A file's content: its beginning, and the rest still to be read.
pub(super) struct Source<'a> {
    head: Vec<u8>,
    rest: Box<dyn Read + 'a>,
}

/// A limit that was passed, on its way through [`io::Error`].
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) line: Option<u64>,
    pub(super) what: Text,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

impl std::error::Error for Refusal {}

fn refuse(line: Option<u64>, what: Text) -> io::Error {
    io::Error::other(Refusal { line, what })
}

fn too_large(limit: u64) -> Text {
    let mebibytes = limit >> 20;
    tr!(
        "the file is larger than {mebibytes} MiB",
        "文件超过 {mebibytes} MiB"
    )
}

fn binary() -> Text {
    tr!(
        "there is a NUL byte: this is a binary file, or text in UTF-16",
        "含有 NUL 字节：这是二进制文件，或为 UTF-16 文本"
    )
}

impl<'a> Source<'a> {
    pub(super) fn open(mut content: impl Read + 'a) -> Result<Self, Fault> {
        let mut head = Vec::new();
        content.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(Fault::whole(tr!("the file is empty", "文件是空的")));
        }
        Ok(Self {
            head,
            rest: Box::new(content),
        })
    }

    /// The beginning, to recognise the format by.
    pub(super) fn head(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    fn whole(self) -> Result<Vec<u8>, Fault> {
        let mut bytes = self.head;
        self.rest
            .take(WHOLE + 1 - (bytes.len() as u64).min(WHOLE))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > WHOLE {
            return Err(Fault::whole(too_large(WHOLE)));
        }
        Ok(bytes)
    }

    /// The JSON document it is.
    pub(super) fn document<T: DeserializeOwned>(self) -> Result<T, Fault> {
        // As text first: what a reader passes over is not looked at, and may be no text.
        Ok(serde_json::from_str(&self.text()?)?)
    }

    /// The text it is.
    pub(super) fn text(self) -> Result<String, Fault> {
        let bytes = self.whole()?;
        let line = |at: usize| bytes[..at].iter().filter(|b| **b == b'\n').count() as u64 + 1;
        if let Some(at) = bytes.iter().position(|b| *b == 0) {
            return Err(Fault::at(line(at), binary()));
        }
        match std::str::from_utf8(&bytes) {
            Err(error) => Err(Fault::at(line(error.valid_up_to()), not_utf8())),
            Ok(_) => Ok(String::from_utf8(bytes).expect("just seen to be UTF-8")),
        }
    }

    fn guarded(self, end: u8, quotes: bool) -> Guard<impl Read + 'a> {
        let inner = Cursor::new(self.head).chain(self.rest);
        Guard {
            inner,
            total: 0,
            record: 0,
            lines: 0,
            end,
            quotes,
            quoted: false,
        }
    }

    /// Its lines, one at a time.
    pub(super) fn lines(self) -> Lines<'a> {
        Lines {
            reader: BufReader::new(Box::new(self.guarded(b'\n', false))),
            line: String::new(),
            number: 0,
        }
    }

    /// Its rows under a head of names.
    pub(super) fn rows(self, delimiter: u8) -> Result<Rows<'a>, Fault> {
        let guard: Box<dyn Read + 'a> = Box::new(self.guarded(b'\n', true));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(guard);
        let head = reader
            .headers()?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        Ok(Rows {
            reader,
            head,
            record: csv::StringRecord::new(),
        })
    }

    /// Itself as XML, an event at a time.
    pub(super) fn xml(self) -> quick_xml::Reader<impl BufRead + 'a> {
        quick_xml::Reader::from_reader(BufReader::new(self.guarded(b'>', false)))
    }
}

/// Stops a stream that is too long, or has a record that is.
struct Guard<R> {
    inner: R,
    total: u64,
    record: u64,
    lines: u64,
    end: u8,
    /// Whether the end of a record may stand between quotes and is none there.
    quotes: bool,
    quoted: bool,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.total += n as u64;
        if self.total > STREAM {
            return Err(refuse(None, too_large(STREAM)));
        }
        for &byte in &buffer[..n] {
            self.record += 1;
            match byte {
                0 => return Err(refuse(Some(self.lines + 1), binary())),
                b'"' if self.quotes => self.quoted = !self.quoted,
                _ if byte == self.end && !self.quoted => self.record = 0,
                _ => {}
            }
            self.lines += u64::from(byte == b'\n');
            if self.record > RECORD {
                let mebibytes = RECORD >> 20;
                let what = tr!(
                    "a record is longer than {mebibytes} MiB",
                    "有一条记录超过 {mebibytes} MiB"
                );
                return Err(refuse(Some(self.lines + 1), what));
            }
        }
        Ok(n)
    }
}

/// Lines with their numbers.
pub(super) struct Lines<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    line: String,
    number: u64,
}

impl Lines<'_> {
    /// The next line without its end, and its number from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, Fault> {
        self.line.clear();
        self.number += 1;
        let read = self.reader.read_line(&mut self.line).map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidData {
                Fault::at(self.number, not_utf8())
            } else {
                error.into()
            }
        })?;
        Ok((read > 0).then(|| (self.number, self.line.trim_end_matches(['\n', '\r']))))
    }
}

/// Rows whose cells are found by name.
pub(super) struct Rows<'a> {
    reader: csv::Reader<Box<dyn Read + 'a>>,
    head: Vec<String>,
    record: csv::StringRecord,
}

impl Rows<'_> {
    /// The number of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|column| column == name)
    }

    /// The number of a column that must be there.
    pub(super) fn needed(&self, name: &str) -> Result<usize, Fault> {
        self.column(name)
            .ok_or_else(|| Fault::at(1, tr!("the column `{name}` is missing", "缺少列 `{name}`")))
    }

    /// The next row.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, Fault> {
        Ok(self.reader.read_record(&mut self.record)?.then_some(Row {
            record: &self.record,
            head: &self.head,
        }))
    }
}

/// One row.
pub(super) struct Row<'r> {
    record: &'r csv::StringRecord,
    head: &'r [String],
}

impl<'r> Row<'r> {
    /// Its line.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// What stands in a column.
    pub(super) fn text(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// The figure in a column.
    pub(super) fn figure(&self, column: usize) -> Result<super::Figure, Fault> {
        let text = self.text(column);
        super::Figure::parse(text).ok_or_else(|| {
            Fault::figure(
                self.line(),
                self.head.get(column).map_or("", String::as_str),
                text,
            )
        })
    }
}

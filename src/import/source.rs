//! Reads the content of a result file within limits on the size in memory, the length of a stream and of a record.

use std::fmt;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use serde::de::DeserializeOwned;

use super::error::{ContentFault, not_utf8_message};
use crate::lang::Text;
use crate::tr;

/// Size of the head that identifies a format (bytes).
const HEAD: u64 = 1 << 20;
/// Maximum size of documents and texts, which are held in memory (bytes).
const WHOLE: u64 = 32 << 20;
/// Maximum size of formats with one record per line, which are streamed (bytes).
const STREAM: u64 = 4 << 30;
/// Maximum length of a record of a stream (bytes).
const RECORD: u64 = 1 << 20;

/// A file's content: its head, and the rest that is still to be read.
pub(super) struct ResultFile<'a> {
    head: Vec<u8>,
    rest: Box<dyn Read + 'a>,
}

/// A limit that was exceeded, carried by [`io::Error`].
#[derive(Debug)]
pub(super) struct SourceError {
    pub(super) line: Option<u64>,
    pub(super) what: Text,
}

impl fmt::Display for SourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.what.fmt(f)
    }
}

impl std::error::Error for SourceError {}

fn invalid_data(line: Option<u64>, what: Text) -> io::Error {
    io::Error::other(SourceError { line, what })
}

fn too_large_message(limit: u64) -> Text {
    let mebibytes = limit >> 20;
    tr!(
        "the file is larger than {mebibytes} MiB",
        "文件超过 {mebibytes} MiB"
    )
}

fn binary_message() -> Text {
    tr!(
        "the file contains a NUL byte: it is binary, or text in UTF-16",
        "含有 NUL 字节：这是二进制文件，或为 UTF-16 文本"
    )
}

impl<'a> ResultFile<'a> {
    pub(super) fn open(mut content: impl Read + 'a) -> Result<Self, ContentFault> {
        let mut head = Vec::new();
        content.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        if head.iter().all(u8::is_ascii_whitespace) {
            return Err(ContentFault::whole(tr!("the file is empty", "文件是空的")));
        }
        Ok(Self {
            head,
            rest: Box::new(content),
        })
    }

    /// Returns the head, which identifies the format.
    pub(super) fn head(&self) -> String {
        String::from_utf8_lossy(&self.head).into_owned()
    }

    fn whole(self) -> Result<Vec<u8>, ContentFault> {
        let mut bytes = self.head;
        self.rest
            .take(WHOLE + 1 - (bytes.len() as u64).min(WHOLE))
            .read_to_end(&mut bytes)?;
        if bytes.len() as u64 > WHOLE {
            return Err(ContentFault::whole(too_large_message(WHOLE)));
        }
        Ok(bytes)
    }

    /// Reads the content as a JSON document.
    pub(super) fn document<T: DeserializeOwned>(self) -> Result<T, ContentFault> {
        // Read it as text first: serde ignores parts of the document without checking that they are text.
        Ok(serde_json::from_str(&self.text()?)?)
    }

    /// Reads the content as text.
    pub(super) fn text(self) -> Result<String, ContentFault> {
        let bytes = self.whole()?;
        let line = |at: usize| bytes[..at].iter().filter(|b| **b == b'\n').count() as u64 + 1;
        if let Some(at) = bytes.iter().position(|b| *b == 0) {
            return Err(ContentFault::at(line(at), binary_message()));
        }
        match std::str::from_utf8(&bytes) {
            Err(error) => Err(ContentFault::at(
                line(error.valid_up_to()),
                not_utf8_message(),
            )),
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

    /// Streams the lines.
    pub(super) fn lines(self) -> SourceLines<'a> {
        SourceLines {
            reader: BufReader::new(Box::new(self.guarded(b'\n', false))),
            line: String::new(),
            number: 0,
        }
    }

    /// Streams the rows of CSV with a header.
    pub(super) fn rows(self, delimiter: u8) -> Result<CsvRows<'a>, ContentFault> {
        let guard: Box<dyn Read + 'a> = Box::new(self.guarded(b'\n', true));
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .from_reader(guard);
        let head = reader
            .headers()?
            .iter()
            .map(|name| name.trim().to_owned())
            .collect();
        Ok(CsvRows {
            reader,
            head,
            record: csv::StringRecord::new(),
        })
    }

    /// Streams the content as XML events.
    pub(super) fn xml(self) -> quick_xml::Reader<impl BufRead + 'a> {
        quick_xml::Reader::from_reader(BufReader::new(self.guarded(b'>', false)))
    }
}

/// Stops a stream that is too long or has a record that is too long.
struct Guard<R> {
    inner: R,
    total: u64,
    record: u64,
    lines: u64,
    end: u8,
    /// Whether line ends within quotes do not end a record.
    quotes: bool,
    quoted: bool,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.total += n as u64;
        if self.total > STREAM {
            return Err(invalid_data(None, too_large_message(STREAM)));
        }
        for &byte in &buffer[..n] {
            self.record += 1;
            match byte {
                0 => return Err(invalid_data(Some(self.lines + 1), binary_message())),
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
                return Err(invalid_data(Some(self.lines + 1), what));
            }
        }
        Ok(n)
    }
}

/// Lines with their numbers.
pub(super) struct SourceLines<'a> {
    reader: BufReader<Box<dyn Read + 'a>>,
    line: String,
    number: u64,
}

impl SourceLines<'_> {
    /// Returns the next line without its end, and its number from 1.
    pub(super) fn next(&mut self) -> Result<Option<(u64, &str)>, ContentFault> {
        self.line.clear();
        self.number += 1;
        let read = self.reader.read_line(&mut self.line).map_err(|error| {
            if error.kind() == io::ErrorKind::InvalidData {
                ContentFault::at(self.number, not_utf8_message())
            } else {
                error.into()
            }
        })?;
        Ok((read > 0).then(|| (self.number, self.line.trim_end_matches(['\n', '\r']))))
    }
}

/// CSV rows whose fields are found by column name.
pub(super) struct CsvRows<'a> {
    reader: csv::Reader<Box<dyn Read + 'a>>,
    head: Vec<String>,
    record: csv::StringRecord,
}

impl CsvRows<'_> {
    /// Returns the index of a column.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        self.head.iter().position(|column| column == name)
    }

    /// Returns the index of a required column.
    pub(super) fn needed(&self, name: &str) -> Result<usize, ContentFault> {
        self.column(name).ok_or_else(|| {
            ContentFault::at(1, tr!("the column `{name}` is missing", "缺少列 `{name}`"))
        })
    }

    /// Returns the next row.
    pub(super) fn next(&mut self) -> Result<Option<CsvRow<'_>>, ContentFault> {
        Ok(self
            .reader
            .read_record(&mut self.record)?
            .then_some(CsvRow {
                record: &self.record,
                head: &self.head,
            }))
    }
}

/// One row.
pub(super) struct CsvRow<'r> {
    record: &'r csv::StringRecord,
    head: &'r [String],
}

impl<'r> CsvRow<'r> {
    /// Returns its line number.
    pub(super) fn line(&self) -> u64 {
        self.record.position().map_or(0, csv::Position::line)
    }

    /// Returns the text of a column.
    pub(super) fn text(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or_default().trim()
    }

    /// Returns the figure in a column.
    pub(super) fn figure(&self, column: usize) -> Result<super::Figure, ContentFault> {
        let text = self.text(column);
        super::Figure::parse(text).ok_or_else(|| {
            ContentFault::figure(
                self.line(),
                self.head.get(column).map_or("", String::as_str),
                text,
            )
        })
    }
}

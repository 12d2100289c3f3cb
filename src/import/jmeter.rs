//! Imports JMeter: JTL files as CSV and XML, one sample per line.
//!
//! - Columns are optional and in any order; the header names them. The delimiter may be `,`, `;` or a tab. Labels may be in any language.
//! - `elapsed` is the whole time and is used (ms); `Latency` is only the time to the first byte.
//! - Transaction controllers write a row that summarises others, and XML nests sub-samples. Each request counts once.
//! - Latencies are those of successful samples, because a failed sample may have taken no time at all.

use std::collections::BTreeMap;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

use super::LatencyBasis;
use super::error::{ContentFault, not_utf8_message};
use super::figure::Figure;
use super::result::{Imported, ImportedCell};
use super::samples::LatencySamples;
use super::source::ResultFile;
use super::{ImportTool, first_line};
use crate::tr;

pub(super) const CSV: &str = "JTL CSV";
pub(super) const XML: &str = "JTL XML";

/// Maximum number of separate labels. A plan with ids in its labels has more, and gets only the total.
const MOST_LABELS: usize = 200;

pub(super) fn is_csv(head: &str) -> bool {
    let line = first_line(head);
    line.contains("timeStamp") && line.contains("elapsed")
}

pub(super) fn is_xml(head: &str) -> bool {
    head.trim_start().starts_with('<') && head.contains("<testResults")
}

/// The result of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Ok,
    /// A response that counts as failed.
    Refused,
    /// No response.
    Broken,
    Unknown,
}

impl End {
    fn of(success: Option<&str>, code: Option<&str>) -> Self {
        let broken = code.is_some_and(|code| code.starts_with("Non HTTP response code"));
        match success {
            Some("true") => Self::Ok,
            Some("false") if broken => Self::Broken,
            Some("false") => Self::Refused,
            _ => match code {
                Some(_) if broken => Self::Broken,
                Some(code) if code.starts_with('2') => Self::Ok,
                Some(code) if !code.is_empty() => Self::Refused,
                _ => Self::Unknown,
            },
        }
    }
}

struct Sample<'a> {
    /// Milliseconds since 1970, at the start.
    stamp: Figure,
    elapsed: Figure,
    label: &'a str,
    end: End,
    threads: Option<Figure>,
}

/// The samples of one label, or of all.
struct SampleSums {
    samples: LatencySamples,
    ends: [u64; 4],
    threads: Option<Figure>,
    span: Option<(f64, f64)>,
}

impl SampleSums {
    fn new() -> Self {
        Self {
            samples: LatencySamples::new(),
            ends: [0; 4],
            threads: None,
            span: None,
        }
    }

    fn add(&mut self, sample: &Sample<'_>) {
        let (began, ended) = (
            sample.stamp.get(),
            sample.stamp.get() + sample.elapsed.get(),
        );
        let (first, last) = self.span.unwrap_or((began, ended));
        self.span = Some((first.min(began), last.max(ended)));
        self.ends[sample.end as usize] += 1;
        if matches!(sample.end, End::Ok | End::Unknown) {
            self.samples.add(sample.elapsed.times(1e3));
        }
        if let Some(threads) = sample.threads {
            self.threads = self
                .threads
                .filter(|most| *most >= threads)
                .or(Some(threads));
        }
    }

    fn cell(&self, operation: Option<String>, codes: bool) -> ImportedCell {
        let [ok, refused, broken, unknown] = self.ends.map(Figure::count);
        let mut cell = ImportedCell {
            operation,
            basis: Some(LatencyBasis::Send),
            connections: self.threads.and_then(Figure::positive),
            duration_s: self
                .span
                .and_then(|(first, last)| Figure::new((last - first) * 1e-3))
                .and_then(Figure::positive),
            ..ImportedCell::default()
        };
        if self.ends[End::Unknown as usize] == 0 {
            (cell.ok_count, cell.non_2xx_count) = (Some(ok), Some(refused));
            cell.transport_error_count = codes.then_some(broken);
            cell.rates();
        } else {
            let all = ok.plus(refused).plus(broken).plus(unknown);
            cell.achieved_rps = cell.duration_s.and_then(|duration| all.over(duration));
        }
        self.samples.fill(&mut cell);
        cell
    }
}

/// All samples of a file.
struct ColumnPlan {
    all: SampleSums,
    labels: BTreeMap<String, SampleSums>,
    many: bool,
    controllers: u64,
    codes: bool,
}

impl ColumnPlan {
    fn new(codes: bool) -> Self {
        Self {
            all: SampleSums::new(),
            labels: BTreeMap::new(),
            many: false,
            controllers: 0,
            codes,
        }
    }

    fn add(&mut self, sample: &Sample<'_>) {
        self.all.add(sample);
        if self.many {
            return;
        }
        if !self.labels.contains_key(sample.label) {
            if self.labels.len() >= MOST_LABELS {
                self.many = true;
                self.labels.clear();
                return;
            }
            self.labels
                .insert(sample.label.to_owned(), SampleSums::new());
        }
        if let Some(sums) = self.labels.get_mut(sample.label) {
            sums.add(sample);
        }
    }

    fn finish(self, format: &'static str) -> Vec<Imported> {
        let mut notes = vec![
            tr!(
                "latency is `elapsed` of successful samples, from the send to the last byte",
                "延迟取成功样本的 `elapsed`：从发送到最后一个字节"
            ),
            tr!(
                "threads with timers or ramp-up are not a plain closed loop; name the workload model with --model",
                "带定时器或逐步加压的线程不是单纯的闭环：用 --model 说明"
            ),
        ];
        if !self.codes {
            notes.push(tr!(
                "without response codes, requests without a response are among the failed ones",
                "没有响应码，无应答的请求计入失败请求"
            ));
        }
        if self.all.ends[End::Unknown as usize] > 0 {
            notes.push(tr!(
                "neither `success` nor `responseCode` is saved: errors are unknown",
                "未保存 `success` 或 `responseCode`：错误数未知"
            ));
        }
        if self.controllers > 0 {
            let n = self.controllers;
            notes.push(tr!(
                "{n} rows of transaction controllers summarise others and are omitted",
                "{n} 行事务控制器是其他行的汇总，已略去"
            ));
        }
        if self.many {
            notes.push(tr!(
                "there are more than {MOST_LABELS} labels: only the total is kept",
                "标签超过 {MOST_LABELS} 个：只保留合计"
            ));
        }
        let requests: u64 = self.all.ends.iter().sum();
        let mut cells = Vec::new();
        match self.labels.len() {
            _ if requests == 0 => {}
            1 => cells.extend(
                self.labels
                    .keys()
                    .next()
                    .map(|label| self.all.cell(Some(label.clone()), self.codes)),
            ),
            _ => {
                cells.push(self.all.cell(Some("all".to_owned()), self.codes));
                cells.extend(
                    self.labels
                        .iter()
                        .map(|(label, sums)| sums.cell(Some(label.clone()), self.codes)),
                );
            }
        }
        let mut imported = Imported::single(ImportTool::Jmeter, format, cells, notes);
        imported.date = self
            .all
            .span
            .and_then(|(first, _)| super::date_of_timestamp(first * 1e-3));
        vec![imported]
    }
}

fn stamp(line: u64, text: &str) -> Result<Figure, ContentFault> {
    Figure::parse(text).ok_or_else(|| {
        let text: String = text.chars().take(40).collect();
        ContentFault::at(
            line,
            tr!(
                "`timeStamp` is milliseconds since 1970, not `{text}`",
                "`timeStamp` 应为 1970 年以来的毫秒数，而不是 `{text}`"
            ),
        )
    })
}

pub(super) fn read_csv(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let head = source.head();
    let line = first_line(&head);
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|d| line.bytes().filter(|b| b == d).count())
        .unwrap_or(b',');
    let mut rows = source.rows(delimiter)?;
    let (time, elapsed) = (rows.needed("timeStamp")?, rows.needed("elapsed")?);
    let [label, code, success, message, threads] = [
        "label",
        "responseCode",
        "success",
        "responseMessage",
        "allThreads",
    ]
    .map(|name| rows.column(name));
    let mut plan = ColumnPlan::new(code.is_some());
    while let Some(row) = rows.next()? {
        let text = |column: Option<usize>| column.map(|column| row.text(column));
        if text(message)
            .is_some_and(|message| message.starts_with("Number of samples in transaction"))
        {
            plan.controllers += 1;
            continue;
        }
        plan.add(&Sample {
            stamp: stamp(row.line(), row.text(time))?,
            elapsed: row.figure(elapsed)?,
            label: text(label).unwrap_or_default(),
            end: End::of(text(success), text(code)),
            threads: threads.map(|column| row.figure(column)).transpose()?,
        });
    }
    Ok(plan.finish(CSV))
}

pub(super) fn read_xml(source: ResultFile<'_>) -> Result<Vec<Imported>, ContentFault> {
    let mut reader = source.xml();
    let (mut buffer, mut line, mut depth, mut closed) = (Vec::new(), 1u64, 0usize, false);
    let mut plan = ColumnPlan::new(true);
    loop {
        buffer.clear();
        let event = reader
            .read_event_into(&mut buffer)
            .map_err(|error| xml_fault(line, error))?;
        match &event {
            Event::Eof => break,
            Event::Start(tag) => {
                if depth == 1 {
                    plan.element(tag, line)?;
                }
                depth += 1;
            }
            Event::Empty(tag) if depth == 1 => plan.element(tag, line)?,
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                closed = depth == 0;
            }
            _ => {}
        }
        drop(event);
        line += buffer.iter().filter(|byte| **byte == b'\n').count() as u64;
    }
    if !closed {
        return Err(ContentFault::partial(line, "</testResults>"));
    }
    Ok(plan.finish(XML))
}

impl ColumnPlan {
    fn element(&mut self, tag: &BytesStart<'_>, line: u64) -> Result<(), ContentFault> {
        let name = tag.name();
        let name: &[u8] = name.as_ref().as_ref();
        if name != b"httpSample" && name != b"sample" {
            return Ok(());
        }
        let mut found: BTreeMap<String, String> = BTreeMap::new();
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| {
                ContentFault::at(line, tr!("invalid attribute: {error}", "属性有误：{error}"))
            })?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| xml_fault(line, error))?;
            let key: &[u8] = attribute.key.as_ref().as_ref();
            found.insert(
                String::from_utf8_lossy(key).into_owned(),
                value.into_owned(),
            );
        }
        let get = |key: &str| found.get(key).map(String::as_str);
        let needed = |key: &str| {
            get(key).ok_or_else(|| {
                ContentFault::at(
                    line,
                    tr!("the attribute `{key}` is missing", "缺少属性 `{key}`"),
                )
            })
        };
        let figure = |key: &str, text: &str| {
            Figure::parse(text).ok_or_else(|| ContentFault::figure(line, key, text))
        };
        let elapsed = figure("t", needed("t")?)?;
        let threads = get("na").map(|text| figure("na", text)).transpose()?;
        let end = End::of(get("s"), get("rc"));
        self.add(&Sample {
            stamp: stamp(line, needed("ts")?)?,
            elapsed,
            label: get("lb").unwrap_or_default(),
            end,
            threads,
        });
        Ok(())
    }
}

fn xml_fault(line: u64, error: quick_xml::Error) -> ContentFault {
    match error {
        quick_xml::Error::Io(inner) => match inner
            .get_ref()
            .and_then(|e| e.downcast_ref::<super::source::SourceError>())
        {
            Some(refusal) => ContentFault::Content {
                line: refusal.line,
                what: refusal.what.clone(),
            },
            None => ContentFault::at(line, tr!("cannot be read: {inner}", "无法读取：{inner}")),
        },
        quick_xml::Error::Encoding(_) => ContentFault::at(line, not_utf8_message()),
        error => ContentFault::at(
            line,
            tr!(
                "this XML is not well-formed: {error}",
                "XML 格式有误：{error}"
            ),
        ),
    }
}

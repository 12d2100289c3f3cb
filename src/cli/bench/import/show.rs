//! Prints what was imported, the findings of the audit, and where it was stored.

use serde_json::{Value, json};

use super::super::super::output::Output;
use super::super::super::table::{Side, TextTable};
use super::ImportRun;
use crate::import::{Figure, ImportedCell, LatencyBasis, WorkloadKind};
use crate::lang::{Lang, Text};
use crate::tr;
use crate::view::figure;

pub(super) fn run_lines(runs: &[ImportRun], dry: bool, output: &Output) -> Vec<String> {
    let mut lines = Vec::new();
    for run in runs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        let mut notes: Vec<&Text> = Vec::new();
        for row in &run.rows {
            let imported = &row.imported;
            let (tool, format, path) = (imported.tool.name(), imported.format, row.path.display());
            let name = imported
                .row
                .as_ref()
                .map_or_else(String::new, |name| format!(" {name}:"));
            let candidate = run
                .candidate
                .as_ref()
                .map_or_else(String::new, |id| format!("{id} <-"));
            lines.push(
                format!("{candidate}{name} {path} ({tool} {format})")
                    .trim_start()
                    .to_owned(),
            );
            lines.push(String::new());
            lines.extend(cell_table(&imported.cells, output).lines());
            lines.push(String::new());
            imported.notes.iter().for_each(|note| {
                if !notes.contains(&note) {
                    notes.push(note)
                }
            });
        }
        push_section(
            &mut lines,
            &tr!(
                "What the file does and does not contain",
                "文件说明了什么、缺少什么"
            ),
            notes.into_iter(),
            output,
        );
        push_section(
            &mut lines,
            &tr!("Audit", "审查"),
            run.findings.iter().map(|finding| &finding.text),
            output,
        );
        let stored = match (&run.stored, dry) {
            (Some(path), _) => {
                let path = path.display();
                tr!(
                    "stored as published evidence: {path}",
                    "已存为已发布证据：{path}"
                )
            }
            _ => tr!("dry run: nothing was stored", "试运行：没有存储任何内容"),
        };
        lines.push(output.localize(&stored));
    }
    lines
}

fn push_section<'t>(
    lines: &mut Vec<String>,
    title: &Text,
    texts: impl Iterator<Item = &'t Text>,
    output: &Output,
) {
    let texts: Vec<&Text> = texts.collect();
    if texts.is_empty() {
        return;
    }
    lines.push(output.localize(title));
    lines.extend(
        texts
            .into_iter()
            .map(|text| format!("  - {}", output.localize(text))),
    );
    lines.push(String::new());
}

fn cell_table(cells: &[ImportedCell], output: &Output) -> TextTable {
    let head = vec![
        output.localize(tr!("Operation", "操作")),
        output.localize(tr!("Load", "负载")),
        output.localize(tr!("Model", "模型")),
        output.localize(tr!("Conn.", "连接")),
        output.localize(tr!("Goodput/s", "有效/秒")),
        output.localize(tr!("Answers/s", "应答/秒")),
        output.localize(tr!("Mean ms", "平均 ms")),
        "p50".to_owned(),
        "p95".to_owned(),
        "p99".to_owned(),
        output.localize(tr!("Errors", "错误")),
    ];
    let sides = [vec![Side::Left; 3], vec![Side::Right; 8]].concat();
    let mut table = TextTable::new(head, sides);
    let number = |figure: Option<Figure>| {
        figure.map_or_else(|| figure::MISSING.to_owned(), |x| figure::number(x.get()))
    };
    let ms = |us: Option<f64>| {
        us.map_or_else(|| figure::MISSING.to_owned(), |us| figure::number(us / 1e3))
    };
    for cell in cells {
        table.row(vec![
            cell.operation.clone().unwrap_or_default(),
            cell.load.clone().unwrap_or_default(),
            cell.model
                .map_or(figure::MISSING, WorkloadKind::word)
                .to_owned(),
            number(cell.connections),
            number(cell.goodput_rps),
            number(cell.achieved_rps),
            ms(cell.mean_us.map(Figure::get)),
            ms(cell.percentile("50")),
            ms(cell.percentile("95")),
            ms(cell.percentile("99")),
            cell.error_ratio().map_or_else(
                || figure::MISSING.to_owned(),
                |share| figure::percent(share.get()),
            ),
        ]);
    }
    table
}

pub(super) fn runs_to_json(runs: &[ImportRun], lang: Lang) -> Value {
    let said = |texts: Vec<&Text>| {
        texts
            .into_iter()
            .map(|text| text.get(lang).to_owned())
            .collect::<Vec<_>>()
    };
    let cell = |cell: &ImportedCell| {
        let figures: serde_json::Map<String, Value> = cell
            .figures()
            .into_iter()
            .map(|(name, x)| (name, figure::json(x).into()))
            .collect();
        json!({
            "operation": cell.operation,
            "load": cell.load,
            "model": cell.model.map(WorkloadKind::word),
            "latency_basis": cell.basis.map(LatencyBasis::word),
            "connections": cell.connections.map(Figure::get),
            "duration_s": cell.duration_s.map(Figure::get),
            "figures": figures,
        })
    };
    let runs: Vec<Value> = runs
        .iter()
        .map(|run| {
            let rows: Vec<Value> = run
                .rows
                .iter()
                .map(|row| {
                    let imported = &row.imported;
                    json!({
                        "file": row.path,
                        "tool": imported.tool.name(),
                        "format": imported.format,
                        "row": imported.row,
                        "cells": imported.cells.iter().map(cell).collect::<Vec<_>>(),
                        "notes": said(imported.notes.iter().collect()),
                    })
                })
                .collect();
            let audit: Vec<Value> = run.findings.iter().map(|found| json!({"word": found.word, "text": found.text.get(lang)})).collect();
            json!({"candidate": run.candidate, "hardware": run.hardware, "rounds": rows, "audit": audit, "stored": run.stored})
        })
        .collect();
    json!({ "runs": runs })
}

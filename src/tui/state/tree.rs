//! The explanation tree as lines: an open branch shows what it depends on.

use std::collections::BTreeSet;

use crate::lang::Lang;
use crate::view::why::{NodeWhy, WhyView, formula_lines};

/// A line of the explanation tree.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The path from the root, which identifies the branch while the tree changes.
    pub key: String,
    pub depth: usize,
    pub label: String,
    /// The value, formatted for display.
    pub shown: String,
    /// Whether the branch is open; `None` if there is nothing below it.
    pub open: Option<bool>,
    /// The lines of the pane beside the tree.
    pub detail: Vec<String>,
    /// File and line.
    pub place: Option<(String, usize)>,
}

/// Returns the visible lines of a candidate's explanation. `open` holds the keys of the open branches or, with `*` among them, of the
/// closed ones.
pub(super) fn branches(why: &WhyView, open: &BTreeSet<String>, lang: Lang) -> Vec<Branch> {
    let all = open.contains("*");
    let is_open = |key: &str| open.contains(key) != all;
    let colon = lang.pick(": ", "：");
    let mut out = Vec::new();
    for criterion in &why.criteria {
        let known = |x: Option<f64>| x.map_or_else(|| "?".to_owned(), crate::view::figure::score);
        let mut detail = vec![criterion.value_function.clone()];
        let extra = [
            (lang.pick("after", "出处"), &criterion.source),
            (lang.pick("assumes", "假设"), &criterion.assumptions),
        ];
        detail.extend(
            extra
                .into_iter()
                .filter_map(|(name, text)| text.as_ref().map(|t| format!("{name}{colon}{t}"))),
        );
        let opened = is_open(&criterion.criterion);
        out.push(Branch {
            key: criterion.criterion.clone(),
            depth: 0,
            label: criterion.title.clone(),
            shown: format!(
                "{} x {} = {}",
                crate::view::figure::percent(criterion.share),
                known(criterion.score),
                known(criterion.contribution)
            ),
            open: Some(opened),
            detail,
            place: criterion.measure.place.as_deref().and_then(split_place),
        });
        if opened {
            push_node(
                &criterion.measure,
                1,
                &criterion.criterion,
                &is_open,
                lang,
                &mut out,
            );
        }
    }
    for gate in &why.gates {
        push_node(gate, 0, "gate", &is_open, lang, &mut out);
    }
    out
}

/// Translates the words that the view shares with JSON.
fn translate(word: &'static str, lang: Lang) -> &'static str {
    let zh = match word {
        "fact" => "事实",
        "context" => "背景",
        "measurement" => "测量",
        "formula" => "公式",
        "gate" => "关卡",
        "criterion" => "准则",
        "measured" => "实测",
        "registry" => "登记",
        "published" => "公开发表",
        "judged" => "判断",
        other => other,
    };
    lang.pick(word, zh)
}

fn split_place(place: &str) -> Option<(String, usize)> {
    let (file, line) = place.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

fn push_node(
    own: &NodeWhy,
    depth: usize,
    above: &str,
    is_open: &dyn Fn(&str) -> bool,
    lang: Lang,
    out: &mut Vec<Branch>,
) {
    let key = format!("{above}/{}", own.node);
    let opened = is_open(&key);
    let colon = lang.pick(": ", "：");
    let mut detail = vec![format!("{} ({})", own.node, translate(own.kind, lang))];
    if own.seen_above {
        detail.push(lang.pick("see above", "见上文").to_owned());
        detail.extend(own.expr.as_ref().map(|e| format!("= {e}")));
    } else {
        let lines = formula_lines(own, lang).into_iter();
        detail.extend(lines.map(|(depth, line)| format!("{}{line}", "  ".repeat(depth))));
    }
    for part in &own.parts {
        let source = part.evidence.as_ref().map_or("", |e| e.source.as_str());
        detail.push(format!("{} = {}  {source}", part.part, part.shown));
    }
    detail.extend(own.range.as_ref().map(|r| format!("5..95 %: {r}")));
    if let Some(e) = &own.evidence {
        let kind = translate(e.kind.unwrap_or_default(), lang);
        detail.push(format!(
            "{kind}{}",
            if e.stale {
                lang.pick(", stale", "，已过期")
            } else {
                ""
            }
        ));
        detail.push(e.source.clone());
        let dates = [&e.as_of, &e.expires]
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" .. ");
        detail.push(dates);
        let labelled = [
            (lang.pick("scale", "量表"), &e.scale),
            (lang.pick("note", "备注"), &e.note),
            (lang.pick("not known", "未知"), &e.missing),
            ("$", &e.command),
        ];
        detail.extend(
            labelled
                .into_iter()
                .filter_map(|(name, text)| text.as_ref().map(|t| format!("{name}{colon}{t}"))),
        );
        if let Some(run) = &e.run {
            detail.push(format!("{} {}", run.id, run.file));
            let rounds: Vec<String> = run
                .rounds
                .iter()
                .map(|(_, x)| crate::view::figure::number(*x))
                .collect();
            detail.push(format!(
                "{} [{}]: {}",
                run.address,
                run.unit,
                rounds.join(" ")
            ));
        }
    }
    detail.extend(own.place.clone());
    detail.retain(|line| !line.is_empty());
    out.push(Branch {
        key: key.clone(),
        depth,
        label: own.title.clone(),
        shown: own.shown.clone(),
        open: (!own.rests_on.is_empty()).then_some(opened),
        detail,
        place: own.place.as_deref().and_then(split_place),
    });
    if opened {
        for below in &own.rests_on {
            push_node(below, depth + 1, &key, is_open, lang, out);
        }
    }
}

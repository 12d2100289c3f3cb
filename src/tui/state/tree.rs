//! The tree of reasons as lines: what is open shows what it rests on.

use std::collections::BTreeSet;

use crate::lang::Lang;
use crate::view::why::{NodeWhy, WhyView};

/// One line of the tree of reasons.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The way to it from the root: what is open is remembered by it.
    pub key: String,
    /// How deep it lies.
    pub depth: usize,
    /// What it says.
    pub label: String,
    /// Its value.
    pub shown: String,
    /// Whether there is something below, and whether that is open.
    pub open: Option<bool>,
    /// The pane beside the tree.
    pub detail: Vec<String>,
    /// File and line.
    pub place: Option<(String, usize)>,
}

/// The lines of a candidate's reasons, where these keys are open (or closed, where `*` is among them).
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
            place: criterion.measure.place.as_deref().and_then(split),
        });
        if opened {
            node(
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
        node(gate, 0, "gate", &is_open, lang, &mut out);
    }
    out
}

/// The words that the view shares with JSON, in a language.
fn said(word: &'static str, lang: Lang) -> &'static str {
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

fn split(place: &str) -> Option<(String, usize)> {
    let (file, line) = place.rsplit_once(':')?;
    Some((file.to_owned(), line.parse().ok()?))
}

fn node(
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
    let mut detail = vec![format!("{} ({})", own.node, said(own.kind, lang))];
    detail.extend(own.expr.as_ref().map(|e| format!("= {e}")));
    detail.extend(
        own.formula
            .as_ref()
            .filter(|f| Some(*f) != own.expr.as_ref())
            .map(|f| format!("= {f}")),
    );
    detail.extend(own.range.as_ref().map(|r| format!("5..95 %: {r}")));
    if let Some(e) = &own.evidence {
        let kind = said(e.kind.unwrap_or_default(), lang);
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
        place: own.place.as_deref().and_then(split),
    });
    if opened {
        for below in &own.rests_on {
            node(below, depth + 1, &key, is_open, lang, out);
        }
    }
}

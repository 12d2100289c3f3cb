//! `weigh sensitivity`.

use unicode_width::UnicodeWidthStr;

use super::args::{SensitivityArgs, TableOrJson};
use super::decision::{open_decision, parse_method};
use super::output::Output;
use super::table::{Side, TextTable, pad};
use super::{Exit, Failure, verdict};
use crate::analysis::study::{SensitivityLimits, StudyRequest};
use crate::eval::{InputId, Plan};
use crate::formula::Type;
use crate::lang::Text;
use crate::quantity;
use crate::source::did_you_mean_clause;
use crate::tr;
use crate::view::figure::{MISSING, percent, score};
use crate::view::sensitivity::{
    BarView, InputView, SensitivityView, SmallestView, SweepView, view,
};

/// Maximum number of tornado bars on a terminal; JSON has them all.
const BARS: usize = 15;
/// Maximum number of break-even sentences on a terminal.
const SENTENCES: usize = 24;
/// Columns of a bar.
const WIDTH: usize = 24;

pub(super) fn run(args: &SensitivityArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (method, params) = parse_method(&args.method)?;
    let opened = open_decision(&args.decision)?;
    let request = StudyRequest::by(method, params, opened.decision.seed);
    let plan = opened.plan(&request);
    let ranges = args
        .sweep
        .iter()
        .map(|typed| parse_sweep(&plan, typed))
        .collect::<Result<Vec<_>, _>>()?;
    if ranges.len() > 2 {
        return Err(Failure::usage(tr!(
            "--sweep can be given once or twice",
            "--sweep 只能给出一次或两次"
        )));
    }
    let limits = SensitivityLimits {
        ranges,
        all: args.all,
        ..SensitivityLimits::default()
    };
    let study = opened.study(&plan, request);
    let found = study.sensitivity(&limits)?;
    let mut shown = view(&plan, &found, output.lang);
    shown.verdict = Some(verdict::view(&study, &args.decision, output));
    match args.format {
        TableOrJson::Json => output.print_json("sensitivity", &shown)?,
        TableOrJson::Table => {
            show(&shown, output)?;
            opened.print_as_of(output)?;
            output.print_diagnostics(&opened.diagnostics, &opened.sources);
        }
    }
    Ok(Exit::Fine)
}

/// Parses `INPUT=FROM..TO`.
fn parse_sweep(plan: &Plan<'_>, typed: &str) -> Result<(InputId, f64, f64), Failure> {
    let form = || {
        Failure::usage(tr!(
            "--sweep takes INPUT=FROM..TO such as workload.peak_rps=50..40000, not `{typed}`",
            "--sweep 的形式为 输入=起..止，如 workload.peak_rps=50..40000，而不是 `{typed}`"
        ))
    };
    let (name, value) = typed.split_once('=').ok_or_else(form)?;
    let (name, value) = (name.trim(), value.trim());
    let sweepable = sweepable_inputs(plan);
    let Some((input, _)) = sweepable.iter().find(|(_, known)| known == name) else {
        let known = sweepable.iter().map(|(_, name)| name.as_str());
        let hint = did_you_mean_clause(name, known);
        return Err(Failure::usage(tr!(
            "no numeric input is called `{name}`{hint}",
            "没有名为 `{name}` 的数值输入{hint}"
        )));
    };
    let written = quantity::parse(value, &plan.decision.library.units)
        .map_err(|error| Failure::usage(error.message))?;
    let unit = &plan.graph.nodes[input.node].unit;
    let own = written.unit.as_ref().unwrap_or(unit);
    if own.dimension() != unit.dimension() {
        return Err(Failure::usage(tr!(
            "`{name}` is in {unit}, not in {own}",
            "`{name}` 的单位是 {unit}，不是 {own}"
        )));
    }
    let (low, high) = written.figures.support();
    if low >= high {
        return Err(form());
    }
    Ok((*input, own.to_base(low), own.to_base(high)))
}

/// Lists every numeric input of the formulas, missing ones included.
fn sweepable_inputs(plan: &Plan<'_>) -> Vec<(InputId, String)> {
    let nodes = &plan.graph.nodes;
    plan.leaves()
        .filter(|input| matches!(nodes[input.node].value, Type::Number(_)))
        .map(|input| (input, plan.input_name(input)))
        .collect()
}

fn show(view: &SensitivityView, output: &mut Output) -> Result<(), Failure> {
    if let Some(found) = &view.verdict {
        verdict::print(found, output)?;
    }
    output.print(&view.title)?;
    if let (Some(winner), Some(lead)) = (&view.winner_name, view.lead) {
        let lead = score(lead);
        output.print(tr!(
            "{winner} is first and leads by {lead}",
            "{winner} 排第一，领先 {lead}"
        ))?;
    }
    for note in &view.notes {
        output.print(format_args!("- {note}"))?;
    }
    if !view.weights.is_empty() {
        print_weight_intervals(view, output)?;
    }
    print_inputs(view, output)?;
    print_tornado(view, output)?;
    for sweep in &view.sweeps {
        print_sweep(sweep, output)?;
    }
    Ok(())
}

/// Prints a title with a line that explains the section.
fn print_heading(output: &mut Output, title: &Text, about: &Text) -> Result<(), Failure> {
    output.print("")?;
    output.print(title)?;
    output.print(format_args!("  {about}"))?;
    output.print("")
}

fn print_weight_intervals(view: &SensitivityView, output: &mut Output) -> Result<(), Failure> {
    let how = if view.exact {
        Text::default()
    } else {
        tr!(" (searched, to 1e-7)", "（搜索得出，精确到 1e-7）")
    };
    print_heading(
        output,
        &tr!("Weights{how}", "权重{how}"),
        &tr!(
            "how far each weight can change, with the others in proportion, before another candidate is first",
            "其余权重保持比例时，每个权重可移动多远而第一名不变"
        ),
    )?;
    let cells = [
        tr!("criterion", "准则"),
        tr!("share", "份额"),
        tr!("stays first from", "保持第一自"),
        tr!("to", "至"),
        tr!("0 %  (| now)  100 %", "0 %（| 现在）100 %"),
        tr!("below", "低于则为"),
        tr!("above", "高于则为"),
    ];
    let sides = vec![
        Side::Left,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Left,
        Side::Left,
        Side::Left,
    ];
    let mut table = TextTable::new(cells.iter().map(|c| output.localize(c)).collect(), sides);
    for weight in &view.weights {
        let part = |x: Option<f64>| x.map_or_else(|| MISSING.to_owned(), percent);
        let [low, high] = weight.keeps_winner;
        table.row(vec![
            weight.criterion.clone(),
            part(weight.share),
            part(low),
            part(high),
            interval_bar(
                low.unwrap_or(0.0),
                high.unwrap_or(1.0),
                weight.share.unwrap_or(0.0),
            ),
            weight.below.clone().unwrap_or_default(),
            weight.above.clone().unwrap_or_default(),
        ]);
    }
    output.print_table(&table)?;
    output.print("")?;
    let nothing = tr!("no change of one weight does", "改变任何单个权重都不会");
    let mut told = |smallest: &SmallestView, what: &Text| -> Result<(), Failure> {
        let what = output.localize(what);
        match (&smallest.absolute, &smallest.relative) {
            (None, _) => output.print(format_args!("{what}{}", output.localize(&nothing))),
            (Some(change), Some(other)) if other.criterion != change.criterion => {
                output.print(format_args!("{what}{}", change.sentence))?;
                let part = output.localize(&tr!("relative to the weight: ", "按相对变化："));
                output.print(format_args!("  {part}{}", other.sentence))
            }
            (Some(change), _) => output.print(format_args!("{what}{}", change.sentence)),
        }
    };
    told(
        &view.smallest_change_of_winner,
        &tr!(
            "Smallest change that changes the winner: ",
            "改变第一名的最小变化："
        ),
    )?;
    told(
        &view.smallest_change_of_rank,
        &tr!(
            "Smallest change that changes any rank: ",
            "改变任一名次的最小变化："
        ),
    )
}

/// Draws a line from 0 to 1 with the interval filled and the current share marked.
fn interval_bar(low: f64, high: f64, share: f64) -> String {
    let cell = |x: f64| ((x * WIDTH as f64) as usize).min(WIDTH - 1);
    let (from, to, now) = (cell(low), cell(high), cell(share));
    let mark = |at: usize| match at {
        at if at == now => '|',
        at if (from..=to).contains(&at) => '█',
        _ => '·',
    };
    (0..WIDTH).map(mark).collect()
}

fn print_inputs(view: &SensitivityView, output: &mut Output) -> Result<(), Failure> {
    let (mut flips, calm): (Vec<&InputView>, Vec<&InputView>) =
        view.inputs.iter().partition(|i| !i.flips_at.is_empty());
    print_heading(
        output,
        &tr!("Inputs", "输入"),
        &tr!(
            "the value of each input at which another candidate becomes first, all else equal; nearest first",
            "其余不变时，各输入达到何值会换第一名；最接近的在前"
        ),
    )?;
    flips.sort_by(|a, b| {
        a.nearness
            .unwrap_or(f64::INFINITY)
            .total_cmp(&b.nearness.unwrap_or(f64::INFINITY))
    });
    for input in flips.iter().take(SENTENCES) {
        let now = output.localize(&tr!("now", "现为"));
        let colon = output.localize(&tr!(": ", "："));
        output.print(format_args!(
            "{} ({now} {}){colon}{}",
            input.title, input.shown, input.sentence
        ))?;
        output.print(format_args!("    {}", input.input))?;
    }
    let more = flips.len().saturating_sub(SENTENCES);
    if more > 0 {
        output.print(tr!(
            "... and {more} more; `--format json` lists all",
            "……另有 {more} 个：`--format json` 列出全部"
        ))?;
    }
    let (count, all) = (calm.len(), view.inputs.len());
    output.print(tr!(
        "{count} of {all} inputs do not change the winner anywhere in their range",
        "{all} 个输入中有 {count} 个在其范围内不改变第一名"
    ))
}

fn print_tornado(view: &SensitivityView, output: &mut Output) -> Result<(), Failure> {
    let drawn: Vec<&BarView> = view
        .tornado
        .iter()
        .filter(|b| b.lead.iter().all(Option::is_some) && b.lead[0] != b.lead[1])
        .take(BARS)
        .collect();
    let Some(lead) = view.lead.filter(|_| !drawn.is_empty()) else {
        return Ok(());
    };
    print_heading(
        output,
        &tr!("Tornado", "龙卷风图"),
        &tr!(
            "the winner's lead over its best rival with each input at its 5 % and 95 % quantile (range ends for certain inputs); below 0 it loses",
            "各输入取其 5 % 与 95 % 分位（确定者取范围两端）时第一名对最强对手的领先；低于 0 即落败"
        ),
    )?;
    let ends = drawn
        .iter()
        .flat_map(|b| b.lead)
        .flatten()
        .chain([lead, 0.0]);
    let (low, high) = ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), x| {
        (lo.min(x), hi.max(x))
    });
    let cells = [
        tr!("input", "输入"),
        tr!("from", "自"),
        tr!("to", "至"),
        tr!("lead", "领先"),
        tr!("", ""),
    ];
    let mut heads: Vec<String> = cells.iter().map(|c| output.localize(c)).collect();
    heads[4] = format!(
        "{}{}",
        pad(&score(low), WIDTH - score(high).width(), Side::Left),
        score(high)
    );
    let mut table = TextTable::new(
        heads,
        vec![
            Side::Left,
            Side::Right,
            Side::Right,
            Side::Right,
            Side::Left,
        ],
    );
    for b in drawn {
        let [first, second] = b.lead.map(|l| l.unwrap_or(0.0));
        let [from, to] = &b.shown;
        table.row(vec![
            b.title.clone(),
            from.clone(),
            to.clone(),
            format!("{}..{}", score(first), score(second)),
            lead_bar(first.min(second), first.max(second), lead, (low, high)),
        ]);
    }
    output.print_table(&table)?;
    Ok(())
}

/// Draws a bar between two leads, with 0 and the current lead marked.
fn lead_bar(from: f64, to: f64, lead: f64, (low, high): (f64, f64)) -> String {
    let cell = |x: f64| (((x - low) / (high - low) * WIDTH as f64) as usize).min(WIDTH - 1);
    let (from, to, now, zero) = (cell(from), cell(to), cell(lead), cell(0.0));
    let mark = |at: usize| match at {
        at if at == zero => '0',
        at if at == now => '|',
        at if (from..=to).contains(&at) => '█',
        _ => '·',
    };
    (0..WIDTH).map(mark).collect()
}

fn print_sweep(sweep: &SweepView, output: &mut Output) -> Result<(), Failure> {
    let titles: Vec<String> = sweep
        .inputs
        .iter()
        .map(|i| {
            if i.unit.is_empty() {
                i.title.clone()
            } else {
                format!(
                    "{} ({})",
                    i.title,
                    crate::view::unit::heading(&i.unit, output.lang)
                )
            }
        })
        .collect();
    print_heading(
        output,
        &tr!("Sweep", "扫描"),
        &tr!(
            "the winner as these inputs vary, all else equal",
            "其余不变时，随这些输入变动谁排第一"
        ),
    )?;
    let amount = |x: Option<f64>| x.map_or_else(|| MISSING.to_owned(), crate::view::figure::number);
    let none = output.localize(&tr!("no candidate", "无人"));
    let name = |w: &Option<String>| w.clone().unwrap_or_else(|| none.clone());
    if let [axis] = sweep.inputs.as_slice() {
        output.print(&titles[0])?;
        for line in winner_stretches(&sweep.winners) {
            let (from, to) = (amount(axis.at[line.0]), amount(axis.at[line.1]));
            output.print(format_args!(
                "  {from} .. {to}: {}",
                name(&sweep.winners[line.0])
            ))?;
        }
        return Ok(());
    }
    let [down, across] = sweep.inputs.as_slice() else {
        return Ok(());
    };
    let mut winners: Vec<&Option<String>> = sweep.winners.iter().collect();
    winners.sort();
    winners.dedup();
    let letter = |w: &Option<String>| {
        let at = winners.iter().position(|own| *own == w).unwrap_or(0);
        if w.is_none() {
            '·'
        } else {
            char::from_digit(u32::try_from(at % 26 + 10).unwrap_or(10), 36)
                .unwrap_or('?')
                .to_ascii_uppercase()
        }
    };
    let width = down
        .at
        .iter()
        .map(|x| amount(*x).width())
        .max()
        .unwrap_or(0);
    output.print(format_args!("{}  ↓", titles[0]))?;
    for (i, row) in sweep.winners.chunks(across.at.len()).enumerate().rev() {
        let row: String = row.iter().map(letter).collect();
        output.print(format_args!(
            "{}  {row}",
            pad(&amount(down.at[i]), width, Side::Right)
        ))?;
    }
    let (first, last) = (
        amount(across.at.first().copied().flatten()),
        amount(across.at.last().copied().flatten()),
    );
    let gap = across.at.len().saturating_sub(first.width());
    output.print(format_args!(
        "{}  {first}{}",
        " ".repeat(width),
        pad(&last, gap, Side::Right)
    ))?;
    output.print(format_args!("{}  {} →", " ".repeat(width), titles[1]))?;
    for winner in &winners {
        output.print(format_args!("  {} = {}", letter(winner), name(winner)))?;
    }
    Ok(())
}

/// Returns the index ranges in which the winner stays the same, both ends included.
fn winner_stretches(winners: &[Option<String>]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    for (at, winner) in winners.iter().enumerate() {
        match all.last_mut() {
            Some(last) if &winners[last.1] == winner => last.1 = at,
            _ => all.push((at, at)),
        }
    }
    all
}

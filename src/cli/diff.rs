//! `weigh diff`: compares two revisions of a decision: what changed, and how that moved the ranking.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::args::{DiffArgs, TableOrJson};
use super::decision::open_quietly;
use super::output::Output;
use super::record::pin_decision;
use super::table::{Side, TextTable};
use super::{Exit, Failure};
use crate::lang::Lang;
use crate::rank::Params;
use crate::record::{self, Record, RecordDifference, RecordRequest};
use crate::tr;
use crate::view::figure;

pub(super) fn run(args: &DiffArgs, output: &mut Output) -> Result<Exit, Failure> {
    let (old, new) = (
        resolve_side(&args.old, args)?,
        resolve_side(&args.new, args)?,
    );
    let difference = record::diff(&old, &new);
    match args.format {
        TableOrJson::Json => output.print_json("diff", &difference)?,
        TableOrJson::Table => show(&difference, output)?,
    }
    Ok(Exit::Fine)
}

/// Resolves one side of the comparison: a file, a record or a `REVISION:PATH`.
fn resolve_side(named: &str, args: &DiffArgs) -> Result<Record, Failure> {
    let path = Path::new(named);
    if path.exists() {
        return read_or_pin(path, args);
    }
    // `C:\x` on Windows is a path, not a revision: it would exist.
    let Some((revision, inside)) = named.split_once(':') else {
        return Err(Failure::environment(tr!(
            "there is no file at `{named}`",
            "`{named}` 处没有任何内容"
        )));
    };
    let (folder, inside) = checkout_revision(revision, inside)?;
    read_or_pin(&folder.path().join(inside), args)
}

fn read_or_pin(path: &Path, args: &DiffArgs) -> Result<Record, Failure> {
    if path.extension().is_some_and(|e| e == "json") {
        let refused = |e: std::io::Error| {
            let shown = path.display();
            Failure::environment(tr!("cannot read {shown}: {e}", "无法读取 {shown}：{e}"))
        };
        return super::recheck::parse_record(
            &std::fs::read_to_string(path).map_err(refused)?,
            path,
        );
    }
    let opened = open_quietly(path, &args.choice)?;
    let params = Params::parse(&args.method.param).map_err(|e| Failure::usage(e.text().clone()))?;
    let asked = RecordRequest::default();
    let pinned = pin_decision(&opened, &args.method.method, &params, None, asked, Lang::En)?;
    Ok(pinned.0)
}

/// Writes the YAML and CSV files of a revision to a temporary folder and returns it with the path inside. The repository's index and
/// work tree are not touched: git reads the revision into a separate index.
fn checkout_revision(revision: &str, inside: &str) -> Result<(TempDir, PathBuf), Failure> {
    let refused = |e: std::io::Error| {
        Failure::environment(tr!(
            "cannot unpack {revision}: {e}",
            "无法展开 {revision}：{e}"
        ))
    };
    let root = PathBuf::from(
        super::git::run(Path::new("."), &["rev-parse", "--show-toplevel"])?.trim_end(),
    );
    let prefix = super::git::run(Path::new("."), &["rev-parse", "--show-prefix"])?
        .trim_end()
        .to_owned();
    let folder = tempfile::Builder::new()
        .prefix("weigh-diff-")
        .tempdir()
        .map_err(refused)?;
    let tree = folder.path().join("tree");
    // The marker ends the search for criteria and catalogs at the root of the revision.
    std::fs::create_dir_all(tree.join(".git")).map_err(refused)?;
    let index = folder.path().join("index");
    let tip = super::git::commit(&root, revision)?;
    super::git::with_index(&root, &index, &["read-tree", &tip], None)?;
    let wanted = ["*.yaml", "*.yml", "*.csv", "*.json"];
    let words: Vec<&str> = ["ls-files", "-z", "--"].into_iter().chain(wanted).collect();
    let list = super::git::with_index(&root, &index, &words, None)?;
    let to = format!("--prefix={}/", tree.display());
    super::git::with_index(
        &root,
        &index,
        &["checkout-index", "-z", "--stdin", &to],
        Some(&list),
    )?;
    // Like git's own `REV:path`: relative to the root, or to the current folder if it begins with a dot.
    let inside = if inside.starts_with("./") || inside.starts_with("../") || inside == "." {
        format!("{prefix}{inside}")
    } else {
        inside.to_owned()
    };
    Ok((folder, Path::new("tree").join(inside)))
}

fn show(difference: &RecordDifference, output: &mut Output) -> Result<(), Failure> {
    let decision = &difference.decision;
    let [was, is] = difference
        .winner
        .each_ref()
        .map(|w| w.as_deref().unwrap_or("-"));
    let head = if was == is {
        tr!(
            "{decision}: the winner is still {is}",
            "{decision}：{is} 仍居首"
        )
    } else {
        tr!(
            "{decision}: the winner was {was}, now it is {is}",
            "{decision}：首位曾是 {was}，现为 {is}"
        )
    };
    output.print(&head)?;
    output.print("")?;
    if difference.changes.is_empty() {
        let none = tr!("No relevant change.", "没有影响结果的变化。");
        return output.print(&none);
    }
    for change in &difference.changes {
        let mut line = format!("  {}", output.localize(change.text()));
        if let crate::record::RecordChange::Input { criteria, .. } = change
            && !criteria.is_empty()
        {
            line += &format!("  [{}]", criteria.join(", "));
        }
        output.print(line)?;
    }
    output.print("")?;
    let heads = [
        tr!("candidate", "候选"),
        tr!("rank", "名次"),
        tr!("score", "得分"),
        tr!("by weights", "因权重"),
        tr!("by values", "因取值"),
        tr!("most through", "主要来自"),
    ];
    let sides = vec![
        Side::Left,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Right,
        Side::Left,
    ];
    let mut table = TextTable::new(heads.iter().map(|h| output.localize(h)).collect(), sides);
    let number = |x: Option<f64>| x.map_or_else(|| "-".to_owned(), figure::score);
    let signed = |x: Option<f64>| {
        x.map_or_else(String::new, |x| {
            if x >= 0.0005 {
                format!("+{}", figure::score(x))
            } else {
                figure::score(x)
            }
        })
    };
    for shift in &difference.ranking {
        let rank = |x: Option<usize>| x.map_or_else(|| "-".to_owned(), |r| r.to_string());
        let through: Vec<String> = shift
            .by_criterion
            .iter()
            .take(3)
            .map(|(id, x)| format!("{id} {}", signed(Some(*x))))
            .collect();
        table.row(vec![
            shift.candidate.clone(),
            format!("{} -> {}", rank(shift.rank[0]), rank(shift.rank[1])),
            format!("{} -> {}", number(shift.score[0]), number(shift.score[1])),
            signed(shift.by_weights),
            signed(shift.by_values),
            through.join(", "),
        ]);
    }
    output.print_table(&table)?;
    Ok(())
}

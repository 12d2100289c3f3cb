//! `weigh schema`.

use super::args::SchemaArgs;
use super::output::Output;
use super::{Exit, Failure};
use crate::schema::FileKind;
use crate::source::did_you_mean_clause;
use crate::tr;

pub(super) fn run(args: &SchemaArgs, output: &mut Output) -> Result<Exit, Failure> {
    let word = &args.kind;
    let kind = FileKind::find(word).ok_or_else(|| {
        let known = FileKind::ALL.map(FileKind::word);
        let list = known.join(", ");
        let hint = did_you_mean_clause(word, known);
        Failure::usage(tr!(
            "there is no file kind `{word}`; known kinds: {list}{hint}",
            "没有名为 `{word}` 的文件类型；可用：{list}{hint}"
        ))
    })?;
    output.print_json(&kind.json_schema())?;
    Ok(Exit::Fine)
}

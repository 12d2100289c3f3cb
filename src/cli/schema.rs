//! `weigh schema`.

use super::args::SchemaArgs;
use super::output::Output;
use super::{Exit, Failure};
use crate::schema::FileKind;
use crate::source::suggest;
use crate::tr;

pub(super) fn run(args: &SchemaArgs, output: &mut Output) -> Result<Exit, Failure> {
    let word = &args.kind;
    let kind = FileKind::find(word).ok_or_else(|| {
        let known = FileKind::ALL.map(FileKind::word);
        let list = known.join(", ");
        let near = suggest(word, known).map_or_else(String::new, |n| format!(" -> {n}"));
        Failure::usage(tr!(
            "there is no kind of file `{word}`{near}; one of: {list}",
            "没有名为 `{word}` 的文件类型{near}；可用：{list}"
        ))
    })?;
    output.json(&kind.json_schema())?;
    Ok(Exit::Fine)
}

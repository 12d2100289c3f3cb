//! `weigh explain`.

use super::args::ExplainArgs;
use super::output::Output;
use super::{Exit, Failure};
use crate::diagnostic::Code;
use crate::tr;

pub(super) fn run(args: &ExplainArgs, output: &mut Output) -> Result<Exit, Failure> {
    let Some(id) = &args.code else {
        for code in Code::ALL {
            let whole = code.explanation();
            let first = output
                .localize(&whole)
                .split_inclusive(['.', '。'])
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned();
            output.print(format_args!("{}  {first}", code.id()))?;
        }
        return Ok(Exit::Fine);
    };
    let code = Code::find(id).ok_or_else(|| {
        Failure::usage(tr!(
            "there is no diagnostic `{id}`; run `weigh explain` to list all",
            "没有编号为 `{id}` 的诊断；`weigh explain` 可列出全部"
        ))
    })?;
    let whole = code.explanation();
    output.print(format_args!("{}: {whole}", code.id()))?;
    Ok(Exit::Fine)
}

//! `weigh graph`.

use super::args::{GraphArgs, GraphFormat};
use super::output::Output;
use super::rank::open;
use super::why::candidate;
use super::{Exit, Failure};
use crate::eval::Plan;
use crate::graph::export;
use crate::view;

pub(super) fn run(args: &GraphArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = match open(&args.decision, output)? {
        Ok(opened) => opened,
        Err(exit) => return Ok(exit),
    };
    let chosen = args
        .candidate
        .as_deref()
        .map(|id| candidate(&opened, id))
        .transpose()?;
    let plan = Plan::new(&opened.decision, &opened.graph);
    let marks = view::graph::marks(&plan, chosen, output.lang);
    let lang = output.lang;
    match args.format {
        GraphFormat::Json => output.json(&view::graph::view(&plan, chosen, lang))?,
        GraphFormat::Text => output.text(&view::graph::text(&plan, &marks, lang))?,
        GraphFormat::Mermaid => output.text(&export::mermaid(&opened.graph, &marks, lang))?,
        GraphFormat::Dot => output.text(&export::dot(
            &opened.graph,
            &opened.decision.id,
            &marks,
            lang,
        ))?,
        GraphFormat::Svg => output.text(&view::graph::svg(&plan, &marks, lang))?,
    }
    Ok(Exit::Fine)
}

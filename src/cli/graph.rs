//! `weigh graph`.

use super::args::{GraphArgs, GraphFormat};
use super::decision::open_decision;
use super::output::Output;
use super::{Exit, Failure};
use crate::eval::Plan;
use crate::graph::export;
use crate::view;

pub(super) fn run(args: &GraphArgs, output: &mut Output) -> Result<Exit, Failure> {
    let opened = open_decision(&args.decision)?;
    let chosen = args
        .candidate
        .as_deref()
        .map(|id| opened.candidate(id))
        .transpose()?;
    let plan = Plan::new(&opened.decision, &opened.graph);
    let marks = view::graph::marks(&plan, chosen, output.lang);
    let lang = output.lang;
    match args.format {
        GraphFormat::Json => output.print_json("graph", &view::graph::view(&plan, chosen, lang))?,
        GraphFormat::Text => {
            output.write(&view::graph::text(&plan, &marks, lang))?;
            opened.print_as_of(output)?;
        }
        GraphFormat::Mermaid => output.write(&export::mermaid(&opened.graph, &marks, lang))?,
        GraphFormat::Dot => output.write(&export::dot(
            &opened.graph,
            &opened.decision.id,
            &marks,
            lang,
        ))?,
        GraphFormat::Svg => output.write(&view::graph::svg(&plan, &marks, lang))?,
    }
    Ok(Exit::Fine)
}

//! One decision: opened, ranked, analysed, rendered. Nothing is written here, so that the batch can go on in any order.

use std::path::Path;

use super::bounded::Bounded;
use super::{sections, template_failure};
use rayon::prelude::*;

use crate::analysis::acceptability;
use crate::analysis::ranking::{self, Ranking};
use crate::cli::Failure;
use crate::diagnostic::{self, Style};
use crate::eval::{Plan, Status, Watch};
use crate::graph;
use crate::lang::{Lang, Text};
use crate::load::{self, Archive, Choice};
use crate::model::decision::Decision;
use crate::rank::{Method, Params, RankError};
use crate::report::chart::{self, Picture};
use crate::report::{Engine, IndexRow, adr, radar};
use crate::text::Sources;
use crate::view;
use crate::view::report::{ChartLink, Material, Outlook, ReportView};

/// What is made of a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Template {
    Report,
    Adr,
    Comparison,
    Index,
    Radar,
    Own { name: String, file: String },
}

impl Template {
    pub(super) fn built_in(name: &str) -> Option<Self> {
        Some(match name {
            "report" => Self::Report,
            "adr" => Self::Adr,
            "comparison" => Self::Comparison,
            "index" => Self::Index,
            "radar" => Self::Radar,
            _ => return None,
        })
    }
}

/// What is asked for of every decision.
pub(super) struct Job<'w> {
    pub engine: Engine,
    /// Renders in a process of its own, where any template is the user's.
    pub bounded: Option<Bounded>,
    pub templates: Vec<Template>,
    pub choice: Choice,
    /// The same as it was typed, for the command that a report ends with.
    pub given: Vec<String>,
    /// What the decisions read alike.
    pub archive: Archive,
    pub method: &'static dyn Method,
    pub params: Params,
    pub lang: Lang,
    pub charts: bool,
    pub seed: Option<u64>,
    /// Who waits, where somebody does.
    pub watch: Option<&'w Watch>,
}

/// What became of a decision.
pub(super) enum Outcome {
    Done(Box<Done>),
    Broken { said: Vec<String>, first: String },
}

/// A decision that was reported.
pub(super) struct Done {
    /// The folder its files go into.
    pub folder: String,
    /// Names and texts.
    pub files: Vec<(String, String)>,
    pub row: IndexRow,
    pub blips: Vec<radar::Blip>,
    pub date: String,
    /// The whole view, kept where a decision record is to be written: records are numbered one after the other.
    pub view: Option<ReportView>,
}

/// What a report consists of for whoever waits: read, analysed, put together, pictures, text.
const STEPS: usize = 5;

impl Job<'_> {
    fn step(&self) {
        self.watch.into_iter().for_each(Watch::step);
    }

    pub(super) fn run(&self, path: &Path) -> Outcome {
        self.watch.into_iter().for_each(|watch| watch.begin(STEPS));
        let loaded = load::decision_among(path, &self.choice, &self.archive);
        let (sources, mut diagnostics) = (loaded.sources, loaded.diagnostics);
        let graph = loaded.decision.as_ref().and_then(|d| graph::compile(d, &mut diagnostics));
        let (Some(decision), Some(graph)) = (loaded.decision, graph) else {
            let style = Style { lang: self.lang, color: false };
            let sorted = diagnostics.sorted();
            let said = sorted.iter().map(|d| format!("{}\n", diagnostic::render(d, &sources, style))).collect();
            let first = sorted.iter().find(|d| d.severity() == diagnostic::Severity::Error).or(sorted.first());
            return Outcome::Broken { said, first: first.map_or_else(String::new, |d| d.message.get(self.lang).to_owned()) };
        };
        let plan = Plan::new(&decision, &graph);
        let plan = if self.params.get("clip") == Some("no") { plan.unclipped() } else { plan };
        self.step();
        match self.report(path, &plan, &diagnostics, &sources) {
            Ok(done) => Outcome::Done(Box::new(done)),
            Err(failure) => {
                let shown = path.display();
                let first = failure.message.get(self.lang).to_owned();
                Outcome::Broken { said: vec![format!("{shown}: {first}")], first }
            }
        }
    }

    fn report(&self, path: &Path, plan: &Plan<'_>, diagnostics: &diagnostic::Diagnostics, sources: &Sources) -> Result<Done, Failure> {
        let decision = plan.decision;
        let seed = self.seed.unwrap_or(decision.seed);
        let refused = |error: RankError| Failure { exit: crate::cli::Exit::Failed, message: error.text().clone() };
        let (ranked, (scenarios, stakeholders)) =
            rayon::join(|| self.ranked(plan, seed), || rayon::join(|| self.scenarios(path, decision), || self.stakeholders(decision)));
        let (ranking, sections) = ranked.map_err(refused)?;
        self.step();
        let material = Material {
            plan,
            ranking: &ranking,
            diagnostics,
            sources,
            scenarios,
            stakeholders,
            path: &path.to_string_lossy(),
            given: &self.given,
        };
        let mut view = view::report::view(material, sections, self.lang);
        self.step();
        let mut files = Vec::new();
        if self.charts && self.templates.iter().any(|t| matches!(t, Template::Report | Template::Own { .. })) {
            for (kind, picture) in pictures(&view, plan, &ranking, self.lang) {
                let file = format!("{kind}{}.svg", self.suffix());
                view.charts.push(ChartLink { kind, file: file.clone(), alt: picture.alt });
                files.push((file, picture.svg));
            }
        }
        self.step();
        for template in &self.templates {
            match template {
                Template::Report => files.push((format!("report{}.md", self.suffix()), self.page("report.md", &view)?)),
                Template::Comparison => files.push((format!("comparison{}.md", self.suffix()), self.page("comparison.md", &view)?)),
                Template::Own { name, file } => files.push((file.clone(), self.page(name, &view)?)),
                Template::Adr | Template::Index | Template::Radar => {}
            }
        }
        let domain = |id: &str| {
            let candidate = decision.candidates.iter().find(|c| c.id == id)?;
            // Catalogs are `catalogs/<domain>/<candidate>.yaml`; what the decision itself says of a candidate tells no domain.
            let files = candidate.facts.values().map(|fact| sources.get(fact.span.source).name());
            let domain = |file: &str| Some(file.rsplit_once("catalogs/")?.1.split_once('/')?.0.to_owned());
            files.filter_map(domain).find(|domain| domain != "evidence")
        };
        let folder = match adr::slug(&decision.id) {
            slug if slug.is_empty() => "decision".to_owned(),
            slug => slug,
        };
        Ok(Done {
            folder,
            files,
            row: IndexRow::of(&view, String::new()),
            blips: if self.templates.contains(&Template::Radar) { radar::blips(&view, domain) } else { Vec::new() },
            date: view.date.clone(),
            view: self.templates.contains(&Template::Adr).then_some(view),
        })
    }

    /// The ranking with the analyses that a report tells of; the other built-in templates show none of these.
    fn ranked(&self, plan: &Plan<'_>, seed: u64) -> Result<(Ranking, view::report::Sections), RankError> {
        let told = self.templates.iter().any(|t| matches!(t, Template::Report | Template::Own { .. }));
        if !told {
            return Ok((ranking::ranking(plan, self.method, &self.params, seed)?, view::report::Sections::default()));
        }
        // Drawn once for the spread of the scores and for how often each rank is taken.
        let rows = plan.evaluate().rows;
        let complete: Vec<usize> = (0..plan.candidates()).filter(|&c| rows[c].status != Status::Incomplete).collect();
        let samples = plan.samples(acceptability::SAMPLES, seed, &complete);
        let ranking = match &samples {
            Some(samples) => ranking::ranking_of(plan, self.method, &self.params, samples)?,
            None => ranking::ranking(plan, self.method, &self.params, seed)?,
        };
        let sections = sections::sections(plan, &ranking, samples.as_ref(), &self.params, self.lang);
        Ok((ranking, sections))
    }

    /// Fills a template; a user's in a process of its own.
    pub(super) fn page(&self, template: &str, view: &impl serde::Serialize) -> Result<String, Failure> {
        match &self.bounded {
            Some(bounded) => bounded.page(template, view, self.lang),
            None => self.engine.page(template, view).map_err(|error| template_failure(&error)),
        }
    }

    fn suffix(&self) -> &'static str {
        match self.lang {
            Lang::En => "",
            Lang::Zh => ".zh",
        }
    }

    /// The decision in each of its scenarios; none where one was asked for, or where the text cannot be read twice.
    fn scenarios(&self, path: &Path, decision: &Decision) -> Vec<Outlook> {
        if decision.scenario.is_some() || path.as_os_str() == "-" {
            return Vec::new();
        }
        let outlook = |name: &crate::model::decision::ScenarioName| {
            let loaded = load::decision_among(path, &Choice { scenario: Some(name.id.clone()), ..self.choice.clone() }, &self.archive);
            let title = if name.title.is_empty() { Text::name(name.id.clone()) } else { name.title.clone() };
            self.outlook(&loaded.decision?, title, name.about.clone())
        };
        decision.scenarios.par_iter().filter_map(outlook).collect()
    }

    /// The decision with each stakeholder's weights.
    fn stakeholders(&self, decision: &Decision) -> Vec<Outlook> {
        if decision.stakeholder.is_some() {
            return Vec::new();
        }
        let outlook = |who: &crate::model::decision::Stakeholder| {
            let mut own = decision.clone();
            load::set_points(&mut own.goals, &who.points);
            own.stakeholder = Some(who.id.clone());
            let title = if who.title.is_empty() { Text::name(who.id.clone()) } else { who.title.clone() };
            self.outlook(&own, title, None)
        };
        decision.stakeholders.par_iter().filter_map(outlook).collect()
    }

    /// The order at the point estimate: what a table of places side by side shows.
    fn outlook(&self, decision: &Decision, title: Text, about: Option<Text>) -> Option<Outlook> {
        let mut diagnostics = diagnostic::Diagnostics::default();
        let graph = graph::compile(decision, &mut diagnostics)?;
        let plan = Plan::new(decision, &graph);
        let plan = if self.params.get("clip") == Some("no") { plan.unclipped() } else { plan };
        let order = ranking::order(&plan, self.method, &self.params, self.seed.unwrap_or(decision.seed)).ok()?;
        Some(Outlook::new(title, about, &plan, &order))
    }
}

/// The pictures that the view has figures for.
fn pictures(view: &ReportView, plan: &Plan<'_>, ranking: &ranking::Ranking, lang: Lang) -> Vec<(&'static str, Picture)> {
    let winner = ranking.places.first().filter(|p| p.rank.is_some()).map(|p| p.candidate);
    let graph = || {
        let svg = view::graph::svg(plan, &view::graph::marks(plan, winner, lang), lang);
        let title = &view.title;
        let alt = crate::text!("Decision graph of {title}", "{title}的决策图");
        Picture { svg, alt: alt.get(lang).to_owned() }
    };
    let name = view.answer.name.as_deref().unwrap_or_default();
    let sections = &view.sections;
    [
        ("contributions", chart::contributions(view, lang)),
        ("scatter", chart::scatter(view, lang)),
        ("tornado", sections.sensitivity.as_ref().and_then(|s| chart::tornado(&s.tornado, name, lang))),
        ("acceptability", sections.robustness.as_ref().and_then(|s| chart::acceptability(&s.acceptability, lang))),
        ("sweep", sections.sweep.as_ref().and_then(|s| chart::sweep(s, lang))),
        ("graph", Some(graph())),
    ]
    .into_iter()
    .filter_map(|(kind, picture)| picture.map(|p| (kind, p)))
    .collect()
}

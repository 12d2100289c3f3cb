//! One decision: opened, ranked, analysed, rendered. Nothing is written here, so that the batch can go on in any order.

use std::borrow::Cow;
use std::path::Path;
use std::sync::OnceLock;

use super::bounded::Bounded;
use super::{sections, template_failure};
use rayon::prelude::*;

use crate::analysis::ranking::{self, Ranking};
use crate::analysis::study::{self, NotComputed, Request, Study};
use crate::cli::Failure;
use crate::diagnostic::{self, Style};
use crate::eval::{Plan, Watch};
use crate::graph::{self, DecisionGraph};
use crate::lang::{Lang, Text};
use crate::load::{self, Archive, Choice, Scenarios};
use crate::model::decision::Decision;
use crate::rank::{Method, Params};
use crate::report::chart::{self, Picture};
use crate::report::{Engine, IndexRow, adr, radar};
use crate::source::Sources;
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

    /// The template's name and the file that it makes of each decision, where it makes one.
    pub(super) fn page(&self, lang: Lang) -> Option<(&str, String)> {
        let suffix = suffix(lang);
        match self {
            Self::Report => Some(("report.md", format!("report{suffix}.md"))),
            Self::Comparison => Some(("comparison.md", format!("comparison{suffix}.md"))),
            Self::Own { name, file } => Some((name, file.clone())),
            Self::Adr | Self::Index | Self::Radar => None,
        }
    }
}

/// What the names of files in a language end with, before the dot.
pub(super) fn suffix(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "",
        Lang::Zh => ".zh",
    }
}

/// What is asked for of every decision.
pub(super) struct Job<'w> {
    /// The built-in templates, parsed while decisions are being read.
    pub engine: OnceLock<Engine>,
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
        let (loaded, scenarios) = load::decision_with_scenarios(path, &self.choice, &self.archive);
        let (sources, mut diagnostics) = (loaded.sources, loaded.diagnostics);
        let graph = loaded
            .decision
            .as_ref()
            .and_then(|d| graph::compile(d, &mut diagnostics));
        let (Some(decision), Some(graph)) = (loaded.decision, graph) else {
            let style = Style {
                lang: self.lang,
                color: false,
            };
            let sorted = diagnostics.sorted();
            let said = sorted
                .iter()
                .map(|d| format!("{}\n", diagnostic::render(d, &sources, style)))
                .collect();
            let first = sorted
                .iter()
                .find(|d| d.severity() == diagnostic::Severity::Error)
                .or(sorted.first());
            return Outcome::Broken {
                said,
                first: first.map_or_else(String::new, |d| d.message.get(self.lang).to_owned()),
            };
        };
        let plan = self.plan(&decision, &graph);
        self.step();
        match self.report(path, &plan, &diagnostics, &sources, &scenarios) {
            Ok(done) => Outcome::Done(Box::new(done)),
            Err(failure) => {
                let shown = path.display();
                let first = failure.into_message().get(self.lang).to_owned();
                Outcome::Broken {
                    said: vec![format!("{shown}: {first}")],
                    first,
                }
            }
        }
    }

    fn report(
        &self,
        path: &Path,
        plan: &Plan<'_>,
        diagnostics: &diagnostic::Diagnostics,
        sources: &Sources,
        scenarios: &Scenarios,
    ) -> Result<Done, Failure> {
        let decision = plan.decision;
        let seed = self.seed.unwrap_or(decision.seed);
        let (ranked, (scenarios, stakeholders)) = rayon::join(
            || self.ranked(plan, seed),
            || {
                rayon::join(
                    || self.scenarios(decision, scenarios),
                    || self.stakeholders(plan),
                )
            },
        );
        let (ranking, sections) = ranked?;
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
        if self.charts
            && self
                .templates
                .iter()
                .any(|t| matches!(t, Template::Report | Template::Own { .. }))
        {
            for (kind, picture) in pictures(&view, plan, &ranking, self.lang) {
                let file = format!("{kind}{}.svg", suffix(self.lang));
                view.charts.push(ChartLink {
                    kind,
                    file: file.clone(),
                    alt: picture.alt,
                });
                files.push((file, picture.svg));
            }
        }
        self.step();
        for template in &self.templates {
            if let Some((name, file)) = template.page(self.lang) {
                files.push((file, self.page(name, &view)?));
            }
        }
        let domain = |id: &str| {
            let candidate = decision.candidates.iter().find(|c| c.id == id)?;
            // Catalogs are `catalogs/<domain>/<candidate>.yaml`; what the decision itself says of a candidate tells no domain.
            let files = candidate
                .facts
                .values()
                .map(|fact| sources.get(fact.span.source).name());
            let domain = |file: &str| {
                Some(
                    file.rsplit_once("catalogs/")?
                        .1
                        .split_once('/')?
                        .0
                        .to_owned(),
                )
            };
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
            blips: if self.templates.contains(&Template::Radar) {
                radar::blips(&view, domain)
            } else {
                Vec::new()
            },
            date: view.date.clone(),
            view: self.templates.contains(&Template::Adr).then_some(view),
        })
    }

    /// The ranking with the analyses that a report tells of; the other built-in templates show none of these.
    fn ranked(
        &self,
        plan: &Plan<'_>,
        seed: u64,
    ) -> Result<(Ranking, view::report::Sections), NotComputed> {
        let told = self
            .templates
            .iter()
            .any(|t| matches!(t, Template::Report | Template::Own { .. }));
        let study = Study::new(plan, self.request(seed));
        if !told {
            return Ok((study.ranking()?, view::report::Sections::default()));
        }
        // Drawn once for the spread of the scores and for how often each rank is taken.
        let study = study.sharing_draws();
        let ranking = study.ranking()?;
        let sections = sections::sections(&study, &ranking, self.lang);
        Ok((ranking, sections))
    }

    /// What every decision is studied under.
    fn request(&self, seed: u64) -> Request {
        Request::by(self.method, self.params.clone(), seed)
    }

    /// The built-in templates.
    pub(super) fn engine(&self) -> &Engine {
        self.engine
            .get_or_init(|| Engine::new(&[], self.lang).expect("the built-in templates parse"))
    }

    /// Fills a template; a user's in a process of its own.
    pub(super) fn page(
        &self,
        template: &str,
        view: &impl serde::Serialize,
    ) -> Result<String, Failure> {
        match &self.bounded {
            Some(bounded) => bounded.page(template, view, self.lang),
            None => self
                .engine()
                .page(template, view)
                .map_err(|error| template_failure(&error)),
        }
    }

    /// The decision in each of its scenarios; none where one was asked for.
    fn scenarios(&self, decision: &Decision, scenarios: &Scenarios) -> Vec<Outlook> {
        if decision.scenario.is_some() {
            return Vec::new();
        }
        let outlook = |name: &crate::model::decision::ScenarioName| {
            let title = if name.title.is_empty() {
                Text::name(name.id.clone())
            } else {
                name.title.clone()
            };
            let own = scenarios.get(&name.id)?;
            let graph = graph::compile(&own, &mut diagnostic::Diagnostics::default())?;
            self.outlook(&self.plan(&own, &graph), title, name.about.clone())
        };
        decision.scenarios.par_iter().filter_map(outlook).collect()
    }

    /// The decision with each stakeholder's weights: nothing but the weights is computed anew.
    fn stakeholders(&self, plan: &Plan<'_>) -> Vec<Outlook> {
        if plan.decision.stakeholder.is_some() {
            return Vec::new();
        }
        let outlook = |who: &crate::model::decision::Stakeholder| {
            let mut goals = plan.decision.goals.clone();
            load::set_points(&mut goals, &who.points);
            let graph = plan.graph.clone().weighed(&goals);
            let (point, functions) = (Cow::Borrowed(&*plan.point), Cow::Borrowed(&*plan.functions));
            let own = Plan {
                decision: plan.decision,
                graph: &graph,
                point,
                functions,
                clip: plan.clip,
                watch: None,
            };
            let title = if who.title.is_empty() {
                Text::name(who.id.clone())
            } else {
                who.title.clone()
            };
            self.outlook(&own, title, None)
        };
        plan.decision
            .stakeholders
            .iter()
            .filter_map(outlook)
            .collect()
    }

    /// The order at the point estimate: what a table of places side by side shows.
    fn outlook(&self, plan: &Plan<'_>, title: Text, about: Option<Text>) -> Option<Outlook> {
        let seed = self.seed.unwrap_or(plan.decision.seed);
        let order = Study::new(plan, self.request(seed)).order().ok()?;
        Some(Outlook::new(title, about, plan, &order))
    }

    /// A plan in which the parameters of the method are in force.
    fn plan<'p>(&self, decision: &'p Decision, graph: &'p DecisionGraph) -> Plan<'p> {
        study::plan(decision, graph, &self.params)
    }
}

/// The pictures that the view has figures for.
fn pictures(
    view: &ReportView,
    plan: &Plan<'_>,
    ranking: &ranking::Ranking,
    lang: Lang,
) -> Vec<(&'static str, Picture)> {
    let winner = ranking
        .places
        .first()
        .filter(|p| p.rank.is_some())
        .map(|p| p.candidate);
    let graph = || {
        let svg = view::graph::svg(plan, &view::graph::marks(plan, winner, lang), lang);
        let title = &view.title;
        let alt = crate::tr!("Decision graph of {title}", "{title}的决策图");
        Picture {
            svg,
            alt: alt.get(lang).to_owned(),
        }
    };
    let name = view.answer.name.as_deref().unwrap_or_default();
    let sections = &view.sections;
    let draw: [(&'static str, &(dyn Fn() -> Option<Picture> + Sync)); 6] = [
        ("contributions", &|| chart::contributions(view, lang)),
        ("scatter", &|| chart::scatter(view, lang)),
        ("tornado", &|| {
            sections
                .sensitivity
                .as_ref()
                .and_then(|s| chart::tornado(&s.tornado, name, lang))
        }),
        ("acceptability", &|| {
            sections
                .robustness
                .as_ref()
                .and_then(|s| chart::acceptability(&s.acceptability, lang))
        }),
        ("sweep", &|| {
            sections.sweep.as_ref().and_then(|s| chart::sweep(s, lang))
        }),
        ("graph", &|| Some(graph())),
    ];
    draw.into_par_iter()
        .filter_map(|(kind, draw)| draw().map(|picture| (kind, picture)))
        .collect()
}

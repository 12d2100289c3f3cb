//! One decision: opened, ranked, analysed and rendered, without writing a file.

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use rayon::prelude::*;

use super::chart::{self, Picture};
use super::sandbox::{self, Sandbox};
use super::template::{ReportTemplate, file_suffix, find_templates};
use super::{Engine, FolderWriter, IndexRow, ReportError, adr, radar, sections};
use crate::analysis::choice::{self, ChoiceStanding};
use crate::analysis::ranking::{self, Ranking};
use crate::analysis::staleness;
use crate::analysis::study::{self, NotComputed, Study, StudyRequest};
use crate::analysis::verdict::ScenarioFirst;
use crate::diagnostic::{self, Style};
use crate::eval::{Plan, Watch};
use crate::graph::{self, DecisionGraph};
use crate::lang::{Lang, Text};
use crate::load::{self, Archive, Choice, EvidenceChoice, Scenarios};
use crate::model::decision::Decision;
use crate::rank::{Method, Params};
use crate::source::Sources;
use crate::tr;
use crate::view;
use crate::view::report::{ChartLink, Material, Outlook, ReportView};
use crate::view::verdict::VerdictView;

/// The options of a report.
pub struct ReportOptions {
    /// Names of built-in templates, or paths of the user's own.
    pub templates: Vec<String>,
    /// How each decision is opened.
    pub choice: Choice,
    /// The aggregation method.
    pub method: &'static dyn Method,
    pub params: Params,
    /// The language of the reports.
    pub lang: Lang,
    /// Whether charts are drawn.
    pub charts: bool,
    /// The seed of the samples, instead of each decision's own.
    pub seed: Option<u64>,
}

/// Reports decisions one by one under the same options.
pub struct ReportJob<'w> {
    pub(super) options: ReportOptions,
    templates: Vec<ReportTemplate>,
    /// The built-in templates, parsed while decisions are being read.
    engine: OnceLock<Engine>,
    /// Used instead of `engine` if any template is the user's.
    sandbox: Option<Sandbox>,
    /// Options of the command line that repeat the choice, for the command at the end of a report.
    flags: Vec<String>,
    /// Files that several decisions read.
    archive: Archive,
    /// Counts the steps, to show progress.
    watch: Option<&'w Watch>,
}

/// The result for one decision.
pub(super) enum ReportOutcome {
    Done(Box<DecisionReport>),
    /// The decision has errors: all of them ready to print, and the first in one sentence.
    Broken {
        messages: Vec<String>,
        first: String,
    },
}

/// The report of one decision, not yet written.
pub(super) struct DecisionReport {
    /// The folder its files go into.
    pub folder: String,
    /// Names and texts.
    pub files: Vec<(String, String)>,
    /// The English title, by which a record is named in every language.
    pub slug: String,
    pub row: IndexRow,
    pub blips: Vec<radar::Blip>,
    pub date: String,
    /// Kept only if a decision record will be written: records are numbered one after the other.
    pub view: Option<ReportView>,
}

/// A report that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrittenReport {
    /// The Markdown file.
    pub file: PathBuf,
    /// The command that writes the same report.
    pub command: String,
}

/// Writes the report of one decision below `reports/` in the working folder, as `weigh report` does without options.
///
/// A scenario gets its own folder.
///
/// # Errors
/// If the decision or a template has an error, or a file cannot be written.
pub fn write_report(
    path: &Path,
    choice: &Choice,
    lang: Lang,
    watch: &Watch,
) -> Result<WrittenReport, ReportError> {
    let out = choice.scenario.as_ref().map_or_else(
        || PathBuf::from("reports"),
        |id| Path::new("reports").join(id),
    );
    let job = ReportJob::new(ReportOptions {
        templates: vec!["report".to_owned()],
        choice: choice.clone(),
        method: crate::rank::find(ranking::DEFAULT_METHOD)
            .expect("the default method is in the list"),
        params: Params::none(),
        lang,
        charts: true,
        seed: None,
    })?
    .watched_by(watch);
    let report = match job.run(path) {
        ReportOutcome::Done(report) => report,
        ReportOutcome::Broken { first, .. } => return Err(ReportError::Failed(Text::name(first))),
    };
    let (writer, mut file) = (FolderWriter::new(&out), PathBuf::new());
    for (name, text) in &report.files {
        let below = Path::new(&report.folder).join(name);
        writer.write(&below, text)?;
        if below.extension().is_some_and(|e| e == "md") {
            file = out.join(below);
        }
    }
    let scenario = choice
        .scenario
        .as_ref()
        .map_or_else(String::new, |id| format!(" --scenario {id}"));
    let command = format!(
        "weigh report {}{scenario} --out {}",
        path.display(),
        out.display()
    );
    Ok(WrittenReport { file, command })
}

/// Returns the options that repeat a choice on a command line, except scenario and stakeholder.
fn flags_of(choice: &Choice) -> Vec<String> {
    let is_plain = |c: char| c.is_alphanumeric() || "-_=./:@%+,".contains(c);
    let quoted = |word: &str| {
        if word.chars().all(is_plain) {
            word.to_owned()
        } else {
            format!("'{}'", word.replace('\'', r"'\''"))
        }
    };
    let flag = |name: &str, value: &str| format!("--{name} {}", quoted(value));
    let evidence = match &choice.evidence {
        EvidenceChoice::Nearest => None,
        EvidenceChoice::Repository => Some("repo".to_owned()),
        EvidenceChoice::Path(path) => Some(path.display().to_string()),
    };
    let mut flags: Vec<String> = choice.set.iter().map(|set| flag("set", set)).collect();
    flags.extend(choice.profile.iter().map(|id| flag("profile", id)));
    flags.extend(evidence.iter().map(|path| flag("evidence", path)));
    flags.extend(choice.as_of.map(|day| flag("as-of", &day.to_string())));
    flags
}

/// A decision's ranking, its verdict, where the choice of people stands, and the analyses that a template shows.
type RankedDecision = (
    Ranking,
    VerdictView,
    Option<ChoiceStanding>,
    view::report::Sections,
);

/// Steps of one report: read, analyse, shape, draw, render.
const STEPS: usize = 5;

impl<'w> ReportJob<'w> {
    /// Reads the templates. Those of the user in `templates/` override the built-in ones.
    ///
    /// # Errors
    /// If a template is unknown, cannot be read or does not parse.
    pub fn new(options: ReportOptions) -> Result<Self, ReportError> {
        let mut own = sandbox::read_templates(Path::new("templates"))?;
        let templates = find_templates(&options.templates, options.lang, &mut own)?;
        let sandbox = if own.is_empty() {
            None
        } else {
            // A template that does not parse is found here, before any work is done.
            Engine::new(&own, options.lang)?;
            Some(Sandbox::new(own))
        };
        Ok(Self {
            templates,
            engine: OnceLock::new(),
            sandbox,
            flags: flags_of(&options.choice),
            archive: Archive::default(),
            watch: None,
            options,
        })
    }

    /// Counts the steps of each report on `watch`.
    fn watched_by(self, watch: &'w Watch) -> Self {
        Self {
            watch: Some(watch),
            ..self
        }
    }

    /// Whether a template was requested.
    #[must_use]
    pub fn has_template(&self, template: &ReportTemplate) -> bool {
        self.templates.contains(template)
    }

    fn has_analyses(&self) -> bool {
        self.templates.iter().any(ReportTemplate::has_analyses)
    }

    fn step(&self) {
        self.watch.into_iter().for_each(Watch::step);
    }

    pub(super) fn run(&self, path: &Path) -> ReportOutcome {
        self.watch.into_iter().for_each(|watch| watch.begin(STEPS));
        let (loaded, scenarios) =
            load::decision_with_scenarios(path, &self.options.choice, &self.archive);
        let (sources, mut diagnostics) = (loaded.sources, loaded.diagnostics);
        let graph = loaded
            .decision
            .as_ref()
            .and_then(|d| graph::compile(d, &mut diagnostics));
        let (Some(decision), Some(graph)) = (loaded.decision, graph) else {
            let style = Style {
                lang: self.options.lang,
                color: false,
            };
            let sorted = diagnostics.sorted();
            let messages = sorted
                .iter()
                .map(|d| format!("{}\n", diagnostic::render(d, &sources, style)))
                .collect();
            let first = diagnostics.first_error().or(sorted.first().copied());
            return ReportOutcome::Broken {
                messages,
                first: first
                    .map_or_else(String::new, |d| d.message.get(self.options.lang).to_owned()),
            };
        };
        let plan = self.plan(&decision, &graph);
        staleness::report(&decision, || plan.sharing_draws(), &mut diagnostics);
        self.step();
        match self.report(path, &plan, &diagnostics, &sources, &scenarios) {
            Ok(done) => ReportOutcome::Done(Box::new(done)),
            Err(error) => {
                let shown = path.display();
                let first = error.into_text().get(self.options.lang).to_owned();
                ReportOutcome::Broken {
                    messages: vec![format!("{shown}: {first}")],
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
    ) -> Result<DecisionReport, ReportError> {
        let decision = plan.decision;
        let seed = self.options.seed.unwrap_or(decision.seed);
        let (scenarios, stakeholders) = rayon::join(
            || self.scenarios(decision, scenarios),
            || self.stakeholders(plan),
        );
        let firsts = scenarios
            .iter()
            .map(|(id, outlook)| (id.clone(), outlook.first().map(str::to_owned)))
            .collect();
        let shown = path.to_string_lossy();
        let (ranking, verdict, choice, sections) = self.ranked(plan, seed, firsts, &shown)?;
        let scenarios = scenarios.into_iter().map(|(_, outlook)| outlook).collect();
        self.step();
        let material = Material {
            plan,
            ranking: &ranking,
            diagnostics,
            sources,
            scenarios,
            stakeholders,
            path: &shown,
            verdict,
            choice,
            given: &self.flags,
        };
        let mut view = view::report::view(material, sections, self.options.lang);
        self.step();
        let mut files = Vec::new();
        if self.options.charts && self.has_analyses() {
            for (kind, picture) in pictures(&view, plan, &ranking, self.options.lang) {
                let file = format!("{kind}{}.svg", file_suffix(self.options.lang));
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
            if let Some((name, file)) = template.page(self.options.lang) {
                files.push((file, self.render(name, &view)?));
            }
        }
        let domain = |id: &str| {
            let candidate = decision.candidates.iter().find(|c| c.id == id)?;
            // Catalogs are `catalogs/<domain>/<candidate>.yaml`; a candidate defined in the decision has no domain.
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
        Ok(DecisionReport {
            folder,
            files,
            slug: decision.title.get(Lang::En).to_owned(),
            row: IndexRow::of(&view, self.options.lang),
            blips: if self.has_template(&ReportTemplate::Radar) {
                radar::blips(decision, &view, domain)
            } else {
                Vec::new()
            },
            date: view.date.clone(),
            view: self.has_template(&ReportTemplate::Adr).then_some(view),
        })
    }

    /// Ranks the candidates and runs the analyses where a template shows them.
    fn ranked(
        &self,
        plan: &Plan<'_>,
        seed: u64,
        scenarios: Vec<ScenarioFirst>,
        path: &str,
    ) -> Result<RankedDecision, NotComputed> {
        let study = Study::new(plan, self.request(seed))
            .with_scenarios(scenarios)
            .without_confidence_factors();
        let lang = self.options.lang;
        let ranking = study.ranking()?;
        let verdict = view::verdict::view(plan, study.verdict(), path, lang);
        let outcome = plan.decision.outcome.as_ref();
        let choice = outcome
            .and_then(|outcome| outcome.chosen.as_deref())
            .and_then(|id| plan.decision.candidates.iter().position(|c| c.id == id))
            .map(|chosen| choice::standing_of_choice(study.verdict(), chosen));
        let sections = if self.has_analyses() {
            sections::sections(&study, &ranking, lang)
        } else {
            view::report::Sections::default()
        };
        Ok((ranking, verdict, choice, sections))
    }

    fn request(&self, seed: u64) -> StudyRequest {
        StudyRequest::by(self.options.method, self.options.params.clone(), seed)
    }

    /// Parses the built-in templates, so that [`Self::render`] finds them ready.
    pub(super) fn parse_templates(&self) {
        if self.sandbox.is_none() {
            self.engine();
        }
    }

    fn engine(&self) -> &Engine {
        self.engine.get_or_init(|| {
            Engine::new(&[], self.options.lang).expect("the built-in templates parse")
        })
    }

    /// Renders a template; in a child process where any template is the user's.
    pub(super) fn render(
        &self,
        template: &str,
        view: &impl serde::Serialize,
    ) -> Result<String, ReportError> {
        match &self.sandbox {
            Some(sandbox) => sandbox.page(template, view, self.options.lang),
            None => Ok(self.engine().page(template, view)?),
        }
    }

    /// The decision in each of its scenarios; empty if one was chosen.
    fn scenarios(&self, decision: &Decision, scenarios: &Scenarios) -> Vec<(String, Outlook)> {
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
            let outlook = self.outlook(&self.plan(&own, &graph), title, name.about.clone())?;
            Some((name.id.clone(), outlook))
        };
        decision.scenarios.par_iter().filter_map(outlook).collect()
    }

    /// The decision with each stakeholder's weights; only what depends on the weights is computed again.
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
                policies: Cow::Borrowed(&*plan.policies),
                clip: plan.clip,
                watch: None,
                seed: plan.seed,
                draws: plan.draws,
                judged_spread: 1.0,
                common: std::sync::Arc::clone(&plan.common),
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

    /// The order at the point estimate, as a table of several orders side by side shows it.
    fn outlook(&self, plan: &Plan<'_>, title: Text, about: Option<Text>) -> Option<Outlook> {
        let seed = self.options.seed.unwrap_or(plan.decision.seed);
        let order = Study::new(plan, self.request(seed)).order().ok()?;
        Some(Outlook::new(title, about, plan, &order))
    }

    /// Returns the plan under the parameters of the method.
    fn plan<'p>(&self, decision: &'p Decision, graph: &'p DecisionGraph) -> Plan<'p> {
        let seed = self.options.seed.unwrap_or(decision.seed);
        study::plan(decision, graph, &self.options.params).seeded(seed)
    }
}

/// Draws the charts that the view has data for.
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
        let alt = tr!("Decision graph of {title}", "{title}的决策图");
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

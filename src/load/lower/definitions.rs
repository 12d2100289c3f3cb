//! Decides what every name of the criteria files means: which definition has it, what a definition with `replaces:` replaces, and
//! which names need their domain in front because several domains define them differently.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::lang::Text;
use crate::load::read::layers::{BUILT_IN, Layer};
use crate::model::library::{NameSpace, Replacement, Section, qualified};
use crate::schema::criteria::{
    ConsistencyDoc, CriteriaDoc, CriterionDoc, FormulaDoc, FunctionDoc, GateDoc, InputDoc,
    MeasureDoc, TableDoc,
};
use crate::schema::decision::DecisionDoc;
use crate::schema::{Entries, Spanned};
use crate::source::{Sources, Span, did_you_mean_or_list};
use crate::tr;

/// The sections of one file, with the domain that they belong to.
#[derive(Clone, Copy)]
pub(crate) struct Sections<'d> {
    /// `None` for the shared files and the decision.
    pub domain: Option<&'d Arc<str>>,
    /// How far away the file is; the decision itself is nearest.
    layer: Layer,
    facts: &'d Entries<MeasureDoc>,
    inputs: &'d Entries<InputDoc>,
    tables: &'d Entries<TableDoc>,
    functions: &'d Entries<FunctionDoc>,
    formulas: &'d Entries<FormulaDoc>,
    criteria: Option<&'d Entries<CriterionDoc>>,
    gates: Option<&'d Entries<GateDoc>>,
    pub consistency: Option<&'d Entries<ConsistencyDoc>>,
}

impl<'d> Sections<'d> {
    /// The sections of a criteria file or `domain.yaml`.
    pub(crate) fn of_criteria(
        doc: &'d CriteriaDoc,
        domain: Option<&'d Arc<str>>,
        layer: Layer,
    ) -> Self {
        Self {
            domain,
            // The decision is nearer than the files of its own folder.
            layer: layer.saturating_add(1),
            facts: &doc.facts,
            inputs: &doc.inputs,
            tables: &doc.tables,
            functions: &doc.functions,
            formulas: &doc.formulas,
            criteria: Some(&doc.criteria),
            gates: Some(&doc.gates),
            consistency: Some(&doc.consistency),
        }
    }

    /// The sections of a decision.
    pub(crate) fn of_decision(doc: &'d DecisionDoc) -> Self {
        Self {
            domain: None,
            layer: 0,
            facts: &doc.facts,
            inputs: &doc.inputs,
            tables: &doc.tables,
            functions: &doc.functions,
            formulas: &doc.formulas,
            criteria: None,
            gates: None,
            consistency: None,
        }
    }

    fn definitions(self) -> Vec<Definition<'d>> {
        let mut all = Vec::new();
        let mut add = |name: &'d Spanned<String>, body: Body<'d>| {
            all.push(Definition {
                name,
                body,
                domain: self.domain.cloned(),
                layer: self.layer,
            });
        };
        for (name, doc) in self.facts {
            add(name, Body::Fact(doc));
        }
        for (name, doc) in self.inputs {
            add(name, Body::Input(doc));
        }
        for (name, doc) in self.tables {
            add(name, Body::Table(doc));
        }
        for (name, doc) in self.functions {
            add(name, Body::Function(doc));
        }
        for (name, doc) in self.formulas {
            add(name, Body::Formula(doc));
        }
        for (name, doc) in self.criteria.into_iter().flatten() {
            add(name, Body::Criterion(doc));
        }
        for (name, doc) in self.gates.into_iter().flatten() {
            add(name, Body::Gate(doc));
            if let Some(gives) = &doc.gives {
                add(gives, Body::Join(doc));
            }
        }
        all
    }
}

/// A definition as its file gives it.
#[derive(Clone)]
pub(crate) struct Definition<'d> {
    pub name: &'d Spanned<String>,
    pub body: Body<'d>,
    pub domain: Option<Arc<str>>,
    layer: Layer,
}

/// What is defined.
#[derive(Clone, Copy)]
pub(crate) enum Body<'d> {
    Fact(&'d MeasureDoc),
    Input(&'d InputDoc),
    Table(&'d TableDoc),
    Function(&'d FunctionDoc),
    Formula(&'d FormulaDoc),
    Criterion(&'d CriterionDoc),
    Gate(&'d GateDoc),
    /// The measure in which the branches of a fork join.
    Join(&'d GateDoc),
}

impl<'d> Body<'d> {
    fn section(self) -> Section {
        match self {
            Self::Criterion(_) => Section::Criterion,
            Self::Gate(_) => Section::Gate,
            _ => Section::Value,
        }
    }

    fn replaces(self) -> Option<&'d Spanned<String>> {
        match self {
            Self::Fact(doc) => doc.replaces.as_ref(),
            Self::Input(doc) => doc.replaces.as_ref(),
            Self::Table(doc) => doc.replaces.as_ref(),
            Self::Function(doc) => doc.replaces.as_ref(),
            Self::Formula(doc) => doc.replaces.as_ref(),
            Self::Criterion(doc) => doc.replaces.as_ref(),
            Self::Gate(doc) => doc.replaces.as_ref(),
            Self::Join(_) => None,
        }
    }

    /// Whether the two say the same.
    fn equals(self, other: Self) -> bool {
        fn json(doc: &impl Serialize) -> Option<serde_json::Value> {
            serde_json::to_value(doc).ok()
        }
        match (self, other) {
            (Self::Fact(a), Self::Fact(b)) => json(a) == json(b),
            (Self::Input(a), Self::Input(b)) => json(a) == json(b),
            (Self::Table(a), Self::Table(b)) => json(a) == json(b),
            (Self::Function(a), Self::Function(b)) => json(a) == json(b),
            (Self::Formula(a), Self::Formula(b)) => json(a) == json(b),
            (Self::Criterion(a), Self::Criterion(b)) => json(a) == json(b),
            (Self::Gate(a), Self::Gate(b)) | (Self::Join(a), Self::Join(b)) => json(a) == json(b),
            _ => false,
        }
    }

    fn unit(self) -> Option<&'d Spanned<String>> {
        match self {
            Self::Fact(doc) => doc.unit.as_ref(),
            Self::Input(doc) => doc.unit.as_ref(),
            Self::Table(doc) => doc.unit.as_ref(),
            Self::Formula(doc) => doc.unit.as_ref(),
            Self::Criterion(doc) => doc.unit.as_ref(),
            Self::Function(_) | Self::Gate(_) | Self::Join(_) => None,
        }
    }
}

/// A definition under the name that it has in the library.
pub(crate) struct Named<'d> {
    pub definition: Definition<'d>,
    /// The domains that define it; empty if it concerns every candidate.
    pub domains: Vec<Arc<str>>,
    /// The definition that it replaces.
    pub instead_of: Option<Definition<'d>>,
}

impl Named<'_> {
    /// The units of the two definitions if this one replaces another that has a unit too.
    pub(crate) fn units(&self) -> Option<(&Spanned<String>, &Spanned<String>)> {
        let old = self.instead_of.as_ref()?.body.unit()?;
        Some((self.definition.body.unit()?, old))
    }
}

/// Names of domains that no candidate comes from, with these domains.
pub(crate) type Elsewhere = BTreeMap<(Section, String), Vec<String>>;

/// Adds the names that a domain defines.
pub(crate) fn add_names(domain: &Arc<str>, doc: &CriteriaDoc, names: &mut Elsewhere) {
    for definition in Sections::of_criteria(doc, Some(domain), BUILT_IN).definitions() {
        let key = (definition.body.section(), definition.name.value.clone());
        let domains = names.entry(key).or_default();
        if !domains.iter().any(|known| **known == **domain) {
            domains.push(domain.to_string());
        }
    }
}

/// Every definition under its name, and what other names mean.
#[derive(Default)]
pub(crate) struct Definitions<'d> {
    pub named: BTreeMap<(Section, String), Named<'d>>,
    pub names: BTreeMap<Section, NameSpace>,
    pub replacements: Vec<Replacement>,
}

/// Resolves the definitions of these files.
pub(crate) fn resolve<'d>(
    files: &[Sections<'d>],
    elsewhere: Elsewhere,
    sources: &Sources,
    sink: &mut Diagnostics,
) -> Definitions<'d> {
    let mut found = Definitions::default();
    for ((section, name), domains) in elsewhere {
        let space = found.names.entry(section).or_default();
        space.elsewhere.insert(name, domains);
    }
    let mut files = files.to_vec();
    // The farthest first, so that the one that comes nearer is the one to change.
    files.sort_by_key(|file| std::cmp::Reverse(file.layer));
    let mut groups: BTreeMap<(Section, &str), Vec<Definition<'d>>> = BTreeMap::new();
    let mut replacing = Vec::new();
    for definition in files.iter().flat_map(|file| file.definitions()) {
        if definition.body.replaces().is_some() {
            replacing.push(definition);
        } else {
            let key = (definition.body.section(), definition.name.value.as_str());
            groups.entry(key).or_default().push(definition);
        }
    }
    for ((section, name), group) in groups {
        found.add_group(section, name, group, sources, sink);
    }
    for definition in replacing {
        found.replace(definition, sources, sink);
    }
    found
}

impl<'d> Definitions<'d> {
    /// Adds the definitions of one name: one of the shared files, or one for each domain.
    fn add_group(
        &mut self,
        section: Section,
        name: &str,
        group: Vec<Definition<'d>>,
        sources: &Sources,
        sink: &mut Diagnostics,
    ) {
        let mut shared: Option<Definition<'d>> = None;
        let mut of_domains: Vec<Definition<'d>> = Vec::new();
        for definition in group {
            let first = match &definition.domain {
                None => shared.as_ref(),
                own => of_domains.iter().find(|first| first.domain == *own),
            };
            match first {
                // A copy of a shipped file in the project says the same once more.
                Some(first)
                    if first.layer != definition.layer && first.body.equals(definition.body) => {}
                Some(first) => sink.push(defined_twice(&definition, first, sources)),
                None if definition.domain.is_none() => shared = Some(definition),
                None => of_domains.push(definition),
            }
        }
        if let Some(shared) = shared {
            for own in of_domains {
                if own.body.equals(shared.body) {
                    continue;
                }
                // The nearer file is the one to change.
                let (new, first) = if own.layer <= shared.layer {
                    (&own, &shared)
                } else {
                    (&shared, &own)
                };
                sink.push(defined_twice(new, first, sources));
            }
            self.insert(section, name.to_owned(), Vec::new(), shared);
            return;
        }
        let domains: Vec<Arc<str>> = of_domains
            .iter()
            .filter_map(|definition| definition.domain.clone())
            .collect();
        let space = self.names.entry(section).or_default();
        let is_one = of_domains
            .windows(2)
            .all(|pair| pair[0].body.equals(pair[1].body));
        if is_one {
            for domain in &domains {
                space
                    .aliases
                    .insert(qualified(domain, name), name.to_owned());
            }
            if let Some(definition) = of_domains.into_iter().next() {
                self.insert(section, name.to_owned(), domains, definition);
            }
            return;
        }
        let keys = domains.iter().map(|domain| qualified(domain, name));
        space.ambiguous.insert(name.to_owned(), keys.collect());
        for (definition, domain) in of_domains.into_iter().zip(domains) {
            let key = qualified(&domain, name);
            self.insert(section, key, vec![domain], definition);
        }
    }

    fn insert(
        &mut self,
        section: Section,
        key: String,
        domains: Vec<Arc<str>>,
        definition: Definition<'d>,
    ) {
        let named = Named {
            definition,
            domains,
            instead_of: None,
        };
        self.named.insert((section, key), named);
    }

    fn replace(&mut self, definition: Definition<'d>, sources: &Sources, sink: &mut Diagnostics) {
        let Some(target) = definition.body.replaces() else {
            return;
        };
        let section = definition.body.section();
        let space = self.names.entry(section).or_default();
        let word = &target.value;
        let key = space.spelled(definition.domain.as_deref(), word);
        let key = (section, key.unwrap_or_else(|| word.clone()));
        let Some(old) = self
            .named
            .get_mut(&key)
            .filter(|old| !matches!(old.definition.body, Body::Join(_)))
        else {
            let diagnostic = if let Some((message, hint)) = space.explain(word) {
                let code = space.code_of(word, Code::AmbiguousName, Code::UnknownReference);
                Diagnostic::new(code, target.span, message).hint(hint)
            } else {
                let known = self.named.keys().filter(|(own, _)| *own == section);
                let hint = did_you_mean_or_list(word, known.map(|(_, name)| name.as_str()));
                let message = tr!("there is no `{word}` to replace", "没有可替换的 `{word}`");
                Diagnostic::new(Code::UnknownReference, target.span, message).maybe_hint(hint)
            };
            sink.push(diagnostic);
            return;
        };
        if old.instead_of.is_some() && old.definition.layer == definition.layer {
            let first = place(old.definition.name.span, sources);
            let message = tr!("`{word}` is replaced twice", "`{word}` 被替换了两次");
            let hint = tr!(
                "the first replacement is at `{first}`; keep one of them",
                "首次替换位于 `{first}`；请只保留其中之一"
            );
            sink.push(Diagnostic::new(Code::DefinedTwice, target.span, message).hint(hint));
            return;
        }
        let own = &definition.name.value;
        if *own != key.1 && own != word {
            let is_taken = space.ambiguous.contains_key(own) || space.aliases.contains_key(own);
            let taken = (section, own.clone());
            if is_taken || taken != key && self.named.contains_key(&taken) {
                let message = tr!("`{own}` is defined twice", "`{own}` 被定义了两次");
                let hint = tr!(
                    "call it `{word}`, like the definition that it replaces",
                    "请用它所替换的名称 `{word}`"
                );
                let twice = Diagnostic::new(Code::DefinedTwice, definition.name.span, message);
                sink.push(twice.hint(hint));
                return;
            }
            space.aliases.insert(own.clone(), key.1.clone());
        }
        let old = self.named.get_mut(&key).expect("it was found above");
        let by = definition.name.span;
        let before = std::mem::replace(&mut old.definition, definition);
        let first = old.instead_of.get_or_insert(before);
        self.replacements
            .retain(|known| (known.section, &known.name) != (section, &key.1));
        self.replacements.push(Replacement {
            section,
            name: key.1,
            by,
            instead_of: first.name.span,
        });
    }
}

fn defined_twice(new: &Definition<'_>, first: &Definition<'_>, sources: &Sources) -> Diagnostic {
    let word = &new.name.value;
    let message = match new.body.section() {
        Section::Value => tr!("`{word}` is defined twice", "`{word}` 被定义了两次"),
        Section::Criterion => tr!(
            "the criterion `{word}` is defined twice",
            "准则 `{word}` 被定义了两次"
        ),
        Section::Gate => tr!(
            "the gate `{word}` is defined twice",
            "关卡 `{word}` 被定义了两次"
        ),
    };
    let at = place(first.name.span, sources);
    let hint = if first.layer == new.layer || matches!(first.body, Body::Join(_)) {
        tr!(
            "the first definition is at `{at}`; rename one of them",
            "首次定义位于 `{at}`；请改名其中之一"
        )
    } else {
        tr!(
            "the first definition is at `{at}`; rename yours, or write `replaces: {word}` into it to use it everywhere instead",
            "首次定义位于 `{at}`；请改名，或在您的定义中写 `replaces: {word}`，处处以它代替"
        )
    };
    Diagnostic::new(Code::DefinedTwice, new.name.span, message).hint(hint)
}

fn place(at: Span, sources: &Sources) -> Text {
    let source = sources.get(at.source);
    let (file, line) = (source.name(), source.position(at.start).line);
    Text::name(format!("{file}:{line}"))
}

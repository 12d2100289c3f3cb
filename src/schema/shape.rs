//! A JSON Schema compiled for the validator; supports the subset that `schemars` generates for our documents.

use std::collections::HashMap;

use serde_json::Value as Json;

/// Index of a [`NodeShape`] in its [`DocumentShape`].
pub(super) type ShapeId = usize;

/// What one node of a document may contain.
#[derive(Debug, Default)]
pub(super) struct NodeShape {
    /// Allowed JSON types; empty allows any.
    pub types: Vec<JsonType>,
    /// Keys of a mapping.
    pub properties: HashMap<String, ShapeId>,
    /// The same keys in order, for hints.
    pub keys: Vec<String>,
    /// Shape of the values under other keys; `None` if other keys are not allowed.
    pub others: Option<ShapeId>,
    /// Whether other keys are allowed with any value.
    pub open: bool,
    /// Required keys.
    pub required: Vec<String>,
    /// Shape of list items.
    pub items: Option<ShapeId>,
    /// Allowed words.
    pub words: Vec<String>,
    /// Alternatives.
    pub any: Vec<ShapeId>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
}

/// JSON types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JsonType {
    Null,
    Flag,
    Number,
    Whole,
    Text,
    List,
    Map,
}

/// The shape of a whole document.
#[derive(Debug)]
pub struct DocumentShape {
    pub(super) forms: Vec<NodeShape>,
    pub(super) root: ShapeId,
}

impl DocumentShape {
    /// Compiles a JSON Schema.
    ///
    /// # Panics
    /// If the schema refers to a definition it lacks, which the generated schemas never do.
    #[must_use]
    pub fn compile(schema: &Json) -> Self {
        let mut compiler = ShapeCompiler {
            schema,
            forms: Vec::new(),
            known: HashMap::new(),
        };
        let root = compiler.form(schema);
        Self {
            forms: compiler.forms,
            root,
        }
    }
}

struct ShapeCompiler<'a> {
    schema: &'a Json,
    forms: Vec<NodeShape>,
    known: HashMap<&'a str, ShapeId>,
}

impl<'a> ShapeCompiler<'a> {
    fn form(&mut self, schema: &'a Json) -> ShapeId {
        if let Some(name) = schema.get("$ref").and_then(Json::as_str) {
            return self.definition(name);
        }
        // schemars puts a description beside a reference by wrapping the reference.
        if let Some([only]) = schema
            .get("allOf")
            .and_then(Json::as_array)
            .map(Vec::as_slice)
        {
            return self.form(only);
        }
        let id = self.forms.len();
        self.forms.push(NodeShape::default());
        self.fill(id, schema);
        id
    }

    fn definition(&mut self, name: &'a str) -> ShapeId {
        if let Some(&id) = self.known.get(name) {
            return id;
        }
        let id = self.forms.len();
        self.forms.push(NodeShape::default());
        self.known.insert(name, id);
        let schema = if name == "#" {
            self.schema
        } else {
            // A reference is a URI, in which a space is escaped.
            self.schema
                .pointer(&name.trim_start_matches('#').replace("%20", " "))
                .expect("a generated schema defines what it refers to")
        };
        self.fill(id, schema);
        id
    }

    fn fill(&mut self, id: ShapeId, schema: &'a Json) {
        let texts = |key: &str| -> Vec<String> {
            let list = schema
                .get(key)
                .and_then(Json::as_array)
                .into_iter()
                .flatten();
            list.filter_map(|v| v.as_str().map(str::to_owned)).collect()
        };
        let types = match schema.get("type") {
            Some(Json::String(one)) => vec![kind(one)],
            Some(Json::Array(many)) => many.iter().filter_map(Json::as_str).map(kind).collect(),
            _ => Vec::new(),
        };
        let mut form = NodeShape {
            types,
            required: texts("required"),
            words: texts("enum"),
            ..NodeShape::default()
        };
        form.words.extend(
            schema
                .get("const")
                .and_then(Json::as_str)
                .map(str::to_owned),
        );
        form.minimum = schema.get("minimum").and_then(Json::as_f64);
        form.maximum = schema.get("maximum").and_then(Json::as_f64);
        for (key, value) in schema
            .get("properties")
            .and_then(Json::as_object)
            .into_iter()
            .flatten()
        {
            let form_id = self.form(value);
            form.properties.insert(key.clone(), form_id);
            form.keys.push(key.clone());
        }
        match schema.get("additionalProperties") {
            Some(Json::Bool(false)) => {}
            Some(Json::Object(_)) => {
                form.others = schema.get("additionalProperties").map(|s| self.form(s))
            }
            _ => form.open = true,
        }
        form.items = schema.get("items").map(|items| self.form(items));
        for branch in ["anyOf", "oneOf"]
            .iter()
            .filter_map(|k| schema.get(*k))
            .filter_map(Json::as_array)
            .flatten()
        {
            let branch = self.form(branch);
            form.any.push(branch);
        }
        // schemars writes an enumeration with documented variants as one branch per variant.
        if !form.any.is_empty() && form.any.iter().all(|&b| !self.forms[b].words.is_empty()) {
            let branches = std::mem::take(&mut form.any);
            form.words = branches
                .iter()
                .flat_map(|&b| self.forms[b].words.clone())
                .collect();
            form.types = vec![JsonType::Text];
        }
        self.forms[id] = form;
    }
}

fn kind(name: &str) -> JsonType {
    match name {
        "null" => JsonType::Null,
        "boolean" => JsonType::Flag,
        "number" => JsonType::Number,
        "integer" => JsonType::Whole,
        "string" => JsonType::Text,
        "array" => JsonType::List,
        _ => JsonType::Map,
    }
}

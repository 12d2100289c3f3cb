//! The JSON documents that commands print: each begins with the name of its JSON Schema, `weigh.COMMAND/1`.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::diagnostic::DiagnosticView;

/// Version of all documents: it changes when a key is removed or changes its meaning.
const VERSION: u32 = 1;

/// Returns the name of the schema of a command's JSON, such as `weigh.rank/1`.
#[must_use]
pub fn schema_name(command: &str) -> String {
    format!("weigh.{command}/{VERSION}")
}

/// A document with the name of its schema as its first key.
#[derive(Debug, Serialize)]
pub struct Document<'a, T> {
    schema: String,
    #[serde(flatten)]
    body: &'a T,
}

impl<'a, T: Serialize> Document<'a, T> {
    /// Creates the document of a command.
    #[must_use]
    pub fn new(command: &str, body: &'a T) -> Self {
        Self {
            schema: schema_name(command),
            body,
        }
    }
}

/// The JSON of a command that failed: `weigh.error/1`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ErrorView {
    /// What went wrong, in one sentence.
    pub error: String,
    /// The problems in files; empty if the error is not about a file.
    pub diagnostics: Vec<DiagnosticView>,
}

/// Returns the JSON Schema of the document that has `T` as its body.
///
/// # Panics
/// If `T` is not serialised as an object.
#[must_use]
pub fn json_schema<T: JsonSchema>(command: &str) -> Json {
    let settings = SchemaSettings::draft07().for_serialize();
    let mut schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), schema_name(command).into());
    let name = json!({ "const": schema_name(command), "description": "The name of this schema." });
    let mut whole = serde_json::to_value(schema).expect("a schema is plain JSON");
    // A body of several forms lists them under `anyOf`, and each needs the key.
    let forms = match whole.get("anyOf").and_then(Json::as_array) {
        Some(forms) => forms.len(),
        None => 0,
    };
    if forms == 0 {
        add_name(&mut whole, &name);
    } else {
        for form in whole["anyOf"].as_array_mut().expect("it was an array") {
            add_name(form, &name);
        }
    }
    whole
}

fn add_name(schema: &mut Json, name: &Json) {
    let object = schema.as_object_mut().expect("a document is an object");
    let own = object
        .entry("properties")
        .or_insert_with(|| json!({}))
        .as_object_mut()
        .expect("properties are an object");
    let mut properties = serde_json::Map::from_iter([("schema".to_owned(), name.clone())]);
    properties.append(own);
    *own = properties;
    let required = object
        .entry("required")
        .or_insert_with(|| json!([]))
        .as_array_mut()
        .expect("required keys are a list");
    required.insert(0, "schema".into());
}

//! The contract as OpenAPI 3.1: what a person reads at `/docs`, and what other programs generate clients from. It comes out of
//! the same descriptors as the routes, so that neither knows anything that the other does not.

use std::collections::{BTreeMap, BTreeSet};

use prost_reflect::{DescriptorPool, FieldDescriptor, FileDescriptor, Kind, MessageDescriptor, MethodDescriptor};
use serde_json::{Map, Value, json};

use super::examples::{example_of, is_shown, kind_of};
use super::{Options, Result, bindings, is_bare_list};

/// Parameters that lists share say the same everywhere.
const LIST_PARAMETERS: [(&str, &str); 5] = [
    ("max_results", "How many to return: 1 to 1000, 100 when absent."),
    ("after", "The id of the last item seen; the page starts behind it."),
    ("sort", "What to sort by; `id` everywhere."),
    ("direction", "`asc` or `desc`."),
    ("expand", "What else to show, as a list or separated by commas."),
];

/// What may go wrong with any call, and what that means.
const REFUSALS: [(&str, &str); 12] = [
    ("400", "Malformed: a missing parameter, a wrong type, a bad encoding."),
    (
        "403",
        "The API key is missing, wrong or may not do this; on LoginRocket: the session is missing, ended or unknown.",
    ),
    (
        "404",
        "Not found, or not visible to the caller. On LoginRocket also: the host serves nobody.",
    ),
    ("405", "The path does not know this verb; `Allow` says which it knows."),
    ("406", "`Accept` excludes JSON."),
    ("409", "The present state forbids it."),
    ("413", "The body is too large."),
    ("415", "The body is neither JSON nor a form."),
    (
        "422",
        "What was sent breaks a rule; each message says which, in the caller's language.",
    ),
    (
        "429",
        "Too many calls, or too much work waiting; `Retry-After` says when to come back.",
    ),
    ("500", "An error of the server; its `X-Request-ID` finds the cause."),
    (
        "503",
        "Something that the server stands on is away; `Retry-After` says when to come back.",
    ),
];

/// Writes the document.
pub(super) fn document(pool: &DescriptorPool, version: &str) -> Result<String> {
    let mut paths: Map<String, Value> = Map::new();
    let mut tags = BTreeSet::new();
    let mut used = Used::default();
    for service in pool.services().filter(|s| s.package_name().starts_with("gantry.")) {
        for method in service.methods() {
            for (at, (verb, path)) in bindings(&method)?.into_iter().enumerate() {
                let mut operation = operation(&method, &verb, &path, &mut used);
                if let Some(operation) = operation.as_object_mut().filter(|_| at > 0) {
                    operation.insert("operationId".to_owned(), format!("{}{}", method.name(), at + 1).into());
                }
                tags.insert(tag(&path));
                let item = paths.entry(path).or_insert_with(|| json!({}));
                item.as_object_mut()
                    .ok_or("a path is no object")?
                    .insert(verb, operation);
            }
        }
    }
    let responses: Map<String, Value> = REFUSALS
        .iter()
        .map(|(status, text)| ((*status).to_owned(), refusal(text)))
        .collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Gantry",
            "version": version,
            "summary": "A login server that speaks the LoginRocket and AuthRocket /v2/ APIs.",
            "description": "Calls with an API key are for back ends (Core and Configuration API). Calls without one are the LoginRocket API: \
                            they answer at a realm's own host, and are for browsers and apps. Times are Unix seconds. Every answer carries `X-Request-ID`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/", "description": "This server. For LoginRocket calls: the realm's host."}],
        "tags": tags.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": used.schemas(),
            "responses": responses,
            "headers": {"X-Request-ID": {
                "description": "The request's id, which finds its trace, log lines and events.",
                "required": true,
                "schema": {"type": "string", "pattern": "^rq_[0-9A-Za-z]{22}$", "examples": ["rq_0vdbINw16QhITBp4iBhgX4"]},
            }},
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "Authrocket-Api-Key", "description": "An API key, `ks_…`."},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The same key; a realm's id may follow after a comma."},
            },
        },
    });
    Ok(document.to_string())
}

fn refusal(text: &str) -> Value {
    json!({
        "description": text,
        "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}},
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}},
    })
}
/// What a path is about: its first part.
fn tag(path: &str) -> String {
    let mut parts = path.split('/').filter(|part| !part.is_empty() && *part != "v2");
    parts.next().unwrap_or("other").to_owned()
}

fn operation(method: &MethodDescriptor, verb: &str, path: &str, used: &mut Used) -> Value {
    let option = Options::of_method(method);
    let comment = comment(&method.parent_file(), method.path());
    let with_key = option.word("access").as_deref() == Some("ACCESS_KEY");
    let success = match option.number("success") {
        0 => 200,
        other => other,
    };
    let summary = if is_heading(&comment) {
        spaced(method.name())
    } else {
        comment
    };
    let mut operation = json!({
        "operationId": method.name(),
        "tags": [tag(path)],
        "summary": summary,
        "parameters": parameters(method, verb, path, with_key, used),
        "security": if with_key { json!([{"key": []}, {"bearer": []}]) } else { json!([]) },
        "responses": responses(method, success, used),
    });
    if let Some(operation) = operation.as_object_mut() {
        if let Some(permission) = option.word("permission").filter(|_| with_key) {
            let word = permission.trim_start_matches("PERMISSION_").to_lowercase();
            operation.insert(
                "description".to_owned(),
                format!("Needs an API key with the permission **{word}**.").into(),
            );
            operation.insert("x-permission".to_owned(), word.into());
        }
        if matches!(verb, "post" | "put") {
            operation.insert("requestBody".to_owned(), body(method, path, &option.text("root"), used));
        }
    }
    operation
}

fn responses(method: &MethodDescriptor, success: u32, used: &mut Used) -> Value {
    let mut responses = Map::new();
    responses.insert(
        success.to_string(),
        json!({
            "description": "Done.",
            "headers": {"X-Request-ID": {"$ref": "#/components/headers/X-Request-ID"}},
            "content": {(kind_of(method.name(), method.is_server_streaming())): {"schema": used.message(&method.output())}},
        }),
    );
    for (status, _) in REFUSALS {
        responses.insert(
            status.to_owned(),
            json!({"$ref": format!("#/components/responses/{status}")}),
        );
    }
    responses.into()
}
/// Path, query and, for calls with a key, the realm's header.
fn parameters(method: &MethodDescriptor, verb: &str, path: &str, with_key: bool, used: &mut Used) -> Vec<Value> {
    let mut found = Vec::new();
    for field in method.input().fields().filter(|field| field.name() != "present") {
        let name = field.name();
        let in_path = path.contains(&format!("{{{name}}}"));
        let wrapped = !Options::of_method(method).text("root").is_empty();
        let is_message = matches!(field.kind(), Kind::Message(_));
        if in_path || (matches!(verb, "get" | "delete") && !is_message) || (wrapped && name == "realm_id") {
            let shared = LIST_PARAMETERS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, text)| (*text).to_owned());
            let text = comment(&field.parent_message().parent_file(), field.path());
            let text = Some(text).filter(|text| !text.is_empty()).or(shared);
            let mut parameter = json!({
                "name": name,
                "in": if in_path { "path" } else { "query" },
                "required": in_path,
                "schema": used.plain(&field),
            });
            if let Some(text) = text.and_then(|text| parameter.as_object_mut().map(|p| (p, text))) {
                text.0.insert("description".to_owned(), text.1.into());
            }
            found.push(parameter);
        }
    }
    if with_key {
        found.push(json!({
            "name": "Authrocket-Realm", "in": "header", "required": false,
            "description": "The realm, for keys that are not locked to one; `realm_id` counts before it.",
            "schema": {"type": "string", "examples": [example_of("realm_id")]},
        }));
    }
    found.push(json!({
        "name": "Accept-Language", "in": "header", "required": false,
        "description": "The language of messages.", "schema": {"type": "string", "examples": ["es, en;q=0.5"]},
    }));
    found
}
/// The body: the message's fields, or those of its root (which may also be sent without the root around them).
fn body(method: &MethodDescriptor, path: &str, root: &str, used: &mut Used) -> Value {
    let mut properties = Map::new();
    let mut example = Map::new();
    for field in method.input().fields() {
        let name = field.name();
        let elsewhere =
            path.contains(&format!("{{{name}}}")) || (!root.is_empty() && matches!(name, "id" | "realm_id"));
        if elsewhere || name == "present" {
            continue;
        }
        properties.insert(name.to_owned(), used.property(&field));
        if name == root
            && let Kind::Message(message) = field.kind()
        {
            example.insert(name.to_owned(), sample(&message));
        } else if root.is_empty() && is_shown(name) {
            example.insert(name.to_owned(), example_of(name));
        }
    }
    let media = json!({"schema": {"type": "object", "properties": properties}, "example": example});
    let form = json!({"schema": {"type": "object", "properties": properties}});
    json!({"content": {"application/json": media, "application/x-www-form-urlencoded": form}})
}
/// What one would send at first: the fields that matter most.
fn sample(message: &MessageDescriptor) -> Value {
    let shown = message.fields().filter(|field| is_shown(field.name()));
    let fields: Map<String, Value> = shown
        .map(|field| (field.name().to_owned(), example_of(field.name())))
        .collect();
    fields.into()
}

/// The messages that the document speaks of.
#[derive(Default)]
struct Used {
    schemas: BTreeMap<String, Value>,
}

impl Used {
    fn schemas(mut self) -> Value {
        self.schemas.insert(
            "Errors".to_owned(),
            json!({
                "type": "object",
                "description": "What went wrong, in the caller's language. LoginRocket adds `result` and `error`, all messages in one text.",
                "required": ["errors"],
                "properties": {
                    "errors": {"type": "array", "items": {"type": "string"}, "examples": [["Login failed"]]},
                    "result": {"const": "error"}, "error": {"type": "string"},
                    "retry_url": {"type": "string", "description": "Where a browser may try again."},
                },
            }),
        );
        json!(self.schemas)
    }

    /// A message; of one that is answered all fields are there, but for those that are left out when absent.
    fn message(&mut self, message: &MessageDescriptor) -> Value {
        if is_bare_list(message)
            && let Some(items) = message.fields().next()
        {
            return self.property(&items);
        }
        // A message that stands for one of several is that one.
        let in_place = |field: &FieldDescriptor| Options::of_field(field).flag("flatten");
        if message.fields().any(|field| in_place(&field)) {
            let one_of: Vec<Value> = message.fields().map(|field| self.plain(&field)).collect();
            return json!({ "anyOf": one_of });
        }
        let name = message.name().to_owned();
        let reference = json!({"$ref": format!("#/components/schemas/{name}")});
        if self.schemas.contains_key(&name) {
            return reference;
        }
        // Marked first, since messages may hold each other.
        self.schemas.insert(name.clone(), Value::Null);
        let mut properties = Map::new();
        let mut required = Vec::new();
        // A caller sends what it likes; an answer is whole.
        let sent = name.ends_with("Input") || name.ends_with("Info");
        for field in message.fields().filter(|field| field.name() != "present") {
            properties.insert(field.name().to_owned(), self.property(&field));
            if !sent && !Options::of_field(&field).flag("omit") {
                required.push(field.name().to_owned());
            }
        }
        let mut schema = json!({"type": "object", "properties": properties});
        if let Some(schema) = schema.as_object_mut() {
            if !required.is_empty() {
                schema.insert("required".to_owned(), json!(required));
            }
            let text = comment(&message.parent_file(), message.path());
            if !text.is_empty() {
                schema.insert("description".to_owned(), text.into());
            }
        }
        self.schemas.insert(name, schema);
        reference
    }

    /// A field's type with what is said of it.
    fn property(&mut self, field: &FieldDescriptor) -> Value {
        let option = Options::of_field(field);
        let mut schema = self.plain(field);
        let text = comment(&field.parent_message().parent_file(), field.path());
        let nullable = field.supports_presence() && !option.flag("omit");
        let Some(object) = schema.as_object_mut() else {
            return schema;
        };
        if let Some(reference) = object.get("$ref").cloned().filter(|_| nullable) {
            return json!({"oneOf": [{"$ref": reference}, {"type": "null"}]});
        }
        if !text.is_empty() {
            object.insert("description".to_owned(), text.into());
        }
        if option.flag("secret") {
            object.insert("format".to_owned(), "password".into());
        }
        if nullable && let Some(kind) = object.get("type").cloned().filter(Value::is_string) {
            object.insert("type".to_owned(), json!([kind, "null"]));
        }
        schema
    }

    /// A field's type.
    fn plain(&mut self, field: &FieldDescriptor) -> Value {
        if Options::of_field(field).flag("raw_json") {
            return json!({"type": "object", "additionalProperties": true});
        }
        let mut single = match field.kind() {
            Kind::Message(message) => self.message(&message),
            Kind::Bool => json!({"type": "boolean"}),
            Kind::Double | Kind::Float => json!({"type": "number"}),
            Kind::String | Kind::Bytes | Kind::Enum(_) => json!({"type": "string"}),
            _ => json!({"type": "integer"}),
        };
        if field.is_list() {
            return json!({"type": "array", "items": single});
        }
        if field.is_map() {
            return json!({"type": "object", "additionalProperties": {"type": "string"}});
        }
        let example = example_of(field.name());
        if !example.is_null()
            && let Some(single) = single.as_object_mut().filter(|single| !single.contains_key("$ref"))
        {
            single.insert("examples".to_owned(), json!([example]));
        }
        single
    }
}

/// The words above something in its file.
fn comment(file: &FileDescriptor, path: &[i32]) -> String {
    let info = file.file_descriptor_proto().source_code_info.as_ref();
    let location = info.and_then(|info| info.location.iter().find(|location| location.path == path));
    let text = location
        .and_then(|location| location.leading_comments.as_deref())
        .unwrap_or_default();
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let whole = lines.collect::<Vec<_>>().join(" ");
    // Where the contract says it is for those who build Gantry.
    match (whole.find(" (contract "), whole.rfind(").")) {
        (Some(start), Some(end)) if end > start && end + 2 == whole.len() => format!("{}.", whole.split_at(start).0),
        _ => whole,
    }
}

/// Whether a comment is a heading over a group of rpcs: a word or two.
fn is_heading(comment: &str) -> bool {
    comment.split_whitespace().count() < 3
}

/// `CreateClientApp` as words.
fn spaced(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !out.is_empty() {
            out.push(' ');
            out.extend(letter.to_lowercase());
        } else {
            out.push(letter);
        }
    }
    out
}

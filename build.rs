//! proto/ to Rust, and the only generator of the house: messages with serde, stubs, the rules of every rpc, the gateway's
//! routes, one descriptor set. Uses protox, so no protoc needs to be installed.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;

use prost_reflect::{
    DescriptorPool, DynamicMessage, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor, ReflectMessage, Value,
};

#[path = "build/examples.rs"]
mod examples;
#[path = "build/openapi.rs"]
mod openapi;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

const FILES: [&str; 3] = [
    "gantry/auth/v2/auth.proto",
    "gantry/session/v2/session.proto",
    "gantry/event/v2/event.proto",
];

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=build");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let has = |feature: &str| std::env::var_os(format!("CARGO_FEATURE_{feature}")).is_some();
    let (json, gateway) = (has("JSON"), has("GATEWAY"));

    let mut compiler = protox::Compiler::new(["proto"])?;
    compiler
        .include_imports(true)
        .include_source_info(true)
        .open_files(FILES)?;
    // The encoded set keeps our option extensions; the typed one would drop them.
    let bytes = compiler.encode_file_descriptor_set();
    let pool = DescriptorPool::decode(bytes.as_slice())?;
    std::fs::write(out.join("descriptors.bin"), &bytes)?;

    messages(&pool, json, compiler)?;
    std::fs::write(out.join("rules.rs"), rules(&pool, gateway)?)?;
    if gateway {
        let document = openapi::document(&pool, env!("CARGO_PKG_VERSION"))?;
        std::fs::write(out.join("openapi.json"), document)?;
    }
    Ok(())
}

fn ours(message: &MessageDescriptor) -> bool {
    message.package_name().starts_with("gantry.") && !message.is_map_entry()
}

fn messages(pool: &DescriptorPool, json: bool, compiler: protox::Compiler) -> Result<()> {
    let mut builder = tonic_prost_build::configure().emit_rerun_if_changed(false);
    if json {
        for message in pool.all_messages().filter(ours) {
            builder = builder
                .message_attribute(message.full_name(), "#[derive(serde::Serialize, serde::Deserialize)]")
                .message_attribute(message.full_name(), "#[serde(default)]");
            if is_bare_list(&message) {
                builder = builder.message_attribute(message.full_name(), "#[serde(transparent)]");
            }
            for field in message.fields() {
                for attribute in json_attributes(&field)? {
                    builder = builder.field_attribute(format!("{}.{}", message.full_name(), field.name()), attribute);
                }
            }
        }
    }
    builder.compile_fds(compiler.file_descriptor_set())?;
    Ok(())
}

/// A message that only wraps a list, so that an absent list and an empty one differ; in JSON it is the list.
fn is_bare_list(message: &MessageDescriptor) -> bool {
    message.fields().len() == 1 && message.fields().all(|f| f.is_list() && f.name() == "items")
}

fn json_attributes(field: &FieldDescriptor) -> Result<Vec<String>> {
    let option = Options::of_field(field);
    let mut serde = Vec::new();
    if option.flag("flatten") {
        return Ok(vec!["#[serde(flatten)]".to_owned()]);
    }
    if option.flag("omit") {
        serde.push("skip_serializing_if = \"Option::is_none\"".to_owned());
    }
    if option.flag("raw_json") {
        serde.push(format!(
            "with = \"crate::json::raw{}\"",
            if field.supports_presence() { "_option" } else { "" }
        ));
    } else if field.is_list() && field.kind() == Kind::String {
        serde.push("deserialize_with = \"crate::json::strings\"".to_owned());
    } else if field.is_list() || field.is_map() {
        serde.push("deserialize_with = \"crate::json::null_is_default\"".to_owned());
    } else {
        let scalar = match field.kind() {
            Kind::String | Kind::Bool | Kind::Int32 | Kind::Int64 | Kind::Uint32 | Kind::Double => true,
            Kind::Enum(_) | Kind::Message(_) => false,
            other => return Err(format!("{}: no JSON form for {other:?} yet", field.full_name()).into()),
        };
        // serde would also read a message from a list of its fields in order.
        if let Kind::Message(message) = field.kind()
            && !is_bare_list(&message)
        {
            serde.push("deserialize_with = \"crate::json::message\"".to_owned());
        }
        if scalar {
            let how = if field.supports_presence() {
                "optional"
            } else {
                "required"
            };
            serde.push(format!("deserialize_with = \"crate::json::{how}\""));
            // Whole numbers of a double are written without a fraction only where the contract says integer.
        }
    }
    Ok(serde.into_iter().map(|s| format!("#[serde({s})]")).collect())
}

/// One table of all rpcs: what the guards enforce, and (with the gateway's feature) how HTTP reaches them.
fn rules(pool: &DescriptorPool, gateway: bool) -> Result<String> {
    let mut text = String::from("/// Every rpc of the contract, in its order.\npub static RPCS: &[crate::Rpc] = &[\n");
    // The index is this function's own count of the table above, and it is checked while the program is compiled.
    let mut routes = String::from(
        "/// Every HTTP route of the contract.\n\
         #[expect(clippy::indexing_slicing, reason = \"generated: the compiler checks each index\")]\n\
         pub static ROUTES: &[crate::Route] = &[\n",
    );
    let mut index = 0_usize;
    for service in pool.services().filter(|s| s.package_name().starts_with("gantry.")) {
        for method in service.methods() {
            writeln!(text, "    {},", rpc(&method)?)?;
            for (verb, path) in bindings(&method)? {
                writeln!(routes, "    {},", route(&method, index, &verb, &path))?;
            }
            index += 1;
        }
    }
    text.push_str("];\n");
    if gateway {
        text.push_str(&routes);
        text.push_str("];\n");
    }
    Ok(text)
}

fn rpc(method: &MethodDescriptor) -> Result<String> {
    let option = Options::of_method(method);
    let name = method.full_name();
    let access = option.word("access").filter(|a| a != "ACCESS_UNSPECIFIED");
    let access = access.ok_or_else(|| format!("{name}: say who may call it (option gantry.options.v1.rpc, access)"))?;
    let permission = option
        .word("permission")
        .unwrap_or_else(|| "PERMISSION_UNSPECIFIED".to_owned());
    if access == "ACCESS_KEY" && permission == "PERMISSION_UNSPECIFIED" {
        return Err(format!("{name}: a key needs a permission for it: say which").into());
    }
    let mut limits = String::new();
    for limit in option.list("limits") {
        let limit = Options(limit);
        write!(
            limits,
            "crate::LimitRule {{ name: {:?}, by: crate::By::{}, max: {}, per_seconds: {}, on_outage: crate::OnOutage::{} }}, ",
            limit.text("name"),
            camel(
                &limit
                    .word("by")
                    .ok_or_else(|| format!("{name}: a limit counts by what?"))?,
                "BY_"
            ),
            limit.number("max"),
            limit.number("per_seconds"),
            camel(
                &limit.word("on_outage").unwrap_or_else(|| "ON_OUTAGE_MEMORY".to_owned()),
                "ON_OUTAGE_"
            ),
        )?;
    }
    let success = match option.number("success") {
        0 => 200,
        other => other,
    };
    Ok(format!(
        "crate::Rpc {{ service: {:?}, method: {:?}, path: \"/{}/{}\", access: crate::Access::{}, permission: crate::Permission::{}, \
         realm_required: {}, limits: &[{limits}], success: {success}, root: {:?}, remembered: {}, streams: {} }}",
        method.parent_service().full_name(),
        method.name(),
        method.parent_service().full_name(),
        method.name(),
        camel(&access, "ACCESS_"),
        camel(&permission, "PERMISSION_"),
        option.word("realm").is_none_or(|r| r == "REALM_REQUIRED"),
        option.text("root"),
        option.flag("remembered"),
        method.is_server_streaming(),
    ))
}

fn route(method: &MethodDescriptor, index: usize, verb: &str, path: &str) -> String {
    let list_fields: Vec<String> = method
        .input()
        .fields()
        .filter(|f| f.is_list() && f.kind() == Kind::String)
        .map(|f| f.name().to_owned())
        .collect();
    let has = |name: &str| method.input().get_field_by_name(name).is_some();
    format!(
        "crate::Route {{ verb: {:?}, path: {path:?}, rpc: &RPCS[{index}], takes_realm: {}, takes_session: {}, lists: &{list_fields:?}, \
         encode: crate::json::encode::<crate::{}>, decode: crate::json::decode::<crate::{}> }}",
        verb.to_uppercase(),
        has("realm_id"),
        has("session"),
        rust_path(&method.input()),
        rust_path(&method.output()),
    )
}

fn rust_path(message: &MessageDescriptor) -> String {
    // gantry.auth.v2.User is crate::auth::v2::User
    format!(
        "{}::{}",
        message.package_name().trim_start_matches("gantry.").replace('.', "::"),
        message.name()
    )
}

fn bindings(method: &MethodDescriptor) -> Result<Vec<(String, String)>> {
    let http = extension(method.options(), method.parent_pool(), "google.api.http");
    let Some(Value::Message(rule)) = http else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    let mut rules = vec![rule.clone()];
    rules.extend(Options(rule).list("additional_bindings"));
    for rule in rules {
        for verb in ["get", "put", "post", "delete", "patch"] {
            if rule.has_field_by_name(verb) {
                found.push((verb.to_owned(), Options(rule.clone()).text(verb)));
            }
        }
    }
    if found.is_empty() {
        return Err(format!("{}: google.api.http without a verb", method.full_name()).into());
    }
    Ok(found)
}

fn extension(options: DynamicMessage, pool: &DescriptorPool, name: &str) -> Option<Value> {
    let extension = pool.get_extension_by_name(name)?;
    options
        .has_extension(&extension)
        .then(|| options.get_extension(&extension).into_owned())
}

fn camel(word: &str, prefix: &str) -> String {
    let mut out = String::new();
    for part in word.trim_start_matches(prefix).split('_') {
        let mut letters = part.chars();
        out.extend(letters.next());
        out.push_str(&letters.as_str().to_lowercase());
    }
    out
}

/// A message of options, read by field names.
struct Options(DynamicMessage);

impl Options {
    fn of_method(method: &MethodDescriptor) -> Self {
        Self::of(
            method.options(),
            method.parent_pool(),
            "gantry.options.v1.rpc",
            "gantry.options.v1.Rpc",
        )
    }

    fn of_field(field: &FieldDescriptor) -> Self {
        Self::of(
            field.options(),
            field.parent_pool(),
            "gantry.options.v1.field",
            "gantry.options.v1.Field",
        )
    }

    fn of(options: DynamicMessage, pool: &DescriptorPool, name: &str, kind: &str) -> Self {
        match extension(options, pool, name) {
            Some(Value::Message(message)) => Self(message),
            _ => Self(DynamicMessage::new(
                pool.get_message_by_name(kind)
                    .unwrap_or_else(|| panic!("{kind} is gone")),
            )),
        }
    }

    fn value(&self, name: &str) -> Option<Value> {
        self.0.get_field_by_name(name).map(std::borrow::Cow::into_owned)
    }

    fn flag(&self, name: &str) -> bool {
        matches!(self.value(name), Some(Value::Bool(true)))
    }

    fn number(&self, name: &str) -> u32 {
        self.value(name).and_then(|v| v.as_u32()).unwrap_or(0)
    }

    fn text(&self, name: &str) -> String {
        self.value(name)
            .and_then(|v| v.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    fn word(&self, name: &str) -> Option<String> {
        let number = self.value(name)?.as_enum_number()?;
        let Kind::Enum(kind) = self.0.descriptor().get_field_by_name(name)?.kind() else {
            return None;
        };
        kind.get_value(number).map(|v| v.name().to_owned())
    }

    fn list(&self, name: &str) -> Vec<DynamicMessage> {
        let value = self.value(name);
        let items = value.as_ref().and_then(|v| v.as_list()).unwrap_or_default();
        items.iter().filter_map(|v| v.as_message().cloned()).collect()
    }
}

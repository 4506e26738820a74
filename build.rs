//! Turns every `shaders/*.wgsl` into typed Rust: a broken shader, a misspelt
//! kernel, a forgotten binding or constant is a compile error, and no binding
//! number stands in Rust.
//!
//! For `shaders/conv2d.wgsl` with an entry point `forward` the generated code is
//! `kernels::conv2d::Constants` (a field per `override` without a default) and
//! `kernels::conv2d::Forward` (a field per binding of group 0 that the entry point
//! uses). Group 1 is the device's own: the first workgroup of a part of the grid.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{AddressSpace, Module, ScalarKind, StorageAccess, TypeInner};

fn main() {
    println!("cargo:rerun-if-changed=shaders");
    let mut files: Vec<_> = fs::read_dir("shaders")
        .expect("the folder shaders")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "wgsl")
        })
        .collect();
    files.sort();
    let code: String = files.iter().map(|path| generate(path)).collect();
    let out = Path::new(&env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("kernels.rs");
    fs::write(out, code).expect("a writable OUT_DIR");
}

/// The Rust module of one shader.
fn generate(path: &Path) -> String {
    let name = path.file_stem().and_then(|s| s.to_str()).expect("UTF-8");
    let source = fs::read_to_string(path).expect("a readable shader");
    let shown = path.display().to_string();
    let module = naga::front::wgsl::parse_str(&source)
        .unwrap_or_else(|error| panic!("\n{}", error.emit_to_string_with_path(&source, &shown)));
    let info = Validator::new(
        ValidationFlags::all(),
        Capabilities::SHADER_FLOAT16_IN_FLOAT32,
    )
    .validate(&module)
    .unwrap_or_else(|error| panic!("\n{}", error.emit_to_string_with_path(&source, &shown)));

    let source = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("wasm32") => without_prose(&source), // every visitor downloads it
        _ => source,
    };
    let mut code = format!(
        "/// Kernels of `shaders/{name}.wgsl`.\npub mod {name} {{\n\
         use super::super::{{Access, Dispatch, Kernel, ShaderSource, Slice}};\n\
         /// The shader.\npub static SOURCE: ShaderSource = ShaderSource {{ \
         name: {name:?}, wgsl: {source:?} }};\n"
    );
    constants(&module, name, &mut code);
    for (index, entry) in module.entry_points.iter().enumerate() {
        kernel(&module, &info, index, &entry.name, &mut code);
    }
    code.push_str("}\n");
    code
}

/// The shader without comments, indentation, empty lines and the spaces that only
/// people need.
fn without_prose(source: &str) -> String {
    assert!(
        !source.contains("/*"),
        "comments of our shaders open with //"
    );
    let code = |line: &str| {
        line.split("//")
            .next()
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let lines = source.lines().map(code).filter(|line| !line.is_empty());
    let tight =
        [", ", ": ", " {", " = ", " + ", " * ", " < ", " += "].map(|part| (part, part.trim()));
    let shorten = |line: String| {
        let replace = |line: String, (part, short): &(&str, &str)| line.replace(part, short);
        tight.iter().fold(line, replace)
    };
    let short = lines.map(shorten).collect::<Vec<_>>().join("\n");
    naga::front::wgsl::parse_str(&short).expect("a shortened shader is the same to a parser");
    short
}

/// The struct of the overrides that have no default.
fn constants(module: &Module, shader: &str, code: &mut String) {
    let mut fields = String::new();
    let mut list = String::new();
    for (_, constant) in module.overrides.iter().filter(|(_, o)| o.init.is_none()) {
        let name = constant.name.as_deref().expect("overrides are named");
        let field = name.to_lowercase();
        let TypeInner::Scalar(scalar) = module.types[constant.ty].inner else {
            panic!("{shader}: override {name} is no scalar");
        };
        let (ty, value) = match scalar.kind {
            ScalarKind::Bool => ("bool", format!("f64::from(u8::from(self.{field}))")),
            ScalarKind::Uint => ("u32", format!("f64::from(self.{field})")),
            ScalarKind::Sint => ("i32", format!("f64::from(self.{field})")),
            _ => ("f32", format!("f64::from(self.{field})")),
        };
        writeln!(fields, "/// `{name}`\npub {field}: {ty},").expect("a string grows");
        writeln!(list, "({name:?}, {value}),").expect("a string grows");
    }
    write!(
        code,
        "/// Sizes and settings fixed when a pipeline is made.\n\
         #[derive(Debug, Clone, Copy, PartialEq)]\npub struct Constants {{\n{fields}}}\n\
         impl Constants {{ fn list(&self) -> Vec<(&'static str, f64)> {{ vec![{list}] }} }}\n"
    )
    .expect("a string grows");
}

/// The struct of the bindings of one entry point and its way to a dispatch.
fn kernel(module: &Module, info: &ModuleInfo, index: usize, entry: &str, code: &mut String) {
    let uses = info.get_entry_point(index);
    let mut bindings: Vec<_> = module
        .global_variables
        .iter()
        .filter(|(handle, _)| !uses[*handle].is_empty())
        .filter_map(|(_, variable)| Some((variable.binding?, variable)))
        .collect();
    let divisible = bindings.iter().any(|(binding, _)| binding.group == 1);
    bindings.retain(|(binding, _)| binding.group == 0);
    bindings.sort_by_key(|(binding, _)| binding.binding);

    let (mut fields, mut list, mut kinds) = (String::new(), String::new(), String::new());
    for (binding, variable) in bindings {
        let name = variable.name.as_deref().expect("bindings are named");
        let access = match variable.space {
            AddressSpace::Uniform => "Uniform",
            AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => {
                "ReadWrite"
            }
            _ => "Read",
        };
        writeln!(fields, "/// `{name}`\npub {name}: Slice,").expect("a string grows");
        write!(list, "self.{name},").expect("a string grows");
        write!(kinds, "({}, Access::{access}),", binding.binding).expect("a string grows");
    }
    let camel: String = entry
        .split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect();
    let upper = entry.to_uppercase();
    write!(
        code,
        "/// The entry point `{entry}`.\npub static {upper}: Kernel = Kernel {{ source: &SOURCE, \
         entry_point: {entry:?}, bindings: &[{kinds}], divisible: {divisible} }};\n\
         /// What `{entry}` reads and writes.\n#[derive(Debug, Clone, Copy, PartialEq)]\n\
         pub struct {camel} {{\n{fields}}}\n\
         impl {camel} {{\n/// One run over a grid of workgroups.\n\
         pub fn dispatch(self, constants: &Constants, workgroups: [u32; 3]) -> Dispatch {{\n\
         Dispatch {{ kernel: &{upper}, constants: constants.list(), bindings: vec![{list}], \
         workgroups }}\n}}\n}}\n"
    )
    .expect("a string grows");
}

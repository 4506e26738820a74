//! Turns every `shaders/*.wgsl` into typed Rust: a broken shader, a misspelt
//! kernel, a forgotten binding or constant is a compile error, and no binding
//! number stands in Rust.
//!
//! For `shaders/conv2d.wgsl` with an entry point `forward` the generated code is
//! `kernels::conv2d::Constants` (a field per `override` without a default) and
//! `kernels::conv2d::Forward` (a field per binding of group 0 that the entry point
//! uses). Structs that bindings are made of, such as `kernels::Run`, and whole numbers
//! such as `kernels::conv2d_backward_weight::TAPS` are Rust too, and the size of a
//! workgroup stands in the method `over`. Group 1 is the device's own: the first workgroup of a part of the grid.

#[path = "build/shader.rs"]
#[allow(dead_code)] // each build script reads a part of it
mod shader;

use std::env;
use std::fmt::Write as _;
use std::path::Path;

use naga::ScalarKind;
use shader::{Access, EntryPoint, Shader, camel_case};

fn main() {
    println!("cargo:rerun-if-changed=build");
    let shaders = shader::all(Path::new("shaders"));
    let mut code: String = shaders.iter().map(generate).collect();
    for shared in shader::structs(shaders.iter()) {
        code.push_str(&shader::host_struct(shared));
    }
    shader::write("kernels.rs", &code);
}

/// The Rust module of one shader.
fn generate(shader: &Shader) -> String {
    let name = &shader.name;
    let source = match env::var("CARGO_CFG_TARGET_ARCH").as_deref() {
        Ok("wasm32") => without_prose(&shader.source), // every visitor downloads it
        _ => shader.source.clone(),
    };
    let mut code = format!(
        "/// Kernels of `shaders/{name}.wgsl`.\npub mod {name} {{\n\
         use super::*;\n/// The shader.\npub static SOURCE: ShaderSource = ShaderSource {{ \
         name: {name:?}, wgsl: {source:?} }};\n"
    );
    if !shader.entry_points.is_empty() {
        constants(shader, &mut code);
    }
    for (name, value) in &shader.numbers {
        writeln!(code, "/// `{name}`\npub const {name}: u32 = {value};").expect("a string grows");
    }
    for entry_point in &shader.entry_points {
        kernel(entry_point, &mut code);
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
fn constants(shader: &Shader, code: &mut String) {
    let mut fields = String::new();
    let mut list = String::new();
    for constant in &shader.constants {
        let name = &constant.name;
        let field = name.to_lowercase();
        let (ty, value) = match constant.kind {
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
fn kernel(entry_point: &EntryPoint, code: &mut String) {
    let (mut fields, mut list) = (String::new(), String::new());
    let (mut kinds, mut names) = (String::new(), String::new());
    for binding in &entry_point.bindings {
        let name = &binding.name;
        let access = match binding.access {
            Access::Uniform => "Uniform",
            Access::ReadWrite => "ReadWrite",
            Access::Read => "Read",
        };
        writeln!(fields, "/// `{name}`\npub {name}: Slice,").expect("a string grows");
        write!(list, "self.{name},").expect("a string grows");
        write!(kinds, "({}, Access::{access}),", binding.number).expect("a string grows");
        write!(names, "{name:?},").expect("a string grows");
    }
    let (name, divisible) = (&entry_point.name, entry_point.divisible);
    let (camel, upper) = (camel_case(name), name.to_uppercase());
    write!(
        code,
        "/// The entry point `{name}`.\npub static {upper}: Kernel = Kernel {{ source: &SOURCE, \
         entry_point: {name:?}, bindings: &[{kinds}], names: &[{names}], divisible: {divisible} }};\n\
         /// What `{name}` reads and writes.\n#[derive(Debug, Clone, Copy, PartialEq)]\n\
         pub struct {camel} {{\n{fields}}}\n\
         impl {camel} {{\n/// One run over a grid of workgroups.\n\
         pub fn dispatch(self, constants: &Constants, workgroups: [u32; 3]) -> Dispatch {{\n\
         Dispatch {{ kernel: &{upper}, constants: constants.list(), bindings: vec![{list}], \
         workgroups }}\n}}\n"
    )
    .expect("a string grows");
    if let Some(workgroup) = entry_point.workgroup {
        write!(
            code,
            "/// One run of at least so many invocations.\n\
             pub fn over(self, constants: &Constants, invocations: u32) -> Dispatch {{\n\
             self.dispatch(constants, grid(invocations, {workgroup}))\n}}\n"
        )
        .expect("a string grows");
    }
    code.push_str("}\n");
}

//! Writes what the CPU engine must have for each `shaders/*.wgsl`: typed constants and
//! bindings, and a trait with a method for each entry point. A kernel without a mirror
//! is a compile error.
//!
//! For `shaders/conv2d.wgsl` with an entry point `forward` the generated code is
//! `contract::conv2d::Constants` (a field per `override` without a default),
//! `contract::conv2d::Forward` (a field per binding that the entry point uses), and
//! `contract::conv2d::Mirror`. `contract::compile` finds the mirror of a dispatch.

#[path = "../../build/shader.rs"]
#[allow(dead_code)] // each build script reads a part of it
mod shader;

use std::fmt::Write as _;
use std::path::Path;

use naga::ScalarKind;
use shader::{Access, Binding, Element, EntryPoint, Shader, camel_case};

fn main() {
    println!("cargo:rerun-if-changed=../../build");
    let shaders = shader::all(Path::new("../../shaders"));
    let computing = || shaders.iter().filter(|s| !s.entry_points.is_empty());
    let mut code = String::new();
    for shared in shader::structs(computing()) {
        code.push_str(&shader::host_struct(shared));
    }
    for shader in computing() {
        contract(shader, &mut code);
    }
    compile(computing(), &mut code);
    shader::write("contract.rs", &code);
}

/// The module of one shader.
fn contract(shader: &Shader, code: &mut String) {
    let name = &shader.name;
    let (mut fields, mut values) = (String::new(), String::new());
    for (index, constant) in shader.constants.iter().enumerate() {
        let (name, field) = (&constant.name, constant.name.to_lowercase());
        let (ty, value) = match constant.kind {
            ScalarKind::Bool => ("bool", format!("list[{index}] != 0.0")),
            ScalarKind::Float => ("f32", format!("list[{index}] as f32")),
            _ => ("usize", format!("list[{index}] as usize")),
        };
        writeln!(fields, "/// `{name}`\npub {field}: {ty},").expect("a string grows");
        writeln!(values, "{field}: {value},").expect("a string grows");
    }
    let (mut arguments, mut methods) = (String::new(), String::new());
    for entry_point in &shader.entry_points {
        let (name, camel) = (&entry_point.name, camel_case(&entry_point.name));
        let bindings: String = entry_point.bindings.iter().map(field).collect();
        write!(
            arguments,
            "/// What `{name}` reads and writes.\n#[derive(Debug)]\n\
             pub struct {camel}<'a> {{\n{bindings}}}\n"
        )
        .expect("a string grows");
        writeln!(
            methods,
            "/// The entry point `{name}`.\n\
             fn {name}(&self, constants: &Constants, arguments: {camel}<'_>);"
        )
        .expect("a string grows");
    }
    write!(
        code,
        "/// `shaders/{name}.wgsl`.\npub mod {name} {{\n\
         /// Sizes and settings fixed when a plan is made.\n\
         #[derive(Debug, Clone, Copy, PartialEq)]\npub struct Constants {{\n{fields}}}\n\
         impl Constants {{ pub(super) fn of(list: &[f64]) -> Self {{ \
         Self {{ {values} }} }} }}\n{arguments}\
         /// What the processor does for this shader.\npub trait Mirror {{\n{methods}}}\n}}\n"
    )
    .expect("a string grows");
}

/// A binding as a field of its entry point's arguments.
fn field(binding: &Binding) -> String {
    let name = &binding.name;
    let element = match &binding.element {
        Element::F32 => "f32",
        Element::U32 => "u32",
        Element::Struct(name) => &format!("super::{name}"),
    };
    let element = match &binding.element {
        Element::Struct(_) => element.to_owned(),
        _ => format!("[{element}]"),
    };
    let mutable = match binding.access {
        Access::ReadWrite => "mut ",
        _ => "",
    };
    format!("/// `{name}`\npub {name}: &'a {mutable}{element},\n")
}

/// The function that finds the mirror of a dispatch and binds its buffers.
fn compile<'a>(shaders: impl Iterator<Item = &'a Shader>, code: &mut String) {
    let mut arms = String::new();
    for shader in shaders {
        for entry_point in &shader.entry_points {
            arm(&shader.name, entry_point, &mut arms);
        }
    }
    write!(
        code,
        "/// The mirror of a dispatch, its buffers bound; `None` for a kernel that no \
         shader has.\n\
         pub(crate) fn compile(dispatch: &Dispatch<'_>, memory: &[Buffer]) -> Option<Step> {{\n\
         let bound = |index: usize| dispatch.bindings[index].bind(memory);\n\
         Some(match (dispatch.shader, dispatch.entry_point) {{\n{arms}_ => return None,\n}})\n}}\n"
    )
    .expect("a string grows");
}

fn arm(shader: &str, entry_point: &EntryPoint, arms: &mut String) {
    let name = &entry_point.name;
    let (mut bound, mut opened, mut given) = (String::new(), String::new(), String::new());
    for (index, binding) in entry_point.bindings.iter().enumerate() {
        let field = &binding.name;
        writeln!(bound, "let {field} = bound({index});").expect("a string grows");
        let (open, give) = match (binding.access, &binding.element) {
            (Access::ReadWrite, Element::F32) => ("write", "bytemuck::cast_slice_mut(&mut {})"),
            (Access::ReadWrite, Element::U32) => ("write", "&mut {}"),
            (Access::ReadWrite, Element::Struct(_)) => ("write", "shared_mut(&mut {})"),
            (_, Element::F32) => ("read", "bytemuck::cast_slice(&{})"),
            (_, Element::U32) => ("read", "&{}"),
            (_, Element::Struct(_)) => ("read", "shared(&{})"),
        };
        let mutable = if open == "write" { "mut " } else { "" };
        writeln!(opened, "let {mutable}{field} = {field}.{open}();").expect("a string grows");
        writeln!(given, "{field}: {},", give.replace("{}", field)).expect("a string grows");
    }
    write!(
        arms,
        "({shader:?}, {name:?}) => {{\n\
         let constants = {shader}::Constants::of(&dispatch.constants);\n{bound}\
         Box::new(move |processor: &Processor| {{\n{opened}\
         let arguments = {shader}::{} {{ {given} }};\n\
         {shader}::Mirror::{name}(processor, &constants, arguments);\n}})\n}}\n",
        camel_case(name)
    )
    .expect("a string grows");
}

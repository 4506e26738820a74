//! What a shader promises, read by naga: the overrides without a default, and the
//! bindings of each entry point. Both build scripts write Rust from it.

use std::path::{Path, PathBuf};
use std::{env, fs};

use naga::valid::{Capabilities, ModuleInfo, ValidationFlags, Validator};
use naga::{
    AddressSpace, Expression, Handle, Literal, Module, ScalarKind, ShaderStage, StorageAccess,
    Type, TypeInner,
};

/// A shader file.
pub struct Shader {
    /// Name of the file without its ending.
    pub name: String,
    /// Its text.
    pub source: String,
    /// Overrides without a default, in order.
    pub constants: Vec<Constant>,
    /// Compute entry points, in order.
    pub entry_points: Vec<EntryPoint>,
    /// Structs that bindings are made of.
    pub structs: Vec<Struct>,
    /// Constants of whole numbers by name, such as tile sizes.
    pub numbers: Vec<(String, u32)>,
}

/// An override.
pub struct Constant {
    pub name: String,
    pub kind: ScalarKind,
}

/// An entry point.
pub struct EntryPoint {
    pub name: String,
    /// Those of group 0, ascending.
    pub bindings: Vec<Binding>,
    /// Whether it takes `first_workgroup` (group 1): parts of its grid can run.
    pub divisible: bool,
    /// Its invocations in a workgroup; `None` where overrides say.
    pub workgroup: Option<u32>,
}

/// A binding of an entry point.
pub struct Binding {
    pub name: String,
    pub number: u32,
    pub access: Access,
    pub element: Element,
}

/// How a binding is used.
#[derive(Clone, Copy, PartialEq)]
pub enum Access {
    Read,
    ReadWrite,
    Uniform,
}

/// What a binding is an array of, or the struct that it is.
#[derive(Clone, PartialEq)]
pub enum Element {
    F32,
    U32,
    Struct(String),
}

/// A struct of scalars.
#[derive(Clone, PartialEq)]
pub struct Struct {
    pub name: String,
    /// Name and kind of each member.
    pub members: Vec<(String, ScalarKind)>,
}

/// All shaders of a folder, by name.
pub fn all(folder: &Path) -> Vec<Shader> {
    println!("cargo:rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder shaders")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "wgsl"))
        .collect();
    files.sort();
    files.iter().map(|path| Shader::read(path)).collect()
}

/// Writes a generated file where `include!` finds it.
pub fn write(file: &str, code: &str) {
    let out = env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    fs::write(Path::new(&out).join(file), code).expect("a writable OUT_DIR");
}

/// `backward_input` as `BackwardInput`.
pub fn camel_case(name: &str) -> String {
    name.split('_')
        .map(|word| word[..1].to_uppercase() + &word[1..])
        .collect()
}

impl Shader {
    fn read(path: &Path) -> Self {
        let name = path.file_stem().and_then(|s| s.to_str()).expect("UTF-8");
        let source = fs::read_to_string(path).expect("a readable shader");
        let shown = path.display().to_string();
        let module = naga::front::wgsl::parse_str(&source).unwrap_or_else(|error| {
            panic!("\n{}", error.emit_to_string_with_path(&source, &shown))
        });
        let info = Validator::new(
            ValidationFlags::all(),
            Capabilities::SHADER_FLOAT16_IN_FLOAT32,
        )
        .validate(&module)
        .unwrap_or_else(|error| panic!("\n{}", error.emit_to_string_with_path(&source, &shown)));

        let constants = module.overrides.iter().filter(|(_, o)| o.init.is_none());
        let constants = constants.map(|(_, constant)| {
            let name = constant.name.clone().expect("overrides are named");
            let TypeInner::Scalar(scalar) = module.types[constant.ty].inner else {
                panic!("{shown}: override {name} is no scalar");
            };
            Constant {
                name,
                kind: scalar.kind,
            }
        });
        let entries = module.entry_points.iter().enumerate();
        let compute = entries.filter(|(_, entry)| entry.stage == ShaderStage::Compute);
        let mut structs = Vec::new();
        let entry_points = compute
            .map(|(index, entry)| entry_point(&module, &info, index, &entry.name, &mut structs))
            .collect();
        Self {
            name: name.to_owned(),
            constants: constants.collect(),
            entry_points,
            structs,
            numbers: numbers(&module),
            source,
        }
    }
}

/// Named constants that are whole numbers.
fn numbers(module: &Module) -> Vec<(String, u32)> {
    let named = module.constants.iter().filter_map(|(_, constant)| {
        match module.global_expressions[constant.init] {
            Expression::Literal(Literal::U32(value)) => Some((constant.name.clone()?, value)),
            _ => None,
        }
    });
    named.collect()
}

/// The structs of the bindings of all shaders: one of a name, the same everywhere.
pub fn structs<'a>(shaders: impl Iterator<Item = &'a Shader>) -> Vec<&'a Struct> {
    let mut structs: Vec<&Struct> = Vec::new();
    for found in shaders.flat_map(|shader| &shader.structs) {
        match structs.iter().find(|known| known.name == found.name) {
            Some(known) => assert!(*known == found, "two structs {}", found.name),
            None => structs.push(found),
        }
    }
    structs
}

/// The Rust of a struct that shaders share with the host.
pub fn host_struct(found: &Struct) -> String {
    let name = &found.name;
    let scalar = |kind: &ScalarKind| match kind {
        ScalarKind::Float => "f32",
        ScalarKind::Sint => "i32",
        _ => "u32",
    };
    let fields: String = found
        .members
        .iter()
        .map(|(name, kind)| format!("/// `{name}`\npub {name}: {},\n", scalar(kind)))
        .collect();
    format!(
        "/// `{name}` of the shaders.\n#[repr(C)]\n\
         #[derive(Debug, Clone, Copy, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]\n\
         pub struct {name} {{\n{fields}}}\n"
    )
}

fn entry_point(
    module: &Module,
    info: &ModuleInfo,
    index: usize,
    name: &str,
    structs: &mut Vec<Struct>,
) -> EntryPoint {
    let uses = info.get_entry_point(index);
    let mut bound: Vec<_> = module
        .global_variables
        .iter()
        .filter(|(handle, _)| !uses[*handle].is_empty())
        .filter_map(|(_, variable)| Some((variable.binding?, variable)))
        .collect();
    let divisible = bound.iter().any(|(binding, _)| binding.group == 1);
    bound.retain(|(binding, _)| binding.group == 0);
    bound.sort_by_key(|(binding, _)| binding.binding);
    let bindings = bound.into_iter().map(|(binding, variable)| Binding {
        name: variable.name.clone().expect("bindings are named"),
        number: binding.binding,
        access: match variable.space {
            AddressSpace::Uniform => Access::Uniform,
            AddressSpace::Storage { access } if access.contains(StorageAccess::STORE) => {
                Access::ReadWrite
            }
            _ => Access::Read,
        },
        element: element(module, variable.ty, structs),
    });
    EntryPoint {
        name: name.to_owned(),
        bindings: bindings.collect(),
        divisible,
        workgroup: module.entry_points[index]
            .workgroup_size_overrides
            .is_none()
            .then(|| module.entry_points[index].workgroup_size.iter().product()),
    }
}

fn element(module: &Module, ty: Handle<Type>, structs: &mut Vec<Struct>) -> Element {
    match &module.types[ty].inner {
        TypeInner::Array { base, .. } => element(module, *base, structs),
        TypeInner::Scalar(scalar) | TypeInner::Vector { scalar, .. } => match scalar.kind {
            ScalarKind::Float => Element::F32,
            _ => Element::U32,
        },
        TypeInner::Struct { members, .. } => {
            let name = module.types[ty].name.clone().expect("structs are named");
            let members = members.iter().map(|member| {
                let TypeInner::Scalar(scalar) = module.types[member.ty].inner else {
                    panic!("{name}: structs of bindings are made of scalars");
                };
                (member.name.clone().expect("members are named"), scalar.kind)
            });
            let found = Struct {
                members: members.collect(),
                name: name.clone(),
            };
            match structs.iter().find(|known| known.name == name) {
                Some(known) => assert!(*known == found, "two structs {name}"),
                None => structs.push(found),
            }
            Element::Struct(name)
        }
        other => panic!("a binding of {other:?}"),
    }
}

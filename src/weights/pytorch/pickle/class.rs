//! The classes and functions that mean something here, and what calling them comes to.

use super::{Handle, Instance, Object};
use crate::weights::pytorch::storage::{ElementType, Storage, View};

/// The most dimensions of a tensor. As [`MAX_KEY`], it keeps a short call from
/// copying much.
const MAX_RANK: usize = 8;

/// The longest key of a storage: a number in decimal digits.
const MAX_KEY: usize = 32;

/// The longest name of a class that is kept.
const MAX_NAME: usize = 256;

/// Modules of Python whose functions run programs or reach beyond the file. No
/// checkpoint needs them, and whoever opens one that names them with Python may run what
/// its author wanted.
const PROGRAMS: [&str; 24] = [
    "os",
    "posix",
    "nt",
    "sys",
    "subprocess",
    "pty",
    "shutil",
    "socket",
    "runpy",
    "importlib",
    "ctypes",
    "commands",
    "popen2",
    "webbrowser",
    "asyncio",
    "multiprocessing",
    "threading",
    "code",
    "codeop",
    "pdb",
    "timeit",
    "pip",
    "pickle",
    "_pickle",
];

/// Functions of Python itself that do so.
const FUNCTIONS: [&str; 10] = [
    "eval",
    "exec",
    "execfile",
    "compile",
    "open",
    "__import__",
    "apply",
    "input",
    "breakpoint",
    "file",
];

/// A class or function of Python.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Class {
    /// `collections.OrderedDict`.
    OrderedDict,
    /// `collections.defaultdict`: made from what a missing item comes to.
    DefaultDict,
    /// `_codecs.encode`: bytes, given as a text of Latin letters where a protocol has no
    /// bytes.
    Encode,
    /// A set, made from a list.
    Set,
    /// `torch._utils._rebuild_tensor_v3`, which says the type of its elements.
    RebuildTypedTensor,
    /// `torch._tensor._rebuild_from_type_v2`: another function's tensor, as a subclass.
    RebuildFromType,
    /// `torch.float32` and its kin.
    ElementType(ElementType),
    /// Any other, by its full name: what it makes is kept as it was described.
    Other(String),
    /// `torch._utils._rebuild_tensor` and `_rebuild_tensor_v2`.
    RebuildTensor,
    /// `torch._utils._rebuild_parameter`: a tensor that is trained.
    RebuildParameter,
    /// `torch.Size`.
    Size,
    /// `torch.FloatStorage` and its kin.
    Storage(ElementType),
}

impl Class {
    /// The class of this name; `None` when it is one that programs are smuggled with.
    pub fn named(module: &str, name: &str) -> Option<Self> {
        let outermost = module.split('.').next().unwrap_or_default();
        let builtin = matches!(module, "builtins" | "__builtin__");
        if PROGRAMS.contains(&outermost)
            || builtin && FUNCTIONS.contains(&name)
            || module == "torch.storage" && name == "_load_from_bytes"
        {
            return None;
        }
        let other = || {
            let mut name = format!("{module}.{name}");
            if name.len() > MAX_NAME {
                name = name.chars().take(MAX_NAME / 4).collect();
            }
            Self::Other(name)
        };
        Some(match (module, name) {
            ("collections", "OrderedDict") => Self::OrderedDict,
            ("collections", "defaultdict") => Self::DefaultDict,
            ("builtins" | "__builtin__", "set" | "frozenset") => Self::Set,
            ("_codecs", "encode") => Self::Encode,
            ("torch._utils", "_rebuild_tensor" | "_rebuild_tensor_v2") => Self::RebuildTensor,
            ("torch._utils", "_rebuild_tensor_v3") => Self::RebuildTypedTensor,
            ("torch._utils", "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
                Self::RebuildParameter
            }
            ("torch._tensor", "_rebuild_from_type_v2") => Self::RebuildFromType,
            ("torch", "Size") => Self::Size,
            ("torch" | "torch.storage", name) => match ElementType::of_class(name) {
                Some(element) => Self::Storage(element),
                None => ElementType::of_name(name).map_or_else(other, Self::ElementType),
            },
            _ => other(),
        })
    }

    /// What calling it with `arguments` gives; `None` when they do not fit.
    pub fn call(&self, objects: &[Object], arguments: &[Handle]) -> Option<Object> {
        match (self, arguments) {
            (Self::DefaultDict, _) => Some(Object::Dictionary(Vec::new())),
            (Self::Encode, [text, ..]) => Some(Object::Encoded(*text)),
            (Self::Set, _) => Some(Object::List(Vec::new())),
            (Self::RebuildFromType, [function, _, arguments, ..]) => {
                match (&objects[*function], &objects[*arguments]) {
                    // One level alone, so that no call nests without end.
                    (Object::Class(function), _) if *function == Self::RebuildFromType => None,
                    (Object::Class(function), Object::Tuple(arguments)) => {
                        function.call(objects, arguments)
                    }
                    _ => None,
                }
            }
            (Self::RebuildTypedTensor, [storage, offset, shape, strides, _, _, element, ..]) => {
                let Object::Class(Self::ElementType(element)) = &objects[*element] else {
                    return None;
                };
                Some(Object::Tensor(View {
                    storage: *storage,
                    element: Some(*element),
                    offset: natural(&objects[*offset])?,
                    shape: naturals(objects, *shape)?,
                    strides: naturals(objects, *strides)?,
                }))
            }
            (Self::OrderedDict, [dictionary])
                if matches!(&objects[*dictionary], Object::Dictionary(_)) =>
            {
                Some(objects[*dictionary].clone())
            }
            (Self::OrderedDict, []) => Some(Object::Dictionary(Vec::new())),
            (Self::OrderedDict, [pairs]) => {
                let pairs = sequence(&objects[*pairs])?.iter();
                let pair = |handle: &Handle| match sequence(&objects[*handle])? {
                    [key, value] => Some((*key, *value)),
                    _ => None,
                };
                Some(Object::Dictionary(pairs.map(pair).collect::<Option<_>>()?))
            }
            (Self::RebuildTensor, [storage, offset, shape, strides, ..]) => {
                Some(Object::Tensor(View {
                    storage: *storage,
                    element: None,
                    offset: natural(&objects[*offset])?,
                    shape: naturals(objects, *shape)?,
                    strides: naturals(objects, *strides)?,
                }))
            }
            (Self::RebuildParameter, [tensor, ..]) => match &objects[*tensor] {
                Object::Tensor(view) => Some(Object::Tensor(view.clone())),
                _ => None,
            },
            (Self::Size, [sizes]) => {
                let sizes = sequence(&objects[*sizes])?;
                (sizes.len() <= MAX_RANK).then(|| Object::Tuple(sizes.to_vec()))
            }
            _ => None,
        }
    }

    /// What a persistent id stands for: `("storage", class, key, location,
    /// elements)`, and in older files `None` for "the whole storage". Older files also
    /// refer so to the class of a module, with its source.
    pub fn persistent(objects: &[Object], identity: &Object) -> Option<Object> {
        let (kind, class, key, elements) = match sequence(identity)? {
            [kind, class, ..] if objects[*kind] == Object::Text("module".to_owned()) => {
                return match &objects[*class] {
                    Object::Class(class) => Some(Object::Class(class.clone())),
                    _ => None,
                };
            }
            [kind, class, key, _, elements] => (kind, class, key, elements),
            [kind, class, key, _, elements, view] if objects[*view] == Object::None => {
                (kind, class, key, elements)
            }
            _ => return None,
        };
        match (&objects[*kind], &objects[*class], &objects[*key]) {
            (Object::Text(kind), Object::Class(Self::Storage(element)), Object::Text(key))
                if kind == "storage" && key.len() <= MAX_KEY =>
            {
                Some(Object::Storage(Storage {
                    element: *element,
                    key: key.clone(),
                    elements: natural(&objects[*elements])?,
                }))
            }
            _ => None,
        }
    }
}

/// An object of a class that means nothing here, made from `arguments`.
pub fn instance(class: Handle, arguments: Handle) -> Object {
    Object::Instance(Box::new(Instance {
        class,
        arguments,
        state: None,
        items: Vec::new(),
        list: Vec::new(),
    }))
}

fn sequence(object: &Object) -> Option<&[Handle]> {
    match object {
        Object::Tuple(items) | Object::List(items) => Some(items),
        _ => None,
    }
}

fn natural(object: &Object) -> Option<u64> {
    match object {
        Object::Integer(value) => u64::try_from(*value).ok(),
        _ => None,
    }
}

fn naturals(objects: &[Object], handle: Handle) -> Option<Vec<u64>> {
    let items = sequence(&objects[handle])?;
    let naturals = items.iter().map(|item| natural(&objects[*item]));
    if items.len() > MAX_RANK {
        None
    } else {
        naturals.collect()
    }
}

//! What a pickle says about storages and the tensors that view them.

use super::pickle::Handle;
use crate::weights::tensor::Element;

/// The elements of a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ElementType {
    /// Floating point numbers that can be read.
    Float(Element),
    /// Others: their name, and bytes of each.
    Other(&'static str, u64),
}

impl ElementType {
    /// Of the class `torch.NAMEStorage`.
    pub fn of_class(name: &str) -> Option<Self> {
        Some(match name {
            "FloatStorage" => Self::Float(Element::F32),
            "HalfStorage" => Self::Float(Element::F16),
            "BFloat16Storage" => Self::Float(Element::Bf16),
            "DoubleStorage" => Self::Float(Element::F64),
            "UntypedStorage" => Self::Other("untyped", 1),
            "LongStorage" => Self::Other("long", 8),
            "IntStorage" => Self::Other("int", 4),
            "ShortStorage" => Self::Other("short", 2),
            "CharStorage" => Self::Other("char", 1),
            "ByteStorage" => Self::Other("byte", 1),
            "BoolStorage" => Self::Other("bool", 1),
            _ => return None,
        })
    }

    /// Of `torch.NAME`, the name of a type.
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "float32" => Self::Float(Element::F32),
            "float16" => Self::Float(Element::F16),
            "bfloat16" => Self::Float(Element::Bf16),
            "float64" => Self::Float(Element::F64),
            "float8_e4m3fn" => Self::Float(Element::F8E4M3),
            "float8_e5m2" => Self::Float(Element::F8E5M2),
            "int64" => Self::Other("long", 8),
            "int32" => Self::Other("int", 4),
            "int16" => Self::Other("short", 2),
            "int8" => Self::Other("char", 1),
            "uint8" => Self::Other("byte", 1),
            "bool" => Self::Other("bool", 1),
            _ => return None,
        })
    }

    /// Bytes of one element.
    pub fn size(self) -> u64 {
        match self {
            Self::Float(element) => element.size() as u64,
            Self::Other(_, size) => size,
        }
    }
}

/// A storage: a run of elements elsewhere in the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Storage {
    /// What it holds.
    pub element: ElementType,
    /// What the file calls it.
    pub key: String,
    /// How many elements it holds.
    pub elements: u64,
}

/// A tensor: a view into a storage. Offset and strides count elements.
#[derive(Debug, Clone, PartialEq)]
pub struct View {
    /// The [`Storage`].
    pub storage: Handle,
    /// Type of its elements, where it is not the storage's.
    pub element: Option<ElementType>,
    /// Where the first element is.
    pub offset: u64,
    /// Shape, outermost dimension first.
    pub shape: Vec<u64>,
    /// Distance between neighbours along each dimension.
    pub strides: Vec<u64>,
}

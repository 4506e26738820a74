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
            "DoubleStorage" => Self::Other("double", 8),
            "LongStorage" => Self::Other("long", 8),
            "IntStorage" => Self::Other("int", 4),
            "ShortStorage" => Self::Other("short", 2),
            "CharStorage" => Self::Other("char", 1),
            "ByteStorage" => Self::Other("byte", 1),
            "BoolStorage" => Self::Other("bool", 1),
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
    /// Where the first element is.
    pub offset: u64,
    /// Shape, outermost dimension first.
    pub shape: Vec<u64>,
    /// Distance between neighbours along each dimension.
    pub strides: Vec<u64>,
}

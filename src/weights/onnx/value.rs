//! What the name of a value in the graph stands for.

use super::FORMAT;
use super::node::Node;
use super::proto;
use crate::error::{Error, Result};
use crate::weights::Source;
use crate::weights::reader::Reader;
use crate::weights::tensor::{Element, Tensor, Values, checked_shape};
use std::fmt::Arguments;

/// The most elements of a list of integers: shapes are computed from a few.
pub const MAX_INTEGERS: usize = 64;

/// A value of the graph.
#[derive(Debug, Clone)]
pub enum Value {
    /// What a layer computes.
    Activation(Activation),
    /// Floating point numbers known beforehand.
    Constant(Tensor),
    /// Integers: shapes and what is made of them.
    Integers(Vec<Integer>),
}

/// The output of a layer (its index), to be padded with zeros by its reader.
#[derive(Debug, Clone, Copy)]
pub struct Activation {
    pub layer: usize,
    /// Padding on top, left, bottom and right.
    pub padding: [usize; 4],
}

/// An integer that a graph computes shapes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    Known(i64),
    /// The size of the batch, whatever it is.
    Batch,
}

impl Value {
    /// The output of a layer as it is.
    pub fn layer(layer: usize) -> Self {
        Self::Activation(Activation {
            layer,
            padding: [0; 4],
        })
    }

    /// Known integers.
    pub fn integers(values: impl IntoIterator<Item = i64>) -> Self {
        Self::Integers(values.into_iter().map(Integer::Known).collect())
    }

    /// The tensor that the file holds under this name.
    pub fn of_proto(source: &dyn Source, name: &str, proto: &proto::Tensor) -> Result<Self> {
        const EXTERNAL: i32 = 1;
        let malformed =
            |reason: Arguments| Error::malformed(FORMAT, &format_args!("tensor {name}: {reason}"));
        if proto.data_location == EXTERNAL {
            return Err(Error::Unsupported {
                format: FORMAT,
                feature: format!(
                    "values in another file (external data of {name}; save the model as one file)"
                ),
            }
            .into());
        }
        let dimensions: Option<Vec<u64>> =
            proto.dims.iter().map(|d| (*d).try_into().ok()).collect();
        let dimensions =
            dimensions.ok_or_else(|| malformed(format_args!("a negative dimension")))?;
        let shape = checked_shape(FORMAT, name, dimensions)?;
        let elements = shape.elements();
        let constant = |values| Ok(Self::Constant(Tensor::new(name, shape, values)));
        let element = match proto.data_type {
            1 => Element::F32,
            10 => Element::F16,
            16 => Element::Bf16,
            6 | 7 if elements <= MAX_INTEGERS => {
                let integers = integers(source, proto, elements)?;
                return integers
                    .map(Self::integers)
                    .ok_or_else(|| malformed(format_args!("it has not {elements} values")));
            }
            other => return constant(Values::Unreadable(format!("ONNX data type {other}"))),
        };
        let (offset, length) = proto.place.unwrap_or_default();
        if (elements * element.size()) as u64 != length {
            return Err(malformed(format_args!(
                "{elements} elements of {} bytes do not fill its {length} bytes",
                element.size()
            )));
        }
        constant(Values::Stored {
            element,
            offset,
            strides: None,
        })
    }
}

impl Integer {
    /// The number, if it is not the batch.
    pub fn known(self) -> Option<i64> {
        match self {
            Self::Known(value) => Some(value),
            Self::Batch => None,
        }
    }
}

/// The values of a small tensor of integers; `None` when there are not as many.
fn integers(
    source: &dyn Source,
    proto: &proto::Tensor,
    elements: usize,
) -> Result<Option<Vec<i64>>> {
    let wide = proto.data_type == 7;
    let mut values = match wide {
        true => proto.int64_data.clone(),
        false => proto.int32_data.clone(),
    };
    let size = if wide { 8 } else { 4 };
    if let Some((offset, length)) = proto.place
        && length == elements as u64 * size
    {
        let mut reader = Reader::at(source, FORMAT, offset);
        for _ in 0..elements {
            values.push(match wide {
                true => i64::from_le_bytes(reader.array()?),
                false => i32::from_le_bytes(reader.array()?).into(),
            });
        }
    }
    Ok((values.len() == elements).then_some(values))
}

/// All of these, known.
///
/// # Errors
/// [`Error::Unsupported`] when one is the batch.
pub fn known(node: &Node, integers: &[Integer]) -> Result<Vec<i64>> {
    let known: Option<Vec<i64>> = integers.iter().map(|integer| integer.known()).collect();
    known.ok_or_else(|| node.unsupported("the size of the batch among the numbers"))
}

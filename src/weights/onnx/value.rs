//! What the name of a value in the graph stands for.

use super::FORMAT;
use super::array::Array;
use super::node::Node;
use super::proto;
pub use super::view::Activation;
use crate::error::{Error, Result};
use crate::weights::Source;
use crate::weights::reader::Reader;
use crate::weights::tensor::{Element, Tensor, Values, checked_shape};
use half::{bf16, f16};
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
    Integers(Array<Integer>),
}

/// An integer that a graph computes shapes with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    Known(i64),
    /// The size of the batch, whatever it is.
    Batch,
}

impl Value {
    /// Known integers, as a list.
    pub fn integers(values: impl IntoIterator<Item = i64>) -> Self {
        let values = values.into_iter().map(Integer::Known).collect();
        Self::Integers(Array::vector(values))
    }

    /// Floating point numbers that were computed.
    pub fn floats(name: &str, array: Array<f32>) -> Self {
        let shape = crate::shape::Shape(array.shape);
        Self::Constant(Tensor::new(
            name,
            shape,
            Values::Memory(array.values.into()),
        ))
    }

    /// The tensor that the file holds under this name. `place` is where its bytes
    /// are when they are not in the message itself, `read` counts what is read.
    pub fn of_proto(
        source: &dyn Source,
        name: &str,
        proto: &proto::Tensor,
        place: Option<(u64, u64)>,
        read: &dyn Fn(usize) -> Result<()>,
    ) -> Result<Self> {
        let malformed =
            |reason: Arguments| Error::malformed(FORMAT, &format_args!("tensor {name}: {reason}"));
        let dimensions: Option<Vec<u64>> =
            proto.dims.iter().map(|d| (*d).try_into().ok()).collect();
        let dimensions =
            dimensions.ok_or_else(|| malformed(format_args!("a negative dimension")))?;
        let shape = checked_shape(FORMAT, name, dimensions)?;
        let elements = shape.elements();
        let constant = |values| Ok(Self::Constant(Tensor::new(name, shape.clone(), values)));
        let place = place.or(proto.place);
        let fills = |size: usize| match place {
            Some((_, length)) if length != (elements * size) as u64 => Err(malformed(
                format_args!("{elements} elements of {size} bytes do not fill its {length} bytes"),
            )),
            place => Ok(place.map(|(offset, _)| offset)),
        };
        let stored = |element: Element| {
            let offset = fills(element.size())?;
            let empty = || malformed(format_args!("it has not {elements} values"));
            let offset = match elements {
                0 => 0,
                _ => offset.ok_or_else(empty)?,
            };
            constant(Values::Stored {
                element,
                offset,
                strides: None,
            })
        };
        // Without bytes of their own, narrow numbers stand in the list of integers.
        let listed = place.is_none() && !proto.int32_data.is_empty();
        match proto.data_type {
            10 | 16 if listed => {
                let bits = proto.int32_data.iter().map(|bits| *bits as u16);
                let values: Vec<f32> = match proto.data_type {
                    10 => bits.map(|bits| f16::from_bits(bits).to_f32()).collect(),
                    _ => bits.map(|bits| bf16::from_bits(bits).to_f32()).collect(),
                };
                match values.len() == elements {
                    true => constant(Values::Memory(values.into())),
                    false => Err(malformed(format_args!("it has not {elements} values"))),
                }
            }
            1 => stored(Element::F32),
            10 => stored(Element::F16),
            16 => stored(Element::Bf16),
            kind @ (2..=7 | 9 | 11..=13) => {
                let size = match kind {
                    2 | 3 | 9 => 1,
                    4 | 5 => 2,
                    6 | 12 => 4,
                    _ => 8,
                };
                let list = if kind == 7 {
                    &proto.int64_data
                } else {
                    &proto.int32_data
                };
                let offset = fills(size)?;
                if offset.is_none() && list.len() != elements {
                    return Err(malformed(format_args!("it has not {elements} values")));
                }
                read(elements)?;
                let mut reader = Reader::at(source, FORMAT, offset.unwrap_or(0));
                let mut next = |index: usize| -> Result<(i64, f64)> {
                    let whole = |number: i64| Ok((number, number as f64));
                    match (offset, kind) {
                        (None, _) => whole(list[index]),
                        (_, 2 | 9) => whole(reader.byte()?.into()),
                        (_, 3) => whole((reader.byte()? as i8).into()),
                        (_, 4) => whole(u16::from_le_bytes(reader.array()?).into()),
                        (_, 5) => whole(i16::from_le_bytes(reader.array()?).into()),
                        (_, 6) => whole(i32::from_le_bytes(reader.array()?).into()),
                        (_, 12) => whole(u32::from_le_bytes(reader.array()?).into()),
                        (_, 11) => Ok((0, f64::from_le_bytes(reader.array()?))),
                        _ => whole(i64::from_le_bytes(reader.array()?)),
                    }
                };
                let whole = kind != 11;
                if whole && elements <= MAX_INTEGERS {
                    let mut values = Vec::new();
                    for index in 0..elements {
                        values.push(Integer::Known(next(index)?.0));
                    }
                    let shape = shape.0;
                    return Ok(Self::Integers(Array { shape, values }));
                }
                let mut values = Vec::new();
                for index in 0..elements {
                    values.push(next(index)?.1 as f32);
                }
                constant(Values::Memory(values.into()))
            }
            other => constant(Values::Unreadable(format!("ONNX data type {other}"))),
        }
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

/// All of these, known.
///
/// # Errors
/// [`Error::Unsupported`] when one is the batch.
pub fn known(node: &Node, integers: &[Integer]) -> Result<Vec<i64>> {
    let known: Option<Vec<i64>> = integers.iter().map(|integer| integer.known()).collect();
    known.ok_or_else(|| node.unsupported("the size of the batch among the numbers"))
}

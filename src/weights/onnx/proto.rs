//! The messages of `onnx.proto` as far as they are used here, with the numbers
//! and names given there. The values of tensors stay in the file.

use super::wire::{Field, Message};
use crate::error::Result;

/// A model.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    pub graph: Option<Graph>,
    pub opset_import: Vec<OperatorSet>,
}

impl Message for Model {
    fn name(&self) -> &'static str {
        "Model"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            7 => self.graph = field.message()?,
            8 => self.opset_import.extend(field.message()?),
            _ => {}
        }
        Ok(())
    }
}

/// A version of the operators; the domain of ONNX's own is empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OperatorSet {
    pub domain: String,
    pub version: i64,
}

impl Message for OperatorSet {
    fn name(&self) -> &'static str {
        "OperatorSet"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.domain = field.text()?,
            2 => self.version = field.integer()?,
            _ => {}
        }
        Ok(())
    }
}

/// A graph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Graph {
    pub node: Vec<Node>,
    pub name: String,
    pub initializer: Vec<Tensor>,
    pub input: Vec<ValueInfo>,
    pub output: Vec<ValueInfo>,
}

impl Message for Graph {
    fn name(&self) -> &'static str {
        "Graph"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.node.extend(field.message()?),
            2 => self.name = field.text()?,
            5 => self.initializer.extend(field.message()?),
            11 => self.input.extend(field.message()?),
            12 => self.output.extend(field.message()?),
            15 => return Err(field.unsupported("sparse initializers")),
            _ => {}
        }
        Ok(())
    }
}

/// One operator at work.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    pub input: Vec<String>,
    pub output: Vec<String>,
    pub name: String,
    pub op_type: String,
    pub attribute: Vec<Attribute>,
    pub domain: String,
}

impl Message for Node {
    fn name(&self) -> &'static str {
        "Node"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.input.push(field.text()?),
            2 => self.output.push(field.text()?),
            3 => self.name = field.text()?,
            4 => self.op_type = field.text()?,
            5 => self.attribute.extend(field.message()?),
            7 => self.domain = field.text()?,
            _ => {}
        }
        Ok(())
    }
}

/// An attribute of a node.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Attribute {
    pub name: String,
    pub f: f32,
    pub i: i64,
    pub s: Vec<u8>,
    pub t: Option<Tensor>,
    pub g: Option<Box<Graph>>,
    pub floats: Vec<f32>,
    pub ints: Vec<i64>,
}

impl Message for Attribute {
    fn name(&self) -> &'static str {
        "Attribute"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.name = field.text()?,
            2 => self.f = field.float()?,
            3 => self.i = field.integer()?,
            4 => self.s = field.bytes()?,
            5 => self.t = field.message()?,
            6 => self.g = field.message()?.map(Box::new),
            11 => return Err(field.unsupported("lists of graphs inside of nodes")),
            7 => field.floats(&mut self.floats)?,
            8 => field.integers(&mut self.ints)?,
            _ => {}
        }
        Ok(())
    }
}

/// A tensor without its values.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tensor {
    pub dims: Vec<i64>,
    pub data_type: i32,
    pub int32_data: Vec<i64>,
    pub int64_data: Vec<i64>,
    pub name: String,
    pub data_location: i32,
    /// Where the values are, when they are in another file: `location`, `offset`
    /// and `length`.
    pub external_data: Vec<Entry>,
    /// Offset in the file and length in bytes of `raw_data`, `float_data` or
    /// `double_data`.
    pub place: Option<(u64, u64)>,
}

impl Message for Tensor {
    fn name(&self) -> &'static str {
        "Tensor"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => field.integers(&mut self.dims)?,
            2 => self.data_type = field.integer()? as i32,
            4 | 9 | 10 => self.place = field.place().or(self.place),
            5 => field.integers(&mut self.int32_data)?,
            7 => field.integers(&mut self.int64_data)?,
            8 => self.name = field.text()?,
            13 => self.external_data.extend(field.message()?),
            14 => self.data_location = field.integer()? as i32,
            _ => {}
        }
        Ok(())
    }
}

/// A word about a tensor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Entry {
    pub key: String,
    pub value: String,
}

impl Message for Entry {
    fn name(&self) -> &'static str {
        "Entry"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.key = field.text()?,
            2 => self.value = field.text()?,
            _ => {}
        }
        Ok(())
    }
}

/// Name and type of an input or output.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ValueInfo {
    pub name: String,
    pub r#type: Option<Type>,
}

impl Message for ValueInfo {
    fn name(&self) -> &'static str {
        "ValueInfo"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.name = field.text()?,
            2 => self.r#type = field.message()?,
            _ => {}
        }
        Ok(())
    }
}

/// A type.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Type {
    pub tensor_type: Option<TensorType>,
}

impl Message for Type {
    fn name(&self) -> &'static str {
        "Type"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        if field.number == 1 {
            self.tensor_type = field.message()?;
        }
        Ok(())
    }
}

/// The type of a tensor.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TensorType {
    pub elem_type: i32,
    pub shape: Option<TensorShape>,
}

impl Message for TensorType {
    fn name(&self) -> &'static str {
        "TensorType"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        match field.number {
            1 => self.elem_type = field.integer()? as i32,
            2 => self.shape = field.message()?,
            _ => {}
        }
        Ok(())
    }
}

/// A shape.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TensorShape {
    pub dim: Vec<Dimension>,
}

impl Message for TensorShape {
    fn name(&self) -> &'static str {
        "Shape"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        if field.number == 1 {
            self.dim.extend(field.message()?);
        }
        Ok(())
    }
}

/// A dimension: a number, or nothing when it is open or has a name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dimension {
    pub dim_value: Option<i64>,
}

impl Message for Dimension {
    fn name(&self) -> &'static str {
        "Dimension"
    }

    fn set(&mut self, field: &mut Field) -> Result<()> {
        if field.number == 1 {
            self.dim_value = Some(field.integer()?);
        }
        Ok(())
    }
}

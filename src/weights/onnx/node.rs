//! A node of the graph with its attributes, and the errors that name it.

use std::fmt::Display;

use super::FORMAT;
use super::proto;
use crate::error::{Error, Result};

/// The largest kernel, stride, padding or dilation: beyond any network, and
/// small enough that sizes computed from it do not overflow.
const MAX_EXTENT: i64 = 4096;

/// An operator at work, and the version of the operators.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    proto: &'a proto::Node,
    /// Version of ONNX's operator set.
    pub opset: i64,
}

impl<'a> Node<'a> {
    pub fn new(proto: &'a proto::Node, opset: i64) -> Self {
        Self { proto, opset }
    }

    /// What it computes.
    pub fn operator(&self) -> &'a str {
        &self.proto.op_type
    }

    /// Whether the operator is ONNX's own.
    pub fn is_standard(&self) -> bool {
        matches!(&self.proto.domain[..], "" | "ai.onnx")
    }

    /// Whose operator it is; nothing for ONNX's own.
    pub fn domain(&self) -> &'a str {
        match self.is_standard() {
            true => "",
            false => &self.proto.domain,
        }
    }

    /// Its name, or that of its first output.
    pub fn name(&self) -> &'a str {
        match &self.proto.name[..] {
            "" => self.proto.output.first().map_or("", |output| output),
            name => name,
        }
    }

    /// Names of all inputs; those left out are empty.
    pub fn inputs(&self) -> &'a [String] {
        &self.proto.input
    }

    /// The name of an input that may be left out.
    pub fn optional(&self, index: usize) -> Option<&'a str> {
        let name = self.proto.input.get(index)?;
        (!name.is_empty()).then_some(name)
    }

    /// The name of an input that must be there.
    pub fn input(&self, index: usize) -> Result<&'a str> {
        self.optional(index)
            .ok_or_else(|| self.malformed(format_args!("its input {index} is missing")))
    }

    /// Names of all outputs.
    pub fn outputs(&self) -> &'a [String] {
        &self.proto.output
    }

    /// The attribute of this name.
    pub fn attribute(&self, name: &str) -> Option<&'a proto::Attribute> {
        self.proto.attribute.iter().find(|a| a.name == name)
    }

    /// Refuses any attribute but these.
    pub fn allow(&self, names: &[&str]) -> Result<()> {
        let mut attributes = self.proto.attribute.iter();
        match attributes.find(|attribute| !names.contains(&&attribute.name[..])) {
            Some(other) => Err(self.unsupported(format_args!("the attribute {}", other.name))),
            None => Ok(()),
        }
    }

    /// An integer, or its default.
    pub fn int(&self, name: &str, default: i64) -> i64 {
        self.attribute(name).map_or(default, |a| a.i)
    }

    /// A real number, or its default.
    pub fn float(&self, name: &str, default: f32) -> f32 {
        self.attribute(name).map_or(default, |a| a.f)
    }

    /// A text, or its default.
    pub fn text(&self, name: &str, default: &'a str) -> &'a str {
        let text = |a: &'a proto::Attribute| std::str::from_utf8(&a.s).unwrap_or("?");
        self.attribute(name).map_or(default, text)
    }

    /// A list of integers, if there is one.
    pub fn ints(&self, name: &str) -> Option<&'a [i64]> {
        self.attribute(name).map(|a| &a.ints[..])
    }

    /// `N` extents of these values.
    pub fn checked_extents<const N: usize>(
        &self,
        what: &str,
        values: &[i64],
    ) -> Result<[usize; N]> {
        let extent = |v: &i64| (0..=MAX_EXTENT).contains(v).then_some(*v as usize);
        let extents: Option<Vec<usize>> = values.iter().map(extent).collect();
        let extents = extents.and_then(|extents| extents.try_into().ok());
        extents.ok_or_else(|| {
            let shown = &values[..values.len().min(8)];
            self.unsupported(format_args!(
                "{what} = {shown:?} (expected {N} numbers of 0 to {MAX_EXTENT})"
            ))
        })
    }

    /// The error for something this node asks for that we do not do.
    pub fn unsupported(&self, what: impl Display) -> Box<Error> {
        let (operator, name) = (self.operator(), self.name());
        let feature = format_args!("{what} of the operator {operator} (node {name})");
        Error::unsupported(FORMAT, &feature)
    }

    /// The error for a node that contradicts itself.
    pub fn malformed(&self, reason: impl Display) -> Box<Error> {
        let (operator, name) = (self.operator(), self.name());
        Error::malformed(FORMAT, &format_args!("{operator} (node {name}): {reason}"))
    }
}

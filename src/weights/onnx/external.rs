//! Values in files beside the model, as exporters write them for models of more
//! than two gigabytes, and PyTorch's for any. All files are read as one.

use std::collections::HashMap;
use std::ops::Range;

use super::{FORMAT, proto};
use crate::error::{Error, Result};
use crate::weights::{LocalFuture, Source};

const EXTERNAL: i32 = 1;

/// The model's file and the files beside it, one behind the other.
pub struct Files {
    /// Each with its first byte.
    parts: Vec<(u64, Box<dyn Source>)>,
    /// Their names, without the model's own.
    names: HashMap<String, usize>,
}

impl Files {
    /// The file of a model.
    pub fn new(model: Box<dyn Source>) -> Self {
        Self {
            parts: vec![(0, model)],
            names: HashMap::new(),
        }
    }

    /// Opens the files that tensors of this graph are in.
    ///
    /// # Errors
    /// [`Error::Unsupported`], naming the file that was not given along.
    pub fn open(&mut self, graph: &proto::Graph) -> Result<()> {
        let constants = graph.node.iter().flat_map(|node| &node.attribute);
        let constants = constants.filter_map(|attribute| attribute.t.as_ref());
        for tensor in graph.initializer.iter().chain(constants) {
            let Some(location) = location(tensor) else {
                continue;
            };
            if self.names.contains_key(location) {
                continue;
            }
            let found = self.parts[0].1.beside(location)?;
            let found = found.ok_or_else(|| {
                let name = location;
                Error::unsupported(
                    FORMAT,
                    &format_args!("values in another file: give {name} along with it, beside it"),
                )
            })?;
            self.names.insert(location.to_owned(), self.parts.len());
            self.parts.push((self.len(), found));
        }
        Ok(())
    }

    /// Where the values of a tensor are, if they are in a file beside the model.
    pub fn place(&self, name: &str, tensor: &proto::Tensor) -> Result<Option<(u64, u64)>> {
        let Some(location) = location(tensor) else {
            return Ok(None);
        };
        let number = |key: &str| -> Option<u64> { entry(tensor, key)?.parse().ok() };
        let part = self.names.get(location).map(|index| &self.parts[*index]);
        let place = part.and_then(|(start, source)| {
            let offset = number("offset").unwrap_or(0);
            let rest = source.len().checked_sub(offset)?;
            let length = number("length").unwrap_or(rest);
            (length <= rest).then_some((start + offset, length))
        });
        place.map(Some).ok_or_else(|| {
            let reason = format_args!("the values of {name} reach beyond the file {location}");
            Error::malformed(FORMAT, &reason)
        })
    }

    fn part(&self, offset: u64) -> (u64, &dyn Source) {
        let part = self.parts.iter().rev().find(|(start, _)| *start <= offset);
        let (start, source) = part.expect("the first begins at 0");
        (*start, source.as_ref())
    }
}

impl Source for Files {
    fn len(&self) -> u64 {
        self.parts
            .last()
            .map_or(0, |(start, source)| start + source.len())
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        let (start, source) = self.part(offset);
        source.read(offset - start, buffer)
    }

    fn prefetch(&self, range: Range<u64>) -> LocalFuture<'_, Result<()>> {
        let (start, source) = self.part(range.start);
        source.prefetch(range.start - start..range.end - start)
    }
}

/// The file beside the model that a tensor is in.
fn location(tensor: &proto::Tensor) -> Option<&str> {
    (tensor.data_location == EXTERNAL).then(|| entry(tensor, "location").unwrap_or_default())
}

fn entry<'a>(tensor: &'a proto::Tensor, key: &str) -> Option<&'a str> {
    let entry = tensor.external_data.iter().find(|entry| entry.key == key)?;
    Some(&entry.value)
}

//! Files compressed by the method of Han, Mao and Dally (Deep Compression,
//! 2016): weights pruned, the rest shared between the entries of a codebook.
//!
//! First a u32 for every layer: how many codes it has. Then layer by layer: the
//! codebook (f32; 256 entries, or 16 for a fully connected layer), the biases
//! (f32), the codes (8 bits, or 4, low half first) and the gaps between them (4
//! bits, low half first). The k-th code belongs to element
//! `sum(gap[0..=k] + 1) - 1`; elements that no code names have code 0.
//!
//! Nothing in such a file says which network it is for: it is told by the only
//! list of layers that fits all counts and the length to the last byte.

mod coded;
mod layout;

pub use coded::CodedLayer;

use super::reader::Reader;
use super::tensor::{Element, Tensor, Values};
use super::{Format, Source};
use crate::error::{Error, Result};
use crate::network::Network;
use crate::shape::Shape;
use layout::{Layout, layouts};

const FORMAT: &str = Format::DeepCompression.name();

/// The layers that a file of these first bytes has, if its counts are possible
/// for one of the networks: of those the one that fits the length, or else the first.
fn layers_of(source: &dyn Source, networks: &[Network]) -> Result<Option<(Vec<Layout>, Vec<u32>)>> {
    let mut possible = None;
    for layers in networks.iter().map(layouts) {
        let mut reader = Reader::new(source, FORMAT);
        if reader.remaining() < 4 * layers.len() as u64 {
            continue;
        }
        let mut counts = Vec::with_capacity(layers.len());
        for _ in &layers {
            counts.push(u32::from_le_bytes(reader.array()?));
        }
        let named = |(layer, count): (&Layout, &u32)| {
            *count > 0 && *count as usize <= layer.weight_elements()
        };
        if layers.iter().zip(&counts).all(named) {
            let fits = length(&layers, &counts) == source.len();
            if fits || possible.is_none() {
                possible = Some((layers, counts));
            }
            if fits {
                break;
            }
        }
    }
    Ok(possible)
}

/// Bytes of a file of these layers.
fn length(layers: &[Layout], counts: &[u32]) -> u64 {
    let layer_length = |(layer, count): (&Layout, &u32)| {
        let count = u64::from(*count);
        let floats = (1u64 << layer.bits) + layer.out() as u64;
        4 + 4 * floats + (count * u64::from(layer.bits)).div_ceil(8) + count.div_ceil(2)
    };
    layers.iter().zip(counts).map(layer_length).sum()
}

/// Whether the counts that the file starts with are possible
/// for one of these networks.
pub fn detect(source: &dyn Source, networks: &[Network]) -> Result<bool> {
    Ok(layers_of(source, networks)?.is_some())
}

/// The catalogue of a file that [`detect`] told.
pub fn open(source: &dyn Source, networks: &[Network]) -> Result<Vec<Tensor>> {
    let mut reader = Reader::new(source, FORMAT);
    let (layers, counts) = layers_of(source, networks)?
        .ok_or_else(|| reader.malformed("its counts fit no known network"))?;
    let expected = length(&layers, &counts);
    if source.len() < expected {
        return Err(Error::Truncated {
            format: FORMAT,
            expected,
            found: source.len(),
        }
        .into());
    }
    if source.len() > expected {
        let extra = source.len() - expected;
        return Err(reader.malformed(format_args!(
            "{extra} bytes are left over behind its last layer"
        )));
    }
    reader.skip(4 * layers.len() as u64)?;
    let mut tensors = Vec::new();
    for (layer, count) in layers.iter().zip(counts) {
        let mut codebook = vec![0.0; 1 << layer.bits];
        for value in &mut codebook {
            *value = f32::from_le_bytes(reader.array()?);
        }
        let bias = Values::Stored {
            element: Element::F32,
            offset: reader.position(),
            strides: None,
        };
        reader.skip(4 * layer.out() as u64)?;
        let coded = CodedLayer::scan(source, &mut reader, codebook, count, layer)?;
        let weight = Values::Coded(Box::new(coded));
        let name = &layer.name;
        tensors.push(Tensor::new(
            format!("{name}.weight"),
            Shape(layer.weight.clone()),
            weight,
        ));
        tensors.push(Tensor::new(
            format!("{name}.bias"),
            Shape::vector(layer.out()),
            bias,
        ));
    }
    Ok(tensors)
}

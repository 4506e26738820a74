//! Reading the values of tensors, range by range.

use std::ops::Range;

use half::f16;
use half::slice::HalfFloatSliceExt;

use super::reader::Reader;
use super::strided;
use super::tensor::{Element, Tensor, Values};
use super::{Source, WeightsFile};
use crate::error::{Error, Result};

/// Bytes of one read of a source.
const PIECE: usize = 1 << 20;

impl WeightsFile {
    /// Brings the elements `range` of a tensor near before they are read (see
    /// [`Source::prefetch`]), where they stand in order in the file.
    ///
    /// # Errors
    /// What the source gives.
    pub async fn prefetch(&self, tensor: &Tensor, range: Range<usize>) -> Result<()> {
        if let Values::Stored {
            element,
            offset,
            strides: None,
        } = &tensor.values
        {
            let place = |index| offset + (index * element.size()) as u64;
            let bytes = place(range.start)..place(range.end);
            self.source.prefetch(bytes).await?;
        }
        Ok(())
    }

    /// The elements `range` of a tensor in file order, whatever their encoding.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the tensor is not of floating point numbers,
    /// and what the source gives.
    ///
    /// # Panics
    /// When the range reaches beyond the tensor.
    pub fn read_f32(&self, tensor: &Tensor, range: Range<usize>) -> Result<Vec<f32>> {
        read_f32(self.source.as_ref(), self.format.name(), tensor, range)
    }

    /// As [`WeightsFile::read_f32`], for computing with.
    ///
    /// # Errors
    /// [`Error::WeightsNotFinite`], and as [`WeightsFile::read_f32`].
    ///
    /// # Panics
    /// When the range reaches beyond the tensor.
    pub fn read_finite(&self, tensor: &Tensor, range: Range<usize>) -> Result<Vec<f32>> {
        let values = self.read_f32(tensor, range)?;
        tensor.expect_finite(&values)?;
        Ok(values)
    }

    /// Some inputs of some outputs of a weight `[out, in, ...]`, as
    /// [`WeightsFile::read_finite`]: what is read at once of a
    /// [transposed](Tensor::is_transposed) one.
    ///
    /// # Errors
    /// As [`WeightsFile::read_finite`].
    ///
    /// # Panics
    /// When a range reaches beyond the tensor, or it is not transposed.
    pub fn read_inputs(
        &self,
        tensor: &Tensor,
        outputs: Range<usize>,
        inputs: Range<usize>,
    ) -> Result<Vec<f32>> {
        let Values::Stored {
            element,
            offset,
            strides: Some(strides),
        } = &tensor.values
        else {
            panic!("{} is not transposed", tensor.name);
        };
        let shape = &tensor.shape.0;
        let inside = outputs.end <= shape[0] && inputs.end <= shape[1];
        assert!(inside, "beyond {}", tensor.name);
        let mut reader = Reader::at(self.source.as_ref(), self.format.name(), *offset);
        let rest = shape[2..].iter().map(|size| 0..*size);
        let bounds: Vec<_> = [outputs.clone(), inputs].into_iter().chain(rest).collect();
        let mut values = strided::gather_box(&mut reader, *element, strides, &bounds)?;
        if tensor.is_scaled() {
            let row = values.len() / outputs.len();
            for (row, output) in values.chunks_mut(row).zip(outputs) {
                row.iter_mut()
                    .for_each(|value| *value *= tensor.scale[output]);
            }
        }
        tensor.expect_finite(&values)?;
        Ok(values)
    }

    /// As [`WeightsFile::read_f32`], rounded to 16 bits where the file does not
    /// hold them as they are.
    ///
    /// # Errors
    /// As [`WeightsFile::read_f32`].
    ///
    /// # Panics
    /// When the range reaches beyond the tensor.
    pub fn read_f16(&self, tensor: &Tensor, range: Range<usize>) -> Result<Vec<f16>> {
        let mut halves = vec![f16::ZERO; range.len()];
        let stored_so = matches!(
            tensor.values,
            Values::Stored {
                element: Element::F16,
                strides: None,
                ..
            }
        );
        match tensor.values {
            Values::Stored { offset, .. } if stored_so && tensor.scale.is_empty() => {
                assert!(range.end <= tensor.elements(), "beyond {}", tensor.name);
                let start = offset + 2 * range.start as u64;
                let mut reader = Reader::at(self.source.as_ref(), self.format.name(), start);
                for piece in halves.chunks_mut(PIECE / 2) {
                    let mut bytes = vec![0; 2 * piece.len()];
                    reader.fill(&mut bytes)?;
                    for (half, bytes) in piece.iter_mut().zip(bytes.chunks_exact(2)) {
                        *half = f16::from_le_bytes([bytes[0], bytes[1]]);
                    }
                }
            }
            _ => halves.convert_from_f32_slice(&self.read_f32(tensor, range)?),
        }
        Ok(halves)
    }

    /// The codes of the elements `range` of a tensor that is stored as codes
    /// ([`Tensor::codebook`] says what they stand for), one a byte. Elements
    /// that the file does not name have code 0.
    ///
    /// # Errors
    /// [`Error::Unsupported`] when the tensor is not stored as codes, and what
    /// the source gives.
    ///
    /// # Panics
    /// When the range reaches beyond the tensor.
    pub fn read_codes(&self, tensor: &Tensor, range: Range<usize>) -> Result<Vec<u8>> {
        assert!(range.end <= tensor.elements(), "beyond {}", tensor.name);
        match &tensor.values {
            Values::Coded(layer) => layer.codes(self.source.as_ref(), range),
            _ => Err(Error::unsupported(
                self.format.name(),
                &format_args!("plain numbers, not codes, for {}", tensor.name),
            )),
        }
    }
}

/// See [`WeightsFile::read_f32`].
pub fn read_f32(
    source: &dyn Source,
    format: &'static str,
    tensor: &Tensor,
    range: Range<usize>,
) -> Result<Vec<f32>> {
    assert!(range.end <= tensor.elements(), "beyond {}", tensor.name);
    let mut values = match &tensor.values {
        Values::Stored {
            element,
            offset,
            strides: None,
        } => read_stored(source, format, *element, *offset, range.clone())?,
        Values::Stored {
            element,
            offset,
            strides: Some(strides),
        } => {
            let mut reader = Reader::at(source, format, *offset);
            strided::gather(&mut reader, *element, &tensor.shape, strides, range.clone())?
        }
        Values::Memory(values) => values[range.clone()].to_vec(),
        Values::Repeated(value) => vec![*value; range.len()],
        Values::Coded(layer) => {
            let codebook = layer.codebook();
            let codes = layer.codes(source, range.clone())?;
            codes.iter().map(|code| codebook[*code as usize]).collect()
        }
        Values::Unreadable(what) => {
            let elements = format_args!("{what} elements for {}", tensor.name);
            return Err(Error::unsupported(format, &elements));
        }
    };
    if !tensor.scale.is_empty() {
        let inner = tensor.elements() / tensor.scale.len();
        for (value, index) in values.iter_mut().zip(range) {
            *value *= tensor.scale[index / inner];
        }
    }
    Ok(values)
}

fn read_stored(
    source: &dyn Source,
    format: &'static str,
    element: Element,
    offset: u64,
    range: Range<usize>,
) -> Result<Vec<f32>> {
    let start = offset + range.start as u64 * element.size() as u64;
    let mut reader = Reader::at(source, format, start);
    let mut values = vec![0.0; range.len()];
    let mut bytes = Vec::new();
    for piece in values.chunks_mut(PIECE / element.size()) {
        bytes.resize(piece.len() * element.size(), 0);
        reader.fill(&mut bytes)?;
        element.decode(&bytes, piece);
    }
    Ok(values)
}

//! An entry of a file's catalogue: a tensor's name, shape and encoding, and
//! where its values are. The values themselves stay in the file.

use std::sync::Arc;

use half::{bf16, f16};

use super::deep_compression::CodedLayer;
use crate::error::{Error, Result};
use crate::shape::Shape;

/// The most elements that a tensor may have: enough for any known network, and
/// every index fits the 32-bit addresses of WebAssembly.
pub const MAX_ELEMENTS: u64 = 1 << 31;

/// One tensor of a weights file.
#[derive(Debug, Clone, PartialEq)]
pub struct Tensor {
    /// Name in the file, such as `features.0.weight`.
    pub name: String,
    /// Shape in the file's order, outermost dimension first:
    /// `[out, in / groups, height, width]` for a convolution's weight.
    pub shape: Shape,
    /// Where the values are.
    pub(super) values: Values,
    /// Factors that values are multiplied with when read, one for each index of
    /// the outermost dimension; none when empty. Batch normalisation leaves
    /// them behind when it is folded into the layer before.
    pub(super) scale: Vec<f32>,
}

/// How a file stores the values of a tensor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Encoding {
    /// 32-bit floating point.
    F32,
    /// 16-bit floating point, IEEE 754.
    F16,
    /// The upper 16 bits of a 32-bit floating point number.
    Bf16,
    /// Codes of this many bits that stand for the values of a codebook.
    Codes {
        /// 8 or 4.
        bits: u32,
    },
    /// Something else, which cannot be read: the file's word for it.
    Other(String),
}

/// A floating point format of one element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    F32,
    F16,
    Bf16,
    F64,
    /// 4 bits of exponent, 3 of mantissa, no infinities.
    F8E4M3,
    /// 5 bits of exponent, 2 of mantissa: the upper half of an `F16`.
    F8E5M2,
}

/// Where the values of a tensor are.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// In the file from byte `offset` on. `strides`, in elements and one a
    /// dimension, is `None` when the elements stand in order.
    Stored {
        element: Element,
        offset: u64,
        strides: Option<Vec<usize>>,
    },
    /// Computed when the file was opened.
    Memory(Arc<[f32]>),
    /// One value everywhere.
    Repeated(f32),
    /// A layer of a deep-compressed file.
    Coded(Box<CodedLayer>),
    /// Of a type that no network's parameters have: the file's word for it.
    Unreadable(String),
}

impl Tensor {
    pub(super) fn new(name: impl Into<String>, shape: Shape, values: Values) -> Self {
        Self {
            name: name.into(),
            shape,
            values,
            scale: Vec::new(),
        }
    }

    /// Number of elements.
    pub fn elements(&self) -> usize {
        self.shape.elements()
    }

    /// How the file stores the values.
    pub fn encoding(&self) -> Encoding {
        match &self.values {
            Values::Stored { element, .. } => match element {
                // What reading them gives: no kernel takes them as they are.
                Element::F32 | Element::F64 | Element::F8E4M3 | Element::F8E5M2 => Encoding::F32,
                Element::F16 => Encoding::F16,
                Element::Bf16 => Encoding::Bf16,
            },
            Values::Memory(_) | Values::Repeated(_) => Encoding::F32,
            Values::Coded(layer) => Encoding::Codes { bits: layer.bits() },
            Values::Unreadable(what) => Encoding::Other(what.clone()),
        }
    }

    /// Whether values are multiplied with factors when read, so that what is read is not
    /// what [`Tensor::encoding`] can hold.
    pub fn is_scaled(&self) -> bool {
        !self.scale.is_empty()
    }

    /// Whether the outputs, the outermost dimension of the shape, are the innermost in
    /// the file, so that few outputs stand all over the tensor.
    pub fn is_transposed(&self) -> bool {
        match &self.values {
            Values::Stored {
                strides: Some(strides),
                ..
            } => strides.len() > 1 && strides[1..].iter().all(|stride| *stride > strides[0]),
            _ => false,
        }
    }

    /// Refuses values of this tensor that are infinities or no numbers.
    ///
    /// # Errors
    /// [`Error::WeightsNotFinite`].
    pub fn expect_finite(&self, values: &[f32]) -> Result<()> {
        if values.iter().all(|value| value.is_finite()) {
            return Ok(());
        }
        let tensor = self.name.clone();
        Err(Error::WeightsNotFinite { tensor }.into())
    }

    /// The values that codes stand for, 256 or 16 of them, when the tensor is
    /// stored as codes.
    pub fn codebook(&self) -> Option<&[f32]> {
        match &self.values {
            Values::Coded(layer) => Some(layer.codebook()),
            _ => None,
        }
    }
}

impl Element {
    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            Self::F32 => 4,
            Self::F16 | Self::Bf16 => 2,
            Self::F64 => 8,
            Self::F8E4M3 | Self::F8E5M2 => 1,
        }
    }

    /// Widens little-endian elements; `bytes` holds as many as `values`.
    pub fn decode(self, bytes: &[u8], values: &mut [f32]) {
        let pair = |bytes: &[u8]| [bytes[0], bytes[1]];
        let elements = values.iter_mut().zip(bytes.chunks_exact(self.size()));
        match self {
            Self::F32 => elements.for_each(|(value, bytes)| {
                *value = f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
            }),
            Self::F16 => elements
                .for_each(|(value, bytes)| *value = f16::from_le_bytes(pair(bytes)).to_f32()),
            Self::F64 => elements.for_each(|(value, bytes)| {
                *value = f64::from_le_bytes(bytes.try_into().expect("eight bytes")) as f32;
            }),
            Self::F8E4M3 => elements.for_each(|(value, bytes)| *value = e4m3(bytes[0])),
            Self::F8E5M2 => elements
                .for_each(|(value, bytes)| *value = f16::from_le_bytes([0, bytes[0]]).to_f32()),
            Self::Bf16 => elements
                .for_each(|(value, bytes)| *value = bf16::from_le_bytes(pair(bytes)).to_f32()),
        }
    }
}

/// A number of 8 bits as Micikevicius and others (2022) define E4M3: sign, 4 bits of
/// exponent with a bias of 7, 3 of mantissa; all ones are no number.
fn e4m3(bits: u8) -> f32 {
    let mantissa = f32::from(bits & 7);
    let magnitude = match (bits >> 3 & 15, bits & 7) {
        (15, 7) => f32::NAN,
        (0, _) => mantissa * 2f32.powi(-9),
        (exponent, _) => (1.0 + mantissa / 8.0) * 2f32.powi(i32::from(exponent) - 7),
    };
    if bits & 0x80 == 0 {
        magnitude
    } else {
        -magnitude
    }
}

/// The shape of these dimensions in a file.
///
/// # Errors
/// [`Error::Unsupported`] when it has more than [`MAX_ELEMENTS`].
pub fn checked_shape(
    format: &'static str,
    name: &str,
    dimensions: impl IntoIterator<Item = u64>,
) -> Result<Shape> {
    let mut product = 1u64;
    let mut shape = Vec::new();
    for dimension in dimensions {
        product = product.saturating_mul(dimension.max(1));
        if product > MAX_ELEMENTS {
            let tensor = format_args!("a tensor of more than {MAX_ELEMENTS} elements ({name})");
            return Err(Error::unsupported(format, &tensor));
        }
        shape.push(dimension as usize);
    }
    Ok(Shape(shape))
}

//! Weights of networks: files of several formats, told apart by content, opened
//! as one catalogue of tensors whose values are read in ranges, when needed, so
//! that a file of 244 MB never stands in memory.
//!
//! ```
//! use alexnet_live::weights::WeightsFile;
//!
//! let header = br#"{"bias":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#;
//! let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
//! bytes.extend(header);
//! bytes.extend([1.0f32, 2.0].iter().flat_map(|value| value.to_le_bytes()));
//!
//! let weights = WeightsFile::open(bytes)?;
//! let bias = weights.find("bias")?;
//! assert_eq!(weights.read_f32(bias, 1..2)?, [2.0]);
//! # Ok::<(), Box<alexnet_live::error::Error>>(())
//! ```

mod batch_norm;
mod deep_compression;
mod fit;
mod hash;
mod onnx;
pub(crate) mod pytorch;
mod read;
pub(crate) mod reader;
mod safetensors;
mod shards;
mod source;
mod strided;
mod tensor;

use std::collections::BTreeMap;
use std::fmt;

pub use hash::{ExpectedHash, Hash, verify};
pub use onnx::{Graph, Port, Sizes};
pub(crate) use safetensors::write as write_safetensors;
pub use shards::Shards;
#[cfg(not(target_arch = "wasm32"))]
pub use source::FileSource;
pub use source::{LocalFuture, Source};
pub use tensor::{Encoding, Tensor};

use crate::error::{Error, Result};
use crate::network::Network;
use crate::order::order;

/// A format of weights files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Safetensors.
    Safetensors,
    /// `torch.save`, in a zip archive or in the older layout.
    PyTorch,
    /// ONNX: a network with its weights.
    Onnx,
    /// Pruned weights as codes of a codebook (`.net`).
    DeepCompression,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 4] = [
        Self::Safetensors,
        Self::PyTorch,
        Self::Onnx,
        Self::DeepCompression,
    ];

    /// Name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safetensors => "safetensors",
            Self::PyTorch => "PyTorch",
            Self::Onnx => "ONNX",
            Self::DeepCompression => "deep-compressed",
        }
    }

    /// The format of a file, by its content; deep-compressed are those of one of
    /// these networks.
    fn detect(source: &dyn Source, networks: &[Network]) -> Result<Self> {
        let mut start = [0; 32];
        let length = source.len().min(start.len() as u64) as usize;
        let start = &mut start[..length];
        source.read(0, start)?;
        if pytorch::detect(start) {
            Ok(Self::PyTorch)
        } else if safetensors::detect(start) {
            Ok(Self::Safetensors)
        } else if deep_compression::detect(source, networks)? {
            Ok(Self::DeepCompression)
        } else if onnx::detect(start) {
            Ok(Self::Onnx)
        } else {
            let bytes: Vec<String> = start
                .iter()
                .take(16)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            Err(Error::UnknownFormat {
                start: match bytes.is_empty() {
                    true => "nothing, being empty".to_owned(),
                    false => bytes.join(" "),
                },
                known: Self::ALL.map(|format| format.name().to_owned()).to_vec(),
            }
            .into())
        }
    }
}

/// An open file: its catalogue, and the bytes that values are read from.
pub struct WeightsFile {
    source: Box<dyn Source>,
    format: Format,
    tensors: Vec<Tensor>,
    graph: Option<Graph>,
    skipped: Vec<String>,
    notes: BTreeMap<String, String>,
}

impl fmt::Debug for WeightsFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("WeightsFile");
        shown.field("format", &self.format).finish_non_exhaustive()
    }
}

impl WeightsFile {
    /// Reads the catalogue of a file of any [`Format`] that names its tensors.
    ///
    /// # Errors
    /// [`Error::UnknownFormat`], [`Error::Truncated`], [`Error::Malformed`],
    /// [`Error::Unsupported`], and what the source gives.
    pub fn open(source: impl Source + 'static) -> Result<Self> {
        Self::open_among(source, &[])
    }

    /// Reads the catalogue of a file of any [`Format`]; one that names no tensors
    /// ([`Format::DeepCompression`]) must hold the weights of one of `networks`.
    ///
    /// # Errors
    /// As [`WeightsFile::open`].
    pub fn open_among(source: impl Source + 'static, networks: &[Network]) -> Result<Self> {
        Self::open_sized(source, networks, &[])
    }

    /// The same; the inputs of an ONNX network that leave their sizes open take
    /// these, which begin with the batch. An empty name stands for any input.
    ///
    /// # Errors
    /// As [`WeightsFile::open`].
    pub fn open_sized(
        source: impl Source + 'static,
        networks: &[Network],
        sizes: &Sizes,
    ) -> Result<Self> {
        let mut source: Box<dyn Source> = Box::new(source);
        let format = Format::detect(&source, networks)?;
        let mut graph = None;
        let mut notes = BTreeMap::new();
        let mut skipped = Vec::new();
        let tensors = match format {
            Format::Safetensors => {
                let (tensors, own) = safetensors::open(&source)?;
                notes = own;
                tensors
            }
            Format::PyTorch => {
                let catalogue = pytorch::open(&source)?;
                skipped = catalogue.skipped;
                catalogue.tensors
            }
            Format::DeepCompression => deep_compression::open(&source, networks)?,
            Format::Onnx => {
                let (all, described, tensors) = onnx::open(source, sizes)?;
                source = all;
                graph = Some(described);
                tensors
            }
        };
        let name = |index: usize| &tensors[index].name;
        let by_name = order(tensors.len(), &|a, b| name(a).cmp(name(b)));
        if let Some(twice) = by_name
            .windows(2)
            .find(|pair| name(pair[0]) == name(pair[1]))
        {
            let reason = format_args!("two tensors are named {}", name(twice[0]));
            return Err(Error::malformed(format.name(), &reason));
        }
        Ok(Self {
            source,
            format,
            tensors,
            graph,
            skipped,
            notes,
        })
    }

    /// The format that the content showed.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The network that the file describes, if its format does that.
    pub fn graph(&self) -> Option<&Graph> {
        self.graph.as_ref()
    }

    /// What a safetensors file notes of itself, by key.
    pub fn notes(&self) -> &BTreeMap<String, String> {
        &self.notes
    }

    /// Names of what stands in the file beside the weights and was left out.
    pub fn skipped(&self) -> &[String] {
        &self.skipped
    }

    /// All tensors, in the order of the file.
    pub fn tensors(&self) -> &[Tensor] {
        &self.tensors
    }

    /// The tensor of a name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with all names.
    pub fn find(&self, name: &str) -> Result<&Tensor> {
        let tensor = self.tensors.iter().find(|tensor| tensor.name == name);
        tensor.ok_or_else(|| {
            let mut known = self.tensors.iter().map(|tensor| &tensor.name[..]);
            Error::unknown("tensor", &name, &mut known)
        })
    }
}

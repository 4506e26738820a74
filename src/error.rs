//! The one error type of the crate: whatever a user can cause, told so that
//! the page can translate it.
//!
//! Every variant serialises as `{ code, ...fields }`; the page holds one
//! sentence per code and language in `www/i18n/*.json`, [`Display`] the English
//! one for the command line.

use std::fmt::Display;

use serde::Serialize;

use crate::shape::Shape;

/// A result whose error is an [`Error`], boxed: each place that hands it on moves a
/// pointer, which makes the page's module smaller.
pub type Result<T, E = Box<Error>> = std::result::Result<T, E>;

/// Something that a user, a file or a device can cause. Bugs panic instead.
#[derive(Debug, Clone, PartialEq, Serialize, thiserror::Error)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Error {
    /// A layer was given an input that it cannot take.
    #[error("layer {layer}: expected {expected}, but its input is {found}")]
    Input {
        /// Name of the node.
        layer: String,
        /// What the layer takes.
        expected: String,
        /// What came: the shapes of the inputs.
        found: String,
    },
    /// A layer whose own numbers make no sense, such as a stride of zero.
    #[error("layer {layer}: {reason}")]
    Layer {
        /// Name of the node.
        layer: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two nodes of one name.
    #[error("two layers are named {name}: names must be unique")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// A name that is not registered.
    #[error("there is no {kind} named {name}: choose one of {}", known.join(", "))]
    Unknown {
        /// What was looked for: `model`, `dataset`, `input`, ...
        kind: &'static str,
        /// The name asked for.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// A file of no known format.
    #[error(
        "this is none of the formats that can be read ({}): it starts with {start}",
        known.join(", ")
    )]
    UnknownFormat {
        /// The first bytes, in hexadecimal.
        start: String,
        /// The formats that can be read.
        known: Vec<String>,
    },
    /// A file that ends too early, or says that it is longer than it is.
    #[error("this {format} file is cut short: {expected} bytes were expected, {found} are there")]
    Truncated {
        /// The format, as [`Error::UnknownFormat`] lists it.
        format: &'static str,
        /// Bytes that the file's own headers ask for.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// A file that contradicts its format.
    #[error("this {format} file is damaged: {reason}")]
    Malformed {
        /// The format.
        format: &'static str,
        /// What is wrong, and where.
        reason: String,
    },
    /// A well-formed file that asks for something we do not do.
    #[error("this {format} file uses {feature}, which is not supported")]
    Unsupported {
        /// The format.
        format: &'static str,
        /// What it uses: an operator, an attribute, a data type.
        feature: String,
    },
    /// Weights that do not fit the network, all at once.
    #[error(
        "the weights do not fit {network}: {}{}",
        describe_mismatch(missing, unexpected, reshaped),
        advice(missing)
    )]
    WeightsMismatch {
        /// Name of the network.
        network: String,
        /// Tensors that the network needs and the file lacks.
        missing: Vec<String>,
        /// Tensors that the file has and the network does not know.
        unexpected: Vec<String>,
        /// Tensors of another shape.
        reshaped: Vec<ShapeMismatch>,
    },
    /// Bytes whose length or hash is not the published one.
    #[error("the {what} of {name} should be {expected}, but is {found}: download it again")]
    Integrity {
        /// The file.
        name: String,
        /// `length`, `sha-256` or `git blob`.
        what: &'static str,
        /// The published value.
        expected: String,
        /// The value of these bytes.
        found: String,
    },
    /// Weights that hold infinities or what is no number at all.
    #[error(
        "{tensor} holds a number that is not finite: the file is damaged, or its training \
         diverged; take another one"
    )]
    WeightsNotFinite {
        /// Name of the tensor.
        tensor: String,
    },
    /// Not as many names as a network has outputs.
    #[error("{found} labels were given, and the network has {outputs} outputs")]
    Labels {
        /// Outputs of the network.
        outputs: usize,
        /// Names that were given.
        found: usize,
    },
    /// A network that answers with infinities or with no numbers at all.
    #[error(
        "the network's answer is not a finite number: its weights are damaged, \
         or belong to another network"
    )]
    NotFinite,
    /// Pixels that are not `width * height * 4` bytes, or an empty picture.
    #[error("a picture of {width} x {height} pixels cannot have {bytes} bytes")]
    Pixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Bytes that came.
        bytes: usize,
    },
    /// Bytes could not be read at all.
    #[error("reading failed: {reason}")]
    Io {
        /// The reason given by the system.
        reason: String,
    },
    /// No usable adapter.
    #[error("no GPU can be used: {reason}")]
    NoAdapter {
        /// The reason given by the driver.
        reason: String,
    },
    /// The only GPU is played by a driver in software, which the processor itself outruns.
    #[error("the only GPU is one in software ({name}): choose it with --engine gpu")]
    SoftwareGpu {
        /// The driver's name for it.
        name: String,
    },
    /// The device was lost while we worked.
    #[error("the GPU was lost: {reason}")]
    DeviceLost {
        /// The reason given by the driver.
        reason: String,
    },
    /// A buffer exceeds what the device binds in one piece.
    #[error(
        "{what} takes {bytes} bytes, and this GPU gives at most {most} in one piece: choose a \
         smaller batch or network"
    )]
    TooLarge {
        /// What would stand in the buffer.
        what: String,
        /// Its size.
        bytes: u64,
        /// The largest binding of the device.
        most: u64,
    },
    /// The device has not enough memory.
    #[error("the GPU has not enough memory for {what}")]
    OutOfMemory {
        /// What was being allocated.
        what: String,
    },
    /// The driver refused something: a bug of ours or of the driver.
    #[error("the GPU refused {what}: {reason}")]
    Gpu {
        /// What was being done.
        what: String,
        /// The message of the driver.
        reason: String,
    },
    /// Training whose loss is no number any more.
    #[error(
        "training with {activation} diverged at step {step}: a learning rate of {rate} is too \
         high for it; try a third of it"
    )]
    Diverged {
        /// The first step whose loss is not finite.
        step: u32,
        /// Name of the activation.
        activation: String,
        /// Learning rate at that step.
        rate: f32,
    },
    /// A run cannot go on with other pictures than it began with.
    #[error(
        "this run was trained with {name} ({expected} pictures), and the dataset is another: {open} \
         ({found} pictures)"
    )]
    OtherDataset {
        /// The dataset that it was trained with.
        name: String,
        /// Number of its pictures to train with.
        expected: usize,
        /// The dataset at hand.
        open: String,
        /// Number of its pictures to train with.
        found: usize,
    },
    /// A dataset lacks a file.
    #[error("there is no {name} file")]
    MissingFile {
        /// What the file's name contains.
        name: String,
    },
    /// A dataset without a picture to train with.
    #[error("there is no picture to train with")]
    NoPictures,
    /// Too few classes to tell apart.
    #[error(
        "there are {count} classes with pictures, and a network needs two to tell apart: put the \
         pictures of each class into a folder of its own"
    )]
    TooFewClasses {
        /// Number of folders with pictures.
        count: usize,
    },
    /// A class of which no picture could be read.
    #[error("class {name} has no picture that can be read")]
    EmptyClass {
        /// The class.
        name: String,
    },
    /// Two folders that would be one class.
    #[error("there are two classes named {name}: {} and {}", folders[0], folders[1])]
    DuplicateClass {
        /// The name.
        name: String,
        /// Where they stand.
        folders: [String; 2],
    },
    /// A setting of training that cannot change while it runs.
    #[error("{setting} cannot change in a run that has begun: begin a new one")]
    NeedsRestart {
        /// Name of the setting, as in a file of settings.
        setting: &'static str,
    },
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
}

impl Error {
    /// [`Error::Malformed`].
    pub fn malformed(format: &'static str, reason: &dyn Display) -> Box<Self> {
        let reason = reason.to_string();
        Box::new(Self::Malformed { format, reason })
    }

    /// [`Error::Unknown`].
    pub fn unknown(
        kind: &'static str,
        name: &dyn Display,
        known: &mut dyn Iterator<Item = &str>,
    ) -> Box<Self> {
        Box::new(Self::Unknown {
            kind,
            name: name.to_string(),
            known: known.map(str::to_owned).collect(),
        })
    }

    /// [`Error::Unsupported`].
    pub fn unsupported(format: &'static str, feature: &dyn Display) -> Box<Self> {
        let feature = feature.to_string();
        Box::new(Self::Unsupported { format, feature })
    }
}

/// A tensor of the right name and the wrong shape.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShapeMismatch {
    /// Name of the tensor.
    pub name: String,
    /// Shape that the network needs.
    pub expected: Shape,
    /// Shape in the file.
    pub found: Shape,
}

/// What is left where much is missing: it is another network.
fn advice(missing: &[String]) -> &'static str {
    match missing.len() {
        0..4 => "",
        _ => {
            "; if they are of another network, export it to ONNX with torch.onnx.export, \
             which brings the network along"
        }
    }
}

fn describe_mismatch(
    missing: &[String],
    unexpected: &[String],
    reshaped: &[ShapeMismatch],
) -> String {
    /// The most names of one kind that are told.
    const MOST: usize = 5;
    let few = |names: &mut dyn ExactSizeIterator<Item = String>| {
        let more = names.len().saturating_sub(MOST);
        let mut named: Vec<String> = names.take(MOST).collect();
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        named
    };
    let mut parts = Vec::new();
    if !missing.is_empty() {
        parts.push(format!(
            "missing {}",
            few(&mut missing.iter().cloned()).join(", ")
        ));
    }
    if !unexpected.is_empty() {
        parts.push(format!(
            "unexpected {}",
            few(&mut unexpected.iter().cloned()).join(", ")
        ));
    }
    parts.extend(few(&mut reshaped.iter().map(|m| {
        format!("{} should be {}, but is {}", m.name, m.expected, m.found)
    })));
    parts.join("; ")
}

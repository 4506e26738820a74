//! The registered models: each a builder that reads like its paper's table,
//! and everything published about it as plain data.

mod alexnet;
mod info;
mod resnet;
mod squeezenet;
mod trainable;
mod vgg;

use serde::Serialize;

pub use crate::weights::Hash;
pub use info::{InputSize, LayerInfo, Loaded, ModelInfo};
pub use trainable::{TRAINABLE, TrainableModel, Variant};

use crate::error::{Error, Result};
use crate::network::Network;
use crate::preprocess::Preprocessing;
use crate::weights::{ExpectedHash, Source, WeightsFile};

/// A registered network and what is published about it.
#[derive(Debug)]
pub struct Model {
    /// The name that the command line and the page's address use.
    pub name: &'static str,
    /// The name for people.
    pub title: &'static str,
    /// Year of the paper.
    pub year: u16,
    /// Licence of the weights.
    pub licence: &'static str,
    /// Where the network is described.
    pub source: &'static str,
    /// Published accuracy on the ImageNet validation set, one centre crop.
    pub accuracy: Option<Accuracy>,
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
    /// Files that hold trained weights.
    pub weights: &'static [WeightSource],
    build: fn() -> Result<Network>,
}

/// Share of pictures whose class is among the best one and the best five, in percent.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Accuracy {
    /// The best answer is right.
    pub top1: f32,
    /// One of the five best answers is right.
    pub top5: f32,
}

/// A published file of trained weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeightSource {
    /// `safetensors`, `pytorch`, `onnx` or `deep-compression`.
    pub format: &'static str,
    /// Where it can be fetched; `None` for the file that comes with the page.
    pub url: Option<&'static str>,
    /// Its file name.
    pub file: &'static str,
    /// Its length in bytes, as published: for progress; the hash decides.
    pub bytes: u64,
    /// Its published hash.
    pub hash: Hash,
    /// Whether it comes with the page and the command line.
    pub embedded: bool,
    /// Whether the address lets a page of another origin read it (CORS).
    pub cors: bool,
    /// What holds for this file in place of its model's facts.
    #[serde(skip)]
    pub own: Option<&'static OwnFacts>,
}

/// How a file of weights was trained and measured, where that is not as its model was.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OwnFacts {
    /// How a picture becomes the network's input.
    pub preprocessing: Preprocessing,
    /// Published accuracy.
    pub accuracy: Accuracy,
}

/// All registered models; the first is the one that needs no download.
pub const MODELS: [&Model; 4] = [
    &squeezenet::SQUEEZENET_1_1,
    &alexnet::ALEXNET,
    &alexnet::ALEXNET_TORCHVISION,
    &squeezenet::SQUEEZENET_1_0,
];

/// Networks that are recognised by their weights as torchvision saves them, and that no
/// file is offered for.
pub const RECOGNISED: [&Model; 13] = [
    &resnet::RESNET18,
    &resnet::RESNET34,
    &resnet::RESNET50,
    &squeezenet::SQUEEZENET_1_1_TORCHVISION,
    &squeezenet::SQUEEZENET_1_0_TORCHVISION,
    &vgg::VGG11,
    &vgg::VGG13,
    &vgg::VGG16,
    &vgg::VGG19,
    &vgg::VGG11_BN,
    &vgg::VGG13_BN,
    &vgg::VGG16_BN,
    &vgg::VGG19_BN,
];

/// All models, those that are offered first.
pub fn all() -> impl Iterator<Item = &'static Model> {
    MODELS.into_iter().chain(RECOGNISED)
}

/// The registered model of this name.
///
/// # Errors
/// [`Error::Unknown`] with all names.
pub fn find(name: &str) -> Result<&'static Model> {
    let model = all().find(|model| model.name == name);
    model.ok_or_else(|| unknown(name))
}

/// The error for a model that there is not, [`Error::Unknown`] with all names.
pub fn unknown(name: &str) -> Box<Error> {
    let mut known = MODELS.iter().map(|model| model.name);
    Error::unknown("model", &name, &mut known)
}

/// The published file of this name.
///
/// # Errors
/// [`Error::Unknown`] with all names.
pub fn find_weights(file: &str) -> Result<&'static WeightSource> {
    let sources = || MODELS.iter().flat_map(|model| model.weights);
    let source = sources().find(|source| source.file == file);
    source.ok_or_else(|| {
        let mut known = sources().map(|source| source.file);
        Error::unknown("published file", &file, &mut known)
    })
}

/// The published file of this SHA-256, and the model whose weights it holds.
pub fn published_as(sha256: &str) -> Option<(&'static Model, &'static WeightSource)> {
    for model in MODELS {
        for source in model.weights {
            if matches!(source.hash, Hash::Sha256(hash) if hash == sha256) {
                return Some((model, source));
            }
        }
    }
    None
}

/// Opens a file of weights of any format: [`WeightsFile::open_among`] the registered
/// models that such a file was published for.
///
/// # Errors
/// As [`WeightsFile::open`].
pub fn open(source: impl Source + 'static) -> Result<WeightsFile> {
    let published = MODELS.iter().filter(|model| {
        let mut formats = model.weights.iter().map(|weights| weights.format);
        formats.any(|format| format == "deep-compression")
    });
    let networks: Vec<Network> = published.map(|model| model.network()).collect();
    WeightsFile::open_among(source, &networks)
}

impl WeightSource {
    /// What its bytes must hash to.
    pub fn expected_hash(&self) -> ExpectedHash {
        ExpectedHash {
            file: self.file,
            hash: self.hash,
        }
    }
}

impl Model {
    /// Builds the network, whose last node gives the logits.
    pub fn network(&self) -> Network {
        let Ok(network) = (self.build)() else {
            panic!("the registered model {} does not fit together", self.name);
        };
        network
    }
}

/// Whether a network has as many outputs as ILSVRC-2012 has classes: then it is
/// taken to tell those apart.
pub fn is_labelled(network: &Network) -> bool {
    network.output_shape().elements() == 1000
}

/// The names of a network's outputs in the order of the WordNet ids, as
/// torchvision (BSD-3) prints them; `None` where it is not labelled, and on the
/// page, which has the names of all languages in `www/i18n/`.
pub fn labels(network: &Network) -> Option<Vec<&'static str>> {
    #[cfg(target_arch = "wasm32")]
    const IMAGENET: Option<&str> = None;
    #[cfg(not(target_arch = "wasm32"))]
    const IMAGENET: Option<&str> = Some(include_str!("../../models/imagenet_classes.txt"));
    IMAGENET
        .filter(|_| is_labelled(network))
        .map(|names| names.lines().collect())
}

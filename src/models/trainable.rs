//! Networks that can be trained: small ones for pictures of about 32 x 32
//! pixels, and AlexNet itself.

use crate::error::{Error, Result};
use crate::layers::{
    Activation, AvgPool2d, Conv2d, Dropout, Flatten, Linear, LocalResponseNorm, MaxPool2d,
};
use crate::network::Network;

/// A network to train, for any input, activation and number of classes.
#[derive(Debug)]
pub struct TrainableModel {
    /// The name that the command line and the page's address use.
    pub name: &'static str,
    /// Where the network is described.
    pub source: &'static str,
    /// Standard deviations of the initial weights of its authors, by layer.
    pub deviations: &'static [(&'static str, f32)],
    /// Factors of its authors on the weight decay, by layer; 1 for others.
    pub decays: &'static [(&'static str, f32)],
    /// Layers whose biases begin with 1 in the paper's section 5: so that ReLUs
    /// see positive inputs early on.
    pub ones: &'static [&'static str],
    /// Height and width of the pictures that it was made for.
    pub size: usize,
    build: fn(&mut Network, &Variant) -> Result<()>,
}

/// What of a network can be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// Behind each layer.
    pub activation: Activation,
    /// Number of classes.
    pub classes: usize,
    /// Probability of the dropout layers.
    pub dropout: f32,
    /// Whether the windows of the pools overlap: 3 x 3, not 2 x 2, at a stride of 2.
    pub overlapping: bool,
    /// Whether responses are normalised.
    pub normalisation: bool,
}

impl Variant {
    fn max_pool(&self) -> MaxPool2d {
        MaxPool2d::new(self.window()).stride(2).ceil_mode()
    }

    fn avg_pool(&self) -> AvgPool2d {
        AvgPool2d::new(self.window()).stride(2).ceil_mode()
    }

    /// Height and width of the windows of the pools.
    pub(super) fn window(&self) -> usize {
        if self.overlapping { 3 } else { 2 }
    }

    /// Adds a normalisation, unless there is to be none.
    pub(super) fn normalise(
        &self,
        network: &mut Network,
        name: &str,
        norm: LocalResponseNorm,
    ) -> Result<()> {
        if self.normalisation {
            network.then(name, norm)?;
        }
        Ok(())
    }
}

/// All networks that can be trained.
pub const TRAINABLE: [&TrainableModel; 5] = [
    &FOUR_LAYER,
    &CIFAR_80SEC,
    &CIFAR_18PCT,
    &ALEXNET_SMALL,
    &ALEXNET,
];

impl TrainableModel {
    /// The network of this name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with all names.
    pub fn find(name: &str) -> Result<&'static Self> {
        let model = TRAINABLE.iter().find(|model| model.name == name);
        model.copied().ok_or_else(|| {
            let mut known = TRAINABLE.iter().map(|model| model.name);
            Error::unknown("network", &name, &mut known)
        })
    }

    /// Builds the network for pictures `[height, width, channels]`; it ends in logits.
    ///
    /// # Errors
    /// [`Error::Input`] when the pictures are too small for it.
    pub fn network(&self, input: [usize; 3], variant: &Variant) -> Result<Network> {
        let mut network = Network::new(self.name, input);
        (self.build)(&mut network, variant)?;
        Ok(network)
    }
}

/// Four layers, as many as in the paper's Figure 1, which does not give their
/// sizes: half of cuda-convnet's, so that a minute shows a race of digits.
const FOUR_LAYER: TrainableModel = TrainableModel {
    name: "four-layer",
    source: ALEXNET_SMALL.source,
    deviations: &[],
    decays: &[],
    ones: &["conv2"],
    size: 32,
    build: four_layer,
};

fn four_layer(network: &mut Network, variant: &Variant) -> Result<()> {
    let activation = variant.activation;
    network.then("conv1", Conv2d::new(16, 5).padding(2))?;
    network.then("pool1", variant.max_pool())?;
    network.then("neuron1", activation)?;
    network.then("conv2", Conv2d::new(16, 5).padding(2))?;
    network.then("neuron2", activation)?;
    network.then("pool2", variant.avg_pool())?;
    network.then("conv3", Conv2d::new(32, 5).padding(2))?;
    network.then("neuron3", activation)?;
    network.then("pool3", variant.avg_pool())?;
    network.then("flatten", Flatten)?;
    network.then("fc10", Linear::new(variant.classes))?;
    Ok(())
}

/// cuda-convnet's `layers-80sec`: 26 % test error in 80 seconds, in 2011. The
/// stand-in for the four-layer network of the paper's Figure 1.
const CIFAR_80SEC: TrainableModel = TrainableModel {
    name: "cifar-80sec",
    source: "https://code.google.com/archive/p/cuda-convnet",
    deviations: &[
        ("conv1", 1e-4),
        ("conv2", 0.01),
        ("conv3", 0.01),
        ("fc64", 0.1),
        ("fc10", 0.1),
    ],
    // 0.03 where the convolutions have 0.004.
    decays: &[("fc64", 7.5), ("fc10", 7.5)],
    ones: &["conv2", "fc64"],
    size: 32,
    build: cifar_80sec,
};

fn cifar_80sec(network: &mut Network, variant: &Variant) -> Result<()> {
    let activation = variant.activation;
    network.then("conv1", Conv2d::new(32, 5).padding(2))?;
    network.then("pool1", variant.max_pool())?;
    network.then("neuron1", activation)?;
    network.then("conv2", Conv2d::new(32, 5).padding(2))?;
    network.then("neuron2", activation)?;
    network.then("pool2", variant.avg_pool())?;
    network.then("conv3", Conv2d::new(64, 5).padding(2))?;
    network.then("neuron3", activation)?;
    network.then("pool3", variant.avg_pool())?;
    network.then("flatten", Flatten)?;
    network.then("fc64", Linear::new(64))?;
    network.then("neuron4", activation)?;
    network.then("fc10", Linear::new(variant.classes))?;
    Ok(())
}

/// cuda-convnet's `layers-18pct`: 18 % test error, with normalisation within the
/// maps. A weight decay of 0.004 falls on the last layer 250 times as hard.
const CIFAR_18PCT: TrainableModel = TrainableModel {
    name: "cifar-18pct",
    source: "https://code.google.com/archive/p/cuda-convnet",
    deviations: &[
        ("conv1", 1e-4),
        ("conv2", 0.01),
        ("conv3", 0.01),
        ("fc10", 0.01),
    ],
    decays: &[("fc10", 250.0)],
    ones: &["conv2"],
    size: 32,
    build: cifar_18pct,
};

fn cifar_18pct(network: &mut Network, variant: &Variant) -> Result<()> {
    let activation = variant.activation;
    let norm = LocalResponseNorm::within_map(3, 5e-5, 0.75);
    network.then("conv1", Conv2d::new(32, 5).padding(2))?;
    network.then("pool1", variant.max_pool())?;
    network.then("neuron1", activation)?;
    variant.normalise(network, "norm1", norm.clone())?;
    network.then("conv2", Conv2d::new(32, 5).padding(2))?;
    network.then("neuron2", activation)?;
    network.then("pool2", variant.avg_pool())?;
    variant.normalise(network, "norm2", norm)?;
    network.then("conv3", Conv2d::new(64, 5).padding(2))?;
    network.then("neuron3", activation)?;
    network.then("pool3", variant.avg_pool())?;
    network.then("flatten", Flatten)?;
    network.then("fc10", Linear::new(variant.classes))?;
    Ok(())
}

/// AlexNet's structure on small pictures: five convolutions in two towers,
/// local response normalisation, overlapping pools, dropout.
const ALEXNET_SMALL: TrainableModel = TrainableModel {
    name: "alexnet-small",
    source: "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks",
    deviations: &[],
    decays: &[],
    ones: &["conv2", "conv4", "conv5", "fc6", "fc7"],
    size: 32,
    build: alexnet_small,
};

/// The paper's network in full.
const ALEXNET: TrainableModel = TrainableModel {
    name: "alexnet",
    source: ALEXNET_SMALL.source,
    deviations: &[],
    decays: &[],
    ones: ALEXNET_SMALL.ones,
    size: 227,
    build: super::alexnet::paper,
};

fn alexnet_small(network: &mut Network, variant: &Variant) -> Result<()> {
    let activation = variant.activation;
    let dropout = Dropout {
        probability: variant.dropout,
    };
    let pool = variant.max_pool();
    network.then("conv1", Conv2d::new(48, 5).padding(2))?;
    network.then("neuron1", activation)?;
    variant.normalise(network, "norm1", LocalResponseNorm::caffe())?;
    network.then("pool1", pool.clone())?;
    network.then("conv2", Conv2d::new(96, 5).padding(2).groups(2))?;
    network.then("neuron2", activation)?;
    variant.normalise(network, "norm2", LocalResponseNorm::caffe())?;
    network.then("pool2", pool.clone())?;
    network.then("conv3", Conv2d::new(128, 3).padding(1))?;
    network.then("neuron3", activation)?;
    network.then("conv4", Conv2d::new(128, 3).padding(1).groups(2))?;
    network.then("neuron4", activation)?;
    network.then("conv5", Conv2d::new(96, 3).padding(1).groups(2))?;
    network.then("neuron5", activation)?;
    network.then("pool5", pool)?;
    network.then("flatten", Flatten)?;
    network.then("fc6", Linear::new(256))?;
    network.then("neuron6", activation)?;
    network.then("drop6", dropout.clone())?;
    network.then("fc7", Linear::new(256))?;
    network.then("neuron7", activation)?;
    network.then("drop7", dropout)?;
    network.then("fc8", Linear::new(variant.classes))?;
    Ok(())
}

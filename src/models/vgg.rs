//! VGG (Simonyan and Zisserman 2014), as torchvision trained it: many 3 x 3 convolutions
//! where AlexNet has few large ones. With batch normalisation the numbers of the layers
//! differ; the normalisation itself is folded into the convolutions while loading.

use super::{Accuracy, Model};
use crate::error::Result;
use crate::layers::{Activation::Relu, Conv2d, Dropout, Flatten, Linear, MaxPool2d};
use crate::network::Network;
use crate::preprocess::Preprocessing;

pub(super) const VGG11: Model = model("vgg11", "VGG 11", [69.020, 88.628], || {
    vgg("vgg11", [1, 1, 2, 2, 2], false)
});
pub(super) const VGG13: Model = model("vgg13", "VGG 13", [69.928, 89.246], || {
    vgg("vgg13", [2, 2, 2, 2, 2], false)
});
pub(super) const VGG16: Model = model("vgg16", "VGG 16", [71.592, 90.382], || {
    vgg("vgg16", [2, 2, 3, 3, 3], false)
});
pub(super) const VGG19: Model = model("vgg19", "VGG 19", [72.376, 90.876], || {
    vgg("vgg19", [2, 2, 4, 4, 4], false)
});
pub(super) const VGG11_BN: Model =
    model("vgg11-bn", "VGG 11 (normalised)", [70.370, 89.810], || {
        vgg("vgg11-bn", [1, 1, 2, 2, 2], true)
    });
pub(super) const VGG13_BN: Model =
    model("vgg13-bn", "VGG 13 (normalised)", [71.586, 90.374], || {
        vgg("vgg13-bn", [2, 2, 2, 2, 2], true)
    });
pub(super) const VGG16_BN: Model =
    model("vgg16-bn", "VGG 16 (normalised)", [73.360, 91.516], || {
        vgg("vgg16-bn", [2, 2, 3, 3, 3], true)
    });
pub(super) const VGG19_BN: Model =
    model("vgg19-bn", "VGG 19 (normalised)", [74.218, 91.842], || {
        vgg("vgg19-bn", [2, 2, 4, 4, 4], true)
    });

const fn model(
    name: &'static str,
    title: &'static str,
    [top1, top5]: [f32; 2],
    build: fn() -> Result<Network>,
) -> Model {
    Model {
        name,
        title,
        year: 2014,
        licence: "BSD-3-Clause",
        source: "https://arxiv.org/abs/1409.1556",
        accuracy: Some(Accuracy { top1, top5 }),
        preprocessing: Preprocessing::TORCHVISION,
        weights: &[],
        build,
    }
}

/// Table 1 of the paper: five blocks of so many convolutions, a pool behind each.
fn vgg(name: &str, blocks: [usize; 5], normalised: bool) -> Result<Network> {
    let mut network = Network::new(name, [224, 224, 3]);
    let mut place = 0;
    let mut next = |steps: usize| {
        place += steps;
        format!("features.{}", place - steps)
    };
    for (count, channels) in blocks.into_iter().zip([64, 128, 256, 512, 512]) {
        for _ in 0..count {
            // Where there is a normalisation, it stands between the two.
            let convolution = next(if normalised { 2 } else { 1 });
            network.then(&convolution, Conv2d::new(channels, 3).padding(1))?;
            network.then(&next(1), Relu)?;
        }
        network.then(&next(1), MaxPool2d::new(2).stride(2))?;
    }
    network.then("flatten", Flatten)?;
    network.then("classifier.0", Linear::new(4096))?;
    network.then("classifier.1", Relu)?;
    network.then("classifier.2", Dropout { probability: 0.5 })?;
    network.then("classifier.3", Linear::new(4096))?;
    network.then("classifier.4", Relu)?;
    network.then("classifier.5", Dropout { probability: 0.5 })?;
    network.then("classifier.6", Linear::new(1000))?;
    Ok(network)
}

//! ResNet (He and others 2015), as torchvision trained it: what a block computes is added
//! to what came in. Its batch normalisation is folded into the convolutions while
//! loading.

use super::{Accuracy, Model};
use crate::error::Result;
use crate::layers::{Activation::Relu, Add, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d};
use crate::network::Network;
use crate::preprocess::Preprocessing;

pub(super) const RESNET18: Model = model("resnet18", "ResNet 18", [69.758, 89.078], || {
    resnet("resnet18", [2, 2, 2, 2], basic)
});
pub(super) const RESNET34: Model = model("resnet34", "ResNet 34", [73.314, 91.420], || {
    resnet("resnet34", [3, 4, 6, 3], basic)
});
pub(super) const RESNET50: Model = model("resnet50", "ResNet 50", [76.130, 92.862], || {
    resnet("resnet50", [3, 4, 6, 3], bottleneck)
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
        year: 2015,
        licence: "BSD-3-Clause",
        source: "https://arxiv.org/abs/1512.03385",
        accuracy: Some(Accuracy { top1, top5 }),
        preprocessing: Preprocessing::TORCHVISION,
        weights: &[],
        build,
    }
}

/// Adds the layers of a block of this name, width and stride, and gives the channels of
/// its output.
type Block = fn(&mut Network, &str, usize, usize) -> Result<usize>;

/// Table 1 of the paper: four stages of so many blocks.
fn resnet(name: &str, stages: [usize; 4], block: Block) -> Result<Network> {
    let mut network = Network::new(name, [224, 224, 3]);
    network.then("conv1", Conv2d::new(64, 7).stride(2).padding(3))?;
    network.then("relu", Relu)?;
    network.then("maxpool", MaxPool2d::new(3).stride(2).padding(1))?;
    let mut channels = 64;
    for (stage, count) in stages.into_iter().enumerate() {
        for index in 0..count {
            let name = format!("layer{}.{index}", stage + 1);
            let stride = if stage > 0 && index == 0 { 2 } else { 1 };
            let input = network.last();
            let width = 64 << stage;
            let outputs = block(&mut network, &name, width, stride)?;
            let computed = network.last();
            let came_in = match outputs == channels && stride == 1 {
                true => input,
                // The shortcut takes on the size of what it is added to.
                false => {
                    let convolution = Conv2d::new(outputs, 1).stride(stride);
                    network.add(&format!("{name}.downsample.0"), convolution, &[input])?
                }
            };
            network.add(&format!("{name}.add"), Add, &[computed, came_in])?;
            network.then(&format!("{name}.relu"), Relu)?;
            channels = outputs;
        }
    }
    network.then("avgpool", AvgPool2d::global())?;
    network.then("flatten", Flatten)?;
    network.then("fc", Linear::new(1000))?;
    Ok(network)
}

/// Two 3 x 3 convolutions.
fn basic(network: &mut Network, name: &str, width: usize, stride: usize) -> Result<usize> {
    let wide = |stride| Conv2d::new(width, 3).stride(stride).padding(1);
    network.then(&format!("{name}.conv1"), wide(stride))?;
    network.then(&format!("{name}.relu1"), Relu)?;
    network.then(&format!("{name}.conv2"), wide(1))?;
    Ok(width)
}

/// A 3 x 3 convolution between two of 1 x 1, of which the second widens.
fn bottleneck(network: &mut Network, name: &str, width: usize, stride: usize) -> Result<usize> {
    network.then(&format!("{name}.conv1"), Conv2d::new(width, 1))?;
    network.then(&format!("{name}.relu1"), Relu)?;
    let wide = Conv2d::new(width, 3).stride(stride).padding(1);
    network.then(&format!("{name}.conv2"), wide)?;
    network.then(&format!("{name}.relu2"), Relu)?;
    network.then(&format!("{name}.conv3"), Conv2d::new(4 * width, 1))?;
    Ok(4 * width)
}

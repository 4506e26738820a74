//! SqueezeNet (Iandola and others 2016), which answers about as well as AlexNet
//! with a fiftieth of the parameters.
//!
//! Both versions were trained in Caffe, whose pools round up.

use super::{Accuracy, Hash, Model, WeightSource};
use crate::error::Result;
use crate::layers::{Activation::Relu, AvgPool2d, Concat, Conv2d, Dropout, Flatten, MaxPool2d};
use crate::network::{Network, NodeId};
use crate::preprocess::Preprocessing;

/// The model that comes with the page.
pub(super) const SQUEEZENET_1_1: Model = Model {
    name: "squeezenet-1.1",
    title: "SqueezeNet 1.1",
    year: 2016,
    licence: "MIT",
    source: "https://arxiv.org/abs/1602.07360",
    // Its authors only say that it is not worse than version 1.0.
    accuracy: None,
    // The means are those of Keras, through which the weights came.
    preprocessing: Preprocessing {
        mean: [103.939, 116.779, 123.68],
        ..Preprocessing::CAFFE
    },
    weights: &[WeightSource {
        format: "safetensors",
        url: None,
        file: "squeezenet-1.1.safetensors",
        bytes: 2_475_696,
        hash: Hash::Sha256("a9757be9b5848b5c71e3adb2a5b5c227c06123c9eb90ddeeff7657fae969fe4e"),
        embedded: true,
        cors: true,
        own: None,
    }],
    build: squeezenet_1_1,
};

/// The network of the paper's section 5, pruned and quantised by Deep Compression.
pub(super) const SQUEEZENET_1_0: Model = Model {
    name: "squeezenet-1.0",
    title: "SqueezeNet 1.0 (deep compression)",
    year: 2016,
    licence: "BSD-2-Clause",
    source: "https://arxiv.org/abs/1602.07360",
    accuracy: Some(Accuracy {
        top1: 57.5,
        top5: 80.3,
    }),
    preprocessing: Preprocessing::CAFFE,
    weights: &[WeightSource {
        format: "deep-compression",
        url: Some(
            "https://raw.githubusercontent.com/songhan/SqueezeNet-Deep-Compression/5623e3cdbe1fcd83328c61ce2ee42c34ed319aa3/compressed_SqueezeNet.net",
        ),
        file: "compressed_SqueezeNet.net",
        bytes: 675_763,
        hash: Hash::Sha256("e4ab6960ae8cd81505e1c2136921201507e930966c53deaf15862a395b3a3261"),
        embedded: false,
        cors: true,
        own: None,
    }],
    build: squeezenet_1_0,
};

/// Version 1.1 as torchvision trained it, whose names count as `Sequential` does.
pub(super) const SQUEEZENET_1_1_TORCHVISION: Model = Model {
    name: "squeezenet-1.1-torchvision",
    title: "SqueezeNet 1.1 (torchvision)",
    year: 2016,
    licence: "BSD-3-Clause",
    source: "https://arxiv.org/abs/1602.07360",
    accuracy: Some(Accuracy {
        top1: 58.178,
        top5: 80.624,
    }),
    preprocessing: Preprocessing::TORCHVISION,
    weights: &[],
    build: || {
        let modules = [Some(16), Some(16), None, Some(32), Some(32), None];
        let last = [48, 48, 64, 64].map(Some);
        let stem = Conv2d::new(64, 3).stride(2);
        torchvision(
            "squeezenet-1.1-torchvision",
            stem,
            &[&modules[..], &last].concat(),
        )
    },
};

/// Version 1.0 as torchvision trained it.
pub(super) const SQUEEZENET_1_0_TORCHVISION: Model = Model {
    name: "squeezenet-1.0-torchvision",
    title: "SqueezeNet 1.0 (torchvision)",
    accuracy: Some(Accuracy {
        top1: 58.092,
        top5: 80.420,
    }),
    build: || {
        let first = [Some(16), Some(16), Some(32), None];
        let modules = [Some(32), Some(48), Some(48), Some(64), None, Some(64)];
        let stem = Conv2d::new(96, 7).stride(2);
        torchvision(
            "squeezenet-1.0-torchvision",
            stem,
            &[&first[..], &modules].concat(),
        )
    },
    ..SQUEEZENET_1_1_TORCHVISION
};

/// Fire modules that squeeze to so many channels, a pool where there is no number.
fn torchvision(name: &str, stem: Conv2d, modules: &[Option<usize>]) -> Result<Network> {
    const NAMES: FireNames = FireNames {
        squeeze: "squeeze",
        expand1x1: "expand1x1",
        expand3x3: "expand3x3",
        separator: '.',
    };
    let pool = || MaxPool2d::new(3).stride(2).ceil_mode();
    let mut network = Network::new(name, [224, 224, 3]);
    network.then("features.0", stem)?;
    network.then("features.1", Relu)?;
    network.then("features.2", pool())?;
    for (index, squeeze) in modules.iter().enumerate() {
        let module = format!("features.{}", index + 3);
        match squeeze {
            Some(squeeze) => fire(&mut network, &module, &NAMES, *squeeze, 4 * squeeze)?,
            None => drop(network.then(&module, pool())?),
        }
    }
    network.then("classifier.0", Dropout { probability: 0.5 })?;
    network.then("classifier.1", Conv2d::new(1000, 1))?;
    network.then("classifier.2", Relu)?;
    network.then("classifier.3", AvgPool2d::global())?;
    network.then("flatten", Flatten)?;
    Ok(network)
}

/// Names of the three convolutions of a fire module, behind `fire2/` and so on.
struct FireNames {
    squeeze: &'static str,
    expand1x1: &'static str,
    expand3x3: &'static str,
    /// What stands between a module and its parts.
    separator: char,
}

fn squeezenet_1_1() -> Result<Network> {
    const NAMES: FireNames = FireNames {
        squeeze: "squeeze1x1",
        expand1x1: "expand1x1",
        expand3x3: "expand3x3",
        separator: '/',
    };
    let mut network = Network::new("squeezenet-1.1", [227, 227, 3]);

    network.then("conv1", Conv2d::new(64, 3).stride(2))?;
    network.then("relu_conv1", Relu)?;
    network.then("pool1", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire2", &NAMES, 16, 64)?;
    fire(&mut network, "fire3", &NAMES, 16, 64)?;
    network.then("pool3", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire4", &NAMES, 32, 128)?;
    fire(&mut network, "fire5", &NAMES, 32, 128)?;
    network.then("pool5", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire6", &NAMES, 48, 192)?;
    fire(&mut network, "fire7", &NAMES, 48, 192)?;
    fire(&mut network, "fire8", &NAMES, 64, 256)?;
    fire(&mut network, "fire9", &NAMES, 64, 256)?;
    network.then("drop9", Dropout { probability: 0.5 })?;
    network.then("conv10", Conv2d::new(1000, 1))?;
    network.then("relu_conv10", Relu)?;
    network.then("pool10", AvgPool2d::global())?;
    network.then("flatten", Flatten)?;
    Ok(network)
}

/// As `SqueezeNet_deploy.prototxt` says: its last convolution is padded, which
/// puts a frame of mere biases around the maps, and the average counts it.
fn squeezenet_1_0() -> Result<Network> {
    const NAMES: FireNames = FireNames {
        squeeze: "conv1x1_1",
        expand1x1: "conv1x1_2",
        expand3x3: "conv3x3_2",
        separator: '/',
    };
    let mut network = Network::new("squeezenet-1.0", [227, 227, 3]);

    network.then("conv1", Conv2d::new(96, 7).stride(2))?;
    network.then("relu_conv1", Relu)?;
    network.then("pool1", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire2", &NAMES, 16, 64)?;
    fire(&mut network, "fire3", &NAMES, 16, 64)?;
    fire(&mut network, "fire4", &NAMES, 32, 128)?;
    network.then("pool4", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire5", &NAMES, 32, 128)?;
    fire(&mut network, "fire6", &NAMES, 48, 192)?;
    fire(&mut network, "fire7", &NAMES, 48, 192)?;
    fire(&mut network, "fire8", &NAMES, 64, 256)?;
    network.then("pool8", MaxPool2d::new(3).stride(2).ceil_mode())?;
    fire(&mut network, "fire9", &NAMES, 64, 256)?;
    network.then("drop9", Dropout { probability: 0.5 })?;
    network.then("conv_final", Conv2d::new(1000, 1).padding(1))?;
    network.then("relu_conv_final", Relu)?;
    network.then("pool_final", AvgPool2d::global())?;
    network.then("flatten", Flatten)?;
    Ok(network)
}

/// Section 3.2 of the paper: a few 1 x 1 kernels squeeze the channels, then
/// 1 x 1 and 3 x 3 kernels, `expand` of each, widen them side by side.
fn fire(
    network: &mut Network,
    module: &str,
    names: &FireNames,
    squeeze: usize,
    expand: usize,
) -> Result<()> {
    let input = network.last();
    let separator = names.separator;
    let mut rectified = |part: &str, convolution: Conv2d, input: NodeId| {
        let name = format!("{module}{separator}{part}");
        let maps = network.add(&name, convolution, &[input])?;
        network.add(&format!("{module}{separator}relu_{part}"), Relu, &[maps])
    };
    let squeezed = rectified(names.squeeze, Conv2d::new(squeeze, 1), input)?;
    let narrow = rectified(names.expand1x1, Conv2d::new(expand, 1), squeezed)?;
    let wide = rectified(names.expand3x3, Conv2d::new(expand, 3).padding(1), squeezed)?;
    network.add(
        &format!("{module}{separator}concat"),
        Concat,
        &[narrow, wide],
    )?;
    Ok(())
}

//! AlexNet (Krizhevsky, Sutskever, Hinton 2012), twice: in the two towers of
//! the paper, and in the one-tower variant that torchvision trains.

use super::{Accuracy, Hash, Model, OwnFacts, Variant, WeightSource};
use crate::error::Result;
use crate::layers::{
    Activation::Relu, Conv2d, Dropout, Flatten, Linear, LocalResponseNorm, MaxPool2d,
};
use crate::network::Network;
use crate::preprocess::Preprocessing;

/// The paper's network as BVLC trained it in Caffe, whose names it uses.
pub(super) const ALEXNET: Model = Model {
    name: "alexnet",
    title: "AlexNet",
    year: 2012,
    licence: "BSD-2-Clause",
    source: "https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks",
    accuracy: Some(Accuracy {
        top1: 57.1,
        top5: 80.2,
    }),
    preprocessing: Preprocessing::CAFFE,
    weights: &[
        WeightSource {
            format: "deep-compression",
            url: Some(
                "https://raw.githubusercontent.com/songhan/Deep-Compression-AlexNet/a4ab6859e1bc86dec3607c8cdd53b0a72da6bcda/AlexNet_compressed.net",
            ),
            file: "AlexNet_compressed.net",
            bytes: 9_037_369,
            hash: Hash::GitBlob("ea0d14e98edfbcbfba995003c94d7259fa23b6cc"),
            embedded: false,
            cors: true,
            own: None,
        },
        WeightSource {
            format: "onnx",
            url: Some(
                "https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/validated/vision/classification/alexnet/model/bvlcalexnet-12.onnx",
            ),
            file: "bvlcalexnet-12.onnx",
            bytes: 243_863_787,
            hash: Hash::Sha256("6b0da9510f27f234ee96a85dc3809dd210150fdefad87f6850f9788513216945"),
            embedded: false,
            cors: true,
            own: Some(&OwnFacts {
                // The means of Keras, as the model zoo of ONNX measured it at 224.
                preprocessing: Preprocessing {
                    mean: [103.939, 116.779, 123.68],
                    ..Preprocessing::CAFFE
                },
                accuracy: Accuracy {
                    top1: 54.80,
                    top5: 78.23,
                },
            }),
        },
    ],
    build: alexnet,
};

/// The network of "One weird trick" (Krizhevsky 2014), as torchvision trained it.
pub(super) const ALEXNET_TORCHVISION: Model = Model {
    name: "alexnet-torchvision",
    title: "AlexNet (torchvision)",
    year: 2014,
    licence: "BSD-3-Clause",
    source: "https://arxiv.org/abs/1404.5997",
    accuracy: Some(Accuracy {
        top1: 56.522,
        top5: 79.066,
    }),
    preprocessing: Preprocessing::TORCHVISION,
    weights: &[
        WeightSource {
            format: "onnx",
            url: Some(
                "https://huggingface.co/onnxmodelzoo/legacy_models/resolve/main/Computer_Vision/alexnet_Opset17_torch_hub/alexnet_Opset17.onnx",
            ),
            file: "alexnet_Opset17.onnx",
            bytes: 244_407_335,
            hash: Hash::Sha256("d1fef6de9abfd04669ff0c450eaf02609f544c47623e6b80346180737863f5ee"),
            embedded: false,
            cors: true,
            own: None,
        },
        WeightSource {
            format: "pytorch",
            url: Some("https://download.pytorch.org/models/alexnet-owt-7be5be79.pth"),
            file: "alexnet-owt-7be5be79.pth",
            bytes: 244_408_911,
            hash: Hash::Sha256("7be5be791159472b1fbf3c69796f7cb30dca7ad8466c2df70058c37116cdee02"),
            embedded: false,
            cors: false,
            own: None,
        },
    ],
    build: alexnet_torchvision,
};

/// As BVLC trained it.
fn alexnet() -> Result<Network> {
    let mut network = Network::new("alexnet", [227, 227, 3]);
    let variant = Variant {
        activation: Relu,
        classes: 1000,
        dropout: 0.5,
        overlapping: true,
        normalisation: true,
    };
    paper(&mut network, &variant)?;
    Ok(network)
}

/// Section 3.5 of the paper. The towers are groups: conv2, conv4 and conv5 see
/// only their own half. Normalisation stands before the pool, as in the paper.
pub(super) fn paper(network: &mut Network, variant: &Variant) -> Result<()> {
    let activation = variant.activation;
    let neuron = |layer: usize| format!("{}{layer}", activation.name());
    let norm = LocalResponseNorm::caffe;
    let pool = || MaxPool2d::new(variant.window()).stride(2);
    let dropout = || Dropout {
        probability: variant.dropout,
    };

    network.then("conv1", Conv2d::new(96, 11).stride(4))?;
    network.then(&neuron(1), activation)?;
    variant.normalise(network, "norm1", norm())?;
    network.then("pool1", pool())?;

    network.then("conv2", Conv2d::new(256, 5).padding(2).groups(2))?;
    network.then(&neuron(2), activation)?;
    variant.normalise(network, "norm2", norm())?;
    network.then("pool2", pool())?;

    network.then("conv3", Conv2d::new(384, 3).padding(1))?;
    network.then(&neuron(3), activation)?;
    network.then("conv4", Conv2d::new(384, 3).padding(1).groups(2))?;
    network.then(&neuron(4), activation)?;
    network.then("conv5", Conv2d::new(256, 3).padding(1).groups(2))?;
    network.then(&neuron(5), activation)?;
    network.then("pool5", pool())?;
    network.then("flatten", Flatten)?;

    network.then("fc6", Linear::new(4096))?;
    network.then(&neuron(6), activation)?;
    network.then("drop6", dropout())?;
    network.then("fc7", Linear::new(4096))?;
    network.then(&neuron(7), activation)?;
    network.then("drop7", dropout())?;
    network.then("fc8", Linear::new(variant.classes))?;
    Ok(())
}

/// One tower, no normalisation, dropout before the linear layers. The names
/// count as PyTorch's `Sequential` does; its average pool to 6 x 6 is the
/// identity at 224 and is left out.
fn alexnet_torchvision() -> Result<Network> {
    let mut network = Network::new("alexnet-torchvision", [224, 224, 3]);

    network.then("features.0", Conv2d::new(64, 11).stride(4).padding(2))?;
    network.then("features.1", Relu)?;
    network.then("features.2", MaxPool2d::new(3).stride(2))?;
    network.then("features.3", Conv2d::new(192, 5).padding(2))?;
    network.then("features.4", Relu)?;
    network.then("features.5", MaxPool2d::new(3).stride(2))?;
    network.then("features.6", Conv2d::new(384, 3).padding(1))?;
    network.then("features.7", Relu)?;
    network.then("features.8", Conv2d::new(256, 3).padding(1))?;
    network.then("features.9", Relu)?;
    network.then("features.10", Conv2d::new(256, 3).padding(1))?;
    network.then("features.11", Relu)?;
    network.then("features.12", MaxPool2d::new(3).stride(2))?;
    network.then("flatten", Flatten)?;

    network.then("classifier.0", Dropout { probability: 0.5 })?;
    network.then("classifier.1", Linear::new(4096))?;
    network.then("classifier.2", Relu)?;
    network.then("classifier.3", Dropout { probability: 0.5 })?;
    network.then("classifier.4", Linear::new(4096))?;
    network.then("classifier.5", Relu)?;
    network.then("classifier.6", Linear::new(1000))?;
    Ok(network)
}

//! Looking inside a network, against PyTorch (`golden/inside.py`).

mod cell;
mod gradient;
mod receptive_field;
mod statistics;
mod variant;

use alexnet_live::engine::Device;
use alexnet_live::inference::Inference;
use alexnet_live::inspect::{Changes, Inspection};
use alexnet_live::layers::{
    Activation::Relu, Add, AvgPool2d, Concat, Conv2d, Dropout, Flatten, Linear, LocalResponseNorm,
    MaxPool2d,
};
use alexnet_live::network::Network;
use alexnet_live::weights::WeightsFile;
use safetensors::SafeTensors;

use crate::support::device;
use crate::support::seeded::{Seeded, SeededFile};

fn file() -> SafeTensors<'static> {
    let file = include_bytes!("../golden/inside.safetensors");
    SafeTensors::deserialize(file).expect("golden/inside.safetensors")
}

fn golden(name: &str) -> Vec<f32> {
    bytemuck::pod_collect_to_vec(file().tensor(name).expect(name).data())
}

/// The network of `golden/inside.py`, with dropout as well.
fn network() -> Network {
    let build = || {
        let mut network = Network::new("inside", [29, 29, 3]);
        network.then("conv1", Conv2d::new(12, 7).stride(2).padding(1))?;
        network.then("relu1", Relu)?;
        let norm = LocalResponseNorm {
            alpha: 0.5,
            ..LocalResponseNorm::caffe()
        };
        network.then("norm1", norm)?;
        network.then("pool1", MaxPool2d::new(3).stride(2))?;
        network.then("conv2", Conv2d::new(16, 5).padding(2).groups(2))?;
        let skip = network.then("relu2", Relu)?;
        network.then("squeeze", Conv2d::new(6, 1))?;
        let squeezed = network.then("relu_squeeze", Relu)?;
        network.then("expand1x1", Conv2d::new(8, 1))?;
        let narrow = network.then("relu_expand1x1", Relu)?;
        network.add("expand3x3", Conv2d::new(8, 3).padding(1), &[squeezed])?;
        let wide = network.then("relu_expand3x3", Relu)?;
        let fire = network.add("concat", Concat, &[narrow, wide])?;
        network.add("add", Add, &[fire, skip])?;
        let mean = AvgPool2d {
            count_include_pad: false,
            ..AvgPool2d::new(3).stride(1).padding(1)
        };
        network.then("pool2", mean)?;
        network.then("pool3", MaxPool2d::new(3).stride(2).ceil_mode())?;
        network.then("flatten", Flatten)?;
        network.then("fc6", Linear::new(24))?;
        network.then("relu6", Relu)?;
        network.then("drop6", Dropout { probability: 0.5 })?;
        network.then("fc7", Linear::new(20))?;
        network.then("relu7", Relu)?;
        network.then("drop7", Dropout { probability: 0.5 })?;
        network.then("fc8", Linear::new(10))?;
        Ok::<_, Box<alexnet_live::error::Error>>(network)
    };
    build().expect("the layers fit")
}

/// The network, loaded, with the seeded input.
struct Inside {
    device: Device,
    weights: WeightsFile,
    inference: Inference,
    x: Vec<f32>,
}

impl Inside {
    fn open() -> Self {
        let device = device();
        let network = network();
        let weights = WeightsFile::open(SeededFile::new(&network, false)).expect("weights");
        let x = Seeded::new("input", 1.0).take(network[network.inputs()[0]].shape.elements());
        let mut go_on = |_, _, _| true;
        let inference = Inference::new(&device, network, 1, &weights, &mut go_on);
        Self {
            inference: pollster::block_on(inference).expect("the weights fit"),
            device,
            weights,
            x,
        }
    }

    /// Made ready, and the seeded input looked at.
    fn look(&self) -> Inspection {
        self.look_at(Changes::default())
    }

    fn look_at(&self, changes: Changes) -> Inspection {
        let mut go_on = |_, _| true;
        let inspection = Inspection::new(
            &self.device,
            &self.inference,
            &self.weights,
            changes,
            &mut go_on,
        );
        let inspection = pollster::block_on(inspection).expect("the kernels compile");
        inspection
            .look(&self.device, &self.x)
            .expect("the input fits");
        inspection
    }
}

/// Fails when numbers differ from PyTorch's by more than rounding.
fn assert_close(name: &str, found: &[f32], expected: &[f32]) {
    let expected: Vec<f64> = expected.iter().map(|number| f64::from(*number)).collect();
    crate::support::assert_close(name, found, &expected, 2e-5);
}

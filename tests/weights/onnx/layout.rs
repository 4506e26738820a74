//! How weights that a model stores in its own way reach the device.

use std::cell::Cell;
use std::rc::Rc;

use alexnet_live::engine::Device;
use alexnet_live::error::Result;
use alexnet_live::inference::Inference;
use alexnet_live::plan::Storage;
use alexnet_live::weights::{Source, WeightsFile};
use half::f16;

use super::assemble::{initializer, input, model, node, output};
use crate::support::{assert_close, device, engines, random};

/// Counts the bytes that are read.
struct Counting {
    bytes: Vec<u8>,
    read: Rc<Cell<usize>>,
}

impl Source for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read(&self, offset: u64, buffer: &mut [u8]) -> Result<()> {
        self.read.set(self.read.get() + buffer.len());
        self.bytes.as_slice().read(offset, buffer)
    }
}

/// The loaded model, and its answer.
fn answer(device: &Device, file: &WeightsFile, x: &[f32]) -> (Inference, Vec<f32>) {
    let network = file
        .graph()
        .expect("ONNX describes networks")
        .network
        .clone();
    let (from, to) = (network.inputs()[0], network.outputs()[0]);
    pollster::block_on(async {
        let mut go_on = |_, _, _| true;
        let inference = Inference::new(device, network, 1, file, &mut go_on).await;
        let inference = inference.expect("it loads");
        inference.write(device, from, x).expect("the input fits");
        inference.run(device).await.expect("it runs");
        let y = inference.read(device, to).await.expect("an answer");
        (inference, y)
    })
}

#[test]
fn a_matrix_of_inputs_by_outputs_is_read_once() {
    const INPUTS: usize = 4096;
    const OUTPUTS: usize = 515;
    let weight = random(1, INPUTS * OUTPUTS);
    let x = random(2, INPUTS);
    let bytes = model(&[
        node("MatMul", &["x", "w"], "y", &[]),
        initializer(
            "w",
            1,
            &[INPUTS as u64, OUTPUTS as u64],
            bytemuck::cast_slice(&weight),
        ),
        input("x", &[0, INPUTS as u64]),
        output("y"),
    ]);
    let expected: Vec<f64> = (0..OUTPUTS)
        .map(|o| {
            let products = x.iter().zip(weight[o..].iter().step_by(OUTPUTS));
            products.map(|(x, w)| f64::from(*x) * f64::from(*w)).sum()
        })
        .collect();
    for (device, _) in engines() {
        let read = Rc::new(Cell::new(0));
        let source = Counting {
            bytes: bytes.clone(),
            read: read.clone(),
        };
        let file = WeightsFile::open(source).expect("a model");
        read.set(0);
        let (_, y) = answer(&device, &file, &x);
        assert_close("y", &y, &expected, 1e-5);
        let times = read.get() as f64 / (4 * weight.len()) as f64;
        assert!((1.0..1.2).contains(&times), "read {times} times");
    }
}

/// What batch normalisation makes of a 16-bit number need not be one.
#[test]
fn halves_that_a_factor_was_folded_into_are_kept_as_they_are_read() {
    let halves = |numbers: &[f32]| -> Vec<u8> {
        let halves = numbers.iter().map(|number| f16::from_f32(*number));
        halves.flat_map(f16::to_le_bytes).collect()
    };
    let vector = |name: &str, number: f32| initializer(name, 10, &[1], &halves(&[number]));
    let bytes = model(&[
        node("Conv", &["x", "w"], "c", &[]),
        node(
            "BatchNormalization",
            &["c", "scale", "shift", "mean", "variance"],
            "y",
            &[],
        ),
        initializer("w", 10, &[1, 1, 1, 1], &halves(&[30_000.0])),
        vector("scale", 4.0),
        vector("shift", 0.0),
        vector("mean", 0.0),
        vector("variance", 1.0),
        input("x", &[0, 1, 1, 1]),
        output("y"),
    ]);
    let file = WeightsFile::open(bytes).expect("a model");
    let (inference, y) = answer(&device(), &file, &[0.5]);
    assert_eq!(inference.plan().parameters[0].storage, Storage::F32);
    assert_close("y", &y, &[60_000.0 / 1.00001_f64.sqrt()], 1e-6);
}

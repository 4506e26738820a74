//! Every layer on the device against the reference, and that a wrong one is
//! told by its name.

use alexnet_live::engine::Device;
use alexnet_live::error::{Error, Result};
use alexnet_live::inference::{Inference, Stage};
use alexnet_live::models;
use alexnet_live::verify::{LayerCheck, verify};
use alexnet_live::weights::{FileSource, Source, WeightsFile};

use crate::support::device;
use crate::support::seeded::SeededFile;
use crate::weights::deep_compression::written_alexnet;
use crate::weights::golden_in;

/// Loads the network of `file` with the weights of `loaded`, and checks it with
/// those of `file`.
fn check(
    device: &Device,
    file: &WeightsFile,
    loaded: &WeightsFile,
    mut progress: impl FnMut(Stage, u64, u64) -> bool,
) -> Result<Vec<LayerCheck>> {
    let graph = file.graph().expect("ONNX describes networks");
    pollster::block_on(async {
        let network = graph.network.clone();
        let inference = Inference::new(device, network, 2, loaded, &mut progress).await?;
        verify(device, &inference, file, &mut progress).await
    })
}

fn every_layer() -> Vec<u8> {
    golden_in("onnx", "every_layer.onnx")
}

fn open(source: impl Source + 'static) -> WeightsFile {
    models::open(source).expect("a file of weights")
}

/// Names of the layers that are wrong.
fn wrong(checks: &[LayerCheck]) -> Vec<&str> {
    let wrong = |check: &&LayerCheck| check.largest_difference > check.tolerance;
    checks.iter().filter(wrong).map(|c| &c.name[..]).collect()
}

#[test]
fn every_kind_of_layer_passes() {
    let file = open(every_layer());
    let mut reports = Vec::new();
    let checks = check(&device(), &file, &file, |stage, done, total| {
        reports.push((stage, done, total));
        true
    });
    let checks = checks.expect("checks");
    assert_eq!(wrong(&checks), [""; 0], "{checks:?}");
    let kinds: Vec<_> = checks.iter().map(|c| (c.kind, c.activation)).collect();
    assert_eq!(
        kinds,
        [
            ("conv2d", Some("relu")),
            ("local_response_norm", None),
            ("max_pool2d", None),
            ("conv2d", Some("sigmoid")),
            ("tanh", None),
            ("add", None),
            ("concat", None),
            ("avg_pool2d", None),
            ("flatten", None),
            ("linear", None),
            ("softmax", None),
        ]
    );
    // Rounding is seen: the values are those of the device, not the reference's own.
    assert!(checks[0].largest_difference > 0.0);
    assert!(reports.iter().all(|(_, done, total)| done <= total));
}

#[test]
fn a_layer_with_another_weight_is_named() {
    let file = open(every_layer());
    for name in ["first.weight", "groups.weight", "last.bias"] {
        let tensor = file.find(name).expect(name);
        let all = 0..tensor.elements();
        let number = file.read_f32(tensor, all).expect(name)[0];
        let mut bytes = every_layer();
        let place = bytes.windows(4).position(|at| at == number.to_le_bytes());
        let place = place.expect("the number stands in the file");
        bytes[place..place + 4].copy_from_slice(&(number + 0.01).to_le_bytes());
        let checks = check(&device(), &file, &open(bytes), |_, _, _| true).expect("checks");
        let (layer, _) = name.split_once('.').expect("a layer's name");
        assert_eq!(wrong(&checks), [layer]);
    }
}

#[test]
fn weights_in_16_bits_and_4_bit_codes_pass() {
    let device = device();
    let alexnet = || {
        alexnet_live::models::find("alexnet")
            .expect("a model")
            .network()
    };
    let squeezenet = alexnet_live::models::find("squeezenet-1.1")
        .expect("a model")
        .network();
    let halves = open(SeededFile::new(&squeezenet, true));
    let codes = open(FileSource::open(written_alexnet()).expect("a file"));
    for (network, file, layers) in [(squeezenet, halves, 38), (alexnet(), codes, 14)] {
        let mut progress = |_, _, _| true;
        let checks = pollster::block_on(async {
            let inference = Inference::new(&device, network, 1, &file, &mut progress).await?;
            verify(&device, &inference, &file, &mut progress).await
        });
        let checks = checks.expect("checks");
        assert_eq!(wrong(&checks), [""; 0], "{checks:?}");
        assert_eq!(checks.len(), layers);
    }
}

#[test]
fn verifying_can_be_stopped() {
    let squeezenet = alexnet_live::models::find("squeezenet-1.1")
        .expect("a model")
        .network();
    let file = open(SeededFile::new(&squeezenet, false));
    let device = device();
    let mut progress = |stage, _, _| stage != Stage::Verify;
    let stopped = pollster::block_on(async {
        let inference = Inference::new(&device, squeezenet, 1, &file, &mut progress).await?;
        verify(&device, &inference, &file, &mut progress).await
    });
    assert_eq!(stopped, Err(Error::Stopped.into()));
}

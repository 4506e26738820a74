//! What a model becomes: names, shapes and layers.

use alexnet_live::layers::{Layer, MaxPool2d};
use alexnet_live::models;
use alexnet_live::weights::{Format, WeightsFile};

use super::published;
use crate::weights::golden_in;

fn open(name: &str) -> WeightsFile {
    WeightsFile::open(golden_in("onnx", name)).unwrap()
}

#[test]
fn the_published_alexnet_is_the_registered_one() {
    let file = published::file("light/light_bvlc_alexnet.onnx");
    let file = WeightsFile::open(file.to_vec()).unwrap();
    assert_eq!(file.format(), Format::Onnx);
    let alexnet = models::find("alexnet").unwrap().network();
    file.check(&alexnet).unwrap();

    // It takes 224 pixels, and pads its last pool to make up for the other three.
    let graph = file.graph().unwrap();
    assert_eq!(graph.inputs[0].name, "data_0");
    assert_eq!(graph.inputs[0].shape.0, [3, 224, 224]);
    assert_eq!(graph.outputs[0].name, "prob_1");
    let kinds = |network: &alexnet_live::network::Network| -> Vec<&str> {
        network.nodes().map(|(_, node)| node.layer.kind()).collect()
    };
    let mut expected = kinds(&alexnet);
    expected.push("softmax");
    assert_eq!(kinds(&graph.network), expected);
    let last_pool = &graph.network[graph.network.find("n14").unwrap()];
    let mut pool = MaxPool2d::new(3).stride(2);
    pool.window.padding = [0, 0, 1, 1];
    assert_eq!(last_pool.layer, Layer::MaxPool2d(pool));
}

#[test]
fn exports_keep_the_names_and_values_of_their_checkpoints() {
    for network in ["alexnet", "squeezenet"] {
        let checkpoint = open(&format!("mini_{network}.pth"));
        for way in ["eval", "preserve", "dynamo"] {
            let file = open(&format!("mini_{network}_{way}.onnx"));
            assert_eq!(file.tensors().len(), checkpoint.tensors().len());
            for tensor in checkpoint.tensors() {
                let found = file.find(&tensor.name).unwrap();
                assert_eq!(found.shape, tensor.shape);
                let all = 0..tensor.elements();
                let values = file.read_f32(found, all.clone()).unwrap();
                assert_eq!(values, checkpoint.read_f32(tensor, all).unwrap());
            }
        }
    }
}

#[test]
fn batch_normalisation_is_folded() {
    for network in ["vgg", "resnet"] {
        let file = open(&format!("mini_{network}_preserve.onnx"));
        let folded = open(&format!("mini_{network}_eval.onnx"));
        let kinds = |file: &WeightsFile| -> Vec<&str> {
            let nodes = file.graph().unwrap().network.nodes();
            nodes
                .map(|(_, node)| node.layer.kind())
                .filter(|kind| *kind != "dropout")
                .collect()
        };
        assert_eq!(kinds(&file), kinds(&folded));
        // Any range of a folded weight reads as the whole does.
        for tensor in file.tensors() {
            let whole = file.read_f32(tensor, 0..tensor.elements()).unwrap();
            for start in (0..tensor.elements()).step_by(7) {
                let end = tensor.elements().min(start + 5);
                assert_eq!(
                    file.read_f32(tensor, start..end).unwrap(),
                    whole[start..end]
                );
            }
        }
    }
}

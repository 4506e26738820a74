//! The registered networks have the layers, parameters and work of their papers.

use std::collections::BTreeMap;

use alexnet_live::error::Error;
use alexnet_live::layers::Layer;
use alexnet_live::models::{self, Hash, MODELS};
use alexnet_live::network::Network;
use alexnet_live::preprocess::Picture;
use safetensors::SafeTensors;

fn network(name: &str) -> Network {
    models::find(name).expect("a registered model").network()
}

/// Name, parameters and multiply-adds of every layer with weights.
fn table(network: &Network) -> Vec<(&str, usize, u64)> {
    let rows = network.nodes().map(|(id, node)| {
        let parameters = network.parameters(id);
        let count = parameters.iter().map(|(_, p)| p.shape.elements()).sum();
        (node.name.as_str(), count, network.multiply_adds(id))
    });
    rows.filter(|row| row.1 > 0).collect()
}

/// Shapes of the parameters in the order of the network.
fn shapes(network: &Network) -> Vec<(String, Vec<usize>)> {
    let parameters = network.nodes().flat_map(|(id, _)| network.parameters(id));
    parameters.map(|(name, p)| (name, p.shape.0)).collect()
}

#[test]
fn alexnet_is_the_papers() {
    // Section 3.5 of the paper; the work is that of 55 x 55 maps after conv1.
    let expected = [
        ("conv1", 34_944, 105_415_200),
        ("conv2", 307_456, 223_948_800),
        ("conv3", 885_120, 149_520_384),
        ("conv4", 663_936, 112_140_288),
        ("conv5", 442_624, 74_760_192),
        ("fc6", 37_752_832, 37_748_736),
        ("fc7", 16_781_312, 16_777_216),
        ("fc8", 4_097_000, 4_096_000),
    ];
    let network = network("alexnet");
    assert_eq!(table(&network), expected);
    assert_eq!(network.parameter_count(), 60_965_224);
    let maps: Vec<String> = network
        .nodes()
        .filter(|(_, node)| matches!(node.layer, Layer::MaxPool2d(_)))
        .map(|(_, node)| node.shape.to_string())
        .collect();
    assert_eq!(maps, ["27 x 27 x 96", "13 x 13 x 256", "6 x 6 x 256"]);
}

#[test]
fn parameters_are_torchvisions() {
    let golden = include_str!("../golden/models.json");
    let golden: BTreeMap<String, Vec<(String, Vec<usize>)>> =
        serde_json::from_str(golden).expect("golden/models.json");
    for (name, expected) in golden {
        let found = shapes(&network(&name));
        if name == "alexnet-torchvision" {
            assert_eq!(found, expected);
            assert_eq!(network(&name).parameter_count(), 61_100_840);
        } else {
            // The same layers under the names of Caffe.
            let only_shapes = |list: Vec<(String, Vec<usize>)>| -> Vec<Vec<usize>> {
                list.into_iter().map(|(_, shape)| shape).collect()
            };
            assert_eq!(only_shapes(found), only_shapes(expected), "{name}");
        }
    }
    assert_eq!(network("squeezenet-1.1").parameter_count(), 1_235_496);
    assert_eq!(network("squeezenet-1.0").parameter_count(), 1_248_424);
}

#[test]
fn embedded_weights_fit() {
    let file = include_bytes!("../../models/squeezenet-1.1.safetensors");
    let file = SafeTensors::deserialize(file).expect("a safetensors file");
    let expected = shapes(&network("squeezenet-1.1"));
    assert_eq!(file.len(), expected.len());
    for (name, shape) in expected {
        assert_eq!(file.tensor(&name).expect(&name).shape(), shape, "{name}");
    }
}

#[test]
fn every_model_answers_with_the_thousand_classes() {
    for model in MODELS {
        let network = model.network();
        assert_eq!(network.name, model.name);
        let labels = models::labels(&network).expect("1,000 outputs");
        assert_eq!((labels[1], labels[281]), ("goldfish", "tabby"));
        let info = model.info();
        assert!(info.labelled);
        assert_eq!(info.parameters, network.parameter_count());
    }
}

/// The model zoo of ONNX: another crop, other means and another accuracy than BVLC's.
#[test]
fn a_file_with_facts_of_its_own_keeps_them() {
    let source = models::find_weights("bvlcalexnet-12.onnx").expect("a published file");
    let Hash::Sha256(hash) = source.hash else {
        panic!("{:?}", source.hash);
    };
    let (model, found) = models::published_as(hash).expect("known by its hash");
    assert_eq!((model.name, found), ("alexnet", source));
    let own = source.own.expect("facts of its own");
    assert_eq!((own.accuracy.top1, own.accuracy.top5), (54.80, 78.23));
    // Blue, green, red; a pixel of red 255 comes last.
    let red = Picture::new(1, 1, vec![255, 0, 0, 255]).expect("a pixel");
    let x = own.preprocessing.normalise(&red);
    assert_eq!(x, [-103.939, -116.779, 255.0 - 123.68]);
    assert_eq!(model.preprocessing.normalise(&red), [-104.0, -117.0, 132.0]);

    let accuracy = model.accuracy.expect("BVLC's own");
    assert_eq!((accuracy.top1, accuracy.top5), (57.1, 80.2));
    let compressed = models::find_weights("AlexNet_compressed.net").expect("a published file");
    assert_eq!(compressed.own, None);
}

#[test]
fn an_unknown_name_lists_the_known_ones() {
    let Err(error) = models::find("alexnet2") else {
        panic!("found");
    };
    let Error::Unknown { known, .. } = *error else {
        panic!("{error}");
    };
    assert_eq!(known.len(), MODELS.len());
    assert_eq!(known[0], "squeezenet-1.1");
}

#[test]
fn every_sample_photo_is_credited() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/www/samples");
    let credits = include_str!("../../www/samples/samples.json");
    let credits: Vec<serde_json::Value> = serde_json::from_str(credits).expect("samples.json");
    let mut credited: Vec<&str> = credits
        .iter()
        .map(|credit| {
            for field in ["author", "licence", "source"] {
                assert!(credit[field].as_str().is_some_and(|text| !text.is_empty()));
            }
            assert!(credit["alt"]["en"].is_string() && credit["alt"]["zh"].is_string());
            credit["file"].as_str().expect("a file")
        })
        .collect();
    credited.sort_unstable();
    let files = std::fs::read_dir(folder).expect("the samples");
    let mut files: Vec<String> = files
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .filter(|name| name != "samples.json")
        .collect();
    files.sort_unstable();
    assert_eq!(files, credited);
}

#[test]
fn chinese_labels_stand_at_the_same_indices() {
    let chinese = include_str!("../../www/i18n/imagenet.zh.json");
    let chinese: Vec<Option<&str>> = serde_json::from_str(chinese).expect("imagenet.zh.json");
    let english = models::labels(&network("alexnet")).expect("labels");
    assert_eq!(chinese.len(), english.len());
    // The first and last of the list, and some in each of its parts.
    for (name, translation) in [
        ("tench", "丁鲷"),
        ("goldfinch", "金翅雀"),
        ("trilobite", "三叶虫"),
        ("goose", "鹅"),
        ("koala", "考拉"),
        ("beagle", "比格犬"),
        ("golden retriever", "金毛寻回犬"),
        ("tabby", "虎斑猫"),
        ("zebra", "斑马"),
        ("giant panda", "大熊猫"),
        ("accordion", "手风琴"),
        ("cello", "大提琴"),
        ("desk", "书桌"),
        ("hammer", "锤子"),
        ("mosque", "清真寺"),
        ("nipple", "奶嘴"),
        ("pillow", "枕头"),
        ("shoji", "日式障子"),
        ("sunglasses", "太阳镜"),
        ("violin", "小提琴"),
        ("water tower", "水塔"),
        ("banana", "香蕉"),
        ("espresso", "浓缩咖啡"),
        ("volcano", "火山"),
        ("toilet tissue", "卫生纸"),
    ] {
        let index = english.iter().position(|label| *label == name);
        assert_eq!(chinese[index.expect(name)], Some(translation), "{name}");
    }
}
